"""What a question is like (`evidence.examples`) beside what its signs say of it.

What a machine is quoted with stands, and what is known of a product that is named. Where words decide, the topic whose
examples a question is clearly most like goes before what signs say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from commands.likeness import Likeness
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.examples import ADVICE, CIRCUMSTANCE, examples
from commands.smtpport.evidence.situations import Situation, situations
from commands.smtpport.evidence.symptoms import effect_of, is_vague
from commands.smtpport.question.asked import Question
from commands.smtpport.question.subjects import has_settled_mode, is_about_network, is_shut

CLEAR, CLEARER, SURE, STRONG = 7.5, 9.0, 10.9, 14.0
"""Scores from which on a likeness counts: where nothing is known, where a provider or network is, against a reading of
signs, and against more.

Of questions that the examples had not, 19 of 20 were right from 7.5 on with the margin that it takes.
"""

AHEAD = 0.28
"""The margin that it takes."""

WIDE, EASED = 0.5, 0.85
"""A margin that leaves no other topic in sight, and the part of a score that is enough with it."""

GUESS = 5.0
"""The score from which on a likeness is a reading, where nothing else is known of a question."""

_ROLES = {"reading": "reading", "listener": "listener", "receive": "receive", "lmtp": "lmtp", "catcher": "local"}
"""The role of who asks for advice of some kinds."""

_TOPICS = frozenset({"lift"})
"""Kinds of advice that are topics of a question."""

_WITHOUT_PROVIDER = frozenset({"moved_server", "one_of_two", "unrecorded_hoster"})
_WITHOUT_NETWORK = frozenset({"who_leaves_25"})
"""What is no answer for who names a provider, or a network."""

_OF_GOOGLE = frozenset({"gmail", "workspace-relay"})
_OF_PROVIDERS: Mapping[str, frozenset[str]] = {"own_domain": _OF_GOOGLE, "gmail_by_address": _OF_GOOGLE}
"""What is an answer for who names one of these alone."""


def by_likeness(found: Question, signed: Question, text: str) -> Question:
    """The question of a text as its likeness has it. `found` is without what its signs say, `signed` with it."""
    needed = _needed(found, signed)
    likely = examples().ranked(text) if needed < inf else ()
    if not likely:
        return signed
    topic, score, margin = likely[0].topic, likely[0].score, likely[0].margin
    if _is_report(topic) and not found.unread_report:
        needed = max(needed, CLEARER)  # nobody is quoted with it
    if margin >= WIDE and _is_general(topic) and (signed.symptom or found.network):
        needed = max(needed * EASED, min(needed, CLEAR))
    if score >= needed and margin >= AHEAD:
        return _of_topic(found, signed, topic)
    if _is_unlike(signed, {it.topic for it in likely}):
        signed = replace(signed, certain=False)
    guesses = tuple(_UNRECORDED.get(it.topic, it.topic) for it in likely if it.score >= GUESS)
    guesses = tuple(it for it in guesses if it in situations())
    if signed.symptom is None and score >= _of_pair(found, needed) and topic in situations() and _is_pair(likely):
        return replace(signed, symptom=topic, certain=False, readings=guesses[1:])
    return replace(signed, guesses=guesses, is_strange=not topic.startswith(ADVICE) and _asks_much(signed, text))


def _is_unlike(signed: Question, topics: set[str]) -> bool:
    """Whether a question is like no example of the general answer that its signs have: then it is a reading."""
    row = situations().get(signed.symptom or "")
    return row is not None and row.general and row.code in examples().topics and row.code not in topics


def _of_pair(found: Question, needed: float) -> float:
    """The score from which one of two topics that lie close together is a reading."""
    return CLEAR if found.role == "receive" else max(needed, CLEARER)


def _is_pair(likely: Sequence[Likeness]) -> bool:
    """Whether the first two topics are answers, and no other one is near them."""
    second = likely[1].topic if len(likely) > 1 else ""
    third = likely[2].score if len(likely) > 2 else 0.0
    return second in situations() and third <= likely[0].score * (1 - AHEAD)


def _is_report(topic: str) -> bool:
    """Whether a topic is what machines say."""
    return topic not in situations() and not topic.startswith((ADVICE, CIRCUMSTANCE))


def _is_general(topic: str) -> bool:
    """Whether what is said of a topic holds for everybody."""
    row = situations().get(topic)
    return row is not None and row.general


def _of_topic(found: Question, signed: Question, topic: str) -> Question:
    """The question as one of a topic."""
    row = situations().get(topic)
    if found.provider and topic in _WITHOUT_PROVIDER:
        return signed
    if found.network and topic in _WITHOUT_NETWORK:
        return _as_advised(found, "network")
    if topic in _OF_PROVIDERS and found.provider not in _OF_PROVIDERS[topic]:
        return signed
    if topic == _NETWORK and not (found.network or found.provider or found.symptom or found.tried):
        return _as_told(found, signed, situations()[_UNRECORDED[topic]])
    if topic.startswith(ADVICE):
        return _as_advised(found, topic.removeprefix(ADVICE))
    if topic.startswith(CIRCUMSTANCE):
        return replace(found, circumstance=topic.removeprefix(CIRCUMSTANCE))
    if topic == signed.symptom:
        return replace(signed, undecided=False)
    if row is None:
        return _as_reported(found, signed, topic)
    return signed if row.last and signed.symptom else _as_told(found, signed, row)


_NETWORK = f"{ADVICE}network"
"""What a network does with a port."""

_UNRECORDED = {_NETWORK: "unrecorded_network"}
"""What a topic comes to where the catalogue has nobody for it."""


def _asks_much(signed: Question, text: str) -> bool:
    """Whether a whole sentence asks something of which nothing else is known."""
    is_plain = signed.symptom is None and not (signed.provider or signed.network or signed.fails or signed.tried)
    return is_plain and signed.asks and len(text.split()) >= MANY


MANY = 8
"""Words of a question that says more than which port is wanted."""


def _needed(found: Question, signed: Question) -> float:
    """The score that it takes to go before what is known otherwise."""
    row = situations().get(signed.symptom or "")
    is_reported = found.symptom is not None and found.certain
    is_settled = has_settled_mode(found) and found.role != "relay"  # there the provider is the recipient's
    if (is_reported and not is_vague(found.symptom or "")) or (row and row.named) or is_settled:
        return inf
    is_blocked = found.blocks and found.role == "relay" and not found.asks
    if is_reported or is_blocked or is_shut(found) or is_about_network(found) or found.working:
        return STRONG
    is_login = found.topic == "login" and found.provider is not None
    if is_login or (row and not row.last):
        return CLEARER if row and row.general else SURE
    if found.role == "receive":
        return CLEAR  # the catalogue knows of the way out
    return CLEARER if found.provider or found.network else CLEAR


def _as_advised(found: Question, kind: str) -> Question:
    """The question as one for the catalogue."""
    if kind in _TOPICS and found.topic == "choose":
        return replace(found, topic=kind)
    if kind == "network" and found.asks and not (found.tried or found.tells_how or found.symptom):
        return replace(found, fails=False, of_ports=True)  # that a network closes ports is asked, and no failure
    role = _ROLES.get(kind)
    return replace(found, role=role, stated=True) if role and not (found.symptom or found.stated) else found


def _as_told(found: Question, signed: Question, row: Situation) -> Question:
    """The question in the situation of a row; said as it is where the row holds for everybody who is in it."""
    others = tuple(dict.fromkeys(it for it in (signed.symptom, *signed.readings) if it and it != row.code))
    is_said = (row.general and not (found.symptom and found.certain)) or (row.firm and not row.general)
    return replace(
        found,
        symptom=row.code,
        certain=is_said,
        readings=() if is_said else others[:2],
        undecided=False,
        unread_report=False,
    )


def _as_reported(found: Question, signed: Question, code: str) -> Question:
    """The question with what a machine says in other words than are known; that no answer comes is read by words."""
    is_on_465 = code == Meaning.TLS_ON_PLAIN_PORT and 465 in (found.port, *found.tried)
    if found.symptom is not None or is_on_465 or effect_of(code) is Effect.OTHER_PORT:
        return signed
    return replace(found, symptom=code, certain=found.unread_report, readings=(), undecided=False, unread_report=False)
