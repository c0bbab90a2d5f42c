"""The digest of a channel: once for each period, also after a restart; green in one line, the rest named."""

import re
from datetime import datetime, timedelta

import pytest

from commands.watch.state.digest import due_of
from commands.watch.state.events import Event
from commands.watch.view.alert import digest
from storage.queries import OPERATOR
from storage.watches import DIGESTS
from tests.watch.samples import NOON

from .test_watch_alerts import told
from .watchers import TARGET, watchers_on


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        yield made


def digests(w):
    return [told(message) for message in w.posted() if "digest*:" in message.text]


async def left_to_the_digest(w):
    [note] = (await w.services.watches.notes(DIGESTS)).values()
    return due_of(note) - w.clock() + timedelta(seconds=1)


async def to_the_digest(w):
    """At once: nothing runs until then."""
    w.clock.advance((await left_to_the_digest(w)).total_seconds())
    await w.tick()


async def watching_to_the_digest(w):
    left = await left_to_the_digest(w)
    await w.pass_by(seconds=left.total_seconds())


async def test_all_green_is_one_line_and_it_comes_once_a_day(w):
    await w.type(f"add {TARGET}")
    said = await w.type("digest daily 14:30 Europe/Madrid")
    assert "daily at 14:30 Europe/Madrid, next" in said.text
    await w.tick()
    await watching_to_the_digest(w)
    assert digests(w) == [":large_green_circle: *Daily digest*: 1 watch, healthy since TIME."]
    await w.tick()
    w.clock.advance(3600)
    await w.tick()
    assert len(digests(w)) == 1
    await to_the_digest(w)
    assert len(digests(w)) == 2


async def test_it_claims_no_time_before_its_watches_were_and_says_how_many_are_younger(w):
    await w.type(f"add {TARGET}")
    made = datetime.fromisoformat((await w.the_watch()).document["created_at"])
    await w.type("digest daily 14:00 UTC")
    await w.pass_by(minutes=90)
    await w.type("add mx2.example.com 25")
    await watching_to_the_digest(w)
    [head] = [message.text for message in w.posted() if "digest*:" in message.text]
    assert f"all healthy since <!date^{int(made.timestamp())}^" in head
    assert head.endswith("> (1 of them watched for less).")


async def test_what_is_down_was_down_or_is_quiet_is_named(w, ws):
    for name in (TARGET, "mx2.example.com", "mx3.example.com", "mx4.example.com"):
        await w.type(f"add {name} 25")
    await w.type("digest daily 14:00 UTC")  # not while the ports are down
    await w.tick()
    w.world.breaks("mx2.example.com")
    w.world.breaks("mx3.example.com")
    await w.pass_by(minutes=40)
    w.world.heals("mx3.example.com")
    await w.pass_by(minutes=40)
    await w.type("mute mx4.example.com 7d moving house")
    await watching_to_the_digest(w)
    lines = digests(w)[0].splitlines()
    assert (
        lines[0] == ":newspaper: *Daily digest*: 4 watches, now 3 healthy, 1 down; 2 healthy all the time since TIME."
    )
    assert lines[1].startswith("• :red_circle: *mx2.example.com* 25 (`ID`): down since TIME: 25 no answer; usable ")
    assert re.fullmatch(
        r"• :white_check_mark: \*mx3.example.com\* 25 \(`ID`\): healthy; 1 incident, "
        r"usable [\d.]+ % \([\dhm ]+ down\)",
        lines[2],
    )
    assert lines[3] == (
        f"• :no_bell: *mx4.example.com* 25 (`ID`): healthy; :no_bell: muted by <@{ws.user('ana').id}> until TIME "
        "(moving house)"
    )
    assert len(lines) == 4


async def test_what_has_news_of_certificates_or_records_is_named(w):
    await w.type(f"add certificate {TARGET}")
    await w.type("digest daily 13:00 UTC")
    ends = (w.clock() + timedelta(days=5)).isoformat()
    w.world.heals(certificates={f"{TARGET}:465": {"not_after": ends, "subject": "CN=mail"}})
    await w.tick()
    await to_the_digest(w)
    assert digests(w)[0].splitlines() == [
        ":newspaper: *Daily digest*: 1 watch, healthy since TIME.",
        f":hourglass_flowing_sand: Certificate that ends soon: *{TARGET}* 465 in 5 days",
    ]


async def test_a_digest_is_stored_as_codes_and_figures(w, ws):
    await w.type(f"add {TARGET} 25")
    await w.type("digest daily")
    await w.tick()
    w.world.breaks()
    await w.pass_by(minutes=40)
    await w.type(f"mute {TARGET} 7d moving house")
    await to_the_digest(w)
    [event] = [row for row in await w.services.watches.events(OPERATOR) if row.kind == "digest"]
    watch = await w.the_watch()
    [row] = event.document["facts"].pop("named")
    condition, uptime = row.pop("condition"), row.pop("uptime")
    assert event.document["facts"] == {
        "watched": watch.document["created_at"],
        "period": "day", "watches": 1, "healthy": 0, "standings": {"down": 1}, "more": 0, "changes": 0,
        "ending": [], "owner": ws.user("ana").id,
    }  # fmt: skip
    called = {"watch": watch.id, "from": "local", "kind": "check", "ports": [25]}
    assert row == {**called, "incidents": 0, "seconds": 0, "news": [], "messages": [f"{watch.id}.1"]}
    assert (uptime.keys(), uptime["ports"]) == ({"share", "since", "ports"}, [])
    assert (condition["phase"], condition["failing"]) == ("down", [f"no_answer {TARGET}:25"])
    assert (condition["quieted"], condition["who"], condition["why"]) == ("muted", ws.user("ana").id, "moving house")


def test_a_digest_of_an_older_version_is_posted_as_it_was_written():
    lines = [":newspaper: *Daily digest*: 2 watches, 1 well all the time.", "• mx2.example.com"]
    old = Event(
        "digest:T1:C1:x", "digest", NOON, "digest:T1:C1:x", "T1", "C1", "", "", "", NOON, facts={"lines": lines}
    )
    assert digest(old).text == "\n".join(lines)


def test_a_long_digest_has_all_of_it_in_blocks_and_whole_lines_beside_them():
    lines = [f"• *mx{number}.example.com*: was healthy; {'not seen ' * 30}" for number in range(20)]
    long = Event("d", "digest", NOON, "d", "T1", "C1", "", "", "", NOON, facts={"lines": lines})
    said = digest(long)
    assert "\n".join(block["text"]["text"] for block in said.blocks).splitlines() == lines
    *told, more = said.text.splitlines()
    assert (told, more) == (lines[: len(told)], f"• and {20 - len(told)} more in the message")
    assert 3000 < len(said.text) < 3900


async def test_a_process_that_ends_between_event_and_note_posts_it_once(w):
    await w.type(f"add {TARGET}")
    await w.type("digest weekly 09:00")
    [(key, note)] = (await w.services.watches.notes(DIGESTS)).items()
    await to_the_digest(w)
    await w.services.watches.note(key, note)
    await w.tick()
    assert len(digests(w)) == 1
    head, row = digests(w)[0].splitlines()
    assert head == ":newspaper: *Weekly digest*: 1 watch, now healthy; none healthy all the time since TIME."
    assert re.search(r"healthy; usable 100 % \(6d \d+h not seen\)", row), "no process ran"


async def test_after_a_long_stop_one_digest_makes_up_for_all(w):
    await w.type(f"add {TARGET}")
    await w.type("digest daily 09:00")
    w.clock.advance(timedelta(days=5).total_seconds())
    await w.tick()
    await w.tick()
    assert len(digests(w)) == 1


async def test_a_weekly_one_names_its_day(w):
    assert "every Friday at 08:30 UTC" in (await w.type("digest friday 08:30 UTC")).text


async def test_it_can_be_ended_and_is_refused_where_one_is_not(w, ws):
    await w.type("digest daily")
    await w.type("digest off")
    assert await w.services.watches.notes(DIGESTS) == {}
    ws.channel("board").members.add(ws.bot.id)
    said = await w.type(f"digest daily in <#{ws.channel('board').id}|board>", "bruno")
    assert "You are not in that channel" in said.text
    said = await w.type(f"digest daily in <#{ws.channel('general').id}|general>")
    assert "/invite @portero" in said.text
    assert await w.services.watches.notes(DIGESTS) == {}


async def test_a_digest_that_cannot_be_posted_is_told_whoever_set_it(w, ws):
    await w.type(f"add {TARGET}")
    await w.type("digest daily")
    ws.channel("mailops").is_archived = True
    await to_the_digest(w)
    assert "The digest could not be posted" in ws.messages(ws.dm("ana"))[-1].text
    await to_the_digest(w)
    ws.channel("mailops").is_archived = False
    for _ in range(2):
        await to_the_digest(w)
    told = [row for row in await w.services.watches.events(OPERATOR) if row.kind == "digest"]
    begins = [datetime.fromisoformat(row.document["since"]) for row in told]
    assert begins[:3] == begins[:1] * 3, "what could not be posted is told by the next one"
    assert begins[3] - begins[0] == timedelta(days=3), "once"
