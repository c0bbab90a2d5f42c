"""Who refused us is left alone, and whoever asks reads why."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import Host
from bot.demo.lab.script import Script
from bot.demo.lab.steps import Close, Send
from commands.contract import Actor, Request, UserError
from commands.smtpcheck.handler import handle, run_again
from commands.smtpcheck.stored.pauses import AFTER_NAMING_US, AFTER_REFUSAL, names_us
from commands.smtpcheck.view.pauses import age
from tests.histories import history_at
from tests.smtpcheck.labs import probing
from tests.smtpcheck.test_handler import FakeServices

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
GREETINGS = {
    "busy": b"421 4.3.2 too many connections\r\n",
    "closed": b"554 5.7.1 no service for strangers\r\n",
    "listed": b"554 5.7.1 your address 192.0.2.10 is on a blocklist\r\n",
}


def refusing(greeting):
    def serve(_authority) -> Script:
        return (Send(greeting), Close())

    return serve


PEERS = tuple(
    Host(f"{name}.example", (f"198.51.100.{100 + number}",), "Refuses.", {25: refusing(greeting)})
    for number, (name, greeting) in enumerate(GREETINGS.items())
)
ZONE = {f"domain-of-{name}.example": {"MX": [f"10 {name}.example."]} for name in GREETINGS}


@pytest.fixture
async def services(tmp_path):
    async with probing((*HOSTS, *PEERS), zone=ZONE) as (lab, prober):
        started = NOON
        prober.now = lambda: started
        history = await history_at(tmp_path / "history.db")
        made = FakeServices(prober, history)
        made.lab, made.path = lab, tmp_path / "history.db"
        yield made
        await made.history.close()


def request(text="", *, minutes=0.0, value="", user="U1", team="T1"):
    return Request("smtpcheck", Actor(user, team), NOON + timedelta(minutes=minutes), text=text, value=value)


async def answered(services, text, *, handler=handle, **how):
    """The last step of the answer, and whether anybody was connected to for it."""
    services.team = how.get("team", "T1")
    before = sum(peer.connections for peer in services.lab.peers.values())
    steps = [step async for step in handler(request(text, **how), services)]
    return steps[-1], sum(peer.connections for peer in services.lab.peers.values()) > before


@pytest.mark.parametrize(
    ("host", "minutes", "again", "connects"),
    [
        ("busy", 4.9, "", False),
        ("busy", 0.9, " again", False),
        ("busy", 1.1, " again", True),
        ("busy", 5.1, "", True),
        ("closed", 59, "", False),
        ("closed", 59, " again", False),
        ("closed", 61, "", True),
        ("listed", 59, " again", False),
        ("listed", 61, "", False),
        ("listed", 61, " again", True),
        ("listed", 24 * 60 - 1, "", False),
        ("listed", 24 * 60 + 1, "", True),
    ],
)
async def test_a_port_that_refused_us_is_left_alone(services, host, minutes, again, connects):
    await answered(services, f"{host}.example 25")
    reply, connected = await answered(services, f"{host}.example 25{again}", minutes=minutes, user="U2")
    assert connected is connects
    assert ("left alone until" in reply.text) is not connects


async def test_the_note_says_when_why_and_what_can_be_done(services):
    await answered(services, "listed.example 25")
    reply, _ = await answered(services, "listed.example 25", minutes=12)
    assert "This is the result of 12 min ago: *listed.example* refused us on port 25" in reply.text
    assert "|12:00 UTC>" in reply.text
    assert "`again` asks anew from" in reply.text
    assert "Other ports can be checked: `/smtpcheck listed.example 465 587 2525`." in reply.text
    assert "left alone until" in json.dumps(reply.blocks)
    later, _ = await answered(services, "listed.example 25", minutes=90)
    assert "Add `again` for a new check." in later.text


async def test_other_ports_of_the_host_may_be_checked(services):
    await answered(services, "closed.example 25")
    reply, _ = await answered(services, "closed.example 587", minutes=10)
    assert "587: refused" in reply.text


async def test_a_refusal_counts_whatever_the_host_was_reached_by(services):
    await answered(services, "domain-of-closed.example 25")
    assert not (await answered(services, "domain-of-closed.example 25", minutes=10))[1]
    assert not (await answered(services, "closed.example 25", minutes=10))[1]


async def test_the_button_is_no_way_round(services):
    await answered(services, "closed.example 25")
    reply, connected = await answered(services, "", handler=run_again, value="closed.example 25", minutes=10)
    assert (connected, reply.replace) == (False, True)


async def test_a_restart_forgets_no_refusal(services):
    await answered(services, "closed.example 25")
    await services.history.close()
    services.history = await history_at(services.path)
    assert not (await answered(services, "closed.example 25", minutes=10))[1]


async def test_a_host_that_lets_us_in_again_is_checked_as_ever(services):
    await answered(services, "closed.example 25")
    services.lab.peers["198.51.100.101", 25].scripts = services.lab.peers["198.51.100.25", 25].scripts
    services.prober.now = lambda: NOON + timedelta(minutes=61)
    await answered(services, "closed.example 25", minutes=61)
    assert (await answered(services, "closed.example 25", minutes=63))[1]


async def test_the_result_of_another_team_is_not_shown_and_its_refusal_counts(services):
    await answered(services, "closed.example 25")
    with pytest.raises(UserError) as told:
        await answered(services, "closed.example 25", minutes=10, team="T2")
    assert told.value.message == "closed.example refused us on port 25 10 min ago, when somebody else asked."
    assert "50 min more" in told.value.hint


def test_nobody_is_left_alone_for_longer_than_the_history_is_read():
    assert all(pause.again_after <= pause.lasts <= AFTER_NAMING_US.lasts for pause in AFTER_REFUSAL.values())


@pytest.mark.parametrize(
    ("said", "about_us"),
    [
        ("554 5.7.1 Your host is listed", True),
        ("554 192.0.2.10 blocked", True),
        ("554 [2001:db8::7] has no PTR", True),
        ("554 No SMTP service here", False),
        ("554 5.7.1 198.51.100.25 takes no mail", False),
    ],
)
def test_a_refusal_that_speaks_of_us_is_told_from_one_to_everybody(said, about_us):
    line = {"from": "server", "text": said}
    assert names_us({"address": "198.51.100.25", "transcript": [line]}) is about_us


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 s"), (34, "34 s"), (119, "119 s"), (121, "2 min"), (9000, "2 h")]
)
def test_ages_are_told_in_one_unit(seconds, words):
    assert age(timedelta(seconds=seconds)) == words
