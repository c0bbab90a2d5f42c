from datetime import UTC, datetime, timedelta

from commands.pmta.checking import Studied
from commands.pmta.facts import facts
from commands.pmta.findings.model import Report
from commands.pmta.reports import BYTES, Checked, Recent

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def checked(packed=b"", at=AT):
    return Checked(Studied(Report(()), packed, (), facts("")), "config", "U1", at)


def test_the_oldest_goes_first():
    recent = Recent(limit=2)
    for name in "abc":
        recent.keep(name, checked())

    assert [bool(recent.get(name, AT)) for name in "abc"] == [False, True, True]


def test_a_text_is_kept_for_an_hour():
    recent = Recent()
    recent.keep("a", checked())

    assert recent.get("a", AT + timedelta(minutes=59))
    assert recent.get("a", AT + timedelta(minutes=61)) is None
    assert recent.size == 0


def test_large_texts_push_others_out_and_the_last_stays():
    recent = Recent()
    for name in "abc":
        recent.keep(name, checked(b"x" * (2 * BYTES // 3)))

    assert [bool(recent.get(name, AT)) for name in "abc"] == [False, False, True]
