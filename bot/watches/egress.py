"""Whether a port leaves our network, as the control hosts of `/smtpcheck` say."""

from collections.abc import Mapping, Sequence

from commands.smtpcheck.egress.control_hosts import Attempt, Control
from commands.watch.state.observation import Way

ANY_PORT = 587
"""The port whose control hosts say whether we can see out at all, for ports that have none."""

WAYS: Mapping[str, Way] = {"blocked": "blocked", "unknown": "unknown"}
"""What the states of a look at our own network say of a port; one that a connection came through is open."""


async def way_out(control: Control, port: int) -> Way:
    """What the control hosts say of a port; where it has none, whether anything leaves our network."""
    attempts = await control.reach(port)
    return way_of(attempts or await control.reach(ANY_PORT))


def way_of(attempts: Sequence[Attempt]) -> Way:
    """Open: one control host answers. Blocked: at least two were tried and none does. Else nobody knows. Pure."""
    tried = [attempt.outcome for attempt in attempts if attempt.outcome is not None]
    if "connected" in tried:
        return "open"
    return "blocked" if len(tried) > 1 else "unknown"
