"""`ack` below an alert, with what is written behind it as a note: letter by letter as it was typed. Pure."""

import re
from collections.abc import Sequence

from bot.slack.conversation.below.below_alert import asked, instead, noting
from bot.slack.conversation.orders.order_words import ACTS, NO_MORE, NOUNS, REQUESTS
from bot.slack.conversation.sentence.phrases import AFTERWARDS
from bot.slack.conversation.sentence.understood import Understood
from commands.contract import Reply
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.typed.reasons import ALSO, EXCEPT
from commands.watch.view.wording import name_of
from commands.words import as_typed

_NOUN = rf"(?:{NOUNS['watch']}|{NOUNS['alert']}|{NOUNS['incident']})"
_IT = (
    r"(?:it|this|that|them|all|both|tod[oa]s?|amb[oa]s|l[oa]s (?:dos|tres)|est[aeo]|es[ae]|"
    rf"(?:(?:the|this|la|el|los|las) ){{0,2}}{_NOUN})"
)
_ACK = re.compile(
    rf"[\s¿¡]*(?:(?:{REQUESTS})[\s,:!]+)*(?:{ACTS['ack'].orders})(?:l[aeo]s?)?(?![\w'-])(?: {_IT}(?![\w'.-]))*"
)
_NOTHING = re.compile(rf"(?:[\s,.!-]*(?<!\w)(?:{AFTERWARDS}|{NO_MORE}))*[\s,.!:?-]*")
_MARKS = " ,;:.!-\u2013\u2014"
_DENIES = re.compile(r"(?:not|no) (?:me|mine|yet|now|it|this|that|for|yo|mio|todavia|aun|para)(?!\w)")


def acknowledged(text: str, alert: Sequence[Watch]) -> Understood | Reply | None:
    """None where it is no acknowledgement, one of a host that is named, or two orders in one."""
    said = " ".join(as_typed(text).split())
    known = folded(said)
    order = _ACK.match(known)
    if order is None or len(known) != len(said):
        return None
    behind = said[order.end() :]
    note, words = behind.lstrip(_MARKS), known[order.end() :].lstrip(_MARKS)
    ids = " ".join(watch.id for watch in alert)
    if not words or _NOTHING.fullmatch(known[order.end() :]):
        return Understood("smtpwatch", f"ack {ids}", ordered=True)
    if _begins_with_name(words, alert) or words.split()[0].strip(",") in ALSO:
        return None
    if words.split()[0].strip(",") in EXCEPT or _DENIES.match(words):
        asks = f"Nothing is done: `{note[:80]}` may take the acknowledgement of *{name_of(alert[0])}* back."
        return asked(asks, [instead("Acknowledge", f"ack {ids}"), noting(said, alert[0])])
    return Understood("smtpwatch", f"ack {ids} - {note}", ordered=True)


def _begins_with_name(words: str, alert: Sequence[Watch]) -> bool:
    first = re.split(r"[\s,:;]", words, maxsplit=1)[0]
    labels = {name for watch in alert for name in (watch.target, watch.target.partition(".")[0], watch.id)}
    return first in labels or re.fullmatch(r"w-[a-z0-9]+|(?:on|for|of|de|en)|[\w-]+(?:\.[\w-]+)+", first) is not None
