"""What is behind the buttons of an answer: all reasons, the sources, the lines for an app, the story of a port."""

from commands.blocks import Block, code, context, cut, divider, header, section
from commands.contract import Modal, Reply
from commands.slack_text import escape
from commands.smtpport.document import Document
from commands.smtpport.text import NO_LINES, avoided, network_lines, provider_lines, understood
from commands.smtpport.wording import NEXT, TEST_LABEL, TLS

LINE = 600
"""Characters of one reason, so that a section of them stays below Slack's 3,000."""

FEW = 6
"""Providers that are named in the story of a port; more of them say nothing."""


def why(document: Document) -> Modal:
    """Everything that the answer rests on."""
    return Modal("Why", [*reasoning(document), *listed(document["sources"])])


def sources(document: Document) -> Modal:
    """Where what is said is written, by the numbers behind each sentence."""
    return Modal("Sources", listed(document["sources"])[1:] or [section("Nothing in this answer rests on a page.")])


def lines(told: Document) -> Reply:
    """What to put into an app, beside the answer: lines to paste, its settings, the usual mistake."""
    name = escape(told["name"], 200)
    pasted = [code(told["lines"].rstrip())] if told["lines"] else []
    remark = told["remark"] or ("" if told["lines"] else NO_LINES.format(told["name"]))
    said = [line for line in (remark, *told["facts"]) if line]
    blocks = [section(f"*Lines for {name}*"), *pasted, section(_bullets(said))]
    text = "\n".join([f"Lines for {name}", *map(escape, (told["lines"] or "").splitlines()), *map(escape, said)])
    return Reply(text, [*blocks, *listed(told["sources"])])


def tests(pasted: str) -> Reply:
    """Tests from a shell, beside the answer."""
    text = "\n".join([TEST_LABEL, *map(escape, pasted.splitlines())])
    return Reply(text, [section(f"*{TEST_LABEL}*"), code(pasted.rstrip())])


def explanation(about: Document) -> Modal:
    """What one port is, who offers it, and where that is written."""
    facts = [f"Registered as: {about['registered'] or 'unknown'}"]
    facts += [f"Usual TLS: {TLS[about['tls']]}"] if about["tls"] else []
    blocks = [header(f"Port {about['port']}: {about['title']}"), context(*map(escape, facts))]
    blocks += [section(escape(line)) for line in about["story"]]
    if about["offered_by"]:
        blocks.append(section(cut(f"*Offered by* {escape(', '.join(about['offered_by']))}", 2900)))
    return Modal(f"Port {about['port']}", [*blocks, *listed(about["sources"])])


def reasoning(document: Document) -> list[Block]:
    """The whole answer but its first line, lines to paste and sources."""
    blocks = [context(escape(understood(document)))]
    blocks += [section(_bullets(document["reasons"]))] if document["reasons"] else []
    return [*blocks, *_order(document), *_facts(document), *(_story(about) for about in document["about"])]


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


def listed(sources: list[str]) -> list[Block]:
    """`[1] RFC 8314 section 3.3, 2018-01, documented`, each a link, in as few elements as Slack's ten."""
    linked = [f"[{number}] {_linked(source)}" for number, source in enumerate(sources, 1)]
    size = -(-len(linked) // 10)
    elements = ["\n".join(linked[start : start + size]) for start in range(0, len(linked), size or 1)]
    return [divider(), context(*elements)] if elements else []


def _linked(source: str) -> str:
    label, _, url = source.rpartition(": ")
    return f"<{escape(url)}|{escape(label)}>"


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"• {escape(line, LINE)}" for line in lines[:8])
