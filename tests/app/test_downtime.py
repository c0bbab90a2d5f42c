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
    ],
)
async def test_what_is_down_to_its_watch_is_down_in_every_answer(w, text):
    """An expired certificate closes no port."""
    await alerted(w)
    said = await asked(w, text)
    assert re.search(rf"since {await down_since(w)}, for \d+m so far", said), said


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


async def test_where_nobody_watches_any_more_the_checks_are_asked(w):
    await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
    await w.pass_by(minutes=30)
    assert await w.services.watches.visible_to(OPERATOR) == []
    assert "down: so since the first result" in await asked(w, f"since when is {TARGET} down?")
    assert "1 of 1 result" in await asked(w, f"when was {TARGET} down")
