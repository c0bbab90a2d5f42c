"""A check as Slack shows it. Everything is made from the stored document, so what is shared is what was seen.

Remote text stands in table cells and preformatted text, which parse nothing, or is escaped.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commands import sharing
from commands.blocks import (
    Block,
    actions,
    button,
    checks_input,
    code,
    context,
    cut,
    date,
    header,
    section,
    table,
    text_input,
)
from commands.contract import Actor, Command, Modal, Progress, Reply, Request
from commands.slack_text import escape
from commands.smtpcheck import deep_view, wording
from commands.smtpcheck.client_settings import client_settings
from commands.smtpcheck.document import Document
from storage.interface import Entry

FINDINGS_SHOWN = 5
TRANSCRIPT_TEXT = 2500

VERDICT_ICONS: Mapping[str, str] = {
    "ok": ":white_check_mark:",
    "degraded": ":warning:",
    "failed": ":x:",
    "blocked_here": ":no_entry:",
    "unknown": ":grey_question:",
}
SEVERITY_ICONS: Mapping[str, str] = {
    "danger": ":rotating_light:",
    "error": ":x:",
    "warning": ":warning:",
    "notice": ":information_source:",
    "info": ":small_blue_diamond:",
}
SEVERITY_ORDER = ("danger", "error", "warning", "notice", "info")
GOOD = frozenset({"ok", "degraded"})
TABLE_HEAD = ("Port", "State", "TLS", "Login", "Time")

NOT_LOGGED = "*Not logged*: the history could not be written."


def help_card(command: Command[Any], ports: Sequence[int]) -> Reply:
    """What the command takes, with examples that can be pasted."""
    lines = [f"`/{command.name} {example.text}`  {escape(example.meaning)}" for example in command.examples]
    allowed = ", ".join(str(port) for port in ports)
    text = (
        f"*/{command.name}* {escape(command.summary)}\n"
        f"`/{command.name} {escape(command.usage)}`\n"
        "TARGET is a host name, a domain, an address, `host:port` or an e-mail address. "
        f"Ports: {allowed} (all of them unless you name some). Add `here` to answer in the channel, `deep` to look "
        "longer and closer (a minute or so).\n"
    ) + "\n".join(lines)
    return Reply(text, [section(text)])


def progress(target: str, states: Mapping[int, str], ports: Sequence[int], *, public: bool) -> Progress:
    """Queued, or which ports have answered so far."""
    if not states:
        return Progress(f":hourglass_flowing_sand: Checking *{escape(target)}* …", public=public)
    words = ", ".join(f"{port}: {wording.STATE_WORDS.get(state, state)}" for port, state in sorted(states.items()))
    head = f":hourglass_flowing_sand: Checking *{escape(target)}*: {len(states)} of {len(ports)} ports done"
    return Progress(f"{head} ({escape(words)})", public=public)


def result(document: Document, *, logged: bool, public: bool = False, replace: bool = False, note: str = "") -> Reply:
    """The answer to the one who asked; `note` says why it is an earlier result and not a new one."""
    notes = [_when(document), NOT_LOGGED if not logged else note or "Logged."]
    blocks = [
        *_body(document),
        context("  ".join(notes)),
        _buttons(document, share=not public and logged, details=logged),
    ]
    return Reply(
        "\n".join(filter(None, (plain_text(document), note, "" if logged else NOT_LOGGED))),
        blocks,
        public=public,
        replace=replace,
        good=document["verdict"] in GOOD,
    )


def shared(entry: Entry, request: Request) -> Reply:
    """The stored result for the whole channel, with who shared it."""
    document = entry.document
    buttons = _buttons(document, share=False, details=True)
    return sharing.shared(plain_text(document), [*_body(document), context(_when(document))], entry, request, buttons)


def form(ports: Sequence[int]) -> Modal:
    """The dialogue that asks for a target: Home has no line to type in."""
    target = text_input("target", "Host, domain, address or e-mail address", hint="For example mail.example.com")
    chosen = checks_input("ports", "Ports (all of them unless you choose)", [(str(port), str(port)) for port in ports])
    return Modal("Check SMTP ports", [target, chosen], submit="Check", form="check")


def details(entry: Entry, actor: Actor) -> Modal:
    """Transcript, certificate and timings of every endpoint."""
    document = entry.document
    again = button("Run again", "smtpcheck.run", _again(document))
    buttons = sharing.stored_buttons("smtpcheck", entry.id, actor, entry.actor, again)
    blocks: list[Block] = [section(_headline(document)), context(_when(document)), buttons]
    if document["dns"]["mx"]:
        listed = ", ".join(f"{record['preference']} {record['host']}" for record in document["dns"]["mx"])
        blocks.append(context(f"MX: {escape(cut(listed, 800))}"))
    blocks += [section(_sentences(document["findings"]))] if document["findings"] else []
    blocks += [context(escape(line)) for line in deep_view.version_lines(document)]
    for endpoint in document["endpoints"]:
        blocks += _endpoint_details(endpoint)
    return Modal(title=cut(f"{document['target']}", 24), blocks=blocks[:100])


def plain_text(document: Document) -> str:
    """The whole answer without blocks: notification, screen reader, and what is left when a client takes no blocks."""
    rows = [" · ".join(filter(None, row)) for row in _rows(document)]
    lines = [_headline(document), *(escape(row) for row in rows)]
    lines += map(escape, deep_view.version_lines(document))
    return "\n".join([*lines, _sentences(worst_findings(document)[:FINDINGS_SHOWN])]).strip()


def worst_findings(document: Document) -> list[Document]:
    """All findings of the check, worst first, each sentence once and none that the summary already says."""
    found = list(document["findings"])
    for endpoint in document["endpoints"]:
        found += endpoint["findings"]
    unique = {finding["message"]: finding for finding in found if finding["message"] not in document["summary"]}
    return sorted(unique.values(), key=lambda finding: SEVERITY_ORDER.index(finding["severity"]))


def _body(document: Document) -> list[Block]:
    blocks = [section(_headline(document))]
    if document["endpoints"]:
        blocks.append(table([TABLE_HEAD, *_rows(document)]))
    found = [finding for finding in worst_findings(document) if finding["severity"] != "info"]
    if found:
        more = len(found) - FINDINGS_SHOWN
        hint = f"\n_{wording.plural(more, 'finding')} more behind Details_" if more > 0 else ""
        blocks.append(section(_sentences(found[:FINDINGS_SHOWN]) + hint))
    lines = [*deep_view.version_lines(document), client_settings(document)]
    return [*blocks, *(context(escape(line)) for line in lines if line)]


def _headline(document: Document) -> str:
    target, summary = escape(document["target"]), escape(document["summary"])
    return f"{VERDICT_ICONS[document['verdict']]} {summary.replace(target, f'*{target}*', 1)}"


def _sentences(findings: Sequence[Document]) -> str:
    return "\n".join(f"{SEVERITY_ICONS[found['severity']]} {escape(found['message'])}" for found in findings)


def _rows(document: Document) -> list[tuple[str, str, str, str, str]]:
    names = zip(labels(document), document["endpoints"], strict=True)
    return [row(label, endpoint) for label, endpoint in names]


def labels(document: Document) -> list[str]:
    """What each endpoint is called: its port, its host where there are several, and IPv6 beside IPv4 on one port."""
    points = document["endpoints"]
    several = len({point["host"] for point in points}) > 1
    found = Counter((point["host"], point["port"]) for point in points)
    names = []
    for point in points:
        twice = found[point["host"], point["port"]] > 1
        family = ("IPv6" if ":" in point["address"] else "IPv4") if twice else ""
        names.append(" ".join(filter(None, (str(point["port"]), point["host"] if several else "", family))))
    return names


def row(label: str, endpoint: Document) -> tuple[str, str, str, str, str]:
    """One line of the table of ports; the terminal shows the same."""
    state = wording.STATE_WORDS.get(endpoint["state"], endpoint["state"])
    return (
        label,
        state,
        _tls_words(endpoint["tls"]),
        _login_words(endpoint["auth"]),
        _time_words(endpoint["timings_ms"]),
    )


def _tls_words(tls: Document | None) -> str:
    if tls is None:
        return "–"
    if tls["state"] != "ok":
        return wording.TLS_WORDS.get(tls["state"], tls["state"])
    found = tls["certificate"]
    return f"{tls['version']}, {_certificate_words(found)}" if found else str(tls["version"])


def _certificate_words(found: Document) -> str:
    days = found["days_left"]
    if days is None or days < 0:
        return "expired" if days is not None else "bad certificate"
    if not found["name_matches"]:
        return "wrong name"
    return wording.plural(days, "day") if found["trusted"] else "not trusted"


def _login_words(auth: Document) -> str:
    if auth["after_tls"]:
        return " ".join(auth["after_tls"])
    return f"{' '.join(auth['before_tls'])} (in clear)" if auth["before_tls"] else "–"


def _time_words(timings: Mapping[str, float]) -> str:
    total = sum(timings.values())
    return f"{total / 1000:.1f} s" if total >= 1000 else f"{total:.0f} ms"


def _when(document: Document) -> str:
    started = datetime.fromisoformat(document["started_at"])
    shown = date(started.timestamp(), started.strftime("%Y-%m-%d %H:%M UTC"))
    elapsed = _time_words({"all": document["elapsed_ms"]})
    where = "" if document["vantage"] == "local" else f" from {escape(document['vantage'])}"
    return f"Checked {shown} in {elapsed}{where}."


def _buttons(document: Document, *, share: bool, details: bool) -> Block:
    row = [sharing.share_button("smtpcheck", document["id"])] if share else []
    row.append(button("Run again", "smtpcheck.run", _again(document)))
    row += [button("Details", "smtpcheck.details", document["id"])] if details else []
    if document["recommended"]:
        port = str(document["recommended"]["port"])
        row.append(button(f"Explain port {port}", "smtpport.explain", port))
    return actions(*row)


def _again(document: Document) -> str:
    """Target, ports and depth, as they would be typed."""
    ports = dict.fromkeys(str(point["port"]) for point in document["endpoints"])
    return " ".join([document["target"], *ports, *(["deep"] if document.get("deep") else [])])


def _endpoint_details(endpoint: Document) -> list[Block]:
    title = f"{endpoint['host']} [{endpoint['address']}] port {endpoint['port']}"
    blocks = [header(title)]
    facts = [fact for fact in (_certificate_facts(endpoint["tls"]), _timing_facts(endpoint["timings_ms"])) if fact]
    blocks += [context(*facts)] if facts else []
    blocks += [section(_sentences(endpoint["findings"]))] if endpoint["findings"] else []
    lines = [
        f"{line['at_ms']:>8.1f} {'S:' if line['from'] == 'server' else 'C:'} {line['text']}"
        for line in endpoint["transcript"]
    ]
    blocks += [code("\n".join(lines), TRANSCRIPT_TEXT)] if lines else []
    return blocks


def _certificate_facts(tls: Document | None) -> str:
    if tls is None or not tls["certificate"]:
        return ""
    found = tls["certificate"]
    trusted = "trusted" if found["trusted"] else "not trusted"
    return escape(
        f"{tls['version']} {tls['cipher']}; certificate {found['subject']}, issued by {found['issuer']}, {trusted}, "
        f"valid {str(found['not_before'])[:10]} to {str(found['not_after'])[:10]}, {found['key']}, "
        f"names {', '.join(found['names'][:8])}, SHA-256 {found['sha256']}"
    )


def _timing_facts(timings: Mapping[str, float]) -> str:
    return "Milliseconds: " + ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in timings.items())
