"""Where a symptom comes from: a machine that is quoted, or somebody's words, which are a hint; and who connects."""

import re
from enum import StrEnum

_TECHNICAL = re.compile(
    r"\be(?:conn\w+|timed?out|hostunreach|netunreach|notfound|socket|auth|ai_\w+|pipe|perm|acces|addr\w+)\b"
    r"|\berrno\b|\berr(?:or)?\W{1,3}\d|\(\d{2,5}\)|#\d{2,3}\b|::|\w_\w|\b\w{3,60}(?:error|exception)\b|\b0x[0-9a-f]{4,8}\b"
    r"|\b(?!465|587)[45]\d\d[ -]|\b[45]\.\d\.\d|(?:\d{1,3}\.){3}\d|\[[\w.:-]{3,60}\]|:\d{2,5}\b"
    r"|\bssl routines\b|\bdial tcp\b|\bsmtp[a-z]{10,40}\b"
)
"""What nobody writes who tells something in words: names and numbers of errors, classes, addresses, replies."""

_NEAR = 40
"""Characters round a message in which something technical makes it one of a machine."""

_BEFORE_QUOTES = frozenset(":\"'([{=>|;")


def is_by_machine(text: str, start: int, end: int) -> bool:
    """Whether a message that stands in a text in lower case is quoted, and not told in somebody's words."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    before = text[line:start].rstrip()
    if before[-1:] in _BEFORE_QUOTES and before:
        return True
    if not before and (end >= stop or any(mark in text[end : min(end + _NEAR, stop)] for mark in ':["(=')):
        return True
    return _TECHNICAL.search(text, max(line, start - _NEAR), min(stop, end + _NEAR)) is not None


class Direction(StrEnum):
    """Who connects to whom, seen from whoever asks."""

    IN = "in"
    OUT = "out"


_IN_LOG = re.compile(
    r"\bsmtpd\b(?![^\n]{0,80}\bmta\b)|\bnoqueue\b|\bpostscreen\b|\bconnect(?:ion)? from\b"
    r"|lost connection after \w{1,12} from|ruleset=check_|\bh=\S.{0,120}rejected"
)
_OUT_LOG = re.compile(
    r"\bpostfix/(?:\w{1,20}/)?smtp\b|\bsmtpd\S{0,12} [^\n]{0,60}\bmta\b"
    r"|\brelay=(?!none|local|virtual)\w|\bhost \S{1,120} said\b"
    r"|\bconnect to \S{0,60}(?:\bl\.google|protection\.outlook|\bhotmail|\byahoodns|\bgmx)\.\w{2,3}\["
    r"|\bremote (?:host|server) said\b|\b[rt]=(?:dnslookup|remote_smtp)|\[outbound\]|\b\w{0,40}smtp\w{0,40}exception\b"
)
_OTHERS = (
    r"\b(?:nobody|no one|others?|people|senders?|outsiders?|they|customers?|clients?|partners?|somebody|someone"
    r"|everybody|nadie|otros|los dem[aá]s|clientes|remitentes|strangers)\b"
)
_FROM_OTHERS = re.compile(
    rf"{_OTHERS}[^.;\n]{{0,60}}\b(?:e?mail|send|sends|write|writes|deliver|reach|connect)(?: (?:e?mails?|anything))?"
    r"(?: to)? (?:me|us|our|my)\b"
    rf"|{_OTHERS}[^.;\n]{{0,60}}\b(?:on|at|from|by) (?:our|my) (?:mx|mail ?server|server)\b"
    r"|\bnadie (?:nos|me)\b|\b(?:nos|me) (?:puede|pueden|llega|llegan) (?:escribir|mandar|enviar|correo)"
)
"""Others are said to try in vain: that is about mail that comes in, whatever else is said."""

_IN_WORDS = re.compile(
    r"\b(?:sends?|writes?|mails?|mail that .{0,20}) to (?:me|us|my|our)\b"
    r"(?! (?:own )?(?:smart ?host|relay|mail|server|provider|exchange|postfix|exim|gateway|smtp|isp))"
    r"|\bto (?:me|us) (?:bounces?|from|gets?|is|are)\b|\bfrom (?:other servers|outside|external|everybody)\b"
    r"|\bexternal mails?\b|\b(?:inbound|incoming) (?:e?mails?|messages?)\b"
    r"|\b(?:others?|senders|people) (?:cannot|can.?t|get|send|write)\b"
    r"|\b(?:cannot|can.?t|not|no longer|never) receiv\w*|\bno (?:recibo|recibe|llegan)\b|\bme (?:escriben|mandan)\b"
)
_OUT_WORDS = re.compile(
    r"\bsent to\b|\bsmtp error\b|\bsending\b|\boutgoing\b|\b(?:envi|mand)(?:o|a|ar|amos|an)\b"
    r"|\b(?:cannot|can.?t|not|un\w{3}|when (?:i|we|it|the app)|if (?:i|we)|tries to|to) send"
)


def is_own_log(text: str) -> bool:
    """Whether a text in lower case quotes what a server logs of those who connect to it."""
    return _IN_LOG.search(text) is not None


def direction_of(text: str) -> Direction | None:
    """The direction that a text in lower case shows; None where it shows none, or both. A log says more than words."""
    if _FROM_OTHERS.search(text) and not (_IN_LOG.search(text) or _OUT_LOG.search(text)):
        return Direction.IN
    for inward, outward in ((_IN_LOG, _OUT_LOG), (_IN_WORDS, _OUT_WORDS)):
        comes, goes = inward.search(text) is not None, outward.search(text) is not None
        if comes or goes:
            return None if comes and goes else Direction.IN if comes else Direction.OUT
    return None
