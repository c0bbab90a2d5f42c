"""Findings on mail policy by which mail stops although every port answers, and those that leave it open. Data only."""

from collections.abc import Mapping
from typing import Any

from commands.smtpcheck.result.findings import RELAY, Code

STOPS_DELIVERY = frozenset(
    {
        Code.DANE_MISMATCH,
        Code.DANE_NO_TLS,
        Code.DANE_TLS_FAILED,
        Code.MTA_STS_NO_STARTTLS,
        Code.MTA_STS_TLS_FAILED,
        Code.MTA_STS_MX_CERTIFICATE,
        Code.MTA_STS_MX_EXCLUDED,
    }
)
"""Senders that honour the policy do not deliver."""

LEAVES_OPEN = frozenset(
    {
        Code.DANE_UNANSWERED,
        Code.DANE_UNKNOWN,
        Code.DANE_UNSEEN,
        Code.DANE_UNVALIDATED,
        Code.DANE_UNTRUSTED,
        Code.MTA_STS_UNKNOWN,
        Code.MTA_STS_HOST_UNKNOWN,
        Code.MTA_STS_UNREACHABLE,
        Code.MTA_STS_TIMEOUT,
        Code.MTA_STS_CLOSED,
    }
)
"""Nobody knows whether they do."""

PASSING = frozenset(
    {
        Code.DANE_UNANSWERED,
        Code.DANE_UNKNOWN,
        Code.MTA_STS_UNKNOWN,
        Code.MTA_STS_HOST_UNKNOWN,
        Code.MTA_STS_TIMEOUT,
    }
)
"""Those of them that may be over the next time."""

FAMILIES = ("dane_", "mta_sts_")


def family_of(code: str) -> str:
    """The policy that a code is about; empty for one that is about none."""
    return next((family for family in FAMILIES if code.startswith(family)), "")


def place_of(finding: Mapping[str, Any]) -> str:
    """`mx.example.com:25`: where mail stops."""
    params = finding["params"]
    return f"{params['host']}:{params.get('port', RELAY)}"


def leaves_open(finding: Mapping[str, Any], code: str, place: str) -> bool:
    """Whether a finding leaves open what this code says of this place; an MTA-STS policy is one for all places."""
    if finding["code"] not in LEAVES_OPEN or family_of(finding["code"]) != family_of(code):
        return False
    return "port" not in finding["params"] or place_of(finding) == place
