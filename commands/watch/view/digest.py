"""The words of a digest, made when it is posted. Mrkdwn, escaped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from commands.natural_order import natural
from commands.plural import plural
from commands.slack_text import escape
from commands.times import ends_in
from commands.watch.state.certificates import WRONG
from commands.watch.state.condition import Condition, Standing, of_json
from commands.watch.state.digest_rows import ELSEWHERE
from commands.watch.state.events import Event
from commands.watch.state.observation import NO_CONTROL
from commands.watch.state.unseen import ASKED_TO_WAIT, DNS, FROM
from commands.watch.state.windows import Digest
from commands.watch.view.alert_lines import as_before, ending_lines, record_names
from commands.watch.view.condition import PHASE_ICONS, care_words, icon_of, quiet_words, standings, state_words
from commands.watch.view.wording import called, lasted, seen_name, target_name, when, why_unseen
from storage.entries import LOCAL

NEWS_ICON = ":white_check_mark:"
"""Stands before what has recovered, or has other news: green is kept for what needs no line."""

RENEWED_WRONG = ", one of them by one that mail programs refuse"
NEWS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "certificate_ends": lambda facts: f"a certificate {ends_in(int(facts.get('days', 0)))}",  # of older versions
    "certificate_renewed": lambda facts: f"its certificates were renewed{RENEWED_WRONG if WRONG in facts else ''}",
    "certificate_replaced": lambda _facts: "a certificate was replaced by one that mail programs refuse",
    "dns_changed": lambda facts: f"{record_names(facts.get('changes', ()))} changed",
    "changed_back": lambda facts: as_before(facts.get("changes", ())),
}
TITLES: Mapping[str, str] = {"day": "Daily digest", "week": "Weekly digest"}
FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def described(digest: Digest) -> str:
    """`daily at 09:00 Europe/Madrid`."""
    often = "daily" if digest.day is None else f"every {FULL_DAYS[digest.day]}"
    return f"{often} at {digest.at:%H:%M} {escape(digest.zone, 60)}"


def digest_lines(event: Event) -> list[str]:
    """What was healthy all the time in one line, the rest by name. Digests of older versions are lines already."""
    facts = event.facts
    if "lines" in facts:
        return [str(line) for line in facts["lines"]]
    named, more = facts.get("named", ()), int(facts.get("more", 0))
    ending = ending_lines(facts.get("ending", ()))
    mark = ":newspaper:" if named or ending else ":large_green_circle:"
    counted = _counted(int(facts["watches"]), int(facts["healthy"]), facts.get("standings", {}))
    changes = f"; {plural(facts['changes'], 'change')}" if facts.get("changes") else ""
    head = f"{mark} *{TITLES[facts['period']]}*: {counted} since {_since(event)}{changes}."
    lines = (_line(row, _begins(event)) for row in named)
    rest = [f"• and {more} more: `/smtpwatch list`"] if more else []
    return [head, *lines, *rest, *ending]


def _begins(event: Event) -> datetime:
    """The beginning of the period, or of what is known of it."""
    watched = event.facts.get("watched")
    return datetime.fromisoformat(str(watched)) if watched else event.since


def _since(event: Event) -> str:
    """When it begins, and how many of several are watched for less."""
    later = event.facts.get("later")
    return f"{when(_begins(event))}{f' ({later} of them watched for less)' if later else ''}"


def _counted(total: int, healthy: int, now: Mapping[Standing, int]) -> str:
    """How many were healthy all the time; unless all were, how they are now."""
    watches, all_of = plural(total, "watch", "watches"), "all healthy" if total > 1 else "healthy"
    if healthy == total:
        return f"{watches}, {all_of}"
    are = all_of if now.get("healthy") == total else standings(now).removeprefix("1 " if total == 1 else "")
    return f"{watches}, now {are}; {healthy or 'none'} healthy all the time" if are else f"{watches}, {healthy} healthy"


def _line(row: Mapping[str, Any], begins: datetime) -> str:
    condition = of_json(row["condition"])
    mark = icon_of(condition)
    mark = NEWS_ICON if mark == PHASE_ICONS["up"] else mark
    facts = [state_words(condition), care_words(condition), quiet_words(condition), _outages(row, begins), _hidden(row)]
    facts += [NEWS[one["kind"]](one) for one in row["news"] if one["kind"] in NEWS and not _is_said(one, condition)]
    return f"• {mark} {_name(row, condition.target)}: {'; '.join(filter(None, dict.fromkeys(facts)))}{_alike(row)}"


def _hidden(row: Mapping[str, Any]) -> str:
    """Why nothing was seen of it for a time that is over."""
    why = row.get("hidden", {})
    if "since" not in why:
        return ""
    cause = str(why["cause"])
    machine = escape(cause.removeprefix(FROM), 80) if cause.startswith(FROM) else ""
    said = AWAY.format(machine=machine) if machine else HIDDEN.get(cause) or why_unseen(cause)
    return NOT_SEEN.format(since=when(datetime.fromisoformat(why["since"])), why=said)


NOT_SEEN = "not seen from {since} on: {why}"
AWAY = "nobody could see from {machine}"
HIDDEN: Mapping[str, str] = {
    DNS: "names could not be resolved",
    NO_CONTROL: "no control host answered",
    ASKED_TO_WAIT: "told to come later (421)",
}


def _is_said(news: Mapping[str, Any], condition: Condition) -> bool:
    """Whether its state says already what changed."""
    changed = {str(change["record"]) for change in news.get("changes", ())}
    hidden = condition.since or condition.unseen_since or condition.held
    return condition.phase == "up" and not hidden and bool(changed) and changed <= set(condition.differs)


def _name(row: Mapping[str, Any], target: str) -> str:
    """Of several all that fit."""
    if "alike" not in row:
        name = called(target, row.get("from", LOCAL), row.get("kind", "check"), row.get("ports", ()))
        return f"{name} (`{row['watch']}`)"
    names = [f"*{seen_name(one['target'], one['from'])}* (`{one['watch']}`)" for one in row["alike"]]
    more = row["count"] - len(names)
    if more and row.get("tags"):
        tags = ", ".join(f"tag:{escape(tag, 60)}" for tag in row["tags"])
        return f"*{row['count']} watches* ({tags})"
    return ", ".join([*names, *([f"and {more} more"] if more else [])])


def _alike(row: Mapping[str, Any]) -> str:
    """Of how many a line is, and which of them it tells where they differ a little."""
    if "alike" not in row:
        return ""
    told, differ = f"{row['count']} watches", ", ".join(DIFFER[each] for each in row["differ"])
    said = differ if _name(row, "").startswith(f"*{told}*") else ": ".join(filter(None, (told, differ)))
    return f" ({said})" if said else ""


DIFFER: Mapping[str, str] = {"times": "the earliest time", "shares": "the worst figure"}


def _outages(row: Mapping[str, Any], begins: datetime) -> str:
    """Digests of older versions know no shares of the time. `begins` stands in the head."""
    count, uptime = int(row["incidents"]), row.get("uptime")
    if not uptime and ELSEWHERE in row:
        return plural(count, "incident") if count else ""
    if not uptime:
        return f"{plural(count, 'incident')}, {lasted(float(row['seconds']))} down" if count else ""
    told = [plural(count, "incident")] if count else []
    since = datetime.fromisoformat(uptime["since"]) if "since" in uptime else begins
    known = f", known since {when(since)}" if abs(since - begins) >= SHOWN else ""
    told += [f"{'all of it ' if uptime['ports'] else ''}usable {uptime['share']}{known}"]
    rest = [REST_WELL] if uptime.get("rest") else []
    return "; ".join([", ".join(told), *_by_place(uptime["ports"], str(row["condition"].get("target", ""))), *rest])


REST_WELL = "its other ports: 100 %"


SHOWN = timedelta(minutes=1)
"""Times are shown to the minute."""


def _by_place(shares: Sequence[tuple[str, str]], target: str) -> Iterator[str]:
    """Places that were as well as each other together; of the target itself the ports."""
    alike: dict[str, list[str]] = {}
    for place, share in shares:
        alike.setdefault(share, []).append(target_name(place.removeprefix(f"{target}:")))
    for share, places in alike.items():
        yield f"{', '.join(sorted(places, key=natural))}: {share}"
