"""What the message of a check and its details have in common."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from commands.blocks import Block, date
from commands.slack_text import clean, escape
from commands.smtpcheck.result.words import is_said, message_of, summary_of
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.rows import labels, time_words

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
FINDING_TEXT = 800
NAMED = 3
"""Endpoints that are named of those that a sentence is true of."""

SEVERITY_ORDER = ("danger", "error", "warning", "notice", "info")


def headline(document: Document) -> str:
    """The summary behind the icon of its verdict. mrkdwn."""
    target, summary = escape(document["target"]), escape(summary_of(document))
    return f"{VERDICT_ICONS[document['verdict']]} {summary.replace(target, f'*{target}*', 1)}"


def sentences(findings: Sequence[Document]) -> str:
    """A line for each finding. mrkdwn."""
    return "\n".join(f"{SEVERITY_ICONS[found['severity']]} {escape(message_of(found))}" for found in findings)


def findings_block(findings: Sequence[Document]) -> Block:
    """A line for each finding. They quote servers and certificates, so nothing in them is parsed."""
    return {"type": "rich_text", "elements": [_line(found) for found in findings]}


def _line(found: Document) -> Block:
    icon = {"type": "emoji", "name": SEVERITY_ICONS[found["severity"]].strip(":")}
    said = {"type": "text", "text": f" {clean(message_of(found), FINDING_TEXT)}"}
    return {"type": "rich_text_section", "elements": [icon, said]}


def worst_findings(document: Document) -> list[Document]:
    """All findings of the check, worst first, each sentence once and none that the summary already says.

    Where there are several hosts, or both address families, what is said of an endpoint names it.
    """
    found = {message_of(one): one for one in document["findings"]}
    where: dict[str, list[str]] = {}
    for label, endpoint in zip(labels(document), document["endpoints"], strict=True):
        for one in endpoint["findings"]:
            found[message_of(one)] = one
            where.setdefault(message_of(one), []).append(label)
    told = [_located(one, where.get(said, [])) for said, one in found.items() if not is_said(one, document)]
    return sorted(told, key=lambda finding: SEVERITY_ORDER.index(finding["severity"]))


def _located(finding: Document, where: Sequence[str]) -> Document:
    if all(label.isdecimal() for label in where):
        return finding
    more = f" and {len(where) - NAMED} more" if len(where) > NAMED else ""
    return {**finding, "message": f"{', '.join(where[:NAMED])}{more}: {message_of(finding)}"}


def when(document: Document) -> str:
    """When, how long and from where. mrkdwn."""
    started = datetime.fromisoformat(document["started_at"])
    shown = date(started.timestamp(), started.strftime("%Y-%m-%d %H:%M UTC"))
    elapsed = time_words({"all": document["elapsed_ms"]})
    where = "" if document["vantage"] == "local" else f" from {escape(document['vantage'])}"
    return f"Checked {shown} in {elapsed}{where}."


def again(document: Document) -> str:
    """Target, ports and depth, as they would be typed."""
    ports = dict.fromkeys(str(point["port"]) for point in document["endpoints"])
    return " ".join([document["target"], *ports, *(["deep"] if document.get("deep") else [])])


def patiently(document: Document) -> str:
    """What to type to wait longer for greetings that did not come: `mail.example.com 25 deep`; or nothing."""
    points = [it for it in document["endpoints"] if any(one["code"] == "greeting_awaited" for one in it["findings"])]
    ports = dict.fromkeys(str(point["port"]) for point in points)
    return " ".join([document["target"], *ports, "deep"]) if ports else ""
