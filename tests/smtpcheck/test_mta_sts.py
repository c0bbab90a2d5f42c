import itertools
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.lab.zone import Fault
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.https.response import MALFORMED, Response, ResponseParser, parse_response
from commands.smtpcheck.policy.mta_sts_text import Broken, StsPolicy, covers, parse_policy, parse_record
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.sentences.choice import sentence
from tests.smtpcheck.policies import BASE, POLICY, WEB, WEB_V6, codes, examined, response, speaking


async def test_an_enforced_policy_is_fetched_from_the_judged_address():
    found, heard = await examined()
    assert found.mta_sts.policy == StsPolicy("enforce", ("*.example.com",), 604800)
    assert "mta_sts_enforce" in codes(found)
    assert heard[0].startswith(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com\r\n")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (response(status="301 Moved", more="Location: https://elsewhere.example/\r\n"), "mta_sts_redirect"),
        (response(status="404 Not Found"), "mta_sts_status"),
        (response(kind="text/html"), "mta_sts_content_type"),
        (response("version: STSv1\nmode: maybe\nmax_age: 1\n"), "mta_sts_bad_policy"),
        (response("x" * 65_537), "mta_sts_too_large"),
        (b"220 mail ESMTP\r\n", "mta_sts_malformed"),
        (response(POLICY.replace("*.example.com", "other.example")), "mta_sts_mx_excluded"),
        (response(POLICY.replace("604800", "60")), "mta_sts_short_max_age"),
    ],
)
async def test_what_the_policy_host_does_wrong_is_named(answer, code):
    found, _ = await examined(answer=answer)
    assert code in codes(found)


async def test_a_policy_host_with_another_name_in_its_certificate_is_sent_nothing():
    found, heard = await examined(names=("other.example",))
    assert found.mta_sts.state == "certificate"
    assert heard == []


async def test_a_policy_host_at_a_forbidden_address_is_not_connected_to():
    found, heard = await examined(guard=Guard())
    assert found.mta_sts.state == "forbidden"
    assert heard == []


@pytest.mark.parametrize("dead", ["198.51.100.79", "2001:db8::80"])
async def test_the_other_family_is_tried_where_the_first_address_takes_no_connection(dead):
    records = {"A": [dead], "AAAA": ["2001:db8::81"]} if "." in dead else {"A": [WEB], "AAAA": [dead]}
    tried = []

    def route(address, _):
        tried.append(address)
        return "127.0.0.1", 1

    guard = Guard((ip_network("198.51.100.0/24"), ip_network("2001:db8::/32")))
    found, _ = await examined(BASE | {"mta-sts.example.com": records}, guard=guard, route=route)
    assert tried == [*records["A"], *records["AAAA"]]
    assert (found.mta_sts.state, found.mta_sts.detail) == ("unreachable", "refused")


async def test_a_policy_is_fetched_from_the_other_family():
    dead_first = {"mta-sts.example.com": {"A": ["198.51.100.79"], "AAAA": [WEB_V6]}}
    guard = Guard((ip_network("198.51.100.0/24"), ip_network("2001:db8::/32")))
    found, heard = await examined(BASE | dead_first, guard=guard)
    assert (found.mta_sts.state, len(heard)) == ("valid", 1)


async def test_a_policy_host_is_asked_at_its_public_address_and_never_at_another():
    found, heard = await examined(BASE | {"mta-sts.example.com": {"A": [WEB], "AAAA": ["::1"]}})
    assert (found.mta_sts.state, len(heard)) == ("valid", 1)
    found, heard = await examined(BASE | {"mta-sts.example.com": {"A": ["10.0.0.5"], "AAAA": ["::1"]}})
    assert (found.mta_sts.state, heard) == ("forbidden", [])


async def test_a_failed_look_up_is_unknown_and_no_record_is_absent():
    found, _ = await examined(faults={"_mta-sts.example.com": Fault(rcode="SERVFAIL")})
    assert found.mta_sts.state == "unknown"
    found, _ = await examined({"example.com": BASE["example.com"]})
    assert found.mta_sts.state == "absent"


async def test_two_records_count_as_none():
    two = {"_mta-sts.example.com": {"TXT": ['"v=STSv1; id=1"', '"v=STSv1; id=2"']}}
    found, heard = await examined(BASE | two)
    assert found.mta_sts.state == "many_records"
    assert heard == []


async def test_an_enforced_policy_without_starttls_is_the_worst_finding():
    found, _ = await examined(reports=[speaking(tls="not_offered")])
    assert found.findings[0][0] == "mta_sts_no_starttls"


async def test_under_an_enforced_policy_missing_tls_is_as_grave_as_under_dane_and_tells_the_consequence():
    found, _ = await examined(reports=[speaking(tls="not_offered")])
    assert Code.MTA_STS_NO_STARTTLS.severity() == Code.DANE_NO_TLS.severity()
    assert sentence(*found.findings[0]).startswith(
        "Senders that honour MTA-STS do not deliver to mail.example.com:25: "
    )


@pytest.mark.parametrize("tls", ["broken_temp", "closed", "timeout", "wants_certificate"])
async def test_under_an_enforced_policy_tls_that_fails_is_as_grave_as_under_dane(tls):
    found, _ = await examined(reports=[speaking(tls=tls)])
    assert found.findings[0][0] == "mta_sts_tls_failed"
    assert Code.MTA_STS_TLS_FAILED.severity() == Code.DANE_TLS_FAILED.severity()


async def test_a_policy_in_testing_keeps_no_mail_out():
    found, _ = await examined(reports=[speaking(tls="closed")], answer=response(POLICY.replace("enforce", "testing")))
    assert {"mta_sts_no_starttls", "mta_sts_tls_failed"} & codes(found) == set()


async def test_what_was_not_seen_is_not_held_against_the_host():
    found, _ = await examined(reports=[speaking(tls="", state="rate_limited")])
    assert "mta_sts_no_starttls" not in codes(found)


def test_a_wildcard_covers_one_label():
    assert covers(("*.example.com",), "MX.example.com.")
    assert not covers(("*.example.com",), "a.mx.example.com")
    assert not covers(("*.example.com",), "example.com")


def test_records_and_policies_are_read_strictly():
    assert parse_record("v=STSv1; id=20261124;") == "20261124"
    assert parse_record("v=STSv1; id=not-one") == ""
    assert parse_policy(b"version: STSv1\nmode: none\nmax_age: 1") == StsPolicy("none", (), 1)
    assert parse_policy(b"version: STSv1\nmode: enforce\nmax_age: 1") == Broken("mx")
    assert parse_policy(b"version: STSv1\nmode: testing\nmx: a.example\nmax_age: 31557601") == Broken("max_age")


def test_chunks_are_joined():
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert parse_response(head + b"3\r\nabc\r\n0\r\n\r\n", ended=False).body == b"abc"
    assert parse_response(head + b"3\r\nab", ended=False) is None


HEADS = (b"", b"HTTP/1.1 100 x\r\n\r\n" * 3)
BODIES = (
    b"\r\n\r\nabc",
    b"\r\nContent-Length: 3\r\n\r\nabcd",
    b"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
)


@given(st.sampled_from(HEADS), st.sampled_from(BODIES), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_a_response_is_the_same_however_it_comes_in_pieces(head, body, sizes):
    data = head + b"HTTP/1.1 200 OK" + body
    parser, found = ResponseParser(), None
    for size in itertools.cycle(sizes):
        piece, data = data[:size], data[size:]
        found = parser.feed(piece, ended=not piece)
        if found is not None:
            break
    assert (found.status, found.body) == (200, b"abc")


def test_what_was_read_of_a_response_is_not_read_again_whoever_drips():
    """A host that sends a chunk of one octet at a time would otherwise keep the process busy."""
    parser = ResponseParser()
    parser.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ended=False)
    for _ in range(20_000):
        assert parser.feed(b"1\r\na\r\n", ended=False) is None
        assert len(parser._unread) == 0


def test_a_chunk_size_of_endless_octets_is_no_response():
    begin = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert parse_response(begin + b"1;" + b"x" * 300, ended=False) is MALFORMED


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.booleans())
def test_parsers_are_total(data, ended):
    assert isinstance(parse_policy(data), StsPolicy | Broken)
    assert isinstance(parse_record(data.decode("latin-1")), str)
    for begin in (b"", b"HTTP/1.1 200 \r\n\r\n", b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"):
        assert isinstance(parse_response(begin + data, ended=ended), Response | None)
