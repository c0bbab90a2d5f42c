"""A record of strangers, read: a file from a bug report, or what another machine answers. Pure.

Nothing in it is believed but that it was sent: it fits the schema (`schema`), or it is refused with the place that does
not. Whether its trusted roots count is for `replay` to be told.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from commands.smtpcheck.deep.further_connections import CONNECTIONS
from commands.smtpcheck.record_file.json_text import parsed
from commands.smtpcheck.record_file.schema import CHECK
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.wire.record import Record


@dataclass(frozen=True, slots=True)
class Saved:
    """A check as it was saved. `roots` (DER) are those that its certificates name; None in a file from before them."""

    facts: Facts
    records: tuple[Record, ...]
    roots: tuple[bytes, ...] | None


def read_record(
    data: bytes, *, ports_asked: Collection[int] | None = None, endpoints_asked: int = CONNECTIONS
) -> Saved:
    """The check in these bytes. Raises `RecordError`, which says where it does not fit and why.

    `ports_asked` and `endpoints_asked`: what was asked for; a record of anything else, or of more, is refused.
    """
    document = parsed(data)
    if not isinstance(document, dict) or "schema" not in document:
        raise RecordError("", "This is not a saved check")
    CHECK.always["schema"].read(document["schema"], "schema")  # of another version nothing else is worth a word
    saved = _saved(CHECK.read(document, ""))
    _refuse_twice(saved.records)
    _refuse_unasked(saved, ports_asked, endpoints_asked)
    return saved


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
    made = len(saved.records) + len(further)
    if made > most:
        raise RecordError("records", f"{made} connections are more than the {most} that were asked for")
    if ports is None:
        return
    places = [(f"records[{number}].port", record.port) for number, record in enumerate(saved.records)]
    places += [(f"further.records[{number}].port", record.port) for number, record in enumerate(further)]
    places += [(f"controls.{port}", port) for port in saved.facts.controls]
    places += [(f"greetings.{port}", port) for port in saved.facts.greetings]
    for place, port in places:
        if port not in ports:
            raise RecordError(place, f"port {port} was not asked for")
