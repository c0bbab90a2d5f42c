"""A check from all places, two of which begin in a second: the target sees them come one after another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from commands.contract import DeclinedError, Progress, Step
from commands.smtpcheck.places import view
from commands.smtpcheck.places.comparison import doubtful_ports
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.wire.connection import Limits

ALL = "all"
MOST_PLACES = 8
PACE_SECONDS = 0.5
PLACE_SECONDS = 130.0
"""How long one place may keep the answer of all: a deep check takes 120."""

OTHER_SECONDS, LEAST_SECONDS = 30.0, 5.0
"""How long another place may keep an answer that is there, to say whose side it is: what is left of the check."""


async def from_all(
    target: str,
    places: Sequence[str],
    check: Callable[[str], Awaitable[Document]],
    *,
    typed: str,
    public: bool,
    deep: bool = False,
) -> AsyncIterator[Step]:
    """The steps of the checks of a target from these places, and one answer for all; with what a `deep` check found."""
    documents: dict[str, Document] = {}
    failed: dict[str, str] = {}
    yield view.progress(target, (), places, public=public)
    async for name, found in of_each(places, check):
        if isinstance(found, DeclinedError):
            failed[name] = found.message
        else:
            documents[name] = found
        yield view.progress(target, [*documents, *failed], places, public=public)
    seen = {name: documents[name] for name in places if name in documents}
    yield view.result(target, seen, failed, typed, public=public, deep=deep)


async def of_each(
    places: Sequence[str], check: Callable[[str], Awaitable[Document]]
) -> AsyncIterator[tuple[str, Document | DeclinedError]]:
    """What came of each, as it comes. Who leaves ends what still runs."""

    async def one(number: int, name: str) -> tuple[str, Document | DeclinedError]:
        await asyncio.sleep(number * PACE_SECONDS)
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                return name, await check(name)
        except DeclinedError as error:
            return name, error
        except TimeoutError:
            return name, DeclinedError(f"{name} did not end its check within {PLACE_SECONDS:.0f} s.")

    tasks = [asyncio.ensure_future(one(number, name)) for number, name in enumerate(places)]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for pending in tasks:
            pending.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def as_seen_elsewhere(
    document: Document, places: Sequence[str], check: Callable[[str, Sequence[int]], Awaitable[Document]]
) -> AsyncIterator[Progress | str]:
    """What another machine of ours, the best of control hosts, says of doubtful ports: a sentence, at the end.

    Nothing where there is no other, or where it cannot tell.
    """
    ports, here = doubtful_ports(document), str(document["vantage"]).partition("/")[0]
    place = next((name for name in places if name != here), "")
    if not ports or not place:
        return
    yield view.asking_another(str(document["target"]), place)
    try:
        async with asyncio.timeout(_left(document)):
            there = await check(place, ports)
    except (DeclinedError, TimeoutError):
        return
    yield view.compared(document, there, ports)


def _left(document: Document) -> float:
    left = Limits().check - float(document["elapsed_ms"]) / 1000
    return min(OTHER_SECONDS, max(LEAST_SECONDS, left))
