"""`portero watch`: what `/smtpwatch` does, on the same database, also while the bot is running."""

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.console.formats import add_formats
from bot.console.instead import of_terminal
from bot.console.local_zone import zone_of_machine
from bot.console.process import BAD_NEWS, FINE, run_loop
from bot.console.screen import Screen, complain, say_json, say_text
from bot.installation import team_of
from bot.settings import Settings
from bot.terminal.database_path import is_new, look_for, refuse_new_folder, tell_new, tell_which
from bot.terminal.watch_services import Services
from commands.contract import Actor, Request, UserError
from commands.watch.typed.asked import usage_of, verb_of
from commands.watch_ids import NAMED
from storage.watches import AdministerWatches, StoredWatch

EXAMPLES = """examples:
  portero watch add mail.example.com 25 587 every 15m in C0123ABCD
  portero watch list --json
  portero watch mute mail.example.com 2d moving house
  portero watch incidents mail.example.com since nov 1 --format md

  A channel is given by its id (Slack: channel details, at the bottom). A running bot takes changes up within seconds.
  Times are typed in the time zone of this machine, and shown in UTC.
"""
SCHEMA = "portero.watches/1"
BEGIN = "begin one with the bot (portero run), or name the workspace: --team T0123ABCD"
UNTRIED = "The channel was not tried from here: `test TARGET` behind the slash command does it, in Slack."


def add(subs: Any) -> None:
    watch = subs.add_parser(
        "watch",
        help="add, list and change watches, as /smtpwatch does",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    watch.add_argument("words", metavar="WORD", nargs="*", help="what one types behind /smtpwatch; list by default")
    add_formats(watch, "json", "jsonl", "csv", "md")
    watch.add_argument("--team", default="", metavar="ID", help="the workspace, when the database does not know it yet")
    watch.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    words = _verb_first(arguments.words or ["list"])
    if arguments.team:  # whoever names a workspace begins a database
        refuse_new_folder(settings.database)
        if is_new(settings.database):
            tell_new(settings.database)
    else:
        look_for(settings.database, BEGIN)
    if arguments.format == "text":
        tell_which(settings.database)
    elif verb_of(words[0]) == "incidents":
        words = [*words, "as", arguments.format]
    elif arguments.format in {"csv", "md"}:
        hint = f"Type `portero watch incidents --format {arguments.format}`; others have json and jsonl."
        raise UserError(f"--format {arguments.format} is for incidents.", hint)
    return run_loop(_watch(words, arguments, settings))


def _verb_first(words: list[str]) -> list[str]:
    """Without a word all of them, with the id of a watch or an incident that one."""
    if NAMED.fullmatch(words[0]):
        return ["incidents" if "." in words[0] else "show", *words]
    return ["list", "all"] if len(words) == 1 and verb_of(words[0]) == "list" else words


async def _watch(words: list[str], arguments: argparse.Namespace, settings: Settings) -> int:
    from storage.history import StorageError  # noqa: PLC0415

    try:
        return await _on_database(words, arguments, settings)
    except StorageError as error:
        raise UserError(str(error)) from error


async def _on_database(words: list[str], arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.services import watch_rules  # noqa: PLC0415 - the prober and TLS come with it
    from commands.stored_shapes import is_document  # noqa: PLC0415
    from storage.databases.registry import opened  # noqa: PLC0415

    async with opened(settings.database, is_document=is_document) as database:
        team = arguments.team or await _team(database.watches)
        services = Services(database.watches, team, watch_rules(settings), settings)
        if arguments.format in {"json", "jsonl"} and verb_of(words[0]) in {"list", "show"}:
            return await _print_json(words, services, arguments.format)
        return await _answer(" ".join(words), services, arguments.format)


async def _team(watches: AdministerWatches) -> str:
    team = await team_of(watches)
    if not team:
        raise UserError(
            "This database does not know its workspace yet.",
            "Start the bot once with it (portero run), or name the workspace: --team T0123ABCD",
        )
    return team


async def _print_json(words: list[str], services: Services, form: str) -> int:
    from commands.watch.state.rows import of_row  # noqa: PLC0415
    from commands.watch.typed.arguments import parse  # noqa: PLC0415
    from commands.watch.typed.asked import List  # noqa: PLC0415
    from commands.watch.verbs.forms import context_of  # noqa: PLC0415
    from commands.watch.verbs.lookup import find  # noqa: PLC0415
    from commands.watch.verbs.showing import chosen_of  # noqa: PLC0415

    rows = await services.watches.visible_to(await services.viewer())
    if verb_of(words[0]) == "show":
        wanted = {find(" ".join(words[1:]), [of_row(row) for row in rows]).id}
    else:
        request = request_of(" ".join(words), services)
        asked = parse(request.text, context_of(request, services))
        assert isinstance(asked, List)  # noqa: S101 - the first word says so
        wanted = {watch.id for watch in chosen_of(asked, request, [of_row(row) for row in rows])[1]}
    rows = [row for row in rows if row.id in wanted]
    made = document(rows)
    if form == "json":
        say_json(made)
    else:
        for one in made["watches"]:
            say_json(one, indent=None)
    return BAD_NEWS if any(row.document["state"]["incident"] for row in rows) else FINE


def document(rows: Iterable[StoredWatch]) -> dict[str, Any]:
    """What is printed of watches."""
    return {"schema": SCHEMA, "watches": [_facts(row) for row in rows]}


def _facts(row: StoredWatch) -> dict[str, Any]:
    due = row.due_at.isoformat() if row.due_at else None
    columns = {"id": row.id, "target": row.target, "kind": row.kind, "channel": row.channel, "owner": row.owner}
    return {**columns, "due_at": due, "tags": list(row.tags), **row.document}


def request_of(text: str, services: Services) -> Request:
    """Who types it here is nobody of Slack, and may everything."""
    actor = Actor("", services.team, admin=True, zone_name=zone_of_machine())
    return Request("smtpwatch", actor, datetime.now(UTC), text=text, surface="terminal")


async def _answer(text: str, services: Services, form: str) -> int:
    from commands.contract import Modal, Reply  # noqa: PLC0415
    from commands.watch.handler import handle  # noqa: PLC0415
    from commands.watch.view.plain_text import plain  # noqa: PLC0415

    request = request_of(text, services)
    status = FINE
    async for step in handle(request, services):
        if isinstance(step, Modal):
            raise UserError("Something is missing behind that.", f"Type {usage_of(text, services.watch_rules.offered)}")
        if isinstance(step, Reply) and step.files:
            for attachment in step.files:
                Screen().write(attachment.content.decode())
        elif isinstance(step, Reply):
            said = of_terminal(plain(step.text)).rstrip()
            if form == "text":
                say_text(said)
            else:
                say_json({"text": said, "good": step.good}, indent=2 if form == "json" else None)
        if isinstance(step, Reply):
            status = FINE if step.good else BAD_NEWS
    if text.partition(" ")[0] in {"add", "watch", "new"}:
        complain(UNTRIED)
    return status
