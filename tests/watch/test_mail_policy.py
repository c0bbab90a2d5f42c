"""A renewal that breaks TLSA closes no port: watches tell of it all the same."""

import hashlib
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.demo.lab.certificates import Authority
from bot.demo.lab.lab import Host, Lab
from bot.demo.lab.scripts import well_behaved
from bot.demo.lab.zone import Fault
from bot.watches.dns_records import Records
from bot.watches.probe import WatchProbe, without_policy
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.result.delivery import STOPS_DELIVERY
from commands.watch.state.endpoints import of_check
from commands.watch.state.mail_policy import POLICY, is_due, with_policy
from commands.watch.state.model import State
from commands.watch.state.runs import conclude
from commands.watch.view.alert_words import text_of
from commands.watch.view.wording import CODE_WORDS
from tests.histories import history_at
from tests.smtpcheck.labs import prober_of

from .samples import MINUTE, NOON, a_watch, document, endpoint

NAME = "mx.lab.example"
TLSA = f"_25._tcp.{NAME}"
AUTHORITY = Authority(now=datetime.now(UTC))
OLD, NEW = AUTHORITY.issue(NAME), AUTHORITY.issue(NAME)
WATCH = a_watch(target=NAME, ports=(25,))


def record_of(leaf):
    key = leaf.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"3 1 1 {hashlib.sha256(key).hexdigest()}"


@asynccontextmanager
async def standing(folder, shown, published, faults=None):
    """A mail host that shows this certificate, and its record in a signed zone."""
    host = Host(NAME, ("198.51.100.70",), "25.", {25: lambda _: well_behaved(NAME, context=shown.context())})
    zone = {TLSA: {"TLSA": [record_of(published)]}}
    async with Lab([host], zone=zone, faults=faults, authority=AUTHORITY, authenticated=True) as lab:
        prober, history = prober_of(lab), await history_at(folder / "portero.db")
        numbers = iter(range(100))
        looks = WatchProbe(
            prober=without_policy(prober),
            history=history,
            records=Records(SecureResolver((lab.nameserver,)), prober.guard),
            ports=(25,),
            new_id=lambda: f"e{next(numbers)}",
            examine=prober.examine,
        )
        try:
            yield lab, looks
        finally:
            await prober.close()
            await history.close()


async def runs(looks, watch, *minutes):
    """The watch after runs at these minutes, what was told, and the documents of the checks."""
    told, kept = [], []
    for minute in minutes:
        at = NOON + minute * MINUTE
        result = await looks(watch, at)
        watch, events, _ = conclude(watch, {}, result.seen, at, 1.0, "local")
        told += events
        kept.append(result.entry.document)
    return watch, told, kept


async def test_the_policy_is_looked_up_at_first_and_then_once_an_hour(tmp_path):
    async with standing(tmp_path, OLD, OLD) as (lab, looks):
        watch, asked = WATCH, []
        for minute in (0, 15, 59, 60, 75):
            watch, told, _ = await runs(looks, watch, minute)
            asked.append((lab.dns.asked(TLSA), told))
    assert asked == [(1, []), (1, []), (1, []), (2, []), (2, [])]


async def test_a_renewal_that_breaks_tlsa_is_told_with_its_consequence_and_ends_when_it_is_mended(tmp_path):
    async with standing(tmp_path, OLD, OLD) as (_, looks):
        watch, _, _ = await runs(looks, WATCH, 0)
    async with standing(tmp_path, NEW, OLD) as (_, looks):
        watch, told, kept = await runs(looks, watch, 15, 16, 31)
    assert [event.kind for event in told] == ["opened"]
    words = text_of(told[0], watch)
    assert words.headline == f"{NAME}: 25 gets no mail from senders with DANE (no TLSA holds)"
    assert f"Senders with DANE do not deliver to {NAME}:25" in "".join(words.details)
    assert [each["verdict"] for each in kept] == ["degraded"] * 3
    async with standing(tmp_path, NEW, NEW) as (_, looks):
        watch, told, _ = await runs(looks, watch, 46, 47)
    assert [event.kind for event in told] == ["recovered"]


async def test_an_outage_by_policy_does_not_end_because_dns_fails(tmp_path):
    async with standing(tmp_path, NEW, OLD) as (_, looks):
        watch, told, _ = await runs(looks, WATCH, 0, 1)
    assert [event.kind for event in told] == ["opened"]
    async with standing(tmp_path, NEW, OLD, {TLSA: Fault(rcode="SERVFAIL")}) as (_, looks):
        watch, told, _ = await runs(looks, watch, 16, 31, 46)
    assert (told, watch.state.phase) == ([], "down")


async def test_a_look_up_that_failed_is_made_again_in_the_next_run(tmp_path):
    async with standing(tmp_path, NEW, OLD, {TLSA: Fault(rcode="SERVFAIL")}) as (_, looks):
        watch, _, _ = await runs(looks, WATCH, 0)
    async with standing(tmp_path, NEW, OLD) as (_, looks):
        _, told, _ = await runs(looks, watch, 15, 16)
    assert [event.kind for event in told] == ["opened"]


async def test_a_watch_on_certificates_looks_at_it_too(tmp_path):
    async with standing(tmp_path, NEW, OLD) as (_, looks):
        _, told, _ = await runs(looks, replace(WATCH, kind="certificate"), 0, 1)
    assert [(event.kind, event.facts["failing"]) for event in told] == [("opened", [f"dane_mismatch {NAME}:25"])]


def showing(*prints, host=NAME, state="open"):
    each = [endpoint(25, state, host, certificate={"sha256": one, "not_after": ""}) for one in prints]
    return document(*(replace_address(one, number) for number, one in enumerate(each)))


def replace_address(point, number):
    return {**point, "address": f"192.0.2.{number}"}


KNOWN = replace(WATCH, state=State("up", baseline={POLICY: {"at": NOON.isoformat(), "shown": {f"{NAME}:25": ["a"]}}}))


@pytest.mark.parametrize(
    ("watch", "seen", "minutes", "due"),
    [
        (WATCH, showing("a"), 0, True),
        (KNOWN, showing("a"), 15, False),
        (KNOWN, showing("a"), 60, True),
        (KNOWN, showing("a"), -5, True),
        (KNOWN, showing("b"), 15, True),
        (KNOWN, showing("a", "b"), 15, True),
        (KNOWN, showing("a", state="refused"), 60, False),
        (replace(KNOWN, state=replace(KNOWN.state, failing=(f"dane_no_tls {NAME}:25",))), showing("a"), 15, True),
        (replace(KNOWN, state=replace(KNOWN.state, failing=(f"refused {NAME}:465",))), showing("a"), 15, False),
    ],
)
def test_when_the_policy_is_looked_up(watch, seen, minutes, due):
    assert is_due(watch, seen, NOON + minutes * MINUTE) is due


def found(code, **params):
    return {"code": code, "severity": "danger", "params": params}


MISMATCH = found("dane_mismatch", host=NAME, port=25)
BROKEN = replace(WATCH, state=State("down", failing=(f"dane_mismatch {NAME}:25",)))
STS_BROKEN = replace(WATCH, state=State("down", failing=(f"mta_sts_no_starttls {NAME}:25",)))


@pytest.mark.parametrize(
    ("watch", "findings", "looked", "outcome", "held"),
    [
        (WATCH, [], True, "good", ()),
        (WATCH, [MISMATCH], True, "bad", ()),
        (WATCH, [MISMATCH], False, "bad", ()),
        (BROKEN, [], True, "good", ()),
        (BROKEN, [], False, "good", BROKEN.state.failing),
        (BROKEN, [found("dane_unknown", host=NAME, port=25)], True, "good", BROKEN.state.failing),
        (BROKEN, [found("dane_unknown", host="mx2.lab.example", port=25)], True, "good", ()),
        (BROKEN, [found("mta_sts_timeout", host=f"mta-sts.{NAME}")], True, "good", ()),
        (STS_BROKEN, [found("mta_sts_timeout", host=f"mta-sts.{NAME}")], True, "good", STS_BROKEN.state.failing),
        (WATCH, [found("mta_sts_mx_excluded", host=NAME)], True, "bad", ()),
    ],
)
def test_what_was_not_looked_up_again_ends_no_outage(watch, findings, looked, outcome, held):
    checked = {**showing("a"), "findings": findings}
    seen = with_policy(watch, of_check(watch, checked, {}), checked, NOON if looked else None)
    assert (seen.outcome, seen.held) == (outcome, held)
    assert seen.failing == tuple(f"{one['code']} {NAME}:25" for one in findings if outcome == "bad")
    assert bool(seen.findings) == (outcome == "bad")


def test_every_code_that_stops_mail_says_so_in_a_headline():
    assert all(CODE_WORDS[code].startswith("gets no mail from senders with ") for code in STOPS_DELIVERY)
    assert max(len(CODE_WORDS[code]) for code in STOPS_DELIVERY) <= 60, "longer words are cut in a headline"
