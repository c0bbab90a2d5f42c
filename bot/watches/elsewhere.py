"""Watches and the other machines: one that checks from there, and a look from elsewhere before an alarm.

What is down from one place and fine from all others that are asked is a path and not the host: no alarm, and a notice
at once, which names the places: one of them may be wrong. A look that tells nothing is no agreement that it is down and
none that it is fine: the next place is asked.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from commands.contract import DeclinedError
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.places.checker import Checker, NotThereError
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.stored.document import to_document
from commands.watch.state.endpoints import of_check
from commands.watch.state.mail_policy import stopping_delivery
from commands.watch.state.model import ANY, Watch
from commands.watch.state.observation import Egress, Observation
from commands.watch.state.unseen import NO_SECOND, ONE_PATH, SECOND_UNSURE
from storage.entries import LOCAL
from storage.queries import Viewer

Document = Mapping[str, Any]


class Elsewhere(Protocol):
    """The other machines, as a watch asks them."""

    async def for_watch(self, vantage: str, viewer: Viewer, channel: str, /, *, patient: bool = False) -> Checker:
        """What checks from there. DeclinedError where nobody is, or it is not for this channel.

        `patient`: it waits longer for a word, where it can.
        """

    async def connected(self, viewer: Viewer, channel: str, /) -> list[str]:
        """The names of those that are there now and may be used."""

    def seen(self) -> Collection[str]:
        """The names of those that this process sees connected."""

    @property
    def is_sure(self) -> bool:
        """Whether it has looked for long enough to say of the others that they are not there."""


class Nowhere:
    """Where no other machine is."""

    async def for_watch(self, _vantage: str, _viewer: Viewer, _channel: str, **_how: bool) -> Checker:
        raise NotThereError("There is no other machine.")

    async def connected(self, _viewer: Viewer, _channel: str) -> list[str]:
        return []

    def seen(self) -> Collection[str]:
        return ()

    @property
    def is_sure(self) -> bool:
        return True


NOWHERE = Nowhere()


def would_open(watch: Watch, seen: Observation) -> bool:
    """Whether this run would begin an alarm: the look from elsewhere is made then, and not before.

    Nobody else compares a mail policy: that ports answer there is no answer to that.
    """
    if watch.kind != "check" or seen.outcome != "bad" or watch.state.phase not in {"new", "up", "failing"}:
        return False
    if any(stopping_delivery(seen.failing)):
        return False
    count = watch.state.count if watch.state.phase == "failing" else 0
    return count + 1 >= watch.fail_after


MOST_OTHERS, MOST_ASKED = 2, 4
"""Places whose word is waited for before an alarm, and those that are asked for it.

Where two can tell, the word of one does not stop it.
"""

LOOK_SECONDS = 20.0
"""For all of them, so that the run of the watch still ends in its time: a place that takes longer is not there."""


async def seen_elsewhere(
    watch: Watch, target: Target, ports: Sequence[int], seen: Observation, elsewhere: Elsewhere, here: Checker
) -> Observation:
    """The observation, which tells nothing of the host where every other place that was asked sees the ports well."""
    there: dict[str, Observation] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            async for place, checker in _others(watch, elsewhere, here):
                with suppress(DeclinedError):
                    check = await checker.check(target, ports, check_id="elsewhere", heard=lambda _news: None)
                    there[place] = of_check(watch, to_document(check), {})
                outcomes = [each.outcome for each in there.values()]
                if "bad" in outcomes or outcomes.count("good") == MOST_OTHERS or len(outcomes) == MOST_ASKED:
                    break
    return weighed(watch, seen, there)


def weighed(watch: Watch, seen: Observation, there: Mapping[str, Observation]) -> Observation:
    """What several places saw of one target: where all others see it well it is a path, which tells nothing of it.

    Only who sees it down, too, agrees with that; where two have to agree nobody else begins an alarm.
    """
    well = [place for place, each in there.items() if each.outcome == "good"]
    if any(each.outcome == "bad" for each in there.values()) or (watch.vantage != ANY and not well):
        return seen
    if well:
        why = f"{ONE_PATH}.{watch.place}>{' and '.join(well)}"
    else:
        why = f"{SECOND_UNSURE}.{' and '.join(there)}" if there else NO_SECOND
    return replace(seen, outcome="unknown", why=why, failing=(), findings=())


async def _others(watch: Watch, elsewhere: Elsewhere, here: Checker) -> AsyncIterator[tuple[str, Checker]]:
    """Other places than that of the watch: this machine, whose word nobody can forge, else those that are connected."""
    if watch.place != LOCAL:
        yield LOCAL, here
        return
    viewer = Viewer(watch.team, watch.owner)
    for place in await elsewhere.connected(viewer, watch.channel):
        with suppress(DeclinedError):
            yield place, await elsewhere.for_watch(place, viewer, watch.channel)


def told_egress(document: Document) -> dict[int, Egress]:
    """What the control hosts answered to another machine, as its check has it."""
    found: dict[int, Egress] = {}
    for finding in document["findings"]:
        if finding["code"] != Code.CONTROL_PROBE:
            continue
        outcomes = [one["outcome"] for one in finding["params"]["results"] if one["outcome"] != "not_tried"]
        way: Egress = "open" if "connected" in outcomes else "blocked" if len(outcomes) > 1 else "unknown"
        found[int(finding["params"]["port"])] = way
    return found
