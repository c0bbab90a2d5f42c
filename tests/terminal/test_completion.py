"""What shells complete, and the manual page."""

import subprocess

import pytest

from bot.cli import main
from bot.terminal.manual_page import manual_page

TRY = """
COMP_WORDS=({words} ""); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _portero; echo "${{COMPREPLY[@]}}"
"""
NEXT = {
    "portero": {"check", "pmta", "vantage", "completion"},
    "portero vantage": {"add", "rotate", "revoke"},
    "portero vantage add mta-03": {"--out", "--source"},
    "portero pmta": {"show", "diff", "--fix"},
    "portero pmta show gmail.com config": {"--mx"},
    "portero pmta --format": {"json", "sarif"},
    "portero completion": {"bash", "zsh", "fish"},
    "portero check --record": set(),
}
"""What was typed -> some of the words that may follow; none: bash offers files."""


def completed(script, typed):
    """All cases in one shell: an answer on each line."""
    tries = "".join(TRY.format(words=words) for words in typed)
    done = subprocess.run(["bash", "-c", f"{script}\n{tries}"], capture_output=True, text=True, check=True)
    return [set(line.split()) for line in done.stdout.splitlines()]


def test_bash_completes_commands_options_and_values(capsys):
    assert main(["completion", "bash"]) == 0
    answers = dict(zip(NEXT, completed(capsys.readouterr().out, NEXT), strict=True))
    assert {typed: words for typed, words in NEXT.items() if not words <= answers[typed]} == {}
    assert answers["portero check --record"] == set()
    assert not {"--fix", "check"} & answers["portero pmta show gmail.com config"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_the_same_words(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert [word for words in NEXT.values() for word in words if word not in script] == []


def test_no_line_of_the_manual_page_commands_what_was_not_meant():
    meant = {".SS", ".TP", ".B", ".BR", ".I", ".RI", ".RB", ".SH", ".TH", '.\\"'}
    commanding = {line.split()[0] for line in manual_page().splitlines() if line[:1] in {".", "'"}}
    assert commanding <= meant
