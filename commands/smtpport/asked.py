"""What a question says of its ports: asked about, tried in vain, ruled out, or the only ones that are open."""

from collections.abc import Sequence
from typing import NamedTuple

from commands.smtpport.spans import Span


class Ports(NamedTuple):
    """Port numbers in the order of the text. `barred` the asker does not want, `only` are all that is open to them."""

    asked: tuple[int, ...]
    tried: tuple[int, ...]
    barred: tuple[int, ...]
    only: tuple[int, ...]


def ports_of(spans: Sequence[Span]) -> Ports:
    """The ports of a question. What is tried or ruled out is not asked about, wherever else it is named."""
    found: dict[str, dict[int, None]] = {"asked": {}, "tried": {}, "barred": {}, "only": {}}
    for clause in sorted({span.clause for span in spans}):
        part = [span for span in spans if span.clause == clause]
        for index, span in enumerate(part):
            if span.port:
                found[_fate(part, index, span.port)].setdefault(span.port)
    gone = {*found["tried"], *found["barred"]}
    asked = tuple(port for port in {**found["only"], **found["asked"]} if port not in gone)
    return Ports(asked, tuple(found["tried"]), tuple(found["barred"]), tuple(found["only"]))


def _fate(part: Sequence[Span], index: int, port: int) -> str:
    if any(span.means("only") for span in part[:index]) or _alone(part, index):
        return "only"
    if _barred(part[:index]):
        return "barred"
    return "tried" if _tried(part, port) else "asked"


def _alone(part: Sequence[Span], index: int) -> bool:
    """As in "only 443 is open"."""
    before = next((span.text for span in reversed(part[:index]) if not (span.port or span.means("general"))), "")
    return before in {"only", "solo", "solamente"} and any(span.text in _OPEN for span in part)


_OPEN = frozenset({"open", "opened", "allowed", "works", "left", "abierto", "abiertos", "permitido", "funciona"})


def _barred(before: Sequence[Span]) -> bool:
    """Whether the words just before a port rule it out ("anything but 587", "not port 587 or 465")."""
    for span in reversed(before):
        if span.means("barred"):
            return True
        if not (span.port or span.means("general") or span.text in {"or", "and", "o", "y", "ni", "nor", "el"}):
            return False
    return False


def _tried(part: Sequence[Span], port: int) -> bool:
    """Whether a clause says that a port does not work.

    "Why is 25 blocked?" and "Does Hetzner block 465?" ask, "why does 587 fail?" says.
    """
    if not any(span.means("failed") for span in part):
        return False
    if part[0].means("asking"):
        return False
    topic = next((meaning.value for span in part for meaning in span.meanings if meaning.slot == "topic"), None)
    return topic is None or topic == "mismatch" or (topic == "why" and port != 25)
