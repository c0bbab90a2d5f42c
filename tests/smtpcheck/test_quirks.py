"""Every misbehaviour of the list, played by a scripted peer and judged by the probe: one case a row."""

import asyncio
import json
import re
import sys

import pytest
import uvloop

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import Host
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST
from bot.demo.lab.quirks import QUIRKS
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.writer import save
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge
from tests import moving
from tests.smtpcheck.labs import AT, probing
from tests.smtpcheck.quirk_answers import (
    BY_ADDRESS,
    BY_WHOLE_CHECK,
    FIRST,
    IMPOSSIBLE,
    NO_NOTE,
    ONLY_DEEP,
    PROTOCOLS,
    answer_to,
    host_of,
    limits_of,
)
from tests.smtpcheck.saving import saved_again
from tests.smtpcheck.speaking import STAGE, STORE, codes, report_on

LISTED = {"G": 34, "E": 21, "T": 20, "M": 6, "Q": 5}
ONE, BOTH = (
    (Host(HOST, addresses, "One address, or both families."), *HOSTS)
    for addresses in (("198.51.100.25",), ("198.51.100.25", "2001:db8::25"))
)
AT_ONCE = 24
PROMPT_MS = 100.0


@pytest.fixture(scope="module")
def reports():
    """The reports on all quirks by id; the peers are played side by side."""
    return moving.run(_meet_all(QUIRKS.values()))


async def _meet_all(quirks):
    scripts = {quirk.id: quirk.scripts(STAGE) for quirk in quirks}
    places = asyncio.Semaphore(AT_ONCE)

    async def meet(quirk):
        async with places:
            how = {"port": quirk.port, "host": host_of(quirk), "limits": limits_of(quirk)}
            return quirk.id, await report_on(*scripts[quirk.id], **how)

    return dict(await asyncio.gather(*map(meet, quirks)))


FLOOD = "G28"


def check_of(quirk, reports):
    facts = Facts("1", host_of(quirk), "local", AT, 1.0, Dns(host_of(quirk), "host"))
    return conclude(facts, [judge(reports[quirk.id].record, at=AT, store=STORE)], store=STORE)


def replayed(check):
    return to_document(replay(saved_again(check, STORE), store=TrustStore([]), trust_record=True))


@pytest.mark.parametrize("quirk", [quirk for quirk in QUIRKS.values() if quirk.id != FLOOD], ids=lambda quirk: quirk.id)
def test_what_it_made_of_the_connection_is_saved_and_read_back_to_the_same_end(quirk, reports):
    check = check_of(quirk, reports)
    assert replayed(check) == to_document(check)


def test_of_a_flood_the_beginning_is_saved_and_the_end_is_the_same(reports):
    check = check_of(QUIRKS[FLOOD], reports)
    [saved] = save(check, store=STORE)["records"]
    assert saved["left_out"] > 0
    assert len(json.dumps(saved)) < 100_000
    [first], [again] = to_document(check)["endpoints"], replayed(check)["endpoints"]
    assert {**again, "transcript": []} == {**first, "transcript": []}


@pytest.mark.parametrize("quirk", QUIRKS.values(), ids=QUIRKS)
def test_the_probe_says_what_the_list_expects(quirk, reports):
    report, answer = reports[quirk.id], answer_to(quirk)
    assert (report.state, report.tls_state) == (answer.state, answer.tls)
    assert answer.findings <= codes(report)
    facts = answer.facts
    assert len(report.before_tls.keywords) == facts.get("extensions", len(report.before_tls.keywords))
    assert report.before_tls.auth == facts.get("auth", report.before_tls.auth)
    assert facts.get("keywords", {}).items() <= report.before_tls.keywords.items()


def test_uvloop_brings_the_same_reports_of_all_that_need_no_waiting(reports):
    prompt = [quirk for quirk in QUIRKS.values() if reports[quirk.id].record.elapsed_ms < PROMPT_MS]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        again = runner.run(_meet_all(prompt))
    assert len(prompt) > 60
    for name, report in again.items():
        assert (report.state, report.tls_state) == (reports[name].state, reports[name].tls_state), name


@pytest.mark.parametrize("quirk", [quirk for quirk in QUIRKS.values() if quirk.notes], ids=lambda quirk: quirk.id)
def test_the_probe_says_what_the_list_notes_beside_it(quirk, reports):
    if quirk.id in {*FIRST, *IMPOSSIBLE}:
        return
    said = codes(reports[quirk.id]) | {finding.params.get("protocol") for finding in reports[quirk.id].findings}
    assert {PROTOCOLS.get(note, note) for note in quirk.notes} - NO_NOTE <= said


@pytest.mark.parametrize("quirk", [q for q in QUIRKS.values() if q.expect == "ok"], ids=lambda quirk: quirk.id)
def test_a_harmless_quirk_makes_no_port_worse_than_a_notice(quirk, reports):
    found = [finding for finding in reports[quirk.id].findings if finding.severity.name != "notice"]
    assert found == []


@pytest.fixture(scope="module")
def wholes():
    """What whole checks make of the quirks that take more than one connection, by id."""
    return moving.run(_check_all())


async def _check_all():
    return {name: await _check(QUIRKS[name]) for name in BY_WHOLE_CHECK}


async def _check(quirk):
    """A network where every connection to the quirk's port leads to it, and IPv6 to its second script if need be."""
    scripts = quirk.scripts(STAGE)
    first, second = (scripts[:1], scripts[1:]) if quirk.id in BY_ADDRESS else (scripts, scripts)
    lab = BOTH if quirk.id in BY_ADDRESS else ONE
    async with Peer(*first) as four, Peer(*second) as six, probing(lab) as (_, prober):
        elsewhere = prober.route

        def route(address, port):
            here = six if ":" in address else four
            return here.address if port == quirk.port else elsewhere(address, port)

        prober.store, prober.route, prober.control.route = STORE, route, route
        target = parse_target(HOST)
        return await prober.check(target, (quirk.port,), check_id="1", deep=quirk.id in ONLY_DEEP)


@pytest.mark.parametrize("name", BY_WHOLE_CHECK)
def test_a_whole_check_says_what_takes_more_than_one_connection(name, wholes):
    report, answer = wholes[name].endpoints[-1], BY_WHOLE_CHECK[name]
    assert (report.state, report.tls_state) == (answer.state, answer.tls)
    assert answer.findings <= codes(report)
    assert QUIRKS[name].expect in codes(report)


def test_every_quirk_of_the_list_is_covered_and_what_cannot_be_has_its_reason(reports, wholes, capsys):
    wanted = {f"{letter}{number:02}" for letter, last in LISTED.items() for number in range(1, last + 1)}
    cases = (reports.keys() | wholes.keys()) - IMPOSSIBLE.keys()
    covered = {re.sub("[a-z]$", "", name) for name in cases}
    with capsys.disabled():
        sys.stdout.write(f"\nquirks: {len(covered & wanted)} of {len(wanted)} covered, {len(cases)} cases\n")
        sys.stdout.writelines(f"  {name} cannot be: {reason}\n" for name, (_, reason) in IMPOSSIBLE.items())
    assert wanted - covered == {"M05"}
    assert FIRST.keys() == BY_WHOLE_CHECK.keys()
