"""What a question names: ports (asked about, tried in vain, ruled out, the only ones open), a provider, a network."""

from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from commands.smtpport.catalogue.lookup import has_host, network, provider, provider_of_host
from commands.smtpport.catalogue.records import state_of
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.question.lexicon import Meaning
from commands.smtpport.question.spans import Span


class Ports(NamedTuple):
    """Port numbers in the order of the text. `barred` the asker does not want, `only` are all that is open to them."""

    asked: tuple[int, ...]
    tried: tuple[int, ...]
    barred: tuple[int, ...]
    only: tuple[int, ...]
    working: tuple[int, ...]


def ports_of(spans: Sequence[Span]) -> Ports:
    """The ports of a question. What is tried or ruled out is not asked about, wherever else it is named."""
    found: dict[str, dict[int, None]] = {"asked": {}, "tried": {}, "barred": {}, "only": {}}
    for clause in sorted({span.clause for span in spans}):
        part = [span for span in spans if span.clause == clause]
        for index, span in enumerate(part):
            if span.port:
                found[_fate(part, index, span.port)].setdefault(span.port)
    if any(not _OF_READING.issuperset(ports) for ports in found.values() if ports):
        found["asked"] = {port: None for port in found["asked"] if port not in _OF_READING}
    gone = {*found["tried"], *found["barred"]}
    named = {**found["only"], **_wanted(spans), **found["asked"]}
    asked = tuple(port for port in named if port not in gone)
    if any(span.means("web_ports") for span in spans):
        found["only"] |= dict.fromkeys(WEB)
    if not any(found.values()) and _all_fail(spans):
        found["tried"] = dict.fromkeys(_USUAL)
    return Ports(asked, tuple(found["tried"]), tuple(found["barred"]), tuple(found["only"]), _working(spans, gone))


_OF_READING = frozenset({110, 143, 993, 995})
"""Ports of IMAP and POP3: beside one of SMTP they are those of the other half of a mail client."""

WEB = (443, 80)
_USUAL = (25, 465, 587)


def _all_fail(spans: Sequence[Span]) -> bool:
    """Whether a clause says that no usual port gets out: `my host blocks all smtp ports`."""
    closed = {span.clause for span in spans if span.means("all_ports")}
    first = {span.clause: span for span in reversed(spans)}
    return any(
        span.means("failed") and span.clause in closed and not first[span.clause].means("asking") for span in spans
    )


def _wanted(spans: Sequence[Span]) -> dict[int, None]:
    """The ports right behind a word that says that they are to be used: `it always takes 465, I want 587`."""
    return {span.port: None for before, span in pairwise(spans) if span.port and before.means("wanted")}


def _working(spans: Sequence[Span], gone: Container[int]) -> tuple[int, ...]:
    """The ports right before a word that says that they work: `587 works but 465 does not`. A question says nothing."""
    found: dict[int, None] = {}
    for index, span in enumerate(spans):
        before = [it for it in spans[max(0, index - 4) : index] if it.clause == span.clause]
        if _is_elsewhere(spans[index + 1 : index + 5]):
            continue
        if span.means("works") and not any(it.means("failed", "asking", "barred", "break", "topic") for it in before):
            found |= {it.port: None for it in before if it.port and it.port not in gone}
    return tuple(found)


def _is_elsewhere(following: Sequence[Span]) -> bool:
    """Whether what works does so on somebody's own machine, and not where it is to: `587 works on my laptop`."""
    return any(not _OWN_MACHINES.isdisjoint(span.text.split()) for span in following)


_OWN_MACHINES = frozenset(
    {"laptop", "home", "local", "locally", "localhost", "pc", "computer", "development", "dev", "casa", "portatil"}
    | {"ordenador", "localmente", "xampp"}
)


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


_OPEN = frozenset(
    {
        "open",
        "outbound",
        "out",
        "egress",
        "opened",
        "allowed",
        "works",
        "left",
        "abierto",
        "abiertos",
        "permitido",
        "funciona",
    }
)


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
    if _is_fine(part, port):
        return False
    is_last = part[-1].text in _NOT and port == [span.port for span in part if span.port][-1]
    if not (any(span.means("failed") for span in part) or is_last or _is_denied(part, port)):
        return False
    if part[0].means("asking"):
        return False
    topic = next((meaning.value for span in part for meaning in span.meanings if meaning.slot == "topic"), None)
    return topic in {None, "mismatch", "lift", "inject"} or (topic == "why" and port != 25)


def _is_fine(part: Sequence[Span], port: int) -> bool:
    """Whether it is said to work right behind a port, before anything fails: `465 works and 587 does not`."""
    place = next(index for index, span in enumerate(part) if span.port == port)
    if any(span.means("failed", "asking") for span in part[:place]):
        return False
    following = [span for span in part[place + 1 : place + 4] if not span.means("filler") or span.means("works")]
    return bool(following) and following[0].means("works")


def _is_denied(part: Sequence[Span], port: int) -> bool:
    """Whether "does not" stands right behind a port: `25 works but 587 does not from here`."""
    texts = [span.text for span in part]
    place = next(index for index, span in enumerate(part) if span.port == port)
    size = 1 if texts[place + 1 : place + 2] in (["doesnt"], ["dont"]) else 2
    rest = texts[place + 1 + size : place + 2 + size]
    return tuple(texts[place + 1 : place + 1 + size]) in _DENIALS and (not rest or rest[0] in _HERE)


_HERE = frozenset({"from", "in", "on", "at", "here", "desde", "to", "with"})
_OPERATORS: Mapping[str, str] = {"microsoft": "azure", "google": "gce", "amazon": "ec2"}
"""By the bare name of an operator, what its networks begin with."""


def _is_operator(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a bare name is that of who runs a network that is named, too: `Azure VM, Microsoft opens no 25`."""
    operated = _OPERATORS.get(span.text)
    others = (it for one in spans if one is not span for it in one.meanings if it.slot == "network")
    return operated is not None and any(it.value.startswith(operated) for it in others)


_DENIALS = frozenset({("doesnt",), ("dont",), ("does", "not"), ("do", "not"), ("is", "not"), ("did", "not")})

_NOT = frozenset({"not", "doesnt", "dont", "no", "nao", "nope"})
"""At the end of a clause: "587 works but 465 does not"."""


def places(spans: Sequence[Span]) -> tuple[dict[str, str], list[str]]:
    """The provider and the network that are named, and the names for which there was no room.

    The first name wins, unless a later one is announced ("... via sendgrid") and the first is not.
    """
    named: dict[str, str] = {}
    firm: set[str] = set()
    settled: set[str] = set()
    spare: dict[str, str] = {}
    for index, span in enumerate(spans):
        following = spans[index + 1] if index + 1 < len(spans) else None
        is_other = following is not None and _is_other_product(span, following)
        if is_other or _is_registrar(spans, index) or _is_operator(span, spans):
            continue
        at_home = index > 0 and spans[index - 1].text in {"with", "con"} and named.get("network") == "residential"
        following = _AT_HOME if at_home and span.means("network") else following
        is_place = following is not None and (following.means("place") or following.text in _BLOCKS)
        is_place = is_place or (_is_web_host(span) and any(_is_other_service(it) for it in spans))
        is_place = is_place or _is_of_opener(spans, index)
        is_goal = _is_moved_to(spans, index)
        is_place = is_place or (is_goal and span.means("network"))
        direction = "network" if is_place and span.means("network") else _direction(spans[:index])
        if direction == "network" and not is_place and (_is_mailbox(spans, index) or _is_account(following)):
            direction = "provider"
        choice = _place(span, direction, named)
        if choice is None:
            continue
        slot, key = choice
        service = provider(key) if "." in span.text else None
        spare[key] = service.names[0] if service else span.text
        if index > 0 and spans[index - 1].means("moved"):
            spare.pop(named.get(slot, ""), None)
            settled.discard(slot)
        moved = index > 0 and (spans[index - 1].means("moved") or spans[index - 1].text in _THROUGH)
        moved = moved or is_goal
        settles = slot == "provider" and _settles(span, key) and slot not in settled
        is_open = slot not in named or named[slot] in _VAGUE or moved or (slot == direction and slot not in firm)
        is_open = is_open or (slot == "network" and key != named[slot] and _fails_here(spans, span, named[slot]))
        is_vaguer = key in _VAGUE and _is_telling(named.get(slot)) and not moved
        if settles or (is_open and slot not in settled and not is_vaguer):
            named[slot] = key
        if settles:
            settled.add(slot)
        if slot == direction or settles:
            firm.add(slot)
    used = {*named.values(), "residential"}
    return named, [text for key, text in spare.items() if key not in used]


def _is_registrar(spans: Sequence[Span], index: int) -> bool:
    """Whether a name is where a domain is, and another one follows for its mail: `domain at ionos, mail at zoho`."""
    before = {span.text for span in spans[max(0, index - 4) : index]}
    if _DOMAINS.isdisjoint(before) or not _MAIL.isdisjoint(before):
        return False
    after = spans[index + 1 : index + 1 + _NEAR]
    mail = next((place for place, it in enumerate(after) if it.text in _MAIL), None)
    return mail is not None and any(it.means("provider") for it in after[mail:])


_NEAR = 8
"""Words behind a name in which another one is its counterpart."""

_DOMAINS = frozenset({"domain", "domains", "dominio", "dominios", "dns", "registered", "registrado"})
_MAIL = frozenset({"mail", "email", "e-mail", "mailbox", "mailboxes", "correo", "correos", "buzon", "buzones"})


def _is_of_opener(spans: Sequence[Span], index: int) -> bool:
    """Whether a name is of whom somebody says that they opened or blocked a port: `blocked by hetzner`."""
    before = [span.text.rpartition(" ")[2] for span in spans[max(0, index - 2) : index]]
    return before[-1:] in (["by"], ["por"]) and not _DONE_TO_PORTS.isdisjoint(before[:-1])


_DONE_TO_PORTS = frozenset({"opened", "blocked", "unblocked", "closed", "bloqueado", "cerrado", "abierto", "lifted"})


def _is_moved_to(spans: Sequence[Span], index: int) -> bool:
    """Whether a name is where somebody moved: `moved the app from hetzner to azure`."""
    before = [span.text for span in spans[:index] if span.clause == spans[index].clause]
    is_to = before[-1:] in (["to"], ["a"], ["nach"]) and not _MOVES.isdisjoint(before)
    return is_to and spans[index].means("network", "provider") and not _FROM.isdisjoint(before)


_MOVES = frozenset({"moved", "moving", "move", "migrated", "migrating", "migration", "switched", "migramos", "movimos"})
_FROM = frozenset({"from", "de", "desde", "von"})


def _fails_here(spans: Sequence[Span], span: Span, other: str) -> bool:
    """Whether a clause says of a network that something fails there, and none does of the one named before."""
    failing = {it.clause for it in spans if it.means("failed")}
    before = {it.clause for it in spans if any(meaning[:2] == ("network", other) for meaning in it.meanings)}
    return span.clause in failing and failing.isdisjoint(before)


def _settles(span: Span, key: str) -> bool:
    """Whether a host says who takes the mail, whatever brand is named beside it."""
    service = provider(key) if "." in span.text else None
    return service is not None and service.kind != "exchanger" and has_host(service, span.text)


def _is_mailbox(spans: Sequence[Span], index: int) -> bool:
    """Whether a name that is a place, too, is where the mailbox is: mail programs do not run on a rented server."""
    is_owned = any(span.text in _MAILBOXES for span in spans[max(0, index - 3) : index])
    nets = [network(it.value) for it in spans[index].meanings if it.slot == "network"]
    is_rented = spans[index].means("provider") and any(net is not None and net.kind == "hoster" for net in nets)
    return is_rented and (is_owned or any(span.text in _MAIL_PROGRAMS for span in spans))


def _is_account(following: Span | None) -> bool:
    """Whether the name is that of an account: `my google account`."""
    return following is not None and following.text in {"account", "accounts", "mailbox", "mail", "cuenta", "workspace"}


_MAILBOXES = frozenset({"domain", "dominio", "mailbox", "account", "cuenta", "buzon", "correo"})

_MAIL_PROGRAMS = frozenset({"outlook", "thunderbird", "apple mail", "mail client", "email client", "k-9", "fairemail"})


def _is_web_host(span: Span) -> bool:
    """Whether a brand is one of web hosting, whose own mail server is meant where nobody else is named."""
    return not span.host and any(meaning.value == "shared-hosting" for meaning in span.meanings)


def _is_other_service(span: Span) -> bool:
    return span.means("provider") and not span.means("network")


def _is_telling(key: str | None) -> bool:
    """Whether it is known of a network by name whether it lets 25 out."""
    return (
        key is not None
        and key not in _VAGUE
        and state_of(network(key), SMTP) in {"blocked", "open", "limited", "varies"}
    )


_VAGUE = frozenset({"residential", "shared-hosting"})
"""Networks that give way to one by name."""

_THROUGH = frozenset({"through", "via", "a traves de", "smarthost", "relayhost", "mediante"})
"""Before a name: mail goes by it, whoever else is named."""

_AT_HOME = Span("line", 0, (Meaning("place", "line"),))
"""As if it stood there: "at home with Telekom" names whose line it is."""

_BLOCKS = frozenset({"blocks", "block", "blocked", "bloquea", "bloquean", "blocking", "lifted", "says", "said", "dice"})
"""What the one who runs a network does."""


def _is_other_product(span: Span, following: Span) -> bool:
    """Whether the brand goes on to name something else of its maker: of "Zoho campaigns" nothing is known."""
    return not span.host and following.means("product") and span.means("provider", "network")


def other_products(spans: Sequence[Span]) -> list[str]:
    """What was named that is something else of a known maker."""
    pairs = pairwise(spans)
    return [f"{brand.text} {product.text}" for brand, product in pairs if _is_other_product(brand, product)]


def is_from_unknown(spans: Sequence[Span]) -> bool:
    """Whether a word that announces a network is followed by one that nobody knows."""
    for index, span in enumerate(spans):
        after = [it for it in spans[index + 1 : index + 4] if it.clause == span.clause]
        named = next((it for it in after if it.text not in _ARTICLES), None)
        if span.means("from") and named and (named.means("unrecorded") or not (named.meanings or named.port)):
            return not named.host
    return False


def names_unknown(spans: Sequence[Span]) -> bool:
    """Whether a word that nobody knows stands where the provider is named: `via X`, `my provider is X`, or `X 587`."""
    told = [span for span in spans if span.text not in _ARTICLES]
    if len(told) <= MOST_OF_A_NAME and not any(span.means("asking") for span in told[:1]):
        return True
    return any(
        not (span.meanings or span.port or span.host) and (before.means("to") or before.text in _COPULAS)
        for before, span in pairwise(told)
    )


MOST_OF_A_NAME = 4
"""Words of a question that is hardly more than a name."""

_COPULAS = frozenset({"is", "called", "es", "provider", "proveedor", "hoster", "host", "isp", "relay", "smtp"})

_ARTICLES = frozenset({"a", "an", "my", "our", "the", "un", "una", "el", "la", "mi", "nuestro", "nuestra", "us", "eu"})


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
        if span.means("to", "moved") and span.text != "a":
            return "provider"
        if not span.means("to", "moved", "filler", "general"):
            break
        found = found or ("provider" if span.text == "a" else "")
    return found
