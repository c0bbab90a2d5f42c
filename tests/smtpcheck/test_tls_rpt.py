import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.smtpcheck.policy.dns_records import TlsRpt, parse_tls_rpt
from tests.smtpcheck.policies import BASE, codes, examined


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("v=TLSRPTv1; rua=mailto:tls@example.com", "valid"),
        ("v=TLSRPTv1;rua=https://example.com/r,mailto:a@b.example;", "valid"),
        ("v=TLSRPTv1", "invalid"),
        ("v=TLSRPTv1; rua=", "invalid"),
        ("v=TLSRPTv1; rua=http://example.com", "invalid"),
    ],
)
def test_a_record_needs_somewhere_to_report_to(text, state):
    assert parse_tls_rpt(text).state == state


async def test_a_record_is_looked_up_and_missed_only_where_tls_is_promised():
    zone = BASE | {"_smtp._tls.example.com": {"TXT": ['"v=TLSRPTv1; rua=mailto:tls@example.com"', '"other"']}}
    assert (await examined(zone))[0].tls_rpt == TlsRpt("valid", ("mailto:tls@example.com",))
    assert "tls_rpt_absent" in codes((await examined())[0])
    assert "tls_rpt_absent" not in codes((await examined({"example.com": BASE["example.com"]}))[0])


@given(st.text())
def test_reading_is_total(text):
    assert isinstance(parse_tls_rpt(text), TlsRpt)
    assert isinstance(parse_tls_rpt(f"v=TLSRPTv1;{text}"), TlsRpt)
