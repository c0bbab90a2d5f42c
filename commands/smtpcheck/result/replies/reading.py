"""What a reply means: stage, code and text -> a row of the table, or None. Pure; whatever a server sends is bounded.

Known software first, then words that many servers share, then what the RFCs say of a code at a stage. The enhanced code
(RFC 3463) rules out and confirms, and alone never decides.
"""

import re
from dataclasses import dataclass

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.replies.table import ReplyStage, Row, blocklists, rows_of

MOST_READ = 600
"""Characters of a reply that are looked at: RFC 5321 allows 512 octets in a line."""

OUR_NAME = "@OURS@"
"""What stands in the table for the name that was given in EHLO."""

_ENHANCED = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_LINE = re.compile(r"([45][0-9]{2})(?:[ -](.*))?", re.DOTALL)
_PAGE = re.compile(
    r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,10})(?::[0-9]{1,5})?(/[\w./?=&%:~+#-]{0,160})?", re.IGNORECASE
)
_NAME_BLOCKED = re.compile(r"\[(?![0-9.]+\]|[^\]]*:)[^\]\s]{1,255}\] blocked using ", re.IGNORECASE)
"""Postfix puts what it looked up into brackets: an address, or a name that has neither colon nor digits alone."""

_ZONE = re.compile(r"blocked using ((?:[a-z0-9_-]{1,63}\.){1,6}[a-z]{2,10})", re.IGNORECASE)


def read(stage: ReplyStage | None, code: int | None, text: str, *, ehlo_name: str = "") -> Row | None:
    """The row that a reply is, or None where the table does not know it.

    Without a stage (a line that somebody pasted) only rows with words count: a code alone means other things elsewhere.
    """
    if code is None:
        return None
    said = _without_name(" ".join(text[:MOST_READ].split()), ehlo_name)
    found = _ENHANCED.search(said)
    enhanced = found[1] if found else ""
    rows = (row for row in rows_of(code) if (stage in row.stages if stage else row.words))
    return next((row for row in rows if row.fits(said, enhanced)), None)


def meaning_of(stage: ReplyStage | None, code: int | None, text: str, *, ehlo_name: str = "") -> Meaning | None:
    """What a reply means, or None where the table does not know it."""
    row = read(stage, code, text, ehlo_name=ehlo_name)
    return row.meaning if row else None


def read_line(stage: ReplyStage | None, line: str, *, ehlo_name: str = "") -> Row | None:
    """The same of a line as it crossed the wire: `421 4.7.0 mail.example.com Error: too many connections`."""
    found = _LINE.match(line)
    return read(stage, int(found[1]), found[2] or "", ehlo_name=ehlo_name) if found else None


def _without_name(said: str, name: str) -> str:
    """The text with our own name covered, so that rows can speak of it. One letter is no name to look for."""
    if len(name) < 2:
        return said
    return re.sub(re.escape(name), OUR_NAME, said, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The blocklist that a reply names: `look_up` is where to look the entry up, "" where that is not known.

    `of_name`: what it lists is a name (in EHLO, in reverse DNS, of the sender), not the address that connects.
    """

    name: str
    look_up: str = ""
    closed: str = ""
    of_name: bool = False

    @property
    def kind(self) -> str:
        """How it is told: with its page, without one, or as a list that is no more."""
        if self.closed:
            return "listed_on_closed"
        return ("name_" if self.of_name else "") + ("listed" if self.look_up else "listed_somewhere")


def listing_in(text: str) -> Listing | None:
    """The list that a reply names, by a name that is known or as a zone that it says it was blocked with.

    A page that the reply names is taken only where it is the list's own: what a server writes may lead anywhere.
    """
    said = " ".join(text[:MOST_READ].split())
    known = next((one for one in blocklists() if one.pattern.search(said)), None)
    of_name = _NAME_BLOCKED.search(said) is not None
    if known is None:
        zone = _ZONE.search(said)
        return Listing(zone[1].lower(), of_name=of_name) if zone else None
    if known.closed:
        return Listing(known.name, closed=known.closed)
    return Listing(known.name, _own_page(said, known.domains) or known.look_up, of_name=of_name)


def _own_page(said: str, domains: tuple[str, ...]) -> str:
    """The first address in a text that is a page of one of these domains, or "" ."""
    for found in _PAGE.finditer(said):
        host = found[1].lower()
        if found[2] and any(host == domain or host.endswith(f".{domain}") for domain in domains):
            return f"https://{host}{found[2].rstrip('.')}"
    return ""
