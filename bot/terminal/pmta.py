"""`portero pmta`: the validator on files, for people, editors and pre-commit hooks."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.terminal.common import BAD_NEWS, FINE
from commands.contract import UserError

STDIN = "-"


def add(subs: Any) -> None:
    pmta = subs.add_parser("pmta", help="check a PowerMTA configuration, as /pmta does")
    pmta.add_argument("files", metavar="FILE", nargs="*", default=[STDIN], help="a config; - is standard input")
    pmta.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    pmta.add_argument(
        "--target-version", choices=("4.0", "4.5", "5.0"), default="5.0", help="release of PowerMTA (5.0)"
    )
    pmta.add_argument("--whole", action="store_true", help="the file is the whole configuration, not a part of it")
    pmta.add_argument("--fix", action="store_true", help="write the safe fixes into the file (standard input: print)")
    pmta.add_argument("--explain", metavar="NAME", help="the manual of a rule or a directive")
    pmta.set_defaults(act=act)


def act(arguments: argparse.Namespace, _settings: Settings) -> int:
    if arguments.explain:
        return _explained(arguments.explain)
    return max(_linted(name, arguments) for name in arguments.files)


def _linted(name: str, arguments: argparse.Namespace) -> int:
    from commands.pmta.linter import lint, safe_fixes  # noqa: PLC0415 - 146 rules, loaded only for a config

    text = _read(name)
    report = lint(text, version=arguments.target_version, fragment=not arguments.whole)
    if arguments.fix:
        _write(name, safe_fixes(text, report))
        report = lint(_read(name), version=arguments.target_version) if name != STDIN else report
    if not (arguments.fix and name == STDIN):
        sys.stdout.write(_shown(report, name, arguments.format) + "\n")
    return FINE if report.good else BAD_NEWS


def _shown(report: Any, name: str, form: str) -> str:
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=2)
    if form == "sarif":
        from commands.pmta.sarif import sarif  # noqa: PLC0415

        return json.dumps(sarif(report, name), ensure_ascii=False, indent=2)
    from commands.pmta.text import listing  # noqa: PLC0415

    return listing(report)


def _explained(name: str) -> int:
    from commands.pmta.explain import explain, suggestions  # noqa: PLC0415

    manual = explain(name)
    if manual is None:
        raise UserError(
            f"There is no rule and no directive {name!r}.", "Did you mean " + ", ".join(suggestions(name)) + "?"
        )
    sys.stdout.write(manual + "\n")
    return FINE


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}.", "portero pmta /etc/pmta/config") from error


def _write(name: str, text: str) -> None:
    if name == STDIN:
        sys.stdout.write(text)
    else:
        Path(name).write_text(text, encoding="utf-8")
