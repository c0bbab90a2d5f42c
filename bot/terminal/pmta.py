"""`portero pmta`: the validator on files, for people, editors and pre-commit hooks."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.console.formats import add_formats
from bot.console.process import BAD_NEWS, FINE, WRONG_USE, run_loop
from bot.console.screen import complain, hand_on, one_line, say, say_json, say_text
from bot.settings import Settings
from bot.terminal import config_file
from bot.terminal.included_files import Disk
from bot.terminal.pmta_policy import add_policy, policy_of, write_baseline
from bot.terminal.whole_files import put_together
from commands.contract import UserError
from commands.pmta.configuration.assembly import Assembled
from commands.pmta.configuration.origin import Origin
from commands.pmta.findings.model import Report
from commands.pmta.policy import Policy

VERSIONS = ("4.0", "4.5", "5.0", "5.5", "6.0")
SUBCOMMANDS = ("show", "diff", "try")


def add(subs: Any) -> None:
    pmta = subs.add_parser("pmta", help="check a PowerMTA configuration, as /pmta does")
    pmta.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        default=[config_file.STDIN],
        help="a config; several are one, with what they include; - is standard input",
    )
    add_formats(pmta, "json", "sarif", "github", "junit")
    pmta.add_argument("--target-version", choices=VERSIONS, help="release of PowerMTA (5.0)")
    pmta.add_argument("--whole", action="store_true", help="this is the whole configuration, not a part of it")
    pmta.add_argument("--fix", action="store_true", help="write the safe fixes into the file (standard input: print)")
    pmta.add_argument(
        "--live",
        action="store_true",
        help="also ask DNS whether PTR and DKIM records (and files of keys and certificates on this host) fit",
    )
    add_policy(pmta)
    pmta.add_argument("--explain", metavar="NAME", help="the manual of a rule or a directive")
    pmta.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if name := arguments.explain or _asked_as_in_slack(arguments.files):
        return _explained(name)
    policy = policy_of(arguments)
    arguments.target_version = policy.version
    disk, status = Disk(), FINE
    for name in dict.fromkeys(arguments.files):
        try:
            _read(disk, name, arguments)
        except UserError as error:  # a bad one does not keep others from theirs
            near = get_close_matches(name, SUBCOMMANDS, 1) if name == arguments.files[0] else ()
            complain(error.message, f"Did you mean portero pmta {near[0]}?" if near else error.hint)
            status = WRONG_USE
    return max(status, _linted(disk, policy, arguments, settings)) if disk.given else status


def _asked_as_in_slack(files: Sequence[str]) -> str:
    """`portero pmta explain PMTA401`, where no file is called so."""
    verb, *name = files or [""]
    return " ".join(name) if name and verb == "explain" and not Path(verb).exists() else ""


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


def _linted(disk: Disk, policy: Policy, arguments: argparse.Namespace, settings: Settings) -> int:
    """All files and what they include as one configuration."""
    from commands.pmta.linter import lint  # noqa: PLC0415

    text, origin = put_together(disk)
    remarks = tuple(dict.fromkeys(one for file in disk.given.values() for one in file.remarks))
    name = next(iter(disk.given))
    report = policy.applied(lint(text, origin=origin, **_told(arguments, remarks)), name)
    if arguments.write_baseline:
        write_baseline(arguments.write_baseline, report, name)
    is_quiet = arguments.fix and any(file.is_stream for file in disk.given.values())
    if not is_quiet:
        _show(report, name, Assembled(text, origin), arguments.format)
    fits = FINE
    if arguments.live:
        fits = run_loop(_asked(text, origin, settings, text_wanted=arguments.format == "text" and not is_quiet))
    return max(BAD_NEWS if policy.fails(report) else FINE, fits)


def _show(report: Report, name: str, read: Assembled, form: str) -> None:
    """`name` is that of a file which is alone."""
    from commands.pmta import annotations  # noqa: PLC0415
    from commands.pmta.sarif import sarif  # noqa: PLC0415
    from commands.pmta.view import listing  # noqa: PLC0415

    if form == "json":
        say_json(report.to_json())
    elif form == "sarif":
        say_json(sarif(report, name, read.text, read.origin))
    elif form == "github":
        say(*annotations.github(report, name))
    else:
        say_text(listing(report) if form == "text" else annotations.junit(report, name))


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
    from commands.pmta.masking import asked  # noqa: PLC0415

    manual = explain(name) or explain("-".join(name.split()))
    if manual is None:
        said = f"There is no rule and no directive {asked(name) or 'of that name'}."
        near = [f"--explain {one}" for one in suggestions(name)]
        raise UserError(said, "Rules look like PMTA401, directives like retry-after.", near)
    say_text(manual)
    return FINE
