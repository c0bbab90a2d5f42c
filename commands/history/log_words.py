"""What the log of changes says: a sentence for each deed, for Slack and for a terminal. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commands.audited import Deed
from commands.blocks import date
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.times import WEEKDAYS, shown
from storage.audit import AuditEntry

LONGEST = 300
_OF_SLACK = re.compile(r"[UWS][A-Z0-9]{2,40}")
FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Style:
    """How people, times and names are written."""

    person: Callable[[str], str]
    channel: Callable[[str], str]
    time: Callable[[datetime], str]
    strong: Callable[[str], str]
    text: Callable[[str], str]


def _mention(id: str) -> str:  # noqa: A002
    return f"<!subteam^{id}>" if id.startswith("S") else f"<@{id}>"


def _place(channel: str) -> str:
    return f"<#{channel}>" if channel[:1] in {"C", "G"} else "direct messages"


def _date(at: datetime) -> str:
    return date(at.timestamp(), f"{at:%Y-%m-%d %H:%M} UTC")


SLACK = Style(_mention, _place, _date, lambda text: f"*{escape(text, 120)}*", lambda text: escape(text, LONGEST))
PLAIN = Style(
    lambda id: clean(id, 60),  # noqa: A006 - Slack's word
    lambda channel: clean(channel, 60),
    lambda at: f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z",
    lambda text: clean(text, 120),
    lambda text: clean(text, LONGEST),
)


def sentence(entry: AuditEntry, style: Style) -> str:
    """`@ana muted mail.example.com until Nov 3: moving house.`"""
    try:
        said = SAID[entry.action](entry, style)
    except (KeyError, TypeError, ValueError):  # of a later version, or of facts that are damaged
        said = f"{style.text(entry.action)} {style.strong(entry.target)}"
    return f"{who(entry, style)} {said}."


def who(entry: AuditEntry, style: Style) -> str:
    if not entry.actor:
        return "Portero"
    if entry.actor == FORGOTTEN:
        return "Somebody who was forgotten"
    return (
        _somebody(entry.actor, style) if _OF_SLACK.fullmatch(entry.actor) else f"{style.text(entry.actor)} (terminal)"
    )


def _somebody(id: str, style: Style) -> str:  # noqa: A002
    return style.person(id) if _OF_SLACK.fullmatch(id) else style.text(id) or "nobody"


def _until(entry: AuditEntry, style: Style) -> str:
    until = entry.document.get("until")
    return f" until {style.time(datetime.fromisoformat(str(until)))}" if until else ""


def _why(entry: AuditEntry, style: Style) -> str:
    why = str(entry.document.get("why") or "")
    return f": {style.text(why)}" if why else ""


WATCHED = {"certificate": "the certificates of ", "dns": "the DNS of "}


def _watch(entry: AuditEntry, style: Style) -> str:
    kind = str(entry.document.get("kind") or "")
    target = "our network" if entry.target == "network" else style.strong(entry.target)
    return f"{WATCHED.get(kind, '')}{target}"


def _added(entry: AuditEntry, style: Style) -> str:
    ports = [str(port) for port in entry.document.get("ports") or ()]
    listed = f", {'port' if len(ports) == 1 else 'ports'} {', '.join(ports)}" if ports else ""
    return f"added a watch on {_watch(entry, style)}{listed}"


NAMES: Mapping[str, str] = {
    "every_s": "interval",
    "notify": "who is mentioned",
    "then": "who is mentioned next",
    "fail_after": "failed runs before an alert",
    "recover_after": "good runs before the end",
    "vantage": "checked from",
    "windows": "maintenance",
    "routes": "other ways of alerts",
    "owner": "whose it is",
}


def _edited(entry: AuditEntry, style: Style) -> str:
    changes = "; ".join(_differences(entry.document, style))
    return f"changed the watch on {_watch(entry, style)}: {changes}"


def _differences(document: Mapping[str, Any], style: Style) -> Iterator[str]:
    """Of what has many parts that it differs is told alone."""
    old, new = document.get("old") or {}, document.get("new") or {}
    for name in new:
        label = NAMES.get(name, name)
        values = [_value(name, one.get(name), style) for one in (old, new)]
        yield f"{label} {values[0]} → {values[1]}" if all(values) else label


def _value(name: str, value: Any, style: Style) -> str:
    if name == "every_s":
        return shown(timedelta(seconds=float(value)))
    if name in {"notify", "owner"}:
        return _somebody(str(value or ""), style)
    if name == "channel":
        return style.channel(str(value))
    if name == "ports":
        return ", ".join(map(str, value or ())) or "those that answer"
    return "" if isinstance(value, list | dict) or value is None else style.text(str(value)) or "none"


def _tagged(entry: AuditEntry, style: Style) -> str:
    added, removed = (entry.document.get(name) or () for name in ("added", "removed"))
    said = [f"{verb} {', '.join(style.text(str(tag)) for tag in tags)}" for verb, tags in
            (("tagged it", added), ("took off", removed)) if tags]  # fmt: skip
    return f"changed the tags of {style.strong(entry.target)}: {' and '.join(said)}"


def _digest(entry: AuditEntry, style: Style) -> str:
    day, at = entry.document.get("day"), style.text(str(entry.document.get("time") or ""))
    often = "daily" if day is None else f"every {WEEKDAYS[int(day) % 7].capitalize()}"
    zone = style.text(str(entry.document.get("zone") or ""))
    return f"set the digest of {style.channel(entry.channel)}: {often} at {at} {zone}".rstrip()


KINDS = {
    "check": "a check",
    "port": "a piece of port advice",
    "pmta": "a validation",
    "network": "a look at our network",
}


def _deleted(entry: AuditEntry, style: Style) -> str:
    kind, owner = str(entry.document.get("kind")), str(entry.document.get("owner") or "")
    made = datetime.fromisoformat(str(entry.document["made_at"]))
    whose = f" by {_somebody(owner, style)}" if owner and owner != entry.actor else ""
    return f"deleted {KINDS.get(kind, 'a result')}{whose} of {style.time(made)}"


def _pruned(entry: AuditEntry, _style: Style) -> str:
    of = plural(int(entry.document.get("count") or 0), "result")
    return f"deleted {of} older than {plural(int(entry.document.get('days') or 0), 'day')}"


def _setting(entry: AuditEntry, style: Style) -> str:
    document = entry.document
    if "set" in document:
        return f"was started with {style.strong(entry.target)} {'set anew' if document['set'] else 'taken out'}"
    if "new" not in document:
        return f"was started with another {style.strong(entry.target)}"
    old, new = (style.text(str(document[name])) or "nothing" for name in ("old", "new"))
    return f"was started with another {style.strong(entry.target)}: {old} → {new}"


def _on_watch(words: str) -> Callable[[AuditEntry, Style], str]:
    return lambda entry, style: (
        words.format(watch=_watch(entry, style), until=_until(entry, style)) + _why(entry, style)
    )


def _on_machine(words: str) -> Callable[[AuditEntry, Style], str]:
    return lambda entry, style: words.format(name=style.strong(entry.target)) + _addresses(entry, style)


def _refused(entry: AuditEntry, style: Style) -> str:
    channel = style.channel(str(entry.document.get("asked_in") or ""))
    return f"asked in {channel} for the machine {style.strong(entry.target)}, which is not for them there"


def _addresses(entry: AuditEntry, style: Style) -> str:
    pinned = ", ".join(style.text(str(source)) for source in entry.document.get("sources") or ())
    return f": {pinned}" if pinned else ""


SAID: Mapping[str, Callable[[AuditEntry, Style], str]] = {
    Deed.WATCH_ADDED: _added,
    Deed.WATCH_EDITED: _edited,
    Deed.WATCH_DELETED: _on_watch("deleted the watch on {watch}"),
    Deed.WATCH_RESTORED: _on_watch("brought back the watch on {watch}"),
    Deed.PAUSED: _on_watch("paused the watch on {watch}"),
    Deed.RESUMED: _on_watch("resumed the watch on {watch}"),
    Deed.MUTED: _on_watch("muted {watch}{until}"),
    Deed.UNMUTED: _on_watch("unmuted {watch}"),
    Deed.SNOOZED: _on_watch("snoozed {watch}{until}"),
    Deed.UNSNOOZED: _on_watch("ended the snooze of {watch}"),
    Deed.ACKNOWLEDGED: _on_watch("acknowledged the incident of {watch}"),
    Deed.ACCEPTED: _on_watch("accepted as normal what differs at {watch}"),
    Deed.TAGGED: _tagged,
    Deed.DIGEST_SET: _digest,
    Deed.DIGEST_ENDED: lambda entry, style: f"ended the digest of {style.channel(entry.channel)}",
    Deed.RESULT_DELETED: _deleted,
    Deed.RESULTS_PRUNED: _pruned,
    Deed.PERSON_FORGOTTEN: lambda entry, _style: (
        f"forgot a person: {plural(int(entry.document.get('count') or 0), 'result')} deleted"
    ),
    Deed.VANTAGE_ADDED: _on_machine("let the machine {name} check for Portero"),
    Deed.VANTAGE_ROTATED: _on_machine("gave the machine {name} another key"),
    Deed.VANTAGE_REVOKED: _on_machine("cut off the machine {name}"),
    Deed.VANTAGE_PINNED: _on_machine("said which addresses are the machine {name}'s"),
    Deed.VANTAGE_UNPINNED: _on_machine("let the machine {name} say itself which addresses are its own"),
    Deed.VANTAGE_REFUSED: _refused,
    Deed.SETTING_CHANGED: _setting,
}
