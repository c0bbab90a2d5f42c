"""What somebody saw work is evidence: ports that answered are open, and so is 25 where some destination takes mail."""

from dataclasses import replace

from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.seen_ports import reaches_others, seen_ports, spares_one
from commands.smtpport.evidence.symptoms import DELIVERY_FAILS, Symptom
from commands.smtpport.question.asked import Question


def as_seen(said: Question, text: str) -> Question:
    """The question with what was seen of ports: one that answers is not to be avoided, one that does not not used."""
    seen = seen_ports(text)
    if said.circumstance in _OF_PLACES:
        return replace(said, working=())
    if not seen.answered - set(said.tried):
        return said
    answered = tuple(port for port in sorted(seen.answered) if port not in said.tried)
    failed = (*said.tried, *sorted(seen.failed - set(said.tried)))
    asked = [port for port in (said.port, *said.also) if port and port not in failed]
    return replace(
        said,
        port=asked[0] if asked else None,
        also=tuple(asked[1:]),
        working=tuple(dict.fromkeys((*said.working, *answered))),
        tried=failed,
        barred=tuple(port for port in said.barred if port not in {*answered, *failed}),
        not_understood=tuple(word for word in said.not_understood if word != _GREETING),
    )


_OF_PLACES = frozenset({"works_elsewhere", "this_network", "inside_out", "server_closed"})
"""Circumstances in which a port works somewhere else."""

_GREETING = "220"


def at_one_destination(found: Question, text: str) -> Question:
    """The question where mail gets to other destinations: 25 is open, whatever one of them does."""
    is_named = SMTP in {found.port, *found.also, *found.working}
    is_on_25 = SMTP in found.tried or (is_named and (found.fails or spares_one(text)))
    is_delivery = found.symptom in DELIVERY_FAILS or (found.symptom is None and is_on_25)
    if not is_delivery or found.circumstance in _OF_PLACES or not (reaches_others(text) or spares_one(text)):
        return found
    told = str(Symptom.ONE_DESTINATION)
    return replace(found, symptom=told, role="relay", provider=None, host=None, port=None, tried=(), certain=True)
