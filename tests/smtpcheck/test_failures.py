import json

from commands.smtpcheck.result.failures import is_failure
from tests.every import every


@every(
    [
        ("failed", [{"code": "verdict.failed_from_here"}, {"code": "states"}, {"code": "see_findings"}], True),
        ("failed", [{"code": "verdict.failed"}, {"code": "mail_not_public"}], True),
        ("error", "2 errors.", True),
        ("failed", "mail.example.com is not usable.", True),
        ("failed", [{"code": "verdict.failed"}, {"code": "dns_nxdomain"}], False),
        ("failed", [{"code": "verdict.failed"}, {"code": "forbidden"}], False),
        ("failed", [{"code": "verdict.failed_from_here"}, {"code": "our_address.own_list"}], False),
        ("blocked_here", [{"code": "verdict.blocked_here"}, {"code": "ask_our_network"}], False),
        ("unknown", [{"code": "verdict.unknown"}, {"code": "forbidden"}], False),
        ("ok", [], False),
    ]
)
def test_slips_rules_and_what_is_ours_are_no_failures(verdict, summary, counts):
    assert is_failure(verdict, summary if isinstance(summary, str) else json.dumps(summary)) is counts
