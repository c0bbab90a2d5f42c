"""The answer in Slack: one line, why, what to avoid, and buttons; what is behind them is in `details`."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from commands import sharing
from commands.blocks import Block, actions, button, code, context, cut, date, header, menu, section
from commands.contract import Actor, Modal, Reply, Request
from commands.secrets.masking import masked
from commands.slack_text import code_span, escape
from commands.smtpport import details
from commands.smtpport.document import Document
from commands.smtpport.frameworks.reader import framework
from commands.smtpport.stored import told
from commands.smtpport.text import (
    DELIVERY,
    avoid_lines,
    beside,
    brief,
    diagnosed,
    headline,
    host_line,
    is_reading,
    missed,
    next_line,
    opening,
    port_line,
    printed,
)
from commands.smtpport.wording import TEST_LABEL
from storage.history import Entry

MOST_PASTED = 8
"""Lines to paste that may stand in the answer itself; more are behind a button."""

MOST_BESIDE_LEAD = 5
"""The same where a sentence stands before the port."""

TESTS = "test"
"""What stands for the tests from a shell among the names of frameworks."""


def answer(document: Document, ports: Collection[int], *, logged: bool = True) -> Reply:
    """The answer for the one who asked. It is bad news when no port is left. `ports` may be probed.

    One that could not be kept has everything in it: buttons find what is kept alone.
    """
    rest = [] if logged else [*details.reasoning(document), context("This answer could not be written to the history.")]
    blocks = [*_body(document), *rest, *_buttons(document, ports, kept=logged)]
    return Reply(brief(document), blocks, good=_good(document), facts=[facts(document)])


def facts(document: Document) -> dict[str, Any]:
    """What a program is told of an answer."""
    best = document["recommended"] or {}
    port = {"port": best.get("port"), "tls": best.get("tls")}
    return {"verdict": "ok" if best else "failed", **port, "summary": headline(document)}


def with_others(answer: Reply, errors: Sequence[str]) -> Reply:
    """The answer to one of several errors that were pasted: which else there are, with a button for each.

    None has one that may hold a secret: a button is read by the client.
    """
    said = f"That is about one of {len(errors) + 1} errors in your message."
    row = [button(f"Explain {one}", "smtpport.instead", one) for one in errors[:MOST_OTHERS] if masked(one) == one]
    blocks = [*answer.blocks, section(said), *([actions(*row)] if row else [])] if answer.blocks else answer.blocks
    return replace(answer, text=f"{answer.text}\n{said}", blocks=blocks)


MOST_OTHERS = 3


def in_terminal(document: Document) -> Reply:
    """The answer for a terminal, which parses no mrkdwn."""
    return Reply(printed(document), good=_good(document))


def shared(entry: Entry, request: Request, ports: Collection[int]) -> Reply:
    """The stored answer for the whole channel, with who shared it."""
    document = told(entry.document, request.at.date().isoformat())
    buttons = _buttons(document, ports, kept=True, share=False)
    return sharing.shared(brief(document), _body(document), entry, request, *buttons)


def opened(entry: Entry, actor: Actor, today: str) -> Modal:
    """The stored answer in a dialogue, whole; `today` is the ISO day from which the age of sources is counted."""
    asked = date(entry.started_at.timestamp(), f"{entry.started_at:%Y-%m-%d %H:%M} UTC")
    buttons = sharing.stored_buttons("smtpport", entry.id, actor, entry.actor)
    document = told(entry.document, today)
    whole = [*_head(document), *details.reasoning(document), *_pasted(document), *details.listed(document["sources"])]
    return Modal("Port advice", [context(f"Asked {asked}."), buttons, *whole])


def _body(document: Document) -> list[Block]:
    why = document.get("why", document["reasons"][:3])
    where = host_line(document)
    lines = [
        *(escape(line, details.LINE) for line in beside(document)),
        *([f"Host: {code_span(document['host'], 300)}"] if where else []),
        *(f"• {escape(reason, details.LINE)}" for reason in why),
        *(escape(line, details.LINE) for line in (next_line(document), *avoid_lines(document)) if line),
    ]
    unread = "" if document.get("undecided") else missed(document)
    blocks = [*_head(document), *([section("\n".join(lines))] if lines else [])]
    return [*blocks, *([context(escape(unread))] if unread else []), *_pasted(document)]


def _head(document: Document) -> list[Block]:
    found = document.get("diagnosis")
    lead = document.get("lead")
    if document.get("undecided") or is_reading(document):
        title = header(opening(document)[0])
        return [title, *([section(f"*{port_line(document)}*")] if document["recommended"] else [])]
    lines = [*([diagnosed(found)] if found else []), *([lead] if lead else [])]
    said = [section("\n".join(map(_strong, lines)))] if lines else []
    line = port_line(document)
    return [*said, *([header(line)] if line else [])]


def _strong(line: str) -> str:
    """In bold as far as a headline goes: a paragraph of it is hard to read."""
    said = escape(line, details.LINE)
    return f"*{said}*" if len(line) <= HEADLINE else said


HEADLINE = 160
"""Characters."""


def _pasted(document: Document) -> list[Block]:
    """The lines that were asked for, tests from a shell in one block."""
    shown = [tool for tool in document.get("shown", ()) if not _is_long(document, tool)]
    apps = [code(document["snippets"][tool].rstrip()) for tool in shown if framework(tool)]
    tests = "".join(document["snippets"][tool] for tool in shown if not framework(tool))
    return [*apps, *([code(tests.rstrip())] if tests else [])]


def _is_long(document: Document, tool: str) -> bool:
    most = MOST_BESIDE_LEAD if document.get("lead") else MOST_PASTED
    return len(document["snippets"][tool].splitlines()) > most


def _buttons(document: Document, ports: Collection[int], *, kept: bool, share: bool = True) -> list[Block]:
    row = [*_kept_buttons(document), *_check(document, ports)] if kept else _check(document, ports)
    row = [*_readings(document), *row] if kept else row
    asked = document["understood"]["port"]
    row += [button(f"Explain port {asked}", "smtpport.explain", str(asked))] if asked else []
    row += [sharing.share_button("smtpport", document["id"])] if kept and share else []
    return [actions(*row)] if row else []


def _kept_buttons(document: Document) -> list[Block]:
    """The lines of the framework that was named, those of others, why, and the sources."""
    found = document["id"]
    long = next((tool for tool in document.get("shown", ()) if _is_long(document, tool)), None)
    row = [button(f"Lines for {_name(long)}", "smtpport.lines", f"{found} {long}")] if long else []
    others = [(f"{found} {tool}", _name(tool)) for tool in _offered(document)]
    if len(others) > 1:
        row.append(menu("smtpport.choose", others, "Lines for…"))
    else:
        row += [button(name, "smtpport.lines", value) for value, name in others if not long]
    return [
        *row,
        button("Why", "smtpport.why", found),
        *([button("Sources", "smtpport.sources", found)] if document["sources"] else []),
    ]


def _readings(document: Document) -> list[Block]:
    """What it may be else: one press, and that is answered."""
    said = document.get("readings", ())
    label = "{}" if document.get("undecided") else "Or: {}"
    return [
        button(cut(label.format(row["title"]), LONGEST_LABEL), "smtpport.reading", f"{document['id']} {row['code']}")
        for row in said
    ]


LONGEST_LABEL = 75
"""Characters of a button."""


def _offered(document: Document) -> list[str]:
    """The frameworks that have lines for the answer, and the tests; answers of older days keep their own."""
    apps = [tool for tool in document["snippets"] if framework(tool) and tool not in document.get("shown", ())]
    tests = [tool for tool in document["snippets"] if not framework(tool)]
    return [*apps, *([TESTS] if tests else [])] if "shown" in document else []


def _name(tool: str) -> str:
    row = framework(tool)
    return row.name if row else TEST_LABEL


def _check(document: Document, ports: Collection[int]) -> list[Block]:
    best = document["recommended"]
    chosen = dict.fromkeys([it["port"] for it in (best, *document["fallbacks"]) if it and not it.get("host")])
    delivers = best is None and document["understood"]["role"] == "relay"
    probed = [str(port) for port in ([DELIVERY] if delivers else chosen) if port in ports]
    if not (document["checkable"] and (probed or document.get("diagnosis"))):
        return []
    return [button(f"Check {document['host']}", "smtpcheck.check", " ".join([document["host"], *probed]))]


def _good(document: Document) -> bool:
    return document["recommended"] is not None
