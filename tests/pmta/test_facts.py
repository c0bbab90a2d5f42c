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
    assert found.signing_keys == (SigningKey("s1", "example.com", 8),)
    assert found.signing_keys[0].record == "s1._domainkey.example.com"
    assert found.relays == (Endpoint("198.51.100.7", 587, 11), Endpoint("relay.example", 25, 11))
    assert found.listeners == (Endpoint("10.0.1.22", 587, 1), Endpoint("192.0.2.5", 465, 3))


@given(configs)
@settings(max_examples=100, deadline=None)
def test_any_text_gives_claims(text):
    facts(text)
