"""/smtphistory through the real Bolt app on the strict workspace, with results that are written into SQLite."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.demo.workspace.workspace import Workspace
from bot.rate_limits import Limiter
from commands.history import listing
from storage.history import OPERATOR, Query
from tests.history.documents import HOST, entry, reading
from tests.history.made import fill, fill_with_runs, stored_check

from .stage import bot_on, content

NOW = datetime.now(UTC)


def ids(ws, *names):
    return [ws.user(name).id for name in names]


def channels(ws, *names):
    return [ws.channel(name).id for name in names]


@pytest.fixture
async def page(ws, services):
    """Types a line of ana's with so many results stored and gives back the stage."""

    async def typed(line, count, *, user="ana"):
        await fill(services.history, count, ids(ws, "ana", "bruno"), channels(ws, "mailops", "delivery"))
        async with bot_on(ws, services, pace=()) as stage:
            await stage.type(line, user=user)
            return stage

    return typed


def labels(message):
    return [one["text"]["text"] for block in message.blocks for one in _elements(block) if one["type"] == "button"]


def _elements(block):
    return [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])] if block else []


@pytest.mark.parametrize("line", ["/smtphistory", "/smtphistory failed", f"/smtphistory {HOST}"])
@pytest.mark.parametrize("count", [0, 1, 400])
async def test_every_page_is_taken_by_slack_with_none_one_and_many_results(page, ws, line, count):
    stage = await page(line, count)
    assert not [call for call in ws.log if call.error or call.warnings]
    assert stage.last().ephemeral_to == ws.user("ana").id
    assert stage.last().text


async def test_nothing_yet_says_what_to_do(page):
    stage = await page("/smtphistory", 0)
    assert "You have checked, asked or validated nothing yet" in stage.last().text
    assert "/smtpcheck" in stage.last().text
    stage = await page("/smtphistory all", 0)
    assert stage.last().text.startswith("There is no result yet that you may see.\nTry `/smtpcheck")


async def test_an_exchange_of_a_domain_leads_to_the_results_that_looked_at_it(ws, services):
    kept = entry("d1", target="example.com", actor=ws.user("ana").id, started_at=NOW)
    await services.history.add(kept, [reading(25, host="mx2.example.com")])
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory mx2.example.com")
        said = stage.last()
        assert "It was looked at in results of `example.com`: `/smtphistory example.com`" in said.text
        assert labels(said) == ["History of example.com", "Check mx2.example.com"]
        await stage.type("/smtphistory mx7.example.com")
        assert "It was looked at" not in stage.last().text


async def test_a_host_without_results_is_offered_for_a_check(page):
    stage = await page("/smtphistory nothing.example.com", 3)
    assert "Nothing found" in stage.last().text
    assert labels(stage.last()) == ["Check nothing.example.com"]


async def test_what_there_is_instead_is_said_where_nothing_is_found(ws, services):
    await fill(services.history, 7, ids(ws, "bruno"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        for line, tip in {
            f"{HOST} failed port 587": f"Without the other words (3): `/smtphistory {HOST}`",
            "mail.exmple.com": f"Did you mean `/smtphistory {HOST}`?",
            "pmta": "All that you may see (7): `/smtphistory all`",
            "other.example.net": "All that you may see: `/smtphistory all`",
        }.items():
            await stage.type(f"/smtphistory {line}")
            assert tip in stage.last().text
        await stage.type("/smtphistory", channel="delivery")
        assert "nor has anybody in this channel" in stage.last(channel="delivery").text
        assert "All that you may see (7)" in stage.last(channel="delivery").text
        await stage.type("/smtphistory all", channel="delivery")
        assert "*Everything that you may see*\n1 to 7 of 7" in stage.last(channel="delivery").text


async def test_a_target_longer_than_any_host_is_offered_for_nothing(page):
    stage = await page(f"/smtphistory {'x' * 3000}", 3)
    assert "Nothing found" in stage.last().text
    assert not [call for call in stage.ws.log if call.error]
    assert labels(stage.last()) == []


async def test_a_page_has_ten_lines_and_the_buttons(page):
    stage = await page("/smtphistory failed", 800)
    message = stage.last()
    assert labels(message) == [*["Open"] * 10, "Older", "Export CSV", "Export JSON", "Export JSON lines"]
    assert "1 to 10 of 21, newest first" in message.text
    assert "<!date^" in message.text
    assert f"<@{stage.ws.user('bruno').id}>" in message.text


async def test_pages_are_turned_in_place_there_and_back(ws, services):
    await fill(services.history, 45, ids(ws, "ana"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory mine")
        first = stage.last().text
        seen = [first]
        for _ in range(4):
            await stage.press("smtphistory.older")
            seen.append(stage.last().text)
        assert "Older" not in labels(stage.last())
        assert "41 to 45 of 45" in seen[-1]
        for _ in range(4):
            await stage.press("smtphistory.newer")
            assert stage.last().text == seen[-2] if len(seen) > 1 else first
            seen.pop()
        [message] = stage.seen()
    assert message.text == first
    assert len(message.versions) == 8


async def test_a_target_shows_how_often_how_fast_and_what_changed(page):
    stage = await page(f"/smtphistory {HOST}", 400)
    message = stage.last()
    assert [block["type"] for block in message.blocks[:5]] == [
        *["section"] * 2,
        *["table", "data_visualization", "section"],
    ]
    assert "587: STARTTLS gone" in message.text
    assert "Changed <!date^" in message.text
    assert "587 · " in message.text
    assert message.blocks[3]["chart"]["axis_config"]["x_label"] == "Europe/Madrid"  # where ana is
    assert "ends in 80 days" in message.text
    assert labels(message)[-7:] == [
        "Older",
        "Compare",
        "Check now",
        "Share in channel",
        "Export CSV",
        "Export JSON",
        "Export JSON lines",
    ]


async def test_what_changed_is_told_newest_first_in_pages(ws, services):
    for number in range(24):
        at = NOW - timedelta(days=24 - number)
        how = {"bad": number % 2 > 0, "actor": ws.user("ana").id}
        await services.history.add(*stored_check(number, at, NOW + timedelta(days=80), **how))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST} changes")
        assert "1 to 10 of 23 changes in 24 results, newest first." in stage.last().text
        assert "no answer (before: open)" in stage.last().text
        await stage.press("smtphistory.older")
        await stage.press("smtphistory.older")
        assert "21 to 23 of 23" in stage.last().text
        await stage.type("/smtphistory what changed before yesterday")
        assert "of 1 host in" in stage.last().text
        await stage.type(f"/smtphistory {HOST} changes since 2h")
        assert "No result is known in that time. The last change before: <!date^" in stage.last().text
    assert not [call for call in ws.log if call.error or call.warnings]


ASKED = {
    f"since when is 587 without starttls on {HOST}": ("587 without starttls: since <!date^", "587: STARTTLS gone"),
    f"since when is 2525 refused on {HOST}": ("2525 refused: since <!date^", "(before: no answer)"),
    f"since when is 465 refused on {HOST}": ("465 refused: not now, nor in any result",),
    f"since when is 25 no answer on {HOST}": (
        "25 no answer: not now. It was so from <!date^",
        "last seen <!date^",
    ),
    f"since when is 25 down on {HOST}": ("25 down: not now. It was so from <!date^", "and no longer <!date^"),
    f"since when is 2525 down on {HOST}": ("2525 down: so since the first result that is known",),
    f"who checked {HOST}": ("Who asked about *mail.example.com*\n• <@U",),
    "who checked nobody.example": ("Nothing found",),
    "who checked *.example.com": ("about which host?",),
    "hosts without starttls": ("3 hosts of 3", "*mail.example.com*", "mx2.example.com*", "mx10.example.com*"),
    "*.example.com refused 2525": ("3 hosts of 3",),
    "*.example.org": ("0 hosts of 0", "among 3 hosts that you may see"),
    "*.exmple.com": ("0 hosts of 0", "the nearest name is mx2.example.com"),
    "2525 failed *.example.com": ("3 hosts of 3",),
    "465 failed *.example.com": ("0 hosts of 3",),
    "provider ses": ("0 hosts of 0", "among 3 hosts"),
    "provider sess": ("Did you mean `provider ses`?",),
    "tag:prod": ("Nothing that you may see has `tag:prod`", "smtpwatch tag"),
    f"compare {HOST} 2026-01-05 2026-01-06": ("The first that you may see is of <!date^",),
    f"compare {HOST} today yesterday": ("• 587: STARTTLS gone",),
    f"{HOST} without starttls": ("1 of 4 results, newest first",),
    "tls 1.0": ("0 hosts of 3",),
    "25 no answer *.example.com": (
        "0 hosts of 3",
        "Last so: *mx2.example.com*",
        "`/smtphistory mx2.example.com no_answer port 25`",
    ),
    "since when is 25 refused on mail.exmple.com": (f"Did you mean `/smtphistory {HOST}`?",),
    "certificates within 2 days": ("0 certificates", "The next: "),
    "certificates within 90 days": ("3 certificates that end in 90 days", "465"),
    "certificates until 2027-01-02 *.example.net": (
        "0 certificates that end by 2027-01-02*",
        "None that ends later",
    ),
    f"compare {HOST} yesterday today": ("• 587: STARTTLS gone",),
}


async def test_questions_in_words_are_answered_in_their_first_line(ws, services):
    for host in (HOST, "mx10.example.com", "mx2.example.com"):
        for number in range(4):
            at = NOW - timedelta(days=3 - number)
            how = {"bad": number == 1, "clear": number == 3, "actor": ws.user("ana").id, "host": host}
            kept, readings = stored_check(number, at, NOW + timedelta(days=80), **how)
            kept = replace(kept, id=f"{host[:5]}{number}")
            await services.history.add(kept, readings)
    patient = replace(services, limiter=Limiter(count(0, 60).__next__))
    async with bot_on(ws, patient, pace=()) as stage:
        for line, words in ASKED.items():
            await stage.type(f"/smtphistory {line}")
            for each in words:
                assert each in stage.last().text, line
        await stage.type("/smtphistory hosts without starttls")
        assert stage.last().text.index("*mx2.") < stage.last().text.index("*mx10.")
    assert not [call for call in ws.log if call.error or call.warnings]


async def test_a_workspace_without_charts_gets_a_sparkline(tmp_path, services):
    async with Workspace(unknown_blocks=["data_visualization"]) as ws:
        await fill(services.history, 400, ids(ws, "ana"), channels(ws, "mailops"))
        async with bot_on(ws, services, pace=()) as stage:
            await stage.type(f"/smtphistory {HOST}")
            assert [call.error for call in ws.calls("response_url")] == ["invalid_blocks", ""]
            assert "▁" in content(stage.last())
            assert "table" in [block["type"] for block in stage.last().blocks]


async def test_a_renewed_certificate_is_a_change(ws, services):
    for number, days in enumerate((10, 10, 80)):
        at, ends = NOW - timedelta(days=9 - number), NOW + timedelta(days=days)
        kept, readings = stored_check(number, at, ends, actor=ws.user("ana").id)
        await services.history.add(kept, readings)
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
    assert "certificate renewed, valid until" in stage.last().text


async def test_compare_shows_only_what_differs_and_another_can_be_chosen(ws, services):
    await fill(services.history, 60, ids(ws, "ana"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
        await stage.press("smtphistory.compare")
        view = ws.view_of("ana")
        assert "587: TLS" in json.dumps(view.blocks)
        assert "465: " not in json.dumps(view.blocks)
        menu = view.blocks[-1]["elements"][0]
        local = (await services.history.page(Query(OPERATOR, target=HOST)))[1].started_at.astimezone(
            ZoneInfo("Europe/Madrid")
        )
        assert menu["options"][0]["text"]["text"] == f"{local:%a %Y-%m-%d %H:%M}: works, with faults"
        await ws.click(view, "smtphistory.compare", user="ana", choice=menu["options"][0]["value"])
        await stage.bot.dispatcher.idle()
        again = ws.view_of("ana")
    assert again.id == view.id
    assert "Nothing that matters is different" in json.dumps(again.blocks)
    assert len(ws.calls("views.open")) == 1


async def test_a_result_is_opened_and_run_again_from_there(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        await stage.type("/smtpcheck mail.lab.example 25")
        stage.services.now.advance(70)
        await stage.type("/smtphistory mail.lab.example")
        await stage.ws.click(stage.last(), "smtpcheck.details", user="ana")
        await stage.bot.dispatcher.idle()
        view = ws.view_of("ana")
        assert "220 " in json.dumps(view.blocks)
        await ws.click(view, "smtpcheck.check", user="ana")
        await stage.bot.dispatcher.idle()
        assert f"The answer stands in <#{ws.channel('mailops').id}>" in json.dumps(ws.view_of("ana").blocks)
        assert "mail.lab.example" in stage.last().text
        assert await lab.history.count(Query(OPERATOR)) == 2


@pytest.mark.parametrize(("action", "first"), [("csv", "started_at,"), ("json", '{"schema"'), ("jsonl", "{")])
async def test_an_export_goes_as_a_file_by_direct_message(ws, services, action, first):
    await fill(services.history, 450, ids(ws, "ana"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST} failed")
        await stage.press(f"smtphistory.{action}")
        [message] = ws.messages(ws.dm("ana"))
    [file] = message.files
    assert file.name.endswith(f".{action}")
    lines = file.content.decode().splitlines()
    assert lines[0].startswith(first)
    assert len([line for line in lines if HOST in line]) == (16 if action == "csv" else 4)  # a row for each port
    assert "4 results" in stage.last().text


async def test_nothing_to_export_sends_no_file(ws, services):
    await fill(services.history, 1, ids(ws, "ana"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory mine")
        await services.history.delete(f"{0:028x}", OPERATOR)
        await stage.press("smtphistory.csv")
    assert "Nothing to export" in stage.last().text
    assert ws.files == {}


async def test_a_person_is_named_by_mention_and_a_plain_name_gets_a_clear_word(ws, services):
    await fill(services.history, 10, ids(ws, "ana", "bruno"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory by <@{ws.user('bruno').id}|bruno>")
        assert "1 to 5 of 5" in stage.last().text
        await stage.type("/smtphistory by bruno")
    assert "by mention alone" in stage.last().text


async def test_an_owner_deletes_their_result_and_others_do_not(ws, services):
    await fill(services.history, 2, ids(ws, "bruno", "ana"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory", user="bruno")
        await ws.click(stage.last("bruno"), "smtpcheck.details", user="bruno", value=f"{1:028x}")
        await stage.bot.dispatcher.idle()
        assert "smtphistory.delete" not in json.dumps(ws.view_of("bruno").blocks)
        await ws.click(stage.last("bruno"), "smtpcheck.details", user="bruno", value=f"{0:028x}")
        await stage.bot.dispatcher.idle()
        view = ws.view_of("bruno")
        button = next(
            one for block in view.blocks for one in _elements(block) if one.get("action_id") == "smtphistory.delete"
        )
        assert "confirm" in button
        await ws.click(view, "smtphistory.delete", user="bruno")
        await stage.bot.dispatcher.idle()
        assert "is deleted" in json.dumps(ws.view_of("bruno").blocks)
    assert [kept.id for kept in await services.history.entries(Query(OPERATOR))] == [f"{1:028x}"]


async def test_an_admin_deletes_any_result(ws, services):
    await fill(services.history, 1, ids(ws, "bruno"), channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory")
        await stage.press("smtpcheck.details")
        await ws.click(ws.view_of("ana"), "smtphistory.delete", user="ana")
        await stage.bot.dispatcher.idle()
    assert await services.history.count(Query(OPERATOR)) == 0


async def test_a_history_that_cannot_be_read_says_so(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        await services.history._readers.close()
        await stage.type("/smtphistory")
    assert "cannot be read right now" in stage.last().text


async def test_days_are_those_of_the_asker(ws, services):
    """Half past eleven at night in UTC is tomorrow already in Madrid, where ana is."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    for number in (0, 1):
        at = late - timedelta(hours=number)
        await services.history.add(*stored_check(number, at, NOW, actor=ws.user("ana").id))
    services = replace(services, now=lambda: datetime(2026, 11, 24, 10, tzinfo=UTC))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory today")
        assert "1 result" in stage.last().text
        assert stage.last().text.startswith("*History: today*")
        await stage.type("/smtphistory until yesterday since monday")
        assert "1 result" in stage.last().text
        assert "since monday, until yesterday" in stage.last().text
        await stage.type("/smtphistory since yesteday")
        assert "Did you mean `yesterday`?" in stage.last().text
        await stage.type("/smtphistory since monday until 9 days ago")
        assert "`9 days` is before `monday`." in stage.last().text


async def test_what_a_watch_ran_is_marked_and_is_not_what_its_owner_asked(ws, services):
    await fill_with_runs(services.history, 8, *ids(ws, "ana"), *channels(ws, "mailops"))
    asked, ran = "1 result", "1 to 8 of 8"
    async with bot_on(ws, services, pace=()) as stage:
        for line, count in {
            "": asked,
            "mine": asked,
            f"by <@{ws.user('ana').id}>": asked,
            "watches": ran,
            "mine watches": ran,
            "here": "1 to 9 of 9",
            HOST: "1 to 9 of 9",
        }.items():
            await stage.type(f"/smtphistory {line}")
            assert count in stage.last().text, line
            marked = stage.last().text.count(f"watch of <@{ws.user('ana').id}>")
            assert marked == (0 if count == asked else 1), line
            assert ("*8 equal results* since <!date^" in stage.last().text) == (count != asked)


async def test_pages_of_equal_runs_count_results_there_and_back(ws, services, monkeypatch):
    monkeypatch.setattr(listing, "LOOKED_AT", 5)
    await fill_with_runs(services.history, 8, *ids(ws, "ana"), *channels(ws, "mailops"))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory here")
        first = stage.last().text
        assert "1 to 5 of 9, newest first, equal runs of a watch as one line" in first
        await stage.press("smtphistory.older")
        assert "6 to 9 of 9" in stage.last().text
        assert "*3 equal results*" in stage.last().text  # and what somebody asked
        assert "Older" not in labels(stage.last())
        await stage.press("smtphistory.newer")
        assert stage.last().text == first


async def test_what_failed_at_more_hosts_than_a_page_holds_is_told_by_host(ws, services):
    """Runs of many watches lie between each other, so a page of results would have each host once, again and again."""
    now = datetime.now(UTC)
    how = {"surface": "watch", "actor": ids(ws, "ana")[0], "channel": channels(ws, "mailops")[0], "bad": True}
    for number in range(36):
        at, host = now - timedelta(minutes=5 * number), f"d{number % 12:02}.dc.example"
        await services.history.add(*stored_check(number, at, now + timedelta(days=80), host=host, **how))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory failed since 2d")
        first = stage.last().text
        assert "12 hosts of 12 at some point in that time; all of them so by the last result." in first
        assert "Each result: `/smtphistory since 2d failed all`" in first
        assert [f"d{number:02}.dc.example" in first for number in range(12)] == [True] * 10 + [False] * 2
        await stage.press("smtphistory.older")
        assert "d11.dc.example" in stage.last().text and "d01" not in stage.last().text
        await stage.press("smtphistory.newer")
        assert stage.last().text == first
        await stage.type("/smtphistory since 2d failed all")
        assert "of 36, newest first" in stage.last().text


async def test_compare_stays_inside_the_time_that_was_asked_for(ws, services):
    for number in range(5):
        at = NOW - timedelta(days=5 - number)
        how = {"bad": number == 0, "actor": ws.user("ana").id}
        await services.history.add(*stored_check(number, at, NOW + timedelta(days=80), **how))
    async with bot_on(ws, services, pace=()) as stage:
        for since, other in {"since 60h": 3, "since 90h": 2, "": 0}.items():
            await stage.type(f"/smtphistory {HOST} {since}")
            [value] = [
                one["value"] for block in stage.last().blocks for one in _elements(block) if "compare" in str(one)
            ]
            assert value.split()[-1] == f"{other:028x}", since


async def test_a_result_that_no_slice_shows_is_listed_without_a_button(ws, services):
    ours = {"kind": "later", "target": "network", "summary": "All open.", "actor": ws.user("ana").id}
    await services.history.add(entry("network", **ours))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory")
        assert "All open." in stage.last().text
        assert labels(stage.last()) == ["Export CSV", "Export JSON", "Export JSON lines"]


async def test_looks_at_our_own_network_are_listed_by_that_word(ws, services):
    await fill(services.history, 3, ids(ws, "ana"), channels(ws, "mailops"))
    ours = {"kind": "network", "target": "network", "summary": "Port 25 is blocked.", "actor": ws.user("ana").id}
    await services.history.add(entry("network", **ours))
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtphistory network since 900d")
        assert "*History: looks at our own network, last 900 days*" in stage.last().text
        assert "1 result\n" in stage.last().text
        assert "*network*: Port 25 is blocked." in stage.last().text


async def test_a_word_that_is_no_host_is_not_offered_for_a_check(page):
    stage = await page("/smtphistory flapping", 0)
    assert "Nothing found" in stage.last().text
    assert (
        "`flapping` is not a filter, and nothing is called that; `/smtphistory help` has the words."
        in stage.last().text
    )
    assert labels(stage.last()) == []
    stage = await page("/smtphistory w-7k3fq", 0)
    assert "`w-7k3fq` looks like the id of a watch: `/smtpwatch w-7k3fq` opens it." in stage.last().text


async def test_help_shows_lines_that_can_be_pasted(page):
    stage = await page("/smtphistory ayuda", 0)
    assert "`/smtphistory failed since 7d`" in stage.last().text
    assert "Words in any order" in stage.last().text


@pytest.mark.parametrize(
    "typed",
    [
        "clave: zanahoria",
        "zanahoria password",
        "port passwordzanahoria",
        "xoxb-zanahoria-1",
        "?token=zanahoria",
        "bob:zanahoria",
    ],
)
async def test_a_secret_that_was_typed_in_place_of_a_target_is_not_repeated(ws, services, typed):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {typed}")
        said = stage.last().text + content(stage.last())
    assert "There is a secret in that" in said
    assert "zanahoria" not in said
