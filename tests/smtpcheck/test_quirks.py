"""Every misbehaviour of the list, played by a scripted peer and judged by the probe: one case a row."""

import asyncio
import re
import sys

import pytest
import uvloop

from bot.lab.quirks import QUIRKS
from tests import moving
from tests.smtpcheck.quirk_answers import (
    ELSEWHERE,
    NO_NOTE,
    PROTOCOLS,
    answer_to,
    host_of,
    limits_of,
)
from tests.smtpcheck.speaking import STAGE, codes, report_on

LISTED = {"G": 34, "E": 21, "T": 20, "M": 6, "Q": 5}
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
    if quirk.id in ELSEWHERE:
        return
    said = codes(reports[quirk.id]) | {finding.params.get("protocol") for finding in reports[quirk.id].findings}
    assert {PROTOCOLS.get(note, note) for note in quirk.notes} - NO_NOTE <= said


@pytest.mark.parametrize("quirk", [q for q in QUIRKS.values() if q.expect == "ok"], ids=lambda quirk: quirk.id)
def test_a_harmless_quirk_makes_no_port_worse_than_a_notice(quirk, reports):
    found = [finding for finding in reports[quirk.id].findings if finding.severity.name != "notice"]
    assert found == []


def test_every_quirk_of_the_list_is_answered_or_has_its_reason(reports, capsys):
    wanted = {f"{letter}{number:02}" for letter, last in LISTED.items() for number in range(1, last + 1)}
    answered = {re.sub("[a-z]$", "", quirk) for quirk in reports if quirk not in ELSEWHERE}
    elsewhere = {re.sub("[a-z]$", "", quirk) for quirk in ELSEWHERE} - answered
    with capsys.disabled():
        sys.stdout.write(
            f"\nquirks: {len(answered)} of {len(wanted)} answered, {len(elsewhere)} have a reason not to be\n"
        )
    assert wanted - answered - elsewhere == set()
    assert all(entry.reason for entry in ELSEWHERE.values())
    assert len(answered) >= 78
