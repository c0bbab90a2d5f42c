"""The last result of each port: that of a watch on 587 alone says nothing of 465."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from commands.smtpcheck.result.document import endpoints
from storage.history import Entry, Query, ReadHistory

LASTS = timedelta(days=1)
"""So long before the last result another port's result still counts beside it."""


async def last_of_ports(query: Query, history: ReadHistory) -> list[Entry]:
    """The last result whole, and with the endpoints that no newer one looked at the last of each other port."""
    newest = await history.entries(query, limit=1)
    if not newest or query.port is not None:
        return newest
    last = newest[0]
    begins = last.started_at - LASTS
    hosts = {last.target, *(host for host, _ in endpoints(last.document))}
    read = await asyncio.gather(*(history.last_readings(host, begins, last.vantage) for host in hosts))
    ports = {one.port for each in read for one in each} - _ports(last)
    asked = replace(query, vantage=last.vantage, since=max(begins, query.since or begins))
    found = await asyncio.gather(*(history.entries(replace(asked, port=port), limit=1) for port in sorted(ports)))
    return [last, *(_of_port(one, port) for port, each in zip(sorted(ports), found, strict=True) for one in each)]


async def last_of_places(query: Query, history: ReadHistory) -> list[Entry]:
    """The same, and behind it what other machines saw last, of the same day."""
    newest = await last_of_ports(query, history)
    if not newest or query.vantage is not None:
        return newest
    begins = newest[0].started_at - LASTS
    of_day = replace(query, since=max(begins, query.since or begins))
    others = {run.vantage for run in await history.runs(of_day) if run.count} - {newest[0].vantage}
    found = await asyncio.gather(*(last_of_ports(replace(of_day, vantage=one), history) for one in sorted(others)))
    return [*newest, *chain.from_iterable(found)]


def part_port(entry: Entry) -> int | None:
    """The port of what is of one alone (`last_of_ports`)."""
    return None if "verdict" in entry.document else int(entry.document["endpoints"][0]["port"])


def _ports(entry: Entry) -> set[int]:
    return {int(each["port"]) for each in entry.document.get("endpoints", ())}


def _of_port(entry: Entry, port: int) -> Entry:
    there = [each for each in entry.document["endpoints"] if each["port"] == port]
    return replace(entry, document={"endpoints": there})


def joined(found: Sequence[Entry]) -> Entry | None:
    """The last result with what was seen last of the ports that it did not look at."""
    if not found:
        return None
    there = [each for one in found for each in one.document.get("endpoints", ())]
    return replace(found[0], document={**found[0].document, "endpoints": there}) if found[1:] else found[0]
