"""`/smtpcheck network`: what is said of our own network, kept, shown, and asked again."""

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.demo.lab.lab import Tcp
from bot.demo.lab.networks import behind
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import EHLO_PLAIN
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Hang
from bot.demo.workspace.blockkit import problems
from commands.contract import Actor, Modal, Progress, Request
from commands.smtpcheck.egress.control_hosts import Greeting
from commands.smtpcheck.handler import handle, run_again
from commands.smtpcheck.network.view import let_out
from commands.smtpcheck.opening import SHARING, details
from commands.smtpcheck.result.sentences.choice import summary_in
from commands.smtpcheck.verdict.interception import MASK, answers_for_all
from storage.history import OPERATOR, Query
from storage.sqlite.history import open_history
from tests.every import every
from tests.smtpcheck.labs import probing
from tests.smtpcheck.messages import MENTION, mrkdwn
from tests.smtpcheck.test_handler import BrokenHistory, FakeServices, request, run

MAIL = (25, 465, 587, 2525)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTROL = "198.51.100.250"


@pytest.fixture
async def history(tmp_path):
    opened = await open_history(tmp_path / "history.db")
    yield opened
    await opened.close()


async def asked(text, history, *, hosts=HOSTS, banner=None):
    """The answer and the entry; every connection to port 25 leads to a device with this banner."""
    device = dialogue({"EHLO": EHLO_PLAIN}, banner=banner or b"220 x\r\n")
    async with Peer(device) as peer, probing(hosts) as (_, prober):
        elsewhere = prober.route
        if banner:
            prober.route = prober.control.route = lambda address, port: (
                peer.address if port == 25 else elsewhere(address, port)
            )
        *steps, reply = await run(handle, request(text), FakeServices(prober, history))
    assert all(isinstance(step, Progress) for step in steps)
    assert problems(reply.blocks, "message") == []
    return steps, reply, await history.get("id0", OPERATOR)


async def test_it_is_kept_like_every_check(history):
    _, reply, entry = await asked("network", history)
    assert (entry.kind, entry.target, entry.verdict, entry.scope) == ("network", "network", "ok", "25,465,587,2525")
    assert entry.document["schema"] == "portero.network/2"
    assert [port["state"] for port in entry.document["ports"]] == ["open"] * 4
    assert entry.document["ports"][0]["controls"][0]["host"] == "mx.alpha.example"
    shown = json.dumps(reply.blocks)
    assert ("Logged." in shown, shown.count("mx.alpha.example connected")) == (True, 1)


async def test_ports_and_here_are_obeyed(history):
    steps, reply, entry = await asked("network 25 here", history)
    assert [port["port"] for port in entry.document["ports"]] == [25]
    assert reply.public
    assert all(step.public for step in steps)


async def test_the_buttons_share_show_and_run_it_again(history):
    _, reply, _ = await asked("network 25 587", history)
    found = {it["action_id"]: it["value"] for it in reply.blocks[-1]["elements"]}
    assert found == {
        "smtpcheck.share": "id0", "smtpcheck.run": "network 25 587", "smtpcheck.details": "id0",
    }  # fmt: skip
    async with probing() as (_, prober):
        services = FakeServices(prober, history)
        (shown,) = await run(details, request(value="id0"), services)
        assert isinstance(shown, Modal)
        assert problems(shown.blocks, "modal") == []
        assert "mx.alpha.example" in json.dumps(shown.blocks)
        (shared,) = await run(SHARING.share, request(value="id0", user="U2"), services)
        assert "Shared by <@U2>" in shared.post.text
        next(services.ids)
        *_, again = await run(run_again, request(value="network 25 587", later=61), services)
    assert again.replace
    assert (await history.get("id1", OPERATOR)).scope == "25,587"


def placed(prober, vantage, *, shut=False):
    """The same prober at another place, whose network perhaps does not let 587 out."""
    made = copy.copy(prober)
    made.vantage = vantage
    refused = ("127.0.0.1", 1)
    made.control = replace(
        prober.control,
        route=(lambda address, port: refused if port == 587 else prober.route(address, port)) if shut else prober.route,
    )
    return made


async def test_another_place_says_whether_it_is_the_network_or_the_control_hosts(history):
    async with probing() as (_, prober):
        here, fra = placed(prober, "local", shut=True), placed(prober, "fra-1")
        services = FakeServices(here, history, elsewhere={"fra-1": fra})

        async def told(text, later):
            return (await run(handle, request(text, later=later), services))[-1]

        said = "From fra-1 the control hosts answer on 587: likely our own network."
        reply = await told("network 25 587", 0.0)
        assert reply.text.splitlines()[-1] == said
        assert reply.blocks[1]["text"]["text"] == said
        services.elsewhere["fra-1"] = placed(prober, "fra-1", shut=True)
        said = "From local they do not answer on 587 either: its network is like that, too, or they are down."
        assert said in (await told("network 587 from fra-1", 0.0)).text
        services.elsewhere["nyc-1"] = fra
        assert "either" not in (await told("network 587 from nyc-1", 0.0)).text
        services.elsewhere.clear()
        assert "From " not in (await told("network 587 again", 100.0)).text


@every(
    [
        ({25: "open", 465: "unclear", 587: "open"}, "25, 465, 587 out; 2525 not known"),
        (
            {25: "blocked", 587: "intercepted", 26: "open"},
            "26 out; 25 blocked; 587 answered by another; 465, 2525 not known",
        ),
        ({25: "of a later version"}, "25, 465, 587, 2525 not known"),
    ]
)
def test_what_a_network_let_out_is_said_port_by_port_in_few_words(states, said):
    assert let_out({"ports": [{"port": port, "state": state} for port, state in states.items()]}, MAIL) == said


@pytest.fixture
async def moving(history):
    """Services whose clocks stand still until `later` moves them on."""
    async with probing() as (lab, prober):
        services = FakeServices(prober, history)
        services.lab, seconds = lab, [0.0]
        prober.now = lambda: NOON + timedelta(seconds=seconds[0])
        prober.control.clock = lambda: seconds[0]
        prober.control = replace(prober.control)
        services.seconds = seconds
        yield services


async def looked(services, text, *, at=0.0, handler=handle, user="U1"):
    """The answer that somebody gets at this second, and whether the control hosts were asked for it."""
    services.seconds[0] = at
    before = services.lab.peers[CONTROL, 587].connections
    asked = Request("smtpcheck", Actor(user, "T1"), services.prober.now(), text=text, value=text, channel="C1")
    *_, reply = await run(handler, asked, services)
    return reply, services.lab.peers[CONTROL, 587].connections > before


@pytest.mark.parametrize(
    ("at", "text", "handler", "anew"),
    [
        (299, "network 587", handle, False),
        (301, "network 587", handle, True),
        (59, "network 587 again", handle, False),
        (60, "network 587 again", handle, True),
        (59, "network 587", run_again, False),
        (60, "network 587", run_again, True),
    ],
)
async def test_control_hosts_are_asked_again_after_minutes_or_when_somebody_says_so(moving, at, text, handler, anew):
    await looked(moving, "network 587")
    reply, asked = await looked(moving, text, at=at, handler=handler, user="U2")
    assert asked is anew
    assert ("ago, by <@U1>:" in reply.text) is not anew
    assert await moving.history.count(Query(OPERATOR)) == 1 + anew


async def test_a_port_that_was_opened_is_seen_open_by_run_again_and_the_old_answer_tells_its_age(moving):
    route = moving.prober.control.route
    moving.prober.control.route = lambda _address, _port: ("127.0.0.1", 1)
    await looked(moving, "network 587")
    moving.prober.control.route = route
    kept, _ = await looked(moving, "network 587", at=130)
    assert "likely blocks outgoing 587" in kept.text
    assert "From 2 min ago, by you: *Run again* (or `again`) checks anew." in kept.text
    new, _ = await looked(moving, "network 587", at=130, handler=run_again)
    assert "No outgoing mail port is seen to be blocked" in new.text
    assert (await moving.history.get("id1", OPERATOR)).started_at == NOON + timedelta(seconds=130)


async def test_what_a_check_had_asked_is_kept_with_its_own_time_and_told_with_its_age(moving):
    await moving.prober.control.reach(465)
    reply, _ = await looked(moving, "network 465", at=34)
    assert moving.lab.peers[CONTROL, 465].connections == 2  # the second one asks whether TLS answers there
    assert "As seen 34 s ago." in reply.text
    assert (await moving.history.get("id0", OPERATOR)).started_at == NOON


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(history, caplog):
    async with probing() as (_, prober):
        *_, reply = await run(handle, request("network"), FakeServices(prober, BrokenHistory()))
    assert "Not logged" in reply.text
    assert "could not be written" in caplog.text
    assert [it["action_id"] for it in reply.blocks[-1]["elements"]] == ["smtpcheck.run"]


async def test_blocked_ports_and_the_pattern_are_named(history):
    _, reply, entry = await asked("network", history, hosts=behind(HOSTS, (25,), Tcp.FILTERED))
    assert not reply.good
    assert entry.verdict == "degraded"
    assert "likely blocks outgoing 25. This is the pattern of clouds" in reply.text


@pytest.mark.parametrize(
    ("banner", "by"),
    [
        (b"220 gw.isp.example ESMTP\r\n", "as gw.isp.example"),
        (b"220 ****************************0****2******0*****\r\n", "with a masked greeting"),
        (b"220 <!channel>.isp.example ESMTP\r\n", "as <!channel>.isp.example"),
    ],
)
async def test_a_device_that_answers_for_every_host_is_not_called_open(history, banner, by):
    _, reply, entry = await asked("network", history, banner=banner)
    assert not reply.good
    assert entry.verdict == "degraded"
    assert [port["state"] for port in entry.document["ports"]] == ["intercepted", "open", "open", "open"]
    assert f"answers on 25 in place of every host, {by}" in summary_in(entry.summary)
    assert not any(MENTION.search(text) for text in (reply.text, *mrkdwn(reply.blocks)))


async def test_a_port_on_which_every_connection_stands_and_nobody_greets_is_not_called_open(history):
    _, reply, entry = await asked("network", history, banner=b"HTTP/1.1 400 Bad Request\r\n")
    assert (entry.verdict, entry.document["ports"][0]["state"]) == ("degraded", "mute")
    assert "On 25 connections stand, and no control host speaks" in reply.text


@pytest.mark.parametrize(
    ("greetings", "name"),
    [
        ({"mx.a.example": "220 gw.isp.example hi", "mx.b.example": "220-GW.isp.example. hello"}, "gw.isp.example"),
        ({"mx.a.example": "220 " + "*" * 30, "mx.b.example": "220 " + "*" * 12}, MASK),
        ({"mx.a.example": "220 mx.a.example hi", "mx.b.example": "220 mx.b.example hi"}, ""),
        ({"mx.a.example": "220 gw.isp.example hi", "mx.b.example": ""}, ""),
        ({"mx1.a.example": "220 gw.isp.example", "mx2.a.example": "220 gw.isp.example"}, ""),
        ({"mx.a.example": "220 mail.b.example", "mx.b.example": "220 mail.b.example"}, ""),
        ({"mx.a.example": "220 ESMTP ready", "mx.b.example": "220 ESMTP ready"}, ""),
        ({"mx.a.example": "554 gw.isp.example", "mx.b.example": "554 gw.isp.example"}, ""),
        ({}, ""),
    ],
)
def test_a_name_that_is_nobodys_answers_for_all(greetings, name):
    assert answers_for_all([Greeting(host, 25, text) for host, text in greetings.items()]) == name


@pytest.mark.parametrize("port", [25, 465, 587])
async def test_a_device_that_takes_every_connection_in_silence_lets_nothing_out(history, port):
    async with Peer((Hang(),)) as peer, probing() as (_, prober):
        prober.route = prober.control.route = lambda _address, _port: peer.address
        *_, reply = await run(handle, request(f"network {port}"), FakeServices(prober, history))
    entry = await history.get("id0", OPERATOR)
    assert [one["state"] for one in entry.document["ports"]] == ["mute"]
    assert "connections stand, and nobody speaks" in reply.text
    assert not reply.good


async def test_control_hosts_that_all_have_one_address_are_made_up_by_dns(history):
    everywhere = {name: {"A": [CONTROL]} for name in CONTROL_HOSTS}
    async with probing(zone={**ZONE, **everywhere}) as (_, prober):
        *_, reply = await run(handle, request("network"), FakeServices(prober, history))
    entry = await history.get("id0", OPERATOR)
    assert (entry.verdict, {one["state"] for one in entry.document["ports"]}) == ("unknown", {"misled"})
    assert f"all have the address {CONTROL} here" in reply.text
