"""What the owner of a watch reads by direct message when its alert or a digest could not be posted. Mrkdwn, escaped."""

from collections.abc import Mapping

from commands.watch.state.events import Event
from commands.watch.view.alert_words import say

WHY: Mapping[str, str] = {
    "is_archived": "that channel is archived",
    "is_inactive": "that channel is archived",
    "not_in_channel": "Portero is not in that channel any more",
    "channel_not_found": "Portero cannot see that channel any more",
    "account_inactive": "Portero's account is deactivated",
}


def lost_digest(event: Event, code: str) -> str:
    return (
        f":warning: The digest could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        "Type `/invite @portero` there; `/smtpwatch digest off` there ends it."
    )


def paused_words(event: Event, code: str, watch_id: str) -> str:
    """What could not be told, why, and how to go on."""
    said = say(event, None)
    return (
        f":warning: An alert could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        f"*The watch `{watch_id}` is paused.*\n"
        f"What it had to tell: {said.icon} {said.headline}\n"
        f"Type `/invite @portero` there and `/smtpwatch resume {watch_id}`, "
        f"or `/smtpwatch edit {watch_id} in #channel`, then resume."
    )
