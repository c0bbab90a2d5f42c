"""How a report looks: plain text for the terminal and for files; in Slack the first findings and buttons.

Secrets are covered before. In Slack everything from the config goes into elements that parse nothing, or is escaped.
"""

from collections.abc import Collection, Sequence
from typing import Any

from commands import sharing
from commands.blocks import (
    Block,
    actions,
    beside,
    button,
    code,
    context,
    date,
    header,
    section,
)
from commands.contract import Actor, Attachment, Modal, Reply, Request
from commands.pmta.configuration.origin import Origin
from commands.pmta.facts import Endpoint
from commands.pmta.findings.model import DANGER, ERROR, INFERRED, LISTED, UNCHANGED, Finding, More, Report
from commands.pmta.language.config import GUIDED
from commands.slack_text import clean, code_span, escape, in_code
from storage.history import Entry

WIDTH = 100
NAMED = 5
"""Rules that are named where not everything is listed."""

_PLURALS = {"error": "errors", "danger": "dangers", "warning": "warnings", "notice": "notices"}
UNDONE = {
    "links": "links that Slack had made",
    "mentions": "mentions that Slack had made",
    "entities": "&lt; and &gt;",
    "quotes": "typographic quotes",
    "dashes": "typographic dashes",
    "spaces": "no-break spaces",
    "invisible": "invisible characters",
    "marks": "signs that look like * or _",
    "words": "the words round the config",
    "fences": "the code fence",
    "prefixes": "quote marks in front of the lines",
    "bullets": "bullets in front of the lines",
    "bold": "asterisks round the lines",
    "numbers": "line numbers",
    "grep": "file names and line numbers of grep",
    "script": "the shell script round the config",
    "prompts": "shell prompts",
    "diff": "a diff, of which the new side is checked",
    "utf-16": "UTF-16 (PowerMTA reads UTF-8)",
    "encoding": "bytes that are no UTF-8, read as Latin-1 (PowerMTA reads UTF-8)",
}


def counted(counts: dict[str, int]) -> str:
    """`2 errors, 1 danger`, or "No findings"."""
    parts = [f"{count} {name if count == 1 else _PLURALS[name]}" for name, count in counts.items()]
    return ", ".join(parts) or "No findings"


def headline(report: Report) -> str:
    """The counts, and the one thing to fix first."""
    return headline_of(report.counts, report.settings, next(iter(report.weightiest), None), len(report.files))


def headline_of(counts: dict[str, int], settings: int, first: Finding | None, files: int = 1) -> str:
    found = counted(counts)
    if first is None:
        within = f" of {files} files" if files > 1 else ""
        return f"{found} in {'1 setting' if settings == 1 else f'{settings} settings'}{within}."
    return f"{found}. First: {first.place}, {first.message}"


def not_read(report: Report) -> str:
    """What of the configuration was not read, a sentence for the very first line, or ""."""
    if not report.unread:
        return ""
    said = "; ".join(map(str, report.unread[:NAMED]))
    left = f"; and {len(report.unread) - NAMED} more" if len(report.unread) > NAMED else ""
    return f"Not read: {said}{left}."


def remarks(report: Report) -> list[str]:
    """What was done to the text before it was checked, and what was covered, a sentence each."""
    made = []
    if report.version > GUIDED:
        made.append(
            f"No guide of PowerMTA {report.version} is public: it is checked by that of {GUIDED}, and names that it"
            " lacks are warnings."
        )
    if report.whole_by:
        made.append(
            f"Taken for a whole config, since it has {', '.join(report.whole_by)}: what it lacks is reported, too."
        )
    undone = [UNDONE[kind] for kind in report.undone if kind in UNDONE]
    if undone:
        made.append(f"Undone before checking: {', '.join(undone)}.")
    if report.reflowed:
        made.append("Line breaks had been lost; they were put back by what the settings are.")
    if report.secrets_masked:
        made.append(
            "1 secret is covered." if report.secrets_masked == 1 else f"{report.secrets_masked} secrets are covered."
        )
    if report.muted:
        made.append("1 finding is muted." if report.muted == 1 else f"{report.muted} findings are muted.")
    made += [_no_rule(report)] if report.no_rules else []
    return [*made, f"Not listed: {not_listed(report.more)}."] if report.more else made


def _no_rule(report: Report) -> str:
    said = ", ".join(f"{word or 'a word'} ({place})" for place, word in report.no_rules[:NAMED])
    more = f" and {len(report.no_rules) - NAMED} more" if len(report.no_rules) > NAMED else ""
    return f"# portero: ignore names what is no rule: {said}{more}."


def not_listed(more: Sequence[More]) -> str:
    """`12,345 more of PMTA201 unknown-directive, 40 more of 3 other rules`."""
    found = sorted(more, key=lambda one: -one.count)
    parts = [f"{_many(one)} more of {one.code} {one.rule}" for one in found[:NAMED]]
    if others := found[NAMED:]:
        rules = len({one.code for one in others})
        parts.append(f"{sum(one.count for one in others):,} more of {rules} other rule{'' if rules == 1 else 's'}")
    return ", ".join(parts)


def _many(more: More) -> str:
    return f"at least {more.count:,}" if more.endless else f"{more.count:,}"


def excerpt(finding: Finding, width: int = WIDTH) -> tuple[str, str]:
    """The line of a finding and the marker under its place, cut to `width` round the place."""
    line = finding.quoted.expandtabs(1)
    start, stop = finding.marked
    indent = len(line) - len(line.lstrip())
    fits = len(line) - indent <= width or stop - indent <= width - width // 4
    first = indent if fits else max(indent, start - width // 4)
    shown = line[first : first + width]
    before = "…" if first > indent else ""
    after = "…" if len(line) > first + width else ""
    carets = "^" * max(1, min(stop, first + width) - start)
    return f"{before}{shown.rstrip()}{after}", " " * (start - first + len(before)) + carets


def _entry(finding: Finding) -> str:
    """One finding: where, what, the line with a marker, why, and what to write."""
    line, marker = excerpt(finding)
    basis = ", inferred" if finding.basis == INFERRED else ""
    known = " (known)" if finding.state == UNCHANGED else ""
    made = [f"{finding.place}  {finding.severity}  {finding.code} {finding.rule}{basis}{known}"]
    made += [f"    {line}", f"    {marker}", f"  {finding.message}"]
    if finding.suggestion:
        made.append(f"  Write: {finding.suggestion}")
    return "\n".join(made)


def listing(report: Report, findings: Sequence[Finding] | None = None) -> str:
    """The headline, the remarks and every finding by line."""
    found = report.findings if findings is None else findings
    left = len(found) - LISTED
    parts = ["\n".join(filter(None, [not_read(report), headline(report), *remarks(report)]))]
    parts += [_entry(finding) for finding in found[:LISTED]]
    parts += [f"{left} more findings."] if left > 0 else []
    return "\n\n".join(parts) + "\n"


SHOWN = 5
"""Findings in a message: with more, its buttons would stand below a screen of text."""
BEHIND = 20
"""Findings behind *Details*."""
FILED = 10
"""Findings from which on a file with all of them comes along."""
OPENED = 60
"""Findings in the dialogue of a stored report, which holds 100 blocks."""
LINE = 36
"""Characters of a quoted line: where it wraps, as on a phone, its marker stands under something else."""
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
    queues: bool = False,
    relays: bool = False,
    sources: bool = False,
) -> Reply:
    """The report for the one who asked. Bad news are errors and dangers."""
    if terminal:
        return Reply(listing(report), good=report.good)
    blocks = [*_top(report), *_findings(report.weightiest[:SHOWN])]
    blocks += [context(f"{report.total - SHOWN:,} more behind Details.")] if report.total > SHOWN else []
    blocks += [] if logged else [context("This report could not be written to the history.")]
    buttons = _buttons(
        report, id, fixable=fixable, share=logged, live=live, queues=queues, relays=relays, sources=sources
    )
    text = " ".join(filter(None, [not_read(report), headline(report)]))
    found = [facts(report)]
    return Reply(escape(text), [*blocks, *buttons], good=report.good, files=_files(report, name), facts=found)


def facts(report: Report) -> dict[str, Any]:
    """What a program is told of a report."""
    errors = sum(report.counts.get(severity, 0) for severity in (ERROR, DANGER))
    return {"verdict": next(iter(report.counts), "ok"), "errors": errors, "summary": headline(report)}


def _files(report: Report, name: str) -> tuple[Attachment, ...]:
    """The whole list as a file, where there is much of it."""
    if len(report.findings) <= FILED:
        return ()
    return (Attachment(f"{_stem(name)}-findings.txt", listing(report).encode()),)


def _stem(name: str) -> str:
    kept = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name).strip("-.")
    return (kept or "pmta")[:60]


def _top(report: Report) -> list[Block]:
    notes = [escape(remark) for remark in remarks(report)]
    title = counted(report.counts) if report.weightiest else headline(report)
    top = [header(title), *_unread(report)]
    return [*top, context(*notes)] if notes else top


def _unread(report: Report) -> list[Block]:
    return [section(f":warning: {escape(not_read(report), 2000)}")] if report.unread else []


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
    where = escape(str(finding.place)) if finding.file else f"Line {finding.line}"
    head = f"{sign} *{where}* · {finding.severity} · {finding.code} {finding.rule}{basis}"
    hint = f"\n→ {escape(finding.suggestion, 400)}" if finding.suggestion else ""
    return f"{head}\n{escape(finding.message, 600)}{hint}"


def _buttons(
    report: Report,
    id: str,  # noqa: A002
    *,
    fixable: bool,
    share: bool,
    live: bool,
    queues: bool,
    relays: bool,
    sources: bool,
) -> list[Block]:
    offered = (
        ("Show fixed", "pmta.fixed", fixable),
        ("Check DNS", "pmta.live", live),
        ("Settings of a queue", "pmta.queue", queues),
        ("Check the relays in it", "pmta.relays", relays),
        ("Check from its addresses", "pmta.sources", sources),
    )
    made = [button(label, action, id) for label, action, is_offered in offered if is_offered]
    if report.findings:
        first = report.weightiest[0]
        made.append(button(f"Explain {first.code}", "pmta.explain", first.code))
    if len(report.findings) > SHOWN:
        made.append(button("Details", "pmta.details", id))
    made += [sharing.share_button("pmta", id)] if share else []
    return [actions(*made)] if made else []


def details(report: Report, name: str) -> Reply:
    """The findings behind the first ones; where there are many, all of them as a file."""
    more = report.weightiest[SHOWN : SHOWN + BEHIND]
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
        f"{note}\n```{in_code(text, 2000)}```", blocks, files=(Attachment(f"{_stem(name)}-fixed.conf", content),)
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


def told(title: str, lines: Sequence[str]) -> Reply:
    """The lines of an answer; all of them as a file when a message cannot hold them."""
    text = "\n".join(lines)
    head = lines[0] if lines else title
    is_long = len(text) > PREVIEW
    note = [context("The rest is in the file.")] if is_long else []
    files = (Attachment("pmta.txt", f"{text}\n".encode()),) if is_long else ()
    return Reply(escape(f"{title}: {head}", 300), [header(title), code(text[:PREVIEW]), *note], files=files)


CHECKED = 15
"""Buttons of relays: more would be a wall."""


def relays(relays: Sequence[Endpoint], listeners: Sequence[Endpoint], origin: Origin, ports: Collection[int]) -> Reply:
    """A button of /smtpcheck for each server that a config names, where its port may be checked."""
    named = dict.fromkeys((one.host.lower(), one.port) for one in (*relays, *listeners))
    places = {(one.host.lower(), one.port): origin.place(one.line) for one in (*listeners, *relays)}
    allowed = [one for one in named if one[1] in ports]
    rows = [
        beside(f"{code_span(host, 257)} port {port} ({escape(str(places[host, port]))})", _check(host, port))
        for host, port in allowed[:CHECKED]
    ]
    left = [f"{len(allowed) - CHECKED} more are not shown."] if len(allowed) > CHECKED else []
    left += [f"{len(named) - len(allowed)} more on ports that may not be checked."] if len(named) > len(allowed) else []
    said = f"{counted_of(len(allowed), 'relay or listener', 'relays and listeners')} of this config can be checked."
    return Reply(said, [section(said), *rows, *([context(*left)] if left else [])])


def counted_of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _check(host: str, port: int) -> Block:
    return button(f"Check {port}", "smtpcheck.check", f"{host} {port}")


def escape_lines(text: str) -> str:
    """Text of our own for a fallback: line by line, so that its line breaks stay."""
    return "\n".join(escape(line) for line in text.splitlines())[:2900]
