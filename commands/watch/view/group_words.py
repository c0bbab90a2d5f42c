"""Several incidents in one message: how many are down, which, and what they share. Mrkdwn, escaped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.slack_text import escape
from commands.watch.state.events import HANDLES, Event
from commands.watch.state.group_rows import BROKE_AGAIN
from commands.watch.state.grouping import MOVED
from commands.watch.view.alert_lines import OF_THOSE_DOWN, acknowledged_by, acks_of, looked_after
from commands.watch.view.event_text import GREEN, RED, WHITE, EventText
from commands.watch.view.wording import CODE_WORDS, between, broken, called, link, person, seen_name, somebody, when
from storage.entries import LOCAL

DOWN = "{open} watches are down: {what}"
ALONE = "1 watch is down: {what}"
DOWN_OF = "{open} of {count} watches still down: {what}"
OVER: Mapping[bool, str] = {True: "Both watches recovered", False: "All {count} watches recovered"}
"""Whether they are two."""

BROKE = "It broke during the {why} of {who}, so it is told only now."
SHARED = "They share {networks}."
LINE, LINE_RUNBOOK = "• {name}: {what}", "{line} · runbook {url}"
NAMED = "{name} (`{watch}`)"
"""Of those that look at the same from the same place."""

FLAPS = "up and down: {what}"
PAUSED = "; paused, not checked"
STATE = "{what}, since {since}"
LINE_ENDS: Mapping[str, str] = {
    "recovered": "• {name}: recovered {ended}",
    "closed": "• {name}: no longer watched",
    "gone": "• {name}: no longer with what was down",
    "accepted": "• {name}: accepted as the new normal",
    "moved": "• {name}: continues in another message",
}
"""By how it ended for a member."""

COUNTED: Mapping[str, str] = {
    "recovered": "recovered",
    "accepted": "accepted as the new normal",
    "closed": "no longer watched",
    "gone": "no longer with what was down",
    "moved": "told in another message",
}
AGAIN_ALSO, BROKE_SINCE = "; {count} broke again", ", broke again {since}"
STILL_DOWN = "{open} of {count} watches still down."
NOW_DOWN, NOW_ALONE = "{open} watches are down now.", "1 watch is down now."
MOST_STATES = 3


def group_text(event: Event) -> EventText:
    """The headline says how many and what; a line for each of the first, the worst off first."""
    group = event.facts["group"]
    rows, count, still = group["rows"], int(group["count"]), int(group["open"])
    since = datetime.fromisoformat(str(group["since"]))
    lines = [*([_shared(group)] if group["shared"] else []), *(_line(row, _name(row, rows)) for row in rows)]
    more = [f"• and {count - len(rows)} more"] if count > len(rows) else []
    again = broke_again(group)
    ended = over(group) + (AGAIN_ALSO.format(count=again) if again else "")
    if not still and MOVED in group.get("ends", {}):
        return EventText(WHITE, ended, (*_doubts(rows, count), *lines, *more, *looked_after(event)))
    if not still:
        until = until_of(event)
        down = f"Down for {between(since, until)}: from {when(since)} to {when(until)}"
        return EventText(
            WHITE if again else GREEN, ended, (down, *_doubts(rows, count), *lines, *more, *looked_after(event))
        )
    here = told_here(group)
    words = DOWN if still == here else DOWN_OF
    headline = (ALONE if still == here == 1 else words).format(open=still, count=here, what=_states(rows))
    return EventText(RED, headline, (f"Since {when(since)}", *_unseen(rows), *_quieted(rows), *lines, *more))


def told_here(group: Mapping[str, Any]) -> int:
    """How many are told in this message: not those that go on in a newer one."""
    return int(group["count"]) - int(group.get("ends", {}).get(MOVED, 0))


def until_of(event: Event) -> datetime:
    """When the last of several was over."""
    return datetime.fromisoformat(str(event.facts["group"].get("until") or event.at.isoformat()))


def over(group: Mapping[str, Any]) -> str:
    """What became of all of them; not each has recovered."""
    count, ends = int(group["count"]), group.get("ends", {})
    if not ends.keys() - {"recovered"}:
        return OVER[count == 2].format(count=count)
    first, *others = [(end, ends[end]) for end in COUNTED if end in ends]
    said = [f"{first[1]} of {count} watches {COUNTED[first[0]]}", *(f"{many} {COUNTED[end]}" for end, many in others)]
    return ", ".join(said)


def broke_again(group: Mapping[str, Any]) -> int:
    """How many of those that recovered are told to be broken again elsewhere."""
    return int(group.get(BROKE_AGAIN, 0))


def _shared(group: Mapping[str, Any]) -> str:
    return SHARED.format(networks=escape(", ".join(map(str, group["shared"])), 200))


def _states(rows: list[Mapping[str, Any]]) -> str:
    """`no answer, refused`: what is broken, without where."""
    states = [str(code).partition(" ")[0] for row in rows if row["open"] for code in row["failing"]]
    words = dict.fromkeys(CODE_WORDS.get(state, state.replace("_", " ")) for state in states)
    return escape(", ".join(list(words)[:MOST_STATES]), 200)


def name_of_row(row: Mapping[str, Any], mark: str = "") -> str:
    """What a member of a group looks at, and from where; what of it, where another one looks at it, too."""
    if not row.get("twin"):
        return f"{mark}{_seen(row)}{mark}"
    return _in_full(row, mark) if row.get("kind") else NAMED.format(name=f"{mark}{_seen(row)}{mark}", watch=row["twin"])


def _seen(row: Mapping[str, Any]) -> str:
    return seen_name(str(row["target"]), str(row.get("from") or LOCAL))


def _in_full(row: Mapping[str, Any], mark: str = "") -> str:
    vantage, kind = str(row.get("from") or LOCAL), str(row.get("kind") or "check")
    return called(str(row["target"]), vantage, kind, row.get("ports") or (), mark)


def _name(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """What of it, where others look at it, too; its watch where that is the same."""
    alike = [_in_full(one) for one in rows if _seen(one) == _seen(row)]
    if len(alike) == 1:
        return _seen(row)
    name = _in_full(row)
    return name if alike.count(name) == 1 else NAMED.format(name=name, watch=escape(str(row["watch"]), 40))


def _line(row: Mapping[str, Any], name: str) -> str:
    if not row["open"]:
        ended = when(datetime.fromisoformat(str(row["ended"]))) if row.get("ended") else ""
        line = LINE_ENDS[str(row.get("end") or "recovered")].format(name=name, ended=ended).rstrip()
        return line + (BROKE_SINCE.format(since=_at(str(row[BROKE_AGAIN]))) if row.get(BROKE_AGAIN) else "")
    line = LINE.format(name=name, what=_broken(row)) + (PAUSED if row.get("paused") else "")
    return LINE_RUNBOOK.format(line=line, url=link(str(row["runbook"]))) if row.get("runbook") else line


def _broken(row: Mapping[str, Any]) -> str:
    """What is broken, and since when; where ports broke at different times each with its own."""
    target, since = str(row["target"]), str(row["since"])
    times: dict[str, list[str]] = {}
    for code in row["failing"]:
        times.setdefault(str((row.get("began") or {}).get(code, since)), []).append(str(code))
    said = [
        STATE.format(what=broken(codes, target) or "not usable", since=when(datetime.fromisoformat(at)))
        for at, codes in sorted((times or {since: []}).items())
    ]
    return FLAPS.format(what="; ".join(said)) if row.get("flapping") else "; ".join(said)


UNSEEN_BEFORE = "Nothing was seen of {what} from {since} till then: it may have broken earlier."


def _unseen(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """That of none of those that are down anything was seen before, since when."""
    since = [str(row.get("unseen_before") or "") for row in rows if row["open"]]
    if not since or not all(since):
        return []
    return [UNSEEN_BEFORE.format(what="them", since=when(min(map(datetime.fromisoformat, since))))]


UNSEEN_AT_END = "Nothing was seen of {what} from {since} till then: it may have worked earlier."


UNSEEN_TILL_DOWN = "Nothing was seen of {what} from {since} until it was seen down: it may have broken earlier."
DOUBTS: Mapping[str, str] = {"unseen_before": UNSEEN_TILL_DOWN, "unseen_at_end": UNSEEN_AT_END}
"""Of what is over, by fact: since when nobody had seen what broke, or what works again."""


def doubts(facts: Mapping[str, Any], words: Mapping[str, str] = DOUBTS) -> list[str]:
    return [said.format(what="it", since=_at(str(facts[name]))) for name, said in words.items() if facts.get(name)]


def _doubts(rows: Sequence[Mapping[str, Any]], count: int) -> Iterator[str]:
    """The same of several."""
    for name, words in DOUBTS.items():
        since = [datetime.fromisoformat(str(row[name])) for row in rows if row.get(name)]
        if since:
            yield words.format(what="them" if len(since) == count else "some of them", since=when(min(since)))


AGAIN = "The {why} is over and it is *still bad*."


def _quieted(rows: list[Mapping[str, Any]]) -> list[str]:
    """Why all that are down are told only now, or once more."""
    still = [row for row in rows if row["open"]]
    broke = {(str(row.get("broke_why") or ""), str(row.get("broke_by") or "")) for row in still}
    again = {str(row.get("quiet_why") or "") for row in still}
    lines = [BROKE.format(why=why, who=person(who)) for why, who in broke if len(broke) == 1 and why]
    return lines + [AGAIN.format(why=why) for why in again if len(again) == 1 and why]


QUIET: Mapping[str, str] = {
    "snooze": ":zzz: snoozed by {who} {until}{of}",
    "mute": ":no_bell: muted by {who} {until}{of}",
    "pause": ":double_vertical_bar: paused by {who}{of}",
}
SOME_OF = " ({count} of the {open} that are down)"


def quiet_lines(group: Mapping[str, Any], at: datetime) -> list[str]:
    """Who keeps those quiet that are down, and until when, where that is not over."""
    lines = []
    for one in group["quiet"]:
        until = datetime.fromisoformat(str(one["until"])) if one.get("until") else None
        of = SOME_OF.format(count=one["count"], open=group["open"]) if one["count"] < group["open"] else ""
        ends = f"until {when(until)}" if until else "until somebody ends it"
        if until is None or until > at:
            lines.append(QUIET[str(one["what"])].format(who=person(str(one.get("who"))), until=ends, of=of))
    return lines


ACKED = ":eyes: Acknowledged by {who}"
NOBODY = ":rotating_light: Nobody has acknowledged {what}{again}{second}"
SECOND = ": {who} was mentioned {when}"
SINCE_TOLD: Mapping[bool, str] = {False: "", True: " since it was told again"}
"""Behind what nobody has acknowledged: somebody had, before a quiet that is over."""


def care_lines(group: Mapping[str, Any]) -> list[str]:
    """Who looks after those that are down, and which of them nobody does."""
    if not group.get("open"):
        return []
    still, acks, second = int(group["open"]), acks_of(group), group.get("escalated")
    lines = [ACKED.format(who=acknowledged_by(acks, still, OF_THOSE_DOWN))] if acks else []
    if unacknowledged(group) and (acks or second):
        lines.append(nobody(second, what_nobody_has(group)))
    return lines


def nobody(second: Mapping[str, Any] | None, what: str = "it") -> str:
    """That nobody looks after it, and who was mentioned for that (`who`, `at`; `had`: somebody had, before)."""
    who = somebody(str(second["who"]), second.get(HANDLES, {})) if second else ""
    then = SECOND.format(who=who, when=_at(str(second["at"]))) if second else ""
    return NOBODY.format(what=what, again=SINCE_TOLD[bool(second and second["had"])], second=then)


def _at(iso: str) -> str:
    return when(datetime.fromisoformat(iso))


def unacknowledged(group: Mapping[str, Any]) -> int:
    """How many of those that are down are nobody's."""
    return int(group["open"]) - sum(int(one["count"]) for one in acks_of(group))


def what_nobody_has(group: Mapping[str, Any]) -> str:
    """`it`, or of several which, where others are somebody's: `mx4.example.com, mx5.example.com and 2 more`."""
    count = unacknowledged(group)
    if count == int(group["open"]):
        return "it"
    rows = [row for row in group["rows"] if row["open"] and not row.get("acked_by")]
    names = [_name(row, rows) for row in rows[:count]][:MOST_NAMED]
    return ", ".join(names) + (f" and {count - len(names)} more" if count > len(names) else "")


MOST_NAMED = 5
