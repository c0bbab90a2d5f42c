"""A check as a file: what was seen (DNS, bytes with their times, certificates, the control probe), not what was made

of it. So it is judged alike on every machine. What one server may fill is bounded, so that the file stays readable.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from commands.smtpcheck.deep.suites import chain_of
from commands.smtpcheck.record_file.reader import MOST_BYTES
from commands.smtpcheck.record_file.schema import MOST_CHUNKS, MOST_SAID, SCHEMA
from commands.smtpcheck.report.model import Check
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.record import Chunk, Further, Handshake, Record, Step

MOST_KEPT = 48 * 1024
"""Bytes of one connection that are saved; EHLO replies and certificate chains need a fifth of it."""


def save(check: Check, *, store: TrustStore) -> dict[str, Any]:
    """The facts and records of a check as plain data, and the roots of the store that its certificates name."""
    chain = {der for record in _records_of(check) for der in chain_of(record)}
    return {
        **_seen(check, MOST_KEPT),
        "roots": sorted(b64encode(der).decode() for der in store.anchors_of(chain)),
    }


def _seen(check: Check, most: int) -> dict[str, Any]:
    """The facts and records; of each connection at most so many bytes."""
    facts = check.facts
    return {
        "schema": SCHEMA,
        "id": facts.id,
        "target": facts.target,
        "vantage": facts.vantage,
        "started_at": facts.started_at.isoformat(),
        "elapsed_ms": facts.elapsed_ms,
        "dns": asdict(facts.dns),
        "denied": [
            {"host": one.params["host"], "reason": one.params["reason"], "code": one.code} for one in facts.denied
        ],
        "controls": {str(port): [asdict(attempt) for attempt in tried] for port, tried in facts.controls.items()},
        "greetings": {str(port): [asdict(one) for one in heard] for port, heard in facts.greetings.items()},
        "policy": [[code, dict(params)] for code, params in facts.policy],
        "records": [_saved(report.record, most) for report in check.endpoints],
        "further": _saved_further(facts.further, most),
        **({"own_name": asdict(facts.own_name)} if facts.own_name else {}),
        **({"own_addresses": [asdict(one) for one in facts.own_addresses]} if facts.own_addresses else {}),
        **({"experiments": [_saved(record, most) for record in facts.experiments]} if facts.experiments else {}),
    }


def as_file(check: Check, *, store: TrustStore) -> bytes:
    """The content of the file; ASCII, so that what servers said harms no terminal that shows it."""
    return json.dumps(save(check, store=store), indent=1, allow_nan=False).encode("ascii")


KEPT_OF_EACH = (MOST_KEPT, 8_000, 1_000, 200)
"""Bytes of one connection that are sent, the first with which the whole is not too large: a flood is cut."""


def as_answer(check: Check) -> bytes:
    """What a machine that checks for another answers: no roots, at most 1 MiB. ValueError: it does not fit into it."""
    for most in KEPT_OF_EACH:
        data = json.dumps(_seen(check, most), separators=(",", ":"), allow_nan=False).encode("ascii")
        if len(data) <= MOST_BYTES:
            return data
    raise ValueError("the certificates of a check are larger than 1 MiB")


def _records_of(check: Check) -> list[Record]:
    further = check.facts.further.records if check.facts.further else ()
    return [*(report.record for report in check.endpoints), *further, *check.facts.experiments]


def _saved_further(further: Further | None, most: int) -> dict[str, Any] | None:
    if further is None:
        return None
    return {"offerable": list(further.offerable), "records": [_saved(record, most) for record in further.records]}


def _saved(record: Record, most: int) -> dict[str, Any]:
    kept = list(_kept(record.chunks, most))
    left_out = sum(len(chunk.data) for chunk in record.chunks) - sum(len(chunk.data) for chunk in kept)
    shake = record.handshake
    return {
        **{name: getattr(record, name) for name in _PLAIN},
        "steps": [_saved_step(step, min(most, MOST_SAID)) for step in record.steps],
        "chunks": [{"at_ms": at_ms, "from": sender, "data": b64encode(data).decode()} for at_ms, sender, data in kept],
        "handshake": _saved_handshake(shake) if shake else None,
        **({"left_out": left_out} if left_out else {}),
        **({"icmp": asdict(record.icmp)} if record.icmp else {}),
    }


def _saved_handshake(shake: Handshake) -> dict[str, Any]:
    chain = [b64encode(der).decode() for der in shake.chain]
    named = {"alpn": shake.alpn} if shake.alpn else {}
    return {"version": shake.version, "cipher": shake.cipher, "chain": chain, **named}


_PLAIN = (
    "host", "address", "port", "mode", "connect", "connect_ms", "ended", "elapsed_ms", "ehlo_name", "sni", "purpose",
    "newest", "source",
)  # fmt: skip


def _kept(chunks: Sequence[Chunk], most: int) -> Iterator[Chunk]:
    """The chunks up to the bound, the last one cut: a flood is known by its beginning."""
    room = most
    for chunk in islice(chunks, MOST_CHUNKS):
        if room <= 0:
            return
        yield chunk._replace(data=chunk.data[:room])
        room -= len(chunk.data)


def _saved_step(step: Step, most: int) -> dict[str, Any]:
    return {**step._asdict(), "text": step.text[:most], "detail": step.detail[:most]}
