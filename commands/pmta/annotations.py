"""A report for machines that build: GitHub's workflow commands, and JUnit's XML."""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from commands.pmta.findings.model import DANGER, ERROR, WARNING, Finding, Report

_KINDS: Mapping[str, str] = {ERROR: "error", DANGER: "error", WARNING: "warning"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def github(report: Report, name: str) -> Iterator[str]:
    """A line for each finding. `name` is the file of a report on one alone."""
    for one in report.findings:
        place = {"file": one.file or name, "line": one.line, "col": one.column, "endColumn": one.end_column}
        place |= {"title": f"{one.code} {one.rule}"}
        said = ",".join(f"{key}={_property(str(value))}" for key, value in place.items())
        yield f"::{_KINDS.get(one.severity, 'notice')} {said}::{_data(_told(one))}"


def _told(one: Finding) -> str:
    return f"{one.message} Write: {one.suggestion}" if one.suggestion else one.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit(report: Report, name: str) -> str:
    """A suite for each file, a failure for each finding above a notice; a file without findings is one success."""
    files = report.files if len(report.files) > 1 else (name,)
    suites = "".join(_suite(file, report) for file in files)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portero pmta">\n{suites}</testsuites>\n'


def _suite(file: str, report: Report) -> str:
    found = [one for one in report.findings if one.file in ("", file)]
    failures = [one for one in found if _fails(one)]
    cases = (
        "".join(_case(one, file) for one in found) or f'  <testcase classname={_attribute(file)} name="no findings"/>\n'
    )
    count = max(len(found), 1)
    return f'<testsuite name={_attribute(file)} tests="{count}" failures="{len(failures)}">\n{cases}</testsuite>\n'


def _fails(one: Finding) -> bool:
    return one.severity in _KINDS and one.state != "unchanged"


def _case(one: Finding, file: str) -> str:
    head = f"  <testcase classname={_attribute(file)} name={_attribute(f'{one.code} {one.rule}, line {one.line}')}"
    text = escape(_clean(f"{file}:{one.line}:{one.column} {_told(one)}"))
    inner = f"<failure message={_attribute(one.message)} type={_attribute(one.severity)}>{text}</failure>"
    return f"{head}>{inner if _fails(one) else f'<system-out>{text}</system-out>'}</testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """Without the characters that XML has not."""
    return _NO_XML.sub("\ufffd", text)
