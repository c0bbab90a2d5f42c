"""What a check means is answered once: verdict, availability, watches and exports agree for every state and code."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import Check, Facts, finding
from commands.smtpcheck.result.findings import Code, row_of
from commands.smtpcheck.result.health import WORTH, Evidence, health
from commands.smtpcheck.result.scales import Health, Severity, Side
from commands.smtpcheck.result.sentences.english import SENTENCES, STATES, TLS_STATES
from commands.smtpcheck.result.states import BY_NAME, UNJUDGED, State, TlsState
from commands.smtpcheck.stored.document import to_readings
from commands.smtpcheck.verdict.conclusion import overall
from commands.watch.state.port_health import endpoints_of
from tests.every import every
from tests.smtpcheck.labs import report

PORTS = (25, 465, 587, 2525)
HOST = "mail.example.com"
FACTS = Facts("1", HOST, "local", datetime(2026, 11, 1, tzinfo=UTC), 1.0, Dns(HOST, "host"))
SHOWN = {"address": "192.0.2.1", "transcript": [], "host": HOST}
OPEN = [(State.OPEN, tls) for tls in ("", *TlsState)]
SHUT = [(state, "") for state in State if state is not State.OPEN]
BESIDE = [code for code in Code if code.side is Side.OURS and BY_NAME.get(code) is None]


def endpoint(port, state, tls, *codes):
    """An endpoint whose findings are these, and that of its state."""
    own = [str(state)] if str(state) in set(Code) else []
    found = tuple(finding(row_of(code), {}, port) for code in (*own, *codes))
    mode = "implicit" if port == 465 else "starttls"
    return replace(report(port, str(state), str(tls), mode=mode), findings=found)


def stored(one):
    tls = {"mode": one.record.mode, "state": one.tls_state} if one.tls_state else None
    found = [{"code": each.code, "severity": each.severity.name} for each in one.findings]
    return {**SHOWN, "port": one.port, "state": one.state, "tls": tls, "findings": found}


def outcome_of(one):
    (seen,) = endpoints_of({"endpoints": [stored(one)]}, {})
    return seen.outcome


def available(one):
    readings = to_readings(Check(FACTS, "ok", None, (one,), ()))
    return readings[0].ok if one.state not in UNJUDGED else None if not readings else "kept"


@every((port, *seen) for port in PORTS for seen in OPEN + SHUT)
def test_verdict_availability_and_watch_agree_on_every_state(port, state, tls):
    one = endpoint(port, state, tls)
    worth = WORTH[one.health]

    verdict = overall([one], [])

    assert outcome_of(one) == worth.outcome
    assert available(one) is worth.available
    assert one.usable is (verdict in {"ok", "degraded"})
    assert (verdict == worth.verdict) or (verdict, one.health) == ("degraded", Health.UP)


@every(product(PORTS, [state for state in State if state.side is Side.OURS]))
def test_a_state_that_is_ours_never_counts_against_a_host(port, state):
    one = endpoint(port, state, "")
    beside = report(587)

    assert overall([one], []) in {"unknown", "blocked_here"}
    assert overall([one, beside], []) in {"ok", "unknown"}
    assert (available(one), outcome_of(one)) in {(None, "unknown"), (None, "blind")}


@every(product([State.OPEN, State.REFUSED_BY_POLICY], BESIDE))
def test_a_finding_that_is_ours_never_makes_a_host_worse(state, code):
    tls = "ok" if state is State.OPEN else ""
    bare, with_code = endpoint(587, state, tls), endpoint(587, state, tls, code)
    scale = ["failed", "degraded", "unknown", "blocked_here", "ok"]

    assert scale.index(overall([with_code], [])) >= scale.index(overall([bare], []))
    assert available(with_code) is not False or available(bare) is False
    assert outcome_of(with_code) != "bad" or outcome_of(bare) == "bad"


def test_who_may_yet_greet_is_not_judged_and_a_watch_looks_again():
    one = endpoint(25, "no_greeting", "", Code.GREETING_AWAITED)
    assert (overall([one], []), available(one), outcome_of(one)) == ("unknown", None, "bad")


@pytest.mark.parametrize("state", ["refused_by_policy", "no_mail_service"])
def test_who_refuses_us_as_everybody_does_is_not_judged(state):
    one = replace(report(25, state, ""), findings=(finding(Code.REFUSED_ALIKE, {}, 25),))
    assert (overall([one], []), available(one), outcome_of(one)) == ("unknown", None, "unknown")


@pytest.mark.parametrize(
    ("egress", "expected"), [("open", "down"), ("blocked", "blocked_here"), ("unknown", "unknown")]
)
@pytest.mark.parametrize("state", [State.NO_ANSWER, State.UNREACHABLE])
def test_silence_is_the_hosts_only_where_something_else_was_reached(state, egress, expected):
    assert health(Evidence(state, 25, "starttls", "", "192.0.2.1", ()), egress) == expected


def test_a_state_that_a_newer_version_stored_says_nothing():
    assert health(Evidence("state_of_tomorrow", 25, "starttls", "", "192.0.2.1", ())) is Health.UNKNOWN


def test_every_row_is_whole():
    for code in Code:
        assert any(key.partition(".")[0] == code for key in SENTENCES)
        assert all(kind in {str, int, float, bool, list} for kind in code.params.values())
        assert code.servers in Severity
    assert set(STATES) == set(State)
    assert set(TLS_STATES) <= set(TlsState)
