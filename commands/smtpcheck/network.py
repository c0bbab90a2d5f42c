"""Which mail ports this machine can reach out on: the control probe on its own (`/smtpcheck network`)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands.blocks import Block, section, table
from commands.contract import Reply
from commands.slack_text import escape
from commands.smtpcheck.control import Attempt, Control
from commands.smtpcheck.verdict.sides import pattern_of

WORDS: Mapping[str, str] = {
    "open": "open",
    "blocked": "blocked on our side (likely)",
    "unclear": "unclear: some control hosts answer, some do not",
    "unknown": "unknown: fewer than two control hosts could be tried",
}
HEAD = ("Port", "Outgoing", "Control hosts")
TWO = 2


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One port: open, blocked, unclear or unknown, and the attempts that say so."""

    port: int
    state: str
    attempts: tuple[Attempt, ...]


async def examine(control: Control, ports: Sequence[int]) -> tuple[Outgoing, ...]:
    """Try every port on its control hosts, all at once; what is known from the last minutes is not tried again."""
    found = await asyncio.gather(*(control.reach(port) for port in ports))
    return tuple(Outgoing(port, state_of(attempts), attempts) for port, attempts in zip(ports, found, strict=True))


def state_of(attempts: Sequence[Attempt]) -> str:
    """What the attempts say of our own network. Pure."""
    seen = [attempt.outcome for attempt in attempts if attempt.outcome is not None]
    if seen and all(outcome == "connected" for outcome in seen):
        return "open"
    if "connected" in seen:
        return "unclear"
    return "blocked" if len(seen) >= TWO else "unknown"


def rows(found: Sequence[Outgoing]) -> list[tuple[str, str, str]]:
    return [
        (str(port.port), WORDS[port.state], "; ".join(_words(attempt) for attempt in port.attempts) or "none set")
        for port in found
    ]


def headline(found: Sequence[Outgoing]) -> str:
    """What follows, in a sentence or two."""
    blocked = frozenset(port.port for port in found if port.state == "blocked")
    if all(port.state == "unknown" for port in found):
        return "Nothing can be said of our network: the control hosts could not be tried (DNS, PORTERO_CONTROL_HOSTS)."
    if not blocked:
        return "No outgoing mail port is seen to be blocked on our side."
    listed = ", ".join(str(port) for port in sorted(blocked))
    known = pattern_of(blocked, frozenset(port.port for port in found if port.state == "open"))
    pattern = f" This is the pattern of {known}." if known else ""
    return f"Our network likely blocks outgoing {listed}.{pattern} Ask it to open the ports, or use a relay on another."


def reply(found: Sequence[Outgoing]) -> Reply:
    """The answer in Slack."""
    lines = [f"{port}: {state} ({escape(hosts)})" for port, state, hosts in rows(found)]
    blocks: list[Block] = [section(f"*Our network.* {escape(headline(found))}"), table([HEAD, *rows(found)])]
    good = all(port.state != "blocked" for port in found)
    return Reply("\n".join([escape(headline(found)), *lines]), blocks, good=good)


def _words(attempt: Attempt) -> str:
    outcome = (attempt.outcome or "not tried").replace("_", " ")
    return f"{attempt.host} {outcome}"
