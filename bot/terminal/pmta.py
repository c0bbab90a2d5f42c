"""`portero pmta`: the validator on files, for people, editors and pre-commit hooks."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.console.process import BAD_NEWS, FINE, WRONG_USE, run_loop
from bot.console.screen import complain, hand_on, one_line, say, say_json, say_text
from bot.settings import Settings
from bot.terminal import config_file
from bot.terminal.included_files import Disk
from bot.terminal.whole_files import put_together
from commands.contract import UserError
from commands.pmta.configuration.origin import Origin
from commands.pmta.findings.model import Report


def add(subs: Any) -> None:
    pmta = subs.add_parser("pmta", help="check a PowerMTA configuration, as /pmta does")
    pmta.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        default=[config_file.STDIN],
        help="a config; several are one, with what they include; - is standard input",
    )
    pmta.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    pmta.add_argument(
        "--target-version", choices=("4.0", "4.5", "5.0", "5.5", "6.0"), default="5.0", help="release of PowerMTA (5.0)"
    )
    pmta.add_argument("--whole", action="store_true", help="this is the whole configuration, not a part of it")
    pmta.add_argument("--fix", action="store_true", help="write the safe fixes into the file (standard input: print)")
    pmta.add_argument(
        "--live", action="store_true", help="also ask DNS whether PTR and DKIM records (and key files of this host) fit"
    )
    pmta.add_argument("--explain", metavar="NAME", help="the manual of a rule or a directive")
    pmta.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.explain:
        return _explained(arguments.explain)
    disk, status = Disk(), FINE
    for name in dict.fromkeys(arguments.files):
        try:
            _read(disk, name, arguments)
        except UserError as error:  # a bad one does not keep others from theirs
            complain(error.message, error.hint)
            status = WRONG_USE
    return max(status, _linted(disk, arguments, settings)) if disk.given else status


def _read(disk: Disk, name: str, arguments: argparse.Namespace) -> None:
    """A file that was named, mended where that is asked for."""
    from commands.pmta.fixes import changes, safe_fixes  # noqa: PLC0415
    from commands.pmta.linter import lint  # noqa: PLC0415 - the rules, loaded only for a config

    file = disk.given_text(name)
    if arguments.fix:
        report = lint(file.text, **_told(arguments, file.remarks))
        text = safe_fixes(file.text, report)
        _write(file, text, changes(file.text, report), arguments)
        disk.given[name] = replace(file, text=text)


def _told(arguments: argparse.Namespace, remarks: tuple[str, ...]) -> dict[str, Any]:
    fragment = False if arguments.whole else None
    return {"version": arguments.target_version, "fragment": fragment, "undone": remarks}


def _linted(disk: Disk, arguments: argparse.Namespace, settings: Settings) -> int:
    """All files and what they include as one configuration."""
    from commands.pmta.linter import lint  # noqa: PLC0415

    text, origin = put_together(disk)
    remarks = tuple(dict.fromkeys(one for file in disk.given.values() for one in file.remarks))
    report = lint(text, origin=origin, **_told(arguments, remarks))
    is_quiet = arguments.fix and any(file.is_stream for file in disk.given.values())
    if not is_quiet:
        _show(report, next(iter(disk.given)), arguments)
    fits = FINE
    if arguments.live:
        fits = run_loop(_asked(text, origin, settings, text_wanted=arguments.format == "text" and not is_quiet))
    return max(FINE if report.good else BAD_NEWS, fits)


def _show(report: Report, name: str, arguments: argparse.Namespace) -> None:
    """`name` is that of a file which is alone."""
    from commands.pmta.sarif import sarif  # noqa: PLC0415
    from commands.pmta.view import listing  # noqa: PLC0415

    if arguments.format == "text":
        say_text(listing(report))
    else:
        say_json(sarif(report, name) if arguments.format == "sarif" else report.to_json())


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


async def _asked(text: str, origin: Origin, settings: Settings, *, text_wanted: bool) -> int:
    from bot.pmta_lookups import DnsLookups  # noqa: PLC0415
    from bot.terminal.key_files import HostKeyFiles  # noqa: PLC0415
    from commands.pmta import live, live_view  # noqa: PLC0415
    from commands.pmta.facts import facts  # noqa: PLC0415
    from commands.smtpcheck.address.public_addresses import DenyList, Guard  # noqa: PLC0415

    guard = Guard(settings.allow_networks, DenyList.parse(settings.deny_hosts))
    lookups = DnsLookups(settings.nameservers or None, guard)
    found = await live.examine(facts(text, origin), live.World(lookups, settings.ports, HostKeyFiles()))
    # JSON, SARIF and a mended config stay alone on standard output
    say(*live_view.lines(found), aside=not text_wanted)
    return FINE if live_view.good(found) else BAD_NEWS


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
