"""Fixtures of rules: `fixtures/<CODE>/fires_*.conf` with its `.expected`, and `clean_*.conf`.

A first line `# whole file` checks a text as a whole config, `# for 4.5` for that release. An expected line reads
`line:column-end_column severity message`.
"""

import re
from pathlib import Path

from commands.pmta.linter import lint

FIXTURES = Path(__file__).parent / "fixtures"


def options(text):
    """What the first line of a fixture asks for."""
    version = re.match(r"# for (\S+)", text)
    return {"fragment": not text.startswith("# whole file"), "version": version[1] if version else "5.0"}


def findings(text, code):
    """The findings of one rule, as lines."""
    report = lint(text, **options(text))
    return [
        f"{one.line}:{one.column}-{one.end_column} {one.severity} {one.message}"
        for one in report.findings
        if one.code == code
    ]


def check(path):
    with path.open(encoding="utf-8", newline="") as file:
        return findings(file.read(), path.parent.name)
