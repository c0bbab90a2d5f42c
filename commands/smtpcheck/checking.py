"""One check from what was asked to an answer and a row of history."""

import asyncio
import dataclasses
import logging
import math
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from commands.contract import DeclinedError, Progress, Reply, Request, Step
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.report.model import Check, EndpointReport
from commands.smtpcheck.stored.document import Document, to_document
from commands.smtpcheck.stored.entry import to_entry, to_readings
from commands.smtpcheck.stored.pauses import last_result, rest_of
from commands.smtpcheck.view import deep_check as deep_view
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view import pauses as manners_view
from commands.smtpcheck.wire.connection import Endpoint
from storage.history import History, StorageError

News = EndpointReport | Endpoint | None
"""An endpoint that has answered, a further connection that a deep check makes, or the end."""

log = logging.getLogger(__name__)

MINUTE = 60


class Needs(Protocol):
    """What `/smtpcheck` needs of the application."""

    @property
    def prober(self) -> Prober: ...

    @property
    def history(self) -> History: ...

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that may be probed."""

    def new_id(self) -> str:
        """A fresh id for a result."""

    def wait_for_target(self, name: str, ports: Collection[int]) -> float:
        """Seconds until these ports of a target may be probed again; 0.0 means now, and counts."""


async def check(
    arguments: Arguments, request: Request, services: Needs, *, replace: bool = False
) -> AsyncIterator[Step]:
    """The steps of a check, or the last result where the target must be left alone. `replace` edits the old answer."""
    public = "here" in arguments.flags
    known = await _known(arguments, request, services)
    if known is not None:
        yield dataclasses.replace(known, replace=replace)
        return
    ports = arguments.ports or services.ports
    _mind_the_target(arguments.target.name, ports, services)
    heard: asyncio.Queue[News] = asyncio.Queue()
    probing = asyncio.ensure_future(
        services.prober.check(
            arguments.target, ports, check_id=services.new_id(), heard=heard.put_nowait, deep="deep" in arguments.flags
        )
    )
    probing.add_done_callback(lambda _: heard.put_nowait(None))
    try:
        async for step in _progress(arguments.target.name, ports, heard, public=public):
            yield step
        yield await _answer(await probing, request, services, public=public, replace=replace)
    finally:
        probing.cancel()


async def _known(arguments: Arguments, request: Request, services: Needs) -> Reply | None:
    """What the history has to say instead of a new check; DeclinedError when it may not be told to whoever asks."""
    name, ports, at = arguments.target.name, arguments.ports or services.ports, request.at
    again, public = "again" in arguments.flags, "here" in arguments.flags
    last = await last_result(name, ports, services.history, at, again=again, deep="deep" in arguments.flags)
    if last is not None and last.team == request.actor.team:
        return view.result(last.document, logged=True, public=public, note=manners_view.last(last, at))
    rest = await rest_of(name, ports, services.history, at, again=again)
    if rest is None:
        return None
    if rest.entry is None or rest.entry.team != request.actor.team:
        raise DeclinedError(*manners_view.refusal(rest, at))
    note = manners_view.rest(rest, at, [port for port in services.ports if port != rest.port])
    return view.result(rest.entry.document, logged=True, public=public, note=note)


def _mind_the_target(name: str, ports: Collection[int], services: Needs) -> None:
    seconds = services.wait_for_target(name, ports)
    if seconds <= 0:
        return
    rest = f"{math.ceil(seconds / MINUTE)} min" if seconds > MINUTE else f"{math.ceil(seconds)} s"
    raise DeclinedError(
        f"{name} was checked often enough for now: mail servers block clients that connect too often.",
        f"Try again in {rest}; /smtphistory {name} has what was seen.",
    )


async def _progress(
    name: str, ports: Sequence[int], heard: asyncio.Queue[News], *, public: bool
) -> AsyncIterator[Progress]:
    states: dict[int, str] = {}
    yield view.progress(name, states, ports, public=public)
    while (news := await heard.get()) is not None:
        if isinstance(news, Endpoint):
            yield deep_view.progress(name, news, public=public)
        else:
            states[news.port] = news.state
            yield view.progress(name, states, ports, public=public)


async def _answer(check: Check, request: Request, services: Needs, *, public: bool, replace: bool) -> Reply:
    document = to_document(check)
    logged = await _keep(check, document, request, services)
    return view.result(document, logged=logged, public=public, replace=replace)


async def _keep(check: Check, document: Document, request: Request, services: Needs) -> bool:
    """Write the result to history; an answer is never lost because the disk is full."""
    try:
        await services.history.add(to_entry(check, document, request), to_readings(check))
    except StorageError:
        log.exception("check %s could not be written to history", check.facts.id)
        return False
    return True
