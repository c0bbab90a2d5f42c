import asyncio
from datetime import timedelta

import pytest

from bot.watches.delivery import TOO_OLD, DeliveryLoop
from commands.watch.state.events import Event
from commands.watch.state.notifier import NotArrivedError, UndeliverableError
from commands.watch.state.rows import of_row, to_event_row, to_row
from storage.queries import OPERATOR
from tests.histories import history_at

from .samples import MINUTE, NOON, a_watch


class Clock:
    at = NOON

    def __call__(self):
        return self.at


class Route:
    """A notifier that keeps what it was given and does what the test says first."""

    def __init__(self, route="slack", *, acts=()):
        self.route, self.given, self._acts = route, [], list(acts)

    async def deliver(self, delivery):
        self.given.append((delivery.event.id, delivery.unsure, delivery.posted))
        act = self._acts.pop(0) if self._acts else None
        if isinstance(act, BaseException):
            raise act
        return {"ts": delivery.event.id}


@pytest.fixture
async def watches(tmp_path):
    history = await history_at(tmp_path / "portero.db")
    yield history.watches
    await history.close()


WATCH = a_watch(routes={"mail": ("ops@example.com",)})


async def tell(watches, *numbers, incident="w-1.1", watch=WATCH):
    if await watches.get(watch.id, OPERATOR) is None:
        await watches.add(to_row(watch), 9, OPERATOR)
    for number in numbers:
        event = Event(f"{incident}.{number}", "opened", NOON, incident, "T1", "C1", "w-1", "m", "check", NOON)
        await watches.tell(to_event_row(event, watch))


async def test_events_of_an_incident_arrive_in_order_with_what_was_posted_before(watches):
    await tell(watches, 1, 2)
    slack, mail = Route(), Route("mail")
    assert await DeliveryLoop(watches, [slack, mail], Clock()).deliver_waiting() == 4
    assert slack.given == [("w-1.1.1", False, None), ("w-1.1.2", False, {"ts": "w-1.1.1"})]
    assert mail.given == slack.given


async def test_a_route_that_fails_is_tried_again_and_delays_no_other(watches, caplog):
    await tell(watches, 1, 2)
    clock, slack, mail = Clock(), Route(), Route("mail", acts=[OSError("secret"), OSError("secret")])
    delivery = DeliveryLoop(watches, [slack, mail], clock)
    await delivery.deliver_waiting()
    assert [one[0] for one in slack.given] == ["w-1.1.1", "w-1.1.2"]
    assert len(mail.given) == 1
    for _ in range(3):
        clock.at += MINUTE
        await delivery.deliver_waiting()
    assert [one[:2] for one in mail.given] == [
        ("w-1.1.1", False),
        ("w-1.1.1", True),
        ("w-1.1.1", True),
        ("w-1.1.2", False),
    ]
    assert "secret" not in caplog.text


async def test_a_restart_delivers_what_was_not_marked(watches):
    await tell(watches, 1)
    clock = Clock()
    killed = DeliveryLoop(watches, [Route(acts=[asyncio.CancelledError()])], clock)
    await killed.deliver_waiting()
    slack = Route()
    delivery = DeliveryLoop(watches, [slack], clock)
    assert await delivery.deliver_waiting() == 0  # the lease of the one that was killed
    clock.at += timedelta(minutes=2)
    await delivery.deliver_waiting()
    assert slack.given == [("w-1.1.1", True, None)]


async def test_what_surely_did_not_arrive_is_tried_again_without_a_doubt(watches, caplog):
    await tell(watches, 1)
    clock, slack = Clock(), Route(acts=[NotArrivedError("ratelimited")])
    delivery = DeliveryLoop(watches, [slack], clock)
    await delivery.deliver_waiting()
    clock.at += MINUTE
    await delivery.deliver_waiting()
    assert [unsure for _, unsure, _ in slack.given] == [False, False]


async def test_a_watch_that_cannot_post_goes_on_and_is_known_to_until_something_was_posted(watches):
    await tell(watches, 1)
    slack = Route(acts=[UndeliverableError("is_archived")])
    delivery = DeliveryLoop(watches, [slack], Clock(), known=["mail"])
    await delivery.deliver_waiting()
    watch = of_row(await watches.get("w-1", OPERATOR))
    assert (watch.unposted.who, watch.unposted.why, watch.runs) == ("portero", "is_archived", True)
    assert (await watches.backlog(NOON)).waiting == 0
    await tell(watches, 2)
    await delivery.deliver_waiting()
    assert of_row(await watches.get("w-1", OPERATOR)).unposted is None


async def test_a_mail_that_cannot_be_delivered_pauses_nothing(watches):
    await tell(watches, 1)
    delivery = DeliveryLoop(watches, [Route(), Route("mail", acts=[UndeliverableError("no_such_user")])], Clock())
    await delivery.deliver_waiting()
    assert of_row(await watches.get("w-1", OPERATOR)).unposted is None
    assert (await watches.backlog(NOON)).failed == 1


async def test_what_nobody_delivers_and_what_is_too_old_is_given_up(watches, caplog):
    await tell(watches, 1)
    clock = Clock()
    clock.at += TOO_OLD + MINUTE
    slack = Route()
    await DeliveryLoop(watches, [slack], clock, known=["mail"]).deliver_waiting()
    assert slack.given == []
    backlog = await watches.backlog(clock.at)
    assert (backlog.waiting, backlog.failed) == (0, 2)
    assert backlog.lost == {("w-1", "slack"): ("too_old", 1), ("w-1", "mail"): ("not_configured", 1)}
    assert (await watches.backlog(clock.at + timedelta(days=8))).lost == {}


async def test_a_route_that_only_a_newer_version_knows_is_left_to_it(watches):
    await tell(watches, 1, watch=a_watch(routes={"pager": ("4711",)}))
    clock, slack, pager = Clock(), Route(), Route("pager")
    await DeliveryLoop(watches, [slack], clock, known=["mail"]).deliver_waiting()
    assert (await watches.backlog(clock.at)).routes == {"pager": 1}
    await DeliveryLoop(watches, [slack, pager], clock).deliver_waiting()
    assert [event for event, *_ in pager.given] == ["w-1.1.1"]
