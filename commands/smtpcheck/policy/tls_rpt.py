"""Whom the domain asks to tell about failed TLS: its TLS-RPT record.

Source: RFC 8460 section 3.
"""

import re
from dataclasses import dataclass
from typing import Literal

from commands.slack_text import clean
from commands.smtpcheck.lookup.question import SecureResolver, text_of
from commands.smtpcheck.result.findings import Found, row_of

TlsRptState = Literal["valid", "absent", "many_records", "invalid", "unknown"]

VERSION = "v=TLSRPTv1"
_BEGIN = re.compile(rf"{VERSION}[ \t]*(?:;|$)")
_URI = re.compile(r"(?:mailto:[^\s@,!;]+@[^\s@,!;]+|https://[^\s,!;]+)", re.IGNORECASE)
MAX_RUA = 8


@dataclass(frozen=True, slots=True)
class TlsRpt:
    """The record of a domain. `rua` are the addresses of reports; `said` is the text of one that is invalid."""

    state: TlsRptState
    rua: tuple[str, ...] = ()
    said: str = ""


async def look_up_tls_rpt(domain: str, resolver: SecureResolver) -> TlsRpt:
    """The TLS-RPT record of a domain. TXT records of other kinds at the name do not count."""
    answer = await resolver.ask(f"_smtp._tls.{domain}", "TXT")
    if not answer.is_certain:
        return TlsRpt("unknown")
    texts = [text for text in map(text_of, answer.records) if _BEGIN.match(text)]
    if len(texts) > 1:
        return TlsRpt("many_records")
    return parse_tls_rpt(texts[0]) if texts else TlsRpt("absent")


def parse_tls_rpt(text: str) -> TlsRpt:
    """A record, strictly: the version first, then `rua` with at least one mailto: or https: URI. Total."""
    version, *fields = (field.strip(" \t") for field in text.split(";"))
    values = [
        value.strip(" \t") for key, _, value in (field.partition("=") for field in fields) if key.strip() == "rua"
    ]
    uris = [uri.strip(" \t") for uri in values[0].split(",")] if values else []
    if version != VERSION or not uris or not all(map(_URI.fullmatch, uris)):
        return TlsRpt("invalid", said=clean(text))
    return TlsRpt("valid", tuple(clean(uri) for uri in uris[:MAX_RUA]))


def tls_rpt_findings(domain: str, found: TlsRpt, *, wanted: bool) -> list[Found]:
    """`wanted`: the domain has MTA-STS or DANE, so that nobody would hear of their failures without reports."""
    if found.state == "absent" and not wanted:
        return []
    return [(row_of(f"tls_rpt_{found.state}"), {"name": domain, "rua": ", ".join(found.rua), "said": found.said})]
