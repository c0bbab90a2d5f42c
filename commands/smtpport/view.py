"""The answer in Slack: blocks of a message, the question form, and the dialogue that explains one port."""

from collections.abc import Collection

from commands import sharing
from commands.blocks import Block, actions, button, code, context, cut, date, divider, header, section
from commands.contract import Actor, Modal, Reply, Request
from commands.slack_text import escape
from commands.smtpport.document import Document
from commands.smtpport.stored import told
from commands.smtpport.text import avoided, brief, diagnosed, full, network_lines, port_line, provider_lines, understood
from commands.smtpport.wording import NEXT, TLS
from storage.history import Entry

CONFIGURATIONS = {"powermta": "PowerMTA", "postfix": "Postfix", "python": "Python"}
FEW = 6
"""Providers that are named in the story of a port; more of them say nothing."""
LINE = 600
"""Characters of one reason, so that a section of them stays below Slack's 3,000."""


def answer(document: Document, ports: Collection[int], *, logged: bool = True) -> Reply:
    """The answer for the one who asked. It is bad news when no port is left. `ports` may be probed."""
    notes = [] if logged else [context("This answer could not be written to the history.")]
    blocks = [*_body(document), *notes, *_buttons(document, ports, share=logged)]
    return Reply(brief(document), blocks, good=_good(document))


def printed(document: Document) -> Reply:
    """The answer for a terminal, which parses no mrkdwn."""
    return Reply(full(document), good=_good(document))


def shared(entry: Entry, request: Request, ports: Collection[int]) -> Reply:
    """The stored answer for the whole channel, with who shared it."""
    document = told(entry.document)
    return sharing.shared(brief(document), _body(document), entry, request, *_buttons(document, ports, share=False))


def opened(entry: Entry, actor: Actor) -> Modal:
    """The stored answer in a dialogue."""
    asked = date(entry.started_at.timestamp(), f"{entry.started_at:%Y-%m-%d %H:%M} UTC")
    buttons = sharing.stored_buttons("smtpport", entry.id, actor, entry.actor)
    return Modal("Port advice", [context(f"Asked {asked}."), buttons, *_body(told(entry.document))])


def explanation(about: Document) -> Modal:
    """What one port is, who offers it, and where that is written."""
    facts = [f"Registered as: {about['registered'] or 'unknown'}"]
    facts += [f"Usual TLS: {TLS[about['tls']]}"] if about["tls"] else []
    blocks = [header(f"Port {about['port']}: {about['title']}"), context(*map(escape, facts))]
    blocks += [section(escape(line)) for line in about["story"]]
    if about["offered_by"]:
        blocks.append(section(cut(f"*Offered by* {escape(', '.join(about['offered_by']))}", 2900)))
    blocks += [divider(), context(*_footnotes(about["sources"]))] if about["sources"] else []
    return Modal(f"Port {about['port']}", blocks)


def _body(document: Document) -> list[Block]:
    found = document.get("diagnosis")
    blocks = [section(f"*{escape(diagnosed(found), LINE)}*")] if found else []
    blocks += [header(port_line(document)), context(escape(understood(document)))]
    blocks += [section(_bullets(document["reasons"]))] if document["reasons"] else []
    blocks += _order(document)
    blocks += _facts(document)
    blocks += [_story(about) for about in document["about"]]
    footnotes = [context(*_footnotes(document["sources"]))] if document["sources"] else []
    return [*blocks, *_lines_to_paste(document["snippets"]), *footnotes]


def _order(document: Document) -> list[Block]:
    """The fallbacks in order, and what to avoid."""
    fallbacks = [f"*{it['port']}* {_mode(it)}: {escape(it['reason'], LINE)}" for it in document["fallbacks"]]
    avoid = [f"*{ports}*: {escape(reason, LINE)}" for ports, reason in avoided(document)]
    following = NEXT.get(document["understood"]["role"], "Then try")
    titled = ((following, fallbacks), ("Avoid", avoid))
    return [section(f"*{title}*\n" + "\n".join(f"• {line}" for line in lines[:5])) for title, lines in titled if lines]


def _mode(choice: Document) -> str:
    where = choice.get("host")
    return TLS[choice["tls"]] + (" on another host" if where else "")


def _facts(document: Document) -> list[Block]:
    """Provider and network, each in a section of its own."""
    titled = ((document["provider"], provider_lines(document)), (document["network"], network_lines(document)))
    return [
        section(f"*{escape(row['name'], 200)}*\n" + "\n".join(escape(line, LINE) for line in lines))
        for row, lines in titled
        if row and lines
    ]


def _story(about: Document) -> Block:
    users = f" Listed by {', '.join(about['offered_by'])}." if 0 < len(about["offered_by"]) <= FEW else ""
    return section(f"*About {about['port']}*: {escape(' '.join(about['story']) + users, 2900)}")


def _lines_to_paste(snippets: dict[str, str]) -> list[Block]:
    """Each configuration in a block of its own, all tests from a shell in one."""
    tests = "".join(lines for tool, lines in snippets.items() if tool not in CONFIGURATIONS)
    shown = [(CONFIGURATIONS[tool], lines) for tool, lines in snippets.items() if tool in CONFIGURATIONS]
    shown += [("Test it from a shell", tests)] if tests else []
    return [block for title, lines in shown for block in (context(f"*{title}*"), code(lines.rstrip()))]


def _footnotes(sources: list[str]) -> list[str]:
    """`[1] RFC 8314 section 3.3, 2018-01, documented`, each a link, in as few elements as Slack's ten."""
    linked = [f"[{number}] {_linked(source)}" for number, source in enumerate(sources, 1)]
    size = -(-len(linked) // 10)
    return ["\n".join(linked[start : start + size]) for start in range(0, len(linked), size)]


def _linked(source: str) -> str:
    label, _, url = source.rpartition(": ")
    return f"<{escape(url)}|{escape(label)}>"


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"• {escape(line, LINE)}" for line in lines[:8])


def _buttons(document: Document, ports: Collection[int], *, share: bool) -> list[Block]:
    best = document["recommended"]
    row = [sharing.share_button("smtpport", document["id"])] if share else []
    chosen = dict.fromkeys([it["port"] for it in (best, *document["fallbacks"]) if it and not it.get("host")])
    probed = [str(port) for port in chosen if port in ports]
    if document["checkable"] and (probed or document.get("diagnosis")):
        row.append(button(_check_label(document), "smtpcheck.run", " ".join([document["host"], *probed])))
    asked = document["understood"]["port"] or (best or {}).get("port")
    row += [button(f"Explain port {asked}", "smtpport.explain", str(asked))] if asked else []
    return [actions(*row)] if row else []


def _check_label(document: Document) -> str:
    return cut(f"Check {document['host']}", 75) if document.get("diagnosis") else "Check it now"


def _good(document: Document) -> bool:
    return document["recommended"] is not None
