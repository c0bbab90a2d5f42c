import json
import re

from bot.rate_limits import KEYS_KEPT, PER_PORT, PER_TARGET, REQUESTS, Limiter, Rate
from bot.services import Services
from storage.history import OPERATOR, Query


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


CHECKING = (
    "/smtpcheck null.lab.example",
    "/smtpcheck null.lab.example mail.lab.example 25",
    "/smtpcheck network",
    "/pmta smtp-listener 0/0:25",
    "/smtpwatch run mail.lab.example",
    "/smtpwatch run all",
)
FREE = (
    "/portero help",
    "/portero status",
    "/smtphistory",
    "/smtpport 587",
    "/pmta explain PMTA401",
    "/smtpwatch list",
    "/smtpwatch mute mail.lab.example 2h because it is us",
)


async def test_who_has_checked_too_often_learns_when_to_try_again_and_does_all_else(stage):
    await stage.type("/smtpwatch add mail.lab.example every 15m")
    while not stage.services.wait_for_asker(stage.ws.user("ana").id, 1):
        pass
    for line in CHECKING:
        await stage.type(line)
        first, second = stage.last().text.splitlines()
        assert first == ":grey_exclamation: That was a lot of checks within a minute.", line
        assert re.fullmatch(r"Try again in \d+ s\.", second), line
    for line in FREE:
        await stage.type(line)
        assert "within a minute" not in stage.last().text, line
    await stage.ws.open_home("ana")
    await stage.bot.dispatcher.idle()
    assert "within a minute" not in json.dumps(stage.ws.home_of("ana").body)
    await stage.type("/smtpcheck null.lab.example", user="bruno")
    assert "within a minute" not in stage.last(user="bruno").text


async def test_who_asks_more_than_anybody_types_waits_for_everything(stage):
    while not stage.services.limiter.wait(("requests", stage.ws.user("ana").id), REQUESTS):
        pass
    await stage.type("/portero help")
    assert stage.last().text.startswith(":grey_exclamation: That was a lot of requests within a minute.")


async def test_a_target_that_is_checked_too_often_is_left_in_peace(stage):
    for number in range(PER_TARGET.times + 1):
        await stage.type("/smtpcheck null.lab.example", user="ana" if number % 2 else "bruno")
    [refused] = [one.text for one in stage.ws.messages("mailops") if "often enough for now" in one.text]
    assert "Try again in" in refused
    assert "TARGET" not in refused
    assert await stage.services.history.count(Query(OPERATOR)) == PER_TARGET.times


async def test_the_button_counts_as_well(stage):
    await stage.type("/smtpcheck null.lab.example")
    for _ in range(PER_TARGET.times):
        await stage.press("smtpcheck.run")
    assert any("Try again in" in message.text for message in stage.seen())


def test_a_port_of_a_target_is_checked_ten_times_an_hour_by_people():
    clock = Clock()
    services = Services(prober=None, history=None, watches=None, ports=(), lookups=None, limiter=Limiter(clock))
    for _ in range(PER_PORT.times):
        assert services.wait_for_target("mx.example", (25, 587)) == 0.0
        clock.now += 60
    assert services.wait_for_target("mx.example", (25,)) == PER_PORT.seconds - 600
    assert services.wait_for_target("mx.example", (465,)) == 0.0
    assert services.wait_for_target("mx.other.example", (25,)) == 0.0
    clock.now += PER_PORT.seconds - 600
    assert services.wait_for_target("mx.example", (25,)) == 0.0


def test_who_has_to_wait_for_one_window_uses_up_no_other():
    clock = Clock()
    limiter, short, long = Limiter(clock), Rate(1, 10.0), Rate(2, 100.0)
    assert limiter.wait_for_all([("a", short), ("b", long)]) == 0.0
    assert [limiter.wait_for_all([("a", short), ("b", long)]) for _ in range(5)] == [10.0] * 5
    clock.now += 10
    assert limiter.wait_for_all([("a", short), ("b", long)]) == 0.0


def test_several_uses_of_one_key_wait_until_there_is_room_for_all():
    clock = Clock()
    limiter, rate = Limiter(clock), Rate(4, 10.0)
    limiter.wait("ana", rate)
    clock.now += 1
    assert limiter.wait_for_all([("ana", rate)] * 2) == 0.0
    assert limiter.wait_for_all([("ana", rate)] * 2) == 9.0
    assert limiter.wait_for_all([("ana", rate)] * 3) == 10.0
    assert limiter.wait("ana", rate) == 0.0
    clock.now += 9
    assert limiter.wait("ana", rate) == 0.0


def test_a_window_slides():
    clock = Clock()
    limiter, rate = Limiter(clock), Rate(2, 10.0)
    waits = []
    for moment in (0, 4, 5, 10, 11, 14):
        clock.now = 1000.0 + moment
        waits.append(limiter.wait("ana", rate))
    assert waits == [0.0, 0.0, 5.0, 0.0, 3.0, 0.0]


def test_keys_do_not_pile_up():
    clock = Clock()
    limiter, rate = Limiter(clock), Rate(2, 10.0)
    for number in range(KEYS_KEPT):
        limiter.wait(number, rate)
    clock.now += 20
    limiter.wait("one more", rate)
    assert len(limiter._taken) == 1
