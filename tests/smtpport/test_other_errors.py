"""Several errors in one question: one is answered, the others have a button. One bounce of many lines is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.contract import Reply
from commands.smtpport.other_errors import MOST, other_errors
from commands.smtpport.question.reader import read
from commands.smtpport.view import with_others

UNKNOWN, LATER, LOGIN = "550 5.1.1 User unknown", "421 4.7.0 Try again later", "535 5.7.8 bad credentials"
SEVERAL = {
    f"{UNKNOWN}\n{LATER}": [LATER],
    f"> {UNKNOWN}\n> {LATER}": [LATER],
    "550 5.7.1 Relaying denied\n\n554 5.7.1 blocked using zen.spamhaus.org": [
        "554 5.7.1 blocked using zen.spamhaus.org"
    ],
    f"we get `{UNKNOWN}` and `{LOGIN}`": [UNKNOWN],
}
ONE = (
    UNKNOWN,
    "",
    "which port for gmail?\n\nand for ses?",
    "550-5.7.26 This mail has been blocked.\n550-5.7.26 Gmail requires it of all.\n550 5.7.26 See it.",
    f"hi,\n\nsince yesterday we get this:\n\n{UNKNOWN}\n\nwhat can we do?",
    "Traceback:\n  File x, line 3\nsmtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted')",
    """Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 Service unavailable; blocked using zen.spamhaus.org

<a@example.com>: host mx.example.com said: 554 5.7.1 Service unavailable""",
)


@pytest.mark.parametrize(("text", "others"), SEVERAL.items())
def test_errors_of_several_kinds_are_told_apart(text, others):
    found = other_errors(text, read(text).symptom)
    assert sorted(found) == sorted(others)


@pytest.mark.parametrize("text", ONE)
def test_what_is_one_error_is_one(text):
    assert other_errors(text, read(text).symptom) == []


@given(st.text(max_size=200), st.sampled_from([None, "no_such_user"]))
def test_any_text_has_a_few_or_none(text, symptom):
    assert len(other_errors(f"{text}\n\n{UNKNOWN}", symptom)) <= MOST


def test_none_that_holds_a_secret_gets_a_button():
    told = with_others(Reply("one", [{"type": "divider"}]), ["535 5.7.8 password=hunter2secret rejected", LATER])
    assert told.text == "one\nThat is about one of 3 errors in your message."
    assert [one["value"] for one in told.blocks[-1]["elements"]] == [LATER]
