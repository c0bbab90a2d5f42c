"""Plain questions: what a word means (`terms`), what Portero is and does (`topics`). Pure, deterministic, and total.

What is found is named as `term mta-sts` or `topic kept`; a host that stands in it follows. Answers: `plain_answers`.
"""

import re
from typing import NamedTuple

from bot.slack.conversation.questions import everyday_topics, running_topics, service_topics, topics, trust_topics
from bot.slack.conversation.questions.terms import ASKED, DIFFERENCE, TERMS
from bot.slack.conversation.questions.topic_words import ASKING
from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrasing import bare
from commands.slack_text import undo
from commands.smtpcheck.result.sentences.manual import meaning_of

TOPICS = {
    **everyday_topics.TOPICS,
    **trust_topics.TOPICS,
    **service_topics.TOPICS,
    **running_topics.TOPICS,
    **topics.TOPICS,
}
LONGEST, MOST_WORDS = 160, 16
"""Characters and words of a plain question: what is longer tells something."""


def meaning_asked(text: str) -> str:
    """Of the word, or of two words between which a difference is asked, how they are known; empty for others."""
    said = _THERE.sub("", bare(undo(text[: 2 * LONGEST])))
    if len(said) > LONGEST or "\n" in said:
        return ""
    matches = (pattern.fullmatch(said) for pattern in (_DIFFERENCE, _ASKED))
    names = next((match.groups() for match in matches if match), ())
    known = list(dict.fromkeys(map(_known, names)))
    return f"term {' + '.join(known)}" if known and all(known) else ""


_THERE = re.compile(r" (?:(?:up |in )?there|(?:up )?here|above|ahi|aqui|alli|arriba|en eso|en esto)$")
"""Of a word that stands in an answer, what it means is asked, and nothing anew."""


def topic_asked(text: str) -> str:
    """The topic of a question about Portero, and a host that it names; empty for others."""
    written = undo(text[: 2 * LONGEST]).strip()
    said = bare(written)
    if len(written) > LONGEST or "\n" in written or not 0 < len(said.split()) <= MOST_WORDS:
        return ""
    is_asking = written.rstrip(" .!)").endswith("?") or _ASKING.match(said) is not None
    host = next((one.name for one in hosts_in(written)), "")
    name = next((one.name for one in _TOPICS if one.fits(said, is_asking=is_asking, names_host=bool(host))), "")
    return f"topic {name} {host}".strip() if name else ""


def line_of(found: str) -> str:
    """The command that answers a topic, as it is typed; empty where the topic has an answer of its own."""
    row = TOPICS.get(topic_of(found)[0])
    return row.line if row else ""


def topic_of(found: str) -> tuple[str, str]:
    """The key of a topic, and the host that was named."""
    name = found.removeprefix("topic ")
    key, _, host = name.rpartition(" ")
    return (name, "") if name in TOPICS else (key, host)


def _known(name: str) -> str:
    """The key of a term, or the words of a port's state."""
    key = next((key for key, names in _TERMS if names.fullmatch(name)), "")
    return key or (name if meaning_of(name) else "")


class _Topic(NamedTuple):
    """A row of `TOPICS`, ready to be looked for."""

    name: str
    asks: list[re.Pattern[str]]
    unless: re.Pattern[str] | None
    of_hosts: bool
    alone: re.Pattern[str] | None

    def fits(self, said: str, *, is_asking: bool, names_host: bool) -> bool:
        """Each of its words stands there; what is not asked begins with one of them, as an order does."""
        if self.alone is not None and self.alone.fullmatch(said):
            return True
        found = [words.search(said) for words in self.asks]
        begins = any(match is not None and not match.start() for match in found)
        is_other = (names_host and not self.of_hosts) or (self.unless is not None and self.unless.search(said))
        return bool(found) and all(found) and (is_asking or begins) and not is_other


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.@-])(?:{pattern})(?![\w@-]|\.\w)")


_ASKED, _DIFFERENCE, _ASKING = re.compile(ASKED), re.compile(DIFFERENCE), _words(ASKING)
_TERMS = [(name, re.compile(rf"(?:{term.names})")) for name, term in TERMS.items()]
_TOPICS = [
    _Topic(
        name,
        list(map(_words, row.asks)),
        _words(row.unless) if row.unless else None,
        row.of_hosts,
        re.compile(row.alone) if row.alone else None,
    )
    for name, row in TOPICS.items()
]
