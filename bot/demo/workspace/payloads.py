"""What Slack sends: messages, views and interaction payloads.

Source: docs.slack.dev, reference/interaction-payloads and reference/objects.
"""

import time
from pathlib import PurePath
from typing import Final

from aiohttp import web

from bot.demo.workspace.model import Channel, Message, Payload, StoredFile, User, View
from bot.demo.workspace.state import State

STATE: Final = web.AppKey("state", State)
NAMES = {"dm": "directmessage", "private": "privategroup"}


def file(stored: StoredFile) -> Payload:
    """A file as events and payloads bring it: of one that comes by Slack Connect the id alone."""
    if stored.mode == "file_access":
        return {"id": stored.id, "mode": "file_access", "file_access": "check_file_info", "created": 0, "user": ""}
    return described(stored)


def described(stored: StoredFile) -> Payload:
    external = stored.mode == "external"
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": stored.mimetype,
        "filetype": PurePath(stored.name).suffix.lstrip(".") or "text",
        "user": stored.owner,
        "mode": "external" if external else "hosted",
        "is_external": external,
        "size": len(stored.content),
        "url_private": stored.url,
        "url_private_download": stored.url,
    }


def message(state: State, stored: Message) -> Payload:
    made: Payload = {"type": "message", "user": stored.user, "ts": stored.ts, "text": stored.text, "team": state.team}
    if stored.bot_id:
        made |= {"bot_id": stored.bot_id, "app_id": state.app_id}
    if stored.blocks:
        made["blocks"] = stored.blocks
    if stored.files:
        made["files"] = [file(item) for item in stored.files]
    if stored.thread_ts:
        made["thread_ts"] = stored.thread_ts
    if stored.edited:
        made["edited"] = {"user": stored.user, "ts": stored.edited_at or stored.ts}
    return made


def view(state: State, shown: View, values: Payload | None = None) -> Payload:
    body = shown.body
    made: Payload = {
        "id": shown.id,
        "team_id": state.team,
        "type": shown.type,
        "blocks": shown.blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""),
        "state": {"values": values or {}},
        "hash": shown.hash,
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "previous_view_id": shown.previous_id or None,
        "root_view_id": shown.root_id,
        "app_id": state.app_id,
        "app_installed_team_id": state.team,
        "bot_id": state.bot_id,
    }
    if shown.type == "modal":
        made |= {"title": body["title"], "close": body.get("close"), "submit": body.get("submit")}
    return made


def command(state: State, who: User, where: Channel, name: str, text: str = "") -> Payload:
    """The form of a slash command: strings only; no locale, no thread, no time zone."""
    return {
        "token": "deprecated",
        "team_id": who.team or state.team,
        "team_domain": state.team_name,
        "channel_id": where.id,
        "channel_name": NAMES.get(where.kind, where.name),
        "user_id": who.id,
        "user_name": who.name,
        "command": name,
        "text": text,
        "api_app_id": state.app_id,
        "is_enterprise_install": "false",
    }


def interaction(state: State, kind: str, who: User) -> Payload:
    """What every interactive payload has."""
    return {
        "type": kind,
        "team": {"id": state.team, "domain": state.team_name},
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": who.team or state.team},
        "api_app_id": state.app_id,
        "token": "deprecated",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def from_message(state: State, stored: Message, values: Payload) -> Payload:
    """The part of `block_actions` that says where a component was used. Ephemerals come without their message."""
    ephemeral = bool(stored.ephemeral_to)
    where = state.channels[stored.channel]
    container = {"type": "message", "message_ts": stored.ts, "channel_id": where.id, "is_ephemeral": ephemeral}
    if stored.thread_ts:
        container["thread_ts"] = stored.thread_ts
    made: Payload = {"container": container, "channel": channel(where), "state": {"values": values}}
    if not ephemeral:
        made["message"] = message(state, stored)
    return made


def from_view(state: State, shown: View, values: Payload) -> Payload:
    return {"container": {"type": "view", "view_id": shown.id}, "view": view(state, shown, values)}


def channel(where: Channel) -> Payload:
    return {"id": where.id, "name": NAMES.get(where.kind, where.name)}


def event(state: State, body: Payload) -> Payload:
    """An event in its wrapper; `event_id` is what receivers recognise a repeated delivery by."""
    grant = {"enterprise_id": None, "team_id": state.team, "user_id": state.bot.id, "is_bot": True}
    return {
        "token": "deprecated",
        "team_id": state.team,
        "context_team_id": state.team,
        "api_app_id": state.app_id,
        "event": {"event_ts": state.new_ts(), **body},
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [{**grant, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
