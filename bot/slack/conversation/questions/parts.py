"""Several questions in one message, each by itself: "since when and why?". Pure, and total.

What tells something first is no list of questions: it is read whole.
"""

import re

from bot.slack.conversation.questions.topic_words import ASKING
from bot.slack.conversation.sentence.phrasing import without_courtesies
from commands.spanish import folded

LONGEST, MOST = 200, 4
"""Characters of such a message, and how many questions may stand in it."""

_BEGINS = (
    rf"{ASKING}|since when|until when|was|were|has|have|had|am i|any|from (?:all|everywhere|elsewhere|where)|desde|"
    "hasta|a quien|por ?que|sigue|siguen|esta|estan|estaba|funciona|afecta|se ha|se|lo (?:ha|lleva|sabe|mira)|ha|han|"
    "alguien|lleva|llevamos|pasa|falla|va|hubo|que"
)
"""Words that a question begins with."""

_AND = r"(?:and|y|e|&|plus|also|but|pero|ademas|then)"
_BETWEEN = re.compile(
    rf"(?:\s*(?:\?+|[,;])[\s¿]*(?:{_AND}\s+(?:also\s+)?)?|\s+{_AND}\s+(?:also\s+)?)¿?(?=(?:{_BEGINS})(?![\w.@'-]))"
)


def questions_in(text: str) -> list[str]:
    """Each of them, as it was written; one where it is one, or no question stands behind another one."""
    said = without_courtesies(text)
    known = folded(said)
    if len(said) > LONGEST or "\n" in said or len(known) != len(said):
        return [text]
    found, begins = [], 0
    for between in _BETWEEN.finditer(known):
        found.append(said[begins : between.start()])
        begins = between.end()
    each = [one.strip(" \t?¿!.,") for one in (*found, said[begins:])]
    each = [one for one in each if one]
    if not 1 < len(each) <= MOST or _ASKS.match(folded(each[0])) is None:
        return [text]
    return [f"{one}?" for one in each]


_ASKS = re.compile(rf"(?:{_BEGINS})(?![\w.@'-])")
