"""What is known of one target."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from commands.history.about import SPANS, since

MADRID = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 24, 0, 30, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("span", "begins"),
    [
        ("24 h", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
        ("7 d", datetime(2026, 11, 16, 23, 30, tzinfo=UTC)),
        ("90 d", datetime(2026, 8, 25, tzinfo=UTC)),
    ],
)
def test_long_spans_begin_at_midnight_as_days_are_counted(span, begins):
    assert since(NOW, SPANS[span]) == begins
    assert since(NOW, SPANS[span]).utcoffset() == timedelta()
