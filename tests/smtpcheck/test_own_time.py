"""Time that was ours: a check that ran out of it, a process that was held up. Nothing is said of the server then."""

import asyncio
import socket
from dataclasses import dataclass
from itertools import count

import pytest

from bot.demo.lab.peer import FilteredPort, Peer
from bot.demo.lab.quirk import BANNER
from bot.demo.lab.scripts import dialogue, well_behaved
from bot.demo.lab.steps import Close, Drip, Hang, Send, Wait
from commands.contract import Actor, Request
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.probe.concurrent_connections import AT_ONE_ENDPOINT, Waiting
from commands.smtpcheck.stored.document import says_nothing, to_document, to_entry, to_readings
from commands.smtpcheck.wire.connection import Limits, open_socket
from commands.smtpcheck.wire.recorder import BEAT, LATE, Recorder, StallDetector
from tests.smtpcheck.labs import AT, checked, in_words, probing
from tests.smtpcheck.speaking import STAGE, codes, dialogue_with, judged

NAME = "mail.lab.example"
GREETS_AND_HANGS = dialogue({"EHLO": (Hang(),)}, banner=BANNER)
HEALTHY = well_behaved(NAME, context=STAGE.context)


class Clock:
    """The loop's clock, with pauses in which the process did not run: the loop sees nothing of them."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self.slept = 0.0

    def __call__(self):
        return self._loop.time() + self.slept

    def sleep(self, seconds):
        self.slept += seconds

    def sleep_at(self, *moments, seconds=60.0):
        for moment in moments:
            self._loop.call_at(self._loop.time() + moment, self.sleep, seconds)


async def report_within(left, script, **limits):
    async with Peer(script) as peer:
        talk = dialogue_with(peer, limits=Limits(**limits))
        try:
            return judged(await talk.run(left))
        finally:
            await talk.farewell()


@pytest.mark.parametrize("left", [0.0, -1.0])
async def test_a_dialogue_without_time_connects_to_nobody(left):
    async with Peer(HEALTHY) as peer:
        report = judged(await dialogue_with(peer).run(left))

    assert (report.state, codes(report), report.tls_state) == ("not_finished", {"not_finished"}, "")
    assert peer.connections == 0


@pytest.mark.parametrize("script", [(Hang(),), (Send(b"220-half\r\n"), Hang()), GREETS_AND_HANGS])
async def test_what_the_whole_check_cut_short_is_not_finished_and_never_silent(script):
    report = await report_within(5.0, script)

    assert (report.state, codes(report)) == ("not_finished", {"not_finished"})


async def test_what_took_its_own_patience_is_silent_as_before():
    assert (await report_within(16.0, (Hang(),))).state == "no_greeting"


async def test_a_tarpit_that_was_seen_dripping_is_one_even_when_the_time_ends():
    assert (await report_within(9.0, (Drip(BANNER, 1),))).state == "tarpit"


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not tell the round trip")
async def test_a_connect_whose_end_a_busy_process_saw_late_took_no_longer_for_that():
    ticks = count()
    async with Peer(HEALTHY) as peer:
        talk = dialogue_with(peer, clock=lambda: next(ticks) * 0.09)
        record = await talk.run()
        await talk.farewell()

    assert record.connect == "connected"
    assert 0 < record.connect_ms < 90


@pytest.mark.parametrize(("left", "state"), [(3.0, "not_finished"), (8.0, "no_answer"), (60.0, "no_answer")])
async def test_a_connect_that_the_check_cut_short_says_nothing_of_a_filter(left, state):
    async with FilteredPort() as port:
        report = judged(await dialogue_with(port).run(left))

    assert report.state == state


KEY = ("198.51.100.25", 25)


async def crowded(prober):
    """As many connections to the endpoint as there may be."""
    for _ in range(AT_ONE_ENDPOINT):
        await prober.sessions.queues.take(KEY)


async def test_whoever_waits_for_a_turn_for_too_long_has_not_begun_and_says_nothing_of_the_host():
    async with probing(limits=Limits(turn=90.0)) as (lab, prober):
        await crowded(prober)
        check = await checked(prober, NAME, (25, 587))
        alone = await checked(prober, NAME, (25,))

    assert [report.state for report in check.endpoints] == ["not_begun", "open"]
    assert (check.verdict, check.facts.controls) == ("unknown", {})
    assert lab.peers[KEY].connections == 0
    assert "was not asked: for 90.0 s other checks of ours" in in_words(check)["endpoints"][0]["findings"][0]["message"]
    assert [reading.port for reading in to_readings(check)] == [587]
    assert to_entry(check, to_document(check), Request("smtpcheck", Actor("U1"), AT)).outcome == ""
    assert (says_nothing(check), says_nothing(alone)) == (False, True)


async def test_a_wait_for_a_turn_is_not_taken_from_the_time_of_the_check():
    heard = []
    async with probing(limits=Limits(check=16.0)) as (_, prober), Peer((Hang(),)) as peer:
        prober.route = lambda _address, _port: peer.address
        await crowded(prober)
        asyncio.get_running_loop().call_later(100.0, prober.sessions.queues.give, KEY)
        check = await prober.check(parse_target(NAME), (25,), check_id="0", heard=heard.append)

    assert heard[1] == Waiting(KEY, AT_ONE_ENDPOINT)
    assert [report.state for report in check.endpoints] == ["no_greeting"]
    assert check.facts.elapsed_ms == pytest.approx(16_000, abs=200)


async def test_a_wait_for_a_place_is_nobody_elses_time_either():
    """A server that says 421 to whoever is silent for ten seconds."""
    impatient = (Send(BANNER), Wait(10.0), Send(b"421 4.4.2 timeout\r\n"), Close())
    async with probing(limits=Limits(check=16.0)) as (_, prober), Peer(impatient, HEALTHY) as peer:
        prober.route = lambda _address, _port: peer.address
        prober.sessions.places = asyncio.Semaphore(0)
        asyncio.get_running_loop().call_later(100.0, prober.sessions.places.release)
        check = await checked(prober, NAME, (25,))

    assert [(report.state, report.tls_state) for report in check.endpoints] == [("open", "ok")]
    assert peer.connections == 2


async def test_who_gets_no_place_at_all_has_not_begun():
    async with probing(limits=Limits(turn=90.0)) as (_, prober):
        prober.sessions.places = asyncio.Semaphore(0)
        check = await checked(prober, NAME, (25,))

    assert [report.state for report in check.endpoints] == ["not_begun"]


async def test_connections_of_one_check_to_an_endpoint_come_one_after_the_other():
    async with probing() as (_, prober), Peer((Hang(),), well_behaved(NAME, context=STAGE.context)) as peer:
        prober.route = lambda _address, _port: peer.address
        await checked(prober, NAME, (587,))

    first, second = peer.sessions[:2]
    assert second.opened_at >= first.opened_at + 15


async def test_eight_names_on_one_address_whose_port_takes_15_s_have_eight_right_answers():
    names = [f"m{number}.crowd.example" for number in range(8)]
    zone = {name: {"A": ["198.51.100.25"]} for name in names}
    async with probing(zone=zone) as (_, prober), Peer((Hang(),)) as peer:
        prober.route = lambda _address, _port: peer.address
        checks = await asyncio.gather(*(checked(prober, name, (25,)) for name in names))

    assert [check.endpoints[0].state for check in checks] == ["no_greeting"] * 8
    assert max(_at_once(peer)) == AT_ONE_ENDPOINT


@dataclass
class AtMost:
    """A server that turns away who comes while it speaks with so many already."""

    places: int
    greeted: int = 0
    turned_away: int = 0

    async def play(self, wire):
        if self.greeted >= self.places:
            self.turned_away += 1
            await Send(b"421 4.7.0 too many connections from your address\r\n").play(wire)
            raise ConnectionAbortedError
        self.greeted += 1
        try:
            await Wait(5.0).play(wire)
            for step in HEALTHY:
                await step.play(wire)
        finally:
            self.greeted -= 1


async def test_a_server_that_takes_one_connection_of_ours_is_not_called_busy_because_of_the_others():
    names = [f"m{number}.crowd.example" for number in range(5)]
    zone = {name: {"A": ["198.51.100.25"]} for name in names}
    server = AtMost(1)
    async with probing(zone=zone) as (_, prober), Peer((server,)) as peer:
        prober.route = lambda _address, _port: peer.address
        checks = await asyncio.gather(*(checked(prober, name, (25,)) for name in names))

    assert [check.endpoints[0].state for check in checks] == ["open"] * 5
    assert server.turned_away > 0


async def test_a_server_that_turns_us_away_when_we_are_alone_is_busy_and_asked_no_more():
    async with probing() as (_, prober), Peer((AtMost(0),)) as peer:
        prober.route = lambda _address, _port: peer.address
        check = await checked(prober, NAME, (25,))

    assert ([report.state for report in check.endpoints], peer.connections) == (["rate_limited"], 1)


def _at_once(peer):
    """How many connections there surely were at the beginning of each: the shortest takes ten seconds."""
    opened = [wire.opened_at for wire in peer.sessions]
    return [sum(at - 9 < other <= at for other in opened) for at in opened]


async def test_dns_that_ate_the_time_leaves_every_port_unknown():
    async with probing() as (lab, prober):
        look_up, clock = prober.resolver.look_up, Clock()
        prober.clock = clock

        async def slow(target):
            clock.sleep(61.0)
            return await look_up(target)

        prober.resolver.look_up = slow
        check = await checked(prober, NAME)

    assert {report.state for report in check.endpoints} == {"not_finished"}
    assert (check.verdict, check.recommended) == ("unknown", None)
    assert not any(peer.connections for peer in lab.peers.values())


@pytest.mark.parametrize("script", [(Hang(),), GREETS_AND_HANGS])
async def test_a_time_out_that_fires_after_a_pause_of_ours_says_nothing(script):
    async with Peer(script) as peer:
        clock = Clock()
        talk = dialogue_with(peer, clock=clock)
        for second in range(200):
            clock.sleep_at(second / 2 + 0.25, seconds=LATE)
        report = judged(await talk.run())
        await talk.farewell()

    assert (report.state, codes(report), report.tls_state) == ("held_up", {"held_up"}, "")


async def held_up(script_or_port, moments, *, ports=(25,)):
    """A check whose process sleeps for a minute at these moments, and how often the peer was connected to."""
    async with probing(limits=Limits(check=600.0)) as (_, prober):
        prober.route = lambda _address, _port: script_or_port.address
        prober.clock = clock = Clock()
        clock.sleep_at(*moments)
        return await checked(prober, NAME, ports)


async def test_a_connect_that_ended_in_a_pause_of_ours_is_tried_once_more():
    async with FilteredPort() as port:
        check = await held_up(port, [7.9])

    assert [report.state for report in check.endpoints] == ["no_answer"]


async def test_a_connect_that_ends_in_a_pause_twice_is_not_called_silent():
    async with FilteredPort() as port:
        check = await held_up(port, [7.9, 15.9])

    assert [report.state for report in check.endpoints] == ["held_up"]
    assert (check.verdict, check.facts.controls) == ("unknown", {})
    assert "Portero itself was held up" in in_words(check)["endpoints"][0]["findings"][0]["message"]


async def test_a_greeting_that_was_missed_in_a_pause_is_heard_at_the_second_try():
    async with Peer((Hang(),), HEALTHY) as peer:
        check = await held_up(peer, [14.9])

    assert [report.state for report in check.endpoints] == ["open"]
    assert peer.connections == 2


async def test_a_pause_that_was_over_long_before_the_time_out_changes_nothing():
    async with Peer((Hang(),)) as peer:
        check = await held_up(peer, [3.0])

    assert [report.state for report in check.endpoints] == ["no_greeting"]


async def test_a_pulse_beats_in_time_unless_it_was_held_up_until_now():
    clock = Clock()
    with StallDetector(clock) as pulse:
        assert not pulse.faltered
        clock.sleep(LATE + BEAT)
        assert pulse.faltered
        await asyncio.sleep(BEAT)
        assert pulse.faltered
        await asyncio.sleep(BEAT)
        assert not pulse.faltered


class Doze:
    """A step in which the whole process does nothing for so many seconds: time passes, and no timer is served."""

    def __init__(self, seconds):
        self.seconds = seconds

    async def play(self, _wire):
        asyncio.get_running_loop().doze(self.seconds)


@pytest.mark.parametrize("seconds", [15.5, 17.0])
async def test_a_greeting_that_came_while_we_dozed_for_less_than_a_pause_is_read_all_the_same(seconds):
    report = await report_within(60.0, (Wait(13.0), Doze(seconds - 13.0), *HEALTHY))

    assert (report.state, report.tls_state) == ("open", "ok")


async def test_an_answer_that_lies_unread_when_its_time_is_over_is_not_called_missing():
    async with Peer(dialogue({"EHLO": (Wait(9.0), Send(b"250 a\r\n"))}, banner=BANNER)) as peer:
        talk = dialogue_with(peer)
        talk._dialogue.recorder.__class__ = DeafTap
        report = judged(await talk.run())
        await talk.farewell()

    assert report.state == "held_up"


class DeafTap(Recorder):
    """Hears the greeting and nothing behind it, as if the loop had not come to it."""

    def send(self, data):
        super().send(data)
        if data.startswith(b"EHLO"):
            asyncio.get_running_loop().remove_reader(self._server._sock)


async def test_a_connection_that_stands_when_its_time_is_over_is_taken():
    async with Peer(HEALTHY) as peer:
        loop = asyncio.get_running_loop()
        connecting = asyncio.ensure_future(open_socket(*peer.address, 8.0))
        loop.call_soon(loop.doze, 9.0)
        outcome, sock = await connecting
        sock.close()

    assert outcome == "connected"
