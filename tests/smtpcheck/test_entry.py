"""What availability counts of a check."""

from dataclasses import replace

import pytest

from commands.smtpcheck.report.model import Finding
from commands.smtpcheck.result.health import WORTH
from commands.smtpcheck.result.scales import Severity
from tests.every import every
from tests.smtpcheck.labs import report


def well(endpoint):
    return WORTH[endpoint.health].available


def found(code, port=25, state="no_answer", tls=""):
    return replace(report(port, state, tls), findings=(Finding(code, Severity.warning, {}),))


NOT_JUDGED = {
    "421": report(25, "rate_limited", ""),
    "450": report(25, "temp_refused", ""),
    "our network": report(25, "blocked_here", ""),
    "our name": report(25, "ehlo_name_rejected", ""),
    "our address, refused everywhere": found("refused_alike", state="refused_by_policy"),
    "our time": report(25, "not_finished", ""),
    "a process held up": report(25, "held_up", ""),
    "somebody else": report(25, "hijack_suspect", ""),
    "nobody may connect": report(25, "forbidden", ""),
    "a tarpit": report(25, "tarpit", ""),
    "silence on nobody knows whose side": found("no_answer"),
    "no way there": found("unreachable", state="unreachable"),
    "a greeting that may yet come": found("greeting_awaited", state="no_greeting"),
    "TLS that was not seen": report(587, "open", ""),
}


@every(NOT_JUDGED.values())
def test_what_says_nothing_of_the_host_is_not_counted(endpoint):
    assert well(endpoint) is None


BAD = {
    "refused": report(25, "refused", ""),
    "silence on its side": found("no_answer_target"),
    "no greeting in 35 s": report(25, "no_greeting", ""),
    "no TLS": report(587, "open", "not_offered"),
    "a certificate out of date": found("cert_expired", 587, "open", "ok"),
}


@pytest.mark.parametrize("endpoint", BAD.values(), ids=BAD)
def test_what_the_host_does_counts_against_it(endpoint):
    assert well(endpoint) is False


def test_what_works_counts_for_it():
    assert well(report(587)) is True
    assert well(report(25, "open", "not_offered")) is True
