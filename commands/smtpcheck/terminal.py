"""A check as the terminal shows it: everything, in colour where there is a terminal."""

from collections.abc import Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from commands.smtpcheck.client_settings import client_settings
from commands.smtpcheck.deep_view import version_lines
from commands.smtpcheck.document import Document
from commands.smtpcheck.rows import TABLE_HEAD, labels, rows

VERDICT_STYLES: Mapping[str, str] = {
    "ok": "bold green",
    "degraded": "bold yellow",
    "failed": "bold red",
    "blocked_here": "bold red",
    "unknown": "bold magenta",
}
SEVERITY_STYLES: Mapping[str, str] = {
    "danger": "bold red",
    "error": "red",
    "warning": "yellow",
    "notice": "cyan",
    "info": "dim",
}


def show(document: Document, console: Console, *, transcripts: bool = False) -> None:
    """Print the answer; with `transcripts` also what was said, line by line."""
    console.print(Text(document["summary"], VERDICT_STYLES[document["verdict"]]))
    if document["endpoints"]:
        console.print(_table(document))
    for finding in document["findings"]:
        if finding["message"] not in document["summary"]:
            console.print(_finding(finding, ""))
    for label, endpoint in zip(labels(document), document["endpoints"], strict=True):
        for finding in endpoint["findings"]:
            console.print(_finding(finding, f"{label} "))
    for line in version_lines(document):
        console.print(Text(line))
    settings = client_settings(document)
    if settings:
        console.print(Text(settings, "bold"))
    if transcripts:
        console.print(Group(*(_transcript(endpoint) for endpoint in document["endpoints"])))


def _table(document: Document) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in TABLE_HEAD:
        table.add_column(title, justify="right" if title == "Time" else "left")
    for row in rows(document):
        table.add_row(*map(Text, row))
    return table


def _finding(finding: Document, where: str) -> Text:
    label = f"{finding['severity']:>7} "
    return Text.assemble((label, SEVERITY_STYLES[finding["severity"]]), (where, "bold"), finding["message"])


def _transcript(endpoint: Document) -> RenderableType:
    head = Text(f"\n{endpoint['host']} [{endpoint['address']}]:{endpoint['port']}", "bold")
    lines = [
        Text(f"{line['at_ms']:>9.1f} {'S' if line['from'] == 'server' else 'C'}: {line['text']}")
        for line in endpoint["transcript"]
    ]
    return Group(head, Padding(Group(*lines), (0, 0, 0, 2)))
