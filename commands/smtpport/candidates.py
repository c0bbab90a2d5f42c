"""The ports that could serve a sender, in order of merit.

RFC 8314 section 3.3 (2018) wants TLS from the first byte on 465 and STARTTLS on 587 side by side, equally safe when
TLS is required; section 3 prefers the first. A vendor's own first choice comes before both.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from commands.smtpport.catalogue.records import Network, Offer, Provider, Tls, state_of
from commands.smtpport.frameworks.reader import framework
from commands.smtpport.question.asked import Question

GENERAL = (Offer(587, "starttls"), Offer(465, "implicit"), Offer(2525, "starttls"))
"""What to expect of a provider that the catalogue does not know. 587 first: more relay services have it than 465."""

GENERAL_FIRST = 587

_MERIT: tuple[tuple[int, Tls], ...] = (
    (465, "implicit"),
    (587, "starttls"),
    (587, "implicit"),
    (2465, "implicit"),
    (2587, "starttls"),
    (2525, "starttls"),
    (8465, "implicit"),
    (8025, "starttls"),
    (588, "starttls"),
    (465, "starttls"),
    (443, "implicit"),
    (80, "starttls"),
)


class ProbedPort(Protocol):
    """A port of the host in question, as a check found it: `smtpcheck.result.health` has the whole of it."""

    @property
    def port(self) -> int: ...

    @property
    def tls(self) -> Tls: ...

    @property
    def usable(self) -> bool:
        """Whether mail can go in there."""


class Candidate(NamedTuple):
    """A port that could serve. `known` is False when the provider's own page was not read for it."""

    port: int
    tls: Tls
    known: bool = True
    plain: bool = False


def candidates(
    question: Question, service: Provider | None, net: Network | None, probed: Sequence[ProbedPort] | None
) -> list[Candidate]:
    """What the provider (or the probe) has to offer with TLS, best first. 25 serves exchangers only."""
    found = [offer for offer in _offered(service, probed) if offer.tls != "none"]
    if service is None or service.kind != "exchanger":
        found = [offer for offer in found if offer.port != 25]
    if service is None and probed is None and net is None:
        found = at_a_stranger(found, question)
    first = 0 if probed is not None else service.prefers if service else GENERAL_FIRST
    return sorted(found, key=lambda offer: _rank(offer, question, net, first))


def on_25(service: Provider | None) -> list[Candidate]:
    """What a provider offers on 25, for those to whom nothing else is left."""
    offered = service.offers if service else ()
    return [_candidate(offer) for offer in offered if offer.port == 25 and offer.sure and offer.tls != "none"]


def _offered(service: Provider | None, probed: Sequence[ProbedPort] | None) -> list[Candidate]:
    if probed is not None:
        return [Candidate(it.port, it.tls) for it in probed if it.usable]
    return [_candidate(offer) for offer in (service.offers if service else GENERAL)]


def at_a_stranger(found: Sequence[Candidate], question: Question) -> list[Candidate]:
    """What is left of the usual ports at a host that nobody knows: 2525 is a custom of relay services."""
    is_server = question.host is not None or (question.symptom is not None and question.role != "relay")
    return [offer for offer in found if offer.port != ALTERNATE or not is_server]


ALTERNATE = 2525


def _candidate(offer: Offer) -> Candidate:
    return Candidate(offer.port, offer.tls, offer.sure, offer.plain)


def knows_starttls_only(software: str | None) -> bool:
    """Whether no page tells of TLS from the first byte in a framework: PowerMTA and Sendmail as clients, .NET."""
    row = framework(software)
    return row is not None and "implicit" not in row.lines


_DISPUTED = 2
_DOUBT = {"open": 0, "unnamed": 1, "unclear": 1, "varies": 1}
"""How far a port may be trusted to pass a network; on the others the evidence disagrees or speaks against them."""


def _rank(
    offer: Candidate, question: Question, net: Network | None, first: int
) -> tuple[bool, bool, bool, int, int, bool, int]:
    """Confirmed first; then the TLS mode and the port asked for; what the network lets out; the vendor's choice."""
    merit = _MERIT.index((offer.port, offer.tls)) if (offer.port, offer.tls) in _MERIT else len(_MERIT)
    is_starttls_first = knows_starttls_only(question.software) or question.by_server
    wish = question.tls or ("starttls" if is_starttls_first else None)
    wished = wish in {None, "none", offer.tls}
    usual = (offer.port, offer.tls) in {(465, "implicit"), (587, "starttls")}
    wanted = question.working or ((question.port, *question.also) if question.port else ())
    is_open = usual or bool(question.tried or question.only)
    place = wanted.index(offer.port) if offer.port in wanted and is_open else len(wanted)
    doubt = 0 if offer.port in question.working else _DOUBT.get(state_of(net, offer.port), _DISPUTED)
    return (not offer.known, not wished, doubt == _DISPUTED, place, doubt, offer.port != first, merit)
