"""Every listener that is registered, pressed by everybody, on results and on a watch that are private to others.

Bruno asked in #delivery (private, with the bot), in #board (private, without it), in #mailops (public), in a terminal
and in a direct message; there his watch alerts, too. In the results stands SECRET, in the watch WATCHED: where one
reaches somebody who may not see it, or a watch is changed by them, a test fails.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.access.access import Rules
from commands.watch.state.model import Incident, State
from commands.watch.state.rows import to_row
from storage.history import OPERATOR, Query
from tests.history.documents import entry
from tests.history.made import stored_check
from tests.watch.samples import a_watch

from .stage import bot_on, content
from .walk import handlers, walking
from .watchers import TARGET, watchers_on

SECRET = "secret-banner"
WATCHED = "guarded.example.org"
"""What nobody types who may not see the watch."""

NOTED = "the contract with Acme"
HOST = "hidden.example.org"
NOW = datetime.now(UTC)

ADVICE = {
    "id": "a" * 28,
    "schema": "portero.port/1",
    "understood": {"role": "submission", "role_stated": True, "provider": None, "network": None, "port": None}
    | {"tls": None, "tried": [], "software": None, "not_understood": []},
    "recommended": {"port": 587, "tls": "starttls"},
    "fallbacks": [],
    "avoid": [],
    "reasons": [SECRET],
    "sources": ["RFC 8314: https://example.com"],
    "snippets": {},
    "provider": None,
    "network": None,
    "host": HOST,
    "checkable": False,
    "about": [],
}
REPORT = {
    "schema": "portero.pmta/1",
    "id": "c" * 28,
    "target": HOST,
    "summary": SECRET,
    "counts": {"error": 1},
    "settings": 1,
    "sha256": "0",
    "secrets_masked": 0,
    "reflowed": False,
    "findings": [
        {"code": "PMTA101", "rule": "x", "severity": "error", "line": 1, "column": 1, "end_column": 2}
        | {"message": SECRET, "suggestion": None, "basis": "documented"}
    ],
}


async def store(services, ws, channel, *, by="bruno"):
    """One result of each kind, asked by somebody in a channel; their ids by kind."""
    who, where = ws.user(by).id, ws.channel(channel).id if channel else ""
    kept, readings = stored_check(7, NOW - timedelta(hours=1), NOW + timedelta(days=9), host=HOST, bad=False)
    kept = replace(kept, verdict="failed")
    others = {
        "port": entry("a" * 28, ADVICE, kind="port", target=HOST, verdict="failed", summary=SECRET),
        "pmta": entry("c" * 28, REPORT, kind="pmta", target=HOST, verdict="error", summary=SECRET),
    }
    made = {"check": (kept, readings), **{kind: (one, []) for kind, one in others.items()}}
    for one, points in made.values():
        await services.history.add(replace(one, actor=who, channel=where, started_at=NOW - timedelta(hours=1)), points)
    return {kind: one.id for kind, (one, _) in made.items()}


async def store_watches(services, ws, channel, *, by="bruno"):
    """A watch whose alert is open in a channel, and one that was deleted; their ids."""
    incident = Incident("w-7k3fq.1", NOW, (f"no_answer {WATCHED}:25",), told=True)
    state = State("down", incident=incident, failing=incident.failing, serial=1)
    about = {"team": ws.state.team, "owner": ws.user(by).id, "channel": ws.channel(channel).id, "target": WATCHED}
    about["due_at"] = datetime.now(UTC) + timedelta(minutes=10)  # not while a slow machine runs what comes before it
    open_, gone = a_watch(id="w-7k3fq", state=state, **about), a_watch(id="w-8m4gr", deleted_at=NOW, **about)
    for one in (open_, gone):
        await services.watches.add(to_row(one), 10, OPERATOR)
    return open_.id, gone.id


def told(ws, since):
    """All that left the bot since then."""
    sent = json.dumps([call.args for call in ws.log[since:] if call.method != "auth.test"])
    return sent + "".join(file.content.decode("utf-8", "replace") for file in ws.files.values())


CASES = {
    "the one who asked": ("bruno", "delivery", True),
    "a colleague in the private channel": ("carla", "delivery", True),
    "a colleague who is not in it": ("dora", "delivery", False),
    "a colleague in the public channel": ("dora", "mailops", True),
    "an admin": ("ana", "board", True),
    "an owner of the workspace": ("olga", "board", True),
    "a guest": ("greta", "mailops", False),
    "a stranger of a shared channel": ("eve", "mailops", False),
    "a colleague and a result of a terminal": ("dora", "", False),
    "a colleague and a direct message": ("dora", "dm", False),
}


@pytest.fixture
def people(ws):
    carla, dora = ws.add_user("carla"), ws.add_user("dora")
    ws.add_user("olga", is_owner=True)
    eve = ws.add_user("eve", team="T0STRANGER1")
    ws.channel("delivery").members.add(carla.id)
    ws.channel("mailops").members |= {dora.id, eve.id}
    ws.add_channel("lobby", [])  # where they walk: nothing was asked there
    return ws


@pytest.mark.parametrize("case", CASES)
async def test_every_listener_shows_results_and_watches_to_those_who_may_see_them_and_to_nobody_else(
    people, services, case
):
    ws = people
    user, channel, may = CASES[case]
    if channel == "dm":
        channel = ws.state.dm(ws.user("bruno").id, ws.user("carla").id).id
    stored = await store(services, ws, channel)
    watches = await store_watches(services, ws, channel or "board")
    before = [await services.watches.get(watch, OPERATOR) for watch in watches]
    async with walking(ws, services, stored, watches, HOST) as walk:
        since = len(ws.log)
        await walk.go(user)
        sent = told(ws, since)
    assert walk.left_out == []
    assert walk.handled == (set() if user in {"greta", "eve"} else handlers())
    assert ((SECRET in sent), (WATCHED in sent)) == (may, may)
    kept = [await services.history.get(each, OPERATOR) for each in stored.values()]
    assert (None in kept) == (user in {"bruno", "ana", "olga"})
    assert (HOST in json.dumps([call.args for call in ws.calls("views.publish")])) == may
    after = [await services.watches.get(watch, OPERATOR) for watch in watches]
    assert [one != two for one, two in zip(before, after, strict=True)] == [may, may]


async def test_a_listener_that_the_walk_does_not_reach_is_named(people, services):
    stored = await store(services, people, "mailops")
    async with walking(people, services, stored, await store_watches(services, people, "mailops"), HOST) as walk:
        app = walk.stage.bot.server.app

        @app.global_shortcut("forgotten")
        async def forgotten(ack):
            await ack()

        await walk.go("bruno")
        assert len(walk.left_out) == 1
        assert "forgotten" in walk.left_out[0]


async def test_a_result_of_just_now_that_is_not_for_them_is_no_answer(people, lab):
    """A second check costs a connection; the first one would tell who asks what in a private channel."""
    async with bot_on(people, lab, pace=()) as stage:
        await stage.type("/smtpcheck mail.lab.example 25", user="bruno", channel="delivery")
        await stage.type("/smtpcheck mail.lab.example 25", user="dora")
        await stage.type("/smtpcheck mail.lab.example 25", user="carla", channel="delivery")
    assert "Logged." in content(stage.last("dora"))
    assert f"<@{people.user('bruno').id}>" in content(stage.last("carla", "delivery"))
    assert await lab.history.count(Query(OPERATOR)) == 2


async def test_an_admin_of_another_organisation_that_is_allowed_sees_no_more_than_anybody(people, services):
    ws = people
    boss = ws.add_user("boss", team="T0STRANGER1", is_admin=True)
    ws.channel("mailops").members.add(boss.id)
    await store(services, ws, "delivery")
    async with bot_on(ws, services, pace=()) as stage:
        stage.bot.dispatcher.access._rules = Rules(teams=frozenset({"T0STRANGER1"}))
        await stage.type(f"/smtphistory {HOST}", user="boss")
    assert "Nothing found" in stage.last("boss").text


async def test_where_somebody_asks_they_are_beyond_doubt(people, services):
    """Slack lists no private channel without the bot; who types a command there is in it."""
    ws = people
    ws.channel("board").members.add(ws.user("dora").id)
    await store(services, ws, "board")
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}", user="dora", channel="board")
        assert "1 to 3 of 3" in stage.last("dora", "board").text
        await stage.type(f"/smtphistory {HOST}", user="dora", channel="mailops")
    assert "Nothing found" in stage.last("dora", "mailops").text


@pytest.fixture
async def moved(people, services):
    """A watch that was down twice in #delivery, the second time still when carla moved it to #mailops."""
    ws = people
    ws.channel("mailops").members.add(ws.user("carla").id)
    async with watchers_on(ws, services) as w:
        await w.type(f"add {TARGET} 25", user="bruno", channel="delivery")
        await w.tick()
        for ends in (True, False):
            w.world.breaks()
            await w.pass_by(minutes=30)
            await w.type(f"note {TARGET} {NOTED}", user="bruno", channel="delivery")
            if ends:
                w.world.heals()
                await w.pass_by(minutes=30)
        await w.type(f"edit {TARGET} in <#{ws.channel('mailops').id}|mailops>", user="carla", channel="delivery")
        await w.tick()
        w.name = (await w.the_watch()).id
        yield w


async def answers(w, lines, user, channel):
    """What they are answered privately, all of it."""
    for line in lines:
        await w.stage.type(line, user, channel)
    return "\n".join(f"{message.text} {content(message)}" for message in w.stage.seen(user, channel))


async def test_what_a_watch_told_and_saw_in_a_private_channel_stays_there_when_it_is_moved(moved, services):
    w, ws = moved, moved.ws
    kept, readings = stored_check(7, w.clock() + timedelta(minutes=1), w.clock() + timedelta(days=9), host=TARGET)
    await services.history.add(replace(kept, actor=ws.user("dora").id, channel=ws.channel("mailops").id), readings)
    await w.pass_by(minutes=20)
    incidents = (f"/smtpwatch incidents {words}" for words in ("", "all", TARGET, f"{TARGET} since 30d", f"{w.name}.2"))
    lines = (
        *(*incidents, f"/smtpwatch show {w.name}", f"/smtpwatch history {w.name}", f"/smtphistory {TARGET}"),
        *(f"/smtphistory when was {TARGET} down", f"/smtphistory since when is {TARGET} down"),
    )
    seen = await answers(w, lines, "dora", "mailops")
    assert f"{w.name}.2" in seen and NOTED not in seen and f"{w.name}.1" not in seen
    assert "Down 1 time" in seen
    posted = "".join(map(content, w.posted("mailops")))
    assert TARGET in posted and NOTED not in posted
    alone = await answers(w, [f"/smtpwatch incidents {w.name}.1"], "dora", "mailops")
    assert f"There is no incident `{w.name}.1` that you may see." in alone
    since = await answers(w, [f"/smtphistory since when is {TARGET} down"], "dora", "mailops")
    assert re.search(rf"{TARGET}: down since <!date[^>]+> or earlier, for \d+m so far", since)
    both = await answers(w, [f"/smtpwatch incidents {TARGET}", f"/smtpwatch incidents {w.name}.2"], "carla", "mailops")
    assert NOTED in both and f"{w.name}.1" in both


async def test_who_may_not_see_where_a_watch_was_moved_keeps_what_was_told_before_and_learns_nothing_of_now(
    moved, services
):
    w, ws = moved, moved.ws
    failed, readings = stored_check(7, w.clock() - timedelta(minutes=5), w.clock() + timedelta(days=9), host=TARGET)
    failed = replace(failed, verdict="failed", actor="", channel=ws.channel("delivery").id)
    await services.history.add(failed, readings)
    ws.channel("delivery").members.add(ws.add_user("ed").id)
    w.world.heals()
    await w.pass_by(hours=2)

    async def said(line):
        await w.stage.type(line, "ed", "delivery")
        return w.stage.last("ed", "delivery").text

    for words in ("since 30d", "all since 30d", TARGET, w.name):
        listed = await said(f"/smtpwatch incidents {words}")
        assert f"{w.name}.1" in listed and f"{w.name}.2" in listed and "open" not in listed, words
        assert listed.count("then its watch was moved to another channel") == 1
    one = await said(f"/smtpwatch incidents {w.name}.2")
    assert NOTED in one and "so far" not in one and "Told again" not in one
    since = await said(f"/smtphistory since when is {TARGET} down")
    assert since.startswith(f"*{TARGET}: last seen down <!date")
    assert "nothing since then that you may see: its watch was moved to another channel*" in since
    assert " not seen" not in await said(f"/smtphistory {TARGET}")
    assert "not seen for" not in await said(f"/smtphistory when was {TARGET} down")
    many = await said("/smtphistory *.example.com failed since 1d")
    assert "1 host of 1 at some point in that time; so by the last result." in many
    assert "There is no watch" in await said(f"/smtpwatch show {TARGET}")


def _as_it_is(w, message):
    return content(next(one for one in w.posted("delivery") if one.ts == message.ts))


@pytest.mark.parametrize("heals", ["before it is told there", "after", "while it is muted"])
@pytest.mark.parametrize("others", [(), ("mx2.example.com",)], ids=["alone", "with another"])
async def test_a_channel_is_not_told_how_that_went_on_whose_watch_was_moved_away(people, services, others, heals):
    ws = people
    ws.channel("mailops").members.add(ws.user("carla").id)
    async with watchers_on(ws, services) as w:
        for target in (TARGET, *others):
            await w.type(f"add {target} 25 every 5m tag prod", user="bruno", channel="delivery")
            w.world.breaks(target, records={f"address {target}": ("192.0.2.1",)})
        await w.pass_by(minutes=20)
        [message] = [one for one in w.posted("delivery") if "red_circle" in content(one) and not one.thread_ts]
        if heals == "while it is muted":
            await w.type(f"mute {TARGET} 2h moving", user="bruno", channel="delivery")
        if heals != "after":
            w.world.heals()
        await w.type(f"edit {TARGET} in <#{ws.channel('mailops').id}|mailops>", user="carla", channel="delivery")
        await w.tick()
        w.world.heals()
        await w.pass_by(minutes=30)
        there = "".join(map(content, w.posted("mailops")))
        assert ("recovered" in there) == (heals != "while it is muted")
        assert "recovered" not in "".join(map(content, w.posted("delivery")))
        moved = f"<#{ws.channel('mailops').id}>"
        here = _as_it_is(w, message)
        assert (f"• {TARGET}: continues in another message" if others else moved) in here
        assert ("smtpwatch.ack" in here) == bool(others)
        for target in others:
            w.world.heals(target)
            await w.pass_by(minutes=30)
            assert f"{TARGET}: recovered" not in _as_it_is(w, message)
            assert "1 of 2 watches recovered, 1 told in another message" in _as_it_is(w, message)


async def test_what_certificates_and_records_of_a_moved_watch_come_to_is_told_where_it_alerts_now(people, services):
    ws = people
    ws.channel("mailops").members.add(ws.user("carla").id)
    old, new = {f"address {TARGET}": ("192.0.2.1",)}, {f"address {TARGET}": ("192.0.2.2",)}
    async with watchers_on(ws, services) as w:

        def shows(ends, records):
            certificates = {f"{TARGET}:465": {"not_after": ends.isoformat(), "subject": f"CN={ends:%j}"}}
            w.world.heals(certificates=certificates, records=records)

        soon = w.clock() + timedelta(days=5.5)
        shows(soon, old)
        await w.type(f"add {TARGET} 465 every 5m", user="bruno", channel="delivery")
        await w.pass_by(minutes=10)
        shows(soon, new)
        await w.pass_by(minutes=30)
        before = [one.text for one in w.posted("delivery")]
        assert "a certificate ends in" in str(before) and "addresses changed" in str(before)
        await w.type(f"edit {TARGET} in <#{ws.channel('mailops').id}|mailops>", user="carla", channel="delivery")
        shows(soon + timedelta(days=80), old)
        await w.pass_by(minutes=30)
        assert [one.text for one in w.posted("delivery")][: len(before)] == before
        there = "".join(map(content, w.posted("mailops")))
        assert "renewed" in there and "addresses as before" in there


async def test_who_leaves_a_channel_stops_seeing_it_within_minutes(people, services):
    ws = people
    await store(services, ws, "delivery")
    async with bot_on(ws, services, pace=()) as stage:
        clock = [0.0]
        for kept in (stage.bot.dispatcher.access._people._channels, stage.bot.dispatcher.access._people._persons):
            kept._clock = lambda: clock[0]
        ws.channel("mailops").members.add(ws.user("carla").id)
        await stage.type(f"/smtphistory {HOST}", user="carla")
        assert "of 3" in stage.last("carla").text
        ws.channel("delivery").members.discard(ws.user("carla").id)
        clock[0] += 301
        await stage.type(f"/smtphistory {HOST}", user="carla")
    assert "Nothing found" in stage.last("carla").text
