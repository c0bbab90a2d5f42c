"""`portero check --demo`: the terminal's check, of a host that the demo makes up."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.demo.lab.hosts import HOSTS


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_it_answers_as_for_any_host_and_keeps_nothing(capsys):
    assert main(["check", "--demo", "mail.lab.example", "587"]) == 0
    assert capsys.readouterr().out.startswith("mail.lab.example works. Use port 587")
    assert list(Path().iterdir()) == []


def test_a_domain_of_the_demo_has_its_exchangers_checked(capsys):
    assert main(["check", "--demo", "lab.example", "25"]) == 0
    assert "25 mail.lab.example" in capsys.readouterr().out


def test_another_host_is_refused_with_those_that_there_are(capsys):
    assert main(["check", "--demo", "mail.example.com"]) == 2
    said = capsys.readouterr().err
    assert "mail.example.com is no host of the demo" in said
    assert [host.name for host in HOSTS if host.name not in said] == []


@pytest.mark.parametrize(
    "typed", [["--file", "hosts.txt"], ["--network"], ["mail.lab.example", "--from", "all"]], ids=" ".join
)
def test_what_the_demo_does_not_have_is_refused(typed, capsys):
    assert main(["check", "--demo", *typed]) == 2
    assert "does not go with --demo" in capsys.readouterr().err


def test_without_a_host_it_names_one(capsys):
    assert main(["check", "--demo"]) == 2
    assert "portero check --demo mail.lab.example" in capsys.readouterr().err
