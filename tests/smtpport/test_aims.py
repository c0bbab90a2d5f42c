"""What a question is after: who names a purpose wants its port, and who asks something else is told so."""

from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.aims import is_of_ports
from commands.smtpport.question.reader import read
from tests.every import every


@every(
    [
        "sparkpost from google cloud",
        "which port for sendgrid",
        "465 or 587?",
        "is 587 open at hetzner",
        "can I use 2525 with gmail",
        "que puerto pongo",
        "our printer, port?",
    ]
)
def test_who_names_a_purpose_or_asks_for_a_port_wants_one(text):
    assert is_of_ports(text)


@every(
    [
        "do I have to pay for 25",
        "how long does a mail take",
        "who can see my password if I use port 25",
        "cual es la diferencia entre los dos",
    ]
)
def test_who_asks_something_else_does_not(text):
    assert not is_of_ports(text)


def test_what_is_asked_and_not_understood_is_asked_back_and_no_port_is_stated():
    made = document(advise(read("do I have to pay for port 25")))
    assert (made["undecided"], made["recommended"]) == (True, None)


def test_of_a_provider_that_is_named_the_port_is_tried():
    made = document(advise(read("does mailgun cost anything")))
    assert made["lead"] == "What is asked here was not understood, beyond a port."
    assert not made["certain"]
