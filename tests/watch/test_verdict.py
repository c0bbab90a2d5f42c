"""Whether the judge of a simulated time would notice: the product is broken on purpose, for each part of the script.

Each plays a week of the channels in which it matters, and has to come out with differences of these kinds.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.slack.alerts import posts
from bot.watches import digests
from commands.watch.state import (
    accepting,
    actions,
    certificates,
    digest_rows,
    grouping,
    model,
    runs,
    story,
    thread,
    transitions,
    unseen,
)
from commands.watch.verbs import returning
from tests.watch import lived, verdict

from .lived import Lived
from .script import Host, a_team
from .truth import HOUR


def team(*channels):
    """A week of some channels of the script, with two hours between runs."""
    script = a_team(1, 5, 1, 2 * HOUR, seed=3)
    script.hosts = [host for host in script.hosts if host.channel in channels]
    names = {host.name for host in script.hosts}
    places = {place for host in script.hosts for place in host.places}
    script.acts = [act for act in script.acts if act[2] in (None, *channels) or _is_of(act[2], names)]
    script.ends = {name: ends for name, ends in script.ends.items() if name in names}
    script.faults = [one for one in script.faults if not one.places or one.places & places]
    script.narrowed = [one for one in script.narrowed if one.places & places]
    return script


def _is_of(on, names):
    return isinstance(on, Host) and on.name in names


async def kinds(tmp_path, *channels, killed=0.0):
    return {found[0] for found in await Lived(tmp_path, team(*channels), weeks=1, killed=killed).play()}


def without(kind):
    """The product that never has something to tell."""

    def forgets(monkeypatch):
        told = runs.conclude

        def conclude(*asked):
            watch, found, sight = told(*asked)
            return watch, tuple(event for event in found if event.kind != kind), sight

        monkeypatch.setattr(runs, "conclude", conclude)

    return forgets


def seen_as(change):
    """The product that makes something else of what it sees."""

    def sees(monkeypatch):
        observed = lived.observed
        monkeypatch.setattr(lived, "observed", lambda watch, *more: change(watch, observed(watch, *more)))

    return sees


def blind_to(state):
    def unseeing(_watch, seen):
        failing = tuple(code for code in seen.failing if not code.startswith(state))
        return replace(seen, failing=failing, outcome="bad" if failing else "good") if seen.failing else seen

    return seen_as(unseeing)


def bad_when_unknown(watch, seen):
    if seen.outcome != "unknown":
        return seen
    return replace(seen, outcome="bad", failing=(f"no_answer {watch.target}:25",), held=())


def good_when_held(_watch, seen):
    return replace(seen, outcome="good", held=()) if seen.outcome == "unknown" else seen


def puts(owner, name, value):
    return lambda monkeypatch: monkeypatch.setattr(owner, name, value)


def late_by(seconds):
    def shifts(monkeypatch):
        kept = runs.after_run
        shifted = lambda *asked: kept(*asked[:-1], asked[-1] + timedelta(seconds=seconds))  # noqa: E731 - a word
        monkeypatch.setattr(runs, "after_run", shifted)

    return shifts


async def no_refresh(*_asked):
    pass


async def finds_nothing(*_asked):
    return ""


async def no_digest(_self):
    return 0


BROKEN = {
    "a message for each watch behind a switch": (
        puts(grouping, "_fitting", lambda *_: None), ("CSWITCH",), {"messages"},
    ),
    "a recovery that nobody hears of": (without("recovered"), ("CSWITCH",), {"lost", "incidents"}),
    "an outage that nobody hears of": (without("opened"), ("CLONG", "C0"), {"lost", "not told"}),
    "a dead resolver that is an alarm": (
        seen_as(bad_when_unknown), ("CLONG",), {"too many", "unfounded", "availability", "digest"},
    ),
    "a dead resolver that is no news": (puts(unseen, "AFTER", timedelta(days=3)), ("CLONG",), {"notices", "standings"}),
    "a dead resolver that is told of each watch": (without("seen_again"), ("CLONG",), {"notices"}),
    "421 that is healthy": (seen_as(good_when_held), ("CBUSY",), {"notices", "availability"}),
    "logins that may go": (blind_to("auth_not_offered"), ("CLOGINS",), {"lost", "availability"}),
    "logins that may narrow": (without("dns_changed"), ("CLOGINS",), {"logins"}),
    "STARTTLS that may go": (blind_to("tls_not_offered"), ("CLOGINS",), {"lost", "not told"}),
    "a certificate for another name": (blind_to("cert_name_mismatch"), ("CCERTS",), {"lost", "not told"}),
    "a certificate that ends unheard": (
        puts(certificates, "IN_EVERY_WATCH", (21, 14, 7, 1)), ("CCERTS",), {"certificate"},
    ),
    "a message for each time that it flaps": (puts(transitions, "FLAPS", 99), ("CFLAPS",), {"messages", "too many"}),
    "a mute that keeps nothing quiet": (puts(model.Watch, "silence", lambda *_: None), ("CQUIET",), {"too many"}),
    "a mute after which nothing is told again": (without("refired"), ("CQUIET",), {"lost"}),
    "a maintenance that swallows": (without("opened"), ("CKEPT",), {"lost"}),
    "a channel that comes back and hears nothing": (puts(actions, "_untold", lambda one: one), ("CGONE",), {"lost"}),
    "a message that was over while its channel was gone": (
        puts(lived.SlackChannels, "refresh", no_refresh), ("CGONE",), {"not ended"},
    ),
    "a channel that is never tried again": (
        puts(returning, "waits_for_channel", lambda _one: False), ("CGONE",), {"lost", "not ended"},
    ),
    "an outage that counts a second later": (late_by(1), ("CLONG",), {"availability"}),
    "an outage that counts two minutes later": (late_by(120), ("CLONG",), {"availability", "digest"}),
    "a thread that is silent of what joined": (
        puts(thread, "entry", lambda *_, **__: []), ("CSWITCH",), {"not in the thread"},
    ),
    "no digest": (puts(digests.Digests, "tell_due", no_digest), ("CLONG",), {"no digest"}),
    "an outage that goes on for one watch when another saw it well": (
        puts(runs, "having_it_down", lambda sight, *_: (dict(sight), [])), ("CTWIN", "CTWINSELDOM"), {"shared"},
    ),
    "a move after which nothing is told where it is now": (
        puts(actions, "_told_there", lambda watch, *_: actions.Step(watch)), ("CMOVED", "CAWAY"), {"lost"},
    ),
    "what was accepted and goes on": (
        puts(accepting, "_closed", lambda watch, *_: actions.Step(watch)), ("CMEANT",), {"too many"},
    ),
    "an incident that was accepted and that no digest counts": (
        puts(digest_rows, "_is_over", lambda event: event.kind == "recovered"), ("CMEANT",), {"digest"},
    ),
    "a pause that counts as down": (puts(story, "unlooked", lambda _facts: timedelta()), ("CGONE",), {"length"}),
}  # fmt: skip
"""What is broken, in which channels that matters, and of which kinds the differences have to be at least."""


@pytest.mark.parametrize("what", BROKEN)
async def test_what_is_broken_on_purpose_is_a_difference(tmp_path, monkeypatch, what, caplog):
    caplog.set_level("CRITICAL")
    breaks, channels, wanted = BROKEN[what]
    breaks(monkeypatch)
    found = await kinds(tmp_path, *channels)
    assert wanted <= found, found


def test_the_figure_of_a_line_may_be_that_of_one_whose_name_did_not_fit_and_of_nobody_else():
    """Of three that are alike the line names two; what is not seen for so short is no reason to name anybody."""
    said = {"mx0.x": (0, 25, 0), "mx1.x": (0, 24, 0), "mx2.x": (0, 29, 0)}
    text = (
        "Daily digest: 3 watches, now 3 healthy; 3 healthy all the time since TIME.\n"
        "• mx0.x (`w-0`), mx1.x (`w-1`), and 1 more: was healthy; usable 100 % ({}m not seen) "
        "(3 watches: the worst figure)"
    )
    for minutes, found in ((29, []), (25, []), (24, ["digest"] * 2), (28, ["digest"] * 2)):
        kinds = [one[0] for one in verdict._digest("C1", None, {"healthy": 3}, said, text.format(minutes))]
        assert kinds == found


async def test_an_alert_that_is_posted_again_after_a_kill_without_a_look_is_a_difference(tmp_path, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    monkeypatch.setattr(posts.Posts, "_find", finds_nothing)
    assert "repeated" in await kinds(tmp_path, "CSWITCH", killed=0.2)
