"""Which topic a sentence is most like, by written examples of each: what no pattern has whole. Pure, and total.

A topic counts whose example it is, or whose examples it is like (`ENOUGH`) and clearly more than those of any other
(`CLEARLY`).
"""

import re
from collections.abc import Mapping
from functools import cache

from bot.slack.conversation.examples import alert_examples, talk_examples
from bot.slack.conversation.examples.example_words import WORDS
from bot.slack.conversation.examples.likely_topic import Likely
from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.sentence.hosts import marked
from bot.slack.conversation.sentence.phrasing import bare
from commands.likeness import Examples
from commands.slack_text import undo
from commands.spanish import folded
from commands.words import nearest

ENOUGH, CLEARLY = 1.3, 0.08
"""How much speaks for the topic of a question (a phrase in common: some 8), and the part by which it leads the next."""

ENOUGH_UNASKED, CLEARLY_UNASKED = 2.0, 0.4
"""The same of what is no question: what tells something is taken for no request."""

LONGEST, MOST_WORDS = 160, 20
"""Characters and words of it: what is longer tells something."""


class Topics:
    """Topics with their examples, ready to be compared with."""

    def __init__(self, topics: Mapping[str, Likely], host: str) -> None:
        """`host` is read in the place of each that is named."""
        self._host = host
        self._examples = Examples({name: topic.said for name, topic in topics.items()}, WORDS)
        self._known = frozenset[str]().union(
            *(self._examples.features(said) for topic in topics.values() for said in topic.said)
        )
        each = (folded(said) for topic in topics.values() for said in topic.said)
        self._words = frozenset(word for said in (*each, *WORDS) for word in _WORD.findall(said))
        self._exactly = {bare(said): name for name, topic in topics.items() for said in topic.said}

    def exactly(self, text: str) -> str:
        """The topic of which the text is an example."""
        return self._exactly.get(bare(self._said(undo(text[: 2 * LONGEST]))), "")

    def likest(self, text: str, enough: float, clearly: float) -> str:
        """The topic that it is enough, and clearly enough, like; empty for none."""
        written = undo(text[: 2 * LONGEST]).strip()
        if len(written) > LONGEST or "\n" in written or len(written.split()) > MOST_WORDS:
            return ""
        if exactly := self.exactly(text):
            return exactly
        said = _WORD.sub(self._spelt, folded(self._said(written)))
        found = self._examples.most_like(said)
        is_like = found and found.score >= enough and found.margin >= clearly and self._knows(said)
        return found.topic if found and is_like else ""

    def _said(self, written: str) -> str:
        return marked(written, HOST)[0].replace(HOST, self._host)

    def _spelt(self, word: re.Match[str]) -> str:
        """A word, or the one of the examples that it is a slip of."""
        return word[0] if word[0] in self._words else nearest(word[0], self._words, CLOSE) or word[0]

    def _knows(self, said: str) -> bool:
        """Whether enough of its words stand in any example: what else it says may be what is meant."""
        words = [feature for feature in self._examples.features(said) if " " not in feature]
        known = sum(word in self._known for word in words)
        return known >= KNOWN * len(words) and known >= min(len(words), FEWEST)


_WORD, CLOSE = re.compile(r"(?<![\w.@-])[a-z]{5,}(?![\w.@-])"), 85
"""A word that may be misspelt, and how alike the two have to be."""

KNOWN, FEWEST = 0.5, 2
"""The part of the words of a text that has to stand in examples, and how many of them at least."""


def below_alert(text: str, *, asks: bool) -> str:
    """The topic of `alert_examples` that is asked for, or wanted; empty for anything else."""
    enough, clearly = (ENOUGH, CLEARLY) if asks else (ENOUGH_UNASKED, CLEARLY_UNASKED)
    topic = _of_alerts(asks=asks).likest(text, enough, clearly)
    is_one = topic not in alert_examples.NOTHING and (asks or topic in alert_examples.ON_REQUEST)
    return topic if is_one else ""


def example_of(text: str) -> str:
    """The topic of `talk_examples` of which the text is an example; empty for none."""
    topic = _of_talk().exactly(text)
    return "" if topic in talk_examples.NOTHING else topic


def asked(text: str, *, instead: bool) -> str:
    """The topic of `talk_examples` that is asked for; empty for others. `instead`: the text means something already."""
    topic = _of_talk().likest(text, *(INSTEAD if instead else ELSE))
    return "" if topic in talk_examples.NOTHING else topic


INSTEAD, ELSE = (3.8, 0.4), (2.3, 0.15)
"""How much, and how clearly, a text is like a topic that counts before what it means, and where it means nothing."""


@cache
def _of_talk() -> Topics:
    return Topics(talk_examples.TOPICS, "mail.example.com")


@cache
def _of_alerts(*, asks: bool) -> Topics:
    """A question is none of the notes."""
    notes = alert_examples.NOTES if asks else ()
    return Topics({name: topic for name, topic in alert_examples.TOPICS.items() if name not in notes}, "it")
