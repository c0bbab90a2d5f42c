"""The history as a plain list in memory: what every answer has to be equal to, written without any thought of speed."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import median

from storage.history import (
    FAILED,
    Availability,
    Certificate,
    Endpoint,
    Entry,
    Forgotten,
    LastReading,
    Line,
    Point,
    Query,
    Reading,
    Streak,
    Viewer,
)

Kept = tuple[Entry, tuple[Reading, ...]]


def line(kept: Kept) -> Line:
    entry, readings = kept
    named = {
        each.name: getattr(entry, each.name)
        for each in fields(Line)
        if each.name not in {"endpoints", "changed", "alerted"}
    }
    shown = tuple(Endpoint(each.host, each.port, each.state) for each in readings)
    return Line(**named, endpoints=shown)


def as_seen(entry: Entry, viewer: Viewer) -> Entry:
    """With those who asked and may be seen, themselves first."""
    known = [asker for asker in entry.askers if viewer.sees(entry.team, *asker)]
    (actor, channel), *others = sorted(known, key=lambda asker: asker.actor != viewer.user)
    return replace(entry, actor=actor, channel=channel, others=tuple(others))


def sees(viewer: Viewer, entry: Entry) -> bool:
    return any(viewer.sees(entry.team, *asker) for asker in entry.askers)


def order(kept: Kept) -> tuple[datetime, str]:
    return kept[0].started_at, kept[0].id


class Model:
    def __init__(self) -> None:
        self.kept: list[Kept] = []

    def add(self, entry: Entry, readings: tuple[Reading, ...]) -> None:
        self.kept.append((entry, readings))

    def seen(self, viewer: Viewer) -> list[Kept]:
        """What there is for a viewer, oldest first."""
        there = [(as_seen(each, viewer), readings) for each, readings in self.kept if sees(viewer, each)]
        return sorted(there, key=order)

    def matching(self, query: Query) -> list[Kept]:
        return [each for each in reversed(self.seen(query.viewer)) if matches(*each, query)]

    def after(self, query: Query, before: str | None) -> list[Kept]:
        return [each for each in self.matching(query) if before is None or each[0].cursor < before]

    def availability(
        self, hosts: tuple[str, ...], since: datetime, viewer: Viewer, until: datetime | None = None
    ) -> list[Availability]:
        counted: dict[int, list[bool]] = {}
        for entry, readings in self.seen(viewer):
            for reading in readings:
                there = entry.started_at >= since and (until is None or entry.started_at < until)
                there = there and entry.vantage == "local"
                if reading.host in hosts and there and reading.ok is not None:
                    counted.setdefault(reading.port, []).append(reading.ok)
        return [Availability(port, len(oks), sum(oks)) for port, oks in sorted(counted.items())]

    def last_readings(self, host: str, since: datetime, vantage: str) -> list[LastReading]:
        newest: dict[int, LastReading] = {}
        for entry, readings in sorted(self.kept, key=lambda each: each[0].started_at):
            for reading in readings:
                if reading.host == host and entry.started_at >= since and entry.vantage == vantage:
                    newest[reading.port] = LastReading(reading.port, reading.state, entry.started_at, entry.id)
        return [newest[port] for port in sorted(newest)]

    def certificates(self, after: datetime, before: datetime, viewer: Viewer) -> list[Certificate]:
        last: dict[tuple[str, int], Certificate] = {}
        for entry, readings in self.seen(viewer):
            for found in certificates_of(entry, readings):
                last[found.host, found.port] = found
        there = [each for each in last.values() if after <= each.ends < before]
        return sorted(there, key=lambda each: (each.ends, each.host, each.port))

    def streak(self, of: Entry, viewer: Viewer) -> Streak | None:
        compared = [each for each in self.seen(viewer) if comparable(each[0], of) and each[0].cursor <= of.cursor]
        different = [each for each in compared if each[0].outcome != of.outcome]
        before = different[-1] if different else None
        run = [each for each in compared if before is None or order(each) > order(before)]
        seen = sees(viewer, of)
        return Streak(line(run[0]), line(before) if before else None) if run and of.outcome and seen else None

    def runs(self, query: Query) -> list[tuple[str, str, str, str, int]]:
        """Scope, outcome, first, last and count of each run, whole: also where another scope parts it."""
        there = [each for each, _ in self.seen(query.viewer) if each.outcome and each.target == query.target]
        there = [each for each in there if query.until is None or each.started_at < query.until]
        found = []
        for place in {(each.team, each.vantage, each.scope) for each in there}:
            mine = [each for each in there if (each.team, each.vantage, each.scope) == place and each.kind == "check"]
            runs = [list(run) for _, run in groupby(mine, lambda each: each.outcome)]
            inside = [run for run in runs if query.since is None or run[-1].started_at >= query.since]
            for run in runs[-len(inside) - 1 :]:
                counted = [each for each in run if query.since is None or each.started_at >= query.since]
                found.append((place[2], run[0].outcome, run[0].id, run[-1].id, len(counted)))
        return sorted(found)

    def trend(self, host: str, port: int, span: tuple[datetime, datetime], points: int, viewer: Viewer) -> list[Point]:
        times = [
            entry.started_at
            for entry, readings in self.seen(viewer)
            for reading in readings
            if reading.host == host
            and reading.latency_ms is not None
            and entry.vantage == "local"
            and span[0] <= entry.started_at < span[1]
        ]
        if not times:
            return []
        since, length = min(times), max(times) - min(times) + timedelta(microseconds=1)
        edges = [since + length * number / (points * 25) for number in range(points * 25 + 1)]
        slots = [self._newest_in(host, port, edge, viewer) for edge in pairwise(edges)]
        parts = [[found for found in slots[place * 25 : (place + 1) * 25] if found] for place in range(points)]
        return [Point(place, found[-1][0], median(ms for _, ms in found)) for place, found in enumerate(parts) if found]

    def _newest_in(
        self, host: str, port: int, edge: tuple[datetime, datetime], viewer: Viewer
    ) -> tuple[datetime, float] | None:
        measured = [
            (entry.started_at, -1 if reading.ok is None else reading.ok, self._added(entry), place, reading.latency_ms)
            for entry, readings in self.seen(viewer)
            for place, reading in enumerate(readings)
            if (reading.host, reading.port) == (host, port) and reading.latency_ms is not None
            if entry.vantage == "local"
            if edge[0] <= entry.started_at < edge[1]
        ]
        return (max(measured)[0], max(measured)[-1]) if measured else None

    def _added(self, entry: Entry) -> int:
        return next(place for place, (each, _) in enumerate(self.kept) if each.id == entry.id)

    def drop(self, gone: list[Entry]) -> int:
        ids = {entry.id for entry in gone}
        self.kept = [each for each in self.kept if each[0].id not in ids]
        return len(ids)

    def leave(self, team: str, actor: str, of: Sequence[Entry]) -> int:
        """Take a person off results that others asked for, too."""
        ids = {one.id for one in of if one.team == team and len({asker.actor for asker in one.askers} | {actor}) > 1}
        for place, (entry, readings) in enumerate(self.kept):
            left = [asker for asker in entry.askers if asker.actor != actor]
            if entry.id in ids and len(left) < len(entry.askers):
                changed = replace(entry, actor=left[0].actor, channel=left[0].channel, others=tuple(left[1:]))
                self.kept[place] = changed, readings
            else:
                ids.discard(entry.id)
        return len(ids)

    def forget(self, team: str, actor: str, shared: tuple[str, ...]) -> Forgotten:
        left = self.leave(team, actor, [entry for entry, _ in self.kept])
        theirs = [entry for entry, _ in self.kept if (entry.team, entry.actor) == (team, actor)]
        stay = [one.id for one in theirs if one.surface == "watch" and one.channel.startswith(shared)]
        self.kept = [(replace(one, actor="") if one.id in stay else one, readings) for one, readings in self.kept]
        return Forgotten(self.drop([one for one in theirs if one.id not in stay]), len(stay), left)


def comparable(one: Entry, other: Entry) -> bool:
    names = ("team", "target", "kind", "vantage", "scope")
    return bool(one.outcome) and all(getattr(one, name) == getattr(other, name) for name in names)


def certificates_of(entry: Entry, readings: tuple[Reading, ...]) -> Iterator[Certificate]:
    """Of each host and port the one that ends first."""
    for host, port in {(each.host, each.port) for each in readings}:
        there = [each for each in readings if (each.host, each.port) == (host, port) and each.certificate_ends]
        if there:
            first = min(there, key=lambda each: each.certificate_ends)
            yield Certificate(host, port, first.certificate, first.certificate_ends, entry.started_at, entry.id)


def matches(entry: Entry, readings: tuple[Reading, ...], query: Query) -> bool:
    ports = [each for each in readings if each.port == query.port]
    return (
        all(getattr(query, name) in {None, getattr(entry, name)} for name in ("target", "kind", "vantage"))
        and any(query.actor in {None, actor} and query.channel in {None, channel} for actor, channel in entry.askers)
        and (query.since is None or entry.started_at >= query.since)
        and (query.until is None or entry.started_at < query.until)
        and query.watched in {None, entry.surface == "watch"}
        and (query.port is None or bool(ports))
        and (not query.failed or (_failed(entry, query) if query.port is None else any(not p.ok for p in ports)))
    )


def _failed(entry, query):
    """What our network holds back is a failure only where that network is asked about."""
    return entry.verdict in FAILED and (entry.verdict != "blocked_here" or query.kind == "network")
