"""What is told of a trial is told clause by clause: what it was done with, and whether it worked."""

from commands.smtpport.evidence.phrases import words_of
from commands.smtpport.evidence.situations import signs_in
from commands.smtpport.evidence.told import clauses_of
from commands.smtpport.question.reader import read
from tests.every import every
from tests.work import calls


def outcomes(text):
    return [clause.worked for clause in clauses_of(words_of(text)) if clause.worked is not None]


@every(
    [
        ("works from the host, but not from the container", {"worked.host", "failed.container"}),
        ("I can telnet from the node, not from a pod", {"worked.host", "failed.container"}),
        ("in docker: connection refused, on the host no problem", {"failed.container", "worked.host"}),
        ("the same account is fine in thunderbird while the app fails", {"worked.program"}),
        ("fails on the server, on my laptop it works", {"worked.place"}),
        ("con el mismo usuario funciona en outlook, pero la app no conecta", {"worked.program"}),
        ("does it work from the container?", set()),
        ("outlook: error 10060, the webmail works", {"failed.program", "worked.webmail"}),
        ("la impresora del almacen no envia, outlook si", {"worked.program"}),
        ("will it work from the container once 587 is open", set()),
    ]
)
def test_each_clause_tells_of_what_it_names_alone(text, told):
    seen = {sign for sign in signs_in(text) if sign.startswith(("worked.", "failed."))}
    assert told <= seen
    assert (
        not {f"{'failed' if sign.startswith('worked') else 'worked'}.{sign.partition('.')[2]}" for sign in told} & seen
    )


def test_no_trouble_is_no_failure():
    assert outcomes("without any problems in swaks, the app times out") == [True, False]


def test_what_stands_before_a_not_worked_whatever_its_verb():
    question = read("the printer scans with smtp2go on 2525 but not on 587")
    assert (question.working, question.tried) == ((2525,), (587,))


def test_who_moved_is_where_they_moved_to():
    assert read("sendgrid fails since we moved the app from hetzner to azure").network == "azure"


def test_a_name_that_is_denied_is_none_of_the_parties():
    assert read("gitlab with our exchange, no m365 involved, which port").provider is None


def test_addresses_somewhere_are_no_host_to_send_through():
    assert read("our smarthost refuses mails with a sender of @gmail.com").provider is None


def test_an_access_rule_of_a_server_is_no_wrong_password():
    question = read(
        "554 5.7.1 <web1.example.net[192.0.2.7]>: Client host rejected: Access denied, we hand mail to a smarthost"
    )
    assert question.symptom in {"client_refused", "client_rule"}


@every(["but not on ", "not from ", "no problem ", "fails, ok "])
def test_twice_as_many_clauses_are_about_twice_the_work(piece):
    once, twice = (calls(clauses_of, words_of(piece * many)) for many in (100, 200))
    assert twice < 2.5 * once


@every(
    [
        ("nobody can send to us, telnet to 25 on the docker host says refused, sending fine", "inbound_closed"),
        ("some senders get 'Connection refused' on our MX", "inbound_closed"),
        (
            "host mx.example.net[192.0.2.20] said: 454 4.7.1 <joe@example.net>: Relay access denied",
            "relay_at_exchanger",
        ),
        ("connect to mx1.example.net[2001:db8::1]:25: Network is unreachable. ipv4 ones time out", "delivery_silent"),
        ("wordpress, SMTP Error: no se pudo autenticar, cuenta de gmail", "login_refused"),
        ("the log has status=sent (250 2.6.0 Queued mail for delivery) and it never arrives at hotmail", "said_sent"),
        ("AUTH PLAIN gives 500 5.5.1 Command unrecognized after STARTTLS", "auth_not_offered"),
    ]
)
def test_who_cannot_reach_whom_is_read(text, diagnosis):
    assert read(text).symptom == diagnosis


def test_a_port_shares_the_lot_of_those_before_it():
    assert set(read("587 is blocked at the hotel, 465 too").tried) == {465, 587}


@every(["no sale correo a hotmail", "send to gmail users from my server"])
def test_mail_that_leaves_for_mailboxes_is_delivered(text):
    assert read(text).role == "relay"


def test_ones_own_smarthost_is_a_goal_and_no_receiver():
    question = read(
        "554 5.7.1 <w[192.0.2.7]>: Client host rejected: Access denied, our server hands mails to our smarthost"
    )
    assert question.symptom != "own_server_refuses"


def test_where_reading_fails_and_sending_works_the_login_is_that_of_reading():
    assert read("sending works on 587, but imap on 993: login failed").symptom == "imap_login"
