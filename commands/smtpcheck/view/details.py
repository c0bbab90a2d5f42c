"""The dialogue behind Details: transcript, certificate and timings of every endpoint."""

from collections.abc import Mapping

from commands import sharing
from commands.blocks import Block, actions, button, code, context, cut, header, plain, section
from commands.contract import Actor, Modal
from commands.slack_text import clean, escape
from commands.smtpcheck.result.sentences.choice import tls_number, version_lines
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.parts import again, findings_block, headline, when
from commands.smtpcheck.view.told_findings import worst_findings
from commands.smtpcheck.view.transcript import lines
from storage.history import Entry

TRANSCRIPT_TEXT = 2500
CERTIFICATE_TEXT = 2000


def details(entry: Entry, actor: Actor) -> Modal:
    """Everything that is known of a stored check."""
    document = entry.document
    check = button("Check now", "smtpcheck.check", again(document))
    buttons = sharing.stored_buttons("smtpcheck", entry.id, actor, entry.actor, check)
    blocks: list[Block] = [section(headline(document)), context(when(document)), buttons]
    if document["dns"]["mx"]:
        listed = ", ".join(f"{record['preference']} {record['host']}" for record in document["dns"]["mx"])
        blocks.append(context(f"MX: {escape(cut(listed, 800))}"))
    blocks += [findings_block(document["findings"])] if document["findings"] else []
    blocks += [context(escape(line)) for line in version_lines(document)]
    for endpoint in document["endpoints"]:
        blocks += _endpoint_details(endpoint)
    for tried in document.get("experiments", ()):
        blocks += _experiment_details(tried)
    return Modal(title=cut(f"{document['target']}", 24), blocks=blocks[:100])


def why(document: Document) -> Modal:
    """What the verdict rests on: each finding once, and what is known of the software."""
    found = worst_findings(document)
    reasons = findings_block(found) if found else section(NOTHING_AGAINST)
    lines = [context(escape(line)) for line in version_lines(document)]
    return Modal(
        "Why", [section(headline(document)), reasons, *lines, actions(button("Details", DETAILS, document["id"]))]
    )


DETAILS = "smtpcheck.details"
NOTHING_AGAINST = "Nothing was found that speaks against it."


def _endpoint_details(endpoint: Document) -> list[Block]:
    title = f"{endpoint['host']} [{endpoint['address']}] port {endpoint['port']}"
    blocks = [header(title)]
    blocks += _certificate_facts(endpoint["tls"])
    blocks += [context(_timing_facts(endpoint["timings_ms"]))] if endpoint["timings_ms"] else []
    blocks += [findings_block(endpoint["findings"])] if endpoint["findings"] else []
    return [*blocks, *_transcript(endpoint)]


def _experiment_details(tried: Document) -> list[Block]:
    purpose = WORDS.PURPOSES.get(tried["purpose"], tried["purpose"])
    title = f"{tried['host']} [{tried['address']}] port {tried['port']}, a further connection"
    return [header(title), context(escape(purpose)), *_transcript(tried)]


def _transcript(spoken: Document) -> list[Block]:
    said = "\n".join(lines(spoken))
    return [code(said, TRANSCRIPT_TEXT)] if said else []


def _certificate_facts(tls: Document | None) -> list[Block]:
    """Names in certificates are written by strangers: plain text, which is not parsed."""
    if tls is None or not tls["certificate"]:
        return []
    found = tls["certificate"]
    said = WORDS.CERTIFICATE_FACTS[bool(found["trusted"])].format(
        version=tls_number(tls["version"]),
        cipher=tls["cipher"],
        subject=found["subject"],
        issuer=found["issuer"],
        start=str(found["not_before"])[:10],
        end=str(found["not_after"])[:10],
        key=found["key"],
        names=", ".join(found["names"][:8]),
        sha256=found["sha256"],
    )
    return [{"type": "context", "elements": [plain(clean(said, CERTIFICATE_TEXT), CERTIFICATE_TEXT)]}]


def _timing_facts(timings: Mapping[str, float]) -> str:
    told = (f"{WORDS.TIMINGS.get(name, name.replace('_', ' '))} {value:g}" for name, value in timings.items())
    return "Milliseconds: " + ", ".join(told)
