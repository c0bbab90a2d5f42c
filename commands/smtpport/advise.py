"""The advice: one port, what to fall back to, what to avoid, and why, as codes with parameters and sources.

Pure: the question and the catalogue in, `Advice` out. With `probed` the ports are those that a probe saw working. A
port that the asker's network blocks, or that was tried in vain, is avoided whatever the provider offers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commands.smtpport import asked_reasons, egress, reasons, role_plans
from commands.smtpport.answer import Advice, Avoided, Choice, Claim, Diagnosis
from commands.smtpport.candidates import Candidate, ProbedPort, candidates, on_25
from commands.smtpport.catalogue.lookup import network, provider
from commands.smtpport.catalogue.records import Network, Provider, basis, state_of
from commands.smtpport.catalogue.standards import RFC_5321, RFC_8314_7_3
from commands.smtpport.certainty import doubts, is_known_to_pass
from commands.smtpport.choices import FAILURES_ASKED, ROLES_ASKED
from commands.smtpport.contradictions import without_contradictions
from commands.smtpport.diagnosis import diagnose
from commands.smtpport.egress import is_closed
from commands.smtpport.evidence.peers import SMTP, PeerKind
from commands.smtpport.evidence.symptoms import DELIVERY_FAILS, Symptom
from commands.smtpport.main_reasons import POINT_MISSED, lead_of
from commands.smtpport.question.asked import Question

MOST_FALLBACKS = 4

_OUTWARD = frozenset({"submission", "relay", "device"})
_NOT_SENDING = frozenset({"receive", "listener", "lmtp", "reading"})
"""Roles in which no provider takes our mail, whoever is named."""


def advise(question: Question, *, probed: Sequence[ProbedPort] | None = None) -> Advice:
    """The advice for a question. `probed` are the ports of the host in question, as a probe found them."""
    found = without_contradictions(_advice(question, probed))
    found = replace(found, reasons=(*found.reasons, *asked_reasons.of_remarks(question)))
    if not _is_point_missed(found):
        return _without_guesses(found)
    return advise(_guessed(question)) if question.guesses else _asked_back(found)


def _guessed(question: Question) -> Question:
    """The question as what it is a little like: a reading, with the next ones beside it."""
    first, *others = question.guesses
    return replace(question, symptom=first, certain=False, readings=tuple(others), guesses=())


def _advice(question: Question, probed: Sequence[ProbedPort] | None) -> Advice:
    net = network(question.network)
    diagnosis = diagnose(question, net)
    if diagnosis and (not diagnosis.advises or diagnosis.undecided):
        return _not_the_port(question, net, diagnosis)
    if question.lifted and (net or question.fails):
        free = _with_condition(question, None, probed)
        return replace(free, reasons=(asked_reasons.of_lifted(net), *free.reasons), diagnosis=diagnosis)
    return replace(_with_condition(question, net, probed), diagnosis=diagnosis)


def _is_point_missed(found: Advice) -> bool:
    """Whether nothing that was said tells who sends to whom, nor what fails."""
    lead = lead_of(found.reasons, is_diagnosed=found.diagnosis is not None)
    is_open = found.diagnosis is None and found.provider is None and found.network is None
    is_open = is_open and not found.question.blocks and found.question.topic not in _ASKED
    is_open = is_open or (lead is not None and lead.code == "aim_open" and bool(found.question.guesses))
    is_missed = lead is not None and lead.code in POINT_MISSED
    is_plain = found.question.role in _OUTWARD or (lead is not None and lead.code == "aim_open")
    return is_open and is_missed and is_plain


_UNSAID = frozenset({"cause_unsaid", "unread_report"})
"""Where what fails is what is missing."""

_ASKED = frozenset({"test", "explain", "lift", "where", "why", "why_not", "mismatch"})
"""Topics that are a question of their own."""


def _asked_back(found: Advice) -> Advice:
    """What is known of the network stays; the rest is a question."""
    lead = lead_of(found.reasons, is_diagnosed=False)
    is_unsaid = lead is not None and lead.code in _UNSAID
    asked = replace(found.question, undecided=True, readings=FAILURES_ASKED if is_unsaid else ROLES_ASKED)
    known = tuple(claim for claim in found.reasons if claim.code.startswith(("network_", "remark")))
    return Advice(asked, None, found.network, None, (), (), known)


def _without_guesses(found: Advice) -> Advice:
    """The advice without ports to avoid for what may be another story: facts of the network and the provider stay."""
    is_firm = found.recommended is None or found.recommended.sure or not found.question.fails
    is_known = found.diagnosis is None or (found.diagnosis.sure and found.provider is not None)
    if is_firm and is_known:
        return found
    return replace(found, avoid=tuple(it for it in found.avoid if it.reason.code in _FACTS))


_FACTS = frozenset({"network_closes", "network_closes_if", "refuses", "no_tls_there"})


def _not_the_port(question: Question, net: Network | None, diagnosis: Diagnosis) -> Advice:
    """No port is recommended. Mail that cannot leave on 25 may go through a relay service instead."""
    if question.peer != PeerKind.DESTINATION and diagnosis.code not in DELIVERY_FAILS:
        service = _service(question)
        listed, cause = asked_reasons.of_listing(question), asked_reasons.of_circumstance(question)
        known = () if diagnosis.sure else egress.of_network(net, _AT_STAKE.get(question.role, ()))
        why = (*listed, *cause, *asked_reasons.of_login(question, service), *known)
        return Advice(question, service, net, None, (), (), why, diagnosis=diagnosis)
    way = _submission(question, None, net, None) if diagnosis.code in DELIVERY_FAILS else None
    ports = [way.recommended, *way.fallbacks] if way else []
    relays = tuple(
        replace(choice, reason=Claim("through_a_relay", {"port": choice.port})) for choice in ports if choice
    )
    stays = Claim("relay_25", sources=(RFC_5321, RFC_8314_7_3))
    closed = asked_reasons.of_closed_25(net) if diagnosis.code == Symptom.DELIVERY_BLOCKED else ()
    why = (*asked_reasons.of_listing(question), *closed, stays, *egress.of_network(net, [SMTP]))
    return Advice(question, None, net, None, relays, (), why, diagnosis=diagnosis)


_AT_STAKE: Mapping[str, tuple[int, ...]] = {"relay": (SMTP,), "submission": (587, 465), "device": (587, 465)}
"""Ports that what is known of the network is told of, beside a reading."""


def _with_condition(question: Question, net: Network | None, probed: Sequence[ProbedPort] | None) -> Advice:
    """The advice, and what it is for those whom the condition of the network does not concern."""
    found = _advise(question, net, probed)
    if net is None or not net.condition or probed is not None or question.role not in _OUTWARD:
        return found
    other = _advise(question, network(net.variants[-1]) if net.variants else None, None).recommended
    if other is None or state_of(net, other.port) not in {"blocked", "conflicting"}:
        return found
    known = other.sure and bool(net.variants or net.others_open)
    why = tuple(replace(it, code=_SHORTER.get(it.code, it.code)) for it in found.reasons)
    return replace(found, reasons=why, conditional=True, otherwise=replace(other, sure=known))


_SHORTER = {"closed_if": "closed_to_some"}
"""Said with less where the condition stands behind it."""


def _advise(question: Question, net: Network | None, probed: Sequence[ProbedPort] | None) -> Advice:
    service = _service(question)
    if question.role in role_plans.PLANS and (question.role != "local" or service is None):
        return _of_role(question, service, net)
    if question.role == "relay" and not is_closed(question, net, 25):
        return _of_role(question, service, net)
    if service and service.key == "m365-direct":
        service = provider("m365") if is_closed(question, net, 25) else service
    elif question.role == "relay":
        service = None
    return _submission(question, service, net, probed)


def _service(question: Question) -> Provider | None:
    """The provider that takes the mail. Who delivers to a mailbox provider talks to its MX, not to its relay."""
    named = provider(question.provider)
    if question.role in _NOT_SENDING:
        return None
    if named and named.key == "m365" and question.role == "device" and (question.anonymous or question.port == 25):
        return provider("m365-direct")
    if question.role != "relay" or named is None or named.kind == "exchanger":
        return named
    return provider("google-mx") if named.key == "gmail" else None


def _of_role(question: Question, service: Provider | None, net: Network | None) -> Advice:
    """Roles whose port does not depend on a provider: the protocol or the custom settles it."""
    plan = role_plans.PLANS.get(question.role, role_plans.RELAY)
    outside = net if question.role == "relay" else None
    choices = [
        Choice(port, tls, Claim(code, sources=sources), sure=_is_settled(question, outside, port))
        for port, tls, code, sources in plan.choices
    ]
    wanted = 587 if question.topic == "inject" and question.port not in _ports_of(plan) else question.port
    first, *others = sorted(choices, key=lambda choice: choice.port != wanted)
    own = {port for port in (question.port, *question.also) if port} - _ports_of(plan)
    why = [
        first.reason,
        *([Claim("any_port")] if question.role == "listener" and own else []),
        *asked_reasons.of_words(question, None, net),
        *(Claim(code, sources=sources) for code, sources in plan.reasons),
    ]
    why += egress.of_network(net, [choice.port for choice in (first, *others)], inbound=plan.inbound)
    why += asked_reasons.of_doubts(question, None, net)
    avoid = [Avoided(port, Claim(code, sources=sources)) for port, code, sources in plan.avoid]
    return Advice(question, service, net, first, tuple(others), tuple(avoid), tuple(why), _about(question))


def _ports_of(plan: role_plans.Plan) -> set[int]:
    return {port for port, *_ in plan.choices}


def _is_settled(question: Question, net: Network | None, port: int) -> bool:
    return is_known_to_pass(question, net, port) and not doubts(question, None, net)


def _submission(
    question: Question, service: Provider | None, net: Network | None, probed: Sequence[ProbedPort] | None
) -> Advice:
    """Handing mail to a provider: what it offers, in order of merit, less what is closed to the asker."""
    offered = candidates(question, service, net, probed)
    usable = [offer for offer in offered if not is_closed(question, net, offer.port)]
    usable = usable or [offer for offer in on_25(service) if _passes_25(question, net)]
    kept = [it for place, it in enumerate(usable) if place <= MOST_FALLBACKS or it.port == question.port]
    choices = [_choice(question, offer, service, None if probed else net) for offer in kept]
    recommended = choices[0] if choices else None
    why = [
        *([recommended.reason] if recommended else egress.nothing_left(question, service, net)),
        *asked_reasons.of_words(question, service, net),
        *reasons.of_question(question, service, recommended),
        *(egress.last_resort(net, recommended.port) if recommended else ()),
        *reasons.of_provider(question, service, probed=probed is not None),
        *egress.of_network(net, [offer.port for offer in offered]),
        *asked_reasons.of_doubts(question, service, net),
    ]
    fallbacks = (*choices[1:], *_other_way(question, service, net))
    used = {choice.port for choice in (*choices, *fallbacks)}
    avoid = tuple(it for it in _avoid(question, service, net, offered) if it.port not in used)
    return Advice(question, service, net, recommended, fallbacks, avoid, tuple(why), _about(question))


def _passes_25(question: Question, net: Network | None) -> bool:
    """Whether 25 is left where all else is closed: only if it is known to be open, for most networks close it first."""
    known = net is not None and state_of(net, SMTP) == "open"
    return not is_closed(question, net, SMTP) and (known or SMTP in (*question.only, *question.working))


def _choice(question: Question, offer: Candidate, service: Provider | None, net: Network | None) -> Choice:
    sure = offer.known and is_known_to_pass(question, net, offer.port)
    sure = sure and (offer.port in question.working or not doubts(question, service, net))
    return Choice(offer.port, offer.tls, reasons.of_choice(offer, service), sure=sure)


_OTHER_WAYS = {"m365": ("m365-direct", 25, "direct_send"), "m365-direct": ("m365", 587, "client_submission")}
"""What a device may do instead, on another host of Microsoft 365: provider, port, claim."""


def _other_way(question: Question, service: Provider | None, net: Network | None) -> tuple[Choice, ...]:
    """A device that cannot log in to Microsoft 365 may reach the tenant's own mail exchanger, and the reverse."""
    key, port, code = _OTHER_WAYS.get(service.key if service else "", ("", 0, ""))
    other = provider(key)
    if question.role != "device" or other is None or is_closed(question, net, port):
        return ()
    host = other.hosts[0]
    return (Choice(port, "starttls", Claim(code, {"host": host}, basis(other, port)), host=host, sure=False),)


def _avoid(
    question: Question, service: Provider | None, net: Network | None, offered: Sequence[Candidate]
) -> tuple[Avoided, ...]:
    """Ports to keep away from, each once, the strongest reason first."""
    found: dict[int, Claim] = {}
    for port in question.tried:
        found.setdefault(port, Claim("tried", {"port": port}))
    for port in question.barred:
        found.setdefault(port, Claim("barred", {"port": port}))
    for port, claim in egress.blocked(net, [offer.port for offer in offered]):
        found.setdefault(port, claim)
    for port, claim in reasons.not_offered(question, service, [offer.port for offer in offered]):
        found.setdefault(port, claim)
    if service is None or service.kind != "exchanger":
        found.setdefault(25, reasons.port_25(service))
    return tuple(Avoided(port, claim) for port, claim in sorted(found.items()))


def _about(question: Question) -> tuple[int, ...]:
    """The ports that the asker wants to hear about."""
    return (*([question.port] if question.port else []), *question.also)[:3]
