"""A config held against a name server on loopback."""

from ipaddress import ip_network

import pytest

from bot.lab.dns import LabDns
from bot.lab.zone import Fault
from bot.lookups import DnsLookups
from bot.workspace.blockkit import problems
from commands.pmta import live_view
from commands.pmta.facts import facts
from commands.pmta.live import examine, judge_dkim
from commands.smtpcheck.guard import Guard

GUARD = Guard((ip_network("198.51.100.0/24"),))
CONFIG = """\
smtp-source-host 198.51.100.1 good.example
smtp-source-host 198.51.100.2 lonely.example
smtp-source-host 198.51.100.3 wanted.example
smtp-source-host 198.51.100.4 oneway.example
smtp-source-host 198.51.100.5 silent.example
smtp-source-host 10.0.0.1 inside.example
domain-key s1,example.com,/etc/pmta/s1.pem
domain-key s2,example.com,/etc/pmta/s2.pem
domain-key s3,example.com,/etc/pmta/s3.pem
domain-key s4,example.com,/etc/pmta/s4.pem
"""
ZONE = {
    "1.100.51.198.in-addr.arpa": {"PTR": ["good.example."]},
    "good.example": {"A": ["198.51.100.1"]},
    "3.100.51.198.in-addr.arpa": {"PTR": ["other.example."]},
    "4.100.51.198.in-addr.arpa": {"PTR": ["oneway.example."]},
    "oneway.example": {"A": ["198.51.100.99"]},
    "s1._domainkey.example.com": {"TXT": ['"v=DKIM1; k=rsa; " "p=MIIB"']},
    "s2._domainkey.example.com": {"TXT": ['"v=DKIM1; p="']},
    "s3._domainkey.example.com": {"TXT": ['"hello"']},
}
FAULTS = {"5.100.51.198.in-addr.arpa": Fault(rcode="SERVFAIL")}


async def claims_of(config):
    async with LabDns(ZONE, faults=FAULTS) as dns:
        claimed = facts(config)
        found = await examine(claimed, DnsLookups(((dns.host, dns.port),), GUARD))
        return claimed, found, dns.queries


async def test_every_claim_of_a_config_is_told_from_what_dns_says():
    _, found, _ = await claims_of(CONFIG)

    assert [claim.state for claim in found] == [
        "ptr_confirmed",
        "ptr_absent",
        "ptr_other",
        "ptr_not_confirmed",
        "ptr_unknown",
        "ptr_not_public",
        "dkim_present",
        "dkim_revoked",
        "dkim_malformed",
        "dkim_absent",
    ]
    assert not live_view.good(found)


async def test_the_reverse_dns_of_a_private_address_is_not_asked_for():
    _, found, queries = await claims_of("smtp-source-host 10.0.0.1 inside.example\n")

    assert [claim.state for claim in found] == ["ptr_not_public"]
    assert not queries


async def test_failures_alone_are_no_bad_news():
    _, found, _ = await claims_of("smtp-source-host 198.51.100.5 silent.example\n")

    assert live_view.good(found)


async def test_relays_and_listeners_are_offered_for_a_check():
    config = "<domain *>\nsmtp-hosts relay.example:587\n</domain>\nsmtp-listener 198.51.100.9:2525\n"
    claimed, found, _ = await claims_of(config)

    assert live_view.lines(found, claimed) == [
        "  check  portero check relay.example 587",
        "  check  portero check 198.51.100.9 2525",
    ]
    assert "/smtpcheck relay.example 587" in live_view.reply(found, claimed).text


async def test_a_long_answer_is_cut_into_sections_that_slack_takes():
    keys = "".join(f"domain-key s{number},{'x' * 50}.example,/etc/pmta/s.pem\n" for number in range(38))
    claimed, found, _ = await claims_of(keys)

    answer = live_view.reply(found, claimed)

    assert not problems(list(answer.blocks), "message")
    assert all(f"Line {number}:" in str(answer.blocks) for number in range(1, 39))


async def test_no_more_than_forty_questions_are_begun():
    many = "".join(f"smtp-source-host 198.51.100.{number} h{number}.example\n" for number in range(1, 90))
    _, found, _ = await claims_of(many)

    assert len(found) == 40


@pytest.mark.parametrize("state", live_view.WORDS)
def test_every_state_has_a_severity_and_a_sentence(state):
    severity, words = live_view.WORDS[state]

    assert severity in live_view.SIGNS
    assert words.format(subject="x", seen="y")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        (["v=DKIM1; k=ed25519; p=abc"], "dkim_present"),
        (["p=abc"], "dkim_present"),
        (["v=DKIM1; p="], "dkim_revoked"),
        (["v=DKIM1; p=a", "v=DKIM1; p=b"], "dkim_several"),
        (["v=spf1 -all", "v=DKIM1; p=a"], "dkim_present"),
        (["v=DKIM2; p=a"], "dkim_malformed"),
        ([""], "dkim_malformed"),
        (["=;=;;"], "dkim_malformed"),
    ],
)
def test_a_dkim_record_is_read_by_its_tags(records, state):
    assert judge_dkim(records)[0] == state
