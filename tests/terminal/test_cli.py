import contextlib
import subprocess
import sys

import pytest

from bot.cli import SUBCOMMANDS, main, parsed, parser
from bot.console.formats import FORMATS
from tests.every import every


def commands(made):
    (subs,) = [action for action in made._actions if action.dest == "act" or action.choices]
    return subs.choices


def test_the_help_has_every_command_in_order():
    assert list(commands(parser())) == list(SUBCOMMANDS)
    assert list(commands(parser("--help"))) == list(SUBCOMMANDS)
    assert list(commands(parser("prot"))) == list(SUBCOMMANDS)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("help", "COMMAND ..."), ("help check", "portero check"), ("help pmta show", "portero pmta show")],
)
def test_help_is_a_word_as_in_slack(typed, says, capsys):
    with pytest.raises(SystemExit) as ended:
        main(typed.split())
    assert ended.value.code == 0
    assert says in capsys.readouterr().out.splitlines()[0]


@every(SUBCOMMANDS)
def test_a_command_alone_is_what_it_is_among_all(name):
    assert commands(parser(name))[name].format_help() == commands(parser())[name].format_help()


def test_a_question_about_ports_loads_no_other_command():
    program = (
        "import sys; from bot.cli import main; status = main(['port', 'sparkpost']); "
        "others = ('commands.pmta', 'commands.history', 'commands.watch', 'commands.smtpcheck'); "
        "shared = ('commands.smtpcheck.result', ); "  # what errors mean
        "loaded = [name for name in sys.modules if name.startswith(others) and not name.startswith(shared)]; "
        "sys.exit(status or str([name for name in loaded if name != 'commands.smtpcheck']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"


def test_a_form_is_called_the_same_in_every_command_and_json_has_an_option_of_its_own():
    forms = {name: options(command) for name, command in commands(parser()).items()}
    words = {name: found["--format"].choices for name, found in forms.items() if "--format" in found}
    assert {word for choices in words.values() for word in choices} == FORMATS.keys()
    assert {"check", "port", "pmta", "pmta show", "history", "log", "watch", "settings", "doctor"} <= words.keys()
    assert all(choices[0] == "text" and forms[name]["--json"].const == "json" for name, choices in words.items())


def options(command):
    return {option: action for action in command._actions for option in action.option_strings}


@pytest.mark.parametrize(
    "typed", ["h.example 25 587 --json", "h.example --json 25 587", "--json h.example 25 --deep 587"]
)
def test_ports_may_stand_before_and_behind_the_options_of_a_check(typed):
    arguments = parsed(["check", *typed.split()])
    assert (arguments.target, arguments.more, arguments.format) == ("h.example", ["25", "587"], "json")


@pytest.mark.parametrize("typed", [["check", "h.example", "--no-such"], ["port", "--x", "25"]])
def test_what_is_no_option_is_refused(typed, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(typed)
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_word_behind_options_is_no_port(capsys):
    """argparse refuses it until Python 3.13, and hands it on from there."""
    with contextlib.suppress(SystemExit):
        assert main(["check", "h.example", "--json", "wort"]) == 2
    said = capsys.readouterr()
    assert "wort" in said.err
    assert said.out == ""


def test_nothing_shows_the_commands_and_a_misspelt_one_what_was_meant(capsys):
    for typed, said in (
        ([], "commands:"),
        (["chek", "h.example"], "Did you mean portero check?"),
        (["status"], "Did you mean portero doctor?"),
        (["backup", "b.db"], "Did you mean portero history?"),
        (["xyzzy"], "--help"),
    ):
        with pytest.raises(SystemExit) as ended:
            parsed(typed)
        assert ended.value.code == 2
        assert said in "".join(capsys.readouterr())


def test_a_manual_is_asked_for_as_in_slack(capsys):
    for typed in ("explain PMTA401", "explain open relay", "--explain open-relay"):
        assert main(["pmta", *typed.split()]) == 0
        assert "PMTA401 open-relay" in capsys.readouterr().out


@pytest.mark.parametrize("typed", [["check", "mail.example.com", "--password=zanahoria"], ["check", "pwd:zanahoria"]])
def test_an_error_on_the_terminal_repeats_no_secret(typed, capsys):
    with contextlib.suppress(SystemExit):
        assert main(typed) == 2
    said = capsys.readouterr()
    assert "********" in said.err
    assert "zanahoria" not in said.err + said.out


def test_what_may_follow_a_command_is_not_taken_for_a_secret(capsys):
    with pytest.raises(SystemExit):
        main(["vantage", "delete"])
    assert "argument add/list/pin/rotate/revoke: invalid choice" in capsys.readouterr().err
