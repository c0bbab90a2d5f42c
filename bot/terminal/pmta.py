"""`portero pmta`: the validator on files, for people, editors and pre-commit hooks."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.terminal.common import BAD_NEWS, FINE, run_loop
from commands.contract import Attachment, UserError

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
    pmta.add_argument("--live", action="store_true", help="also ask DNS whether PTR and DKIM records fit")
    pmta.add_argument("--explain", metavar="NAME", help="the manual of a rule or a directive")
    pmta.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.explain:
        return _explained(arguments.explain)
    return max(_linted(name, arguments, settings) for name in arguments.files)


def _linted(name: str, arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.pmta.config import looks_whole  # noqa: PLC0415
    from commands.pmta.linter import lint, safe_fixes  # noqa: PLC0415 - 146 rules, loaded only for a config

    text = _read(name)
    fragment = not (arguments.whole or looks_whole(text))
    report = lint(text, version=arguments.target_version, fragment=fragment)
    if arguments.fix:
        mended = safe_fixes(text, report)
        _write(name, mended)
        report = lint(mended, version=arguments.target_version, fragment=fragment)
    if not (arguments.fix and name == STDIN):
        sys.stdout.write(_shown(report, name, arguments.format) + "\n")
    readable = arguments.format == "text" and not (arguments.fix and name == STDIN)
    fits = run_loop(_asked(text, settings, text_wanted=readable)) if arguments.live else FINE
    return max(FINE if report.good else BAD_NEWS, fits)


async def _asked(text: str, settings: Settings, *, text_wanted: bool) -> int:
    from bot.lookups import DnsLookups  # noqa: PLC0415
    from commands.pmta import live_view  # noqa: PLC0415
    from commands.pmta.facts import facts  # noqa: PLC0415
    from commands.pmta.live import examine  # noqa: PLC0415
    from commands.smtpcheck.guard import Guard  # noqa: PLC0415

    claimed = facts(text)
    found = await examine(claimed, DnsLookups(settings.nameservers or None, Guard(settings.allow_networks)))
    out = sys.stdout if text_wanted else sys.stderr  # JSON, SARIF and a mended config stay alone on standard output
    out.write("\n".join(live_view.lines(found, claimed)) + "\n")
    return FINE if live_view.good(found) else BAD_NEWS


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
        near = ", ".join(suggestions(name))
        hint = f"Did you mean {near}?" if near else "Rules look like PMTA401, directives like retry-after."
        raise UserError(f"There is no rule and no directive {name!r}.", hint)
    sys.stdout.write(manual + "\n")
    return FINE


def _read(name: str) -> str:
    from commands.pmta.paste import from_file  # noqa: PLC0415

    try:
        content = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}.", "portero pmta /etc/pmta/config") from error
    return from_file(Attachment(name, content)).text


def _write(name: str, text: str) -> None:
    if name == STDIN:
        sys.stdout.write(text)
        return
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{name} cannot be written: {error.strerror}.", "Without --fix nothing is written.") from error
