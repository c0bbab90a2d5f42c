"""What runs tell nothing of ages: into a state of its own, and into one notice for each channel and cause."""

from dataclasses import replace

import pytest

from commands.watch.state.actions import decided, delete, edit, mute, pause
from commands.watch.state.condition import condition_of
from commands.watch.state.model import State, Unseen
from commands.watch.state.observation import of_network
from commands.watch.state.rows import of_event_row, to_row
from commands.watch.state.runs import conclude
from commands.watch.state.story import stories
from commands.watch.view.alert import alert
from commands.watch.view.condition import icon, state_of
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import facts, row
from commands.watch.view.thread_words import ending

from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

QUARTER = 15 * MINUTE


class Channel:
    """Watches that run every quarter of an hour, and what was told of what they did not see."""

    def __init__(self, *watches):
        self.watches, self.sight, self.at = {watch.id: watch for watch in watches}, {}, NOON

    def see(self, outcome, **changes):
        told = []
        for watch in list(self.watches.values()):
            looked = seen(outcome, watch, **changes)
            after, events, self.sight = conclude(watch, self.sight, looked, self.at, 1.0, "local")
            self.watches[watch.id] = after
            told += events
        self.at += QUARTER
        return told

    def see_one(self, id_, why):
        looked = seen("unknown", self.watches[id_], why=why)
        self.watches[id_], events, self.sight = conclude(self.watches[id_], self.sight, looked, self.at, 1.0, "local")
        return events

    def act(self, id_, action):
        change = decided(action)(to_row(self.watches[id_]), self.sight)
        self.sight = change.sight or self.sight
        return [of_event_row(row) for row in change.events]


def kinds(events):
    return [event.kind for event in events]


def some(count):
    return [a_watch(id=f"w-{n}", target=f"mx{n}.example.com", state=State("up")) for n in range(count)]


def said(event):
    return plain(alert(event, None, NOON).text)


@pytest.mark.parametrize("outcome", ["unknown", "blind"])
def test_half_an_hour_and_three_runs_make_a_watch_not_seen_and_one_that_tells_something_makes_it_seen(outcome):
    channel = Channel(a_watch(state=State("up")))
    standing = []
    for _ in range(4):
        channel.see(outcome, why="rate_limited" if outcome == "unknown" else "")
        standing.append(condition_of(channel.watches["w-1"]).standing)
    assert standing == ["healthy", "healthy", "unseen", "unseen"]
    channel.see("good")
    assert condition_of(channel.watches["w-1"]).healthy


def test_it_says_what_was_known_and_since_when_and_why_it_is_not_any_more():
    channel = Channel(a_watch(state=State("up")))
    for _ in range(3):
        told = channel.see("unknown", why="rate_limited", said="421 4.7.0 `too` many <!channel>")
    watch = channel.watches["w-1"]
    assert plain(state_of(watch)) == "was healthy; not seen since 2026-11-24 12:00 UTC (421)"
    assert icon(watch, NOON) == ":large_yellow_circle:"
    first, since, reply = said(told[0]).splitlines()
    assert first == "mail.example.com 25: not seen (421)"
    assert since.startswith("Since 2026-11-24 12:00 UTC. Nobody knows")
    assert reply == "The server says: `421 4.7.0 `too` many <!channel>`"


def test_what_broke_or_worked_again_while_nothing_was_seen_says_so_beside_its_time():
    channel, told = Channel(a_watch(state=State("up"))), []
    for outcome in ["good", *["unknown"] * 8, "bad", "bad", *["blind"] * 8, "good", "good"]:
        told += channel.see(outcome, **({"why": "dns_servfail"} if outcome == "unknown" else {}))
    opened, recovered = (next(event for event in told if event.kind == kind) for kind in ("opened", "recovered"))
    assert said(opened).splitlines()[1:3] == [
        "Since 2026-11-24 14:15 UTC",
        "Nothing was seen of it from 2026-11-24 12:15 UTC till then: it may have broken earlier.",
    ]
    assert said(recovered).splitlines()[1:4] == [
        "Down for 2h 30m: from 2026-11-24 14:15 UTC to 2026-11-24 16:45 UTC",
        "Nothing was seen of it from 2026-11-24 12:15 UTC until it was seen down: it may have broken earlier.",
        "Nothing was seen of it from 2026-11-24 14:45 UTC till then: it may have worked earlier.",
    ]


def test_a_message_of_several_says_so_too():
    channel, told = Channel(*some(3)), []
    for outcome in ["good", *["unknown"] * 8, "bad", "bad"]:
        told += channel.see(outcome, **({"why": "dns_servfail"} if outcome == "unknown" else {}))
    assert "Nothing was seen of them from 2026-11-24 12:15 UTC till then: it may have broken earlier." in said(told[-1])
    for outcome in [*["blind"] * 8, "good", "good"]:
        told += channel.see(outcome)
    for doubt in ("until it was seen down: it may have broken earlier", "till then: it may have worked earlier"):
        assert f"{doubt}." in said(told[-1])


def test_the_doubt_stays_where_the_length_of_an_incident_is_told():
    doubts = {"unseen_before": NOON.isoformat(), "unseen_at_end": NOON.isoformat()}
    channel, told = Channel(a_watch(state=State("up"))), []
    for outcome in ["good", *["unknown"] * 8, "bad", "bad", *["blind"] * 8, "good", "good"]:
        told += channel.see(outcome, **({"why": "dns_servfail"} if outcome == "unknown" else {}))
    recovered = next(event for event in told if event.kind == "recovered")
    assert doubts.keys() <= recovered.facts.keys()
    [story] = stories(told)
    assert "2h 30m, perhaps longer, perhaps shorter · " in plain(row(story, NOON + DAY))
    assert "It may have broken earlier. It may have worked earlier." in plain(ending(recovered))
    assert "until it was seen down: it may have broken earlier." in plain("\n".join(facts(story, NOON + DAY)))


def test_one_run_that_tells_nothing_before_an_outage_is_no_doubt_about_its_time():
    channel, told = Channel(a_watch(state=State("up"))), []
    for outcome in ("good", "unknown", "bad", "bad"):
        told += channel.see(outcome)
    assert "earlier" not in said(told[-1])


def test_name_servers_that_fail_for_a_day_are_one_notice_for_eight_watches_and_one_end():
    channel, told = Channel(*some(8)), []
    for _ in range(88):
        told += channel.see("unknown", why="dns_servfail")
    assert [kind for kind in kinds(told) if kind != "unseen_changed"] == ["unseen"]
    assert {event.incident for event in told} == {told[0].incident}
    assert said(told[-1]).startswith("Names cannot be resolved from here: 8 watches are not seen")
    ended = channel.see("good")
    assert kinds(ended) == ["unseen_changed"] * 7 + ["seen_again"]
    assert len({event.id for event in (*told, *ended)}) == len(told) + len(ended)
    assert said(ended[-1]).startswith("All 8 watches: seen again\nNot seen for 22h: from 2026-11-24 12:00 UTC")


@pytest.mark.parametrize(
    ("outcome", "why", "headline"),
    [
        ("not_tried", "no control host could be asked", "Names cannot be resolved from here: 2 watches are not seen"),
        ("no_answer", "no control host answers", None),
    ],
)
def test_control_hosts_whose_names_are_not_resolved_did_not_answer_nothing_and_are_no_second_notice(
    outcome, why, headline
):
    network = a_watch(id="w-n", kind="network", target="network", state=State("up"))
    controls = [{"host": f"mx.{it}.example", "outcome": outcome, "elapsed_ms": 1.0} for it in ("alpha", "beta")]
    document = {"id": "", "verdict": "unknown", "summary": "", "elapsed_ms": 1.0}
    document["ports"] = [{"port": 25, "state": "unknown", "by": "", "controls": controls}]
    looked = of_network(network, {25: "unknown"}, document)
    alone, beside = Channel(network), Channel(*some(1), network)
    for _ in range(3):
        told = alone.see("unknown", why=looked.why)
    assert said(told[-1]).startswith(f"our network 25: not seen ({why})")
    notices = []
    for _ in range(4):
        notices += [
            event
            for watch, seen_as in (("w-0", "dns_servfail"), ("w-n", looked.why))
            for event in beside.see_one(watch, seen_as)
        ]
        beside.at += QUARTER
    assert (kinds(notices).count("unseen") == 1) == (headline is not None)
    assert headline is None or said(notices[-1]).startswith(headline)


def test_since_when_the_last_one_of_a_notice_is_not_seen_is_its_own_time():
    first, last = some(2)
    channel = Channel(first)
    channel.see("unknown", why="dns_servfail")
    channel.watches[last.id] = last
    for _ in range(3):
        channel.see("unknown", why="dns_servfail")
    [left] = [event for event in channel.see("good") if event.kind == "unseen_changed"]
    assert said(left).startswith(
        "mx1.example.com 25: not seen (DNS fails); the others of 2 are seen again\nSince 2026-11-24 12:15"
    )


def test_the_one_that_is_left_of_a_notice_is_the_one_whose_id_interval_and_button_it_has():
    """Whoever was seen again told it, and the notice is not about that one."""
    left, seen_first = some(2)
    channel = Channel(replace(left, every=HOUR), seen_first)
    for _ in range(4):
        channel.see("unknown", why="dns_servfail")
    channel.watches = {seen_first.id: channel.watches[seen_first.id]}
    [told] = [event for event in channel.see("good") if event.kind == "unseen_changed"]
    blocks = str(alert(told, channel.watches[seen_first.id], NOON).blocks)
    assert said(told).startswith("mx0.example.com 25: not seen")
    assert f"watch `{left.id}` · every 1h" in blocks and f"'value': '{left.id}'" in blocks
    assert seen_first.id not in blocks


def test_several_on_one_host_are_told_apart_and_the_first_of_them_says_since_when():
    before = State(unseen=Unseen(NOON - HOUR, 0, "dns_servfail"))
    early, late = a_watch(ports=(587,)), a_watch(id="w-2", kind="certificate", state=before)
    channel = Channel(early, late)
    told = [event for _ in range(4) for event in channel.see("unknown", why="dns_servfail")]
    words = said(told[-1])
    assert words.splitlines()[1].startswith("Since 2026-11-24 11:00")
    assert "• mail.example.com certificates since" in words and "• mail.example.com 587 since" in words
    shown = alert(told[-1], early, NOON)
    assert "list unseen" in str(shown.blocks) and "Settings of the watch" not in str(shown.blocks)


def test_each_cause_and_each_channel_has_its_own_notice():
    channel = Channel(a_watch(), a_watch(id="w-2", channel="C2"))
    for _ in range(3):
        told = channel.see("unknown", why="dns_timeout")
    assert kinds(told) == ["unseen", "unseen"]
    assert kinds(channel.see("unknown", why="rate_limited")) == ["seen_again", "unseen"] * 2


def test_what_our_own_network_hides_is_told_by_its_own_notice_alone():
    channel = Channel(*some(3))
    assert kinds([event for _ in range(9) for event in channel.see("blind")]) == ["cannot_see"]


def test_an_exchange_that_defers_us_while_the_other_takes_mail_is_not_seen_by_itself():
    channel = Channel(a_watch(target="example.com", state=State("up")))
    told = [event for _ in range(4) for event in channel.see("good", held=("mx1.example.com:25",), why="rate_limited")]
    watch = channel.watches["w-1"]
    assert plain(state_of(watch)) == "healthy; mx1.example.com 25 not seen since 2026-11-24 12:00 UTC (421)"
    assert not condition_of(watch).healthy
    assert kinds(told) == ["unseen"]
    assert said(told[0]).startswith("example.com mx1.example.com 25: not seen (421)")


def test_a_quiet_watch_joins_no_notice_and_one_that_goes_leaves_it():
    quiet = mute(some(1)[0], "U2", NOON, NOON + HOUR, "works").watch
    channel = Channel(quiet, *some(3)[1:])
    told = [event for _ in range(4) for event in channel.see("unknown", why="dns_timeout")]
    assert [event.facts["count"] for event in told] == [1, 2]
    assert kinds(channel.see("unknown", why="dns_timeout")) == ["unseen_changed"]
    assert kinds(channel.act("w-0", lambda watch: delete(watch, NOON))) == ["unseen_changed"]
    assert kinds(channel.act("w-1", lambda watch: pause(watch, "U2", NOON))) == ["unseen_changed"]
    assert kinds(channel.act("w-2", lambda watch: edit(watch, {"ports": (587,)}, NOON))) == ["seen_again"]


def test_an_open_incident_that_nobody_can_see_any_more_stays_down_and_says_so():
    channel = Channel(replace(a_watch(), fail_after=1))
    channel.see("bad")
    for _ in range(3):
        channel.see("unknown", why="dns_servfail")
    watch = channel.watches["w-1"]
    assert condition_of(watch).standing == "down"
    assert plain(state_of(watch)) == (
        "down since 2026-11-24 12:00 UTC: 25 no answer; not seen since 2026-11-24 12:15 UTC (DNS fails)"
    )
