"""Which port is recommended, as a table: what answered, the port, the reason."""

from dataclasses import replace

from commands.smtpcheck.report.model import finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.verdict.conclusion import recommended
from tests.every import every
from tests.smtpcheck.labs import report

LOGIN = ("PLAIN", "LOGIN")


def login(port, **more):
    return report(port, auth=LOGIN, mode="implicit" if port == 465 else "starttls", **more)


CASES = {
    "everything works": ([report(25), login(465), login(587), login(2525)], (465, "implicit", "implicit_tls")),
    "465 is closed": ([report(25), report(465, "refused", ""), login(587)], (587, "starttls", "starttls")),
    "2525 alone": ([report(25), login(2525)], (2525, "starttls", "alternate")),
    "an odd port": ([login(2587)], (2587, "starttls", "alternate")),
    "465 offers no login": ([report(465, mode="implicit"), login(587)], (587, "starttls", "starttls")),
    "no login anywhere": ([report(587)], (587, "starttls", "no_login")),
    "465 has an error": ([login(465, worst="error"), login(587)], (587, "starttls", "starttls")),
    "a warning does not count": ([login(465, worst="warning"), login(587)], (465, "implicit", "implicit_tls")),
    "all have errors": ([login(465, worst="error"), login(587, worst="danger")], (465, "implicit", "least_bad")),
    "25 alone": ([report(25), report(587, "no_answer", "")], (25, "starttls", "relay_only")),
    "25 without TLS": ([report(25, tls="not_offered")], (25, "none", "relay_only")),
    "587 without TLS": ([report(587, tls="not_offered", auth=LOGIN)], None),
    "587 with a broken handshake": ([report(587, tls="closed")], None),
    "25 is busy": ([report(25, "rate_limited", "")], None),
    "nothing was tried": ([], None),
}


def test_a_port_with_old_tls_alone_is_no_recommendation_of_the_rfc():
    old = replace(login(465), findings=(finding(Code.LEGACY_TLS, {"version": "TLSv1"}, 465),))

    assert recommended([old], receives_mail=False).reason == "least_bad"
    assert recommended([old, login(587)], receives_mail=False).port == 587


@every(CASES)
def test_the_port_with_tls_and_login_and_without_errors_is_recommended(case):
    endpoints, expected = CASES[case]
    chosen = recommended(endpoints, receives_mail=False)
    assert (chosen and (chosen.port, chosen.tls, chosen.reason)) == expected


def test_the_order_of_the_answers_does_not_matter():
    endpoints = [login(587), login(2525), login(465), report(25)]
    assert recommended(endpoints, receives_mail=False) == recommended(endpoints[::-1], receives_mail=False)
