"""A check as Slack shows it. Everything is made from the stored document, so what is shared is what was seen.

Remote text stands in table cells and preformatted text, which parse nothing, or is escaped.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from commands import sharing
from commands.allowed_ports import DEFAULT_PORTS
from commands.blocks import (
    Block,
    actions,
    button,
    checks_input,
    context,
    section,
    select_input,
    table,
    text_input,
)
from commands.contract import Modal, Progress, Reply, Request, Subject
from commands.plural import plural
from commands.slack_text import escape, in_mrkdwn
from commands.smtpcheck.probe.concurrent_connections import LookedUp, Waiting
from commands.smtpcheck.probe.running_checks import Told
from commands.smtpcheck.result.sentences.choice import summary_of, version_lines
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.parts import (
    NOTHING,
    TABLE_HEAD,
    Row,
    again,
    announced,
    client_settings,
    findings_block,
    headline,
    in_words,
    patiently,
    rows,
    sentences,
    when,
)
from commands.smtpcheck.view.told_findings import worst_findings
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Purpose
from storage.entries import LOCAL
from storage.history import Entry

FINDINGS_SHOWN = 5
GOOD = frozenset({"ok", "degraded"})
OF_TLS = ("tls", "certificate")
COLUMNS_OF_A_TELEPHONE = 4
"""Columns that fit 375 px, whatever stands in them, beside a port."""

LONGEST_PORT = 6
"""Characters of a mark and a port. A longer label, of several ports, an address or a host, leaves room for one less."""

COLUMNS = ("state", *OF_TLS, "login")
"""Beside the port; times stand behind *Details*."""

NOT_LOGGED = "*Not logged*: the history could not be written."
NOT_JUDGED = "*Not logged*: what we did not hear is no result of this host. *Run again* checks anew."


def about(ports: Sequence[int]) -> str:
    """What the usage line cannot say, for the help card. mrkdwn."""
    allowed = ", ".join(str(port) for port in ports)
    return (
        "TARGET is a host name, a domain, an address, `host:port`, a URL or an e-mail address; up to five at once. "
        f"Ports: {allowed} (all of them unless you name some). Add `here` to answer in the channel, `deep` to look "
        "longer and closer (up to 2 min)."
    )


def progress(
    target: str, states: Mapping[int, str], ports: Sequence[int], waiting: Mapping[int, int], *, public: bool
) -> Progress:
    """Queued, or which ports have answered so far, and which wait for how many other connections of ours."""
    waits = "".join(
        f" Port {port} waits for its turn: {plural(ahead, 'other connection')} of ours to it first."
        for port, ahead in sorted(waiting.items())
    )
    if not states:
        return Progress(f":hourglass_flowing_sand: Checking *{escape(target)}* …{waits}", public=public)
    words = ", ".join(f"{port}: {WORDS.STATES.get(state, state)}" for port, state in sorted(states.items()))
    head = f":hourglass_flowing_sand: Checking *{escape(target)}*: {len(states)} of {len(ports)} ports done"
    return Progress(f"{head} ({escape(words)}){'.' if waits else ''}{waits}", public=public)


async def progress_of(name: str, ports: Sequence[int], told: Told, *, public: bool) -> AsyncIterator[Progress]:
    """What there is to say while a check runs."""
    states: dict[int, str] = {}
    waiting: dict[int, int] = {}
    yield progress(name, states, ports, waiting, public=public)
    while (news := await told.get()) is not None:
        if isinstance(news, LookedUp):
            continue
        if isinstance(news, Endpoint):
            yield deeper(name, news, public=public)
            continue
        if isinstance(news, Waiting):
            waiting[news.endpoint[1]] = news.ahead
        else:
            states[news.port] = news.state
            waiting.pop(news.port, None)
        yield progress(name, states, ports, waiting, public=public)


AIMS: Mapping[Purpose, str] = {
    "hidden": "STARTTLS without announcement, port {port}",
    "versions": "TLS versions, port {port}",
    "suites": "older cipher suites, port {port}",
    "ssl3": "SSL 3.0, port {port}",
    "stapling": "a stapled OCSP reply, port {port}",
    "other_key": "an RSA certificate beside the other, port {port}",
    "again": "once more, port {port}",
    "no_name": "TLS without the name, port {port}",
}


def aim(endpoint: Endpoint) -> str:
    """What a further connection is for."""
    return AIMS.get(endpoint.purpose, "port {port}").format(port=endpoint.port)


def deeper(target: str, endpoint: Endpoint, *, public: bool) -> Progress:
    """The ports have answered; what is looked at now."""
    text = f":hourglass_flowing_sand: Checking *{escape(target)}* deeper: {escape(aim(endpoint))} …"
    return Progress(text, public=public)


def result(document: Document, *, logged: bool, public: bool = False, note: str = "", elsewhere: str = "") -> Reply:
    """The answer to the one who asked; `note` says why it is an earlier result, or who asked for it, too.

    `elsewhere` is what another place says of it (mrkdwn): it stands behind the first line, which cannot know it.
    """
    notes = [when(document), note or ("Logged." if logged else NOT_LOGGED)]
    blocks = [
        *_with(_body(document), elsewhere),
        context("  ".join(notes)),
        _buttons(document, share=not public and logged, details=logged),
    ]
    return Reply(
        "\n".join(filter(None, (plain_text(document, elsewhere), note or ("" if logged else NOT_LOGGED)))),
        blocks,
        public=public,
        good=document["verdict"] in GOOD,
        subject=subject(document, logged=logged),
        facts=[facts(document)],
    )


def _with(body: Sequence[Block], elsewhere: str) -> list[Block]:
    head, *rest = body
    return [head, *([section(elsewhere)] if elsewhere else []), *rest]


def facts(document: Document) -> dict[str, Any]:
    """What a program is told of a check."""
    best = document["recommended"] or {}
    port = {"port": best.get("port"), "tls": best.get("tls")}
    return {"id": document["id"], "verdict": document["verdict"], **port, "summary": summary_of(document)}


def subject(document: Document, *, logged: bool = True) -> Subject:
    ports = dict.fromkeys(point["port"] for point in document["endpoints"])
    place = "" if document["vantage"] == LOCAL else document["vantage"]
    entry = document["id"] if logged else ""
    every = ports.keys() >= set(DEFAULT_PORTS)  # a stored result does not say what was typed
    return Subject("smtpcheck", (document["target"],), tuple(ports), place, entry, every=every)


def not_there(message: str, hint: str, typed: str, near: str) -> Reply:
    """Nobody is at the place that was asked for: why, and a button that checks from the one meant, else from here."""
    said = f"{escape(message)} {f'Did you mean {escape(near)}?' if near else escape(hint)}"
    there = button(f"Run from {near or LOCAL}", "smtpcheck.check", f"{typed} from {near}" if near else typed)
    return Reply(said, [section(said), actions(there)], good=False)


def shared(entry: Entry, request: Request, elsewhere: str = "") -> Reply:
    """The stored result for the whole channel, with who shared it. `elsewhere` as in the private answer."""
    document = entry.document
    buttons = _buttons(document, share=False, details=True)
    body = [*_with(_body(document), elsewhere), context(when(document))]
    made = sharing.shared(plain_text(document, elsewhere), body, entry, request, buttons)
    return replace(made, subject=subject(document))


def form(ports: Sequence[int], places: Sequence[str]) -> Modal:
    """The dialogue that asks for a target: Home has no line to type in. With several `places`, also where from."""
    target = text_input("target", "Host, domain, address or e-mail address", hint="For example mail.example.com")
    chosen = checks_input("ports", "Ports (all of them unless you choose)", [(str(port), str(port)) for port in ports])
    names = [(place, place) for place in (*places, "all")]
    where = [select_input("place", "From", names, initial=places[0])] if len(places) > 1 else []
    return Modal("Check SMTP ports", [target, chosen, *where], submit="Check", form="check")


def plain_text(document: Document, elsewhere: str = "") -> str:
    """The whole answer without blocks: notification, screen reader, and what is left when a client takes no blocks."""
    found = worst_findings(document)
    more = len(found) - FINDINGS_SHOWN
    lines = [headline(document), elsewhere, *(escape(row.line) for row in rows(document))]
    lines += [sentences(found[:FINDINGS_SHOWN]), f"{plural(more, 'finding')} more behind Details" if more > 0 else ""]
    lines += _below(document)
    return "\n".join(filter(None, lines))


def _hint(document: Document) -> str:
    """How to wait longer, where that is what a port needs."""
    waiting = patiently(document)
    return f"`/smtpcheck {waiting}` {WORDS.DEEP_WAITS}." if waiting else ""


def _not_checked(document: Document) -> str:
    """Where DNS sends clients, and this check did not look."""
    typed = announced(document)
    return WORDS.ANNOUNCED.format(commands=", ".join(f"`/smtpcheck {one}`" for one in typed)) if typed else ""


def _tells_states(document: Document) -> bool:
    """Whether the first line says how each port is."""
    summary = document["summary"]
    return isinstance(summary, list) and any(one["code"] == "states" for one in summary)


def _login_ports(document: Document) -> list[str]:
    """The ports with a login; none where a port offers it at some of its addresses only."""
    offers: dict[str, set[bool]] = {}
    for endpoint in document["endpoints"]:
        if endpoint["tls"]:
            offers.setdefault(str(endpoint["port"]), set()).add(bool(endpoint["auth"]["after_tls"]))
    if {True, False} in offers.values():
        return []
    return [port for port, seen in offers.items() if seen == {True}]


def _ports(shown: Sequence[Row], worth_telling: Sequence[str], login_ports: Sequence[str]) -> list[Block]:
    """A line for what is equal in all rows, and the table of the rest: narrow enough for a telephone (375 px)."""
    cells = {name: [getattr(row, name) for row in shown] for name in COLUMNS}
    known = {name: [cell for cell in column if cell != NOTHING] for name, column in cells.items()}
    everywhere = [name for name in COLUMNS if _is_one(cells[name])]
    all_certified = len(known["tls"]) == len(known["certificate"])
    in_tls = [name for name in OF_TLS if all_certified and _is_one(known[name]) and name not in everywhere]
    columns = ["port", *(name for name in COLUMNS if known[name] and name not in {*everywhere, *in_tls})]
    told = [name for name in everywhere if name in worth_telling]
    lines = [
        words.format(facts=", ".join(in_words(name, known[name][0]) for name in names if known[name]))
        for words, names in ((WORDS.SAME_IN_ALL_ROWS, told), (WORDS.SAME_IN_TLS, in_tls))
        if any(known[name] for name in names)
    ]
    if len(columns) > COLUMNS_OF_A_TELEPHONE and len(set(known["login"])) == 1 and login_ports:
        lines.append(WORDS.SAME_LOGIN.format(ports=", ".join(login_ports), login=known["login"][0]))
        columns.remove("login")
    if max(len(row.port) for row in shown) > LONGEST_PORT:
        shown, columns, line = _narrow(shown, columns)
        lines += [line] if line else []
    else:
        shown = [TABLE_HEAD, *shown]
    ports = table([[getattr(row, name) for name in columns] for row in shown])
    return [*(context(escape(line)) for line in lines), ports]


def _narrow(shown: Sequence[Row], columns: Sequence[str]) -> tuple[list[Row], list[str], str]:
    """Head and rows in fewer columns: TLS with its certificate, the state with a login, which a line has. The line."""
    head, left, logins = TABLE_HEAD, list(columns), {row.login for row in shown} - {NOTHING}
    if {*OF_TLS} <= {*left}:
        left.remove("certificate")
        head = head._replace(tls=_both(head.tls, head.certificate.lower()))
        shown = [row._replace(tls=_both(row.tls, row.certificate)) for row in shown]
    if len(left) < COLUMNS_OF_A_TELEPHONE or len(logins) != 1:
        return [head, *shown], left, ""
    left.remove("login")
    shown = [row if row.login == NOTHING else row._replace(state=_both(row.state, "login")) for row in shown]
    return [head, *shown], left, WORDS.LOGIN_OF_ROWS.format(login=logins.pop())


def _both(one: str, other: str) -> str:
    """Two cells in one."""
    return ", ".join(cell for cell in (one, other) if cell != NOTHING) or NOTHING


def _is_one(cells: Sequence[str]) -> bool:
    """Whether several rows say the same."""
    return len(cells) > 1 and len(set(cells)) == 1


def _body(document: Document) -> list[Block]:
    blocks = [section(headline(document))]
    if document["endpoints"]:
        blocks += _ports(rows(document), COLUMNS[1:] if _tells_states(document) else COLUMNS, _login_ports(document))
    found = [finding for finding in worst_findings(document) if finding["severity"] != "info"]
    if found:
        more = len(found) - FINDINGS_SHOWN
        blocks.append(findings_block(found[:FINDINGS_SHOWN]))
        blocks += [context(f"_{plural(more, 'finding')} more behind Details_")] if more > 0 else []
    return [*blocks, *(context(line) for line in _below(document) if line)]


def _below(document: Document) -> list[str]:
    """What stands below the findings. mrkdwn."""
    known = map(escape, (*version_lines(document), client_settings(document)))
    return [*known, in_mrkdwn(_hint(document)), in_mrkdwn(_not_checked(document))]


def _buttons(document: Document, *, share: bool, details: bool) -> Block:
    row = [sharing.share_button("smtpcheck", document["id"])] if share else []
    row.append(button("Run again", "smtpcheck.run", again(document)))
    waiting = patiently(document)
    row += [button("Wait longer", "smtpcheck.deep", waiting)] if waiting else []
    row += [button(f"Check {one.split()[0]}", "smtpcheck.check", one) for one in announced(document)]
    row += [button("Details", "smtpcheck.details", document["id"])] if details else []
    if document["recommended"]:
        port = str(document["recommended"]["port"])
        row.append(button(f"Explain port {port}", "smtpport.explain", port))
    return actions(*row)
