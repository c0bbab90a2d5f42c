import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.history.changes import DIFFERENCES, changes
from commands.history.wording import sentences, sides
from commands.sharing import fingerprint
from commands.smtpcheck.result.document import facts
from tests.every import every
from tests.history.documents import certificate, document, endpoint

WELL = document(endpoint())
CLOSED = document(endpoint(state="refused", tls="", shown=False), verdict="failed", recommended=None)
CLEAR = document(endpoint(tls="not_offered", shown=False), verdict="degraded", recommended=(587, "none"))

SAID = [
    (WELL, CLEAR, "587: STARTTLS gone"),
    (CLEAR, WELL, "587: STARTTLS is offered again"),
    (WELL, CLOSED, "587: refused (before: open)"),
    (WELL, CLOSED, "it is not usable (before: it works)"),
    (WELL, document(endpoint(tls="no_common_cipher", shown=False)), "TLS does not work any more (no common cipher)"),
    (
        WELL,
        document(endpoint(shown=certificate("bb", ends="2027-05-01T00:00:00Z"))),
        "certificate renewed, valid until",
    ),
    (WELL, document(endpoint(shown=certificate("bb", ends="2026-12-01T00:00:00Z"))), "another certificate"),
    (WELL, document(endpoint(shown=certificate(trusted=False))), "587: the certificate is not trusted any more"),
    (document(endpoint(shown=certificate(name_matches=False))), WELL, "587: the certificate has the right name now"),
    (
        WELL,
        document(endpoint(auth={"before_tls": ["PLAIN"], "after_tls": []})),
        "587: no logins any more (before: PLAIN)",
    ),
    (WELL, document(endpoint(), mx=["mx2.example.com"]), "MX hosts mx2.example.com (before: none)"),
    (document(endpoint(), endpoint(host="mx1.x")), document(endpoint(), endpoint(host="mx2.x")), "mx2.x is new"),
    (document(endpoint(), endpoint(host="mx1.x")), document(endpoint()), "mx1.x is not there any more"),
    (WELL, document(endpoint(), recommended=(465, "implicit")), "port to use 465 with implicit TLS (before: 587 with"),
]

TWO = {"address": "192.0.2.26"}
POOL = document(endpoint(), endpoint(**TWO))
DOWN = document(endpoint(), endpoint(**TWO, state="refused", tls="", shown=False))
SAID += [
    (POOL, DOWN, "587 192.0.2.26: refused (before: like the others)"),
    (DOWN, POOL, "587 192.0.2.26: like the others (before: refused)"),
    (
        POOL,
        document(endpoint(), endpoint(**TWO, tls="not_offered", shown=False)),
        "587 192.0.2.26: no STARTTLS (before",
    ),
]


@every(SAID)
def test_what_an_operator_calls_a_change_is_said(before, after, words):
    said = sentences(changes("check", before, after))
    assert any(words in each for each in said), said
    assert fingerprint(facts(before)) != fingerprint(facts(after))


QUIET = {
    "latency": document(endpoint(timings_ms={"connect": 900.0})),
    "one more address that is alike": POOL,
    "a family that we have not": document(endpoint(), endpoint(address="2001:db8::1", state="no_ipv6_here", tls="")),
    "another address": document(endpoint(address="192.0.2.26")),
    "fewer days": document(endpoint(shown=certificate(days_left=59))),
    "another id": document(endpoint(), id="id9"),
}


@pytest.mark.parametrize("after", QUIET.values(), ids=QUIET)
def test_what_changes_by_itself_is_no_change(after):
    assert changes("check", WELL, after) == []
    assert facts(WELL) == facts(after)


def test_a_port_that_only_one_check_looked_at_says_nothing():
    assert changes("check", document(endpoint(), endpoint(465)), WELL) == []


def test_of_several_addresses_the_worst_counts_whichever_comes_first():
    bad = endpoint(state="no_answer", tls="", shown=False, address="192.0.2.26")
    assert facts(document(endpoint(), bad)) == facts(document(bad, endpoint()))
    assert changes("check", WELL, document(endpoint(), bad))[0].after == "no_answer"


def test_several_hosts_are_told_apart():
    before = document(endpoint(), endpoint(host="mx2.example.com"))
    after = document(endpoint(), endpoint(host="mx2.example.com", state="refused", tls="", shown=False))
    assert sentences(changes("check", before, after)) == ["587 mx2.example.com: refused (before: open)"]


def test_configs_are_compared_by_rule():
    def config(*codes):
        return {"findings": [{"code": code, "rule": "rule"} for code in codes]}

    found = changes("pmta", config("PMTA101", "PMTA101", "PMTA204"), config("PMTA101", "PMTA300"))
    assert sentences(found) == [
        "PMTA101 rule: 1 (before: 2)",
        "PMTA204 rule: no finding any more",
        "PMTA300 rule: new, 1",
    ]


def test_advice_is_compared_by_ports():
    def advice(port, *fallbacks):
        return {"recommended": {"port": port, "tls": "starttls"}, "fallbacks": [{"port": it} for it in fallbacks]}

    found = changes("port", advice(587, 2525), advice(465, 587))
    assert [sides(each) for each in found] == [
        ("Port to use", "587 with STARTTLS", "465 with STARTTLS"),
        ("Fallbacks", "2525", "587"),
    ]


POINTS = st.builds(
    endpoint,
    st.sampled_from([25, 465, 587]),
    host=st.sampled_from(["a.example", "b.example"]),
    state=st.sampled_from(["open", "refused", "no_answer"]),
    tls=st.sampled_from(["ok", "not_offered", "masked"]),
    shown=st.sampled_from([certificate("aa"), certificate("bb", trusted=False)]),
    findings=st.lists(st.sampled_from(["warning", "info"]), max_size=2),
)
DOCUMENTS = st.builds(
    lambda points, verdict, mx: document(*points, verdict=verdict, mx=mx),
    st.lists(POINTS, max_size=4),
    st.sampled_from(["ok", "failed"]),
    st.lists(st.sampled_from(["a.example", "b.example"]), unique=True),
)


@given(DOCUMENTS, DOCUMENTS)
def test_results_with_equal_facts_have_no_changes_and_changes_can_be_said(before, after):
    found = changes("check", before, after)
    same = facts(before) == facts(after)
    probed = [{(it["host"], it["port"]) for it in each["endpoints"]} for each in (before, after)]
    assert not (same and found)
    assert found or same or probed[0] != probed[1]
    assert all(sentences(found)) and all(all(sides(each)) for each in found)
    assert json.dumps([sides(each) for each in found])


def test_an_unknown_kind_has_no_changes():
    assert set(DIFFERENCES) == {"check", "network", "port", "pmta"}
    assert changes("watch", {}, {}) == []


def test_ports_that_changed_alike_are_said_together():
    before = document(endpoint(25), endpoint(465), endpoint(587))
    gone = [endpoint(port, state="no_answer", tls="", shown=False) for port in (25, 587)]
    assert sentences(changes("check", before, document(endpoint(465), *gone))) == ["25, 587: no answer (before: open)"]


def test_looks_at_a_network_are_compared_by_port():
    def look(verdict, **ports):
        return {"verdict": verdict, "ports": [{"port": port.strip("p"), "state": at} for port, at in ports.items()]}

    before, after = look("ok", p25="open", p465="open", p2525="open"), look("degraded", p25="blocked", p465="open")
    assert [sides(change) for change in changes("network", before, after)] == [
        ("Verdict", "works", "works, with faults"),
        ("25: Outgoing", "open", "blocked"),
        ("2525: Outgoing", "open", "not asked"),
    ]
