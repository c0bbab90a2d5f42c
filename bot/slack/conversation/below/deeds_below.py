"""What is written below an alert, clause by clause: what is told there, and what is to be done. Pure.

A row of `clause_words.CLAUSES` for each kind of clause. All that is plain is done (`on it. mute 1h`), and what is told
beside it is its note (`he reiniciado postfix, mira otra vez`). What is an order and not plain is asked back with a
button for it, and is never a note.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.slack.conversation.below.below_alert import asked, has_answer, instead, noting
from bot.slack.conversation.below.clause_words import (
    BREAKS,
    CLAUSES,
    DENIED,
    DONE,
    NEEDED,
    REMIND,
    REQUESTED,
    TAKES_BACK_IT,
    TURNS,
    VERBS,
    WANTS,
    WISHES,
    Kind,
)
from bot.slack.conversation.below.wanted_below import read_end, wanted_below
from bot.slack.conversation.below.which_of_them import LABELS, SEVERAL, WITH_END, marked_hosts
from bot.slack.conversation.orders.implied_orders import order_about
from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.orders.orders import VERB, lead_of
from bot.slack.conversation.sentence.phrasing import without_courtesies
from bot.slack.conversation.sentence.understood import Understood
from bot.slack.conversation.understanding.subjects import of_alert
from commands.contract import Reply
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.view.condition import quiet
from commands.watch.view.wording import name_of
from commands.words import as_typed

LONGEST = 300
"""Characters: what is longer tells something."""


_KINDS = [(kind, re.compile("|".join(patterns))) for kind, patterns in CLAUSES.items()]


@dataclass(frozen=True, slots=True)
class Clause:
    """`said` without courtesies, `typed` with them, `mark` what stood before it.

    `line` is what is typed for it behind `/smtpwatch`.
    """

    said: str
    mark: str
    kind: Kind
    line: str = ""
    leads: bool = False
    typed: str = ""


def requested_below(text: str, alert: Sequence[Watch], now: datetime) -> Sequence[Understood] | Reply | None:
    """`I restarted it, can you look again?`: a look is taken, anything else that is asked for so is asked back."""
    found = told_below(text, alert, now) if REQUESTED.search(folded(text)) else None
    if found is None or isinstance(found, Reply):
        return found
    lines = [one.text for one in found]
    is_look = "run" in {line.split()[0] for line in lines}
    return found if is_look else _asked(text, [line for line in lines if not line.startswith("note ")], alert)


def told_below(
    text: str, alert: Sequence[Watch], now: datetime, typed: str = ""
) -> Sequence[Understood] | Reply | None:
    """The orders, all to be done; or what is asked back; None where it is a note, or an order with more behind it.

    `typed` is the text with all that was said before what is meant.
    """
    said = " ".join(without_courtesies(as_typed(text)).split())
    if len(said) > LONGEST:
        return None
    typed = " ".join(as_typed(typed or text).split())
    if end := _later(typed.strip(" .!"), NEEDED.fullmatch(folded(typed).strip(" .!")), now):
        return _asked(typed, [f"snooze {' '.join(watch.id for watch in alert)} {end}"], alert)
    return _told(said, typed, alert, now)


def _told(said: str, typed: str, alert: Sequence[Watch], now: datetime) -> Sequence[Understood] | Reply | None:
    """By the kinds of its clauses, in `said`, which is `typed` without what is only said before what is meant."""
    if named := _named_in(said, alert):
        it = _as_it(said, named)
        if _denies(it, alert, now):
            return _taken_back(typed, named, now)
        if len(named) < len(alert):
            return _of_some(typed, it, named, alert, now)
    every = _clauses(said, alert, now)
    clauses = [one for one in every if one.kind is not Kind.COURTESY]
    kinds = [one.kind for one in clauses]
    if not clauses or all(kind is Kind.TOLD for kind in kinds):
        return None
    if Kind.TAKES_BACK in kinds and not _does(kinds):
        return _taken_back(typed, alert, now)
    if Kind.SPEAKS in kinds and not _does(kinds):
        return _speaks(typed, alert, now)
    first, *others = clauses
    if first.leads and others and all(one.kind in {Kind.TOLD, Kind.BACK} for one in others):
        return None  # one order, with its reason or its note
    is_answered = first.leads and (first.kind is Kind.UNCLEAR or has_answer(folded(first.said)))
    is_of_all = first.kind is Kind.RUN and len(alert) > 1
    if len(every) == 1 and (is_answered or not (first.kind in {Kind.ORDER, Kind.UNCLEAR} or is_of_all)):
        return None
    return _done(typed, clauses, alert)


def each_of_them(text: str, alert: Sequence[Watch], now: datetime) -> Sequence[Understood] | None:
    """`ack mx2 and mute mail 1h`: each order says for whom it is; None where one of them does not."""
    said = " ".join(without_courtesies(as_typed(text)).split())
    if len(alert) < SEVERAL or len(said) > LONGEST:
        return None
    given = _parted(said)
    meant = [_named_in(one, alert) or (alert if _ALL.search(folded(one)) else []) for one, _ in given]
    if len(given) < SEVERAL or not all(meant) or all(len(whom) == len(alert) for whom in meant):
        return None
    pairs = list(zip(given, meant, strict=True))
    clauses = [_clause(_as_it(one, whom), mark, whom, now) for (one, mark), whom in pairs]
    if any(one.kind not in {Kind.ORDER, Kind.TAKEN, Kind.RUN} for one in clauses):
        return None
    lines = [_alone(one.line, len(whom) < len(alert)) for one, whom in zip(clauses, meant, strict=True)]
    return [Understood("smtpwatch", line, ordered=True) for line in lines]


_ALL = re.compile(r"(?<!\w)(?:both|all|everything|amb[oa]s|l[oa]s (?:dos|tres)|tod[oa]s)(?!\w)")


def _alone(line: str, is_limited: bool) -> str:
    """Of a message of several an acknowledgement is for all of them, unless it says that it is not."""
    return f"{line} only" if is_limited and line.startswith("ack ") else line


def _named_in(said: str, alert: Sequence[Watch]) -> list[Watch]:
    return [one for one in alert if HOST in marked_hosts(folded(said), [one])]


def _as_it(said: str, named: Sequence[Watch]) -> str:
    return marked_hosts(folded(said), named).replace(HOST, "it")


def _of_some(
    typed: str, it: str, named: Sequence[Watch], alert: Sequence[Watch], now: datetime
) -> Sequence[Understood] | Reply | None:
    """`mx2 is mine, ack it`, where the message tells of others, too; None where it is one order about the named."""
    clauses = [one for one in _clauses(it, named, now) if one.kind is not Kind.COURTESY]
    orders = [one.line for one in clauses if one.line]
    if not orders or clauses[0].leads or len(clauses) == 1:
        return None
    ids = " ".join(watch.id for watch in named)
    every = " ".join(watch.id for watch in alert)
    return _asked(typed, [*orders, *(line.replace(ids, every) for line in orders)], alert)


def _denies(said: str, alert: Sequence[Watch], now: datetime) -> bool:
    """`don't mute mx2`, and nothing else."""
    kinds = {one.kind for one in _clauses(said, alert, now)} - {Kind.COURTESY}
    return kinds == {Kind.TAKES_BACK} or TAKES_BACK_IT.fullmatch(said) is not None


def _does(kinds: Sequence[Kind]) -> bool:
    return any(kind in {Kind.ORDER, Kind.UNCLEAR, Kind.TAKEN, Kind.RUN} for kind in kinds)


def _clauses(said: str, alert: Sequence[Watch], now: datetime) -> list[Clause]:
    return [replace(_clause(one, mark, alert, now), typed=one) for one, mark in _parted(said)]


def _parted(said: str) -> list[tuple[str, str]]:
    """The clauses, and what stood before each."""
    breaks = list(BREAKS.finditer(folded(said)))
    begins, ends = [0, *(one.end() for one in breaks)], [*(one.start() for one in breaks), len(said)]
    parts = [said[begin:end].strip(" ?!.,") for begin, end in zip(begins, ends, strict=True)]
    marks = ["", *(one[0].strip() for one in breaks)]
    return [(one, mark) for one, mark in zip(parts, marks, strict=True) if one]


def _clause(said: str, mark: str, alert: Sequence[Watch], now: datetime) -> Clause:
    said = without_courtesies(said) if len(said.split()) > 1 else said
    known = folded(said)
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(known)), None)
    ids = " ".join(watch.id for watch in alert)
    if kind is Kind.RUN:
        return Clause(said, mark, kind, f"run {ids}")
    if kind is Kind.TAKEN:
        return Clause(said, mark, kind, f"ack {ids}")
    if kind is not None:
        return Clause(said, mark, kind)
    later = REMIND.fullmatch(known)
    if end := _later(said, later, now):
        return Clause(said, mark, Kind.UNCLEAR, f"snooze {ids} {end}")
    changed = wanted_below(said, alert, now)
    if isinstance(changed, Understood):
        return Clause(said, mark, Kind.ORDER, changed.text)
    return _ordered(said, mark, alert, now)


def _later(said: str, match: re.Match[str] | None, now: datetime) -> str:
    """When it is to be told again, as it is typed behind `snooze`."""
    words = said[match.start("end") :].split() if match else []
    return (read_end(words, now) or read_end(["until", *words], now)) if words else ""


def _ordered(said: str, mark: str, alert: Sequence[Watch], now: datetime) -> Clause:
    """A verb with what is quiet and until when, and nothing else, is plain."""
    order = order_about(said, of_alert(alert), below_alert=True)
    verb, *rest = order.line.removeprefix("smtpwatch ").split() if order and not order.is_asked_back else [""]
    ids = [watch.id for watch in alert]
    if verb in LABELS and verb != "delete":
        behind = [word for word in rest if word not in ids]
        end = read_end(behind, now) if behind and verb in WITH_END else ""
        needs_end = verb == "snooze"
        is_plain = bool(end) or (not behind and not needs_end)
        kind = Kind.ORDER if is_plain else Kind.UNCLEAR
        return Clause(said, mark, kind, f"{verb} {' '.join(ids)} {end}".strip(), leads=True)
    known = folded(said)
    if VERB.match(known, lead_of(known)):
        return Clause(said, mark, Kind.TOLD, leads=True)
    return _wished(said, mark, alert, now)


def _wished(said: str, mark: str, alert: Sequence[Watch], now: datetime) -> Clause:
    """A verb of an order anywhere: `i'd rather you muted it til noon`. What somebody did is told."""
    known = folded(said)
    match = WISHES.fullmatch(known)
    is_told = match is None or (DONE.search(match["verb"]) and not WANTS.search(known[: match.start("verb")]))
    if match is None or is_told:
        return Clause(said, mark, Kind.TOLD)
    if DENIED.search(known[: match.start("verb")]):
        return Clause(said, mark, Kind.TAKES_BACK)
    stem = match["verb"].removeprefix("un")
    verb = next((verb for begin, verb in VERBS.items() if stem.startswith(begin)), "ack")
    verb = f"un{verb}" if match["verb"].startswith("un") else verb
    words = match["behind"].split()
    ends = (read_end(words[at:], now) for at in range(len(words)))
    end = next((one for one in ends if one), "") if verb in WITH_END else ""
    return Clause(said, mark, Kind.UNCLEAR, f"{verb} {' '.join(watch.id for watch in alert)} {end}".strip())


def _done(said: str, clauses: Sequence[Clause], alert: Sequence[Watch]) -> Sequence[Understood] | Reply | None:
    """All of it where nothing is doubtful."""
    kinds = [one.kind for one in clauses]
    orders = [one for one in clauses if one.line]
    if Kind.CLOSE in kinds and Kind.BACK in kinds and not orders:
        orders = [Clause("", "", Kind.RUN, f"run {' '.join(watch.id for watch in alert)}")]
    told = [one for one in clauses if one.kind is Kind.TOLD]
    if not orders:
        return None
    verbs = [one.line.split()[0] for one in orders]
    is_doubtful = (
        Kind.UNCLEAR in kinds
        or len(set(verbs)) < len({one.line for one in orders})
        or len({"mute", "unmute", "snooze", "unsnooze", "pause", "resume"} & set(verbs)) > 1
        or any(one.leads or TURNS.match(folded(one.said)) for one in told)
        or any(one.line and one.mark == ":" for one in clauses)
    )
    if is_doubtful:
        return _asked(said, [one.line for one in orders], alert)
    return [Understood("smtpwatch", line, ordered=True) for line in _lines(said, orders, told, alert)]


def _lines(said: str, orders: Sequence[Clause], told: Sequence[Clause], alert: Sequence[Watch]) -> list[str]:
    """What is told beside an acknowledgement is kept with it, else as a note before the others."""
    lines = list(dict.fromkeys(one.line for one in orders))
    if not told:
        return lines
    note = ", ".join(one.typed for one in told)
    note = note if note in said else said  # what somebody is quoted with has nothing cut out of it
    if any(line.startswith("ack ") for line in lines):
        note = said if any(one.kind is Kind.TAKEN for one in orders) else note
        return [f"{line} - {note}" if line.startswith("ack ") else line for line in lines]
    return [f"note {alert[0].id} {note}", *lines]


def of_them(alert: Sequence[Watch]) -> str:
    """How a button names them: by the name of the one, else how many they are."""
    return {1: name_of(alert[0]), 2: "both"}.get(len(alert), f"all {len(alert)}")


def _asked(said: str, lines: Sequence[str], alert: Sequence[Watch]) -> Reply:
    row = [instead(_label(line, alert), line) for line in dict.fromkeys(lines)]
    return asked("Nothing is done, and nothing is noted. Do you mean this?", [*row, noting(said, alert[0])])


def _label(line: str, alert: Sequence[Watch]) -> str:
    """By the names of those that it names where they are not all of them."""
    verb, *rest = line.split()
    meant = [watch for watch in alert if watch.id in rest]
    end = " ".join(rest[len(meant) :])
    them = of_them(alert) if len(meant) == len(alert) else ", ".join(map(name_of, meant))
    return f"{LABELS[verb]} {them} {end}".strip()


def _taken_back(said: str, alert: Sequence[Watch], now: datetime) -> Reply:
    """By what is: a quiet can be ended, an acknowledgement is not taken back."""
    first, name = alert[0], name_of(alert[0])
    kept = quiet(first, now)
    if kept:
        return asked(f"Nothing is done yet. *{name}*: {kept}.", [*_ending(alert, now), noting(said, first)])
    incident = first.state.incident
    if incident is not None and incident.acked_by:
        told = (
            f"Nothing is noted. An acknowledgement of *{name}* is not taken back: whoever takes over acknowledges it, "
            "and its thread says since when. A note tells the others."
        )
        return asked(told, [noting(said, first)])
    return asked(
        f"Nothing is noted. *{name}* is neither muted, snoozed, paused nor acknowledged.", [noting(said, first)]
    )


def _speaks(said: str, alert: Sequence[Watch], now: datetime) -> Sequence[Understood] | Reply:
    if _ending(alert, now):
        return [Understood("smtpwatch", f"resume {' '.join(watch.id for watch in alert)}", ordered=True)]
    told = f"Nothing is noted. *{name_of(alert[0])}* is neither muted, snoozed nor paused: it alerts."
    return asked(told, [noting(said, alert[0])])


def _ending(alert: Sequence[Watch], now: datetime) -> list[dict[str, object]]:
    """A button for each way in which they are quiet."""
    ids = " ".join(watch.id for watch in alert)
    ways = {
        "unmute": any(one.muted and one.muted.holds(now) for one in alert),
        "unsnooze": any(one.snoozed and one.snoozed.holds(now) for one in alert),
        "resume": any(one.paused for one in alert),
    }
    return [instead(f"{LABELS[verb]} {of_them(alert)}", f"{verb} {ids}") for verb, is_so in ways.items() if is_so]
