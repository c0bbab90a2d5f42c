"""What an app may ask of itself: its id, its manifest, and whether Slack would take a view.

Sources: docs.slack.dev, reference/methods/bots.info, apps.manifest.export (an app configuration token),
blocks.validate (no token; exactly one of blocks, message and view; `errors` with pointer, code, message). 2026-11-29.
"""

from typing import Any

from bot.demo.workspace import blockkit
from bot.demo.workspace.model import Payload, Refusal
from bot.demo.workspace.state import State


def bots_info(state: State, args: Payload) -> Payload:
    if str(args.get("bot") or state.bot_id) != state.bot_id:
        raise Refusal("bot_not_found")
    bot = {
        "id": state.bot_id,
        "deleted": False,
        "name": state.bot.name,
        "app_id": state.app_id,
        "user_id": state.bot.id,
    }
    return {"bot": bot}


def manifest_export(state: State, args: Payload) -> Payload:
    if str(args.get("app_id")) != state.app_id:
        raise Refusal("app_not_found")
    return {"manifest": state.manifest}


def blocks_validate(state: State, args: Payload) -> Payload:
    given = [name for name in ("blocks", "message", "view") if args.get(name) is not None]
    if len(given) != 1:
        raise Refusal("invalid_arguments")
    found = _problems(state, given[0], args[given[0]])
    if found:
        raise Refusal(f"invalid_{given[0]}", *found)
    return {}


def pointed(words: str) -> Payload:
    """A problem of a block as this method tells it."""
    message, _, pointer = words.rstrip("]").partition(" [json-pointer:")
    return {"pointer": pointer, "code": "invalid", "message": message}


def _problems(state: State, kind: str, value: Any) -> list[str]:
    if kind == "view":
        return blockkit.view_problems(value)
    blocks = value.get("blocks") if kind == "message" and isinstance(value, dict) else value
    return blockkit.problems(blocks, "message", state.unknown_blocks)
