"""`portero history prune`, `forget` and the like: what whoever runs Portero does to the whole history."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.console.process import FINE, login
from bot.console.screen import say
from bot.settings import Settings
from bot.terminal.database_path import look_for
from bot.terminal.history_damage import check, rescue
from commands.contract import UserError
from commands.slack_text import clean

if TYPE_CHECKING:
    from storage.databases.registry import Database

WHOM = "People of Slack are kept by their id: portero history forget U0123456789 (in their profile, Copy member ID)."
SLACK_ID = re.compile(r"[UW][0-9A-Z]+")
"""Who has one and left no trace is forgotten, too; of another name nothing is known, unless something bears it."""

Run = Callable[[str, int | None, Settings], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Action:
    """`needs` is the word that has to follow; "" for none. `run` gives the exit status; None: all is fine."""

    run: Run
    needs: str
    help: str


async def run(words: Sequence[str], stray: Sequence[str], days: int | None, settings: Settings) -> int:
    """Do what the first word says. `UserError`: something is missing, or was given that would be overlooked."""
    from storage.history import StorageError  # noqa: PLC0415

    name, *rest = words
    action = ACTIONS[name]
    if len(rest) != bool(action.needs):
        raise UserError(f"Write: portero history {name} {action.needs}".strip(), f"It can {action.help}.")
    if days is not None and name != "prune":
        stray = [*stray, "days"]
    if stray:
        raise UserError(f"--{stray[0]} does not go with `{name}`; nothing was done.", f"It can {action.help}.")
    if action.needs not in {"FILE", "NEW"}:  # a file may be called anything
        check_text(*rest)
    look_for(settings.database)
    try:
        status = await action.run(rest[0] if rest else "", days, settings)
    except StorageError as error:
        raise UserError(str(error)) from error
    return FINE if status is None else status


def check_text(*words: str) -> None:
    """Raises `UserError` for bytes that are no UTF-8: no result is stored under them."""
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            raise UserError(f"`{clean(word)}` is no UTF-8 text.", "Write it in the encoding of this terminal.")


def _opened(settings: Settings) -> "AbstractAsyncContextManager[Database]":
    from storage.databases.registry import opened  # noqa: PLC0415

    return opened(settings.database)


async def _prune(_: str, days: int | None, settings: Settings) -> None:
    keep = days or settings.retention_days
    if not keep:
        raise UserError("How old may results become?", "Write --days 365, or set PORTERO_RETENTION_DAYS.")
    async with _opened(settings) as database:
        at = datetime.now(UTC)
        gone = await database.history.prune(at - timedelta(days=keep))
        await _note(database, "results_pruned", at, {"days": keep, "count": gone})
    age = "a day" if keep == 1 else f"{keep:,} days"
    say(f"{results(gone)} older than {age} deleted. The file keeps its size; its room is used again.")


async def _forget(user: str, _days: int | None, settings: Settings) -> None:
    from commands.watch.verbs.forgetting import SHARED, forget  # noqa: PLC0415
    from storage.audit import AuditQuery  # noqa: PLC0415
    from storage.queries import OPERATOR, Forgotten  # noqa: PLC0415

    actor = user.strip("<@>")
    if not actor:
        raise UserError("Whom?", WHOM)
    async with _opened(settings) as database:
        history = database.history
        named = await database.watches.count_audit(AuditQuery(OPERATOR, actor=actor))
        watches = await forget(actor, database.watches)
        gone = [await history.forget(team, actor, shared=SHARED) for team in await history.teams() or [""]]
        found = Forgotten(*map(sum, zip(*map(astuple, gone), strict=True)))
        if not (named or SLACK_ID.fullmatch(actor) or any((*astuple(found), *astuple(watches)))):
            raise UserError(f"Nothing is kept of {clean(actor)}: nobody was forgotten.", WHOM)
        await _note(database, "person_forgotten", datetime.now(UTC), {"count": found.deleted})
    say(f"{results(found.deleted)} of {clean(actor)} deleted. Backups that were made before still hold them.")
    if found.kept:
        say(f"{results(found.kept)} of their watches in channels kept, without their name.")
    if found.shared:
        say(f"{results(found.shared)} that others asked for at the same moment kept, without their name.")
    if watches.kept:
        say(f"Watches in channels go on and belong to the terminal now: {_named(watches.kept)}.")
    if watches.deleted:
        say(f"Watches in their direct messages deleted: {_named(watches.deleted)}.")
    if watches.named:
        say(f"Their name taken out of {watches.named:,} settings and alerts of watches; none mentions them now.")


def _named(watches: Sequence[Any]) -> str:
    return ", ".join(f"{clean(watch.id)} ({clean(watch.target, 80)})" for watch in watches)


async def _back_up(file: str, _days: int | None, settings: Settings) -> None:
    size = await asyncio.to_thread(_copied, settings.database, file)
    place = settings.database
    say(f"{file}: {size:,} bytes. To restore it: stop Portero, remove {place}-wal and {place}-shm, put it at {place}.")


def _copied(database: str, file: str) -> int:
    """Of any version's file: what is about to be upgraded is what wants a backup."""
    from storage.sqlite.file.backup import write_backup  # noqa: PLC0415

    target = Path(file).expanduser().absolute()
    write_backup(Path(database).absolute(), target)
    return target.stat().st_size


async def _delete(entry: str, _days: int | None, settings: Settings) -> None:
    from commands.history.handler import deletion  # noqa: PLC0415
    from storage.queries import OPERATOR  # noqa: PLC0415

    async with _opened(settings) as database:
        known = await database.history.get(entry, OPERATOR)
        noted = [replace(deletion(known, datetime.now(UTC)), actor=login())] if known else []
        if not await database.history.delete(entry, OPERATOR, noted=noted):
            raise UserError(f"There is no result with the id {clean(entry)}.", "Ids: portero history --format csv")
    say(f"{clean(entry)} deleted.")


async def _note(database: "Database", deed: str, at: datetime, facts: dict[str, Any]) -> None:
    """In the log of changes of the workspace whose bot works on the database."""
    from bot.installation import team_of  # noqa: PLC0415
    from storage.audit import AuditEntry  # noqa: PLC0415

    team = await team_of(database.watches)
    await database.watches.keep_audit([AuditEntry(at, deed, team=team, actor=login(), document=facts)])


def results(number: int) -> str:
    return f"{number:,} result" if number == 1 else f"{number:,} results"


ACTIONS = {
    "prune": Action(_prune, "", "delete what is older than --days N, or than PORTERO_RETENTION_DAYS"),
    "forget": Action(
        _forget, "USER", "delete the results of a person (a Slack id, or a login on this machine) and their name"
    ),
    "backup": Action(_back_up, "FILE", "copy the history into a new file, while Portero runs"),
    "check": Action(check, "", "look whether the file is whole, while Portero runs"),
    "rescue": Action(rescue, "NEW", "copy what can be read of a damaged file into a new one"),
    "delete": Action(_delete, "ID", "delete one result"),
}
