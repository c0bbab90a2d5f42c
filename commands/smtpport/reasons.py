"""What is said of a port, of the way of asking, and of the provider."""

from collections.abc import Iterable, Iterator, Sequence

from commands.smtpport.answer import Choice, Claim
from commands.smtpport.candidates import Candidate, knows_starttls_only
from commands.smtpport.catalogue import lookup
from commands.smtpport.catalogue import standards as s
from commands.smtpport.catalogue.records import Offer, Provider, Source, Sources, basis, offer_basis
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.frameworks.reader import framework
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import UNNAMED

_STANDARD: dict[tuple[int, str], tuple[str, tuple[Source, ...]]] = {
    (465, "implicit"): ("use_465", (s.RFC_8314_3_3,)),
    (587, "starttls"): ("use_587", (s.RFC_6409_3_1, s.RFC_8314_3_3)),
    (587, "implicit"): ("implicit_on_587", ()),
    (25, "starttls"): ("use_25_last", (s.RFC_6409_3_1,)),
    (2525, "starttls"): ("use_2525", (s.IANA,)),
    (80, "starttls"): ("use_web_port", ()),
    (443, "implicit"): ("use_web_port", ()),
}


def of_choice(offer: Candidate, service: Provider | None) -> Claim:
    """Why this port may be used."""
    code, sources = _STANDARD.get((offer.port, offer.tls), ("use_alternate", ()))
    if not offer.known:
        code, sources = "use_unconfirmed", ()
    if service is None and offer.port == 2525:
        return Claim("use_2525_anywhere", {"count": lookup.share()[2525], "all": lookup.relay_count()}, sources)
    own = _own(offer, service)
    if service and service.kind == "exchanger":
        code = "direct_send" if service.key == "m365-direct" else "use_exchanger"
        return Claim(code, {"provider": service.key, "host": service.hosts[0]}, own)
    if any(source.confidence == "conflicting" for source in own):
        code, sources = "use_disputed", ()
    return Claim(code, {"port": offer.port, "provider": _key(service)}, (*own, *sources))


def of_question(question: Question, service: Provider | None, best: Choice | None) -> Iterator[Claim]:
    """What the way of asking calls for."""
    if question.role == "relay":
        code = "relay_instead" if question.port not in {None, SMTP} or question.tls == "implicit" else "relay_needs_25"
        yield Claim(code, {}, (s.RFC_8314_7_3,))
    if question.tried:
        yield Claim(_of_tried(question), {"ports": question.tried})
    if question.role == "device" and not (service and service.kind == "exchanger"):
        yield _of_device(service, anonymous=question.anonymous)
    if question.tls == "none":
        yield Claim("no_cleartext", {}, (s.RFC_8314_4_1,))
    row = framework(question.software)
    if row and knows_starttls_only(row.key) and best and best.tls == "starttls":
        yield Claim("software_starttls", {"software": row.key}, row.sources)
    named = {question.port, *question.also, *question.tried, *question.working}
    is_pair = {465, 587} <= named  # who names both compares, and a mode is of one of them
    swapped = (question.port, question.tls) in {(587, "implicit"), (465, "starttls")} and not is_pair
    is_asked = question.symptom is None and not question.tried and not swapped
    if best and service and is_asked and question.port in _beside(service, best):
        yield Claim("taken_there", {"provider": _key(service), "port": question.port}, basis(service, question.port))
    as_wished = best is not None and (best.port, best.tls) == (question.port, question.tls)
    if swapped and not as_wished:
        yield Claim("modes_swapped", {"port": question.port}, (s.RFC_8314_3_3,))
    elif question.topic == "mismatch":
        yield Claim("modes_by_port", {"port": question.port}, (s.RFC_8314_3_3,))


def _of_device(service: Provider | None, *, anonymous: bool) -> Claim:
    """What a device may lack, and who takes its mail without a login."""
    if service is None or not (service.login.startswith("none") and anonymous):
        return Claim("old_device", {}, (s.RFC_8314_4_1,))
    return Claim("known_by_address", {"provider": service.key}, basis(service, "login"))


def _of_tried(question: Question) -> str:
    """What is said of ports that were tried in vain."""
    is_pair = {465, 587} <= set(question.tried)
    if is_pair and question.blocks:
        return "all_closed"
    return "both_failed" if is_pair and question.network is None else "compare"


def _beside(service: Provider, best: Choice) -> set[int]:
    """The ports that a provider is known to offer beside the one that is recommended."""
    return {offer.port for offer in service.offers if offer.sure} - {best.port, SMTP}


def of_provider(question: Question, service: Provider | None, *, probed: bool) -> Iterator[Claim]:
    """What is known of the provider, or that it is not known."""
    if probed:
        yield Claim("from_probe")
    elif service is None:
        yield from _unknown_provider(question)
    else:
        sure = [offer for offer in service.offers if offer.sure]
        code = "provider_offers" if sure else "provider_may_offer"
        for sources, group in _by_basis(service, sure or service.offers):
            yield Claim(code, {"provider": service.key, "ports": tuple(offer.port for offer in group)}, sources)
        if question.tls in {"starttls", "implicit"} and question.tls not in {it.tls for it in service.offers}:
            yield Claim("mode_not_offered", {"provider": service.key, "mode": question.tls}, service.sources[:1])
        plain = next((offer for offer in sure if offer.plain), None)
        if plain and service.kind != "exchanger":
            yield Claim("plain_too", {"provider": service.key}, offer_basis(service, plain))


def _unknown_provider(question: Question) -> Iterator[Claim]:
    odd = question.not_understood if question.symptom is None and question.names_unknown else ()
    unknown = question.host or (odd[0] if len(odd) == 1 else "")
    if unknown and question.role != "relay":
        yield Claim("check_page", {"host": None if unknown == UNNAMED else unknown})


def not_offered(question: Question, service: Provider | None, offered: Sequence[int]) -> Iterator[tuple[int, Claim]]:
    """Ports that the provider refuses, serves without TLS only, or does not list although they were asked about."""
    if service is None:
        return
    values = {"provider": service.key}
    for port in service.refuses:
        yield port, Claim("refuses", {**values, "port": port}, basis(service, port))
    for offer in service.offers:
        if offer.tls == "none":
            yield offer.port, Claim("no_tls_there", {**values, "port": offer.port}, offer_basis(service, offer))
    for asked in (question.port, *question.also):
        if asked and asked != 25 and asked not in offered:
            yield asked, Claim("not_listed", {**values, "port": asked}, service.sources[:1])


def port_25(service: Provider | None) -> Claim:
    """Why an app keeps away from 25, whether or not its provider has it."""
    offered = service is not None and any(offer.port == 25 and offer.sure for offer in service.offers)
    code = "avoid_25_although_offered" if offered else "avoid_25"
    return Claim(code, {"provider": _key(service)}, (s.RFC_6409_3_1,))


def _own(offer: Candidate, service: Provider | None) -> Sources:
    """What is known of a port of the provider; nothing when a probe found it and no page names it."""
    named = [it for it in service.offers if it.port == offer.port] if service else []
    return offer_basis(service, named[0]) if service and named else ()


def _by_basis(service: Provider, named: Iterable[Offer]) -> list[tuple[Sources, list[Offer]]]:
    """Ports that rest on the same pages, together."""
    groups: dict[Sources, list[Offer]] = {}
    for offer in named:
        groups.setdefault(offer_basis(service, offer), []).append(offer)
    return list(groups.items())


def _key(service: Provider | None) -> str | None:
    return service.key if service else None
