"""An alert as a Slack message: the headline, the facts, who looks after it, at most four buttons and an overflow."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from commands.blocks import Block, actions, button, context, section
from commands.contract import Reply
from commands.times import shown
from commands.watch.state.accepting import acceptable
from commands.watch.state.dns_changes import LEFT
from commands.watch.state.events import HANDLES, MOVED_FROM, Event
from commands.watch.state.model import Incident, Watch
from commands.watch.view.alert_lines import looked_after
from commands.watch.view.alert_words import text_of
from commands.watch.view.condition import quiet
from commands.watch.view.group_words import ACKED, care_lines, nobody, quiet_lines, unacknowledged
from commands.watch.view.listing import more
from commands.watch.view.wording import person, target_name, when

THREADED = frozenset({"opened", "changed", "refired", "escalated", "reminded", "acked", "noted"})
SETTLED = frozenset(
    {"cannot_see", "sight_changed", "unseen", "unseen_changed", "dns_changed", "changed_back", "overtaken", "accepted"}
)
GOES_ON = THREADED | {"certificate_ends"}
TEST = ":test_tube: *A test*: this is what an alert looks like. Nothing is wrong, and its buttons do nothing."
REHEARSED = "test"
"""Stands where buttons have the id of a watch: those of a test alert leave the watch alone."""

ALERT_MORE = (
    ("snooze1", "Snooze 1 h"),
    ("snooze8", "Snooze 8 h"),
    ("tomorrow", "Snooze until tomorrow 09:00"),
    ("history", "History"),
    ("show", "Settings of this watch"),
)
TOGETHER = "+"
"""Behind the id of a watch in the message of an incident: a snooze, a mute and a run are of all that are told in it."""

BELOW, CONTINUES = "It continues in a newer message below.", "It continues in <#{channel}>."


def alert(event: Event, watch: Watch | None, at: datetime, *, mention: str = "", superseded: bool = False) -> Reply:
    """The message of an incident, as it is now. `mention` is mrkdwn that alerts somebody; edits come without it."""
    said = text_of(event, watch)
    test = bool(event.facts.get("rehearsal"))
    title = f"{':white_circle:' if superseded else said.icon} *{said.headline}*"
    lines = [*([TEST] if test else []), f"{title} {mention}".rstrip(), *(said.facts[:1] if superseded else said.facts)]
    care = _continues(event) if superseded else care_of(event, watch, at)
    blocks: list[Block] = [section("\n".join(lines)), *_below([*care, _source(event, watch)])]
    about = _about(event, watch)
    if watch is not None and about and not superseded:
        blocks.append(_buttons(event, watch, REHEARSED if test else about))
    elif event.kind == "recovered" and watch is not None and watch.deleted_at is None:
        blocks.append(actions(button("History", "smtpwatch.history", event.watch)))
    elif event.kind in SETTLED and not _of_many(event):
        differs = event.kind == "dns_changed" or bool(event.facts.get(LEFT))
        accept = [_accept(event.watch)] if differs and watch is not None and acceptable(watch) else []
        blocks.append(actions(*accept, button("Settings of the watch", "smtpwatch.show", _lead(event, watch)[0])))
    return Reply("\n".join([*lines, *care]), blocks)


def _continues(event: Event) -> list[str]:
    """Where it goes on; whoever does not see that channel reads here who looked after it."""
    if MOVED_FROM not in event.facts:
        return [BELOW]
    return [*looked_after(event), CONTINUES.format(channel=event.channel)]


def digest(event: Event) -> Reply:
    """The digest of a channel: its lines, within what a section holds. Who hears it read aloud hears whole lines."""
    lines = text_of(event, None).facts
    fitting = sum(length < TEXT for length in accumulate(len(line) + 1 for line in lines))
    more = [f"• and {len(lines) - fitting} more in the message"] if fitting < len(lines) else []
    blocks = [section("\n".join(lines[at : at + 5])) for at in range(0, len(lines), 5)]
    return Reply("\n".join([*lines[:fitting], *more]), blocks)


TEXT = 3800
"""Characters of a text beside blocks, for notifications and screen readers: what is longer would be cut in a line."""


def _below(lines: Sequence[str]) -> list[Block]:
    said = "\n".join(filter(None, lines))
    return [context(said)] if said else []


def care_of(event: Event, watch: Watch | None, at: datetime) -> list[str]:
    """Who looks after it, and who keeps it quiet until when."""
    group = event.facts.get("group", {})
    if event.kind == "accepted":
        return [ACCEPTED.format(who=person(str(event.facts.get("who") or "")), when=when(event.at))]
    acked = care_lines(group)
    if group.get("quiet"):
        return acked + quiet_lines(group, at)
    if watch is None or event.kind not in GOES_ON:
        return acked
    incident = watch.state.incident
    mine = incident if incident is not None and incident.told_in == event.incident else None
    silent = quiet(watch, at)
    if silent and group:
        silent = f"{target_name(watch.target)}: {silent}"  # of one of them alone
    return [*(acked if group else _acknowledged(mine, watch)), *([silent] if silent else [])]


def _about(event: Event, watch: Watch | None) -> str:
    """The id of the watch that buttons are about: of several in one message one that is down; "" where all is over."""
    still = [str(row["watch"]) for row in event.facts.get("group", {}).get("rows", ()) if row["open"]]
    if watch is not None and watch.deleted_at is None and event.kind in GOES_ON and (not still or watch.id in still):
        return watch.id
    return still[0] if still else ""


ACCEPTED = ":ballot_box_with_check: Accepted as the new normal by {who} {when}"


def _acknowledged(incident: Incident | None, watch: Watch) -> list[str]:
    if incident is None:
        return []
    if not incident.acked_by or incident.acked_at is None:
        if incident.escalated_at is None or watch.then is None:
            return []
        had = bool(incident.kept.get("acked_by"))
        second = {"who": watch.then.notify, "at": incident.escalated_at.isoformat(), HANDLES: watch.handles}
        return [nobody({**second, "had": had})]
    return [ACKED.format(who=f"{person(incident.acked_by)} {when(incident.acked_at)}")]


EACH: Mapping[bool, str] = {
    True: "`/smtpwatch list down` has each of them · details in the thread",
    False: "`/smtpwatch incidents` has each of them · details in the thread",
}
"""Whether any of several is down still."""


UNSEEN = "`/smtpwatch list unseen` has each of them"
HIDDEN = frozenset({"unseen", "unseen_changed"})


def _of_many(event: Event) -> bool:
    """Whether it is about what several watches do not see: none of them is the one that it is about."""
    many = int(event.facts.get("count", 0)) > 1 or (event.kind == "seen_again" and int(event.facts.get("ever", 1)) > 1)
    return event.kind in HIDDEN | {"seen_again"} and many


def _source(event: Event, watch: Watch | None) -> str:
    if "group" in event.facts:
        return EACH[bool(event.facts["group"]["open"])]
    if _of_many(event):
        return UNSEEN if event.kind in HIDDEN else ""
    name, interval = _lead(event, watch)
    every = f" · every {shown(interval)}" if interval is not None else ""
    thread = " · details in the thread" if event.kind in THREADED and not event.facts.get("rehearsal") else ""
    return f"watch `{name}`{every}{thread}"


def _lead(event: Event, watch: Watch | None) -> tuple[str, timedelta | None]:
    """The watch that a message is about, and its interval: of what is not seen the one that is left, whoever told it.

    Notices of older versions know no interval of it.
    """
    rows = event.facts.get("watches", ()) if event.kind in HIDDEN else ()
    if not rows or rows[0]["watch"] == event.watch:
        return event.watch, watch.every if watch is not None else None
    return str(rows[0]["watch"]), timedelta(seconds=rows[0]["every"]) if "every" in rows[0] else None


def _buttons(event: Event, watch: Watch, ref: str) -> Block:
    """Acknowledge goes once somebody looks after all of it; a certificate has no incident to acknowledge."""
    incident = watch.state.incident
    group = event.facts.get("group", {})
    mine = incident is not None and bool(incident.acked_by) and ref == watch.id
    acked = not unacknowledged(group) if group else mine
    all_of_it = f"{ref}{TOGETHER}" if (group or event.kind in THREADED) and ref != REHEARSED else ref
    first = [] if acked or event.kind == "certificate_ends" else [_button("Acknowledge", "ack", ref, "primary")]
    accept = [_accept(ref)] if acceptable(watch) and ref == watch.id else []
    return actions(
        *first,
        *(accept or [_button("Snooze 1 h", "snooze1", all_of_it)]),
        _button("Mute", "mute", all_of_it),
        _button("Run now", "run", all_of_it),
        more(all_of_it, ALERT_MORE),
    )


def _accept(ref: str) -> Block:
    return _button("Accept as the new normal", "accept", ref)


def _button(label: str, verb: str, ref: str, style: str = "") -> Block:
    return button(label, f"smtpwatch.{verb}", ref, style=style)


def details(event: Event, watch: Watch | None) -> Reply | None:
    """What stands in the thread of an alert: every endpoint, what the check said, where its transcript is."""
    said = text_of(event, watch)
    lines = list(said.details)
    entry = str(event.facts.get("entry") or "")
    if not lines and not entry:
        return None
    text = "\n".join(lines) or "The check that saw it:"
    open_it = [actions(button("Transcript and details", "smtpcheck.details", entry))] if entry else []
    return Reply(text, [section(text), *open_it])
