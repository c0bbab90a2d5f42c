"""A stored result in words, for views, terminals, exports and receivers of alerts. No engine imports this.

What schema 1 stored in words is said in those words.
"""

import json
from collections.abc import Mapping
from typing import Any

from commands.slack_text import clean
from commands.smtpcheck.result import english
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.result.sentences import fill, sentence, spoken

MOST = 600
"""Characters of the sentences of one finding, and of a first line."""


def message_of(finding: Document) -> str:
    """What a stored finding says."""
    said = finding.get("message")
    return str(said) if said is not None else clean(sentence(finding["code"], finding.get("params", {})), MOST)


def summary_of(document: Document) -> str:
    """The first line of a stored result."""
    return clean(spoken(document["summary"]), MOST)


def summary_in(row: str) -> str:
    """The words of `document.stored_summary`; a row of schema 1 has words itself."""
    if not row.startswith('[{"code":'):
        return row
    try:
        return clean(spoken(json.loads(row)), MOST)
    except (ValueError, KeyError, TypeError):
        return ""


def is_said(finding: Document, document: Document) -> bool:
    """Whether the first line says this finding already."""
    summary = document["summary"]
    if isinstance(summary, str):
        return message_of(finding) in summary
    return any((one["code"], one["params"]) == (finding["code"], finding.get("params")) for one in summary)


def with_words(document: Document) -> dict[str, Any]:
    """The document as it is printed and exported: summary, reason and messages in words."""
    if isinstance(document.get("summary", ""), str):
        return dict(document)
    if "endpoints" not in document:
        return {**document, "summary": summary_of(document)}
    return {
        **document,
        "summary": summary_of(document),
        "recommended": _reasoned(document["recommended"]),
        "dns": {**document["dns"], "findings": told(document["dns"]["findings"])},
        "endpoints": [{**each, "findings": told(each["findings"])} for each in document["endpoints"]],
        "findings": told(document["findings"]),
    }


def told(findings: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings with what they say."""
    return [{**finding, "message": message_of(finding)} for finding in findings]


def _reasoned(chosen: Document | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    reason = fill(english.CHOICES.get(chosen["reason"], chosen["reason"]), chosen)
    return {"port": chosen["port"], "tls": chosen["tls"], "reason": reason}
