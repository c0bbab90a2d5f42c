"""The first line of a watch in its channel, and what people read when nothing can be posted there. Mrkdwn, escaped.

Posting the first line is how the channel is tried: what Slack says of membership is not always what it does.
"""

from collections.abc import Mapping

from commands.blocks import button
from commands.contract import Reply
from commands.times import shown
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.view.alert_words import text_of
from commands.watch.view.listing import place, said
from commands.watch.view.wording import alert_rule, looks_at, name_of, person

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


WHY: Mapping[str, str] = {
    "is_archived": "that channel is archived",
    "is_inactive": "that channel is archived",
    "not_in_channel": "Portero is not in that channel any more",
    "channel_not_found": "Portero cannot see that channel any more",
    "account_inactive": "Portero's account is deactivated",
}


ARCHIVED = frozenset({"is_archived", "is_inactive"})
"""Nobody can be invited there, the bot included, until somebody unarchives it."""


def _way_in(code: str) -> str:
    """What somebody can do so that Portero may post there again."""
    return "Unarchive it" if code in ARCHIVED else "Type `/invite @portero` there"


def lost_digest(event: Event, code: str) -> str:
    return (
        f":warning: The digest could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        f"{_way_in(code)}, or set another up: `/smtpwatch digest daily in #channel`."
    )


def paused_words(event: Event, code: str, watch_id: str) -> str:
    """What could not be told, why, and how to go on."""
    said = text_of(event, None)
    return (
        f":warning: An alert could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        f"*The watch `{watch_id}` is paused.*\n"
        f"What it had to tell: {said.icon} {said.headline}\n"
        f"{_way_in(code)} and type `/smtpwatch resume {watch_id}`, "
        f"or `/smtpwatch edit {watch_id} in #channel`, then resume."
    )
