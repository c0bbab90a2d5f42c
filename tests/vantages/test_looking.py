"""When a bot may say of a machine that it is not there: not before it has looked for a while, without a gap."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.vantages.places import Looking, Places, Presence, greeted
from bot.vantages.registry import Registered

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def looked(*seconds):
    looking = Looking()
    for each in seconds:
        looking.looked(at(each))
    return looking


def test_who_has_looked_for_half_a_minute_is_sure():
    assert not looked().is_sure(at(0))
    assert not looked(0, 10, 20).is_sure(at(29))
    assert looked(0, 10, 20, 30).is_sure(at(30))


def test_who_slept_meanwhile_or_whose_clock_was_set_back_begins_anew():
    assert not looked(0, 10, 20, 30).is_sure(at(3600))
    assert not looked(0, 10, 20, 30, 3600).is_sure(at(3601))
    assert looked(0, 10, 20, 30, 3600, 3610, 3620, 3630).is_sure(at(3631))
    assert not looked(0, 10, 20, 30).is_sure(at(-60))


def test_who_has_no_connection_sees_nobody():
    class Link:
        is_up = True

    places = Places(None, None, None, lambda: NOON, present={"mta-03": Presence((), NOON, NOON, NOON)})
    assert (places.seen(), places.is_sure) == (frozenset(), False)
    places.link = link = Link()
    assert places.seen() == {"mta-03"}
    link.is_up = False
    assert places.seen() == frozenset()


async def test_a_machine_that_says_nonsense_again_and_again_holds_nobody_up():
    class Nonsense:
        seconds = 0.0

        @asynccontextmanager
        async def exchange(self, _subject, _question):
            yield self

        async def answer(self, within):
            self.seconds += within * 0.9
            return b"nonsense"

    link = Nonsense()
    assert await greeted(link, Registered("T1", "fra-1", ()), lambda: link.seconds) == ()
    assert link.seconds < 2
