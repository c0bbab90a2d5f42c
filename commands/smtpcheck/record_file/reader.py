"""A record of strangers, read: a file from a bug report, or what another machine answers. Pure.

Nothing in it is believed but that it was sent: it fits the schema (`schema`), or it is refused with the place that does
not. Whether its trusted roots count is for `replay` to be told.

Python's JSON parser takes NaN, numbers of any length, and the last of two members of one name. Here the first two
become numbers without end, which fit no shape, and the third is kept as `Repeating`: so the schema says where they
stand.
"""

import json
import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from commands.smtpcheck.record_file.later import known, of_known_purpose
from commands.smtpcheck.record_file.schema import CHECK
from commands.smtpcheck.record_file.shapes import RecordError, Repeating
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.wire.connection import POOL_LIMIT
from commands.smtpcheck.wire.record import Record

MOST_BYTES = 1024 * 1024
MOST_DIGITS = 20


def parsed(data: bytes) -> Any:
    """The document in these bytes; `RecordError` when there is none, or they are more than 1 MiB."""
    if len(data) > MOST_BYTES:
        raise RecordError("", "It is larger than 1 MiB, which no record is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError(f"byte {error.start:,}", "this is no UTF-8, which JSON is written in") from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_constant=float)
    except json.JSONDecodeError as error:
        raise RecordError(f"line {error.lineno:,}, column {error.colno:,}", "from here on it is no JSON") from error
    except RecursionError as error:
        raise RecordError("", "Its lists and objects stand too deep in each other") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counts = Counter(name for name, _ in pairs)
    twice = Repeating(members)
    twice.repeated = tuple(name for name, count in counts.items() if count > 1)
    return twice


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf


@dataclass(frozen=True, slots=True)
class Saved:
    """A check as it was saved. `roots` (DER) are those that its certificates name; None in a file from before them."""

    facts: Facts
    records: tuple[Record, ...]
    roots: tuple[bytes, ...] | None


def read_record(
    data: bytes,
    *,
    ports_asked: Collection[int] | None = None,
    endpoints_asked: int = POOL_LIMIT,
    may_be_later: bool = False,
) -> Saved:
    """The check in these bytes. Raises `RecordError`, which says where it does not fit and why.

    `ports_asked` and `endpoints_asked`: what was asked for; a record of anything else, or of more, is refused.
    `may_be_later`: what a later version has that this one does not know is left out.
    """
    document = parsed(data)
    if not isinstance(document, dict) or "schema" not in document:
        raise RecordError("", "This is not a saved check")
    CHECK.always["schema"].read(document["schema"], "schema")  # of another version nothing else is worth a word
    document = _cut_down(document) if may_be_later else document
    saved = _saved(CHECK.read(document, ""))
    _refuse_twice(saved.records)
    _refuse_unasked(saved, ports_asked, endpoints_asked)
    return saved


def _cut_down(document: dict[str, Any]) -> dict[str, Any]:
    """The same without what only a later version knows."""
    cut: dict[str, Any] = known(CHECK, document)
    if "experiments" in cut:
        cut["experiments"] = of_known_purpose(cut["experiments"])
    if isinstance(further := cut.get("further"), dict) and "records" in further:
        further["records"] = of_known_purpose(further["records"])
    return cut


def _saved(members: dict[str, Any]) -> Saved:
    facts = Facts(
        id=members["id"],
        target=members["target"],
        vantage=members["vantage"],
        started_at=members["started_at"],
        elapsed_ms=members["elapsed_ms"],
        dns=members["dns"],
        denied=members["denied"],
        controls=members["controls"],
        policy=members.get("policy", ()),
        greetings=members.get("greetings", {}),
        further=members.get("further"),
        experiments=members.get("experiments", ()),
        own_name=members.get("own_name"),
        own_addresses=members.get("own_addresses", ()),
    )
    return Saved(facts, members["records"], members.get("roots"))


def _refuse_twice(records: Collection[Record]) -> None:
    """An endpoint is a host with one of its addresses on one port, and has one record."""
    counts: Counter[tuple[str, str, int]] = Counter()
    for number, record in enumerate(records):
        endpoint = (record.host, record.address, record.port)
        if counts[endpoint]:
            raise RecordError(f"records[{number}]", f"port {record.port} of this host and address stands there twice")
        counts[endpoint] += 1


def _refuse_unasked(saved: Saved, ports: Collection[int] | None, most: int) -> None:
    further = saved.facts.further.records if saved.facts.further else ()
    tried = saved.facts.experiments
    made = len(saved.records) + len(further) + len(tried)
    if made > most:
        raise RecordError("records", f"{made} connections are more than the {most} that were asked for")
    if ports is None:
        return
    places = [(f"records[{number}].port", record.port) for number, record in enumerate(saved.records)]
    places += [(f"further.records[{number}].port", record.port) for number, record in enumerate(further)]
    places += [(f"experiments[{number}].port", record.port) for number, record in enumerate(tried)]
    places += [(f"controls.{port}", port) for port in saved.facts.controls]
    places += [(f"greetings.{port}", port) for port in saved.facts.greetings]
    for place, port in places:
        if port not in ports:
            raise RecordError(place, f"port {port} was not asked for")
