"""Who asks whether a switch for TLS has to be on beside a port. Pure."""

import re
from dataclasses import replace

from commands.smtpport.question.asked import Question

_SWITCH = r"(?:box|checkbox|toggle|switch|option|tick|ticked|\w*secure|\w*ssl|\w*tls|casilla|opci[oó]n)"
_ASKS_SWITCH = re.compile(
    r"\b(?:should|shall|must|do i (?:need|have|tick|set|use)|need|has|have|with or without|on or off|tick|debo|hay que"
    r"|muss|soll)\b[^.?\n]{0,60}"
    rf"\b{_SWITCH}\b"
)
_EITHER = re.compile(
    rf"\b{_SWITCH}\b[^.?\n]{{0,20}}\b(?:true or false|on or off|yes or no|s[ií] o no"
    r"|enabled or disabled|ticked or not)\b"
    rf"|\b{_SWITCH}\w*(?:\.\w+)? (?:true )?(?:or|vs|o|oder) (?:[\w.]+ ){{0,1}}?"
    rf"(?:[\w.]*\.)?{_SWITCH}\w*\b(?! (?:connection|session|handshake))"
)


_LISTED = re.compile(r"\b(?:none|ssl|tls|starttls), ?(?:or )?(?:ssl|tls|starttls)\b[^.\n]{0,40}\?")
"""The choices of a setting, one behind the other."""


def asks_either(text: str) -> bool:
    """Whether a text in lower case asks which of two values a switch has to have: neither is set."""
    return _EITHER.search(text) is not None or _LISTED.search(text) is not None


_OF_MODES = frozenset({"mismatch", "either", "explain"})


def of_switch(said: Question, text: str) -> Question:
    """Who asks whether a switch for TLS has to be on beside a port asks which mode goes with it."""
    is_asked = said.topic in {"choose", "test"} and (said.port or said.also)
    if (is_asked or (said.topic in _OF_MODES and said.port)) and asks_either(text):
        return replace(said, topic="mismatch", tls=None)
    return replace(said, topic="mismatch") if is_asked and said.tls != "none" and _ASKS_SWITCH.search(text) else said
