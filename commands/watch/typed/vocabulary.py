"""The verbs of `/smtpwatch`: how each is typed, and what else they are called. Data, and its look-up."""

from collections.abc import Iterable, Mapping

from commands.watch.state.model import Kind
from commands.watch.state.routes import Route

OPTIONS = "[every 15m] [in #channel] [notify @ops] [after 2 failures]"

USAGES: Mapping[str, str] = {
    "add": f"add [certificate|dns|network] TARGET [PORTS] {OPTIONS}",
    "list": "list [mine|all|#channel]",
    "show": "show WATCH",
    "edit": f"edit WATCH [ports 25 587] {OPTIONS}",
    "pause": "pause WATCH [REASON]",
    "resume": "resume WATCH",
    "snooze": "snooze WATCH 2h|tomorrow|until monday",
    "mute": "mute WATCH [2d|until monday|forever] REASON",
    "unsnooze": "unsnooze WATCH",
    "unmute": "unmute WATCH",
    "ack": "ack WATCH",
    "run": "run WATCH",
    "test": "test WATCH",
    "history": "history WATCH",
    "delete": "delete WATCH",
    "undo": "undo WATCH",
    "digest": "digest daily|weekly|monday|off [09:00] [Europe/Madrid] [in #channel]",
}
"""WATCH is an id or a target, as `list` shows them."""

WITH_OPTIONS = frozenset({"add", "edit"})
"""Verbs behind which options stand, those of routes included."""

SYNONYMS: Mapping[str, str] = {
    "watch": "add",
    "new": "add",
    "create": "add",
    "ls": "list",
    "status": "list",
    "change": "edit",
    "set": "edit",
    "stop": "pause",
    "start": "resume",
    "unpause": "resume",
    "silence": "mute",
    "remove": "delete",
    "rm": "delete",
    "undelete": "undo",
    "acknowledge": "ack",
    "again": "run",
    "incidents": "history",
}

KIND_NAMES: Mapping[str, Kind] = {
    "check": "check",
    "certificate": "certificate",
    "certificates": "certificate",
    "cert": "certificate",
    "certs": "certificate",
    "dns": "dns",
    "network": "network",
}


def usage_of(text: str, routes: Iterable[Route]) -> str:
    """How the verb is typed that a text begins with; nothing when it begins with none."""
    verb = verb_of((text.split() or [""])[0])
    if verb not in USAGES:
        return ""
    more = [f"[{route.name} {route.example}]" for route in routes if verb in WITH_OPTIONS]
    return " ".join([f"/smtpwatch {USAGES[verb]}", *more])


def verb_of(word: str) -> str:
    return SYNONYMS.get(word.lower(), word.lower())
