"""What an alert answers of its incident: who looks after it, who was told, what broke first, how long it is quiet.

A function of `ANSWERS` for each topic of `alert_examples` that has no line of its own. `alert` are the watches that the
message tells, or those of them that were named; all that is said of them stands in their channel anyway. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.slack.conversation.below.for_others import for_others
from bot.slack.conversation.below.on_the_machine import hints
from bot.slack.conversation.sentence.understood import Understood
from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.plural import plural
from commands.slack_text import escape
from commands.times import shown
from commands.watch.state.insistence import next_at, reminder_at, second_mention_at
from commands.watch.state.model import ANY, NETWORK_TARGET, Watch
from commands.watch.view.condition import quiet
from commands.watch.view.wording import alert_rule, between, broken, link, name_of, person, somebody, when
from storage.entries import LOCAL

MOST = 3
"""Hosts that are named of those that one message tells."""

FEW = 5
"""Hosts that one check looks at."""


def _care(alert: Sequence[Watch], _now: datetime) -> Reply:
    return _said(_looked_after(alert), alert)


def _told(alert: Sequence[Watch], _now: datetime) -> Reply:
    told = dict.fromkeys(one for watch in alert if watch.state.incident for one in watch.state.incident.told_to)
    mentioned = f"and mentioned {', '.join(map(somebody, told))}" if told else NOBODY_MENTIONED
    ways = [
        "in this channel",
        *(f"by {route}" for route in dict.fromkeys(one for watch in alert for one in watch.routes)),
    ]
    return _said(f"It was told {', '.join(ways)} {mentioned}. {_looked_after(alert)}", alert)


def _ends(alert: Sequence[Watch], _now: datetime) -> Reply:
    return _said(f"{NOT_KNOWN} {_looked_after(alert)}", alert)


NOBODY_MENTIONED = "and mentioned nobody, for no watch of it names anybody"
NOT_KNOWN = "From outside I can't tell when it works again: this thread says so as soon as it does."


def _timeline(alert: Sequence[Watch], _now: datetime) -> Understood:
    incident = alert[0].state.incident
    return Understood("smtpwatch", f"incidents {incident.id if incident else alert[0].target}", ordered=True)


def _first(alert: Sequence[Watch], _now: datetime) -> Reply:
    """By the first bad run of each: what lies closer together than their runs was seen by nobody in its order."""
    began = sorted((watch.state.incident.since, name_of(watch)) for watch in alert if watch.state.incident)
    lines = [f"*{name}* {when(since)}" for since, name in began]
    if len(began) == 1:
        return _plain(f"This alert tells of {_names(alert)} alone: down since {when(began[0][0])}.", ELSE_DOWN)
    apart, every = began[1][0] - began[0][0], max(watch.every for watch in alert)
    doubt = f"\nEach is looked at every {shown(every)}, so the order may have been another." * (apart < every)
    return _plain(f"First seen down:\n{_listed(lines)}{doubt}", ELSE_DOWN)


ELSE_DOWN = ("What else is down", "list down")


def _ports(alert: Sequence[Watch], _now: datetime) -> Understood:
    """All that may be checked is looked at now: of what is not watched nothing else is known."""
    hosts = list(dict.fromkeys(watch.target for watch in alert))
    return Understood("smtpcheck", "network" if NETWORK_TARGET in hosts else " ".join(hosts[:FEW]), ordered=True)


def _how_long(alert: Sequence[Watch], now: datetime) -> Reply | str:
    """Of one host its history knows it; of several what is open is told."""
    if len(alert) == 1:
        return "since when"
    open_now = [(name_of(watch), watch.state.incident.since) for watch in alert if watch.state.incident]
    lines = [f"*{name}* for {between(since, now)}, since {when(since)}" for name, since in open_now]
    return _plain(f"Down so far:\n{_listed(lines)}", ELSE_DOWN)


def _quiet(alert: Sequence[Watch], now: datetime) -> Reply:
    kept = [(watch, words) for watch in alert if (words := quiet(watch, now))]
    if kept:
        lines = [f"*{name_of(watch)}*: {words}" for watch, words in kept]
        ended = [watch for watch, _ in kept if watch.paused or _is_by_somebody(watch, now)]
        offered = ("Resume", f"resume {_ids(ended)}") if ended else ("Its watch", f"show {kept[0][0].id}")
        return _plain(_listed(lines), offered)
    said = f"{_names(alert)} {'is' if len(alert) == 1 else 'are'} neither muted, snoozed nor paused."
    return _plain(f"{said} {_looked_after(alert)}", ("Mute 2 h", f"mute {_ids(alert)} 2h"))


def _is_by_somebody(watch: Watch, now: datetime) -> bool:
    """A mute or a snooze, which *Resume* ends, and no window of maintenance."""
    silence = watch.silence(now)
    return silence is not None and bool(silence.who)


def _what_to_check(alert: Sequence[Watch], _now: datetime) -> Reply:
    """By what was seen from outside; who sees the machine itself knows more."""
    told = [(watch, watch.state.incident.failing) for watch in alert if watch.state.incident]
    lines = [
        f"*{name_of(watch)}*, {broken(failing, watch.target)}: look at {'; '.join(hints(failing))}."
        f"{f' Its runbook: {link(watch.runbook)}' if watch.runbook else ''}"
        for watch, failing in told
    ]
    return _plain(_listed(lines), ("What was told of it", f"incidents {_id(alert[0])}"))


def _who_set_it(alert: Sequence[Watch], _now: datetime) -> Reply:
    lines = [
        f"the watch of {person(watch.owner)} on *{name_of(watch)}*, made {when(watch.created_at)}, every "
        f"{shown(watch.every)}"
        for watch in alert
    ]
    of = f" {lines[0]}." if len(lines) == 1 else f":\n{_listed(lines)}"
    return _plain(f"This alert comes of{of}", ("Its watch", f"show {alert[0].id}"))


def _lost(alert: Sequence[Watch], _now: datetime) -> Reply:
    return _plain(f"{LOST} {_looked_after(alert)}", ("What was told of it", f"incidents {_id(alert[0])}"))


LOST = (
    "I see no mail, so I can't tell. While port 25 does not answer, or answers 4xx, other servers keep their mail and "
    "try again, mostly for days; what is refused with 5xx goes back to its sender. Apps that send by 465 or 587 get "
    "an error themselves."
)


def _reminders(alert: Sequence[Watch], now: datetime) -> Reply:
    lines = [f"*{name_of(watch)}*: {_reminded(watch, now)}." for watch in alert]
    return _said(_listed(lines), alert)


def _reminded(watch: Watch, now: datetime) -> str:
    """Who is told next, and when, if nobody does anything."""
    incident = watch.state.incident
    if incident is not None and incident.acked_by:
        return f"{person(incident.acked_by)} acknowledged it, so nobody is told again"
    if incident is None or next_at(watch, now) is None:
        return f"nobody is told again while it is quiet: {words}" if (words := quiet(watch, now)) else "nothing is due"
    second = second_mention_at(watch, incident)
    mentioned = somebody(watch.then.notify, watch.handles) if watch.then else ""
    first = [f"{mentioned} is mentioned {when(second)}"] if second is not None else []
    return "; ".join([*first, f"its alert is told again {when(reminder_at(incident))}"]) + UNLESS


UNLESS = ", unless somebody acknowledges it or it works again"


def _runbook(alert: Sequence[Watch], _now: datetime) -> Reply:
    named = [f"The runbook of *{name_of(watch)}*: {link(watch.runbook)}" for watch in alert if watch.runbook]
    none = f"No runbook is set for {_names(alert)}. `/smtpwatch edit {alert[0].id} runbook https://...` sets one."
    return _plain(_listed(named) if named else none, ("Its watch", f"show {alert[0].id}"))


def _next_look(alert: Sequence[Watch], _now: datetime) -> Reply:
    lines = [
        f"*{name_of(watch)}* is looked at every {shown(watch.every)}{_looks(watch)}. {alert_rule(watch)}."
        for watch in alert
    ]
    return _plain(_listed(lines), ("Run now", f"run {_ids(alert)}"))


def _last_good(alert: Sequence[Watch], _now: datetime) -> Reply:
    """What is kept of it is its first bad run; each look before is in the history."""
    began = [(watch, watch.state.incident.since) for watch in alert if watch.state.incident]
    lines = [
        f"*{name_of(watch)}* was first seen down {when(since)}, and is looked at every {shown(watch.every)}."
        for watch, since in began
    ]
    text = f"{_listed(lines)} Its history has the looks before."
    row = button("History", "smtphistory.instead", alert[0].target)
    return Reply(text, [section(text), actions(row)])


def _from_where(alert: Sequence[Watch], _now: datetime) -> Reply:
    places = {LOCAL: "Portero's own machine", ANY: "two places, which have to agree"}
    lines = [
        f"*{name_of(watch)}* is looked at from {places.get(watch.vantage) or escape(watch.vantage)}." for watch in alert
    ]
    return _plain(_listed(lines), ("Its watch", f"show {alert[0].id}"))


def _restart(alert: Sequence[Watch], now: datetime) -> Reply:
    first = _what_to_check(alert, now)
    text = f"{RESTART}\n{first.text}"
    return replace(first, text=text, blocks=[section(text), *first.blocks[1:]])


RESTART = "From outside I can't tell whether a restart helps. Before one:"


def _looks(watch: Watch) -> str:
    looks = (("last", watch.state.last_at), ("next", watch.due_at))
    return "".join(f", {which} {when(at)}" for which, at in looks if at is not None)


ANSWERS: Mapping[str, Callable[[Sequence[Watch], datetime], Reply | Understood | str]] = {
    "summary": lambda alert, _now: for_others(alert),
    "timeline": _timeline,
    "care": _care,
    "told": _told,
    "ends": _ends,
    "first": _first,
    "ports": _ports,
    "meanwhile": _ports,
    "lost": _lost,
    "reminders": _reminders,
    "restart": _restart,
    "from where": _from_where,
    "last good": _last_good,
    "runbook": _runbook,
    "next look": _next_look,
    "how long": _how_long,
    "quiet": _quiet,
    "what to check": _what_to_check,
    "who set it": _who_set_it,
}
"""A reply for the channel, what is typed to get it, or a text that is understood there."""


def _looked_after(alert: Sequence[Watch]) -> str:
    """Who acknowledged which of them, and which nobody did."""
    by: dict[str, list[Watch]] = {}
    for watch in alert:
        by.setdefault(watch.state.incident.acked_by if watch.state.incident else "", []).append(watch)
    told = [_acknowledged(who, watches) for who, watches in by.items() if who]
    nobody = [f"Nobody has acknowledged {_names(by[''])} yet."] if by.get("") else []
    return " ".join([*told, *nobody])


def _acknowledged(who: str, watches: Sequence[Watch]) -> str:
    times = [watch.state.incident.acked_at for watch in watches if watch.state.incident]
    since = max(filter(None, times), default=None)
    return f":eyes: {person(who)} acknowledged {_names(watches)}{f', {when(since)}' if since else ''}."


def _names(watches: Sequence[Watch]) -> str:
    names = [f"*{name}*" for name in dict.fromkeys(map(name_of, watches))]
    more = len(names) - MOST
    listed = [*names[:MOST], plural(more, "other")] if more > 0 else names
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _listed(lines: Sequence[str]) -> str:
    """One by itself, else a line for each of the first."""
    if len(lines) == 1:
        return lines[0]
    more = [f"and {plural(len(lines) - FEW, 'other')}"] if len(lines) > FEW else []
    return "\n".join([*(f"• {line}" for line in lines[:FEW]), *more])


def _ids(alert: Sequence[Watch]) -> str:
    return " ".join(watch.id for watch in alert)


def _id(watch: Watch) -> str:
    return watch.state.incident.id if watch.state.incident else watch.target


def _said(text: str, alert: Sequence[Watch]) -> Reply:
    """With a button for whoever takes what nobody has."""
    left = [watch for watch in alert if watch.state.incident and not watch.state.incident.acked_by]
    row = [actions(button("Acknowledge", "smtpwatch.ack", left[0].id))] if left else []
    return Reply(text, [section(text), *row], good=not left)


def _plain(text: str, offered: tuple[str, str]) -> Reply:
    """With a button that does what is typed behind `/smtpwatch`."""
    label, line = offered
    return Reply(text, [section(text), actions(button(label, "smtpwatch.instead", line))])
