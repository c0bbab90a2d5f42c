"""Whether what Slack sends has the shape that Bolt and `payload` read: what has not goes no further. Pure, and total.

Null is as good as nothing, but for what is `Needed`; texts are such that UTF-8 can hold them. What is not named here is
not looked at.

Source: docs.slack.dev, reference/interaction-payloads and reference/events, November 2026.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

Shape: TypeAlias = Union[type, tuple[type, ...], Mapping[str, "Shape"], list["Shape"], "Needed", "Each"]


@dataclass(frozen=True, slots=True)
class Needed:
    """Has to be there, and not empty."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Each:
    """An object of any names, with values of one shape."""

    shape: Shape


OPTION: Shape = {"value": Needed(str)}
ELEMENT: Shape = {
    **dict.fromkeys(("value", "selected_conversation", "selected_channel", "selected_user", "selected_date"), str),
    "selected_option": OPTION,
    "selected_options": [OPTION],
    "files": [dict],
}
VIEW: Mapping[str, Shape] = {
    **dict.fromkeys(("id", "type", "callback_id", "private_metadata", "hash", "team_id", "app_installed_team_id"), str),
    "state": {"values": Each(Each(ELEMENT))},
}
FORM: Shape = {**VIEW, "type": Needed(str), "callback_id": Needed(str)}
ACTION: Shape = {
    **dict.fromkeys(("block_id", "value", "action_ts"), str),
    "action_id": Needed(str),
    "selected_option": OPTION,
}
INTERACTION: Mapping[str, Shape] = {
    **dict.fromkeys(("trigger_id", "response_url"), str),
    "user": Needed({"id": Needed(str), "team_id": str, "enterprise_id": str}),
    "team": {"id": str, "enterprise_id": str},
    "enterprise": {"id": str},
    "channel": {"id": str},
    "container": {
        **dict.fromkeys(("type", "channel_id", "message_ts", "thread_ts"), str),
        "is_ephemeral": bool,
    },
    "message": {**dict.fromkeys(("text", "ts", "thread_ts"), str), "files": [dict]},
    "authorizations": [dict],
    "view": VIEW,
}
COMMAND: Shape = {
    **dict.fromkeys(("team_id", "enterprise_id", "text", "channel_id", "trigger_id", "response_url"), str),
    "command": Needed(str),
    "user_id": Needed(str),
}
EVENT: Mapping[str, Shape] = {
    "type": Needed(str),
    **dict.fromkeys(("channel", "user", "team", "team_id", "enterprise", "enterprise_id"), (str, dict)),
    **dict.fromkeys(("message", "previous_message", "item", "assistant_thread"), dict),
    "authorizations": [dict],
}
HOME: Shape = {**EVENT, "user": Needed(str), "tab": str, "view": {"hash": str}}
EVENTS: Mapping[str, Shape] = {"app_home_opened": HOME, "tokens_revoked": {**EVENT, "tokens": {"bot": list}}}
WRAPPER: Mapping[str, Shape] = {
    **dict.fromkeys(("event_id", "team_id", "enterprise_id"), str),
    "authorizations": [dict],
}

KINDS: Mapping[str, Shape] = {
    "block_actions": {**INTERACTION, "actions": Needed([ACTION])},
    "block_suggestion": {**INTERACTION, "action_id": Needed(str)},
    "message_action": {**INTERACTION, "callback_id": Needed(str)},
    "shortcut": {**INTERACTION, "callback_id": Needed(str)},
    "view_closed": {**INTERACTION, "view": Needed(FORM)},
    "view_submission": {
        **INTERACTION,
        "view": Needed(FORM),
        "response_urls": [{"channel_id": str, "response_url": str}],
    },
    "url_verification": {"challenge": Needed(str)},
    "app_rate_limited": {},
}
"""What comes with a `type`; commands and events are told below."""

_LONE = re.compile("[\ud800-\udfff]")


def is_readable(body: Mapping[str, Any]) -> bool:
    """Whether this is a command, an interaction or an event that may be read without further questions."""
    if body.get("ssl_check") is not None:
        return True
    if body.get("command") is not None:
        return fits(body, COMMAND)
    kind = body.get("type")
    if kind == "event_callback":
        event = body.get("event")
        name = event.get("type") if isinstance(event, dict) else None
        shape = EVENTS.get(name, EVENT) if isinstance(name, str) else EVENT
        return fits(body, {**WRAPPER, "event": Needed(shape)})
    return isinstance(kind, str) and kind in KINDS and fits(body, KINDS[kind])


def fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, Needed):
        return bool(value) and fits(value, shape.shape)
    if value is None:
        return True
    if shape is str:
        return isinstance(value, str) and not _LONE.search(value)
    if isinstance(shape, Each | Mapping):
        return isinstance(value, dict) and _fits_each(value, shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(one is not None and fits(one, shape[0]) for one in value)
    return isinstance(value, shape)


def _fits_each(value: Mapping[str, Any], shape: Each | Mapping[str, Shape]) -> bool:
    if isinstance(shape, Each):
        return all(fits(one, shape.shape) for one in value.values())
    return all(fits(value.get(name), inner) for name, inner in shape.items())
