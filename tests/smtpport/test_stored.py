"""What is kept of an answer: facts, and from them the same answer as the asker read."""

import json
from dataclasses import replace

import pytest

from commands.history.changes import changes
from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import read, without_words
from commands.smtpport.stored import SCHEMA, stored, summary, summary_in, told
from commands.smtpport.text import full, headline
from commands.stored_shapes import is_document
from tests.every import every
from tests.smtpport.pastes import PASTES
from tests.smtpport.questions import QUESTIONS

TEXTS = [
    *(row[0] for row in QUESTIONS),
    "587 zanahoria",
    "smtp.example.net 465",
    "gmail from linode",
    "azure",
    *(row[0] for row in PASTES),
]


def advice_of(text):
    return advise(without_words(read(text)))


def kept(text):
    """As it comes out of the history."""
    return json.loads(json.dumps(stored(advice_of(text), "id0")))


def strings(value):
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


@every(TEXTS)
def test_a_stored_answer_reads_as_it_did(text):
    row = kept(text)
    assert told(row) == {"id": "id0", **document(advice_of(text))}
    assert summary_in(summary(row)) == headline(document(advice_of(text)))
    assert is_document("port", row)


@every(TEXTS)
def test_no_sentence_is_stored(text):
    """Codes, keys and hosts have no blanks; names of sources and of what was left out do."""
    row = kept(text)
    facts = {name: value for name, value in row.items() if name != "sources"} | {"summary": json.loads(summary(row))}
    facts["question"] = {**row["question"], "left_out": []}
    assert [said for said in strings(facts) if " " in said] == []
    assert {name for source in row["sources"] for name in source} <= {"label", "url", "date", "confidence"}


def test_a_word_that_nobody_understood_is_only_counted():
    row = kept("587 zanahoria fails in blorxville")
    assert "zanahoria" not in json.dumps(row)
    understood = told(row)["understood"]
    assert (understood["not_understood"], understood["unread"]) == ([], row["question"]["unread"])
    assert understood["unread"] > 0


def test_a_host_that_the_answer_is_not_about_is_not_stored():
    question = Question(provider="sparkpost", host="mail.example.net")
    row = stored(advise(question), "id0")
    assert "mail.example.net" not in json.dumps(row)
    assert stored(advise(replace(question, provider=None)), "id0")["question"]["host"] == "mail.example.net"


def test_an_answer_of_the_first_schema_is_shown_in_the_words_of_its_time():
    old = {"id": "id0", **document(advice_of("sparkpost")), "reasons": ["As it was said in those days."]}
    assert told(old) == old
    assert "As it was said in those days." in full(told(old))
    assert is_document("port", old)
    assert summary_in("Use 587 with STARTTLS for SparkPost") == "Use 587 with STARTTLS for SparkPost"


def test_answers_of_both_schemas_are_compared():
    old = {"id": "id0", **document(advice_of("sparkpost"))}
    assert changes("port", old, kept("sparkpost")) == []
    assert [change.code for change in changes("port", old, kept("sparkpost from google cloud, 587 fails"))] != []


def test_what_this_version_does_not_know_is_called_by_its_code():
    row = kept("sparkpost from google cloud")
    row |= {"provider": "gone", "network": "gone"}
    row["reasons"] = [{"code": "said_by_another_version", "params": {"network": "gone"}, "sources": [99]}]
    shown = told(row)
    assert shown["reasons"] == ["Said by another version."]
    assert (shown["provider"], shown["network"]) == (None, None)
    assert headline(shown).startswith("Use ")


@pytest.mark.parametrize("row", ['{"question":', '{"question":{}}', '{"question":{"role":"relay"},"recommended":{}}'])
def test_a_damaged_summary_says_nothing(row):
    assert summary_in(row) == ""


def test_the_schema_is_named():
    assert kept("465")["schema"] == SCHEMA == "portero.port/2"
