"""Asks the hosts of a question: with the last result where that is young enough, else with a check."""

import dataclasses
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import timedelta

from commands.asking_rate import mind_the_asker
from commands.contract import Modal, Reply, Request, Step, UserError
from commands.smtpcheck.arguments import Arguments, parse_compared, parse_several, typed
from commands.smtpcheck.needs import Needs
from commands.smtpcheck.one_check import document_of
from commands.smtpcheck.probe.concurrent_connections import Heard
from commands.smtpcheck.questions import view
from commands.smtpcheck.questions.wording import ASPECTS, OF_DNS
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.several.asking import of_several
from commands.smtpcheck.several.view import Found
from storage.history import Entry, StorageError, Viewer

EVER, NEVER = timedelta.max, timedelta()
COMPARED = timedelta(hours=1)
"""How old a result may be that stands for its host in a comparison."""

WORDS = frozenset({"here", "again", "deep"})


async def aspect(request: Request, services: Needs) -> AsyncIterator[Step]:
    """`certificate mail.example.com 587`: what is asked below an answer, of its hosts as they are now."""
    name, _, rest = request.value.partition(" ")
    asked = parse_several(rest, services.ports, WORDS)
    if name not in {*ASPECTS, *OF_DNS} or not asked:
        raise UserError("That is not asked of a check.", "Type /smtpcheck TARGET.")
    names, line = _names(asked), typed(asked)

    def show(found: Found) -> Reply:
        return view.aspect(name, names, found, line, request.at, public=False)

    async for step in _gathered(asked, request, services, show, young=NEVER):
        yield step


async def why(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Of hosts: their last results are what somebody asks about, however old they are."""
    asked = parse_several(request.value, services.ports, WORDS)

    def show(found: Found) -> Modal:
        return view.why(_names(asked), found)

    async for step in _gathered(asked, request, services, show, young=EVER):
        yield step


async def compare(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button below a comparison: `mail.example.com mx.example.com again`."""
    async for step in compared(parse_compared(f"compare {request.value}", services.ports), request, services):
        yield step


async def compared(asked: Sequence[Arguments], request: Request, services: Needs) -> AsyncIterator[Step]:
    """Two hosts side by side."""
    names, flags = _names(asked), asked[0].flags
    line = typed([dataclasses.replace(one, flags=frozenset()) for one in asked])

    def show(found: Found) -> Reply:
        return view.comparison(names, found, line, request.at, ports=asked[0].ports, public="here" in flags)

    async for step in _gathered(asked, request, services, show, young=NEVER if "again" in flags else COMPARED):
        yield step


def _names(asked: Sequence[Arguments]) -> list[str]:
    return [one.target.name for one in asked]


async def _gathered(
    asked: Sequence[Arguments],
    request: Request,
    services: Needs,
    show: Callable[[Found], Reply | Modal],
    *,
    young: timedelta,
) -> AsyncIterator[Step]:
    """What `show` makes of the result of each that is as `young`, or of a check; each check counts."""
    viewer = await services.viewer()
    known = {one.target.name: await _last(one, request, services, viewer, young) for one in asked}
    missing = [one for one in asked if known[one.target.name] is None]
    if not missing:
        yield show(Found({name: entry.document for name, entry in known.items() if entry}))
        return
    mind_the_asker(request.actor.user, services, len(missing))
    targets = {one.target.name: one for one in asked}

    async def check_one(name: str, heard: Heard) -> tuple[Document, str, str]:
        if entry := known[name]:
            return entry.document, "", ""
        return *await document_of(targets[name], request, services, viewer, heard), ""

    async for step in of_several(list(targets), check_one, show, public="here" in asked[0].flags):
        yield step


async def _last(one: Arguments, request: Request, services: Needs, viewer: Viewer, young: timedelta) -> Entry | None:
    """The last result, where it is as young, and looked at the ports that are asked for."""
    if young == NEVER:
        return None
    try:
        last = await services.history.last_of(one.target.name, viewer, vantage=one.vantage)
    except StorageError:
        return None
    if last is None or (young != EVER and request.at - last.started_at > young):
        return None
    return last if young == EVER or _looked_at(last, one.ports or services.ports) else None


def _looked_at(last: Entry, ports: Collection[int]) -> bool:
    return {*ports} <= {point["port"] for point in last.document["endpoints"]}
