"""The Slack app manifest (schema v2), made from the registry: commands, shortcuts, scopes and events cannot drift.

`manifest.yml` at the top is the Socket Mode form of it; a test compares them.
"""

import json
from typing import Any
from urllib.parse import quote

import yaml

from bot.registry import COMMANDS
from bot.slack.conversation.prompts import ALWAYS
from bot.slack.shortcuts import OPENING, READING
from bot.slack.steps.table import functions

BOT_SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:read",
    "im:history",
    "users:read",
)
"""Why each: `app_mentions:read` and `im:history` to hear what is written to Portero (in channels mentions alone, no
other message), `channels:read` and `groups:read` to know whose results somebody may see, `files:read` for configs that
come as files, `users:read` for who is a guest, an admin, or of another organisation.
"""
OPTIONAL_SCOPES = ("chat:write.public", "files:write", "im:write", "usergroups:read")
"""Without the first Portero has to be invited to a channel, without the next two it sends no files and says so, without
the last the forms of `/smtpwatch` ask for a user group by its id, and PORTERO_VANTAGES_ALLOW lets nobody in by one.
"""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_unarchive",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
"""Those of channels come with the scopes `channels:read` and `groups:read`."""
STEP_EVENT = "function_executed"
LISTENED = tuple(name.partition(".")[0] for name in EVENTS)
"""The same as payloads call them."""
SHORTCUT_NAMES: dict[str, tuple[str, str]] = {
    "pmta_validate": ("Validate PowerMTA config", "Check the PowerMTA configuration in this message"),
}
EVENTS_PATH = "/slack/events"


AGENT_VIEW = {
    "agent_description": "Checks mail hosts, says which SMTP port to use, validates PowerMTA configs, and watches.",
    "suggested_prompts": [{"title": title, "message": message} for title, message in ALWAYS],
}
AGENT_SCOPE = "assistant:write"
"""Slack adds it when the feature is switched on: for what it suggests to write. Without it nothing is suggested."""


def manifest(url: str = "", *, agent: bool = True, workflow: bool = False) -> dict[str, Any]:
    """The manifest; with a URL for HTTP mode, without one for Socket Mode. `agent`: in Slack's agent view.

    `workflow`: with steps for Workflow Builder. Slack takes them from apps alone that may be installed for a whole
    organisation (docs.slack.dev, tools/bolt-python/tutorial/custom-steps, 2026-05-29), so they are in no other.
    """
    more: dict[str, Any] = {"functions": functions()} if workflow else {}
    events = [*EVENTS, *([STEP_EVENT] if workflow else [])]
    scopes = sorted([*BOT_SCOPES, *([AGENT_SCOPE] if agent else [])])
    target = {"url": url.rstrip("/") + EVENTS_PATH} if url else {}
    request = {"request_url": url.rstrip("/") + EVENTS_PATH} if url else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Portero",
            "description": "Which SMTP port answers, what is wrong, and whose side the fault is on.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            **({"agent_view": AGENT_VIEW} if agent else {}),
            "bot_user": {"display_name": "portero", "always_online": True},
            "slash_commands": [
                {
                    "command": f"/{command.name}",
                    **target,
                    "description": command.summary,
                    "usage_hint": command.usage,
                    "should_escape": command.mentions,
                }
                for command in COMMANDS
            ],
            "shortcuts": shortcuts(),
        },
        "oauth_config": {"scopes": {"bot": scopes, "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": sorted(events)},
            "interactivity": {"is_enabled": True, **request},
            **({"function_runtime": "remote"} if workflow else {}),
            "org_deploy_enabled": workflow,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
        **more,
    }


def shortcuts() -> list[dict[str, str]]:
    """Those on a message, then those from anywhere."""
    own = [(callback, *SHORTCUT_NAMES[callback]) for command in COMMANDS for callback in command.shortcuts]
    reading = [(one.callback, one.name, one.description) for one in READING]
    opening = [(one.callback, one.name, one.description) for one in OPENING]
    kinds = (("message", reading + own), ("global", opening))
    return [
        {"name": name, "type": kind, "callback_id": callback, "description": description}
        for kind, named in kinds
        for callback, name, description in named
    ]


def to_yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def to_json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="


def to_link(value: dict[str, Any]) -> str:
    """Opens Slack's page for a new app with the manifest filled in: workspace, *Next*, *Create*."""
    return NEW_APP + quote(to_json(value), safe=":,/")
