"""What comes in: who asks of 25 inbound, or of another port for an MX, wants to receive, whatever else is named."""

import re
from dataclasses import replace

from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.question.asked import Question

_IN = r"(?:incoming|inbound|entrantes?|(?:de )?entrada)\b"
_CLOSED_IN = re.compile(
    rf"\b{_IN}[^.?;\n]{{0,25}}(?<!\d)25(?!\d)|(?<!\d)25(?!\d)[^.?;\n]{{0,20}}\b{_IN}"
    r"|\bmx\b[^.?;\n]{0,25}\b(?:otro puerto|(?:an)?other port|different port|(?:on|en) (?:el )?(?:587|465|2525))"
)
_OUT = re.compile(
    r"\b(?:outgoing|outbound|salientes?|salida|send\w*|relay\w*|smarthost|submission|env[ií]\w+|mandar|reach\w*|sale|smtp\.)"
)


def of_inbound(said: Question, text: str) -> Question:
    """The question as one of receiving where a text in lower case is about the way in, and not about any way out."""
    if not _CLOSED_IN.search(text) or _OUT.search(text):
        return said
    return replace(said, role="receive", stated=True, provider=None, host=None, tried=(), port=said.port or SMTP)
