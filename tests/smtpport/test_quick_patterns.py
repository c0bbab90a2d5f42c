"""A quick pattern finds what its expression finds, and tries it only where it can."""

from typing import get_args

import pytest

from commands.smtpport.evidence.messages import Group, messages
from commands.smtpport.evidence.quick_patterns import quick_pattern
from tests.every import every
from tests.smtpport.pastes import PASTES
from tests.smtpport.questions import QUESTIONS

NEEDED = {
    r"\bconnection refused\b": ("connection refused",),
    r"(?:timed out|refused)": ("timed out", "refused"),
    r"5\.7\.30\b": ("5.7.30",),
    r"\b(?:err(?:no|or)?)\s*111": ("err",),
    r"(?:time){1,2}out": ("time",),
    r"time(?: out)?": ("time",),
    r"x{0,3}|refused": (),
    r"[0-9]+": (),
    r"(?i)refused": (),
    r"(?i:refused)": (),
    r"(?!refused)": (),
    r"(?<=no )route": ("route",),
    r"[^a]b(?:cd|e)fgh": ("fgh",),
}


@pytest.mark.parametrize(("expression", "words"), NEEDED.items())
def test_the_words_of_a_pattern_are_those_without_which_it_matches_nothing(expression, words):
    assert quick_pattern(expression).words == words


def test_a_text_without_the_words_is_not_searched():
    pattern = quick_pattern(r"x{0,40}y?refused")
    assert pattern.search("connection timed out") is None
    assert pattern.search("xxrefused").span() == (0, 9)
    assert quick_pattern(r"[0-9]+").search("port 587").group() == "587"


@every([row[0].lower() for row in (*PASTES, *QUESTIONS)])
def test_no_message_is_lost_by_its_words(text):
    rows = [row for group in get_args(Group) for row in messages(group)]
    assert [bool(row.pattern.search(text)) for row in rows] == [bool(row.pattern.pattern.search(text)) for row in rows]
