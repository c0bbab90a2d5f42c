"""No state and no finding without its evidence: arbitrary checks, held against what the table says that each needs."""

from hypothesis import given, settings

from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.needed_facts import NEEDED, Fact
from commands.smtpcheck.result.states import State
from tests.every import every
from tests.smtpcheck.arbitrary import checks, records, times
from tests.smtpcheck.evidence import SEEN, SEEN_OF_CHECK, lacking
from tests.smtpcheck.speaking import judged
from tests.smtpcheck.test_totality import CHAINS


@settings(max_examples=times(150), deadline=None)
@given(records(CHAINS))
def test_no_finding_is_said_without_what_must_have_been_seen_for_it(record):
    for found in judged(record).findings:
        missing = [fact for fact in NEEDED[found.code] if fact not in SEEN or not SEEN[fact](record)]
        assert not missing, f"{found.code} without: {', '.join(missing)}"


@settings(max_examples=times(60), deadline=None)
@given(checks(CHAINS))
def test_no_check_says_more_than_was_seen(check):
    assert lacking(check) == []


@every([*State, *Code])
def test_every_state_and_finding_says_what_must_have_been_seen_for_it(said):
    assert NEEDED[said]


def test_every_fact_can_be_looked_for():
    assert SEEN.keys() | SEEN_OF_CHECK.keys() == set(Fact)
    assert SEEN.keys() & SEEN_OF_CHECK.keys() == set()
