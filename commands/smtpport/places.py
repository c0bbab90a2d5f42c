"""Which provider and which network a question names. "Hetzner" is either: the words before it tell."""

from collections.abc import Sequence

from commands.smtpport.catalogue.lookup import provider_of_host
from commands.smtpport.spans import Span


def places(spans: Sequence[Span]) -> tuple[dict[str, str], list[str]]:
    """The provider and the network that are named, and the names for which there was no room.

    The first name wins, unless a later one is announced ("... via sendgrid") and the first is not.
    """
    named: dict[str, str] = {}
    firm: set[str] = set()
    spare: dict[str, str] = {}
    for index, span in enumerate(spans):
        direction = _direction(spans[:index])
        choice = _place(span, direction, named)
        if choice is None:
            continue
        slot, key = choice
        spare[key] = span.text
        if slot not in named or named[slot] == "residential" or (slot == direction and slot not in firm):
            named[slot] = key
        if slot == direction:
            firm.add(slot)
    used = {*named.values(), "residential"}
    return named, [text for key, text in spare.items() if key not in used]


def _place(span: Span, direction: str, named: dict[str, str]) -> tuple[str, str] | None:
    """Which of its places a name means, given the word before it and what is already named."""
    if span.host:
        key = provider_of_host(span.text)
        return ("provider", key) if key else None
    places = {m.slot: m for m in reversed(span.meanings) if m.slot in {"provider", "network"}}
    strong = {slot for slot, meaning in places.items() if not meaning.weak}
    if direction in places:
        slot = direction
    elif not strong:
        return None
    else:
        slot = min(strong, key=lambda name: (name in named, name != "provider"))
    return slot, places[slot].value


def _direction(before: Sequence[Span]) -> str:
    """Whether the words before a name announce a network ("from") or a provider ("via"); empty when neither."""
    found = ""
    for span in reversed(before[-4:]):
        if span.means("from"):
            return "network"
        if span.means("to") and span.text != "a":
            return "provider"
        if not span.means("to", "filler", "general"):
            break
        found = found or ("provider" if span.text == "a" else "")
    return found
