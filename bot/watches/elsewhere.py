"""Watches and the other machines: one that checks from there, and one look from elsewhere before an alarm.

What is down from one place and fine from another is a path and not the host: no alarm. It counts as not seen, which is
told when it lasts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from commands.contract import DeclinedError
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.places.checker import Checker, NotThereError
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.stored.document import to_document
from commands.watch.state.endpoints import of_check
from commands.watch.state.model import ANY, Watch
from commands.watch.state.observation import Egress, Observation
from storage.entries import LOCAL
from storage.queries import Viewer

Document = Mapping[str, Any]


class Elsewhere(Protocol):
    """The other machines, as a watch asks them."""

    async def for_watch(self, vantage: str, viewer: Viewer, channel: str, /) -> Checker:
        """What checks from there. DeclinedError where nobody is, or it is not for this channel."""

    async def connected(self, viewer: Viewer, channel: str, /) -> list[str]:
        """The names of those that are there now and may be used."""


class Nowhere:
    """Where no other machine is."""

    async def for_watch(self, _vantage: str, _viewer: Viewer, _channel: str) -> Checker:
        raise NotThereError("There is no other machine.")

    async def connected(self, _viewer: Viewer, _channel: str) -> list[str]:
        return []


NOWHERE = Nowhere()


def would_open(watch: Watch, seen: Observation) -> bool:
    """Whether this run would begin an alarm: the look from elsewhere is made then, and not before."""
    if watch.kind != "check" or seen.outcome != "bad" or watch.state.phase not in {"new", "up", "failing"}:
        return False
    count = watch.state.count if watch.state.phase == "failing" else 0
    return count + 1 >= watch.fail_after


async def seen_elsewhere(
    watch: Watch, target: Target, ports: Sequence[int], seen: Observation, elsewhere: Elsewhere, here: Checker
) -> Observation:
    """The observation, which tells nothing where another place sees the same ports well."""
    other = await _other(watch, elsewhere, here)
    if other is None:
        alone = replace(seen, outcome="unknown", why="no_second_place", failing=(), findings=())
        return alone if watch.vantage == ANY else seen
    place, checker = other
    try:
        check = await checker.check(target, ports, check_id="elsewhere", heard=lambda _news: None)
    except DeclinedError:
        return await seen_elsewhere(watch, target, ports, seen, NOWHERE, here) if watch.vantage == ANY else seen
    return weighed(watch, seen, place, of_check(watch, to_document(check), {}))


def weighed(watch: Watch, seen: Observation, place: str, there: Observation) -> Observation:
    """What two places saw of one target: where the other one sees it well it is a path, which tells nothing of it."""
    if there.outcome != "good":
        return seen
    return replace(seen, outcome="unknown", why=f"one_path.{watch.place}>{place}", failing=(), findings=())


async def _other(watch: Watch, elsewhere: Elsewhere, here: Checker) -> tuple[str, Checker] | None:
    """Another place than that of the watch: this machine, else the first one that is connected."""
    if watch.place != LOCAL:
        return LOCAL, here
    viewer = Viewer(watch.team, watch.owner)
    for place in await elsewhere.connected(viewer, watch.channel):
        try:
            return place, await elsewhere.for_watch(place, viewer, watch.channel)
        except DeclinedError:
            continue
    return None


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
