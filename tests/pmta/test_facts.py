from hypothesis import given, settings

from commands.pmta.facts import Endpoint, SigningKey, SourceHost, facts
from tests.pmta.shapes import configs

CONFIG = """\
smtp-listener 10.0.1.22:587
smtp-listener 0/0:25
<smtp-listener 192.0.2.5:465>
</smtp-listener>
smtp-source-host 203.0.113.0/24 many.example.com
<virtual-mta a>
    smtp-source-host 203.0.113.5 a.example.com
    domain-key s1,example.com,/k
    domain-key s1,*,/k
    <domain x.queue>
        smtp-hosts [198.51.100.7]:587,relay.example;lookup-mx:example.org
        auth-password a:b
    </domain>
</virtual-mta>
"""


def test_claims_carry_their_lines_and_leave_out_what_cannot_be_asked():
    found = facts(CONFIG)
    assert found.source_hosts == (SourceHost("203.0.113.5", "a.example.com", 7),)
    assert found.signing_keys == (SigningKey("s1", "example.com", 8, "/k"),)
    assert found.signing_keys[0].record == "s1._domainkey.example.com"
    assert found.unnamed == (5, 9)
    assert found.relays == (Endpoint("198.51.100.7", 587, 11), Endpoint("relay.example", 25, 11))
    assert found.listeners == (Endpoint("10.0.1.22", 587, 1), Endpoint("192.0.2.5", 465, 3))


def test_what_holds_a_secret_is_no_claim_and_nobody_asks_dns_about_it():
    text = (
        "domain-key xoxb-1-abcdef,example.com,/k\nsmtp-source-host 192.0.2.1 ghp-x.example#\n<domain x>\n"
        "smtp-hosts bob:barbaz@relay.example,ghp_abcd1234efgh.example\n</domain>\n"
    )
    found = facts(text)
    assert (found.signing_keys, found.relays) == ((), ())
    assert [one.host for one in found.source_hosts] == ["ghp-x.example"]


def test_hashes_are_those_that_the_config_signs_with():
    sha1 = "<domain %s>\ndkim-algorithm rsa-sha1\n</domain>\n"
    assert facts("").hashes == {"sha256"}
    assert facts(sha1 % "a.example").hashes == {"sha1", "sha256"}
    assert facts(sha1 % "*").hashes == {"sha1"}


def test_the_domains_of_a_macro_include_those_of_the_macros_in_it():
    found = facts("domain-macro all $big, a.example\ndomain-macro big b.example,c.example\ndomain-key s1, $all, /k\n")
    assert [key.domain for key in found.signing_keys] == ["b.example", "c.example", "a.example"]


@given(configs)
@settings(max_examples=100, deadline=None)
def test_any_text_gives_claims(text):
    facts(text)
