"""Every question of the table is understood and answered as an experienced mail engineer would."""

from hypothesis import given
from hypothesis import strategies as st

from commands.smtpport.advise import advise
from commands.smtpport.question.reader import read
from tests.every import every
from tests.smtpport.questions import QUESTIONS
from tests.work import calls

IDS = [row[0] for row in QUESTIONS]
UNKNOWN = {
    "port for acmemail": ("acmemail",),
}
LEFT_OUT = {"gmail through sendgrid", "sendgrid vs mailgun"}
"""Questions that name more than one provider."""


def test_the_table_holds_at_least_120_questions():
    assert len(QUESTIONS) >= 120
    assert len({row[0] for row in QUESTIONS}) == len(QUESTIONS)


@every(QUESTIONS)
def test_a_question_is_understood_and_answered(text, role, provider, network, port, fallback):
    question = read(text)
    assert (question.role, question.provider, question.network) == (role, provider, network)
    advice = advise(question)
    assert (advice.recommended.port if advice.recommended else None) == port
    assert (advice.fallbacks[0].port if advice.fallbacks else None) == fallback


@every(IDS)
def test_nothing_in_a_question_of_the_table_is_passed_over(text):
    assert read(text).not_understood == UNKNOWN.get(text, ())
    assert bool(read(text).left_out) == (text in LEFT_OUT)


@every(IDS)
def test_no_answer_contradicts_the_provider_table_or_the_network_table(text):
    advice = advise(read(text))
    choices = [choice for choice in (advice.recommended, *advice.fallbacks) if choice]
    if advice.question.role in {"submission", "device"} and advice.provider:
        offered = {(offer.port, offer.tls) for offer in advice.provider.offers}
        assert {(choice.port, choice.tls) for choice in choices} <= offered | direct_send(advice)
        assert not {choice.port for choice in choices} & set(advice.provider.refuses)
    if advice.network and advice.question.role in {"submission", "device", "relay"}:
        states = advice.network.egress
        assert not [choice.port for choice in choices if states.get(choice.port) == "blocked"]
    assert not {choice.port for choice in choices} & {*advice.question.tried, *advice.question.barred}


def direct_send(advice):
    """What a device may do instead, on another host: 25 and a login exclude each other at Microsoft 365."""
    return {(choice.port, choice.tls) for choice in advice.fallbacks if choice.host}


def test_words_that_nobody_knows_are_reported():
    assert read("sparkpost from the moonbase").not_understood == ("moonbase",)


def test_a_second_provider_is_reported_and_not_mixed_in():
    question = read("sendgrid or mailgun")
    assert (question.provider, question.left_out, question.not_understood) == ("sendgrid", ("mailgun",), ())


def test_a_question_in_which_nothing_is_recognised_is_empty():
    assert read("asdf qwer").empty
    assert read("").empty
    assert not read("ses").empty


def test_software_that_is_named_is_noticed():
    assert read("postfix with ses").software == "postfix"
    assert read("pmta to sparkpost").software == "powermta"


def test_ports_that_failed_are_told_from_ports_asked_about():
    question = read("587 times out, can I use 2525?")
    assert (question.tried, question.port) == ((587,), 2525)


def test_small_numbers_are_counts_unless_they_are_called_ports():
    assert read("3 apps to sendgrid").port is None


@every(
    [
        "50000 newsletters a month through mailgun, which port",
        "we send 50,000 mails a month through mailgun, which port",
        "10000 transactional emails a day with mailgun",
        "mailgun for 25 employees",
        "465 subscribers and mailgun, port?",
        "mailgun, 25 new users, which port",
        "mailgun limit of 2000 recipients",
        "enviamos 30000 correos al mes con mailgun",
    ]
)
def test_an_amount_is_no_port(text):
    question = read(text)
    assert (question.port, question.tried, question.provider) == (None, (), "mailgun")


def test_a_number_before_what_it_carries_is_a_port_all_the_same():
    assert read("mailgun, port 8025 clients").port == 8025
    assert read("mailgun on 587 emails fail").tried == (587,)


def test_ports_in_a_row_share_what_is_said_of_them():
    assert read("sendgrid: 25, 465 and 587 all time out").tried == (25, 465, 587)
    assert read("sendgrid on 465,587 fails").tried == (465, 587)
    assert read("465, 587 blocked, what else for mailgun").tried == (465, 587)
    question = read("gmail times out on 465, 587 works")
    assert (question.tried, question.working) == ((465,), (587,))
    question = read("gmail works on 465, 587 fails")
    assert (question.tried, question.working) == ((587,), (465,))


@given(st.text(max_size=300))
def test_any_text_gives_a_question_and_an_answer(text):
    advise(read(text))


@given(st.lists(st.sampled_from(sorted(" ".join(IDS).split())), max_size=30))
def test_any_mix_of_known_words_gives_an_answer(words):
    advice = advise(read(" ".join(words)))
    assert advice.reasons or advice.diagnosis or advice.question.undecided


def test_twice_as_many_unknown_words_are_at_most_about_twice_the_work():
    words = [f"{first}{second}xq{number}" for number in range(9) for first in "bdfghk" for second in "aeiou"]
    read(words[0])  # what is read once for all
    once, twice = (calls(read, " ".join(words[:many])) for many in (len(words) // 2, len(words)))
    assert twice < 2.5 * once
