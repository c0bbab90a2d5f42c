"""App Home: what it shows with no, one and many results; its buttons; who sees nothing."""

import json
from dataclasses import replace

import pytest

from bot.demo.workspace import render
from commands.watch.state.events import Event
from commands.watch.state.model import Incident, State, Unseen
from commands.watch.state.rows import to_event_row, to_row
from storage.history import ReplacedError, StorageError
from storage.queries import OPERATOR
from tests.history.made import fill, fill_with_runs
from tests.watch.samples import HOUR, NOON, a_watch

from .stage import bot_on
from .test_smtphistory import channels, ids

DOWN = State("down", incident=Incident("w-0.1", NOON, ("no_answer mx0.example.com:25",), told=True, events=1))
UNSEEN = State("up", unseen=Unseen(NOON - HOUR, 5, "rate_limited"), last_at=NOON)


@pytest.fixture
async def opened(ws, services):
    """Opens the app as somebody, with so many results stored; the Home and the stage."""

    async def at(count, *, user="ana"):
        await fill(services.history, count, ids(ws, "ana", "bruno"), channels(ws, "mailops", "delivery"))
        async with bot_on(ws, services, pace=()) as stage:
            await open_home(stage, user)
            return ws.home_of(user)

    return at


async def open_home(stage, user):
    done = await stage.ws.open_home(user)
    await stage.bot.dispatcher.idle()
    assert done.error == ""


@pytest.mark.parametrize("count", [0, 1, 1200])
async def test_any_history_fits_into_a_home(ws, opened, count):
    home = await opened(count)
    assert len(home.blocks) <= 30
    assert not [call for call in ws.log if call.error]
    assert render.view(ws.state, home)


async def test_it_shows_mine_the_teams_failures_and_what_ends_soon(ws, opened):
    shown = json.dumps((await opened(400)).blocks)
    for words in (
        "Your last results",
        "Failures of the team",
        "587 TLS not offered",
        "mx11.example.org 25, 465, 587 ends in 20 days",
    ):
        assert words in shown
    assert "mail.example.com 25" not in shown  # ends in 80 days


async def test_what_my_watches_ran_does_not_pose_as_what_i_asked(ws, services):
    await fill_with_runs(services.history, 8, *ids(ws, "ana"), *channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "ana")
    opens = [block for block in ws.home_of("ana").blocks if block.get("accessory")]
    assert [block["accessory"]["value"] for block in opens] == [f"{0:028x}"] * 2  # mine, and the team's failure
    mine, _ = opens
    assert "<@" not in mine["text"]["text"]
    assert "watch of" not in json.dumps(ws.home_of("ana").blocks)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Results are kept until somebody deletes them"),
        (1, "Results are deleted after 1 day; export"),
        (365, "Results are deleted after 365 days; export"),
    ],
)
async def test_the_settings_say_how_long_results_are_kept_and_which_days_count(ws, services, days, words):
    async with bot_on(ws, replace(services, retention_days=days), pace=()) as stage:
        await open_home(stage, "bruno")
        await ws.click(ws.home_of("bruno"), "portero.settings", user="bruno")
        await stage.bot.dispatcher.idle()
    shown = json.dumps(ws.view_of("bruno").blocks)
    assert words in shown
    assert "your time zone in Slack, Europe/Madrid" in shown
    assert "You see your own results" in shown


async def test_it_is_made_anew_when_it_is_opened_again(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "ana")
        assert "*Welcome.*" in json.dumps(ws.home_of("ana").blocks)
        await fill(services.history, 1, ids(ws, "ana"), channels(ws, "mailops"))
        await open_home(stage, "ana")
        shown = json.dumps(ws.home_of("ana").blocks)
        assert ("*Welcome.*" in shown, "Nothing here yet: watches; certificates" in shown) == (False, True)


async def test_the_messages_tab_changes_nothing(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        await ws.open_home("ana", tab="messages")
        await stage.bot.dispatcher.idle()
    assert ws.home_of("ana") is None


async def test_a_home_that_was_made_meanwhile_stays(ws, services, caplog):
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "ana")
        ws.fail("views.publish", "hash_conflict")
        await open_home(stage, "ana")
    assert not [record for record in caplog.records if record.levelname == "WARNING" and "Home" in record.message]


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("smtpcheck.ask", "Check SMTP ports"),
        ("smtpport.form", "Which SMTP port?"),
        ("pmta.form", "Check PowerMTA config"),
    ],
)
async def test_quick_actions_open_their_forms(ws, services, action, title):
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "ana")
        await ws.click(ws.home_of("ana"), action, user="ana")
        await stage.bot.dispatcher.idle()
    assert ws.view_of("ana").body["title"]["text"] == title


async def test_a_check_from_home_is_answered_by_direct_message_and_shared_where_one_chooses(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        await open_home(stage, "ana")
        await ws.click(ws.home_of("ana"), "smtpcheck.ask", user="ana")
        await stage.bot.dispatcher.idle()
        wrong = await ws.submit(ws.view_of("ana"), {"target": "not a host"}, user="ana")
        assert "target" in wrong.errors
        await ws.submit(ws.view_of("ana"), {"target": "mail..lab.example", "ports": ["25"]}, user="ana")
        assert "Did you mean mail.lab.example? It is in the field now: press *Check*." in json.dumps(
            ws.view_of("ana").body
        )
        await ws.submit(ws.view_of("ana"), {}, user="ana")
        await stage.bot.dispatcher.idle()
        answer = ws.messages(ws.dm("ana"))[-1]
        assert "mail.lab.example" in answer.text
        await ws.click(answer, "smtpcheck.share", user="ana")
        await stage.bot.dispatcher.idle()
        await ws.submit(ws.view_of("ana"), {"channel": ws.channel("general").id}, user="ana")
        await stage.bot.dispatcher.idle()
    shared, told = ws.messages("general")
    assert "Shared by" in shared.text
    assert (told.ephemeral_to, "Shared in" in told.text) == (ws.user("ana").id, True)
    assert shared.ephemeral_to == ""
    assert ws.view_of("ana") is None


async def test_a_guest_sees_that_they_are_not_served_and_nothing_else(opened):
    shown = json.dumps((await opened(3, user="greta")).blocks)
    assert "does not answer guests" in shown
    assert "example" not in shown
    assert "action_id" not in shown


@pytest.mark.parametrize(
    ("error", "words"), [(StorageError, "cannot be read right now"), (ReplacedError, "whoever runs Portero starts it")]
)
async def test_an_unreadable_history_leaves_the_quick_actions(ws, services, error, words):
    class Broken:
        def __getattr__(self, name):
            raise error("the disk is gone")

    broken = Broken()
    broken.claim, broken.listening = services.history.claim, services.history.listening
    async with bot_on(ws, replace(services, history=broken), pace=()) as stage:
        await open_home(stage, "ana")
    shown = json.dumps(ws.home_of("ana").blocks)
    assert words in shown
    assert "smtpcheck.ask" in shown


async def test_it_shows_my_watches_and_who_keeps_which_quiet(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtpwatch add mail.example.com 25")
        await stage.type("/smtpwatch add mx2.example.com", "bruno")
        await stage.type("/smtpwatch mute mx2.example.com 2d moving", "bruno")
        await open_home(stage, "ana")
        home = ws.home_of("ana")
        shown = json.dumps(home.blocks)
        order = [shown.index(words) for words in ("2 watches that you may see", "Your watches", "Results are kept")]
        assert order == sorted(order)
        assert (shown.count("2 watches"), shown.count('"Add a watch"')) == (1, 1)
        assert "*mail.example.com* 25" in shown
        assert f"muted by <@{ws.user('bruno').id}> until" in shown
        watch = next(row for row in await services.watches.visible_to(OPERATOR) if row.target == "mx2.example.com")
        await ws.click(home, "smtpwatch.card", value=watch.id, user="ana")
        await stage.bot.dispatcher.idle()
        assert watch.id in ws.view_of("ana").body["title"]["text"]


async def test_who_is_in_no_channel_is_told_that_there_is_more_than_they_may_see(ws, services):
    ws.add_user("dora")
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "dora")
        assert "There is more than you may see" not in json.dumps(ws.home_of("dora").blocks)
        await stage.type("/smtpwatch add mail.example.com 25")
        await open_home(stage, "dora")
    shown = json.dumps(ws.home_of("dora").blocks)
    assert "There is more than you may see: you are in no channel" in shown
    assert "mail.example.com 25" not in shown
    assert shown.index("*Welcome.*") < shown.index("There is more than you may see")


@pytest.mark.parametrize(
    ("names", "words"), [(["fra-1", "mta-03"], "fra-1, mta-03"), ([], ":warning: none is connected")]
)
async def test_admins_see_which_other_machines_check(ws, services, names, words):
    class There:
        async def connected(self, _viewer, _channel):
            return names

        def know_groups(self, _is_in):
            pass

        def seen(self):
            return names

        is_sure = True

    async with bot_on(ws, replace(services, vantages=There()), pace=()) as stage:
        for who, sees in (("ana", True), ("bruno", False)):
            await open_home(stage, who)
            assert (f"Other machines that check: {words}" in json.dumps(ws.home_of(who).blocks)) == sees


async def test_admins_see_which_alerts_did_not_arrive_and_nobody_is_told_that_all_is_well(ws, services):
    watch = a_watch(id="w-7k3fq", team=ws.state.team, channel=ws.channel("mailops").id, target="mx1.example.com")
    await services.watches.add(to_row(watch), 9, OPERATOR)
    now = services.now()
    for number in "12":
        event = Event(number, "opened", now, "w-7k3fq.1", watch.team, watch.channel, watch.id, "m", "check", now)
        await services.watches.tell(to_event_row(event, watch))
        [lease] = await services.watches.claim_deliveries(now, now + HOUR, 5, ["slack"], owner="me")
        await services.watches.give_up(lease, now, "is_archived")
    async with bot_on(ws, services, pace=()) as stage:
        await open_home(stage, "ana")
        await open_home(stage, "bruno")
    shown = json.dumps(ws.home_of("ana").blocks)
    assert ":warning: 2 alerts did not arrive in the last 7 days: 2 of mx1.example.com (`w-7k3fq`) by slack: " in shown
    assert "Portero is well" not in shown
    assert "did not arrive" not in json.dumps(ws.home_of("bruno").blocks)


async def test_what_is_down_and_what_is_not_seen_stands_first_whoever_owns_it(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        for number, state in enumerate((DOWN, UNSEEN, State("up"))):
            watch = a_watch(
                id=f"w-{number}", team=ws.state.team, channel=ws.channel("mailops").id, owner="U9", state=state
            )
            await services.watches.add(to_row(replace(watch, target=f"mx{number}.example.com")), 9, OPERATOR)
        await open_home(stage, "bruno")
    texts = [block["text"]["text"] for block in ws.home_of("bruno").blocks if block["type"] == "section"]
    assert texts[0] == "*3 watches that you may see*: 1 healthy, 1 down, 1 not seen"
    assert texts[1:4:2] == ["*Down now*", "*Not seen*"]
    assert ("mx0.example.com" in texts[2], "mx1.example.com" in texts[4]) == (True, True)
    assert not any("mx2.example.com" in text for text in texts)


async def test_an_error_that_somebody_had_explained_is_no_failure_of_the_team(ws, services):
    async with bot_on(ws, services) as stage:
        await stage.type("/smtpport 421 4.7.0 Try again later")
        await open_home(stage, "bruno")
    assert "Failures of the team" not in json.dumps(ws.home_of("bruno").blocks)
