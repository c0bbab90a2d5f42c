"""`portero pmta`: the validator on files, for people, editors and pre-commit hooks."""

import argparse
from collections.abc import Sequence
from typing import Any

from bot.console.process import BAD_NEWS, FINE, WRONG_USE, run_loop
from bot.console.screen import complain, hand_on, one_line, say, say_json, say_text
from bot.settings import Settings
from bot.terminal import config_file
from commands.contract import UserError
from commands.pmta.findings.model import Report


def add(subs: Any) -> None:
    pmta = subs.add_parser("pmta", help="check a PowerMTA configuration, as /pmta does")
    pmta.add_argument(
        "files", metavar="FILE", nargs="*", default=[config_file.STDIN], help="a config; - is standard input"
    )
    pmta.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    pmta.add_argument(
        "--target-version", choices=("4.0", "4.5", "5.0"), default="5.0", help="release of PowerMTA (5.0)"
    )
    pmta.add_argument("--whole", action="store_true", help="the file is the whole configuration, not a part of it")
    pmta.add_argument("--fix", action="store_true", help="write the safe fixes into the file (standard input: print)")
    pmta.add_argument(
        "--live", action="store_true", help="also ask DNS whether PTR and DKIM records (and key files of this host) fit"
    )
    pmta.add_argument("--explain", metavar="NAME", help="the manual of a rule or a directive")
    pmta.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.explain:
        return _explained(arguments.explain)
    found = [_file(name, arguments, settings) for name in dict.fromkeys(arguments.files)]
    documents = [document for _, document in found if document is not None]
    if arguments.format != "text" and documents:
        say_json(_whole(documents, arguments))
    return max(status for status, _ in found)


def _file(name: str, arguments: argparse.Namespace, settings: Settings) -> tuple[int, dict[str, Any] | None]:
    """The exit status of one file, and its JSON where that is asked for; a bad one does not keep others from theirs."""
    try:
        return _linted(name, arguments, settings)
    except UserError as error:
        complain(error.message, error.hint)
        return WRONG_USE, None


def _linted(name: str, arguments: argparse.Namespace, settings: Settings) -> tuple[int, dict[str, Any] | None]:
    from commands.pmta.fixes import changes, safe_fixes  # noqa: PLC0415
    from commands.pmta.linter import lint  # noqa: PLC0415 - the rules, loaded only for a config
    from commands.pmta.view import listing  # noqa: PLC0415

    file = config_file.read(name)
    told = {
        "version": arguments.target_version,
        "fragment": False if arguments.whole else None,
        "undone": file.remarks,
    }
    text, report = file.text, lint(file.text, **told)
    if arguments.fix:
        made = changes(text, report)
        text = safe_fixes(text, report)
        _write(file, text, made, arguments)
        report = lint(text, **told)
    is_text = arguments.format == "text"
    config_alone = arguments.fix and file.is_stream
    if is_text and not config_alone:
        if len(arguments.files) > 1:
            say(name)
        say_text(listing(report))
    fits = run_loop(_asked(text, settings, text_wanted=is_text and not config_alone)) if arguments.live else FINE
    status = max(FINE if report.good else BAD_NEWS, fits)
    return status, None if is_text or config_alone else _document(report, name, arguments)


def _write(file: config_file.ConfigFile, text: str, made: Sequence[Any], arguments: argparse.Namespace) -> None:
    """The mended config and what changed: beside JSON, SARIF or a config on standard output it is said on the other."""
    from commands.pmta.fixes import listing as changed  # noqa: PLC0415

    if file.is_stream:
        hand_on(text, file.encoding)
    elif made:
        config_file.write(file, text)
    done = f"{len(made)} fixed" if made else "nothing to fix; the file is as it was"
    told = "\n".join([f"{one_line(file.name)}: {done}.", *changed(made), ""])
    say_text(told, aside=file.is_stream or arguments.format != "text")


async def _asked(text: str, settings: Settings, *, text_wanted: bool) -> int:
    from bot.pmta_lookups import DnsLookups  # noqa: PLC0415
    from bot.terminal.key_files import HostKeyFiles  # noqa: PLC0415
    from commands.pmta import live, live_view  # noqa: PLC0415
    from commands.pmta.facts import facts  # noqa: PLC0415
    from commands.smtpcheck.address.public_addresses import DenyList, Guard  # noqa: PLC0415

    guard = Guard(settings.allow_networks, DenyList.parse(settings.deny_hosts))
    lookups = DnsLookups(settings.nameservers or None, guard)
    found = await live.examine(facts(text), live.World(lookups, settings.ports, HostKeyFiles()))
    # JSON, SARIF and a mended config stay alone on standard output
    say(*live_view.lines(found), aside=not text_wanted)
    return FINE if live_view.good(found) else BAD_NEWS


def _document(report: Report, name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    from commands.pmta.sarif import sarif  # noqa: PLC0415

    if arguments.format == "sarif":
        return sarif(report, name)
    return {"file": name, **report.to_json()} if len(arguments.files) > 1 else report.to_json()


def _whole(documents: list[dict[str, Any]], arguments: argparse.Namespace) -> Any:
    """One file gives its own document; several give a list, or one SARIF log with a run each."""
    whole: Any = documents[0] if len(arguments.files) == 1 else documents
    if arguments.format == "sarif":
        whole = {**documents[0], "runs": [run for document in documents for run in document["runs"]]}
    return whole


def _explained(name: str) -> int:
    from commands.pmta.explain import explain, suggestions  # noqa: PLC0415
    from commands.pmta.unread import asked  # noqa: PLC0415

    manual = explain(name)
    if manual is None:
        near = ", ".join(suggestions(name))
        hint = f"Did you mean {near}?" if near else "Rules look like PMTA401, directives like retry-after."
        raise UserError(f"There is no rule and no directive {asked(name) or 'of that name'}.", hint)
    say_text(manual)
    return FINE
