"""Up to five hosts behind one command: one answer with a line each."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.workspace.buttons import numbered_buttons
from bot.rate_limits import PER_TARGET, PER_USER
from commands.smtpcheck.several.view import Found, result
from storage.history import OPERATOR, Query

from .process import PATIENCE
from .stage import bot_on, content, held_host, lab_services

FAULTY = "expired.lab.example pool.lab.example implicit.lab.example"
THREE = "mail.lab.example expired.lab.example nowhere.lab.example"


@pytest.fixture
async def told(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        yield stage


def table_of(message):
    (table,) = [block for block in message.blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


async def test_three_hosts_are_one_answer_with_a_line_each(told):
    await told.type(f"/smtpcheck {THREE} 25 587")
    (answer,) = told.seen()
    assert answer.text.startswith(
        ":warning: 2 of 3 hosts work. Not usable: nowhere.lab.example. With faults: expired.lab.example."
    )
    assert table_of(answer) == [
        ["Host", "Result", "Ports"],
        ["mail.lab.example", "✓ works", "✓ 25, 587"],
        ["expired.lab.example", "! with faults", "✓ 25; ! 587 cert expired"],
        ["nowhere.lab.example", "✗ not usable", "nowhere.lab.example does not exist in DNS: check the spelling."],
    ]
    assert "expired.lab.example: The certificate" in content(answer)


async def test_each_line_says_which_fault(ws, tmp_path):
    more = [one for one in HOSTS if one.name in {"pool.lab.example", "implicit.lab.example"}]
    async with lab_services(tmp_path, *more) as services, bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtpcheck {FAULTY} 587")
        assert [line[2] for line in table_of(stage.last())[1:]] == [
            "! 587 cert expired",
            "✓ 587 (3 of 4 addresses)",
            "✓ 587 TLS 1.3 implicit",
        ]


async def test_behind_each_line_are_its_details(told, ws):
    await told.type(f"/smtpcheck {THREE} 25")
    details = [one for one in numbered_buttons(told.last()) if one.label.startswith("Details: ")]
    assert [one.label for one in details] == [f"Details: {host}" for host in THREE.split()]
    for one, host in zip(details, THREE.split(), strict=True):
        await ws.click(told.last(), one, user="ana")
        await told.bot.dispatcher.idle()
        assert host in json.dumps(ws.view_of("ana").body)


async def test_each_host_is_a_result_of_its_own(told):
    await told.type(f"/smtpcheck {THREE} 25")
    found = await told.services.history.page(Query(OPERATOR), limit=9)
    assert sorted(line.target for line in found) == sorted(THREE.split())


async def test_each_counts_for_its_asker_and_for_itself(told):
    await told.type(f"/smtpcheck {THREE} 25")
    user = told.ws.user("ana").id
    assert told.services.wait_for_asker(user, PER_USER.times - 3) == 0.0
    assert told.services.wait_for_asker(user, 1) > 0
    for host in THREE.split():
        waits = [told.services.wait_for_target(host, (25,)) for _ in range(PER_TARGET.times)]
        assert [seconds > 0 for seconds in waits] == [False] * (PER_TARGET.times - 1) + [True]


async def test_who_has_not_so_many_checks_left_waits_and_none_is_begun(told):
    told.services.wait_for_asker(told.ws.user("ana").id, PER_USER.times - 2)
    await told.type(f"/smtpcheck {THREE}")
    assert "That was a lot of checks within a minute." in told.last().text
    assert await told.services.history.count(Query(OPERATOR)) == 0


async def test_run_again_asks_for_the_same_in_the_same_message(told):
    await told.type("/smtpcheck mail.lab.example:25 expired.lab.example:587")
    told.services.now.advance(60)  # the prober has a clock of its own: the new results look old
    await told.press("smtpcheck.run")
    assert len(told.seen()) == 1
    assert [(host, ports) for host, _, ports in table_of(told.last())[1:]] == [
        ("mail.lab.example", "✓ 25"),
        ("expired.lab.example", "! 587 cert expired"),
    ]
    assert await told.services.history.count(Query(OPERATOR)) == 4


async def test_a_host_that_was_checked_a_moment_ago_shows_that_result(told):
    await told.type("/smtpcheck mail.lab.example 25")
    told.services.now.advance(20)
    await told.type("/smtpcheck mail.lab.example expired.lab.example 25")
    host, result, ports = table_of(told.last())[1]
    assert (host, ports) == ("mail.lab.example", "✓ 25")
    assert result.startswith("✓ works, 2")
    assert result.endswith(" s ago")
    assert await told.services.history.count(Query(OPERATOR)) == 2


async def test_a_host_that_is_left_in_peace_says_so_in_its_line(told):
    while not told.services.wait_for_target("mail.lab.example", (25,)):
        pass
    await told.type("/smtpcheck mail.lab.example expired.lab.example 25")
    line = table_of(told.last())[1]
    assert line[:2] == ["mail.lab.example", "not checked"]
    assert "often enough for now" in line[2]
    assert "1 of 2 hosts work. Not checked: mail.lab.example." in told.last().text


async def test_here_answers_in_the_channel(told):
    await told.type("/smtpcheck mail.lab.example expired.lab.example 25 here")
    assert not told.last().ephemeral_to
    assert len(table_of(told.last())) == 3


async def test_each_host_tells_what_it_is_at(ws, tmp_path):
    gate = asyncio.Event()
    async with (
        lab_services(tmp_path, held_host(gate)) as services,
        bot_on(ws, services, pace=(0.0, 0.0, 0.0)) as stage,
    ):
        await ws.command("ana", "mailops", "/smtpcheck mail.lab.example held.lab.example 25 587")
        await ws.wait_for(lambda: stage.seen() and "Checking 2 hosts" in stage.last().text, timeout=PATIENCE)
        assert "`mail.lab.example`" in stage.last().text
        gate.set()
        await stage.bot.dispatcher.idle()
        assert "Both hosts work." in stage.last().text


async def test_places_and_hosts_are_not_many_at_once(told):
    await told.type("/smtpcheck mail.lab.example expired.lab.example from all")
    assert "From all places one host is checked at a time." in told.last().text
    assert [button.label for button in numbered_buttons(told.last())] == [
        "Check mail.lab.example from all",
        "Check expired.lab.example from all",
        "Check mail.lab.example expired.lab.example",
    ]


async def test_who_asks_on_below_it_asks_of_all_of_them(told, ws):
    first = await ws.write("ana", "mailops", "@portero check mail.lab.example expired.lab.example 25")
    await told.bot.dispatcher.idle()
    await ws.write("ana", "mailops", "@portero and 587?", thread_ts=first.ts)
    await told.bot.dispatcher.idle()
    assert table_of(told.last())[1:] == [
        ["mail.lab.example", "✓ works", "✓ 587"],
        ["expired.lab.example", "! with faults", "! 587 cert expired"],
    ]


def test_what_another_place_says_names_the_host_once():
    said = {"a.example": "a.example refuses connections from either place.", "b.example": "25 is closed from fra-1."}
    answer = result(list(said), Found(elsewhere=said), "a.example b.example", datetime.now(UTC), public=False)
    assert answer.text.splitlines()[-2:] == [said["a.example"], "`b.example`: 25 is closed from fra-1."]
