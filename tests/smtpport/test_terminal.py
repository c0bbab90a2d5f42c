"""`portero port`: what it prints, and its exit status."""

import json

import pytest

from bot.cli import main
from commands.smtpport.handler import COMMAND


@pytest.fixture
def port(capsys, monkeypatch, tmp_path):
    """Runs `portero port`: (status, what it printed, what it complained)."""
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "history.db"))

    def run(*argv):
        return (main(["port", *argv]), *capsys.readouterr())

    return run


def test_an_answer_is_fine(port):
    status, out, err = port("sparkpost", "from", "google", "cloud")
    assert (status, err) == (0, "")
    assert out.startswith("Use 587 with STARTTLS for SparkPost\n")


def test_nothing_left_is_bad_news(port):
    status, out, _ = port("gmail from linode")
    assert status == 1
    assert out.startswith("No port is left for Gmail if")


def test_a_text_without_a_question_is_wrong_use(port):
    status, out, err = port("why")
    assert (status, out) == (2, "")
    assert "I found no provider, network, port or purpose in: `why`." in err
    assert COMMAND.examples[0].text in err


def test_no_words_get_the_general_answer(port):
    status, out, _ = port()
    assert status == 0
    assert out.startswith("Use 587 with STARTTLS\n")


def test_json_has_the_names_that_others_rely_on(port):
    status, out, _ = port("--json", "printer to office 365")
    found = json.loads(out)
    assert status == 0
    assert found["schema"] == "portero.port/1"
    assert found["understood"] | {"role": "device", "network": None} == found["understood"]
    assert found["recommended"] == {"port": 587, "tls": "starttls"}
    assert {"port", "tls", "reason"} <= set(found["fallbacks"][0])
    assert set(found["avoid"][0]) == {"port", "reason"}
    assert {"powermta", "postfix", "python", "swaks", "openssl"} <= set(found["snippets"])
    assert all(isinstance(text, str) for text in (*found["reasons"], *found["sources"]))


def test_json_tells_a_condition_apart_from_the_answer(port):
    _, out, _ = port("--json", "sparkpost from linode")
    found = json.loads(out)
    assert found["recommended"] == {"port": 2525, "tls": "starttls"}
    assert found["certain"] is False
    assert found["condition"] == "your account was made since 2019-11-05"
    assert found["otherwise"] == {"port": 587, "tls": "starttls", "certain": True}


SECRETS = ("port 587 password tulip", "P@ss: tulip 587", "p.w. tulip 587", "587 login bob:tulip", "password tulip")


@pytest.mark.parametrize("question", SECRETS)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_question_with_a_secret_is_answered_without_it(port, question, options):
    _, out, err = port(*options, *question.split())
    assert "tulip" not in out + err


def test_the_answer_is_short_and_why_has_the_rest(port):
    _, short, _ = port("sparkpost", "from", "google", "cloud")
    _, long, _ = port("--why", "sparkpost", "from", "google", "cloud")
    assert len(short.splitlines()) <= 12
    assert "Sources:" not in short
    assert {"Sources:", "Login: "} <= {text for text in ("Sources:", "Login: ") if text in long}


def test_lines_for_an_app_stand_below_the_headline(port):
    status, out, _ = port("sparkpost", "--for", "Django")
    assert status == 0
    assert out.startswith("Use 587 with STARTTLS for SparkPost\n")
    assert 'EMAIL_HOST = "smtp.sparkpostmail.com"' in out
    assert "Usual mistake: " in out
    _, out, _ = port("mailgun", "--for", "powermta", "--json")
    found = json.loads(out)
    assert (found["recommended"]["port"], next(iter(found["snippets"]))) == (587, "powermta")


def test_lines_for_an_app_that_nobody_knows_are_refused_with_a_name_that_is_near(port):
    status, out, err = port("sparkpost", "--for", "djnago")
    assert (status, out) == (2, "")
    assert "portero port sparkpost --for django" in err
    status, _, err = port("sparkpost", "--for", "")
    assert status == 2
    assert "There are " in err


def test_another_reading_is_answered_by_its_place(port):
    question = ("535 5.7.8 although the same password works in thunderbird",)
    _, out, _ = port(*question)
    assert "\nOr: user or password is wrong" in out
    assert "--or 1 answers the line with" in out
    assert "--or 2" not in out
    _, out, _ = port("--or", "1", *question)
    assert out.startswith("User or password is wrong")
    status, _, err = port("--or", "2", *question)
    assert (status, "no such reading" in err) == (2, True)
