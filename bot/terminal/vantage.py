"""`portero vantage add|list|pin|rotate|revoke`: the machines that may check in the bot's place."""

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from bot.console.formats import add_formats
from bot.console.process import FINE, login, run_loop
from bot.console.screen import complain, say, say_json, say_text
from bot.setting_values import EHLO_NAME
from bot.settings import Settings
from bot.terminal.database_path import is_new, refuse_new_folder, tell_new
from commands.contract import UserError
from commands.smtpcheck.address.target import VANTAGE_NAME

RESERVED = frozenset({"local", "all", "any", "bot", "here", "from", "network"})


def add(subs: Any) -> None:
    vantage = subs.add_parser("vantage", help="machines that check in the bot's place: add, list, pin, rotate, revoke")
    deeds = vantage.add_subparsers(metavar="add/list/pin/rotate/revoke", required=True, dest="deed")
    for deed, about in (("add", "let a machine connect"), ("rotate", "give it another key; the last one stays valid")):
        one = deeds.add_parser(deed, help=about)
        one.add_argument("name", metavar="NAME", type=name)
        one.add_argument("--out", metavar="FILE", required=True, help="where its credentials go (0600); - prints them")
        one.add_argument("--address", metavar="HOST:PORT", default="", help="where that machine reaches the server")
        if deed == "add":
            _add_sources(one, "an address that is that machine's own, and its EHLO name; may be repeated")
    pin = deeds.add_parser("pin", help="say which addresses are its own, whatever it or another machine announces")
    pin.add_argument("name", metavar="NAME", type=name)
    _add_sources(pin, "one of them, and its EHLO name; may be repeated; replaces those that were pinned")
    pin.add_argument("--none", action="store_true", help="pin no address any more: what it announces is believed")
    deeds.add_parser("revoke", help="let it connect no more").add_argument("name", metavar="NAME", type=name)
    add_formats(deeds.add_parser("list", help="those that may connect"), "json")
    vantage.set_defaults(act=act)


def _add_sources(parser: Any, about: str) -> None:
    parser.add_argument("--source", metavar="IP[=EHLO]", type=own_address, action="append", default=[], help=about)


def own_address(text: str) -> tuple[str, str]:
    """`192.0.2.11` or `192.0.2.11=mta3b.example.com`, for argparse."""
    address, equals, ehlo_name = text.partition("=")
    try:
        literal = str(ip_address(address))
    except ValueError:
        literal = ""
    if not literal or (equals and not EHLO_NAME.fullmatch(ehlo_name)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an address; write 192.0.2.11 or 192.0.2.11=mta3b.example.com"
        )
    return literal, ehlo_name


def name(text: str) -> str:
    """The name of a machine, for argparse."""
    if not VANTAGE_NAME.fullmatch(text) or text in RESERVED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a name for a machine; write one such as mta-03")
    return text


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.vantages.extra import wanted  # noqa: PLC0415 - most subcommands need it not

    wanted()
    if not settings.nats:
        raise UserError(
            "PORTERO_NATS is not set, so no machine can connect.",
            "Set PORTERO_NATS=managed, for the bot as well as here: then Portero runs the server itself.",
        )
    refuse_new_folder(settings.database)
    if is_new(settings.database):
        tell_new(settings.database)
    deeds = {"add": _add, "rotate": _rotate, "revoke": _revoke, "list": _list, "pin": _pin}
    return run_loop(deeds[arguments.deed](arguments, settings))


@asynccontextmanager
async def _notes(settings: Settings) -> AsyncIterator[tuple[Any, str]]:
    """The notes of the database, and the workspace whose bot works on it."""
    from bot.installation import team_of  # noqa: PLC0415
    from bot.vantages.subjects import NO_SPACE  # noqa: PLC0415
    from commands.stored_shapes import is_document  # noqa: PLC0415
    from storage.databases.registry import opened  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    try:
        async with opened(settings.database, is_document=is_document) as database:
            yield database.watches, await team_of(database.watches) or NO_SPACE
    except StorageError as error:
        raise UserError(str(error)) from error


async def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.vantages import registry  # noqa: PLC0415

    return await _keyed(arguments, settings, partial(registry.add, sources=_sources(arguments)))


def _sources(arguments: argparse.Namespace) -> list[Any]:
    from bot.vantages.hello import Source  # noqa: PLC0415

    return [Source(address, ehlo_name) for address, ehlo_name in dict(arguments.source).items()]


async def _pin(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.probers import utc_now  # noqa: PLC0415
    from bot.vantages.registry import pin  # noqa: PLC0415

    sources = _sources(arguments)
    if bool(sources) == arguments.none:
        raise UserError("Which addresses are its own?", f"portero vantage pin {arguments.name} --source 192.0.2.11")
    async with _notes(settings) as (notes, space):
        made = await pin(notes, space, arguments.name, sources, by=login(), at=utc_now())
    own = ", ".join(one.address for one in made.sources)
    say(
        f"Pinned to {made.name}: {own}." if own else f"Nothing is pinned to {made.name}: what it announces is believed."
    )
    return FINE


async def _rotate(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.vantages import registry  # noqa: PLC0415

    return await _keyed(arguments, settings, registry.rotate)


async def _keyed(arguments: argparse.Namespace, settings: Settings, deed: Any) -> int:
    """Make a key, let it in, and write what the machine connects with."""
    from bot.probers import utc_now  # noqa: PLC0415
    from bot.vantages.keys import new_seed, public_key  # noqa: PLC0415
    from bot.vantages.opening import MANAGED, place_of  # noqa: PLC0415
    from bot.vantages.server import Key, bot_stanza, stanza  # noqa: PLC0415

    managed = settings.nats == MANAGED
    _spare_other_file(arguments)
    place, seed = place_of(settings).as_it_runs(), new_seed()
    place.prepare(utc_now())
    address = _address(arguments, place)
    async with _notes(settings) as (notes, space):
        made = await deed(notes, space, arguments.name, public_key(seed), by=login(), at=utc_now())
        await _let_in(settings, notes)
    credentials = place.credentials(made.space, made.name, seed, address)
    if not managed:
        credentials = replace(credentials, address=settings.nats, certificate="")
    _hand_over(arguments.out, credentials.to_text())
    if not managed:
        ours = bot_stanza(public_key(place.bot().seed))
        theirs = stanza(Key(made.space, made.name, public_key(seed)))
        complain("Add these to the users of the NATS server, the first one once for the bot:", f"{ours},", theirs)
    return FINE


def _address(arguments: argparse.Namespace, place: Any) -> str:
    """Where the machine reaches a managed server; UserError where nobody can know."""
    from bot.vantages.managed import ANYWHERE  # noqa: PLC0415

    if not arguments.address and place.listen[0] in ANYWHERE:
        raise UserError(
            "The server listens on all addresses: which one does that machine reach?",
            f"portero vantage {arguments.deed} {arguments.name} --out {arguments.out} --address bot.example.com:4222",
        )
    return str(arguments.address)


def _spare_other_file(arguments: argparse.Namespace) -> None:
    """`rotate` may replace the last file of that machine; UserError for every other that is there."""
    from bot.vantages.credentials import read_credentials  # noqa: PLC0415

    where = arguments.out
    if where == "-" or not os.path.lexists(where):
        return
    if arguments.deed == "rotate":
        with suppress(UserError):
            if read_credentials(where).name == arguments.name:
                return
    raise UserError(
        f"{where} is there already and is left as it is.",
        f"Name a new file: portero vantage {arguments.deed} {arguments.name} --out FILE",
    )


async def _let_in(settings: Settings, notes: Any) -> None:
    """Write the keys into the configuration of a managed server; one that runs reads it at once."""
    from bot.vantages.opening import MANAGED, place_of  # noqa: PLC0415
    from bot.vantages.registry import all_keys  # noqa: PLC0415

    if settings.nats == MANAGED:
        place_of(settings).as_it_runs().write(await all_keys(notes))


def _hand_over(where: str, text: str) -> None:
    """Write the credentials, which nobody else may read, or print them."""
    from bot.vantages.credentials import write_private  # noqa: PLC0415

    if where == "-":
        say_text(text.rstrip())
        return
    try:
        write_private(Path(where), text)
    except OSError as error:
        raise UserError(f"{where} cannot be written: {error.strerror}.") from error
    say(f"{where} is written. On that machine: portero worker --credentials {Path(where).name}")


async def _revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.probers import utc_now  # noqa: PLC0415
    from bot.vantages.opening import MANAGED  # noqa: PLC0415
    from bot.vantages.registry import registered, revoke  # noqa: PLC0415

    async with _notes(settings) as (notes, space):
        keys = [key for one in await registered(notes, space) if one.name == arguments.name for key in one.keys]
        made = await revoke(notes, space, arguments.name, by=login(), at=utc_now())
        await _let_in(settings, notes)
    if settings.nats == MANAGED:
        say(f"{made.name} is cut off.")
    else:
        say(f"{made.name} is not asked any more.")
        complain("Your NATS server lets it in until you take its users out of its configuration:", *keys)
    return FINE


async def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.vantages.registry import SEEN, registered  # noqa: PLC0415

    async with _notes(settings) as (notes, space):
        found, seen = await registered(notes, space), await notes.notes(SEEN)
    listed = [
        {
            "name": one.name,
            "workspace": one.space,
            "keys": len(one.keys),
            "sources": [{"address": each.address, "ehlo_name": each.ehlo_name} for each in one.sources],
            "first_seen": seen.get(one.seen_note, {}).get("first"),
            "last_seen": seen.get(one.seen_note, {}).get("at"),
            "events": [{"at": at, "by": by, "what": what} for at, by, what in one.events],
        }
        for one in found
    ]
    if arguments.format == "json":
        say_json(listed)
    else:
        say(*(map(_line, listed) if listed else ["No machine may connect."]))
    return FINE


def _line(one: dict[str, Any]) -> str:
    events, seen = one["events"], _moment(one["last_seen"]) if one["last_seen"] else "never"
    keys = "1 key" if one["keys"] == 1 else f"{one['keys']} keys"
    told = events if len(events) < 3 else (events[0], events[-1])
    deeds = ", ".join(f"{each['what'].partition(' ')[0]} {_moment(each['at'])} by {each['by']}" for each in told)
    pinned = ", ".join(each["address"] for each in one["sources"])
    first = f"first seen: {_moment(one['first_seen'])}; " if one["first_seen"] else ""
    return f"{one['name']}  {keys}, {deeds}{f'; pinned: {pinned}' if pinned else ''}; {first}last seen: {seen}"


def _moment(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M UTC")
