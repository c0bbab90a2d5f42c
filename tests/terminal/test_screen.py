"""What strangers wrote cannot steer the terminal, whatever subcommand prints it."""

import ast
import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.console.characters import visible
from bot.console.screen import complain, harmless, say, say_json, say_text
from tests.architecture.sources import ROOT, modules, name_of

STEERING = {
    "colour": "\x1b[31m",
    "clear": "\x1b[2J",
    "link": "\x1b]8;;https://evil.example\x1b\\login\x1b]8;;\x07",
    "C1": "\x9b31m",
    "back": "a\rb",
    "erase": "a\bb\x7f",
    "null": "\x00",
    "bidi": "\u202egnp.exe\u2066",
    "zero width": "a\u200bb\u2060\ufeff",
    "line separator": "a\u2028b\u2029c\x85",
    "tags": "\U000e0041",
    "filler": "\u3164\u115f\u2800",
    "half a letter": "\ud800",
    "soft hyphen": "a\u00adb",
}


def test_a_character_is_printed_as_json_writes_it():
    assert visible("a\x1b[31mb\u202ec\U000e0041\ud800") == "a\\u001b[31mb\\u202ec\\udb40\\udc41\\ud800"


@pytest.mark.parametrize("text", ["señal, größer, naïve", "日本語 العربية हिन्दी", "a\n\tb", "x\r\ny", "🙂 …– “q”"])
def test_what_can_be_seen_stays_as_it_is(text):
    assert visible(text) == text


@given(st.text(st.characters(codec=None)))
def test_whatever_is_printed_has_no_character_of_a_category_that_steers_and_json_reads_it_back(text):
    shown = visible(text).replace("\r\n", "")
    assert not [one for one in shown if unicodedata.category(one)[0] == "C" and one not in "\n\t"]
    assert not set("\u2028\u2029") & set(shown)
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_every_way_to_print_makes_it_visible(capsys, text):
    say(text)
    say_text(text)
    say_json({text: text})
    complain(text, text)
    printed = capsys.readouterr()
    for out in (printed.out, printed.err):
        assert visible(out) == out
        assert "\\u" in out
        assert "\r" not in out


def test_a_line_stays_one_line(capsys):
    say("config\nportero: all is well")
    complain("config\nportero: all is well", "try that")
    assert capsys.readouterr() == (
        "config\\u000aportero: all is well\n",
        "config\\u000aportero: all is well\n  try that\n",
    )


def test_a_document_is_made_harmless_to_its_depth():
    assert harmless({"a": ["\x1b", {"b": "c\nd"}, 1, None]}) == {"a": ["\\u001b", {"b": "c\\u000ad"}, 1, None]}


def printers(path):
    """Calls and names that would print past the one place."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "Console"}:
            yield node.func.id
        if isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"}:
            yield node.attr


ALLOWED = {
    "bot.console.screen": {"stdout", "stderr", "Console"},
    "bot.console.streams": {"stdout", "stderr"},
    "bot.terminal.demo": {"stdout"},
    "bot.terminal.check_run": {"stderr"},
    "bot.cli": {"stdout"},
}
"""The place itself; whether there is a terminal, and that it is flushed."""


def test_the_subcommands_print_through_one_place():
    paths = [*modules("bot/terminal", "bot/console"), ROOT / "bot" / "cli.py"]
    found = {name_of(path): set(printers(path)) - ALLOWED.get(name_of(path), set()) for path in paths}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize("text", [STEERING["colour"], STEERING["link"], STEERING["bidi"], STEERING["C1"]])
def test_what_was_typed_or_named_is_repeated_as_it_may_be_shown(capsys, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    for argv in (["pmta", f"no{text}such"], ["check", "--replay", f"no{text}such"], ["pmta", "--explain", text]):
        assert main(argv) == 2
    for argv in (["history", "--port", text], ["check", "--no-such", text], [text]):
        with pytest.raises(SystemExit):
            main(argv)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert visible(printed.err) == printed.err


TEXTS = [text for name, text in STEERING.items() if name not in {"null", "half a letter"}]
"""What may stand in a file that is text."""


def test_a_config_is_listed_without_what_steers_a_terminal(capsys, tmp_path):
    path = tmp_path / "con\x1bfig"
    lines = ("smtp-listener 0/0:25", *(f"smtp-listner {text}0/0:25" for text in TEXTS))
    path.write_text("\n".join(lines))
    for form in ("text", "json", "sarif"):
        main(["pmta", "--format", form, str(path), str(path.with_name("other\x1b"))])
        printed = capsys.readouterr()
        assert printed.out
        assert visible(printed.out) == printed.out
        assert visible(printed.err) == printed.err


class Terminal:
    """Standard output that says that it is a terminal."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass


def test_a_mended_config_goes_to_a_program_byte_by_byte_and_to_a_terminal_as_it_may_be_shown(
    capfdbinary, monkeypatch, tmp_path
):
    config = b"smtp-port 25\n# caf\xe9 \x1b[31m\n"
    (tmp_path / "config").write_bytes(config)
    with (tmp_path / "config").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        main(["pmta", "--fix", "-"])
    assert config in capfdbinary.readouterr().out
    terminal = Terminal()
    with (tmp_path / "config").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        monkeypatch.setattr(sys, "stdout", terminal)
        main(["pmta", "--fix", "-"])
    assert "# café \\u001b[31m\n" in terminal.text
