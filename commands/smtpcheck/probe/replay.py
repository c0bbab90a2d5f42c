"""A saved check (`record_file`), concluded anew: how a bug report becomes a test."""

from commands.smtpcheck.record_file.reader import Saved
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.report.model import Check
from commands.smtpcheck.tls.trust import BROKEN, TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge


def replay(saved: Saved, *, store: TrustStore, trust_record: bool = False) -> Check:
    """Judge a saved check with today's rules, as of its own time.

    Certificates are judged by `store`. With `trust_record` by the roots in the record instead, where it holds any list
    of them: whoever wrote it may have put any root there. Raises `RecordError` for a root that is no certificate.
    """
    if trust_record and saved.roots is not None:
        store = _store_of(saved.roots)
    reports = [judge(record, at=saved.facts.started_at, store=store) for record in saved.records]
    return conclude(saved.facts, reports, store=store)


def _store_of(roots: tuple[bytes, ...]) -> TrustStore:
    for number, der in enumerate(roots):
        try:
            TrustStore.from_der([der])
        except BROKEN as error:
            raise RecordError(f"roots[{number}]", "this is no certificate") from error
    return TrustStore.from_der(roots)
