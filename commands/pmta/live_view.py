"""How live checks are said: in Slack and in the terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence

from commands.blocks import Block, beside, button, context, section
from commands.contract import Attachment, Reply
from commands.plural import plural
from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.facts import Endpoint, SourceHost
from commands.pmta.live import Claim, LiveReport
from commands.pmta.live_words import WORDS
from commands.slack_text import clean, code_span, escape, in_code

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


def sentence(claim: Claim, origin: Origin = ALONE) -> str:
    said = WORDS[claim.state].sentence.format(subject=claim.subject, seen=claim.seen)
    return clean(f"{_lines(claim.lines, origin)}: {said}", 400)


def _lines(lines: Sequence[int], origin: Origin) -> str:
    places = [origin.place(line) for line in lines[:3]]
    is_alone = not places[0].file
    if len(lines) == 1:
        return f"Line {lines[0]}" if is_alone else str(places[0])
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    listed = ", ".join(str(one.line) if is_alone else str(one) for one in places)
    return f"{'Lines ' if is_alone else ''}{listed}{more}"


def _ground(claim: Claim, report: LiveReport) -> str:
    """On what it rests: a document, and who answered when several did."""
    server = claim.server if len(report.asked) > 1 else ""
    return "; ".join(part for part in (WORDS[claim.state].basis, server) if part)


def good(report: LiveReport) -> bool:
    return all(severity(claim) != "error" for claim in report.claims)


def head(report: LiveReport) -> str:
    """The counts, and who was asked."""
    found = Counter(map(severity, report.claims))
    counts = ", ".join(f"{found[kind]} {word}" for kind, word in COUNTED.items() if found[kind])
    asked = f"Asked: {', '.join(report.asked[:4])}." if report.asked else "There is no name server to ask."
    return f"DNS just now: {counts or 'nothing to confirm'}. {asked}"


def remarks(report: LiveReport) -> list[str]:
    """What was not asked, and why."""
    made = []
    if report.left_out:
        made.append(f"{report.left_out} more were not asked about: too many for one check.")
    if report.unnamed:
        made.append(f"{_lines(report.unnamed, report.origin)}: no single address or domain, so DNS was not asked.")
    for one, reason in report.refused:
        said = REFUSED[reason].format(port=one.port)
        made.append(
            clean(
                f"{_lines([one.line], report.origin)}: {one.host}:{one.port} is not offered for a check: {said}.", 300
            )
        )
    if not report.files and any(claim.state == "dkim_present" for claim in report.claims):
        made.append(FILES)
    return made


def lines(report: LiveReport) -> list[str]:
    """For the terminal."""
    if _is_empty(report):
        return [NOTHING]
    return [
        head(report),
        *_rows(report),
        *(f"         {one}" for one in remarks(report)),
        *map(_offered, report.offers),
    ]


def _offered(one: Endpoint) -> str:
    return f"  check  portero check {clean(one.host, 255)} {one.port}"


def _rows(report: LiveReport) -> list[str]:
    rows = []
    for claim in report.claims:
        ground = _ground(claim, report)
        rows.append(f"{severity(claim):>7}  {sentence(claim, report.origin)}" + (f" [{ground}]" if ground else ""))
    return rows


def _is_empty(report: LiveReport) -> bool:
    return not (report.claims or report.offers or report.refused)


def reply(report: LiveReport) -> Reply:
    """For Slack: the worst first, all of them in a file when a message cannot hold them."""
    if _is_empty(report):
        return Reply(NOTHING)
    ordered = sorted(report.claims, key=lambda claim: list(SIGNS).index(severity(claim)))
    said = [_marked(claim, report) for claim in ordered[:SHOWN]]
    left = len(ordered) - len(said)
    said += [
        f":mag: `/smtpcheck {in_code(one.host)} {one.port}` checks {escape(str(report.origin.place(one.line)))}."
        for one in report.offers
    ]
    parts = [said[at : at + PART] for at in range(0, len(said), PART)]
    notes = [*([f"{left} more in the file."] if left else []), *remarks(report)]
    blocks = [section(f"*{escape(head(report))}*"), *(section("\n".join(part)) for part in parts)]
    blocks += [context(*map(escape, notes[at : at + 10])) for at in range(0, len(notes), 10)]
    files = (Attachment("dns.txt", "\n".join([head(report), *_rows(report), ""]).encode()),) if left else ()
    return Reply("\n".join([escape(head(report)), *said]), blocks, good=good(report), files=files)


def _marked(claim: Claim, report: LiveReport) -> str:
    """A row of mrkdwn. The subject is code: `_domainkey` would begin italics."""
    ground = _ground(claim, report)
    said = WORDS[claim.state].sentence.format(subject=code_span(claim.subject), seen=escape(claim.seen, 160))
    return f"{SIGNS[severity(claim)]} {escape(_lines(claim.lines, report.origin))}: {said}" + (
        f" ({escape(ground)})" if ground else ""
    )


SOURCES = 8
"""Addresses that are told of at once."""

SAME_NAME, OTHER_NAME = "EHLO `{ours}` there, too", "EHLO `{ours}` there, and `{theirs}` in the config"


def sources(named: Mapping[str, SourceHost], known: Mapping[str, tuple[str, str]], report: LiveReport) -> Reply:
    """For each address its name in EHLO, its reverse DNS, and a button that tries from it whether 25 gets out."""
    rows = [_source(one, *known[address], report) for address, one in list(named.items())[:SOURCES]]
    said = f"{plural(len(named), 'address', 'addresses')} of this config can be checked from."
    left = [context(f"{len(named) - SOURCES} more are not shown.")] if len(named) > SOURCES else []
    return Reply(said, [section(said), *rows, *left])


def _source(one: SourceHost, place: str, ehlo_name: str, report: LiveReport) -> Block:
    same = ehlo_name.lower() == one.host.lower()
    words = (SAME_NAME if same else OTHER_NAME).format(ours=escape(ehlo_name, 255), theirs=escape(one.host, 255))
    claims = [sentence(claim, report.origin) for claim in report.claims if one.address in claim.subject]
    lines = [f"*{escape(one.address)}* ({escape(place.partition('/')[0])}): {words}", *map(escape, claims)]
    return beside("\n".join(lines), button("Does 25 get out?", "smtpcheck.check", f"network 25 from {place}"))
