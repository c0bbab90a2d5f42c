"""Which topic a sentence is most like, by written examples of each: what no pattern has whole. Pure, and total.

A topic counts whose example it is, or whose examples it is like (`ENOUGH`) and clearly more than those of any other
(`CLEARLY`).
"""

from collections.abc import Mapping
from functools import cache

from bot.slack.conversation import alert_examples
from bot.slack.conversation.example_words import WORDS
from bot.slack.conversation.hosts import marked
from bot.slack.conversation.likely_topic import Likely
from bot.slack.conversation.order_words import HOST
from bot.slack.conversation.phrasing import bare
from commands.likeness import Examples
from commands.slack_text import undo

ENOUGH, CLEARLY = 1.2, 0.08
"""How much speaks for the topic of a question (a phrase in common: some 8), and the part by which it leads the next."""

ENOUGH_UNASKED, CLEARLY_UNASKED = 2.0, 0.4
"""The same of what is no question: what tells something is taken for no request."""

LONGEST, MOST_WORDS = 160, 20
"""Characters and words of it: what is longer tells something."""


class Topics:
    """Topics with their examples, ready to be compared with."""

    def __init__(self, topics: Mapping[str, Likely]) -> None:
        self._examples = Examples({name: topic.said for name, topic in topics.items()}, WORDS)
        self._exactly = {bare(said): name for name, topic in topics.items() for said in topic.said}

    def likest(self, text: str, enough: float, clearly: float) -> str:
        """The topic that it is enough, and clearly enough, like; empty for none."""
        written = undo(text[: 2 * LONGEST]).strip()
        if len(written) > LONGEST or "\n" in written or len(written.split()) > MOST_WORDS:
            return ""
        said = marked(written, HOST)[0].replace(HOST, "it")
        found = self._examples.most_like(said)
        is_like = found and found.score >= enough and found.margin >= clearly
        return self._exactly.get(bare(said)) or (found.topic if found and is_like else "")


def below_alert(text: str, *, asks: bool) -> str:
    """The topic of `alert_examples` that is asked for, or wanted; empty for anything else."""
    enough, clearly = (ENOUGH, CLEARLY) if asks else (ENOUGH_UNASKED, CLEARLY_UNASKED)
    topic = _of_alerts(asks=asks).likest(text, enough, clearly)
    is_one = topic not in alert_examples.NOTHING and (asks or topic in alert_examples.ON_REQUEST)
    return topic if is_one else ""


@cache
def _of_alerts(*, asks: bool) -> Topics:
    """A question is none of the notes."""
    notes = alert_examples.NOTES if asks else ()
    return Topics({name: topic for name, topic in alert_examples.TOPICS.items() if name not in notes})
