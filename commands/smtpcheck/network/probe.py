"""Which mail ports this machine can reach out on: the control probe on its own (`/smtpcheck network`)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from commands.smtpcheck.egress.control_hosts import Attempt, Greeting, operators_of, share_one_address
from commands.smtpcheck.verdict.interception import answers_for_all
from commands.smtpcheck.wire.connection import mode_of

TWO = 2

NEWEST_S = 59.0
"""How old what is known may be: less than `pauses.AFTER_LOOK` waits, whose times are whole seconds."""


class OutgoingState(StrEnum):
    """What the control hosts say of a port of our own network."""

    OPEN = "open"
    INTERCEPTED = "intercepted"
    BLOCKED = "blocked"
    UNCLEAR = "unclear"
    MUTE = "mute"
    MISLED = "misled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One port: its state, and the attempts that say so.

    `by` is the name that whoever intercepts it greets with.
    """

    port: int
    state: OutgoingState
    attempts: tuple[Attempt, ...]
    by: str = ""

    @property
    def ago_s(self) -> float:
        """How many seconds ago the control hosts were asked."""
        return max((attempt.ago_s for attempt in self.attempts), default=0.0)


class AskedControl(Protocol):
    """Control hosts that are asked now (`Control`), or what they answered to another machine."""

    async def reach(self, port: int, within: float | None = None) -> tuple[Attempt, ...]: ...

    async def greetings(self, port: int, within: float | None = None) -> tuple[Greeting, ...]: ...


async def examine(control: AskedControl, ports: Sequence[int]) -> tuple[Outgoing, ...]:
    """Try every port on its control hosts, all at once; what is known from the last minute is not tried again."""
    return tuple(await asyncio.gather(*(_examined(control, port) for port in ports)))


async def _examined(control: AskedControl, port: int) -> Outgoing:
    """Where a connection stands, the greetings are heard, too: a device on the way takes every connection."""
    attempts = await control.reach(port, NEWEST_S)
    state = state_of(attempts)
    if state not in {OutgoingState.OPEN, OutgoingState.UNCLEAR}:
        return Outgoing(port, state, attempts)
    greetings = await control.greetings(port, NEWEST_S)
    by = answers_for_all(greetings)
    if not by and is_mute(greetings):
        state = OutgoingState.MUTE
    return Outgoing(port, OutgoingState.INTERCEPTED if by else state, attempts, by)


def is_mute(greetings: Sequence[Greeting]) -> bool:
    """Whether hosts of two operators or more take connections, and none speaks as it should: another may take them.

    Pure. Where TLS comes first and how that ended is not known (of machines that are older) nothing is mute.
    """
    taken = [one for one in greetings if one.how or one.text or mode_of(one.port) == "starttls"]
    return operators_of(taken) >= TWO and not any(one.text or one.how == "tls" for one in taken)


def state_of(attempts: Sequence[Attempt]) -> OutgoingState:
    """What the attempts say of our own network. Pure."""
    if share_one_address(attempts):
        return OutgoingState.MISLED
    tried = [attempt for attempt in attempts if attempt.outcome is not None]
    stood = [attempt for attempt in tried if attempt.outcome == "connected"]
    if stood:
        return OutgoingState.OPEN if len(stood) == len(tried) else OutgoingState.UNCLEAR
    return OutgoingState.BLOCKED if operators_of(tried) >= TWO else OutgoingState.UNKNOWN
