"""`portero settings`: what applies, from where, and what is wrong."""

import json
import os

import pytest

from bot.cli import main
from bot.setting_table import TABLE


@pytest.fixture
def setting(monkeypatch):
    """An environment with these settings and no others: `setting(PORTERO_PORT="3001")`."""

    def only(**values):
        for name in [name for name in os.environ if name.startswith(("SLACK_", "PORTERO_"))]:
            monkeypatch.delenv(name)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    only()
    return only


def rows(capsys):
    """Exit status of `portero settings --json`, its rows by name, its problems."""
    status = main(["settings", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert said["schema"] == "portero.settings/1"
    return status, {row["name"]: row for row in said["settings"]}, said["problems"]


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-hidden", "SLACK_APP_TOKEN": "xapp-hidden"}


def test_every_setting_has_a_row(setting, capsys):
    setting(**TOKENS)
    status, found, problems = rows(capsys)
    assert (status, problems) == (0, [])
    assert list(found) == [one.name for one in TABLE]


def test_a_row_says_where_its_value_comes_from(setting, capsys, tmp_path):
    (tmp_path / "token").write_text("xoxb-hidden\n")
    (tmp_path / "PORTERO_WEBHOOK_SECRET").write_text("hidden-hidden-hidden")
    setting(
        SLACK_BOT_TOKEN_FILE=str(tmp_path / "token"),
        CREDENTIALS_DIRECTORY=str(tmp_path),
        PORTERO_PORT="3001 # the proxy knows it",
    )
    _, found, _ = rows(capsys)
    assert found["SLACK_BOT_TOKEN"]["source"] == "file"
    assert found["SLACK_BOT_TOKEN"]["path"] == str(tmp_path / "token")
    assert found["PORTERO_WEBHOOK_SECRET"]["source"] == "credential"
    assert (found["PORTERO_PORT"]["value"], found["PORTERO_PORT"]["source"]) == ("3001", "environment")
    assert (found["PORTERO_PORTS"]["value"], found["PORTERO_PORTS"]["source"]) == ("25,465,587,2525", "default")


def test_no_secret_is_printed(setting, capsys):
    setting(**TOKENS, PORTERO_WEBHOOK_SECRET="hidden-hidden-hidden")
    assert main(["settings"]) == 0
    said = capsys.readouterr()
    assert "(set, not shown)" in said.out
    assert "hidden" not in said.out + said.err


def test_what_is_wrong_is_listed_and_does_not_apply(setting, capsys):
    setting(**TOKENS, PORTERO_PORT="x", PORTERO_EHLO_NAMES="y")
    status, found, problems = rows(capsys)
    assert status == 1
    assert (found["PORTERO_PORT"]["value"], found["PORTERO_PORT"]["source"]) == ("3000", "default")
    assert problems == [
        "PORTERO_PORT: 'x' is not a port; write a number from 1 to 65535",
        "PORTERO_EHLO_NAMES: there is no such setting; did you mean PORTERO_EHLO_NAME?",
    ]


def test_what_is_wrong_stands_below_the_table(setting, capsys):
    setting(PORTERO_PORT="x")
    assert main(["settings"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == len(TABLE)
    assert "SLACK_BOT_TOKEN is missing" in said.err


def test_the_path_of_the_database_is_the_one_that_is_opened(setting, capsys, tmp_path):
    setting(**TOKENS, PORTERO_DATABASE="~/p.db", HOME=str(tmp_path))
    assert rows(capsys)[1]["PORTERO_DATABASE"]["value"] == str(tmp_path / "p.db")
