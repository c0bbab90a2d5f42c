"""Between dataclasses and rows of SQLite: the only place that knows the order of the columns."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any

from storage.history import Asker, Certificate, Endpoint, Entry, LastReading, Line, Reading, instant
from storage.queries import EVERY_TEAM, Found, Viewer
from storage.sqlite.tables.damaged_rows import DamagedRowError, found
from storage.sqlite.tables.documents import packed, plain, unpacked

ENTRY_COLUMNS = ", ".join(field.name for field in fields(Entry)[:-1])
READING_COLUMNS = ", ".join(Reading._fields)
_ENDPOINTS = f"SELECT json_group_array(json_array({', '.join(Endpoint._fields)})) FROM readings WHERE entry = seq"  # noqa: S608 - constants
_CHANGED = "EXISTS (SELECT 1 FROM outcome_changes WHERE outcome_changes.entry = seq)"
_ASKERS = (
    "CASE WHEN actor = '' THEN (SELECT json_group_array(json_array(actor, channel)) FROM entry_askers"
    " WHERE entry = seq) ELSE '' END"
)
_ASKED_ALONE = frozenset({"", "[]"})
ASKED_ENTRY_COLUMNS = f"{ENTRY_COLUMNS}, {_ASKERS}"
"""With who asked, where several did."""

LINE_COLUMNS = f"{', '.join(field.name for field in fields(Line)[:-4])}, ({_ENDPOINTS}), {_CHANGED}, alerted, {_ASKERS}"
"""With the endpoints, in one statement: to fetch a row for each of them would take three times as long."""

NOT_JUDGED, WELL_ELSEWHERE, BAD_ELSEWHERE = -1, -2, -3
"""`ok` of an endpoint that availability does not count: not judged, or seen from another vantage than this process."""

_OK = {None: NOT_JUDGED, False: 0, True: 1}
_OK_ELSEWHERE = {None: NOT_JUDGED, False: BAD_ELSEWHERE, True: WELL_ELSEWHERE}
_OF_OK = {number: ok for each in (_OK, _OK_ELSEWHERE) for ok, number in each.items()}

OF_TEAM = "team = :team"
_OF_PERSON = "({actor} = :user OR channel IN (SELECT value FROM json_each(:channels)))"

_NAMES = ENTRY_COLUMNS.split(", ")
_STARTED_AT, _DOCUMENT = _NAMES.index("started_at"), _NAMES.index("document")
_TEXTS = itemgetter(*(place for place, name in enumerate(_NAMES) if name not in {"elapsed_ms", "document"}))
_JOINED = "\0".join
_ELAPSED = _NAMES.index("elapsed_ms")

_ACTOR, _TEAM, _CHANNEL = map(_NAMES.index, ("actor", "team", "channel"))

_TYPES = tuple(float if name == "elapsed_ms" else str for name in _NAMES)
_LINE_TYPES = (*_TYPES[:_DOCUMENT], str, int, int, str)
_READING_TYPES = frozenset(
    (str, str, int, str, int, str, latency, str, ends) for latency in (float, type(None)) for ends in (str, type(None))
)

_PLACE = itemgetter(_STARTED_AT, _NAMES.index("id"))


def place(row: Sequence[Any]) -> tuple[str, str]:
    """Where a row of `ENTRY_COLUMNS` or `LINE_COLUMNS` stands in the order of every listing, also a damaged one."""
    at, entry_id = _PLACE(row)
    return (at if type(at) is str else ""), (entry_id if type(entry_id) is str else "")


def entry_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry. ValueError: `started_at` is naive, or the document holds NaN or an infinity.

    What several asked for is nobody's alone: their names stand in `entry_askers`.
    """
    asker, *others = entry.askers
    actor, channel = ("", "") if others else asker
    row = {
        "id": entry.id,
        "kind": entry.kind,
        "target": _storable(entry.target),
        "vantage": entry.vantage,
        "verdict": entry.verdict,
        "summary": _storable(entry.summary),
        "started_at": instant(entry.started_at),
        "elapsed_ms": float(entry.elapsed_ms),
        "actor": actor,
        "team": entry.team,
        "channel": channel,
        "surface": entry.surface,
        "document": "",
        "scope": _storable(entry.scope),
        "outcome": entry.outcome,
    }
    # ASCII keeps lone surrogates as JSON escapes, so that they come back.
    return row | {"document": packed(entry.document, _beside(tuple(row.values())))}


def _beside(row: Sequence[Any]) -> str:
    """What the checksum of a document covers beside it."""
    try:
        return _covered(row)
    except TypeError:  # a column of another type: SQLite refuses it, or we when we read it, whichever way the row goes
        return ""


def _covered(row: Sequence[Any]) -> str:
    """All of a row of `ENTRY_COLUMNS` but the document. TypeError: a column of text holds something else."""
    return f"{_JOINED(_TEXTS(row))}\0{row[_ELAPSED]!r}"


def disowned(row: Sequence[Any]) -> tuple[str, str]:
    """Actor and document of a row of `ENTRY_COLUMNS` from now on; a damaged document stays as it is."""
    values = dict(zip(_NAMES, row, strict=True)) | {"actor": ""}
    with suppress(Exception):
        values["document"] = packed(unpacked(row[_DOCUMENT], _beside(row)), _beside(tuple(values.values())))
    return "", values["document"]


def entries_of(rows: Iterable[Sequence[Any]], viewer: Viewer) -> Found[Entry]:
    """The entries in rows of `ASKED_ENTRY_COLUMNS`, as the viewer sees them.

    Their documents are parsed in one go, in a third of the time.

    A checksum vouches for the types of its row, too.
    """
    kept = list(rows)
    one = partial(entry_seen, viewer=viewer)
    try:
        texts = [plain(row[_DOCUMENT], _covered(row)) for row in kept]
        if any(text is row[_DOCUMENT] for text, row in zip(texts, kept, strict=True)):  # of before there were checksums
            return found(one, kept)
        documents = json.loads(f"[{','.join(texts)}]")
        return Found(_entry(_seen_by(viewer, row), each) for row, each in zip(kept, documents, strict=True))
    except Exception:  # noqa: BLE001 - one of them: each by itself
        return found(one, kept)


def entry_seen(row: Sequence[Any], viewer: Viewer) -> Entry:
    """The entry in one row of `ASKED_ENTRY_COLUMNS`, as the viewer sees it."""
    entry = entry_of(row[:-1])
    entry.actor, entry.channel, entry.others = _who(viewer, row)
    return entry


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in one row of `ENTRY_COLUMNS`."""
    _refuse_other_types(row, _TYPES)
    return _entry(row, unpacked(row[_DOCUMENT], _beside(row)))


def _entry(row: Sequence[Any], document: Any) -> Entry:
    if not isinstance(document, dict):
        raise DamagedRowError
    values = list(row)
    values[_STARTED_AT] = moment(row[_STARTED_AT])
    values[_DOCUMENT] = document
    return Entry(*values)


def _who(viewer: Viewer, row: Sequence[Any]) -> tuple[str, str, tuple[Asker, ...]]:
    """Actor, channel and others, of those who asked and may be seen by the viewer."""
    if row[-1] in _ASKED_ALONE:
        return row[_ACTOR], row[_CHANNEL], ()
    askers = [Asker(*map(_text, each)) for each in json.loads(row[-1])]
    (actor, channel), *others = viewer.known(row[_TEAM], askers) or [Asker("", "")]
    return actor, channel, tuple(others)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise DamagedRowError
    return value


def lines_of(rows: Iterable[Sequence[Any]], viewer: Viewer) -> Found[Line]:
    """The lines in rows of `LINE_COLUMNS`, as the viewer sees them."""
    kept = list(rows)
    sure = [*map(type, chain.from_iterable(kept))] == [*_LINE_TYPES] * len(kept)  # of all in one go: half the time
    return found(partial(_line if sure else _line_of, viewer=viewer), kept)


def _line_of(row: Sequence[Any], viewer: Viewer) -> Line:
    _refuse_other_types(row, _LINE_TYPES)
    return _line(row, viewer)


def _line(row: Sequence[Any], viewer: Viewer) -> Line:
    values = _seen_by(viewer, row)
    values[_STARTED_AT] = moment(row[_STARTED_AT])
    values[-4:-1] = _endpoints(row[-4]), bool(row[-3]), bool(row[-2])
    return Line(*values)


def _seen_by(viewer: Viewer, row: Sequence[Any]) -> list[Any]:
    """The row with the actor, the channel and the others that the viewer sees."""
    values = list(row)
    values[_ACTOR], values[_CHANNEL], values[-1] = _who(viewer, row)
    return values


def _refuse_other_types(row: Sequence[Any], types: Sequence[type]) -> None:
    """A damaged page may have another type in a column."""
    if tuple(map(type, row)) != types:
        raise DamagedRowError


def moment(text: str) -> datetime:
    """The time in a text of `instant`. ValueError: it is no such text."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is not UTC:
        raise ValueError(f"{text[:40]!r} is no time in UTC")
    return at


@lru_cache(maxsize=1000)
def _endpoints(array: str) -> tuple[Endpoint, ...]:
    """Parsed once for all the results of a host that look alike: most do."""
    endpoints = tuple(map(Endpoint._make, json.loads(array)))
    if any(tuple(map(type, endpoint)) != (str, int, str) for endpoint in endpoints):
        raise DamagedRowError
    return endpoints


def reading_row(
    entry: int, position: int, started_at: str, reading: Reading, *, elsewhere: bool = False
) -> dict[str, Any]:
    """The row of an endpoint: `entry` is the sequence number of its entry, `started_at` the entry's."""
    ends = reading.certificate_ends
    return {
        "entry": entry,
        "position": position,
        "started_at": started_at,
        "host": _storable(reading.host),
        "address": reading.address,
        "port": reading.port,
        "state": reading.state,
        "ok": (_OK_ELSEWHERE if elsewhere else _OK)[reading.ok],
        "tls": _storable(reading.tls),
        "latency_ms": reading.latency_ms,
        "certificate": reading.certificate,
        "certificate_ends": None if ends is None else instant(ends),
    }


def reading_of(row: Sequence[Any]) -> Reading:
    """The endpoint in a row of `READING_COLUMNS`."""
    if tuple(map(type, row)) not in _READING_TYPES:
        raise DamagedRowError
    host, address, port, state, ok, tls, latency_ms, certificate, ends = row
    end = None if ends is None else moment(ends)
    return Reading(host, address, port, state, _OF_OK.get(ok, bool(ok)), tls, latency_ms, certificate, end)


def last_reading_of(row: Sequence[Any]) -> LastReading:
    """The reading in a row of port, state, time and id."""
    if tuple(map(type, row)) != (int, str, str, str):
        raise DamagedRowError
    port, state, started_at, entry = row
    return LastReading(port, state, moment(started_at), entry)


def certificate_of(row: Sequence[Any]) -> Certificate:
    """The certificate in a row of host, port, fingerprint, end, time and id."""
    if tuple(map(type, row)) != (str, int, str, str, str, str):
        raise DamagedRowError
    host, port, certificate, ends, seen_at, entry = row
    return Certificate(host, port, certificate, moment(ends), moment(seen_at), entry)


def visible(viewer: Viewer, actor: str = "actor") -> str:
    """`Viewer.sees` in SQL, on a row with a team, a channel and this column; its values are `viewer_values`."""
    if viewer.team is EVERY_TEAM:
        return visible_in_team(viewer, actor)
    return OF_TEAM if viewer.admin else f"{OF_TEAM} AND {visible_in_team(viewer, actor)}"


def visible_in_team(viewer: Viewer, actor: str = "actor") -> str:
    """As `visible`, where it is certain already that the row is of the team."""
    return "true" if viewer.admin else _OF_PERSON.format(actor=actor)


def asked_by(condition: str, entry: str = "seq") -> str:
    """A condition on actor and channel, which whoever asked for a result meets alone, or one of several who did."""
    return f"({condition} OR {asked_together(condition, entry)})"


def asked_together(condition: str, entry: str = "seq") -> str:
    """The same of several; of what one asked alone only the actor is looked at."""
    one = f"SELECT 1 FROM entry_askers WHERE entry_askers.entry = {entry} AND {condition}"  # noqa: S608 - constants
    return f"(actor = '' AND EXISTS ({one}))"


def result_visible(viewer: Viewer, entry: str = "seq") -> str:
    """As `visible`, of a row of `entries`, or one whose `entry` column says which it is."""
    if viewer.admin:
        return visible(viewer)
    seen = asked_by(visible_in_team(viewer), entry)
    return seen if viewer.team is EVERY_TEAM else f"{OF_TEAM} AND {seen}"


def result_visible_in_team(viewer: Viewer) -> str:
    """As `visible_in_team`, of a row of `entries`."""
    return "true" if viewer.admin else asked_by(visible_in_team(viewer))


def viewer_values(viewer: Viewer) -> dict[str, Any]:
    """NULL, which equals nothing, for nobody."""
    team = None if viewer.team is EVERY_TEAM else viewer.team
    return {"team": team, "user": viewer.user or None, "channels": _array(viewer.channels)}


@lru_cache(maxsize=200)
def _array(channels: frozenset[str]) -> str:
    """Made once for a person: a page of a target asks several questions, and somebody may be in 500 channels."""
    return json.dumps(sorted(channels - {""}))


def _storable(text: str) -> str:
    """Lone surrogates (a server may send any bytes) spelled out: SQLite takes valid UTF-8 only."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
