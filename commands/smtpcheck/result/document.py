"""The stored document of a check, read: what its parts mean, and what of it counts. Pure and without words.

Schema `portero.check/2` holds codes and parameters. Rows of `portero.check/1` hold the sentences of their time, which
are kept as they are.

`facts` are what an operator calls changed when it is different. Not latency, not the days that pass until a certificate
ends, not which of a host's addresses answered. `/smtpcheck` keeps their fingerprint, `/smtphistory` compares them.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from commands.smtpcheck.result.health import Evidence

Document: TypeAlias = Mapping[str, Any]

OF_ONE_CONNECTION = frozenset({"port", "address", "seconds", "waited", "position"})
"""Parameters that differ between the endpoints of one host although the finding is the same."""


def seen_in(endpoint: Document) -> Evidence:
    """What the health of a stored endpoint follows from."""
    tls = endpoint["tls"] or {}
    mode, state = tls.get("mode", "starttls"), tls.get("state", "")
    return Evidence(endpoint["state"], endpoint["port"], mode, state, endpoint["address"], codes_of(endpoint))


def codes_of(endpoint: Document) -> frozenset[str]:
    """The codes of an endpoint's findings."""
    return frozenset(finding["code"] for finding in endpoint["findings"])


def stored_summary(document: Document) -> str:
    """The first line as it stands in a row of its own: statements as JSON."""
    return json.dumps(document["summary"], separators=(",", ":"))


def is_same(finding: Document, other: Document) -> bool:
    """Whether two findings say the same, on whatever port."""
    return _without_place(finding) == _without_place(other)


def _without_place(finding: Document) -> Document:
    params = {name: value for name, value in finding.get("params", {}).items() if name not in OF_ONE_CONNECTION}
    return {"code": finding["code"], "message": finding.get("message"), "params": params}


HEAVY = frozenset({"warning", "error", "danger"})


def facts(document: Document) -> dict[str, Any]:
    """The facts of a check, as plain data."""
    points, policy = endpoints(document), policy_of(document)
    return {
        "verdict": document.get("verdict"),
        "mx": sorted(str(record["host"]) for record in document.get("dns", {}).get("mx", ())),
        "recommended": _recommended(document),
        "endpoints": {f"{port} {host}": point for (host, port), point in points.items()},
        **({"policy": policy} if policy else {}),
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


POLICIES = ("dane_", "mta_sts_", "tls_rpt_")
LOOKED_UP = "tls_rpt_"
"""Of this something is found wherever a mail policy is looked up; runs of watches look it up only now and then."""


def policy_of(document: Document) -> list[str]:
    """What is found of the mail policy, as codes; nothing where it was not looked up, or could not be."""
    codes = {str(finding["code"]) for finding in document.get("findings", ())}
    found = sorted(code for code in codes if code.startswith(POLICIES))
    unsure = any(code.endswith("_unknown") for code in found)
    return found if any(code.startswith(LOOKED_UP) for code in found) and not unsure else []


def _recommended(document: Document) -> str | None:
    chosen = document.get("recommended")
    return f"{chosen['port']} {chosen['tls']}" if chosen else None
