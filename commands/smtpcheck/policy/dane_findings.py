"""What DANE comes to, as findings: the consequence for senders first, then each record that does not hold. Pure."""

from collections.abc import Iterator, Sequence

from commands.smtpcheck.policy.dane import Dane
from commands.smtpcheck.policy.tlsa import DANE_EE, Fate, Judged, Tlsa
from commands.smtpcheck.policy.tlsa_data import CERTIFICATE
from commands.smtpcheck.result.findings import Code, Found, Params, Value, row_of

MOST_TOLD = 4
"""Records of an endpoint that are told one by one."""

COMPARED = frozenset({"valid", "mismatch"})


def dane_findings(found: Sequence[Dane]) -> list[Found]:
    """What is to be said of every endpoint, each thing once. No TLSA: nothing to speak of."""
    findings: list[Found] = []
    for dane in found:
        for one in _of_endpoint(dane, where=_address_where_it_matters(dane, found)):
            if one not in findings:
                findings.append(one)
    return findings


def _address_where_it_matters(dane: Dane, found: Sequence[Dane]) -> str:
    """The address, where another one of the same host comes to something else."""
    alike = [(one.state, one.judged) for one in found if (one.host, one.port) == (dane.host, dane.port)]
    return dane.address if any(each != alike[0] for each in alike) else ""


def _of_endpoint(dane: Dane, *, where: str) -> Iterator[Found]:
    if dane.state == "absent":
        return
    holding = [one for one in dane.judged if one.fate is Fate.HOLDS]
    rest = [one for one in dane.judged if one.fate is not Fate.HOLDS]
    params: dict[str, Value] = {
        "host": dane.host,
        "port": dane.port,
        "address": where,
        "resolver": dane.server,
        "count": len(dane.records),
        "vouched": dane.vouched,
        "record": ", ".join(str(one.record) for one in holding),
        "why": dane.why,
        "detail": "",
        "wanted": dane.wanted,
    }
    one_reason = _one_reason(dane, rest)
    tls = {"tls": dane.tls} if dane.state == "tls_failed" else {}
    yield row_of(f"dane_{dane.state}"), {**params, **one_reason, **tls}
    if dane.state in COMPARED and not one_reason:
        yield from _of_records(rest, params)
    if holding and all(_breaks_at_renewal(one.record) for one in holding):
        yield Code.DANE_EVERY_RENEWAL, params


def _of_records(rest: Sequence[Judged], params: Params) -> Iterator[Found]:
    """The records that do not hold: those of no use to anybody together, each other one by itself."""
    useless = [one for one in rest if one.record.useless]
    if useless:
        yield Code.DANE_SOME_UNUSABLE, {**params, **_told(useless), "unusable": len(useless)}
    compared = [one for one in rest if not one.record.useless]
    yield from ((Code.DANE_RECORD, {**params, **_told([one])}) for one in compared[:MOST_TOLD])


def _one_reason(dane: Dane, rest: Sequence[Judged]) -> dict[str, Value]:
    """Why none of the records is of use, where it is the same with all of them."""
    if dane.state == "unusable":
        rest = [Judged(record, record.useless, str(len(record.data))) for record in dane.records if record.useless]
    elif dane.state != "mismatch":
        return {}
    return _told(rest) if len({(one.fate, one.detail) for one in rest}) == 1 else {}


def _told(judged: Sequence[Judged]) -> dict[str, Value]:
    """The records, and why, where that is the same with all of them."""
    records = ", ".join(str(one.record) for one in judged[:MOST_TOLD])
    reasons = {(one.fate, one.detail) for one in judged}
    fate, detail = reasons.pop() if len(reasons) == 1 else ("", "")
    return {"record": records, "why": str(fate), "detail": detail}


def _breaks_at_renewal(record: Tlsa) -> bool:
    return (record.usage, record.selector) == (DANE_EE, CERTIFICATE)
