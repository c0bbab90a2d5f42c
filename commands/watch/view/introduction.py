"""The first line of a watch in its channel, and what its maker reads when that line cannot be posted.

Posting it is how the channel is tried: what Slack says of membership is not always what it does.
"""

from collections.abc import Mapping

from commands.blocks import button
from commands.contract import Reply
from commands.watch.state.model import Watch
from commands.watch.typed.durations import shown
from commands.watch.view.listing import place, said
from commands.watch.view.wording import alerts_when, looks_at, name_of, person

INVITE = "Type `/invite @portero` in {place}"
WHY: Mapping[str, tuple[str, str]] = {
    "not_in_channel": ("Portero is not in {place}", INVITE),
    "channel_not_found": ("Portero cannot see that channel", "Type `/invite @portero` there"),
    "is_archived": ("{place} is archived", "Choose another channel: `/smtpwatch edit {id} in #channel`"),
    "restricted_action": ("Portero may not post in {place}", "Ask a workspace admin to let it"),
}


def introduction(watch: Watch) -> str:
    """Who watches what, when it alerts and how to make it quiet. It mentions nobody but its maker."""
    return (
        f":eyes: {person(watch.owner)} watches *{name_of(watch)}* here: {looks_at(watch)}, "
        f"every {shown(watch.every)}. It alerts {alerts_when(watch)}; otherwise it is quiet. "
        f"`/smtpwatch mute {watch.id}` or `/smtpwatch edit {watch.id}` changes that."
    )


def refused(watch: Watch, code: str) -> Reply:
    """The watch is kept, and waits until its channel can be posted in."""
    what, todo = WHY.get(code, ("Slack refused a post in {place}", "Try again in a minute"))
    words = {"place": place(watch), "id": watch.id}
    text = (
        f":warning: *Not watched yet*: {what.format(**words)}. {todo.format(**words)}, then press *Try again* "
        f"or type `/smtpwatch resume {watch.id}`. The watch on *{name_of(watch)}* waits till then."
    )
    return said(text, button("Try again", "smtpwatch.resume", watch.id, style="primary"))
