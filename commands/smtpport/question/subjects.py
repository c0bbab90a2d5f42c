"""What a question is about where that is no port: a row of `subjects` in messages.toml, which leaves no doubt.

Who asks for a port, or says that no connection comes about, is answered as that. A reply that may mean many things is
what the words beside it say.
"""

import re

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.evidence.messages import messages
from commands.smtpport.evidence.symptoms import Effect, Symptom, effect_of

_ASKS_PORT = re.compile(
    r"\b(?:which|what|que|qué|welche\w?|quel|qual|cual|cuál) (?:\w+ )?(?:ports?|puertos?|porta|mode|modo)\b"
    r"|\b(?:ports?|puertos?)\s?\?|\b(?:465|587|2525|25) (?:or|oder|o|ou) (?:465|587|2525|25)\b"
)
_UNREACHED = re.compile(
    r"\btim(?:e|es|ed)[ -]?out|\brefused\b|\bunreachable\b|\bno (?:route|conecta)\b|\bcannot connect\b"
)


_READS = re.compile(r"\bimap|\bpop3?s?\b|imapstore|imaplib|poplib")
_SENDS = re.compile(
    r"smtp|\bsend|\bsent\b|outgoing|submi[st]|relay|\benv[ií]|\bmand[aoe]|(?<!\d)(?:25|465|587|2525)(?!\d)"
)

_ANY_OF_MANY = frozenset(
    {Meaning.SERVICE_BUSY, Meaning.POLICY_REFUSAL, Meaning.CONTENT_REFUSED, Symptom.DEFERRED, Symptom.RELAY_OR_POLICY}
    | {Symptom.REFUSED_FOR_GOOD, Symptom.REPLY_CONTENT}
)
"""Replies that may mean many things."""


_ANY = re.compile(
    r"imap|pop|fail2|crowd|\bip\b|dkim|spf|dmarc|spam|junk|\d (?:\w+ )?(?:a|per|each|an|por|pro)\b|\d ?/|rate|throttl"
    r"|limit|l[ií]m|quota|many|certif|tls\b|\bmx\b"
)
"""One word of each subject: most questions have none."""


def subject_of(text: str, symptom: str | None) -> str | None:
    """The diagnosis of what a text in lower case is about, beside its symptom; None where it is about ports."""
    if _ANY.search(text) is None:
        return None
    if _READS.search(text) and not _SENDS.search(text):
        return str(Symptom.ABOUT_READING) if symptom and effect_of(symptom) is Effect.OTHER_PORT else None
    if symptom is not None and symptom not in _ANY_OF_MANY:
        return None
    found = next((row.diagnosis for row in messages("subjects") if row.pattern.search(text)), None)
    return None if found is None or _ASKS_PORT.search(text) or _UNREACHED.search(text) else found
