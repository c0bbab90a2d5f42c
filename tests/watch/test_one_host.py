"""Several watches on one host: it is down until the first of them sees it well, for all of them."""

from dataclasses import replace

from commands.uptime import DOWN, uptimes
from commands.watch.state.actions import acknowledge, decided, delete, mute
from commands.watch.state.model import State
from commands.watch.state.others import BROKEN, having_it_down
from commands.watch.state.rows import of_event_row
from commands.watch.state.sight import leaving
from commands.watch.state.story import down, stories
from storage.queries import OPERATOR, Viewer

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

PORT = "mail.example.com:25"
OFTEN, SELDOM = a_watch(id="w-often", every=5 * MINUTE), a_watch(id="w-seldom", channel="C2", every=HOUR)


def refused(begins, ends):
    def look(watch, at):
        if begins <= at < ends:
            return seen("bad", watch, places=(PORT,), failing=(f"refused {PORT}",))
        return seen("good", watch, places=(PORT,))

    return look


async def lasted(here, until):
    """How long the port was down, as availability and as the list of incidents has it, and each incident."""
    spans = await here.store.spans(OPERATOR, since=NOON, until=until)
    listed = down(spans, {"w-often": OFTEN.target, "w-seldom": OFTEN.target}, NOON, until)
    found = stories(map(of_event_row, await here.store.events(OPERATOR)))
    return uptimes(spans, NOON, until)[PORT].of(DOWN), listed[OFTEN.target], [one.ended for one in found]


async def test_who_looks_hourly_has_a_host_down_no_longer_than_who_looks_every_five_minutes(tmp_path):
    back = NOON + 3 * HOUR + 12 * MINUTE
    async with room(tmp_path, refused(NOON + HOUR, back)) as here:
        await here.add(OFTEN, SELDOM)
        await here.until(NOON + 5 * HOUR)
        available, listed, ends = await lasted(here, NOON + 5 * HOUR)
        assert available == listed < 2 * HOUR + 12 * MINUTE + 6 * MINUTE
        assert len(ends) == 2 and max(ends) == min(ends) and min(ends) - back < 5 * MINUTE
        assert all("recovered" in message for channel in ("C1", "C2") for message in here.messages(channel))


async def test_that_holds_while_it_is_quiet_too(tmp_path):
    async with room(tmp_path, refused(NOON + HOUR, NOON + 3 * HOUR)) as here:
        await here.add(OFTEN, SELDOM)
        await here.store.change(SELDOM.id, decided(lambda one: mute(one, "U2", NOON, NOON + DAY, "")), OPERATOR)
        await here.until(NOON + 5 * HOUR)
        _, _, ends = await lasted(here, NOON + 5 * HOUR)
        assert not here.messages("C2") and len(ends) == 2 and max(ends) == min(ends)


async def test_what_is_down_for_one_alone_is_looked_at_ever_later_and_no_other_place_or_port_is_a_reason(tmp_path):
    """Somebody lets the one in and not the other, as with a certificate that only one of them minds."""
    looks = []

    def look(watch, at):
        looks.extend([at] if watch.id == SELDOM.id else [])
        alone = refused(NOON + HOUR, NOON + 2 * DAY)(watch, at)
        return alone if watch.id == SELDOM.id else seen("good", watch, places=(PORT,))

    async with room(tmp_path, look) as here:
        await here.add(OFTEN, SELDOM)
        await here.until(NOON + DAY)
        assert 24 <= len(looks) < 36, "hourly, and a few times more"
    sight, _ = having_it_down({}, SELDOM, State("down", failing=(f"refused {PORT}",)), seen("bad"), NOON)
    for watch, saw, due in [
        (OFTEN, seen("good", places=(PORT,)), [SELDOM.id]),
        (OFTEN, seen("good", places=("mail.example.com:587",)), []),
        (OFTEN, seen("unknown", places=(PORT,), held=(PORT,)), []),
        (a_watch(id="w-3", vantage="mta-03"), seen("good", places=(PORT,)), []),
    ]:
        assert having_it_down(sight, watch, State("up"), saw, NOON)[1] == due
    of_address = {BROKEN: {SELDOM.id: {**sight[BROKEN][SELDOM.id], "places": ["mail.example.com[192.0.2.7]:25"]}}}
    assert having_it_down(of_address, OFTEN, State("up"), seen("good", places=(PORT,)), NOON)[1] == [SELDOM.id]


def test_a_watch_on_our_network_is_looked_at_at_once_when_another_got_out_through_a_port_it_has_blocked():
    """Else "open again" and its red alert stand side by side until its own turn."""
    network = a_watch(id="w-9", kind="network", target="network")
    blocked = seen("bad", network, failing=("blocked network:25",), places=("network:25",))
    sight, _ = having_it_down({}, network, State("down", failing=blocked.failing), blocked, NOON)
    for free, due in (((25, 587), ["w-9"]), ((587,), []), ((), [])):
        assert having_it_down(sight, OFTEN, State("up"), seen("good", free=free), NOON)[1] == due


async def test_what_another_watch_sees_at_the_same_port_is_theirs_who_looks_after_it(tmp_path):
    """Hours later, too; what is broken beside it is not, and whom only the other one names hears of it once."""
    for number, (notify, ports, mentions) in enumerate(
        [("U777", (), ["U777"]), ("U888", (), ["U777", "U888"]), ("U777", ("587",), ["U777", "U777"])]
    ):

        def look(watch, at, ports=ports):
            more = tuple(f"refused mail.example.com:{port}" for port in ports if watch.id == SELDOM.id)
            is_bad = at >= NOON + (5 * HOUR if watch.id == SELDOM.id else HOUR)
            return seen("bad", watch, failing=(f"refused {PORT}", *more)) if is_bad else seen("good", watch)

        async with room(tmp_path / str(number), look) as here:
            await here.add(replace(OFTEN, notify="U777"), replace(SELDOM, channel="C1", notify=notify))
            await here.until(NOON + 2 * HOUR)
            acks = decided(lambda one: acknowledge(one, "U9", NOON + 2 * HOUR))
            await here.store.change(OFTEN.id, acks, OPERATOR)
            await here.until(NOON + 8 * HOUR)
            acked = [watch.state.incident.acked_by for watch in await here.watches()]
            assert sorted(acked) == (["", "U9"] if ports else ["U9", "U9"])
            assert sum("Acknowledged by" in text for text in here.messages()) == 1
            assert [one for one in here.mentions() if one != "U9"] == mentions
            assert len(here.messages()) == 1 + len(ports)
            assert ("smtpwatch.ack" in str(here.slack.posts("C1"))) == bool(ports)


async def test_what_a_cause_of_ours_hid_is_looked_at_as_soon_as_one_of_them_sees_again(tmp_path):
    """The resolver, or our own network, for three hours; one looks often, the others once a day."""
    for number, hides in enumerate(({"outcome": "unknown", "why": "dns_servfail"}, {"outcome": "blind"})):
        looks = {}

        def look(watch, at, hides=hides, looks=looks):
            looks.setdefault(watch.id, []).append(at)
            return seen(watch=watch, **hides) if NOON < at < NOON + 3 * HOUR else seen("good", watch)

        async with room(tmp_path / str(number), look) as here:
            often = a_watch(id="w-often", every=5 * MINUTE)
            seldom = [a_watch(id=f"w-{n}", target=f"mx{n}.x", channel=f"C{n}", every=2 * HOUR) for n in range(1, 4)]
            await here.add(often, *seldom)
            await here.until(NOON + 4 * HOUR)
        first = min(at for at in looks[often.id] if at >= NOON + 3 * HOUR)
        assert {min(at for at in looks[one.id] if at >= NOON + 3 * HOUR) for one in seldom} == {first}


async def test_a_watch_that_is_gone_or_well_again_is_remembered_no_longer(tmp_path):
    async with room(tmp_path, refused(NOON + HOUR, NOON + 3 * HOUR)) as here:
        await here.add(OFTEN, SELDOM)
        await here.until(NOON + 2 * HOUR + 10 * MINUTE)
        known = await sight_of(here)
        assert set(known[BROKEN]) == {OFTEN.id, SELDOM.id}
        assert set(leaving(known, ["C2"])[BROKEN]) == {OFTEN.id}
        await here.store.change(SELDOM.id, decided(lambda one: delete(one, here.clock.at)), OPERATOR)
        assert set((await sight_of(here))[BROKEN]) == {OFTEN.id}
        await here.until(NOON + 4 * HOUR)
        assert not (await sight_of(here))[BROKEN]


async def sight_of(here):
    found = []

    def looked(_row, sight):
        found.append(sight)

    await here.store.change(OFTEN.id, looked, Viewer("T1", admin=True))
    return found[-1]


async def test_their_message_and_its_thread_name_them_by_what_they_look_at(tmp_path):
    async with room(tmp_path, refused(NOON + HOUR, NOON + 9 * HOUR)) as here:
        await here.add(OFTEN, a_watch(id="w-2", every=20 * MINUTE, kind="certificate", ports=(25, 587)))
        await here.until(NOON + 3 * HOUR)
        [message] = here.messages()
        assert "• mail.example.com: 25 refused" in message
        assert "• mail.example.com 25, 587 certificates: 25 refused" in message
        [joined] = [one["text"] for one in here.slack.replies("C1") if "Also down" in one["text"]]
        assert "Also down: *mail.example.com* 25, 587 certificates 25 refused." in joined
