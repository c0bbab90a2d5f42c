"""A check as the terminal shows it: everything, in colour where there is a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from commands.smtpcheck.result.sentences.choice import summary_of, version_lines
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.parts import (
    TABLE_HEAD,
    announced,
    client_settings,
    patiently,
    rows,
)
from commands.smtpcheck.view.told_findings import Told, told_once
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
    for line in _findings(document, console):
        console.print(line)
    for line in version_lines(document):
        console.print(Text(line))
    settings = client_settings(document)
    if settings:
        console.print(Text(settings, "bold"))
    if patiently(document):
        console.print(Text(f"portero check {patiently(document)} {WORDS.DEEP_WAITS}.", "bold"))
    if announced(document):
        typed = ", ".join(f"portero check {one}" for one in announced(document))
        console.print(Text(WORDS.ANNOUNCED.format(commands=typed), "bold"))
    if transcripts:
        for endpoint in document["endpoints"]:
            console.print(Text(f"\n{endpoint['host']} [{endpoint['address']}]:{endpoint['port']}", "bold"))
            console.print(*(_indented(line, console) for line in lines(endpoint)), sep="\n")


def _table(document: Document) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in TABLE_HEAD:
        table.add_column(title, justify="right" if title == "Time" else "left")
    for row in rows(document):
        table.add_row(*map(Text, row))
    return table


def _findings(document: Document, console: Console) -> Iterator[RenderableType]:
    """Worst first. On a terminal sentences wrap below themselves; in a pipe each is one line."""
    lines = [
        (told.finding["severity"], Text.assemble((_about(told), "bold"), told.message)) for told in told_once(document)
    ]
    if not console.is_terminal:
        width = max((len(severity) for severity, _ in lines), default=0)
        yield from (Text.assemble(f"{severity:>{width}} ", told) for severity, told in lines)
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    for severity, told in lines:
        table.add_row(Text(severity, SEVERITY_STYLES[severity]), told)
    yield table


def _about(told: Told) -> str:
    """The endpoints before a sentence that does not name them."""
    return "" if not told.where or told.names_port else f"{', '.join(told.places)}: "


def _indented(line: str, console: Console) -> RenderableType:
    """A line of what was said. On a terminal it wraps below itself; in a pipe it is one line, without padding."""
    return Padding(Text(line), (0, 0, 0, 2)) if console.is_terminal else Text(f"  {line}")
