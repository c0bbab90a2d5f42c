"""What a reply code makes of an endpoint, at the greeting and at EHLO. Data; the first row that holds a code decides.

Sources: RFC 5321 section 4.2.3, RFC 7504 (521), RFC 3207 section 4 (530).
"""

import re
from collections.abc import Sequence


def by_code(code: int | None, rows: Sequence[tuple[range, str]]) -> str | None:
    """The state that a code stands for, or None."""
    return next((state for codes, state in rows if code is not None and code in codes), None)


GREETING_REFUSALS = (
    (range(421, 422), "rate_limited"),
    (range(400, 500), "temp_refused"),
    (range(521, 522), "no_mail_service"),
    (range(500, 600), "refused_by_policy"),
    (range(220), "not_smtp"),
    (range(221, 1000), "not_smtp"),
)
HELLO_REFUSALS = (
    (range(421, 422), "rate_limited"),
    (range(400, 500), "temp_refused"),
    (range(500, 501), "ehlo_not_understood"),
    (range(502, 503), "ehlo_not_understood"),
    (range(501, 502), "ehlo_name_rejected"),
    (range(503, 504), "unexpected_reply"),
    (range(504, 505), "ehlo_name_rejected"),
    (range(521, 522), "no_mail_service"),
    (range(530, 531), "tls_required"),
    (range(500, 600), "refused_by_policy"),
    (range(200, 400), "unexpected_reply"),
    (range(1000), "not_smtp"),
)
DONE_ALREADY = frozenset({500, 502, 530})
"""Refusals that make no sense inside TLS of a server that took EHLO before: it knows the command, and TLS is up."""

ABOUT_US = frozenset({"temp_refused", "refused_by_policy"})
NAME_WORDS = re.compile(r"\b(?:helo|ehlo|fqdn|fully[- ]qualified|literal)\b", re.IGNORECASE)
"""Such refusals are about the name in our EHLO when they say so (Postfix: 450 or 504 "Helo command rejected")."""
