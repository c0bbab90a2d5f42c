"""Checks of several targets, two of which begin in a second: what each is at, and one answer for all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from commands.contract import DeclinedError, Modal, Progress, Reply, Step
from commands.smtpcheck.probe.concurrent_connections import Heard, News
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.several import view
from commands.smtpcheck.several.view import Found

PACE_SECONDS = 0.5


Check = Callable[[str, Heard], Awaitable[tuple[Document, str, str]]]
"""The document of a target, why it is not in the history, if it is not, and what another place says of it, if one was
asked. DeclinedError where nothing was checked."""


async def of_several(
    names: Sequence[str], check: Check, show: Callable[[Found], Reply | Modal], *, public: bool
) -> AsyncIterator[Step]:
    """The steps of the checks of these targets, and what `show` makes of them."""
    found = Found()
    async for step in _progress(names, check, found, public=public):
        yield step
    yield show(found)


async def _progress(names: Sequence[str], check: Check, found: Found, *, public: bool) -> AsyncIterator[Progress]:
    """What each is at; `found` has what came of them. Who leaves ends what still runs."""
    done: dict[str, int] = dict.fromkeys(names, 0)
    news: asyncio.Queue[None] = asyncio.Queue()

    def heard(name: str) -> Heard:
        def hear(one: News) -> None:
            if isinstance(one, EndpointReport):
                done[name] += 1
                news.put_nowait(None)

        return hear

    work = [_one(number, name, check, heard(name), found, news) for number, name in enumerate(names)]
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        while len(found.over) < len(names):
            yield view.progress(done, found.over, public=public)
            await news.get()
            _raise_first(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(number: int, name: str, check: Check, heard: Heard, found: Found, news: "asyncio.Queue[None]") -> None:
    try:
        await asyncio.sleep(number * PACE_SECONDS)
        document, found.why_not_kept[name], found.elsewhere[name] = await check(name, heard)
        found.documents[name] = document
    except DeclinedError as error:
        found.declined[name] = error
    finally:
        news.put_nowait(None)


def _raise_first(tasks: Sequence["asyncio.Task[None]"]) -> None:
    """A bug in one is a bug."""
    for task in tasks:
        if task.done() and not task.cancelled():
            task.result()
