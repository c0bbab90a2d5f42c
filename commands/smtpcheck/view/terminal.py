"""A check as the terminal shows it: everything, in colour where there is a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from commands.smtpcheck.result.sentences.choice import is_said, message_of, shown, summary_of
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.parts import (
    TABLE_HEAD,
    client_settings,
    labels,
    patiently,
    rows,
    version_lines,
)
from commands.smtpcheck.view.transcript import lines

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
    console.print(Text(summary_of(document), VERDICT_STYLES[document["verdict"]]))
    if document["endpoints"]:
        console.print(_table(document))
    findings = _findings(document)
    if findings.row_count:
        console.print(findings)
    for line in version_lines(document):
        console.print(Text(line))
    settings = client_settings(document)
    if settings:
        console.print(Text(settings, "bold"))
    if patiently(document):
        console.print(Text(f"portero check {patiently(document)} {WORDS.DEEP_WAITS}.", "bold"))
    if transcripts:
        console.print(Group(*(_transcript(endpoint) for endpoint in document["endpoints"])))


def _table(document: Document) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in TABLE_HEAD:
        table.add_column(title, justify="right" if title == "Time" else "left")
    for row in rows(document):
        table.add_row(*map(Text, row))
    return table


def _findings(document: Document) -> Table:
    """Worst first; what several ports have in common is said once. None that the summary already says."""
    said: dict[tuple[str, str], tuple[Document, list[str]]] = {}
    for label, finding in _every(document):
        if not is_said(finding, document):
            key = finding["severity"], message_of(finding)
            places = said.setdefault(key, (finding, []))[1]
            places += [label] if label else []
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    order = list(SEVERITY_STYLES)
    for (severity, message), (finding, where) in sorted(said.items(), key=lambda item: order.index(item[0][0])):
        about = "" if len(where) == 1 and _names_port(finding["code"], where[0]) else ", ".join(where)
        told = Text.assemble((f"{about}: " if about else "", "bold"), message)
        table.add_row(Text(severity, SEVERITY_STYLES[severity]), told)
    return table


def _every(document: Document) -> Iterator[tuple[str, Document]]:
    """All findings with the endpoint that they are about; those on the whole target have none."""
    yield from (("", finding) for finding in document["findings"])
    for label, endpoint in zip(labels(document), document["endpoints"], strict=True):
        yield from ((label, finding) for finding in endpoint["findings"])


def _names_port(code: str, label: str) -> bool:
    """Whether a sentence says itself which port it is about; a host beside the port is not in it."""
    return label.isdecimal() and "port" in shown(code)


def _transcript(endpoint: Document) -> RenderableType:
    head = Text(f"\n{endpoint['host']} [{endpoint['address']}]:{endpoint['port']}", "bold")
    return Group(head, Padding(Group(*map(Text, lines(endpoint))), (0, 0, 0, 2)))
