"""What is meant where it is written: of what was spoken of, as it stands, in everyday words, by examples. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.slack.conversation.below.follow_ups import follow_up
from bot.slack.conversation.everyday.everyday import in_known_words, nearly_in_known_words
from bot.slack.conversation.everyday.everyday_sentences import OF_ALERTS
from bot.slack.conversation.examples import likely
from bot.slack.conversation.examples.talk_examples import TOPICS
from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrases import CONVERSATION
from bot.slack.conversation.sentence.phrasing import has
from bot.slack.conversation.sentence.references import referred
from bot.slack.conversation.sentence.said_times import time_in
from bot.slack.conversation.sentence.understood import CHOICE, OFFER, PLAIN, Understood
from bot.slack.conversation.sentence.whole_texts import of_everything
from bot.slack.conversation.understanding.understanding import meaning, understand
from commands.contract import Subject
from commands.slack_text import undo
from commands.smtpport.question.reader import MOST_TEXT, read
from commands.spanish import folded


@dataclass(frozen=True, slots=True)
class Where:
    """`direct`: nobody else reads it. `aside`: it is in no thread. `files`: some came along. `at`: when it is."""

    at: datetime
    direct: bool = False
    aside: bool = False
    files: bool = False


def read_there(
    text: str, about: Subject | None, where: Where, *, everyday: bool
) -> tuple[Understood | None, Subject | None]:
    """What is meant, and of whom: what goes on with the subject, or stands for itself."""
    if where.files:
        return understand(text, files=True), about
    if about is None:
        return _of_everyday(text, about, where), about
    if (asked := meaning(text) or of_everything(text)) is not None:
        return asked, about
    meant = None if everyday and in_known_words(text) else referred(text, about)
    if meant is not None:
        joined = follow_up(meant.in_full, about, aside=where.aside) if meant.is_joined else None
        found = joined or follow_up(meant.of_it, meant.subject, aside=where.aside) or understand(meant.in_full)
        return found, about if joined else meant.subject
    if (found := follow_up(text, about, aside=where.aside)) is not None:
        return found, about
    return (_of_everyday(text, about, where) if everyday else understand(text)), about


def _of_everyday(text: str, about: Subject | None, where: Where) -> Understood | None:
    """As it stands, but an everyday sentence in words that are known; what is an order as it stands is not offered."""
    example = as_known(_line_of(likely.example_of(text), text, where), about, aside=where.aside)
    if example is not None:
        return example
    known = in_known_words(text)
    meant, found = as_known(known, about, aside=where.aside), understand(text)
    if meant is not None and not (meant.text == OFFER and found and _is_clear(found)):
        return meant
    topic = "" if found and _is_sure(found, text) else likely.asked(text, instead=found is not None)
    like = as_known(_line_of(topic, text, where), about, aside=where.aside)
    return like or found or as_known(nearly_in_known_words(text), about, aside=where.aside)


def _is_clear(found: Understood) -> bool:
    return found.command != CONVERSATION or found.text in {OFFER, CHOICE}


def as_known(known: str, about: Subject | None, *, aside: bool) -> Understood | None:
    """The first of its sentences, parted by `|`, that means something there."""
    if known.startswith(OFFERS):
        return Understood(CONVERSATION, OFFER, ordered=True, value=known.removeprefix(OFFERS))
    if known.startswith(OF_TOPIC):
        return Understood(CONVERSATION, PLAIN, ordered=True, value=known)
    each = [one for one in known.split("|") if one and one not in OF_ALERTS]
    found = ((follow_up(one, about, aside=aside) if about else None) or understand(one) for one in each)
    return next((one for one in found if one is not None), None)


OFFERS, OF_TOPIC = "offer ", "topic "
"""What a line begins with that is offered, and that an answer to a plain question is."""


def _line_of(name: str, text: str, where: Where) -> str:
    """What is read for a topic: of one about a host where the text names one, of any other where it names none."""
    hosts, topic = hosts_in(undo(text)), TOPICS.get(name)
    if topic is None or len(hosts) != ("{host}" in topic.means):
        return ""
    time = time_in(text, where.at)
    line = topic.otherwise if topic.otherwise and not time else topic.means
    said = {"host": hosts[0].name if hosts else "", "time": time, "here": "all" if where.direct else "here"}
    said |= {"form": _form(text), "listed": _listed(text), "quieted": "watches" if has(PAUSED, text) else "mutes"}
    return " ".join(line.format(**said).split())


PAUSED = "paus(?:e|ed|es|ing|ada|ado|adas|ados|a|ar|o)|resum(?:e|ed|es|ing)|reanud(?:a|ada|ado|ar|o)"
"""Of which the log tells as of a change of a watch, not as of a mute."""


def _is_sure(found: Understood, text: str) -> bool:
    """What is read so by its words is that: an order of these, a question that names who sends, or a port."""
    if found.command == "smtpport":
        asked = read(undo(text)[:MOST_TEXT])
        return bool(asked.provider or asked.network or asked.software or asked.port or asked.certain)
    return found.ordered and found.command in SURE


SURE = frozenset({CONVERSATION, "pmta"})


def _listed(text: str) -> str:
    """What a file is to have: what was told, or what was checked; of that what failed, at a port, where said."""
    if has(INCIDENTS, text):
        return "smtpwatch incidents"
    port = AT_PORT.search(folded(text))
    return " ".join(["smtphistory", *(["failed"] if has(FAILED, text) else []), *([port[0]] if port else [])])


INCIDENTS = "incidents?|outages?|alerts?|downtimes?|incidentes?|incidencias?|caidas?|alertas?|avisos?"

FAILED = "failed|fail(?:s|ing|ures?)?|fallid[ao]s?|fallos?|fall(?:a|an|aron|ado|ando)"
AT_PORT = re.compile(r"\b(?:port|puerto) \d{1,5}\b")


def _form(text: str) -> str:
    """The kind of file that is named; else the one that programs for tables open."""
    words = folded(text).split()
    return next((form for form in ("jsonl", "json", "markdown") if form in words), "csv")
