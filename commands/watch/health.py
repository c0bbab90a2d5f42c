"""Whether a host and port is well, by what a check (`portero.check/1`) saw on all of its addresses. Pure.

On 25 senders look at no certificate; on every other port mail programs do, and refuse a server whose certificate is not
sound (RFC 8314 section 3.3). What time did to a certificate is wrong for everybody. The rest may be meant, as with an
authority of one's own: it counts where the certificate was sound when the port was first seen (`endpoints`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from commands.watch.observation import Outcome, Way

Document: TypeAlias = Mapping[str, Any]
RELAY = 25

COME_LATER = frozenset({"rate_limited", "temp_refused"})
"""States in which a server asks us to come back: they say nothing of its health."""

NOT_HEARD = frozenset({"not_finished", "held_up", "hijack_suspect", "tarpit", "tarpit_spamd"})
"""States that say nothing of the host: we did not listen long enough, or something else answered in its place.

A tarpit is slow to whom it does not trust; mail that waits for it arrives.
"""

WITHOUT_A_WORD = frozenset({"no_greeting", "incomplete_greeting", "no_ehlo_reply"})
"""States of servers that may be slow, and no more: they count after a long wait alone (`bot.watches.looks`)."""

SILENT = frozenset({"no_answer", "unreachable"})
"""States that our own network may be to blame for."""

WRONG_MODE = "implicit_tls"
"""The code of a port 25 that speaks TLS from the first byte."""

OUT_OF_DATE = ("cert_expired", "cert_chain_expired", "cert_not_yet_valid")
PERHAPS_MEANT = (
    "cert_name_mismatch",
    "cert_no_san",
    "cert_self_signed",
    "cert_untrusted",
    "cert_invalid",
    "cert_chain_incomplete",
    "cert_unparsable",
)
FLAWS = (*OUT_OF_DATE, *PERHAPS_MEANT)
"""Findings for which mail programs refuse a certificate; of several the first is named."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One host and port over all its addresses. `flaw` is why mail programs refuse its certificate, if they do."""

    name: str
    port: int
    outcome: Outcome
    state: str
    tls: str
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class _One:
    outcome: Outcome
    state: str
    tls: str
    flaw: str


def endpoints_of(document: Document, ways: Mapping[int, Way]) -> Iterable[Seen]:
    """Each host and port once. `ways` holds the ports that gave no answer and what the controls say of them."""
    by_name: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for each in document["endpoints"]:
        by_name.setdefault((each["host"], each["port"]), []).append(each)
    for (host, port), group in by_name.items():
        yield _together(f"{host}:{port}", port, [_one(each, ways) for each in _reachable(group)])


def _reachable(group: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """IPv6 without a route says that we have none; it counts only where there is nothing else to go by."""
    rest = [each for each in group if not (each["state"] == "unreachable" and ":" in each["address"])]
    return rest or group


def _together(name: str, port: int, each: Sequence[_One]) -> Seen:
    """One address that answers is enough; one that says nothing leaves the whole open."""
    order: tuple[Outcome, ...] = ("good", "unknown", "blind", "bad")
    outcome = next(kind for kind in order if any(one.outcome == kind for one in each))
    alike = [one for one in each if one.outcome == outcome]
    best = min(alike, key=lambda one: (one.tls != "ok", one.flaw != ""))
    return Seen(name, port, outcome, alike[0].state, best.tls, best.flaw)


def _one(endpoint: Mapping[str, Any], ways: Mapping[int, Way]) -> _One:
    tls, flaw = (endpoint["tls"] or {}).get("state", ""), _flaw(endpoint)
    outcome, state = _judged(endpoint, tls, ways), endpoint["state"]
    if outcome == "good" and flaw in OUT_OF_DATE:
        return _One("bad", flaw, tls, flaw)
    if _takes_no_mail(endpoint):
        return _One("bad", WRONG_MODE, tls, flaw)
    return _One(outcome, state if state != "open" else f"tls_{tls or 'none'}", tls, flaw)


def _takes_no_mail(endpoint: Mapping[str, Any]) -> bool:
    """Other servers do not speak TLS from the first byte (RFC 3207 is all they know on 25)."""
    return endpoint["port"] == RELAY and (endpoint["tls"] or {}).get("mode") == "implicit"


def _flaw(endpoint: Mapping[str, Any]) -> str:
    return "" if endpoint["port"] == RELAY else _first_of(FLAWS, endpoint)


def out_of_date(endpoint: Document) -> str:
    """What time did to the certificate that an endpoint showed, on whatever port."""
    return _first_of(OUT_OF_DATE, endpoint)


def _first_of(flaws: Sequence[str], endpoint: Document) -> str:
    codes = {finding["code"] for finding in endpoint["findings"]}
    return next((code for code in flaws if code in codes), "")


def _judged(endpoint: Mapping[str, Any], tls: str, ways: Mapping[int, Way]) -> Outcome:
    state, port = endpoint["state"], endpoint["port"]
    if state == "open" and endpoint["tls"] is None and port != RELAY:
        return "unknown"  # it was not seen, which is not "no"
    if state == "open":
        return "good" if tls == "ok" or port == RELAY else "bad"
    if state == "blocked_here":
        return "blind"
    if state in COME_LATER | NOT_HEARD:
        return "unknown"
    if state not in SILENT:
        return "bad"
    if state == "unreachable" and ":" in endpoint["address"]:
        return "unknown"
    return _OF_SILENCE[ways.get(port) or _way_of(endpoint)]


_OF_SILENCE: Mapping[Way, Outcome] = {"open": "bad", "blocked": "blind", "unknown": "unknown"}


def _way_of(endpoint: Mapping[str, Any]) -> Way:
    """A stored result remembers the controls in its findings alone."""
    codes = {finding["code"] for finding in endpoint["findings"]}
    return "open" if "no_answer_target" in codes else "unknown"
