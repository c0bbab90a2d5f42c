"""Several incidents in one message: how many are down, which, and what they share. Mrkdwn, escaped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.slack_text import escape
from commands.watch.state.events import Event
from commands.watch.view.alert_lines import looked_after
from commands.watch.view.event_text import GREEN, RED, WHITE, EventText
from commands.watch.view.wording import CODE_WORDS, broken, lasted, link, person, target_name, when

DOWN = "{open} watches are down: {what}"
DOWN_OF = "{open} of {count} watches still down: {what}"
OVER: Mapping[bool, str] = {True: "Both watches recovered", False: "All {count} watches recovered"}
"""Whether they are two."""

BROKE = "It broke during the {why} of {who}, so it is told only now."
SHARED = "They share {networks}."
LINE, LINE_RUNBOOK = "• {name}: {what}, since {since}", "{line} · runbook {url}"
LINE_UP, LINE_CLOSED = "• {name}: recovered", "• {name}: no longer watched"
CLOSED, MOVED = "{count} no longer watched", "{count} told in a newer message below"
RECOVERED_OF = "{count} of {total} watches recovered"
MOST_STATES = 3


def group_text(event: Event) -> EventText:
    """The headline says how many and what; a line for each of the first, the worst off first."""
    group = event.facts["group"]
    rows, count, still = group["rows"], int(group["count"]), int(group["open"])
    since = datetime.fromisoformat(str(group["since"]))
    lines = [*([_shared(group)] if group["shared"] else []), *map(_line, rows)]
    more = [f"• and {count - len(rows)} more"] if count > len(rows) else []
    if not still and group.get("moved"):
        return EventText(WHITE, over(group), (*lines, *more))
    if not still:
        for_how_long = lasted((event.at - since).total_seconds())
        down = f"Down for {for_how_long}: from {when(since)} to {when(event.at)}"
        return EventText(GREEN, over(group), (down, *lines, *more, *looked_after(event)))
    words = DOWN if still == count else DOWN_OF
    headline = words.format(open=still, count=count, what=_states(rows))
    moved = [MOVED.format(count=group["moved"])] if group.get("moved") else []
    return EventText(RED, headline, (f"Since {when(since)}", *_broke(event), *lines, *more, *moved))


def _broke(event: Event) -> list[str]:
    """In whose quiet it broke, where it is told only when that is over."""
    why, who = event.facts.get("broke_why"), str(event.facts.get("broke_by") or "")
    return [BROKE.format(why=escape(str(why), 20), who=person(who))] if why else []


def over(group: Mapping[str, Any]) -> str:
    """What became of all of them; not each has recovered."""
    count, closed, moved = (int(group.get(name, 0)) for name in ("count", "closed", "moved"))
    if not closed and not moved:
        return OVER[count == 2].format(count=count)
    others = [*([CLOSED.format(count=closed)] if closed else []), *([MOVED.format(count=moved)] if moved else [])]
    return ", ".join([RECOVERED_OF.format(count=count - closed, total=count + moved), *others])


def _shared(group: Mapping[str, Any]) -> str:
    return SHARED.format(networks=escape(", ".join(map(str, group["shared"])), 200))


def _states(rows: list[Mapping[str, Any]]) -> str:
    """`no answer, refused`: what is broken, without where."""
    states = [str(code).partition(" ")[0] for row in rows if row["open"] for code in row["failing"]]
    words = dict.fromkeys(CODE_WORDS.get(state, state.replace("_", " ")) for state in states)
    return escape(", ".join(list(words)[:MOST_STATES]), 200)


def _line(row: Mapping[str, Any]) -> str:
    name = target_name(str(row["target"]))
    if not row["open"]:
        return (LINE_CLOSED if row.get("end") == "closed" else LINE_UP).format(name=name)
    what = broken(row["failing"], str(row["target"])) or "not usable"
    line = LINE.format(name=name, what=what, since=when(datetime.fromisoformat(str(row["since"]))))
    return LINE_RUNBOOK.format(line=line, url=link(str(row["runbook"]))) if row.get("runbook") else line


def joined_text(event: Event) -> str:
    """The reply that mentions who was not mentioned yet."""
    what = broken(event.facts.get("failing", ()), event.target) or "not usable"
    return f"{RED} Also down: *{target_name(event.target)}*: {what}"
