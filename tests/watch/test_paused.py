"""What nobody looked at is not down, and since when what is broken now is so."""

from datetime import datetime

import pytest

from commands.uptime import DOWN, UNSEEN, UP, uptimes
from commands.watch.state.actions import CANNOT_POST, come_back, decided, pause, resume
from commands.watch.state.rows import of_event_row, of_row, to_row
from commands.watch.state.runs import concluded
from commands.watch.state.story import Story
from commands.watch.view.alert import alert
from commands.watch.view.plain_text import plain
from storage.watches import WatchSpan

from .samples import HOUR, MINUTE, NOON, a_watch, seen

HOST = "mail.example.com"


class Played:
    """One watch by what is done with it, its events and the spans that ended."""

    def __init__(self, **changes):
        self.watch, self.events, self.spans, self.sight = a_watch(**changes), [], [], {}

    def do(self, decide):
        change = decide(to_row(self.watch), self.sight)
        self.watch, self.sight = of_row(change.watch), change.sight or self.sight
        self.events += [of_event_row(row) for row in change.events]
        self.spans += change.spans

    def run(self, minutes, *failing):
        outcome = "bad" if failing else "good"
        found = seen(outcome, self.watch, places=(f"{HOST}:25", f"{HOST}:587"), failing=failing)
        self.do(concluded(found, NOON + minutes * MINUTE, 1.0))

    def text(self, event):
        return plain(alert(event, self.watch, NOON).text)


@pytest.mark.parametrize("back", [resume, come_back])
def test_a_pause_over_an_outage_is_no_downtime_and_its_end_says_that_nobody_looked(back):
    one = Played(notify="U777")
    one.run(0)
    one.run(15, f"refused {HOST}:25")
    one.run(16, f"refused {HOST}:25")
    one.do(decided(lambda watch: pause(watch, "U2", NOON + HOUR, CANNOT_POST)))
    one.do(decided(lambda watch: back(watch, NOON + 20 * HOUR)))
    for minutes in (1200, 1201, 1215):
        one.run(minutes)
    end = one.events[-1]
    assert end.kind == "recovered" and end.facts["seconds"] == 60
    assert Story("w-1.1", tuple(one.events)).lasted(NOON + 30 * HOUR) == MINUTE
    text = one.text(end)
    assert "Down for 1m" in text and "it was paused and nobody looked" in text
    lasting = [WatchSpan("w-1", HOST, datetime.fromisoformat(one.watch.state.places[HOST][1]), NOON + 30 * HOUR, UP)]
    found = uptimes([*one.spans, *lasting], NOON, NOON + 30 * HOUR)[HOST]
    assert [found.of(what) for what in (UP, DOWN, UNSEEN)] == [615 * MINUTE, MINUTE, 20 * HOUR - 16 * MINUTE]


def test_an_alert_says_since_when_what_is_broken_now_is_so_and_its_end_names_all_that_was():
    one = Played()
    for minutes, ports in (
        (0, ()),
        (15, (587,)),
        (16, (587,)),
        (75, (587, 25)),
        (76, (587, 25)),
        (90, (25,)),
        (105, ()),
        (106, ()),
    ):
        one.run(minutes, *(f"refused {HOST}:{port}" for port in ports))
    opened, grew, fewer, end = one.events
    assert [event.kind for event in one.events] == ["opened", "changed", "changed", "recovered"]
    at = {minutes: f"{NOON + minutes * MINUTE:%H:%M}" for minutes in (15, 75)}
    assert "confirmed by 2 runs in a row" in one.text(opened) and at[15] in one.text(opened)
    assert "confirmed" not in one.text(grew)
    since = next(line for line in one.text(fewer).splitlines() if line.startswith("Since"))
    assert since.index(at[75]) < since.index(at[15]) and "confirmed" not in since
    assert "25, 587 refused" in one.text(end)


@pytest.mark.parametrize(("hours", "may_be"), [(20, True), (0.25, False)])
@pytest.mark.parametrize("paused", [True, False])
def test_what_is_broken_at_the_first_look_for_long_may_have_broken_earlier(paused, hours, may_be):
    """Behind a pause, and where no bot ran; not where a run is a little late."""
    one = Played(notify="U777")
    one.run(0)
    if paused:
        one.do(decided(lambda watch: pause(watch, "U2", NOON + MINUTE)))
        one.do(decided(lambda watch: resume(watch, NOON + hours * HOUR)))
    for minute in (hours * 60, hours * 60 + 1):
        one.run(minute, f"refused {HOST}:25")
    [opened] = [event for event in one.events if event.kind == "opened"]
    said = "Nothing was seen of it from 2026-11-24 12:00 UTC till then: it may have broken earlier."
    assert (said in one.text(opened)) == may_be
