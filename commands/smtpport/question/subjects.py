"""What a question is about where that is no port: a row of `subjects` in messages.toml, which leaves no doubt.

Who asks for a port, or says that no connection comes about, is answered as that.
"""

import re

from commands.smtpport.evidence.messages import messages

_ASKS_PORT = re.compile(
    r"\b(?:which|what|que|qué|welche\w?|quel|qual|cual|cuál) (?:\w+ )?(?:ports?|puertos?|porta|mode|modo)\b"
    r"|\b(?:ports?|puertos?)\s?\?|\b(?:465|587|2525|25) (?:or|oder|o|ou) (?:465|587|2525|25)\b"
)
_UNREACHED = re.compile(
    r"\btim(?:e|es|ed)[ -]?out|\brefused\b|\bunreachable\b|\bno (?:route|conecta)\b|\bcannot connect\b"
)


def subject_of(text: str) -> str | None:
    """The diagnosis of what a text in lower case is about; None where it is about ports."""
    found = next((row.diagnosis for row in messages("subjects") if row.pattern.search(text)), None)
    return None if found is None or _ASKS_PORT.search(text) or _UNREACHED.search(text) else found
