"""An order without a host, in a thread or after an answer: it is about what was spoken of. Pure, and total."""

import re

from bot.slack.conversation.orders.order_words import EVERYDAY, FILLERS, HOST, NOUNS, OF_WATCHES
from bot.slack.conversation.orders.orders import VERB, Order, lead_of, ordered, turned
from bot.slack.conversation.sentence.hosts import hosts_in
from commands.contract import Subject
from commands.spanish import folded
from commands.spoken_times import is_length
from commands.words import as_typed

MOST_WORDS, FEW = 12, 4
"""Words of such an order, and of one that is not clear: what is longer tells something."""

SAID_OF_ALL = frozenset({"mute", "unmute", "snooze", "unsnooze", "pause", "resume", "ack"})
"""Of an alert of several watches each is meant."""

OF_ALERTS = OF_WATCHES | {"pause", "resume", "edit", "extend"}
"""What is told below an alert without any `it`; other verbs tell there what somebody did, or will do, elsewhere."""

_IT = re.compile(r"(?<!\w)(?:it|them|this one)(?!\w)", re.IGNORECASE)
_ALL = re.compile(
    r"\s*(?:(?:for|de|a) )?(?:both|all|each|everything|ambos|ambas|l[oa]s dos|tod[oa]s?)"
    r"(?: of (?:them|these|those)| (?:watches|hosts))?(?!\w)"
)
"""Of an alert of several watches that is what an order without a name means anyway."""
_NOUN = re.compile("|".join(NOUNS.values()))
TAKEN = (
    r"(?:i'?m |i am |i(?:'ll| will) )?(?:taking|take) (?:it |this )?over(?: (?:from|for) .{1,30})?|"
    r"(?:(?:i'?m|i am|we are|we're) )?(?:on it|on this|taking (?:it|this)|looking (?:into|at) (?:it|this))|"
    r"(?:i(?:'ll| will)|we(?:'ll| will)) (?:take|handle|look at|look into|deal with) (?:it|this(?: one)?|that one)|"
    r"i(?:'ve| have)? got (?:it|this)(?: one)?|"
    r"(?:(?:it'?s|this is|that'?s) )?mine|me (?:lo|la) quedo(?: yo)?|"
    r"(?:lo|la) (?:cojo|tengo|miro|llevo|arreglo)(?: yo)?|"
    r"(?:ya )?(?:estoy|me pongo|voy) (?:en|con) (?:ello|esto)|(?:ya )?(?:lo|la) estoy (?:mirando|viendo)|"
    r"(?:ya )?estoy (?:mirandol|viendol)[oa]|"
    r"(?:yo )?me (?:encargo|ocupo)(?: yo)?(?: de (?:ello|esto))?|voy yo|es mi[oa]|reconozco|reconocid[oa]|acked"
)
"""Whoever says so acknowledges it: a pattern of the whole text."""

_TAKEN = re.compile(TAKEN)

_FROM_SOMEBODY = re.compile(r"\bover (?:from|for) ")
"""What says more than that."""


def order_about(text: str, subject: Subject, *, below_alert: bool) -> Order | None:
    """The order, or None: an `it` stands in it, or it is written below an alert and its verb is one of ours."""
    said = " ".join(as_typed(text[:200]).split())
    names = subject.watch.split() if below_alert else list(subject.targets)
    if not names or len(said.split()) > MOST_WORDS or hosts_in(said) or HOST in said:
        return None
    if below_alert and _TAKEN.fullmatch(folded(said).rstrip(" .!,")):
        told = said if _FROM_SOMEBODY.search(folded(said)) else ""
        return Order(f"smtpwatch ack {' '.join(names)} {told}".strip(), names)
    placed = _placed(turned(said), is_alert=below_alert)
    found = ordered(placed, [names]) if placed and (below_alert or len(names) == 1) else None
    if found is None or (below_alert and found.is_asked_back and len(said.split()) > FEW):
        return None
    is_of_all = any(verb in SAID_OF_ALL for verb in found.line.split()[1:2])
    return found if is_of_all else ordered(placed, [names[:1]])


def _placed(said: str, *, is_alert: bool) -> str:
    """With a host where it is meant; empty where no order is."""
    known = folded(said)
    verb = VERB.match(known, lead_of(known))
    if verb is None or verb.lastgroup in EVERYDAY:
        return ""
    it = _IT.search(known, verb.end())
    if it:
        every = _ALL.match(known, it.end()) if is_alert else None
        return f"{said[: it.start()]}{HOST}{said[every.end() if every else it.end() :]}"
    if not is_alert or verb.lastgroup not in OF_ALERTS:
        return ""
    at = verb.end()
    while (
        (word := re.match(r"\s*([^\s,;:]+)", known[at:]))
        and (word[1] in FILLERS or _NOUN.fullmatch(word[1]))
        and not (is_length(known[at:]) or _ALL.match(known, at))
    ):
        at += word.end()
    every = _ALL.match(known, at)
    return f"{said[:at]} {HOST}{said[every.end() if every else at :]}"
