"""What a server is quoted with: its reply read by its words, and by its code alone where no row has the words.

RFC 5321 section 4.2 says what a code means, RFC 3463 section 3 what the number in the middle of an enhanced one does.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.replies.reading import read
from commands.smtpcheck.result.replies.table import ReplyStage, Row
from commands.smtpport.evidence.messages import messages
from commands.smtpport.evidence.stages import Stage
from commands.smtpport.evidence.symptoms import Symptom

_ENHANCED = r"[45]\.\d{1,3}\.\d{1,3}"
REPLY = re.compile(
    r"(?<![\w./@+-])(?<!\d:)(?<!\w\[)(?<!\bport: )(?<!\bport )(?<!\bport=)(?<!\bline )"
    rf"(?!443)(4[2-57]\d|5[0-57]\d)(?![\w.%/]|:\d)([^\n\"]{{0,600}})"
    rf"|(?<![\w.=-])(?<!status: )()({_ENHANCED}(?![\w.-])[^\n\"]{{0,600}})"
)
"""A code and what stands behind it, or an enhanced code without one. 465 and 587 are none."""

_MARKED = re.compile(
    r"(?:code|reply|response|respon\w{2,6}|said|says|dice|got|error|recv|return\w{0,4}|smtp;|status|server|devuelve"
    r"|to me|<[-*~]{0,2}|\bs|#|[\[(])"
    r"[\s'\":=>([#-]{0,6}$"
)
"""Before a number: it is a code, whatever follows."""

_WITH_ENHANCED = re.compile(rf"\W{{1,6}}(?:[a-z]?['\"])?({_ENHANCED})(?![\d.])")
_WORDS = re.compile(r"\W{1,6}[a-z]")
_ALWAYS = frozenset({535})
"""What is hardly ever another number beside mail."""

_BEFORE_QUOTES = ("", *":\"'([{<>=|;-\u2013")
_OF_THE_WEB = range(500, 505)
"""Codes that a web server gives, too: with nothing but words behind them they are none of mail."""

_LOGIN_ALONE = frozenset({534, 538})
"""Codes that leave no doubt, whatever the words."""

_LOGIN_CODES = frozenset({454, *range(530, 540)})
_OF_LOGIN = frozenset({"auth"})
_OF_QUEUES = frozenset({"queue"})


_WRAP = re.compile(rf"smtp;[45]\d\d {_ENHANCED} \(undefined status\);smtp;")
"""What PowerMTA's accounting has before a reply that it wraps: a status of its own, which says nothing."""


class Reply(NamedTuple):
    """One reply: `enhanced` is "" without one, `marked` whether it is one beyond doubt, `quoted` not told in words."""

    code: int
    enhanced: str
    text: str
    marked: bool
    quoted: bool = True


def replies_in(text: str) -> Iterator[Reply]:
    """The refusals that a text in lower case quotes, in order."""
    text = _WRAP.sub("smtp;", text)
    for found in REPLY.finditer(text):
        before = text[max(0, found.start() - 24) : found.start()]
        if found[1] is None:
            enhanced = found[4].split(" ", 1)[0].rstrip(":,;)")
            yield Reply(450 if enhanced[0] == "4" else 550, enhanced, found[4], _MARKED.search(before) is not None)
            continue
        following = _WITH_ENHANCED.match(found[2])
        code, is_last = int(found[1]), not found[2].strip(" .)!?]'")
        is_marked = (
            following is not None
            or is_last
            or code in _ALWAYS
            or before[-1:] == "\n"
            or _MARKED.search(before) is not None
        )
        is_quoted = is_marked or before.rstrip()[-1:] in _BEFORE_QUOTES
        if is_marked or ((is_quoted or code not in _OF_THE_WEB) and _WORDS.match(found[2])):
            yield Reply(code, following[1] if following else "", found[2], is_marked, is_quoted)


def by_words(reply: Reply) -> str | None:
    """What the words say: by the table of replies, which knows whose they are, else by what kind of words they are.

    What the table knows of logins alone counts for their codes.
    """
    if reply.code in _LOGIN_ALONE:
        return str(_BY_CODE[reply.code])
    row = _row(reply)
    if row and row.enhanced and row.stages == _OF_QUEUES and not reply.enhanced:
        row = None  # its words are broad: without the code that they stand beside they say nothing
    known = row.meaning if row and (row.stages != _OF_LOGIN or reply.code in _LOGIN_CODES) else None
    if known and known not in _BROAD:
        return str(known)
    kinds = (row.diagnosis for row in messages("replies") if row.pattern.search(reply.text))
    kind = next((kind for kind in kinds if reply.code < 500 or kind not in _FOR_NOW_ONLY), None)
    return kind if known is None or kind in _NARROW else str(known)


_FOR_NOW_ONLY = frozenset({Symptom.DEFERRED, Meaning.GREYLISTED})
"""What no reply says that refuses for good."""

_BROAD = frozenset(
    {Meaning.CONTENT_REFUSED, Meaning.POLICY_REFUSAL, Meaning.SENDER_NOT_OWNED, Meaning.EHLO_NAME}
    | {Meaning.COMMAND_UNKNOWN}
)
_NARROW = frozenset({Symptom.SENDER_REFUSED, Meaning.NO_SUCH_USER, Meaning.LOGIN_NEEDED, Symptom.STARTTLS_NOT_OFFERED})
"""What is said of a reply in general, and the words in it that say more."""


def _row(reply: Reply) -> Row | None:
    """The row of the table, none of another step than the one that the reply itself names."""
    stage = next((stage for words, stage in _NAMED if words in reply.text), None)
    row = read(None, reply.code, reply.text)
    if row is None or stage is None or stage in row.stages:
        return row
    row = read(stage, reply.code, reply.text)
    return row if row and row.words else None


_NAMED: tuple[tuple[str, ReplyStage], ...] = (
    ("sender address rejected", "mail"),
    ("recipient address rejected", "rcpt"),
    ("helo command rejected", "ehlo"),
    ("reply to mail from", "mail"),
    ("reply to rcpt to", "rcpt"),
)
"""How servers and logs say at which step it was said."""


def by_code(reply: Reply, stage: Stage) -> str | None:
    """What the code alone says, and the step at which it was said; None where the number may be no code."""
    if not reply.marked:
        return None
    subject = reply.enhanced.split(".")[1] if reply.enhanced else ""
    if reply.enhanced.endswith(_BROKEN):
        return str(Meaning.CONNECTION_BROKE)
    if reply.code in _BY_CODE and (reply.code, subject) != _SERVICE_BY_RULE:
        return str(_BY_CODE[reply.code])
    if reply.code < 500:
        return str(_FOR_NOW.get(subject, Symptom.DEFERRED))
    if subject == "7" and not reply.enhanced.endswith(_GENERAL) and _has_words(reply):
        return str(Symptom.REFUSED_FOR_GOOD)  # a rule of its own, which only its words tell
    return str(_FOR_GOOD.get(subject) or _BY_STAGE.get(stage, Symptom.REFUSED_FOR_GOOD))


def _has_words(reply: Reply) -> bool:
    return _WORDS.match(reply.text.partition(reply.enhanced)[2]) is not None


_BROKEN = ".4.2"
"""A connection that came about and failed, RFC 3463 section 3.5."""

_GENERAL = (".7.0", ".7.1")
"""Refusals by a rule of whatever kind, RFC 3463 section 3.8."""

_SERVICE_BY_RULE = (421, "7")
"""A service that closes for a rule is not just busy."""

_FOR_NOW: Mapping[str, Symptom] = {"3": Symptom.REPLY_SYSTEM, "4": Symptom.REPLY_ROUTE}
_FOR_GOOD: Mapping[str, Symptom] = {
    "1": Symptom.REPLY_ADDRESS,
    "2": Symptom.REPLY_MAILBOX,
    "3": Symptom.REPLY_SYSTEM,
    "4": Symptom.REPLY_ROUTE,
    "5": Symptom.REPLY_PROTOCOL,
    "6": Symptom.REPLY_CONTENT,
    "7": Symptom.RELAY_OR_POLICY,
}
"""The subjects of enhanced codes, RFC 3463 section 3."""

_BY_STAGE: Mapping[Stage, Symptom] = {
    Stage.REFUSED_AT_ONCE: Symptom.CLIENT_REFUSED,
    Stage.SENDER: Symptom.SENDER_REFUSED,
    Stage.RECIPIENT: Symptom.RECIPIENTS_REFUSED,
    Stage.CONTENT: Symptom.REPLY_CONTENT,
}

_BY_CODE: Mapping[int, Symptom | Meaning] = {
    421: Meaning.SERVICE_BUSY,
    454: Symptom.TLS_OR_LOGIN_UNAVAILABLE,
    **dict.fromkeys((500, 501, 502, 503, 504, 555), Symptom.REPLY_PROTOCOL),
    530: Symptom.TLS_OR_LOGIN_NEEDED,
    534: Meaning.STRONGER_LOGIN,
    535: Meaning.LOGIN_REFUSED,
    538: Meaning.LOGIN_NEEDS_TLS,
    552: Symptom.REPLY_MAILBOX,
    553: Symptom.REPLY_ADDRESS,
}
"""Codes that say more than their class, RFC 5321 section 4.2.2 and RFC 4954 section 6."""
