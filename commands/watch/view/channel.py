"""The first line of a watch in its channel, and what people read when nothing can be posted there. Mrkdwn, escaped.

Posting the first line is how the channel is tried: what Slack says of membership is not always what it does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from commands.blocks import button
from commands.contract import Reply
from commands.plural import by_count, plural
from commands.slack_text import escape
from commands.times import shown
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.story import Story
from commands.watch.view.alert_words import text_of
from commands.watch.view.group_words import name_of_row
from commands.watch.view.listing import NAMES, place, said
from commands.watch.view.stories import row
from commands.watch.view.wording import alert_rule, looks_at, name_of, person, somebody, when

INVITE = "Type `/invite @portero` in {place}"
NOT_YET: Mapping[str, tuple[str, str]] = {
    "not_in_channel": ("Portero is not in {place}", INVITE),
    "channel_not_found": ("Portero cannot see that channel", "Type `/invite @portero` there"),
    "is_archived": ("{place} is archived", "Choose another channel: `/smtpwatch edit {id} in #channel`"),
    "restricted_action": ("Portero may not post in {place}", "Ask a workspace admin to let it"),
}


def introduction(watch: Watch) -> str:
    """Who watches what, when it alerts and how to make it quiet. It mentions nobody but its maker."""
    return (
        f":eyes: {person(watch.owner)} watches *{name_of(watch)}* here: {looks_at(watch)}, "
        f"every {shown(watch.every)}. {alert_rule(watch)}. "
        f"`/smtpwatch mute {watch.id}` or `/smtpwatch edit {watch.id}` changes that."
    )


def refused(watch: Watch, code: str) -> Reply:
    """The watch is kept, and waits until its channel can be posted in."""
    what, todo = NOT_YET.get(code, ("Slack refused a post in {place}", "Try again in a minute"))
    words = {"place": place(watch), "id": watch.id}
    text = (
        f":warning: *Not watched yet*: {what.format(**words)}. {todo.format(**words)}, then press *Try again* "
        f"or type `/smtpwatch resume {watch.id}`. The watch on *{name_of(watch)}* waits till then."
    )
    return said(text, button("Try again", "smtpwatch.resume", watch.id, style="primary"))


def moved_here(watch: Watch, who: str, old: str) -> str:
    """The first line of a watch that alerted elsewhere before."""
    of = "" if who == watch.owner else f" of {person(watch.owner)}"
    return f":eyes: {person(who)} moved the watch{of} on *{name_of(watch)}* here from <#{old}>: {looks_at(watch)}."


def moved_away(watch: Watch, who: str) -> str:
    return (
        f":eyes: {person(who)} moved the watch on *{name_of(watch)}* to {place(watch)}: nothing alerts here any more."
    )


def ended(watch: Watch, who: str) -> str:
    """What a channel reads when nobody looks any more."""
    return f":eyes: {person(who)} deleted the watch on *{name_of(watch)}*: nothing alerts here any more."


def stopped(watch: Watch, who: str) -> str:
    why = f": {watch.paused.why}" if watch.paused and watch.paused.why else ""
    return (
        f":double_vertical_bar: {person(who)} paused the watch on *{name_of(watch)}*{escape(why)}. "
        f"Nothing is looked at until `/smtpwatch resume {watch.id}`."
    )


HUSHED: Mapping[str, str] = {
    "pause": ":double_vertical_bar: {who} paused {watches} of this channel{why}: {names}.",
    "mute": ":no_bell: {who} muted {watches} of this channel {until}{why}: {names}.",
    "snooze": ":zzz: {who} snoozed {watches} of this channel {until}{why}: {names}.",
}
"""What a channel reads that was chosen from elsewhere, by the verb."""


def hushed(watches: Sequence[Watch], verb: str, who: str, until: datetime | None, why: str) -> str:
    names = list(dict.fromkeys(name_of(watch) for watch in watches))
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return HUSHED[verb].format(
        who=person(who),
        watches=plural(len(watches), "watch", "watches"),
        until=f"until {when(until)}" if until else "until somebody ends it",
        why=f" ({escape(why)})" if why else "",
        names=", ".join(names[:NAMES]) + more,
    )


WHY: Mapping[str, str] = {
    "is_archived": "that channel is archived",
    "is_inactive": "that channel is archived",
    "not_in_channel": "Portero is not in that channel any more",
    "channel_not_found": "Portero cannot see that channel any more",
    "account_inactive": "Portero's account is deactivated",
}


INVITED = "Type `/invite @portero` there"
UNARCHIVED = "Unarchive it, then type `/invite @portero` there"
WAYS_IN: Mapping[str, str] = {
    "is_archived": UNARCHIVED,
    "is_inactive": UNARCHIVED,
    "not_in_channel": INVITED,
    "channel_not_found": INVITED,
    "account_inactive": "A workspace admin has to install Portero again",
    "restricted_action": "A workspace admin has to let Portero post there",
    "no_permission": "A workspace admin has to let Portero post there",
}
"""What somebody can do so that Portero may post there again. Nobody is invited into an archived channel, and archiving
takes apps out of it (seen by others in 2023 and 2026: elastic/connectors issue 1972, open-cli-collective/slack-chat-api
issue 26; Slack documents neither).
"""
BY_ITSELF = frozenset({"is_archived", "is_inactive", "not_in_channel", "channel_not_found"})
"""After which Slack tells Portero that it may post there again: the watches go on by themselves."""


def back(watches: Sequence[Watch], over: Sequence[Story], at: datetime) -> str:
    """The first message in a channel that takes posts again, with what is over by now. It mentions nobody."""
    names = list(dict.fromkeys(name_of(watch) for watch in watches))
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    watch = "The watch on" if len(names) == 1 else "The watches on"
    verb = "goes" if len(names) == 1 else "go"
    line = f":eyes: Portero can post here again. {watch} {', '.join(names[:NAMES])}{more} {verb} on."
    rows = [row(story, at) for story in over[:NAMES]]
    unnamed = [f"and {len(over) - NAMES} more: `/smtpwatch incidents`"] if len(over) > NAMES else []
    return "\n".join([line, *([MEANWHILE, *rows, *unnamed] if over else [])])


MEANWHILE = "What was down meanwhile and is over:"


def lost_digest(event: Event, code: str) -> str:
    return (
        f":warning: The digest could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        f"{_way_in(code)}: the next one tells of this time, too. "
        "Or set another up: `/smtpwatch digest daily in #channel`."
    )


def unposted_words(event: Event, code: str, watch: Watch, whom: Sequence[str], left: Sequence[str] = ()) -> str:
    """What is told, why it comes this way and to whom else; the first time how it can be posted again.

    `left` are those who cannot be told: they are no longer there.
    """
    said = text_of(event, watch)
    told = [f"{said.icon} *{said.headline}*", *said.facts[:1], *_of_several(event)]
    why = f"<#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}"
    also = [DIRECTLY.format(people=", ".join(map(person, whom)))] if len(whom) > 1 else []
    also += [NO_GROUP] if watch.notify.startswith("S") else []
    also += [by_count(len(left), ALL_LEFT).format(people=", ".join(map(person, left)))] if left else []
    if watch.unposted is not None:
        return "\n".join([*told, " ".join([INSTEAD.format(why=why), *also])])
    goes_on = GOES_ON.format(why=why, name=name_of(watch))
    return "\n".join([goes_on, *told, " ".join([_how_on(code, watch.id), *also])])


def _of_several(event: Event) -> list[str]:
    """Which of several are down; which they were, where all is over."""
    group = event.facts.get("group")
    if not group:
        return []
    named = [name_of_row(row) for row in group["rows"] if row["open"] or not group["open"]][:NAMES]
    more = (int(group["open"]) or int(group["count"])) - len(named)
    return [", ".join(named) + (f" and {more} more" if more else "")]


def mentions_nobody(whom: str, watch: Watch, *, second: bool = False) -> str:
    """Who is mentioned does not read it: said to the channel, and to whose watch it is."""
    gone = NOBODY_IN if whom.startswith("S") else HAS_LEFT
    change = f"then @somebody after {shown(watch.then.after)}" if second and watch.then else "notify @somebody"
    said = gone.format(whom=somebody(whom, watch.handles))
    return f":warning: {said} `/smtpwatch edit {watch.id} {change}` names somebody else."


HAS_LEFT = "{whom} has left the workspace, so this mention reaches nobody."
NOBODY_IN = "Nobody is in {whom}, so this mention reaches nobody."
INSTEAD = "By direct message, since nothing can be posted in {why}."
DIRECTLY = "Told this way: {people}."
ALL_LEFT = (
    "{people} would be told, and has left the workspace.",
    "{people} would be told, and have left the workspace.",
)
NO_GROUP = "The user group that it names cannot be told this way."
GOES_ON = (
    ":warning: An alert could not be posted in {why}. *Portero goes on looking at {name}*, and tells you here what "
    "breaks and what recovers, until it can post there again."
)


def _how_on(code: str, watch_id: str) -> str:
    """Only what is possible."""
    elsewhere = f"Or let it alert elsewhere: `/smtpwatch edit {watch_id} in #channel`."
    if code in BY_ITSELF:
        return f"{_way_in(code)}: what is still bad then is told there. {elsewhere}"
    return f"{_way_in(code)}, then type `/smtpwatch resume {watch_id}`. {elsewhere}"


def _way_in(code: str) -> str:
    return WAYS_IN.get(code, INVITED)
