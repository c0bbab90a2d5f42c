import contextlib
import subprocess
import sys

import pytest

from bot.cli import SUBCOMMANDS, main, parser


def commands(made):
    (subs,) = [action for action in made._actions if action.dest == "act" or action.choices]
    return subs.choices


def test_the_help_has_every_command_in_order():
    assert list(commands(parser())) == list(SUBCOMMANDS)
    assert list(commands(parser("--help"))) == list(SUBCOMMANDS)
    assert list(commands(parser("prot"))) == list(SUBCOMMANDS)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_a_command_alone_is_what_it_is_among_all(name):
    assert commands(parser(name))[name].format_help() == commands(parser())[name].format_help()


def test_a_question_about_ports_loads_no_other_command():
    program = (
        "import sys; from bot.cli import main; status = main(['port', 'sparkpost']); "
        "others = ('commands.pmta', 'commands.history', 'commands.watch', 'commands.smtpcheck'); "
        "sys.exit(status or str([name for name in sys.modules if name.startswith(others)]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("typed", [["check", "mail.example.com", "--password=zanahoria"], ["check", "pwd:zanahoria"]])
def test_an_error_on_the_terminal_repeats_no_secret(typed, capsys):
    with contextlib.suppress(SystemExit):
        assert main(typed) == 2
    said = capsys.readouterr()
    assert "********" in said.err
    assert "zanahoria" not in said.err + said.out
