"""`portero check HOST --from all`: one target from every machine that is connected, and from this one."""

import argparse
from collections.abc import Mapping
from typing import Any

from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import columns, complain, say, say_json
from bot.probers import make_prober, utc_now
from bot.settings import Settings
from bot.vantages.extra import opened_vantages
from commands.contract import UserError
from commands.sharing import new_id
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.places import view
from commands.smtpcheck.places.asking import MOST_PLACES, of_each
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.result.sentences.choice import with_words
from commands.smtpcheck.stored.document import Document, to_document
from commands.stored_shapes import is_document
from storage.databases.registry import opened
from storage.entries import LOCAL
from storage.history import OPERATOR, StorageError

SCHEMA = "portero.places/1"


async def checked_from_all(wanted: Arguments, arguments: argparse.Namespace, settings: Settings) -> int:
    """Check from everywhere and print one answer; nothing of it is kept."""
    ports, prober = wanted.ports or settings.ports, make_prober(settings)
    documents: dict[str, Mapping[str, Any]] = {}
    try:
        async with (
            opened(settings.database, is_document=is_document) as database,
            opened_vantages(settings, database.watches, prober, serve=False) as vantages,
        ):
            if vantages is None:
                raise UserError("PORTERO_NATS is not set, so no other machine can be asked.", "Leave --from out.")
            places = [LOCAL, *await vantages.connected(OPERATOR, "")][:MOST_PLACES]

            async def check_from(place: str) -> Document:
                checker: Checker = prober if place == LOCAL else await vantages.checker(place, OPERATOR, "")
                deep, id_ = "deep" in wanted.flags, new_id(utc_now())
                return to_document(
                    await checker.check(wanted.target, ports, check_id=id_, heard=lambda _news: None, deep=deep)
                )

            async for place, found in of_each(places, check_from):
                if isinstance(found, UserError):
                    complain(f"{place}: {found.message}")
                else:
                    documents[place] = found
    except StorageError as error:
        raise UserError(str(error)) from error
    finally:
        await prober.close()
    return _told(wanted.target.name, {place: documents[place] for place in places if place in documents}, arguments)


def document(target: str, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What is printed of the checks, by the place."""
    summary = view.sentence(view.said_of(target, documents))
    checks = [with_words(dict(one)) for one in documents.values()]
    return {"schema": SCHEMA, "target": target, "summary": summary, "checks": checks}


def _told(target: str, documents: Mapping[str, Mapping[str, Any]], arguments: argparse.Namespace) -> int:
    said = view.said_of(target, documents)
    if arguments.format == "json":
        say_json(document(target, documents))
    else:
        say(view.sentence(said), *columns(view.rows(documents)))
    return FINE if view.is_good(said) else BAD_NEWS
