"""Every network whose policy is known, in the lab: what a check and `/smtpcheck network` say from behind it."""

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import PORTS, Tcp
from bot.demo.lab.networks import DROPPED, behind
from commands.smtpcheck.network.document import summary
from commands.smtpcheck.network.probe import examine
from commands.smtpcheck.result.sentences.choice import spoken
from commands.smtpcheck.verdict.fault_side import PATTERNS
from tests.smtpcheck.labs import checked, in_words, probing

MAIL = (25, 465, 587, 2525)
SUBJECT = "mail.lab.example"


def said(check):
    return [finding["message"] for finding in in_words(check)["findings"] if finding["code"] == "network_pattern"]


@pytest.mark.parametrize("fate", [Tcp.FILTERED, Tcp.REFUSED], ids=["dropped", "rejected"])
@pytest.mark.parametrize("network", DROPPED)
async def test_a_check_from_behind_a_known_network_names_its_pattern(network, fate):
    async with probing(hosts=behind(HOSTS, DROPPED[network], fate)) as (_, prober):
        check = await checked(prober, SUBJECT)

    shut = set(DROPPED[network])
    states = {report.port: report.state for report in check.endpoints}
    assert states == {port: "blocked_here" if port in shut else "open" for port in MAIL}
    (sentence,) = said(check)
    assert sentence.startswith("This is the pattern of ")
    assert network in sentence
    assert check.verdict == ("blocked_here" if shut == set(MAIL) else "ok")


@pytest.mark.parametrize("network", DROPPED)
async def test_the_probe_of_our_own_network_names_the_pattern_too(network):
    async with probing(hosts=behind(HOSTS, DROPPED[network])) as (_, prober):
        words = spoken(summary(await examine(prober.control, MAIL)))

    listed = ", ".join(map(str, sorted(DROPPED[network])))
    assert words.startswith(f"Our network likely blocks outgoing {listed}. This is the pattern of ")
    assert network in words


@pytest.mark.parametrize(
    ("shut", "looked_at"),
    [
        ((25,), (25,)),
        ((25,), (25, 587)),
        ((25, 465), (25, 465)),
        ((25, 465), (25, 465, 587)),
        ((25, 465, 587), (25, 465, 587)),
        ((25, 2525), MAIL),
        ((587,), MAIL),
    ],
)
async def test_no_pattern_is_named_where_a_port_that_tells_policies_apart_was_not_looked_at(shut, looked_at):
    async with probing(hosts=behind(HOSTS, shut)) as (_, prober):
        check = await checked(prober, SUBJECT, looked_at)
        words = spoken(summary(await examine(prober.control, looked_at)))

    assert said(check) == []
    assert "pattern" not in words
    assert {report.port for report in check.endpoints if report.state == "blocked_here"} == set(shut)


async def test_a_target_that_is_silent_where_the_network_is_open_names_no_network():
    async with probing() as (_, prober):
        check = await checked(prober, "filtered.lab.example")

    assert said(check) == []
    assert {report.port: report.state for report in check.endpoints}[25] == "no_answer"


def test_every_pattern_has_a_network_in_the_lab():
    assert set(PATTERNS) == {frozenset(ports) for ports in DROPPED.values()}
    assert all(set(ports) <= set(PORTS) for ports in DROPPED.values())
