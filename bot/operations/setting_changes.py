"""What became different of the settings since the last start, for the log of changes.

The settings are known to whoever runs Portero; the log says when another value took effect. Of secrets it says only
that one was set or taken out, of those that name people that they differ: their ids are not kept a second time.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.setting_table import TABLE, Setting
from bot.settings import Settings
from commands.audited import Deed
from storage.audit import AuditEntry
from storage.watches import AdministerWatches

NOTE = "settings"
NAMES_PEOPLE = frozenset({"admins", "vantages_allow"})
WITH_LOGIN = frozenset({"https_proxy", "nats"})
"""URLs, in which somebody may have written a password."""


async def note_changes(settings: Settings, watches: AdministerWatches, team: str, at: datetime) -> None:
    """At the first start there is nothing to compare with; a setting of a later version is none that changed."""
    now = {setting.name: _kept(setting, settings) for setting in TABLE}
    before = (await watches.notes(NOTE)).get(NOTE)
    if before == now:
        return
    entries = list(_changes(before, now, team, at)) if before else []
    await watches.note(NOTE, now, noted=entries)


def _changes(before: Mapping[str, Any], now: Mapping[str, str], team: str, at: datetime) -> Iterator[AuditEntry]:
    for setting in TABLE:
        old, new = before.get(setting.name), now[setting.name]
        if old is None or old == new:
            continue
        values = {"old": old, "new": new} if _is_shown(setting) else {}
        turned = {"set": bool(new)} if setting.is_secret else {}
        yield AuditEntry(at, Deed.SETTING_CHANGED, setting.name, team, document={**values, **turned})


def _is_shown(setting: Setting) -> bool:
    return not setting.is_secret and setting.field not in NAMES_PEOPLE | WITH_LOGIN


def _kept(setting: Setting, settings: Settings) -> str:
    value = getattr(settings, setting.field)
    if setting.is_secret:
        return "set" if value else ""
    text = _text(value)
    return text if _is_shown(setting) or not text else hashlib.sha256(text.encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    """The same for equal values, whatever their order was."""
    if isinstance(value, Mapping):
        return ", ".join(sorted(f"{name}:{_text(one)}" for name, one in value.items()))
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
