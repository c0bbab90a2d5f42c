"""Questions of when a host was down, where a watch looks at it: the same as its alert, and not what ports answered."""

import re
from datetime import datetime, timedelta

import pytest

from commands.watch.view.wording import when
from storage.history import OPERATOR
from tests.history.made import stored_check

from .test_conversation import answers, written
from .watchers import TARGET, watchers_on

EXPIRED = f"cert_expired {TARGET}:465"


@pytest.fixture
async def w(ws, services):
    """A watch that had its host well for an hour, of which a check says that 2525 does not answer."""
    async with watchers_on(ws, services) as made:
        ends = made.clock() + timedelta(days=80)
        asker = {"actor": ws.user("ana").id, "channel": ws.channel("mailops").id}
        await made.services.history.add(*stored_check(0, made.clock(), ends, host=TARGET, **asker))
        await made.type(f"add {TARGET}")
        await made.pass_by(hours=1)
        yield made


async def alerted(w):
    w.world.breaks(failing=(EXPIRED,), summary="the certificate has expired")
    await w.pass_by(minutes=30)
    return w.posted()[-1]


async def asked(w, text):
    await written(w.stage, f"@portero {text}")
    return answers(w.stage)[-1].text


async def down_since(w):
    incident = (await w.the_watch()).document["state"]["incident"]
    return re.escape(when(datetime.fromisoformat(incident["since"])))


@pytest.mark.parametrize(
    "text",
    [
        f"since when is {TARGET} down?",
        f"when did {TARGET} go down",
        f"how long was {TARGET} down this week",
        f"how long has {TARGET} been down?",
        f"was {TARGET} down today?",
        f"since when is 465 down on {TARGET}",
        f"since when does {TARGET} fail",
        f"since when has {TARGET} been failing?",
        f"since when does 465 not work on {TARGET}",
        f"desde cuándo falla {TARGET}",
        f"desde cuándo no funciona {TARGET}?",
        f"desde cuándo lleva caído {TARGET}",
    ],
)
async def test_what_is_down_to_its_watch_is_down_in_every_answer(w, text):
    """An expired certificate closes no port."""
    await alerted(w)
    said = await asked(w, text)
    assert re.search(rf"since {await down_since(w)}, for \d+m so far", said), said


@pytest.mark.parametrize(
    "text", ["since when?", "since when does it fail?", "how long is it down?", "desde cuándo?", "¿desde cuándo falla?"]
)
async def test_below_an_alert_it_is_answered_as_the_alert_has_it_also_when_it_is_over(w, text):
    await alerted(w)
    alert = next(one for one in reversed(w.posted()) if "smtpwatch.ack" in str(one.blocks))
    since = await down_since(w)
    await written(w.stage, f"@portero {text}", thread_ts=alert.ts)
    assert re.search(rf"down since {since}, for \d+m so far", answers(w.stage)[-1].text)
    w.world.heals()
    await w.pass_by(minutes=30)
    await written(w.stage, f"@portero {text}", thread_ts=alert.ts)
    said = answers(w.stage)[-1].text
    assert re.search(rf"(not down now\. It was down for \d+m,|Down for \d+m:) from {since} to", said)


async def test_that_something_else_is_not_so_does_not_deny_the_alert(w):
    await alerted(w)
    said = await asked(w, f"since when is {TARGET} unreachable")
    assert "unreachable: not now" in said
    assert re.search(rf"But \*{TARGET}\* is down to its watches, since {await down_since(w)}, for \d+m so far", said)
    assert "it down" not in await asked(w, f"since when is {TARGET} up")


async def test_what_is_over_has_its_times_and_how_long_it_was(w):
    await alerted(w)
    since = await down_since(w)
    w.world.heals()
    await w.pass_by(minutes=30)
    said = await asked(w, f"since when is {TARGET} down?")
    assert re.search(rf"not down now\. It was down for \d+m, from {since} to <!date", said), said
    said = await asked(w, f"how long was {TARGET} down this week")
    assert "Down 1 time in that time, for " in said
    assert re.search(rf"• {since} to <!date[^>]+>: \d+m", said), said
    total, one = re.search(r"for (\w+) in all", said)[1], re.search(r">: (\w+)", said)[1]
    assert total == one


async def test_what_its_watch_never_had_down_was_not_down(w):
    assert "not down now, nor since <!date" in await asked(w, f"since when is {TARGET} down?")
    assert "Not down in that time." in await asked(w, f"was {TARGET} down today?")


async def test_what_is_not_seen_is_not_said_to_be_up(w):
    w.world.of[TARGET] = ("unknown", {"why": "dns_servfail"})
    await w.pass_by(hours=3)
    said = await asked(w, f"since when is {TARGET} down?")
    assert "not seen now, and not down since <!date" in said and re.search(r"not seen for [23]h", said), said
    assert re.search(
        r"Not down in that time\. Of that time it was not seen for [23]h", await asked(w, f"was {TARGET} down today?")
    )
    w.world.heals()
    await w.pass_by(hours=1)
    said = await asked(w, f"since when is {TARGET} down?")
    assert "not down now, nor since <!date" in said and "Of that time it was not seen for" in said, said


async def test_what_nobody_sees_any_more_is_down_still_where_no_result_failed(w):
    await w.stage.type("/smtphistory failed")
    assert "still have down" not in next(reversed(w.stage.seen("ana", "mailops"))).text
    await alerted(w)
    w.world.of[TARGET] = ("unknown", {"why": "dns_servfail"})
    await w.pass_by(hours=1)
    for words in (f"{TARGET} failed since 20m", "failed since 20m"):
        await w.stage.type(f"/smtphistory {words}")
        said = next(reversed(w.stage.seen("ana", "mailops"))).text
        assert f"But watches still have down: *{TARGET}*" in said, said
    await w.stage.type("/smtphistory failed until yesterday")
    assert "still have down" not in next(reversed(w.stage.seen("ana", "mailops"))).text


async def test_where_nobody_watches_any_more_the_checks_are_asked(w):
    await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
    await w.pass_by(minutes=30)
    assert await w.services.watches.visible_to(OPERATOR) == []
    assert "down: so since the first result" in await asked(w, f"since when is {TARGET} down?")
    assert "1 of 1 result" in await asked(w, f"when was {TARGET} down")


async def test_a_note_stands_where_it_is_promised(w):
    await alerted(w)
    assert "in its history" in (await w.type(f"note {TARGET} the disk was full")).text
    ana = w.ws.user("ana").id
    assert f"<@{ana}>: the disk was full" in (await w.type(f"history {TARGET}")).text
    said = await asked(w, f"history of {TARGET}")
    assert re.search(rf":memo: <!date[^>]+> <@{ana}>: the disk was full", said), said
