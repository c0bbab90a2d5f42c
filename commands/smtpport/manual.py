"""The tables of docs/ports.md: what the catalogue knows of ports, networks and relays, with its sources. Pure."""

from collections.abc import Iterable, Iterator, Mapping

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
    for row in sorted((row for row in catalogue().ports if row.number in MAIN), key=lambda row: MAIN.index(row.number)):
        yield f"\n### {row.number}: {row.title}\n"
        yield f"Registered as: {row.registered}. Usual TLS: {TLS[row.tls]}."
        for place, text in enumerate(row.story):
            yield f"\n{_plain(text)} ({_cited(basis(row, place))})"


def other_ports() -> Iterator[str]:
    yield "| Port | What it is | Registered as | Usual TLS | | Sources |"
    yield "|---|---|---|---|---|---|"
    for row in catalogue().ports:
        if row.number not in MAIN:
            yield _row(str(row.number), row.title, row.registered, TLS[row.tls], " ".join(row.story), _cited(_of(row)))


def networks() -> Iterator[str]:
    """Those of which some page says that they keep a port in."""
    yield "| Network | 25 | 465 | 587 | 2525 | Whom it concerns | How it is lifted | Sources |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in catalogue().networks:
        if {"blocked", "intercepted", "limited"} & set(row.egress.values()):
            does = (EGRESS[row.egress.get(port, row.egress.get(0, "unclear"))] for port in MAIN)
            yield _row(
                row.name, *does, (row.condition and f"if {row.condition}") or row.scope, row.lift, _cited(_of(row))
            )


def relays() -> Iterator[str]:
    """The ports of services that take mail from apps."""
    yield "| Service | Hosts | Ports | Login | Sources |"
    yield "|---|---|---|---|---|"
    for row in catalogue().providers:
        if row.kind == "relay":
            ports = ", ".join(_offered(offer) for offer in sorted(row.offers))
            said = (source for offer in row.offers for source in offer_basis(row, offer))
            yield _row(row.name, ", ".join(row.hosts), ports, row.login, _cited(said))


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


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
