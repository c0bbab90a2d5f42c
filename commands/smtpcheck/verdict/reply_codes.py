"""What a reply code makes of an endpoint, at the greeting and at EHLO. Data; the first row that holds a code decides.

Sources: RFC 5321 section 4.2.3, RFC 7504 (521), RFC 3207 section 4 (530).
"""

import re
from collections.abc import Sequence

from commands.smtpcheck.result.states import State


def by_code(code: int | None, rows: Sequence[tuple[range, State]]) -> State | None:
    """The state that a code stands for, or None."""
    return next((state for codes, state in rows if code is not None and code in codes), None)


GREETING_REFUSALS = (
    (range(421, 422), State.RATE_LIMITED),
    (range(400, 500), State.TEMP_REFUSED),
    (range(521, 522), State.NO_MAIL_SERVICE),
    (range(500, 600), State.REFUSED_BY_POLICY),
    (range(220), State.NOT_SMTP),
    (range(221, 1000), State.NOT_SMTP),
)
HELLO_REFUSALS = (
    (range(421, 422), State.RATE_LIMITED),
    (range(400, 500), State.TEMP_REFUSED),
    (range(500, 501), State.EHLO_NOT_UNDERSTOOD),
    (range(502, 503), State.EHLO_NOT_UNDERSTOOD),
    (range(501, 502), State.EHLO_NAME_REJECTED),
    (range(503, 504), State.UNEXPECTED_REPLY),
    (range(504, 505), State.EHLO_NAME_REJECTED),
    (range(521, 522), State.NO_MAIL_SERVICE),
    (range(530, 531), State.TLS_REQUIRED),
    (range(500, 600), State.REFUSED_BY_POLICY),
    (range(200, 400), State.UNEXPECTED_REPLY),
    (range(1000), State.NOT_SMTP),
)
DONE_ALREADY = frozenset({500, 502, 530})
"""Refusals that make no sense inside TLS of a server that took EHLO before: it knows the command, and TLS is up."""

ABOUT_US = frozenset({State.TEMP_REFUSED, State.REFUSED_BY_POLICY})
NAME_WORDS = re.compile(r"\b(?:helo|ehlo|fqdn|fully[- ]qualified|literal)\b", re.IGNORECASE)
"""Such refusals are about the name in our EHLO when they say so (Postfix: 450 or 504 "Helo command rejected")."""
