"""How live checks are said: in Slack and in the terminal."""

from collections import Counter
from collections.abc import Sequence

from commands.blocks import context, section
from commands.contract import Attachment, Reply
from commands.pmta.facts import Endpoint
from commands.pmta.live import Claim, Seen
from commands.pmta.live_words import WORDS
from commands.slack_text import clean, code_span, escape

PART, SHOWN = 6, 24
"""Sentences in one section (each has at most 450 characters, a section 3,000), and in one message."""

SIGNS = {"error": ":x:", "warning": ":warning:", "notice": ":information_source:", "ok": ":white_check_mark:"}
COUNTED = {"error": "wrong", "warning": "to look at", "notice": "to know", "ok": "confirmed"}
NOTHING = (
    "DNS has nothing to confirm here: no smtp-source-host with one address, no domain-key for one domain, no relay."
)
REFUSED = {
    "port": "port {port} is not among those that may be probed (PORTERO_PORTS)",
    "not_public": "its address is not public",
}
FILES = "Key files are not read here; `portero pmta FILE --live` on the host with the keys compares them."


def severity(claim: Claim) -> str:
    return WORDS[claim.state].severity


def sentence(claim: Claim) -> str:
    said = WORDS[claim.state].sentence.format(subject=claim.subject, seen=claim.seen)
    return clean(f"{_lines(claim.lines)}: {said}", 400)


def _lines(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"Line {lines[0]}"
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return f"Lines {', '.join(map(str, lines[:3]))}{more}"


def _ground(claim: Claim, seen: Seen) -> str:
    """On what it rests: a document, and who answered when several did."""
    server = claim.server if len(seen.asked) > 1 else ""
    return "; ".join(part for part in (WORDS[claim.state].basis, server) if part)


def good(seen: Seen) -> bool:
    return all(severity(claim) != "error" for claim in seen.claims)


def head(seen: Seen) -> str:
    """The counts, and who was asked."""
    found = Counter(map(severity, seen.claims))
    counts = ", ".join(f"{found[kind]} {word}" for kind, word in COUNTED.items() if found[kind])
    asked = f"Asked: {', '.join(seen.asked[:4])}." if seen.asked else "There is no name server to ask."
    return f"DNS just now: {counts or 'nothing to confirm'}. {asked}"


def remarks(seen: Seen) -> list[str]:
    """What was not asked, and why."""
    made = []
    if seen.left_out:
        made.append(f"{seen.left_out} more were not asked about: too many for one check.")
    if seen.unnamed:
        made.append(f"{_lines(seen.unnamed)}: no single address or domain, so DNS was not asked.")
    for one, reason in seen.refused:
        said = REFUSED[reason].format(port=one.port)
        made.append(clean(f"Line {one.line}: {one.host}:{one.port} is not offered for a check: {said}.", 300))
    if not seen.files and any(claim.state == "dkim_present" for claim in seen.claims):
        made.append(FILES)
    return made


def lines(seen: Seen) -> list[str]:
    """For the terminal."""
    if _is_empty(seen):
        return [NOTHING]
    return [head(seen), *_rows(seen), *(f"         {one}" for one in remarks(seen)), *map(_offered, seen.offers)]


def _offered(one: Endpoint) -> str:
    return f"  check  portero check {clean(one.host, 255)} {one.port}"


def _rows(seen: Seen) -> list[str]:
    rows = []
    for claim in seen.claims:
        ground = _ground(claim, seen)
        rows.append(f"{severity(claim):>7}  {sentence(claim)}" + (f" [{ground}]" if ground else ""))
    return rows


def _is_empty(seen: Seen) -> bool:
    return not (seen.claims or seen.offers or seen.refused)


def reply(seen: Seen) -> Reply:
    """For Slack: the worst first, all of them in a file when a message cannot hold them."""
    if _is_empty(seen):
        return Reply(NOTHING)
    ordered = sorted(seen.claims, key=lambda claim: list(SIGNS).index(severity(claim)))
    said = [_marked(claim, seen) for claim in ordered[:SHOWN]]
    left = len(ordered) - len(said)
    said += [f":mag: `/smtpcheck {escape(one.host)} {one.port}` checks line {one.line}." for one in seen.offers]
    parts = [said[at : at + PART] for at in range(0, len(said), PART)]
    notes = [*([f"{left} more in the file."] if left else []), *remarks(seen)]
    blocks = [section(f"*{escape(head(seen))}*"), *(section("\n".join(part)) for part in parts)]
    blocks += [context(*map(escape, notes[at : at + 10])) for at in range(0, len(notes), 10)]
    files = (Attachment("dns.txt", "\n".join([head(seen), *_rows(seen), ""]).encode()),) if left else ()
    return Reply("\n".join([escape(head(seen)), *said]), blocks, good=good(seen), files=files)


def _marked(claim: Claim, seen: Seen) -> str:
    """A row of mrkdwn. The subject is code: `_domainkey` would begin italics."""
    ground = _ground(claim, seen)
    said = WORDS[claim.state].sentence.format(subject=code_span(claim.subject), seen=escape(claim.seen, 160))
    return f"{SIGNS[severity(claim)]} {_lines(claim.lines)}: {said}" + (f" ({escape(ground)})" if ground else "")
