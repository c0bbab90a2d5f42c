"""What a project wants of `portero pmta`: its `portero.toml`, flags for the same, and a baseline file."""

import argparse
import os
from dataclasses import replace

from bot.console.files import read_input, write_output
from commands.contract import UserError
from commands.pmta.findings.model import Report
from commands.pmta.policy import FAIL_ON, Policy, baseline_of, codes, read_baseline, read_project

PROJECT = "portero.toml"
MOST_BYTES = 1024 * 1024


def add_policy(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what counts", f"also in the section [pmta] of {PROJECT} in this folder")
    group.add_argument("--project", metavar="FILE", help=f"another project file than {PROJECT}")
    group.add_argument("--ignore", metavar="RULE", action="append", default=[], help="a rule that does not count")
    group.add_argument("--select", metavar="RULE", action="append", default=[], help="of all rules these alone")
    group.add_argument("--name", metavar="SETTING", action="append", default=[], help="a setting that is known here")
    group.add_argument("--fail-on", choices=FAIL_ON, help="what gives status 1: this or worse (danger)")
    group.add_argument("--baseline", metavar="FILE", help="what was there before: only what is new fails")
    group.add_argument("--write-baseline", metavar="FILE", help="write one of what is found now")


def policy_of(arguments: argparse.Namespace) -> Policy:
    """The project file, and what was typed above it. Raises UserError for what is not understood."""
    policy = _project(arguments.project)
    for name in ("ignore", "select"):
        if typed := [word for one in getattr(arguments, name) for word in one.split(",")]:
            policy = replace(policy, **{name: getattr(policy, name) | codes(typed, f"--{name}")})
    names = policy.names | {one.lower() for one in arguments.name}
    baseline = read_baseline(_text(arguments.baseline), arguments.baseline) if arguments.baseline else {}
    fail_on, version = arguments.fail_on or policy.fail_on, arguments.target_version or policy.version or "5.0"
    return replace(policy, names=names, fail_on=fail_on, version=version, baseline=baseline)


def _project(named: str | None) -> Policy:
    if named is None and not os.path.lexists(PROJECT):
        return Policy()
    return read_project(_text(named or PROJECT), named or PROJECT)


def _text(name: str) -> str:
    try:
        return read_input(name, MOST_BYTES, f"portero pmta --project {PROJECT} FILE").decode()
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is no UTF-8.", "Save it as UTF-8.") from error


def write_baseline(name: str, report: Report, file: str) -> None:
    write_output(name, baseline_of(report, file).encode())
