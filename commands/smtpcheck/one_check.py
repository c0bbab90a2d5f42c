"""The document of one check of one target from one place, and how it is kept.

It is that of the check that runs, which is begun where none does, or the last one where the target must be left alone.
"""

import dataclasses
import logging
import math
from collections.abc import Collection, Coroutine
from contextlib import AbstractContextManager
from typing import Any

from commands.contract import DeclinedError, Request
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.needs import Needs
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.probe.concurrent_connections import Heard
from commands.smtpcheck.probe.running_checks import Asked, RunningCheck, Told
from commands.smtpcheck.report.model import Check
from commands.smtpcheck.stored.document import Document, says_nothing, to_document, to_entry, to_readings
from commands.smtpcheck.stored.pauses import Rest, last_result, rest_of
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view import pauses as pauses_view
from storage.history import Asker, Entry, StorageError, Viewer

log = logging.getLogger(__name__)

MINUTE = 60


async def document_of(
    arguments: Arguments,
    request: Request,
    services: Needs,
    viewer: Viewer,
    heard: Heard = lambda _news: None,
    *,
    kept: bool = True,
) -> tuple[Document, str]:
    """The document of a check from one place, and why it is not kept; its last one where it must be left alone.

    `kept=False`: a look that only supports another answer is no result of its own.
    """
    ports, deep = arguments.ports or services.ports, "deep" in arguments.flags
    asked = Asked.of(arguments.target, ports, deep=deep, vantage=arguments.vantage, kept=kept)
    checker = await services.checker(asked.vantage, request.channel)
    known = await services.running.unless_one_runs(asked, lambda: known_result(arguments, request, services, viewer))
    if known is not None:
        return known[0].document, ""
    with joined_check(asked, checker, arguments, request, services) as (joined, told):
        while (news := await told.get()) is not None:
            heard(news)
        return await keep(joined, request, services) if kept else (to_document(joined.result()), "")


def joined_check(
    asked: Asked, checker: Checker, arguments: Arguments, request: Request, services: Needs
) -> AbstractContextManager[tuple[RunningCheck, Told]]:
    """The check that runs, which is begun where none does."""
    ports = arguments.ports or services.ports

    def begin(heard: Heard) -> Coroutine[Any, Any, Check]:
        return checker.check(arguments.target, ports, check_id=services.new_id(), heard=heard, deep=asked.deep)

    return services.running.joined(asked, request.actor.team, Asker(request.actor.user, request.channel), begin)


async def known_result(
    arguments: Arguments, request: Request, services: Needs, viewer: Viewer
) -> tuple[Entry, Rest | None] | None:
    """What the history has instead of a new check, and for which port's sake; None: it may be begun, and counts.

    DeclinedError: it may not, or what there is may not be told to whoever asks.
    """
    name, ports, at = arguments.target.name, arguments.ports or services.ports, request.at
    again, vantage = "again" in arguments.flags, arguments.vantage
    asked = (name, ports, services.history, viewer, at)
    last = await last_result(*asked, again=again, deep="deep" in arguments.flags, vantage=vantage)
    if last is not None:
        return last, None
    rest = await rest_of(*asked, again=again, vantage=vantage)
    if rest is None:
        _mind_the_target(name, ports, vantage, services)
        return None
    if rest.entry is None:
        raise DeclinedError(*pauses_view.refusal(rest, at))
    return rest.entry, rest


def _mind_the_target(name: str, ports: Collection[int], vantage: str, services: Needs) -> None:
    seconds = services.wait_for_target(name, ports, vantage)
    if seconds <= 0:
        return
    rest = f"{math.ceil(seconds / MINUTE)} min" if seconds > MINUTE else f"{math.ceil(seconds)} s"
    raise DeclinedError(
        f"{name} was checked often enough for now: mail servers block clients that connect too often.",
        f"Try again in {rest}; `/smtphistory {name}` has what was seen.",
        f"/smtphistory {name}",
    )


async def keep(joined: RunningCheck, request: Request, services: Needs) -> tuple[Document, str]:
    """The document, and why it is not in the history, if it is not: an answer is never lost because the disk is full.

    The answers to all of a team who asked are one result, and theirs together.
    """
    check, team = joined.result(), request.actor.team
    if says_nothing(check):
        return to_document(check), view.NOT_JUDGED
    async with joined.keeping:
        if team in joined.rows:
            return joined.rows[team].document, ""
        if joined.rows:
            check = dataclasses.replace(check, facts=dataclasses.replace(check.facts, id=services.new_id()))
        entry = to_entry(check, to_document(check), request)
        (entry.actor, entry.channel), *others = dict.fromkeys(joined.askers[team])
        entry.others = tuple(others)
        try:
            await services.history.add(entry, to_readings(check))
        except StorageError:
            log.exception("check %s could not be written to history", entry.id)
            return entry.document, view.NOT_LOGGED
        joined.rows[team] = entry
        return entry.document, ""
