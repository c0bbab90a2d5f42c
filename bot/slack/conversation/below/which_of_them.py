"""An order below a message of several watches that is not for all of them: `ack the first one`, `mute mx2 only`. Pure.

It is asked back, with a button for each watch and one for all of them; nothing is done, and nothing is noted.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.slack.conversation.below.below_alert import asked, instead, noting
from bot.slack.conversation.below.wanted_below import read_end
from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.orders.orders import VERB, lead_of
from bot.slack.conversation.sentence.phrasing import without_courtesies
from bot.slack.conversation.sentence.references import ORDINAL, ORDINAL_ES
from bot.slack.conversation.sentence.understood import Understood
from commands.contract import Reply
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.typed.reasons import EXCEPT
from commands.watch.view.wording import looks_at, name_of
from commands.words import as_typed

LONGEST, MOST = 240, 5
"""Characters of such an order, and watches that have a button."""

LABELS = {
    "ack": "Acknowledge",
    "mute": "Mute",
    "snooze": "Snooze",
    "pause": "Pause",
    "resume": "Resume",
    "unmute": "Unmute",
    "unsnooze": "End the snooze of",
    "run": "Run",
    "delete": "Delete the watch on",
}
"""By act what its button says before a name."""

WITH_END = frozenset({"mute", "snooze"})
ONE_BY_ONE = frozenset({"delete"})
"""Acts that are never done to several."""

_ONE = r"(?:ones?|hosts?|servers?|machines?|watch(?:es)?|alerts?|un[oa]|servidor|maquina|vigilancia|alerta)"
_ENDS = (
    r"(?=\s*(?:[?!.,;:)]|$)|\s+(?:and|or|but|not|only|alone|of|is|are|please|for|until|till|because|since|today|y|o|"
    r"pero|no|solo|de|por|hasta|durante|porque|hoy|\d+ ?[a-z]+|an?|half|una?|media|two|dos|three|tres)(?!\w))"
)
_THE = r"(?:the|this|that|my|our|el|la|al|lo|de|del|a|for|on|of|to|just|only|solo)"
_ONLY = r"(?:only|just|solely|solo|solamente|unicamente|nada mas)"
_NOT = r"(?:not|no|except|excluding|but|besides|other than|apart from|without|leave|excepto|salvo|excluyendo|menos|sin)"
_WHICH = rf"(?:(?:{ORDINAL}|{ORDINAL_ES})(?: {_ONE})?{_ENDS}|{HOST}{_ENDS}|(?:others?|rest|otr[oa]s?|resto)(?!\w))"

LIMITED = (
    rf"(?:^|(?<!\w){_THE} )(?:{ORDINAL}|{ORDINAL_ES})(?: {_ONE})?{_ENDS}",
    rf"(?<!\w)(?:this|that|the|only|just|either|other|{HOST}) one(?!\w)|^one{_ENDS}|(?<!\w)one (?:of|only|alone)(?!\w)",
    r"(?<!\w)(?:est[ae]|es[ae]|un[oa]|alguna?|cualquiera) (?:de (?:ell[oa]s|l[oa]s|est[oa]s)|sol[oa](?:mente)?)(?!\w)",
    rf"(?<!\w){_ONLY} (?:the|this|that|it|those|(?:for |on )?{HOST}|el|la|est[ae]|es[ae]|mine|one|un[oa])(?!\w)",
    rf"(?:{HOST}|(?<!\w)(?:it|this|that|mine|est[ae]|es[ae]))(?: {_ONE})? (?:{_ONLY}|alone)(?!\w)|^{_ONLY}$",
    rf"(?<!\w){_NOT} (?:(?:for|on|the|that|el|la|los|las|a|al|de|not|del) ){{0,3}}{_WHICH}",
    r"(?<!\w)(?:the|el|la|l[oa]s|al) (?:others?|rest|otr[oa]s?|resto)(?!\w)",
    r"(?<!\w)(?:some|half|neither|mitad) (?:of|de) ",
    rf"[,;] .*{HOST}(?!\w)",
    r"(?<!\w)(?:except|excluding|other than|apart from|excepto|salvo|excluyendo)(?!\w)",
)
"""What says, behind an order, that not all of them are meant: patterns; a host of the message stands as `HOST`."""

_LIMITED = re.compile("|".join(LIMITED))
_FIRST_ONLY = re.compile(rf"\s*(?:please )?{_ONLY} ")
"""`only ack mx2`."""

_REASON = re.compile(r"(?<!\w)(?:because|porque|reason:|motivo:)(?!\w)")
_NOTE_FOR = re.compile(
    r"(?:note|nota)\s+(?:only |solo )?(?:for|on|to|about|para|en|de|sobre|a)\s+(?P<whom>[^:,]{1,60})"
)


def which_of_them(text: str, alert: Sequence[Watch], now: datetime) -> Understood | Reply | None:
    """To whoever wrote it alone; None where all of them are meant, or it is no order. One that is named is clear."""
    said = " ".join(without_courtesies(as_typed(text)).split())
    if len(alert) < SEVERAL or len(said) > LONGEST:
        return None
    known = marked_hosts(folded(said), alert)
    if (noted := _NOTE_FOR.match(known)) and _LIMITED.search(_THE_WORD.sub("", noted["whom"].strip())):
        return _asked([(f"Note for {_name(one, alert)}", f"note {one.id} {said}") for one in alert], said, alert)
    only = _FIRST_ONLY.match(known)
    start = only.end() if only else lead_of(known)
    verb = VERB.match(known, start)
    act = verb.lastgroup if verb else ""
    if verb is None or act not in LABELS:
        return None
    behind = _REASON.split(known[verb.end() :], maxsplit=1)[0].strip()
    if act == "ack" and not only and (one_alone := _acknowledged(said, alert)):
        return one_alone
    if not (_LIMITED.search(behind) or (only and HOST in behind)):
        return None
    return _asked(_orders(act, _end_in(behind, now) if act in WITH_END else "", alert), said, alert)


def _acknowledged(said: str, alert: Sequence[Watch]) -> Understood | None:
    """`ack mx2: disk is full` is of the one that is named, with what stands behind it as its note."""
    known = folded(said)
    verb = VERB.match(known, lead_of(known))
    named = _named_pattern(alert).fullmatch(known, verb.end()) if verb else None
    meant = [one for one in alert if named and named["name"] in (one.target, _label(one), one.id)]
    if named is None or len(meant) != 1:
        return None
    note = said[named.start("note") :] if named["note"] else ""
    marked = marked_hosts(folded(note), alert)
    if HOST in marked or _LIMITED.search(marked) or marked.split(" ", 1)[0] in EXCEPT:
        return None
    return Understood("smtpwatch", f"ack {meant[0].id} only{f' - {note}' if note else ''}", ordered=True)


def _named_pattern(alert: Sequence[Watch]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for one in alert for name in (one.target, _label(one), one.id))
    return re.compile(
        rf"(?:\s+(?:the|on|for|of|la|el|de|a))*\s+(?P<name>{names})(?: {_ONE})?[.!]?"
        r"(?:(?:\s*[:,;]|\s+[-\u2013\u2014])\s*(?P<note>.+))?"
    )


def _label(watch: Watch) -> str:
    return watch.target.partition(".")[0]


SEVERAL = 2
_THE_WORD = re.compile(r"^(?:the|el|la) ")


def marked_hosts(known: str, alert: Sequence[Watch]) -> str:
    """With `HOST` where one of them is named, in full or by its first label."""
    names = sorted({name for one in alert for name in (one.target, _label(one))}, key=len)
    each = "|".join(map(re.escape, reversed(names)))
    return re.sub(rf"(?<![\w.@-])(?:{each})(?![\w-]|\.\w)", HOST, known)


def _end_in(behind: str, now: datetime) -> str:
    """The longest run of words that is an end, as it was said."""
    words = re.sub(r"[,;]|:(?!\d)", " ", behind).split()
    runs = (
        (at, till) for size in range(len(words), 0, -1) for at in range(len(words) - size + 1) for till in [at + size]
    )
    return next((end for at, till in runs if (end := read_end(words[at:till], now))), "")


def _orders(act: str, end: str, alert: Sequence[Watch]) -> list[tuple[str, str]]:
    """The label and the line of each button."""
    label, alone = LABELS[act], " only" if act == "ack" else ""
    end = end or ("1h" if act == "snooze" else "")
    each = [
        (f"{label} {_name(one, alert)} {end}".strip(), f"{act} {one.id}{alone} {end}".strip()) for one in alert[:MOST]
    ]
    if act in ONE_BY_ONE:
        return each
    every = "Both" if len(alert) == SEVERAL else f"All {len(alert)}"
    return [*each, (every, f"{act} {' '.join(one.id for one in alert)} {end}".strip())]


def _name(watch: Watch, alert: Sequence[Watch]) -> str:
    """With what it looks at where several are on one host."""
    is_alone = sum(one.target == watch.target for one in alert) == 1
    return name_of(watch) if is_alone else f"{name_of(watch)} ({looks_at(watch)})"


def _asked(orders: Sequence[tuple[str, str]], said: str, alert: Sequence[Watch]) -> Reply:
    asks = f"Nothing is done: this message is of {len(alert)} watches. Which of them do you mean?"
    return asked(asks, [*(instead(label, line) for label, line in orders), noting(said, alert[0])])
