from dataclasses import replace

import pytest

from bot.demo.lab.zone import Fault
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.policy.mail_policy import idle_exchanges
from commands.smtpcheck.result.findings import Code, row_of
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.sentences import english
from commands.smtpcheck.result.sentences.choice import sentence
from tests.smtpcheck.labs import report
from tests.smtpcheck.policies import BASE, DNS, HOST, codes, examined, speaking
from tests.smtpcheck.speaking import ADDRESS


async def test_a_name_server_that_never_answers_leaves_everything_unknown():
    found, heard = await examined(reports=[speaking()], faults=_silent(), part_s=0.6)
    assert {code.rpartition("_")[2] for code in codes(found)} == {"unknown"}
    assert heard == []


def _silent():
    names = ("_mta-sts.example.com", "_smtp._tls.example.com", "_submission._tcp.example.com",
             "_submissions._tcp.example.com", "_25._tcp.mail.example.com", _reverse())  # fmt: skip
    return {name: Fault(drop=True) for name in names}


def _reverse():
    return ".".join(reversed(ADDRESS.split("."))) + ".in-addr.arpa"


async def test_a_host_that_is_no_mail_domain_is_not_asked_for_policies():
    found, heard = await examined(dns=Dns("mail.example.com", "host"))
    assert (found.mta_sts, found.tls_rpt, found.services, heard) == (None, None, (), [])


async def test_a_domain_that_receives_nothing_is_not_asked_for_policies():
    found, _ = await examined(BASE, dns=Dns("example.com", "domain", null_mx=True))
    assert found.mta_sts is None


def test_codes_of_failed_fetches_have_words():
    states = ("unreachable", "timeout", "closed", "tls", "certificate", "malformed", "too_large", "no_host")
    assert all(f"mta_sts_{state}" in english.SENTENCES for state in states)


def test_every_sentence_can_be_said_with_its_parameters():
    assert all(sentence(code, {"days": 7}) for code in Code)


TWO = replace(DNS, mx=((10, "first.example.com"), (20, HOST)))


def at(host, state):
    made = report(25, state)
    return replace(made, record=replace(made.record, host=host))


@pytest.mark.parametrize("silence", ["refused", "no_answer", "unreachable"])
def test_a_first_mx_that_takes_no_connection_may_be_nolisting(silence):
    found = idle_exchanges(TWO, [at("first.example.com", silence), at(HOST, "open")])
    assert found == [("mx_first_silent", {"name": "example.com", "host": "first.example.com", "other": HOST})]


@pytest.mark.parametrize(
    ("dns", "states"),
    [
        (TWO, {"first.example.com": "open", HOST: "refused"}),
        (TWO, {"first.example.com": "refused", HOST: "refused"}),
        (TWO, {"first.example.com": "rate_limited", HOST: "open"}),
        (TWO, {HOST: "open"}),
        (replace(TWO, mx=((10, "first.example.com"), (10, HOST))), {"first.example.com": "refused", HOST: "open"}),
        (replace(TWO, mx=()), {HOST: "open"}),
    ],
)
def test_anything_else_is_no_nolisting(dns, states):
    found = idle_exchanges(dns, [at(host, state) for host, state in states.items()])
    assert "mx_first_silent" not in dict(found)


@pytest.mark.parametrize("silence", ["refused", "no_answer", "unreachable"])
@pytest.mark.parametrize("preference", [10, 20])
def test_another_mx_that_takes_no_connection_is_named(silence, preference):
    dns = replace(DNS, mx=((10, HOST), (preference, "down.example.com")))
    found = idle_exchanges(dns, [at("down.example.com", silence), at(HOST, "open")])
    assert found == [("mx_idle", {"name": "example.com", "host": "down.example.com", "other": HOST})]
    assert row_of("mx_idle").severity() is Severity.warning


def test_an_mx_that_lacks_a_route_over_ipv6_alone_is_not_called_idle():
    six = at("six.example.com", "unreachable")
    six = replace(six, record=replace(six.record, address="2001:db8::1"))
    assert idle_exchanges(replace(DNS, mx=((10, HOST), (20, "six.example.com"))), [six, at(HOST, "open")]) == []
