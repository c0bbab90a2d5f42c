"""What an entry in the thread of an alert says: what grew or works again, who does what, how it ended. Mrkdwn, escaped.

Each stays, so that the thread is the story of the incident. What concerns one of several in a message has its name.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from commands.slack_text import escape
from commands.watch.state.certificates import WRONG
from commands.watch.state.events import GONE, Event
from commands.watch.view.alert_lines import record_names
from commands.watch.view.alert_words import down_of_it, ended_of, lasted_for, text_of
from commands.watch.view.closing_words import closed_as, gone
from commands.watch.view.event_text import GREEN, RED, WHITE
from commands.watch.view.group_words import (
    NOW_ALONE,
    NOW_DOWN,
    SINCE_TOLD,
    STILL_DOWN,
    broke_again,
    name_of_row,
    over,
    told_here,
    until_of,
    what_nobody_has,
)
from commands.watch.view.wording import broken, lasted, person, places, target_name, when

GREW = "Also broken now: {what}, since {when}"
OTHERWISE = "Broken otherwise now: {what}, since {when}"
JOINED, STILL = "Also down: {what}", "Still down: {what}"
RECOVERED, AGAIN = "Recovered: {what}", "Broken again: {what}"
CHANGED = "Broken otherwise now: {what}"
UNTIL = "{what} until {when}"
BEFORE = "Before that: {what}"
LEFT = "Still broken: {what}"
SINCE, OVER = "{what} since {when}", "all of it since {when}"
AND_MORE = "and {count} more"
ACKED = ":eyes: Acknowledged by {who} {when}{of}"
ESCALATED = ":rotating_light: {headline}. Nobody has acknowledged {what} for {long}{again}."
REMINDED = ":alarm_clock: {headline}. It has gone on for {long}, and nobody has acknowledged {what}{again}."
INSISTS: Mapping[str, str] = {"escalated": ESCALATED, "reminded": REMINDED}
ONE_OF, SOME_OF, ALL_OF = " (*{name}*)", ", {count} of the {open} watches that are down", ", all {count} watches"
NOTED: Mapping[str, str] = {
    "note": ":memo: {who}{of}: {text}",
    "mute": ":no_bell: Muted by {who} {until}{of}: {text}",
    "snooze": ":zzz: Snoozed by {who} {until}{of}",
    "pause": ":double_vertical_bar: Paused by {who}, not checked until somebody resumes it{of}: {text}",
    "resume": ":arrow_forward: Resumed by {who}{of}",
    "unmute": ":bell: Mute ended by {who}{of}",
    "unsnooze": ":bell: Snooze ended by {who}{of}",
    "undelete": ":leftwards_arrow_with_hook: Watched again: {who} took the deletion back{of}",
    "run": ":repeat: {who} ran it again{of}: {saw}",
}


def ending(event: Event) -> str:
    """The entry of an event."""
    if event.kind == "recovered" and event.facts.get("part"):
        return "\n".join(_otherwise(event))
    return _ENTRIES.get(event.kind, _over)(event)


def _changed(event: Event) -> str:
    left = [f"{WHITE} {_named(event)}{gone(event)}. {_left(event)}"] if GONE in event.facts else []
    return "\n".join([*_grew(event), *left, *_otherwise(event)])


def _joining(event: Event) -> str:
    return "\n".join(_otherwise(event))


def _grew(event: Event) -> list[str]:
    new, worse = event.facts.get("new"), event.facts.get("worse")
    if not new or ("group" in event.facts and not worse):
        return []
    words = GREW if worse else OTHERWISE
    began = min(
        (event.facts.get("began", {}).get(code, event.at.isoformat()) for code in new), key=datetime.fromisoformat
    )
    return [f"{RED} {words.format(what=_named(event) + broken(new, event.target), when=_at(began))}"]


def _named(event: Event) -> str:
    """Of which of several it is, where it is of one alone."""
    return f"*{target_name(event.target)}*: " if "group" in event.facts else ""


def _otherwise(event: Event) -> list[str]:
    """What joined, recovered, broke again or otherwise; how many are down, or what is broken still."""
    rows, unnamed = event.facts.get("thread", ()), int(event.facts.get("unnamed", 0))
    several = "group" in event.facts
    back = [row for row in rows if "joined" not in row]
    said = (
        (RED, STILL, [_of(row, several, broken(row["still"], row["target"])) for row in rows if row.get("still")]),
        (RED, JOINED, _joined(rows)),
        (GREEN, RECOVERED, [_fine(row, several) for row in back if row.get("fine") or row.get("over")]),
        (RED, AGAIN, [_broke(row, several, "again") for row in back if row.get("again")]),
        (RED, CHANGED, [_broke(row, several, "otherwise") for row in back if row.get("otherwise")]),
    )
    lines = [f"{icon} {words.format(what='; '.join(what))}" for icon, words, what in said if what]
    if not lines:
        return []
    more = f"; {AND_MORE.format(count=unnamed)}" if unnamed else ""
    return [*lines[:-1], f"{lines[-1]}{more}. {_left(event)}"]


def _left(event: Event) -> str:
    if "group" in event.facts:
        group = event.facts["group"]
        still, here = int(group["open"]), told_here(group)
        words = STILL_DOWN if still < here else NOW_DOWN if still > 1 else NOW_ALONE
        return words.format(open=still, count=here)
    return LEFT.format(what=broken(event.facts.get("failing", ()), event.target))


def _fine(row: Mapping[str, Any], several: bool) -> str:
    if row.get("over"):
        return f"{name_of_row(row, '*')} {OVER.format(when=_at(row['over']))}"
    return _of(row, several, _by_time(row["fine"], lambda those: places(those, row["target"])))


def _broke(row: Mapping[str, Any], several: bool, how: str) -> str:
    return _of(row, several, _by_time(row[how], lambda those: broken(those, row["target"])))


def _joined(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What came to the message; of what is over by now until when it was so."""
    found = [row for row in rows if "joined" in row]
    said = [_of(row, True, broken(row["joined"], row["target"]) or "not usable") for row in found]
    return [
        UNTIL.format(what=what, when=_at(row["over"])) if row.get("over") else what
        for what, row in zip(said, found, strict=True)
    ]


def _of(row: Mapping[str, Any], several: bool, what: str) -> str:
    return f"{name_of_row(row, '*')} {what}" if several else what


def _by_time(since: Mapping[str, str], words: Callable[[list[str]], str]) -> str:
    times: dict[str, list[str]] = {}
    for what, at in sorted(since.items()):
        times.setdefault(at, []).append(what)
    return ", ".join(SINCE.format(what=words(those), when=_at(at)) for at, those in sorted(times.items()))


def _at(iso: str) -> str:
    return when(datetime.fromisoformat(iso))


def _of_which(event: Event) -> str:
    """Which of several it was done to."""
    if "group" not in event.facts:
        return ""
    count, still = int(event.facts.get("together", 1)), int(event.facts["group"]["open"])
    words = ONE_OF if count < 2 else ALL_OF if count >= still else SOME_OF
    return words.format(name=target_name(event.target), count=count, open=still)


def _acked(event: Event) -> str:
    who = person(str(event.facts.get("who")))
    return ACKED.format(who=who, when=when(event.at), of=_of_which(event))


def _noted(event: Event) -> str:
    """An entry that somebody made."""
    facts = event.facts
    until = facts.get("until")
    words = {
        "who": person(str(facts.get("who"))),
        "text": escape(str(facts.get("text") or ""), 600),
        "until": f"until {_at(str(until))}" if until else "until somebody ends it",
        "of": _of_which(event),
        "saw": broken(facts.get("saw", ()), event.target) or "it answers; waiting for confirmation",
    }
    return NOTED[str(facts["what"])].format(**words).removesuffix(": ")


def _insisted(event: Event) -> str:
    """To whom has not heard of it, or has forgotten it: what is broken, and for how long."""
    return INSISTS[event.kind].format(headline=text_of(event, None).headline, **insisted(event))


def insisted(event: Event) -> dict[str, str]:
    """How long nobody looked after it, and what of it."""
    group = event.facts.get("group")
    what = what_nobody_has(group) if group else "it"
    return {"long": lasted(insisted_for(event)), "again": SINCE_TOLD[bool(event.facts.get("had"))], "what": what}


def insisted_for(event: Event) -> float:
    """Seconds: of an escalation without an acknowledgement, of a reminder altogether."""
    if event.kind != "reminded":
        return float(event.facts.get("seconds") or 0)
    since = event.facts["group"]["since"] if "group" in event.facts else event.since.isoformat()
    return (event.at - datetime.fromisoformat(str(since))).total_seconds()


def _closed(event: Event) -> str:
    """Of the last of several with what became of them all."""
    why, group = str(event.facts.get("why")), event.facts.get("group")
    icon = GREEN if why == "accepted" else WHITE
    name, what = _named(event), closed_as(event)
    said = f"{icon} {name}{what if name else what[:1].upper() + what[1:]}."
    if not group or event.facts.get("part"):
        return said
    return f"{said}\n{_mark(event)} {over(group)} after {lasted_for(event)}.{_broke_again(event)}"


def _mark(event: Event) -> str:
    return WHITE if broke_again(event.facts.get("group", {})) else GREEN


def _broke_again(event: Event) -> str:
    count = broke_again(event.facts.get("group", {}))
    return BROKE_AGAIN.format(count=count) if count else ""


def _renewed(event: Event) -> str:
    wrong = any(WRONG in row for row in event.facts.get("endpoints", ()))
    return _news(event) if wrong else f"{GREEN} The certificates were renewed."


def _news(event: Event) -> str:
    said = text_of(event, None)
    return f"{said.icon} {said.headline}."


def _over(event: Event) -> str:
    """The end, with what had recovered before it and was not said yet."""
    rows = event.facts.get("thread", ())
    fine = [_fine(row, "group" in event.facts) for row in rows if "joined" not in row]
    before = f" {BEFORE.format(what='; '.join(fine))}." if fine else ""
    joined = f"{RED} {JOINED.format(what='; '.join(found))}.\n" if (found := _joined(rows)) else ""
    why = event.facts.get("ended_why")  # whose it was stands above: a name here would alert them
    during = f", during the {why}" if why else ""
    ended = f"{_mark(event)} {_ended(event)} {lasted_for(event)}{_down_of_it(event)}{_when_ended(event)}{during}."
    return f"{joined}{ended}{_doubts(event)}{_broke_again(event)}{before}"


def _down_of_it(event: Event) -> str:
    """Of what went up and down."""
    return down_of_it(event.facts) if "group" not in event.facts and event.facts.get("flapping") else ""


def _doubts(event: Event) -> str:
    """What nobody saw break, or work again; of several the message says that."""
    return (
        "" if "group" in event.facts else "".join(f" {words}" for name, words in DOUBTS.items() if name in event.facts)
    )


def _when_ended(event: Event) -> str:
    """When that was, where it is told much later: runs in between told nothing."""
    ended = until_of(event) if "group" in event.facts else ended_of(event)
    late = event.at - ended >= LATE and not event.facts.get("flapping")
    return f", {when(ended)}" if late else ""


LATE = timedelta(minutes=10)
BROKE_AGAIN = " {count} of them broke again."
DOUBTS: Mapping[str, str] = {
    "unseen_before": "It may have broken earlier.",
    "unseen_at_end": "It may have worked earlier.",
}


def _ended(event: Event) -> str:
    """What the length of an outage stands behind."""
    if "group" in event.facts:
        return f"{over(event.facts['group'])} after"
    return "Quiet for an hour, after it went up and down for" if event.facts.get("flapping") else "Recovered after"


_ENTRIES: Mapping[str, Callable[[Event], str]] = {
    "opened": _joining,
    "refired": _joining,
    "changed": _changed,
    "escalated": _insisted,
    "reminded": _insisted,
    "acked": _acked,
    "noted": _noted,
    "closed": _closed,
    "certificate_ends": _news,
    "dns_changed": _news,
    "changed_back": lambda event: f"{GREEN} As before: {record_names(event.facts.get('changes', ()))}.",
    "certificate_renewed": _renewed,
    "certificate_replaced": _news,
    "seen_again": lambda event: f"{GREEN} Seen again after {lasted_for(event)}.",
    "sees_again": lambda event: f"{GREEN} Open again after {lasted_for(event)}.",
}
