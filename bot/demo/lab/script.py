"""A script: a tuple of steps, played once per connection."""

from typing import Protocol, TypeAlias

from bot.demo.lab.connection import ClientGoneError
from bot.demo.lab.wire import Wire


class OffScriptError(Exception):
    """The client sent something else than the script expects."""


class Step(Protocol):
    """One thing that a scripted server does."""

    async def play(self, wire: Wire) -> None: ...


Script: TypeAlias = tuple[Step, ...]


async def play(script: Script, wire: Wire) -> None:
    """Plays step after step until one closes the connection."""
    for step in script:
        if wire.closing:
            return
        await step.play(wire)


async def perform(script: Script, wire: Wire) -> None:
    """Plays a whole script, notes in `wire.end` how it ended, and closes the connection."""
    try:
        await play(script, wire)
        wire.end = "played"
    except (ClientGoneError, OffScriptError, OSError) as problem:  # ssl.SSLError is an OSError
        wire.end = f"{type(problem).__name__}: {problem}"
    finally:
        wire.close()
