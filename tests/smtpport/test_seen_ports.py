"""What somebody saw of ports is told apart from what is asked, wished or denied."""

from commands.smtpport.evidence.seen_ports import reaches_others, seen_ports
from tests.every import every


@every(
    [
        ("587 answers with 220 but 465 times out", {587}, set()),
        ("telnet works on 587 but not on 465.", {587}, {465}),
        ("i get a 220 banner on 587, 465 nothing", {587}, {465}),
        ("el puerto 587 funciona pero no el 465", {587}, {465}),
        ("587 is open, 465 is not", {587}, {465}),
        ("25 to mx.example.net works", {25}, set()),
        ("does 587 work?", set(), set()),
        ("is 587 open", set(), set()),
        ("why is it that 587 works?", set(), set()),
        ("it never works on 587 but not on 465", set(), set()),
        ("it doesn't work on 587", set(), set()),
        ("587 works, but not on 587", set(), set()),
        ("it works on 58700", set(), set()),
    ]
)
def test_ports_that_were_seen(text, answered, failed):
    assert seen_ports(text) == (answered, failed)


@every(
    [
        ("gmail works but outlook.com on port 25 times out", True),
        ("delivery to gmail on 25 works", True),
        ("all others are fine", True),
        ("all the others work", True),
        ("does gmail work", False),
        ("but 587 to gmail works", False),
        ("smtp.gmail.com works", False),
    ]
)
def test_another_destination_that_takes_mail(text, reached):
    assert reaches_others(text) == reached
