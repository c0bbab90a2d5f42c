"""A port that several watches look at, by the name of its host and by that of its domain, has one figure everywhere."""

import re
from datetime import timedelta

import pytest

from tests.history.made import stored_check

from .watchers import TARGET, watchers_on

DOMAIN = "example.com"
EXCHANGE = f"{TARGET}:25"
LOOKED = {"places": (EXCHANGE,)}
DOWN = {"failing": (f"no_answer {EXCHANGE}",), **LOOKED}


@pytest.fixture
async def w(ws, services):
    """A watch on a domain, which looks at its exchange; people checked both, and had 25 well each time."""
    async with watchers_on(ws, services) as made:
        made.world.heals(DOMAIN, **LOOKED)
        await made.type(f"add {DOMAIN} 25 every 15m")
        await made.type("digest daily 20:00 UTC")
        ends = made.clock() + timedelta(days=80)
        asker = {"actor": ws.user("ana").id, "channel": ws.channel("mailops").id}
        for number, target in enumerate((TARGET, DOMAIN)):
            await made.services.history.add(*stored_check(number, made.clock(), ends, host=target, **asker))
        await made.pass_by(hours=1)
        yield made


async def asked(w, text, user="ana", channel="mailops"):
    await w.stage.type(f"/smtphistory {text}", user, channel)
    return w.stage.seen(user, channel)[-1].text


async def usable(w, target):
    """The row of the exchange in the table of a target."""
    said = await asked(w, f"{target} since 12h")
    return re.search(r"^(?:mail\.example\.com:)?25 · ([^)\n]*\))", said, re.MULTILINE)[1]


async def in_digest(w):
    """The shares that the next digest tells; the table may be asked for the same moment then."""
    while not (told := [message.text for message in w.posted() if "digest*:" in message.text]):
        await w.pass_by(minutes=1)
    return {*re.findall(r"usable ([^;\n]*?\))", told[0])}


async def test_the_exchange_of_a_domain_is_as_down_under_its_own_name(w):
    w.world.breaks(DOMAIN, **DOWN)
    await w.pass_by(hours=1)
    row = await usable(w, DOMAIN)
    assert re.match(r"[\d.]+ % \(\d+m down\)", row), row
    assert await usable(w, TARGET) == row
    down = re.search(r"down since (<!date[^>]+>), for \d+m so far", await asked(w, f"since when is {DOMAIN} down"))
    assert down[0] in await asked(w, f"since when is {TARGET} down")
    assert down[0] in await asked(w, f"since when is 25 down on {TARGET}")
    assert f"But watches still have down: *{TARGET}*." in await asked(w, f"{TARGET} failed")


async def test_a_domain_and_its_exchange_share_what_their_watches_saw_in_tables_and_digest(w):
    """No name can be resolved: each sees nothing from its next run on, and what the other one saw counts till then."""
    await w.type(f"add {TARGET} 25 every 10m")
    w.world.heals(TARGET, **LOOKED)
    await w.pass_by(hours=1)
    w.world.of[DOMAIN] = ("unknown", {"why": "dns_servfail", **LOOKED})
    await w.pass_by(minutes=40)
    w.world.of[TARGET] = ("unknown", {"why": "dns_servfail", **LOOKED})
    await w.pass_by(hours=1)
    row = await usable(w, DOMAIN)
    assert re.match(r"100 % \(\d+[hm \d]* not seen\)", row), row
    assert await usable(w, TARGET) == row
    assert await in_digest(w) == {await usable(w, DOMAIN)} == {await usable(w, TARGET)}


async def test_what_a_watch_saw_that_was_deleted_since_counts_in_the_digest_as_in_the_table(w):
    w.world.heals(TARGET, **LOOKED)
    await w.type(f"add {TARGET} 25 every 10m")
    await w.pass_by(minutes=30)
    w.world.breaks(TARGET, **LOOKED)
    await w.pass_by(minutes=40)
    await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
    w.world.of[DOMAIN] = ("unknown", {"why": "dns_servfail", **LOOKED})
    [share] = await in_digest(w)
    assert "m down, " in share
    assert share == await usable(w, DOMAIN)


async def test_who_may_not_see_the_watch_is_told_none_of_its_figures(w, ws):
    w.world.breaks(DOMAIN, **DOWN)
    await w.pass_by(hours=1)
    ws.add_channel("others", [ws.add_user("ivan")])
    asker = {"actor": ws.user("ivan").id, "channel": ws.channel("others").id}
    ends = w.clock() + timedelta(days=80)
    await w.services.history.add(*stored_check(7, w.clock(), ends, host=TARGET, **asker))
    said = await asked(w, TARGET, "ivan", "others")
    assert "25, 465, 587 · 100 % (1 of 1)" in said and "down" not in said, said
