"""The report in Slack: the first ten findings with their lines, buttons, and the form.

Everything from the config goes into elements that parse nothing, or is escaped; secrets are covered before.
"""

from collections.abc import Sequence

from commands import sharing
from commands.blocks import (
    Block,
    actions,
    button,
    code,
    context,
    date,
    file_input,
    header,
    section,
    select_input,
    text_input,
)
from commands.contract import Actor, Attachment, Modal, Reply, Request
from commands.pmta.findings.model import INFERRED, Finding, Report
from commands.pmta.language.config import VERSIONS
from commands.pmta.text import counted, excerpt, headline, listing, remarks
from commands.slack_text import clean, escape
from storage.history import Entry

SHOWN = 10
OPENED = 60
"""Findings in the dialogue of a stored report, which holds 100 blocks."""
LINE = 90
CHANGED = 30
"""Lines of the list of what was mended."""

PREVIEW = 2900
"""Characters of the mended config that are shown; its file has the rest."""

_SIGNS = {"error": ":x:", "danger": ":rotating_light:", "warning": ":warning:", "notice": ":information_source:"}


def answer(
    report: Report,
    id: str,  # noqa: A002
    *,
    terminal: bool,
    logged: bool,
    fixable: bool,
    name: str,
    live: bool = False,
) -> Reply:
    """The report for the one who asked. Bad news are errors and dangers."""
    if terminal:
        return Reply(listing(report), good=report.good)
    blocks = [*_top(report), *_findings(report.weightiest[:SHOWN])]
    blocks += [context(f"{report.total - SHOWN:,} more behind Details.")] if report.total > SHOWN else []
    blocks += [] if logged else [context("This report could not be written to the history.")]
    buttons = _buttons(report, id, fixable=fixable, share=logged, live=live)
    return Reply(escape(headline(report)), [*blocks, *buttons], good=report.good, files=_files(report, name))


def _files(report: Report, name: str) -> tuple[Attachment, ...]:
    """The whole list as a file, when a message cannot hold it."""
    if len(report.findings) <= SHOWN:
        return ()
    return (Attachment(f"{_stem(name)}-findings.txt", listing(report).encode()),)


def _stem(name: str) -> str:
    kept = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name).strip("-.")
    return (kept or "pmta")[:60]


def _top(report: Report) -> list[Block]:
    notes = [escape(remark) for remark in remarks(report)]
    top = [header(counted(report.counts)), section(escape(headline(report)))]
    return [*top, context(*notes)] if notes else top


def _findings(findings: Sequence[Finding]) -> list[Block]:
    made: list[Block] = []
    for finding in findings:
        made.append(section(_said(finding)))
        if finding.quoted:  # a report out of the history has no lines
            made.append(code("\n".join(clean_line(part) for part in excerpt(finding, LINE))))
    return made


def clean_line(text: str) -> str:
    """A line as it is, its blanks kept, control characters gone."""
    indent = len(text) - len(text.lstrip(" "))
    return " " * indent + clean(text.lstrip(" "), 300)


def _said(finding: Finding) -> str:
    basis = ", inferred" if finding.basis == INFERRED else ""
    sign = _SIGNS[finding.severity]
    head = f"{sign} *Line {finding.line}* · {finding.severity} · {finding.code} {finding.rule}{basis}"
    hint = f"\n→ {escape(finding.suggestion, 400)}" if finding.suggestion else ""
    return f"{head}\n{escape(finding.message, 600)}{hint}"


def _buttons(report: Report, id: str, *, fixable: bool, share: bool, live: bool = False) -> list[Block]:  # noqa: A002
    made = [button("Show fixed", "pmta.fixed", id)] if fixable else []
    made += [button("Check DNS", "pmta.live", id)] if live else []
    if report.findings:
        first = report.weightiest[0]
        made.append(button(f"Explain {first.code}", "pmta.explain", first.code))
    if len(report.findings) > SHOWN:
        made.append(button("Details", "pmta.details", id))
    made += [sharing.share_button("pmta", id)] if share else []
    return [actions(*made)] if made else []


def details(report: Report, name: str) -> Reply:
    """The findings behind the first ten, and all of them as a file."""
    more = report.weightiest[SHOWN : SHOWN + 20]
    left = len(report.findings) - SHOWN - len(more)
    blocks = _findings(more) or [section("There is nothing more.")]
    blocks += [context(f"{left:,} more in the file.")] if left > 0 else []
    return Reply(escape(headline(report)), blocks, files=_files(report, name))


def fixed(content: bytes, changed: Sequence[str], name: str) -> Reply:
    """The mended config (UTF-8) and what was mended, secrets covered."""
    note = "The safe fixes are in. Secrets are covered: put yours back before you use it."
    more = [f"… {len(changed) - CHANGED} more lines"] if len(changed) > CHANGED else []
    text = content[: 4 * PREVIEW].decode("utf-8", "replace")[:PREVIEW]
    blocks = [section(note), code("\n".join([*(clean_line(line) for line in changed[:CHANGED]), *more]))]
    blocks += [
        section("The mended config" + (", its beginning:" if len(content) > len(text.encode()) else ":")),
        code(text),
    ]
    return Reply(
        f"{note}\n```{escape(text, 2000)}```", blocks, files=(Attachment(f"{_stem(name)}-fixed.conf", content),)
    )


def shared(report: Report, entry: Entry, request: Request) -> Reply:
    """The report for the channel, with who shared it."""
    body = [*_top(report), *[section(_said(finding)) for finding in report.weightiest[:SHOWN]]]
    return sharing.shared(escape(headline(report)), body, entry, request)


def opened(report: Report, entry: Entry, actor: Actor) -> Modal:
    """The stored report in a dialogue."""
    checked = date(entry.started_at.timestamp(), f"{entry.started_at:%Y-%m-%d %H:%M} UTC")
    buttons = sharing.stored_buttons("pmta", entry.id, actor, entry.actor)
    found = [section(_said(finding)) for finding in report.weightiest[:OPENED]]
    left = len(report.findings) - OPENED
    more = [context(f"{left} more in the export: `/smtphistory pmta`")] if left > 0 else []
    return Modal("PowerMTA report", [context(f"Checked {checked}."), buttons, *_top(report), *found, *more])


def manual(title: str, text: str) -> Modal:
    """The manual of a rule or setting in a dialogue."""
    return Modal(title[:24], [code(text)])


def explained(text: str) -> Reply:
    return Reply(f"```{escape_lines(text)}```", [code(text)])


def escape_lines(text: str) -> str:
    """Text of our own for a fallback: line by line, so that its line breaks stay."""
    return "\n".join(escape(line) for line in text.splitlines())[:2900]


def form() -> Modal:
    """The dialogue behind `/pmta` alone."""
    versions = [(version, f"PowerMTA {version}") for version in reversed(VERSIONS)]
    kinds = [("auto", "Find out"), ("part", "A part of a config"), ("whole", "A whole config")]
    blocks = [
        text_input(
            "config", "Config", multiline=True, optional=True, hint="Up to 3,000 characters. Secrets are covered."
        ),
        file_input("file", "Or a file, up to 10 MB"),
        select_input("version", "For which release", versions, initial="5.0"),
        select_input("part", "What it is", kinds, initial="auto"),
    ]
    return Modal("Check PowerMTA config", blocks, submit="Check", form="check")
