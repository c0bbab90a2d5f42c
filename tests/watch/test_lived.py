"""A short week of a team in every run of the suite; weeks with a hundred watches are `bench/watch_month.py`."""

from datetime import timedelta

from .lived import Lived
from .script import a_team


async def test_a_week_of_outages_is_told_as_it_was(tmp_path, caplog):
    caplog.set_level("CRITICAL")
    week = Lived(tmp_path, a_team(1, 4, 1, timedelta(hours=2), seed=1), weeks=1, killed=0.05)
    assert await week.play() == []
    assert week.counts["kills"] and len(week.digests) > 50
    assert {
        "opened",
        "refired",
        "recovered",
        "unseen",
        "seen_again",
        "cannot_see",
        "certificate_ends",
        "reminded",
        "dns_changed",
    } <= {event.kind for event in week.slack.events}
