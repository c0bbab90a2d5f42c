"""What Slack sends: whether it has the shape that Slack documents, and what it is as a `Request`. Pure, and total.

What has not its shape goes no further. Null is as good as nothing, but for what is `Needed`, so anything else may be
null where it is read; texts are such that UTF-8 can hold them. What is not named here is not looked at.

Source: docs.slack.dev, reference/interaction-payloads and reference/events, November 2026.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, Union

from commands.contract import Actor, Request

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
FORM: Shape = {
    **VIEW,
    "type": Needed(str),
    "callback_id": Needed(str),
    "submit": {"text": str},
    "blocks": [{"block_id": str, "element": {"action_id": str, "type": str}}],
}
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
    "message": {
        **dict.fromkeys(("text", "ts", "thread_ts", "bot_id"), str),
        **{name: [dict] for name in ("attachments", "blocks", "files")},
    },
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
HOME: Shape = {**EVENT, "user": Needed(str), "channel": str, "tab": str, "view": {"hash": str}}
SAID: Mapping[str, Shape] = {
    **dict.fromkeys(("user", "text", "ts", "thread_ts", "subtype", "bot_id"), str),
    "edited": {"ts": str},
    "files": [dict],
    "attachments": [dict],
}
WRITTEN: Shape = {
    **EVENT,
    **SAID,
    **dict.fromkeys(("channel", "channel_type"), str),
    **dict.fromkeys(("message", "previous_message"), SAID),
}
"""A message, or a mention of the app in one."""

EVENTS: Mapping[str, Shape] = {
    "app_home_opened": HOME,
    "function_executed": {
        **EVENT,
        "function": Needed({"callback_id": Needed(str)}),
        "function_execution_id": Needed(str),
        "bot_access_token": str,
        "inputs": dict.fromkeys(("host", "ports", "question", "config", "user_id", "channel_id"), str),
    },
    "tokens_revoked": {**EVENT, "tokens": {"bot": list}},
    **dict.fromkeys(("app_mention", "message"), WRITTEN),
}
WRAPPER: Mapping[str, Shape] = {
    **dict.fromkeys(("event_id", "team_id", "enterprise_id", "context_team_id", "context_enterprise_id"), str),
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


Payload = Mapping[str, Any]

Source = Literal["slash", "ephemeral", "message", "nowhere", "mention", "direct", "step"]
"""What an answer can hang on: a slash command, a button on a private or on a public message, a dialogue or Home, a
mention, which everybody reads, or a direct message.
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: how to answer, and the key under which Slack would deliver it again.

    `thread_ts` is the thread in which a button was pressed or a shortcut was used, `view_id` the dialogue, `block_id`
    the row of buttons; `below` is the message under which a public answer hangs where there is no thread yet: a
    private one would be seen by nobody.
    `present_in` is the channel in which the person is beyond doubt: who types or presses something there is in it. A
    dialogue proves nothing: it may have been opened long ago.
    """

    source: Source
    response_url: str
    trigger_id: str
    key: str
    thread_ts: str = ""
    view_id: str = ""
    present_in: str = ""
    below: str = ""
    block_id: str = ""


def slash(body: Payload, *, at: datetime, request_id: str) -> tuple[Request, Origin]:
    actor = Actor(body["user_id"], body.get("team_id") or "", body.get("enterprise_id") or "")
    request = Request(
        command=body["command"].removeprefix("/"),
        actor=actor,
        at=at,
        text=body.get("text") or "",
        channel=body.get("channel_id") or "",
        surface="slash",
        request_id=request_id,
    )
    trigger = body.get("trigger_id") or ""
    url, key = body.get("response_url") or "", f"trigger:{trigger}"
    return request, Origin("slash", url, trigger, key, present_in=request.channel)


def button(body: Payload, *, at: datetime, request_id: str) -> tuple[Request, Origin]:
    pressed = body["actions"][0]
    request = Request(
        command=pressed["action_id"].partition(".")[0],
        actor=_actor(body),
        at=at,
        channel=_channel(body),
        surface="button",
        request_id=request_id,
        value=pressed.get("value") or (pressed.get("selected_option") or {}).get("value") or "",
    )
    trigger = body.get("trigger_id") or ""
    key = f"action:{trigger or pressed.get('action_ts', '')}:{pressed['action_id']}"
    source, url = _source(body), body.get("response_url") or ""
    present = "" if source == "nowhere" else request.channel
    place = _thread(body), _dialogue(body.get("view")), present
    return request, Origin(source, url, trigger, key, *place, block_id=pressed.get("block_id") or "")


def form(body: Payload, *, at: datetime, request_id: str) -> tuple[Request, Origin]:
    """A submitted form; the answer goes to the conversation that was chosen in it, else to where it was opened."""
    view = body["view"]
    kept = read_private(view.get("private_metadata") or "")
    chosen: Payload = next(iter(body.get("response_urls") or []), {})
    request = Request(
        command=view["callback_id"].partition(".")[0],
        actor=_actor(body),
        at=at,
        channel=str(chosen.get("channel_id") or kept["channel"]),
        surface="modal",
        request_id=request_id,
        form=_values(view.get("state") or {}),
        private=kept["private"],
    )
    trigger = body.get("trigger_id") or ""  # the view's hash stays the same when a form is sent again after errors
    url = str(chosen.get("response_url") or "")
    return request, Origin("nowhere", url, trigger, f"view:{view.get('id', '')}:{trigger}")


def shortcut(body: Payload, command: str, *, at: datetime, request_id: str) -> tuple[Request, Origin]:
    """A shortcut on a message, which is answered in the thread of that message if there is one; or from anywhere."""
    message = body.get("message")
    request = Request(
        command=command,
        actor=_actor(body),
        at=at,
        text=(message or {}).get("text") or "",
        channel=_channel(body),
        surface="shortcut",
        request_id=request_id,
    )
    trigger = body.get("trigger_id") or ""
    key = f"trigger:{trigger}"
    url = body.get("response_url") or ""
    thread = (message or {}).get("thread_ts") or ""
    return request, Origin("message" if message else "nowhere", url, trigger, key, thread, present_in=request.channel)


def step(body: Payload, command: str, *, at: datetime, request_id: str) -> tuple[Request, Origin]:
    """A run of a step of a workflow: the event `function_executed`. Who asks, and where, are inputs like others."""
    event = body["event"]
    inputs = {name: value for name, value in (event.get("inputs") or {}).items() if isinstance(value, str)}
    actor = Actor(inputs.get("user_id", ""), body.get("team_id") or "", body.get("enterprise_id") or "")
    request = Request(
        command=command,
        actor=actor,
        at=at,
        channel=inputs.get("channel_id", ""),
        surface="workflow",
        request_id=request_id,
        form=inputs,
    )
    return request, Origin("step", "", "", f"function:{event['function_execution_id']}")


def home(body: Payload, *, at: datetime, request_id: str) -> Request:
    """Somebody opened the app: the event `app_home_opened`.

    Who comes from another organisation carries nothing of it here: `bot.slack.access` looks them up.
    """
    event = body["event"]
    actor = Actor(event["user"], body.get("team_id") or "", body.get("enterprise_id") or "")
    return Request("home", actor, at, surface="home", request_id=request_id)


def write_private(channel: str, private: str) -> str:
    """What a dialogue carries through Slack (readable by the client: ids only)."""
    return json.dumps({"channel": channel, "private": private})


def read_private(text: str) -> dict[str, str]:
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    return {"channel": str(kept.get("channel") or ""), "private": str(kept.get("private") or "")}


def files(body: Payload) -> list[Payload]:
    """The files that came along: of a message shortcut's message, or of a dialogue's file inputs."""
    found = list((body.get("message") or {}).get("files") or [])
    for _, element in _elements((body.get("view") or {}).get("state") or {}):
        found += element.get("files") or []
    return found


def _actor(body: Payload) -> Actor:
    """Who did it.

    In a channel shared with another organisation `team` and `enterprise` of the payload may be ours while the person
    is theirs: then only what stands at the person counts.
    """
    user, here = body["user"], body.get("team") or {}
    team = user.get("team_id") or here.get("id") or ""
    enterprise = user.get("enterprise_id") or ""
    if team == here.get("id") and not enterprise:
        enterprise = (body.get("enterprise") or {}).get("id", "") or here.get("enterprise_id") or ""
    return Actor(user["id"], team, enterprise or "")


def _channel(body: Payload) -> str:
    """Where it happened; in a dialogue, where that was opened."""
    here = (body.get("channel") or {}).get("id", "") or (body.get("container") or {}).get("channel_id", "")
    return str(here or read_private((body.get("view") or {}).get("private_metadata", ""))["channel"])


def _thread(body: Payload) -> str:
    """The thread that it happened in. The message that a thread hangs on stands in the channel itself."""
    container, message = body.get("container") or {}, body.get("message") or {}
    thread = container.get("thread_ts") or message.get("thread_ts") or ""
    return "" if thread in {container.get("message_ts"), message.get("ts")} else str(thread)


def _dialogue(view: Payload | None) -> str:
    """The id of the dialogue in which a button was pressed; Home is none."""
    return str(view["id"]) if view and view.get("type") == "modal" else ""


def _source(body: Payload) -> Source:
    container = body.get("container") or {}
    if container.get("type") not in {"message", "message_attachment"}:
        return "nowhere"
    return "ephemeral" if container.get("is_ephemeral") else "message"


def _values(state: Payload) -> dict[str, Any]:
    """Action id -> what was typed or chosen; file inputs are left to `files`."""
    return {action: _value(element) for action, element in _elements(state)}


def _elements(state: Payload) -> Iterator[tuple[str, Payload]]:
    """Action id and element of every input of a dialogue."""
    for inputs in (state.get("values") or {}).values():
        yield from ((action, element or {}) for action, element in (inputs or {}).items())


def _value(element: Payload) -> Any:
    for name in ("value", "selected_conversation", "selected_channel", "selected_user", "selected_date"):
        if element.get(name) is not None:
            return element[name]
    if element.get("selected_option"):
        return element["selected_option"]["value"]
    return [option["value"] for option in element.get("selected_options") or []] or ""
