"""Whose server a quoted reply is from, by what its replies end with. Pure."""

import re
from dataclasses import replace

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.evidence.symptoms import Symptom
from commands.smtpport.question.asked import Question

_SIGNATURES = (
    (re.compile(r"\bgsmtp\b|support\.google\.com/(?:mail|accounts|a/)"), "gmail"),
    (re.compile(r"\bprod\.(?:outlook|exchangelabs)\.com\b"), "m365"),
)
"""What the replies of a provider's servers end with."""

_TO_SENDERS = frozenset(
    {Meaning.LOGIN_REFUSED, Meaning.STRONGER_LOGIN, Meaning.LOGIN_NEEDED, Meaning.TLS_NEEDED, Meaning.LOGIN_NEEDS_TLS}
    | {Symptom.M365_LOGIN, Symptom.M365_NO_LOGIN, Symptom.M365_PASSWORD, Symptom.SMTP_AUTH_OFF, Symptom.EXCHANGE_METHOD}
    | {Symptom.BASIC_AUTH_OFF, Symptom.SECURITY_DEFAULTS, Symptom.ACCESS_POLICY, Symptom.TLS_OR_LOGIN_NEEDED}
)
"""Said to those alone who hand mail in."""


def with_signer(found: Question, text: str) -> Question:
    """The question with the provider whose server is quoted, where none is named."""
    if found.provider or found.host or found.symptom not in _TO_SENDERS:
        return found
    return replace(found, provider=next((key for pattern, key in _SIGNATURES if pattern.search(text)), None))
