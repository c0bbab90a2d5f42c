"""A transcript has below each refusal what it means, as far as the table of replies knows."""

from commands.smtpcheck.result.sentences.english import MEANINGS, SENTENCES
from commands.smtpcheck.view.transcript import lines


def spoken(*said):
    """`S: ...` and `C: ...` as a stored transcript."""
    senders = {"S": "server", "C": "client"}
    return {"transcript": [{"at_ms": 1.0, "from": senders[one[0]], "text": one[3:]} for one in said]}


def meanings(*said):
    return [line.strip(" =") for line in lines(spoken(*said)) if not line.startswith("     1.0 ")]


def test_a_refusal_has_its_meaning_below_it():
    said = (
        "S: 220 mail.example.com",
        "C: EHLO a.example",
        "S: 250 STARTTLS",
        "C: STARTTLS",
        "S: 454 4.3.0 Try again later",
    )
    assert meanings(*said) == [MEANINGS["server_fault"]]
    assert list(lines(spoken(*said)))[-2] == "     1.0 S: 454 4.3.0 Try again later"


def test_the_same_words_mean_what_they_mean_where_they_are_said():
    reply = "S: 502 5.5.1 a.example unknown"
    assert meanings("S: 220 mail", "C: EHLO a.example", reply) == [MEANINGS["ehlo_name"]]
    assert meanings("S: 220 mail", "C: STARTTLS", reply) == [MEANINGS["command_unknown"]]


def test_a_reply_of_several_lines_is_read_as_one():
    said = ("S: 554-5.7.1 Service unavailable; Client host [192.0.2.1]", "S: 554 5.7.1 blocked using zen.spamhaus.org")
    assert meanings(*said) == [MEANINGS["listed"]]


def test_a_reading_that_nobody_documents_is_told_as_such():
    assert meanings("S: 554 IP=192.0.2.1 - A problem occurred") == [MEANINGS["banned"], SENTENCES["only_reported"]]


def test_what_the_table_does_not_know_stays_alone():
    assert meanings("S: 220 mail", "C: EHLO a", "S: 250-mail", "S: 250 SIZE", "S: ", "S: (closed)", "S: 554 no") == []
