"""DANE and MTA-STS of what is watched: when they are looked up, and what of them is an outage. Pure.

A renewal that breaks TLSA closes no port, and mail from half the world stops. So the policy is looked up when a mail
host shows another certificate, in every run while mail is known to stop, and else once an hour. In the baseline:
`{"policy": {"at": time, "shown": {endpoint: [fingerprints]}}}`, of the last look-up that did not fail.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from commands.smtpcheck.result.delivery import PASSING, STOPS_DELIVERY, leaves_open, place_of
from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.states import State
from commands.watch.state.baseline import name_of
from commands.watch.state.endpoints import MOST
from commands.watch.state.model import Watch
from commands.watch.state.observation import Observation

Document: TypeAlias = Mapping[str, Any]

POLICY = "policy"
EVERY = timedelta(hours=1)


def is_due(watch: Watch, document: Document, at: datetime) -> bool:
    """Whether the policy is to be looked up beside this check, which saw what the mail hosts show."""
    if not any(each["port"] == RELAY and each["state"] == State.OPEN for each in document["endpoints"]):
        return False
    known = watch.state.baseline.get(POLICY)
    if known is None or known["shown"] != shown_in(document) or any(stopping_delivery(watch.state.failing)):
        return True
    return not timedelta() <= at - datetime.fromisoformat(known["at"]) < EVERY


def shown_in(document: Document) -> dict[str, list[str]]:
    """The fingerprints of the certificates that each mail host shows on its addresses."""
    shown: dict[str, set[str]] = {}
    for each in document["endpoints"]:
        certificate = (each["tls"] or {}).get("certificate")
        if each["port"] == RELAY and certificate:
            shown.setdefault(name_of(each), set()).add(str(certificate.get("sha256", "")))
    return {name: sorted(prints) for name, prints in sorted(shown.items())}


def with_policy(watch: Watch, seen: Observation, document: Document, looked_at: datetime | None) -> Observation:
    """What was seen, with what its mail policy comes to. `looked_at`: it was looked up for this run."""
    found = document["findings"]
    if looked_at is None and not watch.state.failing and not any(one["code"] in STOPS_DELIVERY for one in found):
        return seen  # as in nearly every run
    stopping = [one for one in found if one["code"] in STOPS_DELIVERY]
    failing = {f"{one['code']} {place_of(one)}" for one in stopping}
    before = {code for code in stopping_delivery(watch.state.failing) if looked_at is None or _is_open(code, found)}
    held = {*seen.held, *(before - failing)} - {place_of(one) for one in stopping}
    return replace(
        seen,
        outcome="bad" if failing else seen.outcome,
        why="" if failing else seen.why,
        failing=tuple(sorted({*seen.failing, *failing})),
        held=tuple(sorted(held)),
        findings=(*stopping, *seen.findings)[:MOST],
        learned={**seen.learned, **_lesson(document, looked_at)},
    )


def _is_open(failing: str, found: Iterable[Document]) -> bool:
    code, _, place = failing.partition(" ")
    return any(leaves_open(one, code, place) for one in found)


def _lesson(document: Document, looked_at: datetime | None) -> dict[str, Any]:
    """A look-up that failed is made again in the next run."""
    if looked_at is None or any(one["code"] in PASSING for one in document["findings"]):
        return {}
    return {POLICY: {"at": looked_at.isoformat(), "shown": shown_in(document)}}


def stopping_delivery(failing: Iterable[str]) -> Iterable[str]:
    """What of it a mail policy makes: it is compared in this place alone."""
    return (code for code in failing if code.partition(" ")[0] in STOPS_DELIVERY)
