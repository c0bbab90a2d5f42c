"""Lines to paste are complete, fit the port, and hold no secret."""

import ast
import re

import pytest

from commands.pmta.linter import lint
from commands.smtpport.advise import advise
from commands.smtpport.question.reader import read
from commands.smtpport.snippets import snippets
from tests.every import every
from tests.smtpport.questions import QUESTIONS


def snippets_of(text):
    return snippets(advise(read(text)))


def test_sparkpost_is_written_for_powermta_with_starttls_required():
    lines = snippets_of("sparkpost")["powermta"]
    assert "smtp-hosts smtp.sparkpostmail.com:587" in lines
    assert "require-starttls yes" in lines
    assert "auth-username SMTP_Injection" in lines


def test_postfix_wraps_465_in_tls_and_587_not():
    assert "smtp_tls_wrappermode = yes" in snippets_of("fastmail")["postfix"]
    assert "wrappermode" not in snippets_of("sparkpost")["postfix"]


def test_powermta_is_left_out_where_only_implicit_tls_is_offered():
    assert "powermta" not in snippets_of("orange.fr")


def test_an_address_of_the_app_itself_that_is_the_fault_is_not_pasted_again():
    lines = snippets_of(
        "nextcloud and proton bridge in containers: Unable to connect to tcp://127.0.0.1:1025 (Connection refused)"
    )
    assert "smtp.example.com" in lines["nextcloud"]
    assert "127.0.0.1" not in lines["nextcloud"]


def test_the_tool_that_was_named_comes_first():
    assert next(iter(snippets_of("ses with swaks"))) == "swaks"


@pytest.mark.parametrize(
    "host",
    [
        "email-smtp.eu-west-1.amazonaws.com",
        "smtp.email.eu-frankfurt-1.oci.oraclecloud.com",
        "mail-eu.smtp2go.com",
        "bulk.smtp.mailtrap.io",
    ],
)
def test_the_host_that_was_given_stands_in_the_lines(host):
    assert f"{host}:" in snippets_of(f"{host} 587")["openssl"]


def test_an_exchanger_or_an_address_is_not_taken_for_the_submission_host():
    assert "smtp.mail.ru" in snippets_of("mx1.mail.ru")["openssl"]
    assert "smtp.gmail.com" in snippets_of("me@gmail.com")["openssl"]


def test_a_device_that_cannot_log_in_gets_no_lines_with_a_login():
    found = snippets_of("printer without auth to office 365")
    assert set(found) == {"swaks", "openssl"}
    assert "auth" not in "".join(found.values())


def test_receiving_shows_a_listener_on_25():
    assert "smtp-listener 0/0:25" in snippets_of("receive bounces")["powermta"]


def test_a_question_about_25_shows_how_to_test_it_from_a_shell():
    found = snippets_of("is port 25 blocked here?")
    assert found["telnet"] == "telnet gmail-smtp-in.l.google.com 25\n"
    assert {"nc", "powershell", "openssl"} <= set(found)


def test_local_mail_goes_to_the_catcher():
    assert 'SMTP("localhost", 1025' in snippets_of("local development")["python"]


@every(row[0] for row in QUESTIONS)
def test_python_lines_compile_and_nothing_is_left_to_fill_in(text):
    found = snippets_of(text)
    ast.parse(found.get("python", ""))
    assert not re.search(r"\{(host|port|user)\}", "".join(found.values()))


def test_powermta_lines_pass_our_own_linter():
    for lines in {snippets_of(row[0]).get("powermta", "") for row in QUESTIONS}:
        faults = [finding for finding in lint(lines).findings if finding.severity != "notice"]
        assert faults == [], lines


@every(row[0] for row in QUESTIONS)
def test_passwords_are_placeholders(text):
    for line in "\n".join(snippets_of(text).values()).splitlines():
        if re.search("password ", line):
            assert line.endswith("YOUR-PASSWORD"), line
