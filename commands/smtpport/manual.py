"""The tables of docs/ports.md: what the catalogue knows of ports, networks and relays, with its sources. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from commands.manual_text import row
from commands.smtpport.catalogue.reader import catalogue
from commands.smtpport.catalogue.records import Egress, Network, Offer, Port, Source, basis, offer_basis
from commands.smtpport.wording import TLS

MAIN = (25, 465, 587, 2525)
EGRESS: Mapping[Egress, str] = {
    "blocked": "**blocked**",
    "open": "open",
    "unnamed": "not named",
    "unclear": "?",
    "conflicting": "sources differ",
    "varies": "varies",
    "intercepted": "**intercepted**",
    "limited": "limited",
}


def stories() -> Iterator[str]:
    """Of the ports that everybody asks about, each paragraph with its sources."""
    for one in sorted((one for one in catalogue().ports if one.number in MAIN), key=lambda one: MAIN.index(one.number)):
        yield f"\n### {one.number}: {one.title}\n"
        yield f"Registered as: {one.registered}. Usual TLS: {TLS[one.tls]}."
        for place, text in enumerate(one.story):
            yield f"\n{_plain(text)} ({_cited(basis(one, place))})"


def other_ports() -> Iterator[str]:
    yield "| Port | What it is | Registered as | Usual TLS | | Sources |"
    yield "|---|---|---|---|---|---|"
    for one in catalogue().ports:
        if one.number not in MAIN:
            yield row(str(one.number), one.title, one.registered, TLS[one.tls], " ".join(one.story), _cited(_of(one)))


def networks() -> Iterator[str]:
    """Those of which some page says that they keep a port in."""
    yield "| Network | 25 | 465 | 587 | 2525 | Whom it concerns | How it is lifted | Sources |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in catalogue().networks:
        if {"blocked", "intercepted", "limited"} & set(one.egress.values()):
            does = (EGRESS[one.egress.get(port, one.egress.get(0, "unclear"))] for port in MAIN)
            yield row(
                one.name, *does, (one.condition and f"if {one.condition}") or one.scope, one.lift, _cited(_of(one))
            )


def relays() -> Iterator[str]:
    """The ports of services that take mail from apps."""
    yield "| Service | Hosts | Ports | Login | Sources |"
    yield "|---|---|---|---|---|"
    for one in catalogue().providers:
        if one.kind == "relay":
            ports = ", ".join(_offered(offer) for offer in sorted(one.offers))
            said = (source for offer in one.offers for source in offer_basis(one, offer))
            yield row(one.name, ", ".join(one.hosts), ports, one.login, _cited(said))


def _offered(offer: Offer) -> str:
    return f"{offer.port} {TLS[offer.tls]}{'' if offer.sure else ' (?)'}"


def _of(row: Port | Network) -> Iterator[Source]:
    """Those of the row, then those of its single statements."""
    yield from row.sources
    for sources in row.evidence.values():
        yield from sources


def _cited(sources: Iterable[Source]) -> str:
    """Each page once, with its date, and what weakens it."""
    cited = dict.fromkeys(sources)
    return "; ".join(f"[{_plain(one.label)}]({one.url}), {one.date}{_weakness(one)}" for one in cited)


def _weakness(source: Source) -> str:
    return "" if source.confidence == "documented" else f", {source.confidence}"


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[")
