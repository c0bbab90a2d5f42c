"""What counts in a stored check (`portero.check/2`): what an operator calls changed when it is different.

Not latency, not the days that pass until a certificate ends, not which of a host's addresses answered. Two checks of
the same ports are the same if these facts are. `/smtpcheck` keeps their fingerprint, `/smtphistory` compares them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]

HEAVY = frozenset({"warning", "error", "danger"})


def fingerprint(facts: Any) -> str:
    """32 hexadecimal digits that differ when the facts do."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def facts(document: Document) -> dict[str, Any]:
    """The facts of a check, as plain data."""
    points = endpoints(document)
    return {
        "verdict": document.get("verdict"),
        "mx": sorted(str(record["host"]) for record in document.get("dns", {}).get("mx", ())),
        "recommended": _recommended(document),
        "endpoints": {f"{port} {host}": point for (host, port), point in points.items()},
    }


def endpoints(document: Document) -> dict[tuple[str, int], dict[str, Any]]:
    """By host and port. Of a host's addresses the worst counts, as it does for a client that meets it."""
    worst: dict[tuple[str, int], Document] = {}
    for endpoint in document.get("endpoints", ()):
        key = (str(endpoint["host"]), int(endpoint["port"]))
        if key not in worst or _weight(endpoint) > _weight(worst[key]):
            worst[key] = endpoint
    return {key: _facts_of(endpoint) for key, endpoint in sorted(worst.items(), key=lambda item: item[0][::-1])}


def _weight(endpoint: Document) -> tuple[bool, int]:
    heavy = sum(finding["severity"] in HEAVY for finding in endpoint["findings"])
    return endpoint["state"] != "open", heavy


def _facts_of(endpoint: Document) -> dict[str, Any]:
    """Of a port that is not open its state says all."""
    if endpoint["state"] != "open":
        return {"state": endpoint["state"]}
    tls = endpoint.get("tls") or {}
    found: dict[str, Any] = {
        "state": "open",
        "tls": tls.get("state"),
        "version": tls.get("version"),
        "logins": sorted(endpoint["auth"]["after_tls"]),
        "clear_logins": sorted(endpoint["auth"]["before_tls"]),
    }
    shown = tls.get("certificate")
    if shown:
        found["certificate"] = {
            name: shown[name] for name in ("sha256", "subject", "issuer", "not_after", "trusted", "name_matches")
        }
    return found


def _recommended(document: Document) -> str | None:
    chosen = document.get("recommended")
    return f"{chosen['port']} {chosen['tls']}" if chosen else None
