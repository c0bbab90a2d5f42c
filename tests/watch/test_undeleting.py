"""A watch that is deleted in mid-incident says so where it was told; taken back, it goes on as it was."""

from bot.watches.notifiers.incidents import Deed, deed_of
from commands.watch.state.actions import acknowledge, decided, delete, undelete
from commands.watch.state.notifier import Delivery
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import stories
from storage.queries import OPERATOR

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen
from .test_certificates import certificate


async def change(here, action):
    await here.store.change("w-1", decided(action), OPERATOR)
    await here.delivery.deliver_waiting()


async def test_an_incident_goes_on_where_its_watch_is_brought_back_and_says_that_it_was_deleted(tmp_path):
    """Alone and with another in its message."""
    for others in ((), ("w-2",)):
        down = lambda watch, at: seen("bad" if NOON + 5 * MINUTE < at < NOON + HOUR else "good", watch)  # noqa: E731 - a word
        folder = tmp_path / f"with {len(others)}"
        folder.mkdir()
        async with room(folder, down) as here:
            await here.add(*(a_watch(id=name, every=5 * MINUTE, notify="U777") for name in ("w-1", *others)))
            await here.until(NOON + 20 * MINUTE)
            await change(here, lambda one: acknowledge(one, "U9", here.clock.at))
            [before] = here.messages()
            await change(here, lambda one: delete(one, here.clock.at, "U2"))
            assert "no longer watched" in here.messages()[0]
            assert here.replies()[-1].endswith("its watch was deleted by @U2.")
            await here.until(NOON + 25 * MINUTE)
            await change(here, lambda one: undelete(one, here.clock.at, "U3"))
            assert here.messages() == [before]
            assert here.replies()[-1].startswith("Watched again: @U3 took the deletion back")
            await here.until(NOON + 2 * HOUR)
            assert "recovered" in here.messages()[0]
            assert ("it was deleted and nobody looked" in here.messages()[0]) == (not others)
            assert len(here.messages()) == 1
            assert here.mentions().count("U777") == 1
            told = [of_event_row(one) for one in await here.store.events(OPERATOR, watch="w-1")]
            assert [(one.ending, one.acked[0]) for one in stories(told)] == [("recovered", "U9")]
            undone = next(one for one in told if one.facts.get("what") == "undelete")
            assert deed_of(Delivery(undone, None, None)) is Deed.BEGIN


async def test_what_ends_is_shown_again_where_its_watch_is_brought_back(tmp_path):
    ending = lambda watch, _at: seen("good", watch, certificates={"m:465": certificate(NOON + 5 * DAY)})  # noqa: E731 - a word
    async with room(tmp_path, ending) as here:
        await here.add(a_watch(id="w-1", every=HOUR))
        await here.until(NOON + HOUR)
        before = here.messages()
        await change(here, lambda one: delete(one, here.clock.at, "U2"))
        assert here.messages() != before
        await change(here, lambda one: undelete(one, here.clock.at, "U2"))
        assert here.messages() == before
        await here.until(NOON + 3 * DAY)
        assert [text.split(" ends ")[1][:4] for text in here.messages()] == ["in 3", "in 3"]
