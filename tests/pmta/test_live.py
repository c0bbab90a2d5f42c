"""A config held against a name server on loopback."""

import os
from ipaddress import ip_network

import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from bot.demo.workspace.blockkit import problems
from bot.pmta_lookups import DnsLookups
from bot.terminal.key_files import HostKeyFiles
from commands.pmta import live_view
from commands.pmta.facts import facts
from commands.pmta.live import MOST, World, examine
from commands.pmta.live_words import WORDS
from commands.smtpcheck.address.public_addresses import Guard
from tests.every import every
from tests.pmta import keys

PORTS = (25, 587, 2525)
GUARD = Guard((ip_network("198.51.100.0/24"),))
CONFIG = """\
smtp-source-host 198.51.100.1 good.example
smtp-source-host 198.51.100.2 lonely.example
smtp-source-host 198.51.100.3 wanted.example
smtp-source-host 198.51.100.4 oneway.example
smtp-source-host 198.51.100.5 silent.example
smtp-source-host 10.0.0.1 inside.example
smtp-source-host 198.51.100.6 leak.example
smtp-source-host 198.51.100.7 alias.example
domain-key s1,example.com,/etc/pmta/s1.pem
domain-key s2,example.com,/etc/pmta/s2.pem
domain-key s3,example.com,/etc/pmta/s3.pem
domain-key s4,example.com,/etc/pmta/s4.pem
domain-key s5,example.com,/etc/pmta/s5.pem
domain-key s6,example.com,/etc/pmta/s6.pem
"""
RSA = keys.txt(f"v=DKIM1; k=rsa; p={keys.spki(keys.rsa())}")
ZONE = {
    "1.100.51.198.in-addr.arpa": {"PTR": ["good.example."]},
    "good.example": {"A": ["198.51.100.1"]},
    "3.100.51.198.in-addr.arpa": {"PTR": ["other.example."]},
    "other.example": {"A": ["198.51.100.3"]},
    "4.100.51.198.in-addr.arpa": {"PTR": ["oneway.example."]},
    "oneway.example": {"A": ["198.51.100.99"]},
    "6.100.51.198.in-addr.arpa": {"PTR": ["leak.example."]},
    "leak.example": {"A": ["10.1.2.3"]},
    "7.100.51.198.in-addr.arpa": {"CNAME": ["7.sub.100.51.198.in-addr.arpa."]},
    "7.sub.100.51.198.in-addr.arpa": {"PTR": ["alias.example."]},
    "alias.example": {"A": ["198.51.100.7", "10.0.0.7"]},
    "s1._domainkey.example.com": {"TXT": [RSA]},
    "s2._domainkey.example.com": {"TXT": ['"v=DKIM1; p="']},
    "s3._domainkey.example.com": {"TXT": ['"hello"']},
    "s5._domainkey.example.com": {"CNAME": ["s5.esp.example."]},
    "s5.esp.example": {"TXT": [RSA]},
    "s6._domainkey.example.com": {"CNAME": ["nothing.esp.example."]},
}
FAULTS = {"5.100.51.198.in-addr.arpa": Fault(rcode="SERVFAIL")}


async def seen_of(config, zone=ZONE, files=None):
    async with LabDns(zone, faults=FAULTS) as dns:
        world = World(DnsLookups(((dns.host, dns.port),), GUARD), PORTS, files)
        return await examine(facts(config), world), dns.queries


async def states_of(config, zone=ZONE, files=None):
    seen, _ = await seen_of(config, zone, files)
    return [claim.state for claim in seen.claims]


async def test_every_claim_of_a_config_is_told_from_what_dns_says():
    seen, _ = await seen_of(CONFIG)

    assert [claim.state for claim in seen.claims] == [
        "ptr_confirmed",
        "ptr_absent",
        "ptr_other",
        "name_elsewhere",
        "ptr_not_confirmed",
        "ptr_unknown",
        "ptr_not_public",
        "ptr_inside",
        "ptr_confirmed",
        "dkim_present",
        "dkim_revoked",
        "dkim_malformed",
        "dkim_absent",
        "dkim_present",
        "dkim_dangling",
    ]
    assert not live_view.good(seen)


async def test_another_name_that_leads_back_is_a_warning_since_the_address_is_confirmed():
    seen, _ = await seen_of("smtp-source-host 198.51.100.3 wanted.example\n")

    assert [live_view.severity(claim) for claim in seen.claims] == ["warning", "warning"]
    assert "the address is confirmed" in live_view.sentence(seen.claims[0])
    assert live_view.good(seen)


async def test_a_private_address_behind_a_name_is_named_and_confirms_nothing():
    seen, _ = await seen_of("smtp-source-host 198.51.100.6 leak.example\n")

    assert "10.1.2.3: no public address" in live_view.sentence(seen.claims[0])


async def test_the_reverse_dns_of_a_private_address_is_not_asked_for():
    seen, queries = await seen_of("smtp-source-host 10.0.0.1 inside.example\n")

    assert [claim.state for claim in seen.claims] == ["ptr_not_public"]
    assert not queries


async def test_failures_alone_are_no_bad_news_and_say_why():
    seen, _ = await seen_of("smtp-source-host 198.51.100.5 silent.example\n")

    assert live_view.good(seen)
    assert "(SERVFAIL)" in live_view.sentence(seen.claims[0])


async def test_every_row_says_on_what_it_rests_and_the_head_says_who_was_asked():
    seen, _ = await seen_of("smtp-source-host 198.51.100.1 good.example\n")

    head, row, *_ = live_view.lines(seen)
    assert "Asked: 127.0.0.1#" in head
    assert row.endswith("[RFC 1912, 2.1; RFC 8601, 3]")
    assert seen.claims[0].server == seen.asked[0]


async def test_an_alias_is_named_with_the_key_behind_it():
    seen, _ = await seen_of("domain-key s5,example.com,/k\ndomain-key s6,example.com,/k\n")

    assert "through the alias s5.esp.example" in live_view.sentence(seen.claims[0])
    assert "an alias of nothing.esp.example, which holds no TXT" in live_view.sentence(seen.claims[1])


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (keys.pem(keys.rsa()), "file_matches"),
        (keys.pem(keys.rsa(serial=1)), "file_differs"),
        (keys.pem(keys.ed25519()), "file_not_rsa"),
        (b"no key", "file_no_key"),
    ],
)
async def test_the_key_file_of_this_host_is_compared_and_never_shown(content, state, tmp_path):
    path = tmp_path / "s1.pem"
    path.write_bytes(content)
    seen, _ = await seen_of(f"domain-key s1,example.com,{path}\n", files=HostKeyFiles())

    said = "\n".join(live_view.lines(seen))
    assert [claim.state for claim in seen.claims] == ["dkim_present", state]
    assert not any(line in said for line in content.decode().splitlines() if len(line) > 20)
    assert str(path) in said


async def test_a_key_file_that_cannot_be_read_is_unknown(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    named = [tmp_path / "nothing", tmp_path, tmp_path / "pipe", "keys/s1.pem", "{vault}:/v1/secret:key"]
    for path in named:
        seen, _ = await seen_of(f"domain-key s1,example.com,{path}\n", files=HostKeyFiles())

        state = "file_absent" if path == named[0] else "file_unread"
        assert [claim.state for claim in seen.claims] == ["dkim_present", state]
        assert live_view.good(seen)


NAMED = """\
smtp-server-tls-certificate {0}/both.pem hunter2
tls-certificate {0}/key.pem
http-tls-ca-file {0}/gone.pem
smtp-client-certificate cert.pem
tls-ca-file {0}
tls-ca-file /etc/$site.pem
domain-key s1,*,{0}/key.pem
domain-key s1,*,{0}/text.pem
domain-key s4,example.com,{0}/gone.pem
tls-ca-file {0}/both.pem
"""


async def test_files_of_certificates_and_keys_are_looked_for_and_never_shown(tmp_path):
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB0SECRET\n-----END CERTIFICATE-----\n"
    key = keys.pem(keys.rsa())
    (tmp_path / "both.pem").write_bytes(certificate.encode() + key)
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "text.pem").write_text("no key")
    seen, _ = await seen_of(NAMED.format(tmp_path), files=HostKeyFiles())

    assert {claim.lines: claim.state for claim in seen.claims} == {
        (1, 10): "named_fits",
        (2,): "named_no_certificate",
        (3,): "named_absent",
        (4,): "named_unread",
        (5,): "named_unread",
        (7,): "named_fits",
        (8,): "named_no_key",
        (9,): "file_absent",
    }
    said = "\n".join(live_view.lines(seen))
    assert f"Lines 1, 10: {tmp_path}/both.pem can be read and holds a certificate and a private key." in said
    assert not [word for word in ("hunter2", "MIIB0SECRET", key.decode().splitlines()[1]) if word in said]


async def test_no_file_is_looked_for_where_none_may_be_read():
    seen, _ = await seen_of("smtp-server-tls-certificate /etc/hostname\ndomain-key s1,*,/etc/hostname\n")

    assert seen.claims == ()


async def test_relays_and_listeners_are_offered_for_a_check():
    config = "<domain *>\nsmtp-hosts relay.example:587\n</domain>\nsmtp-listener 198.51.100.9:2525\n"
    seen, _ = await seen_of(config)

    assert live_view.lines(seen)[-2:] == [
        "  check  portero check relay.example 587",
        "  check  portero check 198.51.100.9 2525",
    ]
    assert "/smtpcheck relay.example 587" in live_view.reply(seen).text


async def test_what_the_check_would_refuse_is_not_offered_and_says_why():
    config = "<domain *>\nsmtp-hosts leak.example,10.0.0.9:587,198.51.100.9:26,good.example\n</domain>\n"
    seen, _ = await seen_of(config)

    assert [one.host for one in seen.offers] == ["good.example"]
    assert [(one.host, reason) for one, reason in seen.refused] == [
        ("leak.example", "not_public"),
        ("10.0.0.9", "not_public"),
        ("198.51.100.9", "port"),
    ]
    assert "port 26 is not among those that may be probed" in str(live_view.reply(seen).blocks)


async def test_a_claim_made_on_many_lines_is_asked_once_and_names_them():
    seen, queries = await seen_of("smtp-source-host 198.51.100.1 good.example\n" * 5)

    assert [claim.lines for claim in seen.claims] == [(1, 2, 3, 4, 5)]
    assert live_view.sentence(seen.claims[0]).startswith("Lines 1, 2, 3 and 2 more: ")
    assert sum(queries.values()) == 3


async def test_what_names_no_single_thing_is_said_not_to_be_asked_about():
    seen, _ = await seen_of(
        "smtp-source-host 198.51.100.0/24 m.example\ndomain-key s1,*,/k\ndomain-key s1,example.com,/k\n"
    )

    assert "Lines 1, 2: no single address or domain, so DNS was not asked." in live_view.remarks(seen)


async def test_the_domains_of_a_macro_are_asked_about_one_by_one():
    seen, _ = await seen_of("domain-macro ours example.com,example.net\ndomain-key s1,$ours,/k\n")

    assert [(claim.subject, claim.state) for claim in seen.claims] == [
        ("s1._domainkey.example.com", "dkim_present"),
        ("s1._domainkey.example.net", "dkim_absent"),
    ]


async def test_a_long_answer_shows_the_worst_first_and_all_of_it_in_a_file():
    config = "".join(f"domain-key s{number},{'x' * 50}.example,/etc/pmta/s.pem\n" for number in range(7, 60)) + CONFIG
    seen, _ = await seen_of(config)

    answer = live_view.reply(seen)

    assert not problems(list(answer.blocks), "message")
    assert ":white_check_mark:" not in answer.text
    assert all(f"s{number}._domainkey" in answer.files[0].content.decode() for number in range(7, 60))


async def test_over_the_limit_hosts_and_keys_take_turns_and_the_rest_is_counted():
    hosts = "".join(f"smtp-source-host 10.0.{n // 250}.{n % 250} h{n}.example\n" for n in range(400))
    several = "".join(f"domain-key s{n},example.org,/k\n" for n in range(50))
    seen, _ = await seen_of(hosts + several)

    assert len(seen.claims) == MOST
    assert sum(claim.subject.startswith("s") for claim in seen.claims) == 50
    assert "250 more were not asked about: too many for one check." in live_view.remarks(seen)


@every(WORDS)
def test_every_state_has_a_severity_and_a_sentence(state):
    severity, words, _ = WORDS[state]

    assert severity in live_view.SIGNS
    assert words.format(subject="x", seen="y")
