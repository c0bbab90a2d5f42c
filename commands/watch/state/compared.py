"""What of a check is compared with how it was, beside outages: addresses, MX, logins, TLS, certificates. Pure.

As records (`dns_changes`): `<what> <name>` -> sorted values. A row of `IS_NEWS` says which difference is told; any
other is learned in silence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from commands.smtpcheck.result.document import codes_of
from commands.smtpcheck.result.findings import RELAY, Code
from commands.smtpcheck.result.health import OUT_OF_DATE
from commands.smtpcheck.result.states import State, TlsState
from commands.watch.state.port_health import flaw_of

Document: TypeAlias = Mapping[str, Any]
Values: TypeAlias = Sequence[str]

WEAK = (Code.TLS_WEAK_CIPHER, Code.TLS_NO_FORWARD_SECRECY)


def records_of(document: Document) -> dict[str, tuple[str, ...]]:
    """What a check saw of it; what it did not see is left out."""
    found: dict[str, tuple[str, ...]] = {}
    mx = document.get("dns", {}).get("mx", ())
    if mx:
        found[f"mx {document['target']}"] = tuple(sorted(f"{one['preference']} {one['host']}" for one in mx))
    found |= {f"address {host}": tuple(sorted(them)) for host, them in _addresses(document).items()}
    for each in document["endpoints"]:
        for key, values in _of_tls(each):
            found[key] = min(found.get(key, values), values, key=_strength)
        for key, values in _of_greeting(each):
            found[key] = max(found.get(key, values), values)
        for key, values in _of_certificate(each):
            found[key] = min(found.get(key, values), values, key=_soundness)
    return found


def _addresses(document: Document) -> dict[str, set[str]]:
    """By name; a target that is an address itself has none."""
    found: dict[str, set[str]] = {}
    for each in document["endpoints"]:
        if each["host"] != each["address"]:
            found.setdefault(each["host"], set()).add(each["address"])
    return found


def _of_tls(endpoint: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    tls = endpoint["tls"] or {}
    if endpoint["state"] != State.OPEN or tls.get("state") != TlsState.OK:
        return
    place = f"{endpoint['host']}:{endpoint['port']}"
    logins = tuple(sorted(each.upper() for each in endpoint.get("auth", {}).get("after_tls", ())))
    if logins and endpoint["port"] != RELAY:
        yield f"auth {place}", logins
    if tls.get("version"):
        weak = sorted(codes_of(endpoint) & set(WEAK))
        yield f"tls {place}", (tls["version"], str(tls.get("cipher") or ""), *weak)


SLOW_MS = 10_000.0
"""Clients with short time-outs give up on a greeting that takes longer."""

PROMPT, SLOW = "prompt", "slow"


def _of_greeting(endpoint: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whether it took long; of several addresses the slowest counts."""
    if endpoint["state"] == State.OPEN and endpoint.get("greeting"):
        slow = Code.SLOW_GREETING in codes_of(endpoint) and endpoint["greeting"]["delay_ms"] > SLOW_MS
        yield f"greeting {endpoint['host']}:{endpoint['port']}", (SLOW if slow else PROMPT,)


CERTIFICATE, SOUND = "certificate", "sound"
MOST_NAMES = 8
"""Of a certificate for another name, that are kept."""


def _of_certificate(endpoint: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Why mail programs refuse the certificate of a port 25, with its names: where that is no outage, it is a change.

    What time did to one is told before it happens.
    """
    shown = (endpoint["tls"] or {}).get("certificate")
    if endpoint["port"] != RELAY or endpoint["state"] != State.OPEN or not shown:
        return
    flaw = flaw_of(codes_of(endpoint))
    if flaw not in OUT_OF_DATE:
        names = sorted(shown.get("names", ()))[:MOST_NAMES] if flaw == Code.CERT_NAME_MISMATCH else ()
        yield f"{CERTIFICATE} {endpoint['host']}:{endpoint['port']}", (flaw or SOUND, *names)


def _soundness(values: Values) -> bool:
    return values[0] == SOUND


def _strength(values: Values) -> tuple[str, int, int]:
    """Of several addresses the weakest counts, as it does for a client that meets it."""
    return values[0] if values else "", -len(values[2:]), len(values)


def _narrower(before: Values, after: Values) -> bool:
    """Logins are gone; that all are gone is an outage."""
    return bool(after) and bool(set(before) - set(after))


def _weaker(before: Values, after: Values) -> bool:
    """`TLSv1.2` sorts before `TLSv1.3`; a weakness that was not there before is one, too."""
    return after[0] < before[0] or bool(set(after[2:]) - set(before[2:]))


def _elsewhere(before: Values, after: Values) -> bool:
    """An address that is new; a part of those that are known is what a name server that rotates answers."""
    return bool(set(after) - set(before))


def _spoilt(before: Values, after: Values) -> bool:
    return _soundness(before) and not _soundness(after)


IS_NEWS: Mapping[str, Callable[[Values, Values], bool]] = {
    CERTIFICATE: _spoilt,
    "auth": _narrower,
    "tls": _weaker,
    "address": _elsewhere,
}
FLEETING = frozenset({"ptr", "tlsa"})
"""Records whose names come and go with addresses and exchanges; any other is remembered while it is not seen."""

POOLED = frozenset({"address"})
"""Of these what was seen once stays known."""


def is_news(key: str, before: Values, after: Values) -> bool:
    judged = IS_NEWS.get(key.partition(" ")[0])
    return judged(before, after) if judged else before != after


def learned(key: str, before: Values, after: Values) -> list[str]:
    """What is known after a difference that is no news, or was told."""
    return sorted({*before, *after})[:POOL] if is_pooled(key) else list(after)


def is_pooled(key: str) -> bool:
    return key.partition(" ")[0] in POOLED


POOL = 64
