"""Whatever the mail policy comes to, people read a sentence of it: no code, no gap."""

import re
from dataclasses import replace
from typing import get_args

from commands.smtpcheck.lookup.question import ABSENT, TOLD_BY_SERVERS, Reverse
from commands.smtpcheck.policy import dns_records as srv
from commands.smtpcheck.policy.dane import Dane, DaneState
from commands.smtpcheck.policy.dane_findings import COMPARED, dane_findings
from commands.smtpcheck.policy.dns_records import (
    Service,
    TlsRpt,
    TlsRptState,
    reverse_findings,
    service_findings,
    tls_rpt_findings,
)
from commands.smtpcheck.policy.mail_policy import broken_promises, idle_exchanges
from commands.smtpcheck.policy.mta_sts import MtaSts, StsState, mta_sts_findings
from commands.smtpcheck.policy.mta_sts_text import StsPolicy
from commands.smtpcheck.policy.tlsa import Fate, Judged, Tlsa
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Stage
from commands.smtpcheck.result.sentences import english
from commands.smtpcheck.result.sentences.choice import sentence, shown
from commands.smtpcheck.tls.certificate_findings import CertificateReport
from tests.every import every
from tests.smtpcheck.policies import DNS, HOST, speaking
from tests.smtpcheck.speaking import ADDRESS

A_CODE = re.compile(r"\b(?!max_age\b|submissions?\._tcp)[a-z]+_[a-z_]+\b")
LOOKED_UP = ("mx_idle", "mx_first_silent", "ptr_", "banner_", "srv_", "tls_rpt_")
POLICY = {code for code in Code if code.stage is Stage.POLICY or code.startswith(LOOKED_UP)}
NO_REASON = {
    "cert_expires_soon",
    "cert_expires_in_weeks",
    "cert_differs",
    "cert_other_key",
    "cert_chain_order",
    "cert_expired_sent",
    "cert_root_sent",
    "cert_rare_key",
    "cert_only_rare_key",
}
OF_ADDRESSES = ("dns_loop", *TOLD_BY_SERVERS)
DETAILS = {
    "unknown": (
        "SERVFAIL",
        "REFUSED",
        "REFERRAL",
        "FORMERR",
        "NOTIMP",
        "dns_timeout",
        "dns_servfail",
        "timeout",
        "",
        *OF_ADDRESSES,
    ),
    "unreachable": ("refused", "no_answer", "unreachable", "not_permitted"),
    "certificate": tuple(str(code) for code in Code if code.startswith("cert_") and code not in NO_REASON),
    "bad_policy": ("version", "mode", "mx", "max_age", "line", "encoding"),
    "redirect": (301,),
    "status": (404,),
}


def reverse():
    addresses = [Reverse(ADDRESS, state, ("mail.example.com",), "mail.example.com") for state in ("confirmed",)]
    addresses += [Reverse(ADDRESS, state, ("other.example",)) for state in ("not_confirmed", "missing", "unknown")]
    return reverse_findings(addresses, [speaking(banner="other.example")])


def services():
    states = get_args(Service.__annotations__["state"])
    made = [Service(name, state, ((0, 1, 587, HOST),)) for name in srv.SERVICES for state in states]
    made += [Service(name, "offered", ((0, 1, 587, HOST),), gone=frozenset({HOST})) for name in srv.SERVICES]
    made += [Service(name, "offered", ((0, 1, 587, HOST),), unseen=frozenset({HOST})) for name in srv.SERVICES]
    down = replace(speaking(state="refused"), record=replace(speaking().record, port=587))
    return [*service_findings("example.com", made), *service_findings("example.com", made, [down])]


RECORD = Tlsa(3, 1, 1, bytes(32))


def dane():
    made = {"server": "127.0.0.1", "records": (RECORD,), "wanted": f"3 1 1 {'00' * 32}", "tls": "closed"}
    for state in sorted({*get_args(DaneState)} - COMPARED):
        for why in ("dns_timeout", "dns_servfail") if state == "unknown" else ("",):
            yield from dane_findings([Dane(HOST, 25, ADDRESS, state, **made, why=why)])
    for fate in set(Fate) - {Fate.HOLDS}:
        yield from dane_findings([Dane(HOST, 25, ADDRESS, "mismatch", judged=(Judged(RECORD, fate, "why"),), **made)])
    length, whole = replace(RECORD, data=b""), replace(RECORD, selector=0)
    holding = (Judged(whole, Fate.HOLDS), Judged(RECORD, Fate.STALE), Judged(length, Fate.LENGTH, "0"))
    yield from dane_findings([Dane(HOST, 25, ADDRESS, "valid", judged=holding, **made)])
    yield from dane_findings([Dane(HOST, 25, ADDRESS, "unusable", **made | {"records": (length,)})])


def sts():
    for state in sorted({*get_args(StsState)} - {"valid"}):
        for detail in DETAILS.get(state, ("what was <sent>",)):
            found = MtaSts(state, "mta-sts.example.com", "1", detail=detail)
            yield from mta_sts_findings("example.com", found)
    for mode in ("enforce", "testing", "none"):
        policy = StsPolicy(mode, ("*.example.org",), 60)
        yield from mta_sts_findings("example.com", MtaSts("valid", "mta-sts.example.com", "1", policy, (HOST,)))


def kept():
    enforced = MtaSts("valid", policy=StsPolicy("enforce", ("*.example.com",), 604_800))
    for why in DETAILS["certificate"]:
        bad = replace(speaking(), certificate=CertificateReport(why_not=why))
        yield from broken_promises(DNS, enforced, [bad], ())
    for tls in ("not_offered", "closed"):
        yield from broken_promises(DNS, enforced, [speaking(tls=tls)], ())


def reports():
    for state in get_args(TlsRptState):
        yield from tls_rpt_findings("example.com", TlsRpt(state, ("mailto:a@example.com",), "v=TLSRPTv1"), wanted=True)


def first():
    silent = replace(speaking(state="refused"), record=replace(speaking().record, host="first.example.com"))
    for preference in (5, 20):
        dns = replace(DNS, mx=tuple(sorted(((preference, "first.example.com"), *DNS.mx))))
        yield from idle_exchanges(dns, [silent, speaking()])


EMITTED = [*first(), *reverse(), *services(), *dane(), *sts(), *kept(), *reports()]


def test_every_sentence_has_somebody_who_says_it_and_every_code_a_sentence():
    assert {code for code, _ in EMITTED} == POLICY


@every(EMITTED)
def test_no_sentence_has_a_gap_or_shows_a_code(code, params):
    assert shown(code) <= set(params)
    said = sentence(code, params)
    assert not A_CODE.search(said), said
    assert "()" not in said
    assert said.endswith(".")


def test_every_reason_has_words():
    said = {code for codes in DETAILS.values() for code in codes if isinstance(code, str) and code}
    assert said == set(english.REASONS)
    assert not ABSENT & said, "an absence is an answer, no reason for a failure"
