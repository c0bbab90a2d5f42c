"""A check saved as JSON (schema `portero.record/1`) and concluded anew: how a bug report becomes a test.

The file holds what was seen (DNS, every byte of every connection with its time, certificates, the control probe) and
the trusted roots that the certificates name, not what was made of it: so it is judged alike on every machine.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from commands.contract import UserError
from commands.smtpcheck.control import Attempt, Greeting
from commands.smtpcheck.lookup.facts import Dns, HostAddresses
from commands.smtpcheck.model import Check, Facts, Finding, finding
from commands.smtpcheck.tls.trust import BROKEN, TrustStore
from commands.smtpcheck.verdict.conclusion import Recommend, conclude
from commands.smtpcheck.verdict.report import judge
from commands.smtpcheck.wire.record import Chunk, Further, Handshake, Record, Step

SCHEMA = "portero.record/1"
Json = Mapping[str, Any]
NO_CHECK: tuple[type[Exception], ...] = (KeyError, AttributeError, *BROKEN)
"""What reading something else than a saved check raises."""


def save(check: Check, *, store: TrustStore) -> dict[str, Any]:
    """The facts and records of a check as plain data, and the roots of the store that its certificates name."""
    facts = check.facts
    chain = {der for record in _records_of(check) if record.handshake for der in record.handshake.chain}
    return {
        "schema": SCHEMA,
        "id": facts.id,
        "target": facts.target,
        "vantage": facts.vantage,
        "started_at": facts.started_at.isoformat(),
        "elapsed_ms": facts.elapsed_ms,
        "dns": asdict(facts.dns),
        "denied": [{**finding.params, "code": finding.code} for finding in facts.denied],
        "controls": {str(port): [asdict(attempt) for attempt in tried] for port, tried in facts.controls.items()},
        "greetings": {str(port): [asdict(one) for one in heard] for port, heard in facts.greetings.items()},
        "policy": [[code, dict(params)] for code, params in facts.policy],
        "records": [_saved(report.record) for report in check.endpoints],
        "further": _saved_further(facts.further),
        "roots": sorted(b64encode(der).decode() for der in store.anchors_of(chain)),
    }


def replay(saved: Json, *, store: TrustStore, recommend: Recommend) -> Check:
    """Judge a saved check with today's rules, as of its own time and by its own roots; UserError when it is not one.

    `store` counts for files from before roots were saved.
    """
    try:
        facts, records = _facts(saved), [_record(record) for record in saved["records"]]
        store = TrustStore.from_der(map(b64decode, saved["roots"])) if "roots" in saved else store
    except NO_CHECK as error:
        raise UserError("This is not a saved check.", "Make one with: portero check HOST --record FILE") from error
    return conclude(facts, [judge(record, at=facts.started_at, store=store) for record in records], recommend)


def _records_of(check: Check) -> list[Record]:
    further = check.facts.further.records if check.facts.further else ()
    return [*(report.record for report in check.endpoints), *further]


def _saved_further(further: Further | None) -> dict[str, Any] | None:
    if further is None:
        return None
    return {"offerable": list(further.offerable), "records": [_saved(record) for record in further.records]}


def _saved(record: Record) -> dict[str, Any]:
    chunks = [
        {"at_ms": at_ms, "from": sender, "data": b64encode(data).decode()} for at_ms, sender, data in record.chunks
    ]
    shake = record.handshake
    chain = [b64encode(der).decode() for der in shake.chain] if shake else []
    return {
        **{name: getattr(record, name) for name in (*_PLAIN, *_ADDED)},
        "steps": [step._asdict() for step in record.steps],
        "chunks": chunks,
        "handshake": {"version": shake.version, "cipher": shake.cipher, "chain": chain} if shake else None,
    }


_PLAIN = ("host", "address", "port", "mode", "connect", "connect_ms", "ended", "elapsed_ms", "ehlo_name", "sni")
_ADDED = ("purpose", "newest")
"""Fields that older files do not have."""


def _facts(saved: Json) -> Facts:
    if saved["schema"] != SCHEMA:
        raise ValueError(saved["schema"])
    return Facts(
        id=saved["id"],
        target=saved["target"],
        vantage=saved["vantage"],
        started_at=datetime.fromisoformat(saved["started_at"]),
        elapsed_ms=saved["elapsed_ms"],
        dns=_dns(saved["dns"]),
        denied=tuple(_denied(params) for params in saved["denied"]),
        policy=tuple((code, params) for code, params in saved.get("policy", ())),
        controls={int(port): tuple(Attempt(**one) for one in tried) for port, tried in saved["controls"].items()},
        greetings={
            int(port): tuple(Greeting(**one) for one in heard) for port, heard in saved.get("greetings", {}).items()
        },
        further=_further(saved.get("further")),
    )


def _further(saved: Json | None) -> Further | None:
    if saved is None:
        return None
    return Further(tuple(saved["offerable"]), tuple(_record(record) for record in saved["records"]))


def _denied(saved: Json) -> Finding:
    code = str(saved.get("code", "forbidden"))
    return finding(code, {name: value for name, value in saved.items() if name != "code"})


def _dns(saved: Json) -> Dns:
    hosts = [
        HostAddresses(**{**host, "addresses": tuple(host["addresses"]), "aliases": tuple(host.get("aliases", ()))})
        for host in saved["hosts"]
    ]
    return Dns(
        **{
            **saved,
            "mx": tuple((preference, host) for preference, host in saved["mx"]),
            "hosts": tuple(hosts),
            "own_addresses": tuple(saved["own_addresses"]),
            "aliases": tuple(saved.get("aliases", ())),
            "findings": tuple((code, params) for code, params in saved["findings"]),
        }
    )


def _record(saved: Json) -> Record:
    shake = saved["handshake"]
    chain = tuple(b64decode(der) for der in shake["chain"]) if shake else ()
    return Record(
        **{name: saved[name] for name in _PLAIN},
        **{name: saved[name] for name in _ADDED if name in saved},
        steps=tuple(Step(**step) for step in saved["steps"]),
        chunks=tuple(Chunk(chunk["at_ms"], chunk["from"], b64decode(chunk["data"])) for chunk in saved["chunks"]),
        handshake=Handshake(shake["version"], shake["cipher"], chain) if shake else None,
    )
