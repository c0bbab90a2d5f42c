"""The words of a look at our own network."""

from collections.abc import Iterable, Mapping, Sequence

from commands.slack_text import clean
from commands.smtpcheck.network.probe import Outgoing
from commands.smtpcheck.verdict.sides import pattern_of
from commands.smtpcheck.verdict.strangers import MASK

STATES: Mapping[str, str] = {
    "open": "open",
    "intercepted": "another answers (likely on our side)",
    "blocked": "blocked on our side (likely)",
    "unclear": "unclear: some control hosts answer, some do not",
    "unknown": "unknown: fewer than two control hosts could be tried",
}
NOTHING = "Nothing can be said of our network: the control hosts could not be tried (DNS, PORTERO_CONTROL_HOSTS)."
ALL_OPEN = "No outgoing mail port is seen to be blocked on our side."
BLOCKED = "Our network likely blocks outgoing {ports}.{pattern} Ask it to open the ports, or use a relay on another."
PATTERN = " This is the pattern of {pattern}."
INTERCEPTED = (
    "Likely something on our network answers on {ports} in place of every host, {by}: what a check sees there is that "
    "device. Ask our network to let the port through, or check from another."
)
AS_NAME, MASKED = "as {name}", "with a masked greeting"


def headline(found: Sequence[Outgoing]) -> str:
    """What follows, in a sentence or two."""
    if all(port.state == "unknown" for port in found):
        return NOTHING
    return " ".join([*_intercepted(found), *_blocked(found)]) or ALL_OPEN


def _blocked(found: Sequence[Outgoing]) -> list[str]:
    blocked = frozenset(port.port for port in found if port.state == "blocked")
    if not blocked:
        return []
    known = pattern_of(blocked, frozenset(port.port for port in found if port.state == "open"))
    pattern = PATTERN.format(pattern=known) if known else ""
    return [BLOCKED.format(ports=_listed(blocked), pattern=pattern)]


def _intercepted(found: Sequence[Outgoing]) -> list[str]:
    taken = [port for port in found if port.by]
    if not taken:
        return []
    names = dict.fromkeys(MASKED if port.by == MASK else AS_NAME.format(name=clean(port.by, 100)) for port in taken)
    return [INTERCEPTED.format(ports=_listed(port.port for port in taken), by=" and ".join(names))]


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))
