"""Where settings come from: variables, files, credentials of systemd; and variables that are none of ours."""

import os
import subprocess
import sys

import pytest

from bot.cli import main
from bot.settings import Settings, SettingsError, examine, load

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def problems(environ):
    """What `portero run` complains of."""
    with pytest.raises(SettingsError) as caught:
        load(environ, for_slack=True)
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PORTERO_EHLO_NAMES", "PORTERO_EHLO_NAME"),
        ("PORTERO_EHLO", "PORTERO_EHLO_NAME"),
        ("PORTERO_DATABSE", "PORTERO_DATABASE"),
        ("PORTERO_DENY_HOST", "PORTERO_DENY_HOSTS"),
        ("PORTERO_WATCHES_EVERY_MINUTE", "PORTERO_WATCHES_EVERY_MIN"),
    ],
)
def test_a_misspelt_name_stops_the_bot_and_says_which_one_is_meant(name, meant):
    assert problems({**TOKENS, name: "x"}) == [f"{name}: there is no such setting; did you mean {meant}?"]


def test_a_name_that_is_like_none_says_where_they_are_listed():
    assert problems({**TOKENS, "PORTERO_ZZ": "x"}) == [
        "PORTERO_ZZ: there is no such setting; `portero settings` lists all"
    ]


def test_a_stray_name_stops_no_other_command(monkeypatch, capsys):
    monkeypatch.setenv("PORTERO_ZZ", "x")
    assert main(["port", "587"]) == 0
    assert capsys.readouterr().err == ""


def test_other_commands_mention_a_name_that_was_misspelt_and_go_on(monkeypatch, capsys):
    monkeypatch.setenv("PORTERO_DATABSE", "x.db")
    assert main(["port", "587"]) == 0
    said = capsys.readouterr().err
    assert said == "PORTERO_DATABSE: there is no such setting; did you mean PORTERO_DATABASE?\n"


LINKS = {
    "PORTERO_PORT": "tcp://10.96.0.17:3000",
    "PORTERO_SERVICE_HOST": "10.96.0.17",
    "PORTERO_SERVICE_PORT": "3000",
    "PORTERO_SERVICE_PORT_HTTP": "3000",
    "PORTERO_PORT_3000_TCP": "tcp://10.96.0.17:3000",
    "PORTERO_PORT_3000_TCP_PROTO": "tcp",
    "PORTERO_PORT_3000_TCP_PORT": "3000",
    "PORTERO_PORT_3000_TCP_ADDR": "10.96.0.17",
    "PORTERO_NATS_SERVICE_HOST": "10.96.0.18",
    "PORTERO_NATS_PORT": "tcp://10.96.0.18:4222",
    "PORTERO_NATS_PORT_4222_TCP_ADDR": "10.96.0.18",
}
"""What Kubernetes gives containers beside Services named `portero` and `portero-nats`."""


def test_links_of_kubernetes_are_no_settings():
    assert load({**TOKENS, **LINKS}, for_slack=True) == load(TOKENS, for_slack=True)


def test_what_only_looks_like_a_link_is_told():
    assert "PORTERO_PORT: 'tcp:/x' is not a port" in problems({**TOKENS, "PORTERO_PORT": "tcp:/x"})[0]
    assert "did you mean PORTERO_PORT?" in problems({**TOKENS, "PORTERO_PORT_": "3000"})[0]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("probe.example.com     # resolves to this machine, whose PTR points back", "probe.example.com"),
        ("probe.example.com\t# x", "probe.example.com"),
        ("# none yet", ""),
        ("#", ""),
    ],
)
def test_a_comment_behind_a_value_of_an_env_file_is_none_of_it(value, read):
    assert load({"PORTERO_EHLO_NAME": value}).ehlo_name == read


def test_in_a_password_a_hash_is_no_comment():
    environ = {"PORTERO_MAIL_RELAY": "mx.example.com", "PORTERO_MAIL_FROM": "p@example.com"}
    login = {"PORTERO_MAIL_USER": "portero", "PORTERO_MAIL_PASSWORD": "correct # horse"}
    assert load({**environ, **login}).mail_password == "correct # horse"


def test_a_hash_within_a_word_is_no_comment(tmp_path):
    assert load({"PORTERO_DATABASE": f"{tmp_path}/a#1.db"}).database == f"{tmp_path}/a#1.db"


@pytest.fixture
def secret(tmp_path):
    """Writes a file: `secret("bot_token", "xoxb-1")` gives its path."""

    def write(name, text):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_every_secret_may_stand_in_a_file(secret):
    values = {
        "SLACK_BOT_TOKEN": "xoxb-2",
        "SLACK_APP_TOKEN": "xapp-2",
        "SLACK_SIGNING_SECRET": "cafe",
        "PORTERO_MAIL_PASSWORD": "correct horse",
        "PORTERO_WEBHOOK_SECRET": "0123456789abcdef",
        "PORTERO_PROBE_TOKEN": "fedcba9876543210",
        "PORTERO_PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef",
        "PORTERO_ALERTMANAGER_URL": "https://u:p@am.example/",
        "PORTERO_APPRISE": "ops=ntfy://x/y#z",
    }
    environ = {f"{name}_FILE": secret(name, f"{value}\n") for name, value in values.items()}
    environ |= {"PORTERO_MAIL_RELAY": "m.example", "PORTERO_MAIL_FROM": "p@m.example", "PORTERO_MAIL_USER": "p"}
    settings = load(environ, for_slack=True)
    assert settings.secrets == {value.removeprefix("ops=") for value in values.values()}
    assert settings.apprise == {"ops": "ntfy://x/y#z"}


def test_a_credential_of_systemd_is_read_where_nothing_else_says_it(secret, tmp_path):
    secret("SLACK_BOT_TOKEN", "xoxb-cred\n")
    secret("SLACK_APP_TOKEN", "xapp-cred")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    found = examine({**environ, "SLACK_APP_TOKEN": "xapp-1"})
    assert (found.settings.bot_token, found.settings.app_token) == ("xoxb-cred", "xapp-1")
    assert found.sources["SLACK_BOT_TOKEN"].path == str(tmp_path / "SLACK_BOT_TOKEN")
    assert {name: one.source for name, one in found.sources.items()} == {
        "SLACK_BOT_TOKEN": "credential",
        "SLACK_APP_TOKEN": "environment",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "No such file or directory"), ("", "it is empty"), ("a\nb\n", "more than one line"), ("x" * 70_000, "KiB")],
)
def test_a_secret_that_cannot_be_had_is_one_problem_that_names_the_file(secret, tmp_path, text, words):
    path = str(tmp_path / "token") if text is None else secret("token", text)
    [problem] = problems({"SLACK_BOT_TOKEN_FILE": path, "SLACK_APP_TOKEN": "xapp-1"})
    assert problem.startswith(f"SLACK_BOT_TOKEN_FILE: {path}: ")
    assert words in problem


def test_bytes_that_are_no_text_are_no_secret(tmp_path):
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    [problem] = problems({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "token"), "SLACK_APP_TOKEN": "xapp-1"})
    assert problem.endswith("it is no UTF-8 text")


def test_a_wrong_secret_in_a_file_is_not_shown(secret):
    [problem] = problems({"SLACK_BOT_TOKEN_FILE": secret("token", "xoxp-hidden"), "SLACK_APP_TOKEN": "xapp-1"})
    assert problem.startswith("SLACK_BOT_TOKEN: a value that begins with xoxb- is wanted")
    assert "hidden" not in problem


def test_a_secret_said_twice_is_a_problem(secret):
    [problem] = problems({**TOKENS, "SLACK_BOT_TOKEN_FILE": secret("token", "xoxb-2")})
    assert problem == "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: leave one of them out"


def test_what_needs_no_secret_does_not_stop_for_one(monkeypatch, tmp_path, capsys):
    """Whoever looks at ports may not read the tokens of the service."""
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("PORTERO_MAIL_USER", "portero")
    monkeypatch.setenv("PORTERO_MAIL_PASSWORD_FILE", str(tmp_path / "password"))
    assert main(["port", "587"]) == 0
    assert capsys.readouterr().err == ""


def test_a_pipe_of_the_shell_may_hold_a_secret():
    program = (
        "from bot.settings import load; import os; "
        "print(load({'SLACK_BOT_TOKEN_FILE': os.environ['SLACK_BOT_TOKEN_FILE']}).bot_token)"
    )
    read, write = os.pipe()
    os.write(write, b"xoxb-piped\n")
    os.close(write)
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "SLACK_BOT_TOKEN_FILE": f"/dev/fd/{read}"},
        pass_fds=(read,),
        capture_output=True,
        text=True,
        check=True,
    )
    os.close(read)
    assert run.stdout == "xoxb-piped\n"


def test_nothing_of_an_environment_without_us_is_a_problem():
    found = examine({"PATH": "/bin", "SLACK_WEBHOOK_URL": "https://hooks.slack.com/x"})
    assert (found.settings, found.problems(for_slack=False), found.sources) == (Settings(), [], {})
