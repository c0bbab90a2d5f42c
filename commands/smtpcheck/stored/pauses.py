"""How long a host is left alone: a pause after every check, a longer one after it refused us.

Mail servers limit and block clients that connect often, and whoever is refused and comes again at once is refused for
longer. Refusals stand in the history, so that the team shares them and a restart forgets none. They count for the port
that refused: another port of the host is another service, and may be checked.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.result.states import UNJUDGED, State
from storage.entries import LOCAL
from storage.history import Entry, LastReading, ReadHistory, StorageError, Viewer


@dataclass(frozen=True, slots=True)
class Pause:
    """How long the last result is served instead of a new check, and when `again` is obeyed all the same."""

    lasts: timedelta
    again_after: timedelta


AFTER_CHECK = Pause(timedelta(seconds=60), timedelta(seconds=10))

AFTER_LOOK = Pause(timedelta(minutes=5), timedelta(seconds=60))
"""After a look at our own network, which asks hosts of others."""

AFTER_REFUSAL: Mapping[str, Pause] = {
    "rate_limited": Pause(timedelta(minutes=5), timedelta(seconds=60)),
    "refused_by_policy": Pause(timedelta(minutes=60), timedelta(minutes=60)),
}
AFTER_NAMING_US = Pause(timedelta(hours=24), timedelta(minutes=60))
"""A server that refuses with words about us has looked us up; it does not change its mind soon."""

NETWORK = "network"
"""Kind and target of a look at our own network in the history."""

_ABOUT_YOU = re.compile(r"\byour?\b", re.IGNORECASE)
_WORDS = re.compile(r"[0-9A-Fa-f.:]+")


@dataclass(frozen=True, slots=True)
class Rest:
    """A port that is left alone: since when, until when, and from when `again` is obeyed.

    `entry` is the check that it refused; None when that is not for whoever asks.
    """

    host: str
    port: int
    state: str
    since: datetime
    until: datetime
    again_from: datetime
    entry: Entry | None = None


async def rest_of(
    name: str,
    ports: Collection[int],
    history: ReadHistory,
    viewer: Viewer,
    at: datetime,
    *,
    again: bool = False,
    vantage: str = LOCAL,
) -> Rest | None:
    """The first of these ports of a target that this vantage leaves alone now, or None.

    A history that fails hides nothing.
    """
    try:
        for host in await _hosts(name, history, viewer, vantage):
            for reading in await history.last_readings(host, at - AFTER_NAMING_US.lasts, vantage):
                rest = await _rest(host, reading, history, viewer) if reading.port in ports else None
                if rest is not None and at < (rest.again_from if again else rest.until):
                    return rest
    except StorageError:
        return None
    return None


async def last_result(
    name: str,
    ports: Collection[int],
    history: ReadHistory,
    viewer: Viewer,
    at: datetime,
    *,
    again: bool = False,
    deep: bool = False,
    vantage: str = LOCAL,
) -> Entry | None:
    """The last result for the same target, ports and vantage, if it is too young to bother the server again.

    What was asked for a `deep` check is not answered by one that was not, nor by one that we had no time to finish.
    """
    try:
        last = await history.last_of(name, viewer, vantage=vantage)
    except StorageError:
        return None
    patience = AFTER_CHECK.again_after if again else AFTER_CHECK.lasts
    if last is None or at - last.started_at >= patience or (deep and not last.document.get("deep")):
        return None
    endpoints = last.document["endpoints"]
    if any(endpoint["state"] in UNJUDGED for endpoint in endpoints):
        return None
    return last if {endpoint["port"] for endpoint in endpoints} == set(ports) else None


async def last_look(
    ports: Collection[int], history: ReadHistory, viewer: Viewer, at: datetime, *, again: bool, vantage: str = LOCAL
) -> Entry | None:
    """The last look at these ports of a vantage's own network, if it is too young to bother the control hosts again."""
    try:
        last = await history.last_of(NETWORK, viewer, NETWORK, vantage)
    except StorageError:
        return None
    patience = AFTER_LOOK.again_after if again else AFTER_LOOK.lasts
    if last is None or at - last.started_at >= patience:
        return None
    return last if set(last.scope.split(",")) == set(map(str, ports)) else None


def names_us(endpoint: Mapping[str, Any]) -> bool:
    """Whether the server speaks of its client: says "your", or names an address that is not its own."""
    said = " ".join(str(line["text"]) for line in endpoint["transcript"] if line["from"] == "server")
    others = {word.strip(".:") for word in _WORDS.findall(said)} - {endpoint["address"]}
    return bool(_ABOUT_YOU.search(said)) or any(map(is_address, others))


async def _hosts(name: str, history: ReadHistory, viewer: Viewer, vantage: str) -> list[str]:
    """The name itself and the hosts that the last check of it spoke to."""
    last = await history.last_of(name, viewer, vantage=vantage)
    spoken = [endpoint["host"] for endpoint in last.document["endpoints"]] if last else []
    return list(dict.fromkeys((name, *spoken)))


async def _rest(host: str, reading: LastReading, history: ReadHistory, viewer: Viewer) -> Rest | None:
    pause = AFTER_REFUSAL.get(reading.state)
    if pause is None:
        return None
    entry = await history.get(reading.entry, viewer)
    if reading.state == State.REFUSED_BY_POLICY and entry and any(map(names_us, _of(entry, host, reading.port))):
        pause = AFTER_NAMING_US
    begun = reading.started_at
    return Rest(host, reading.port, reading.state, begun, begun + pause.lasts, begun + pause.again_after, entry)


def _of(entry: Entry, host: str, port: int) -> list[Mapping[str, Any]]:
    return [point for point in entry.document["endpoints"] if (point["host"], point["port"]) == (host, port)]
