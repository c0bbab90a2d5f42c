"""What somebody saw work is evidence: ports that answered are open, and so is 25 where some destination takes mail."""

import re
from dataclasses import replace

from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.seen_ports import asked_ports, denied_ports, reaches_others, seen_ports, spares_one
from commands.smtpport.evidence.symptoms import DELIVERY_FAILS, Symptom
from commands.smtpport.question.asked import Question


def as_seen(said: Question, text: str) -> Question:
    """The question with what was seen of ports: one that answers is not to be avoided, one that does not not used."""
    said, seen = _asked_whether(_without_denied(_with_too(said, text), text), text), seen_ports(text)
    if said.circumstance in _OF_PLACES:
        return replace(said, working=())
    if not seen.answered - set(said.tried) - _denied(said, text):
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


def _denied(said: Question, text: str) -> frozenset[int]:
    return denied_ports(text, fails=said.fails or bool(said.tried))


def _without_denied(said: Question, text: str) -> Question:
    """The question in which ports that are said not to work were tried, and none works of which it is only asked."""
    denied = _denied(said, text) - set(said.barred)
    working = tuple(port for port in said.working if port not in denied | asked_ports(text))
    if not denied:
        return replace(said, working=working)
    asked = [port for port in (said.port, *said.also) if port and port not in denied]
    tried = (*said.tried, *sorted(denied - set(said.tried)))
    return replace(
        said, port=asked[0] if asked else None, also=tuple(asked[1:]), tried=tried, working=working, fails=True
    )


_WHETHER = re.compile(
    r"\b(?:o|or)\b[^.?;,]{0,30}\b(?:cerrad|bloquead|bloquean|cierran|blocked|closed|block|close|shut)\w*\b[^.?;,]{0,20}\?"
)


def _asked_whether(said: Question, text: str) -> Question:
    """The question in which it is only asked whether a port is closed: `can I use 25 or is it blocked?`"""
    if len(said.tried) != 1 or said.port or not _WHETHER.search(text):
        return said
    return replace(said, port=said.tried[0], tried=())


_TOO = re.compile(r"\b(25|465|587|2525)\b,? (?:too|also|as well|likewise|neither|tampoco|tambi[eé]n|auch|aussi)\b")


def _with_too(said: Question, text: str) -> Question:
    """The question in which a port shares the lot of those that were tried before it: `587 is blocked, 465 too`."""
    too = {int(port) for port in _TOO.findall(text)} - {*said.tried, *said.working}
    if not (said.tried and too):
        return said
    asked = [port for port in (said.port, *said.also) if port and port not in too]
    tried = (*said.tried, *sorted(too))
    return replace(said, port=asked[0] if asked else None, also=tuple(asked[1:]), tried=tried)


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
