"""One target from several places: what is said first, and which places are one column."""

import asyncio

import pytest

from commands.smtpcheck.places import asking
from commands.smtpcheck.places.comparison import doubtful_ports
from commands.smtpcheck.places.view import compared, result, rows, said_of, sentence
from tests import moving
from tests.every import every

HOST = "mail.example.com"
UP = {25: "open", 587: "open"}
NO_25 = {25: "no_answer", 587: "open"}
BLOCKED = {25: "blocked_here", 587: "open"}
ONLY_BLOCKED = {25: "blocked_here"}
REFUSED = {25: "refused_by_policy", 587: "open"}
DOWN = {25: "no_answer", 587: "no_answer"}
SHUT = {25: "refused", 587: "refused"}
HALF = {25: "refused_by_policy", 587: "open"}
HUNG_UP = {25: "closed_before_greeting", 587: "open"}
OTHER_ANSWERS = {25: "hijack_suspect", 587: "open"}
STALLS = {25: "open", 587: "open timeout"}
MASKED = {25: "open masked", 587: "open"}
LOST = {25: "not_heard", 587: "not_heard"}


def document(states, *asked):
    """`asked` are the ports that control hosts were asked about."""
    findings = [{"code": "control_probe", "params": {"port": port}} for port in asked]
    return {"endpoints": [endpoint(port, state) for port, state in states.items()], "findings": findings}


def endpoint(port, state, host=HOST):
    state, _, tls_state = state.partition(" ")
    tls = {"mode": "starttls", "state": tls_state or "ok"} if state == "open" else None
    return {"host": host, "address": "192.0.2.1", "port": port, "state": state, "tls": tls, "findings": []}


SAID = [
    ({"local": UP, "mta-03": UP}, "works from both places (local and mta-03)."),
    ({"local": UP, "fra-1": UP, "mta-03": BLOCKED}, "25 is closed from mta-03 only: that machine's network, not"),
    (
        {"local": UP, "mta-03": NO_25},
        "25 is closed from mta-03 and answers from local: likely that machine's",
    ),
    ({"local": NO_25, "a": UP, "b": NO_25}, "25 is closed from local and b and answers from a: likely the networks of"),
    ({"local": UP, "mta-03": REFUSED}, "25 works from local; mta-03 is told something else:"),
    ({"local": HALF, "mta-03": HALF}, "is the same from both places (local and mta-03): 587 can be used, 25 cannot."),
    ({"local": HALF, "mta-03": NO_25}, "25 is closed from mta-03 and answers from local: likely that machine's"),
    ({"local": DOWN, "mta-03": DOWN}, "from either place (local and mta-03): likely the host itself, or the way to it"),
    ({"local": SHUT, "mta-03": SHUT}, "mail.example.com refuses connections from either place (local and mta-03):"),
    ({"local": SHUT, "mta-03": DOWN}, "mail.example.com cannot be reached from either place (local and mta-03):"),
    ({"local": SHUT, "mta-03": LOST}, "refuses connections from local; from nowhere else could it be judged."),
    ({"local": DOWN, "fra-1": DOWN, "mta-03": DOWN}, "from any of 3 places (local, fra-1 and mta-03): likely the host"),
    ({"local": UP, "mta-03": LOST, "a": UP, "b": UP, "c": UP}, "works from all 4 places (local, a and 2 others)."),
    ({"local": UP, "mta-03": LOST}, "works from local; from nowhere else could it be judged."),
    (
        {"local": HUNG_UP, "fra-1": UP},
        "25 hangs up on local and answers fra-1: likely that machine's network, or mail.example.com does not let that",
    ),
    (
        {"local": OTHER_ANSWERS, "fra-1": UP},
        "25 works from fra-1 and not from local: likely that machine's network, or the way from there, not mail.exa",
    ),
    ({"local": STALLS, "fra-1": UP}, "587 works from fra-1 and not from local: likely that machine's network, or"),
    ({"local": MASKED, "fra-1": UP}, "25 works from fra-1 and not from local: likely that machine's network, or"),
    (
        {"local": {25: "open masked"}, "fra-1": {25: "open masked"}},
        "fails alike from both places (local and fra-1): likely the host itself, or the way to it",
    ),
    (
        {"local": {25: "no_answer"}, "mta-03": ONLY_BLOCKED},
        "not answer from local; from nowhere else could it be judged",
    ),
    ({"local": ONLY_BLOCKED, "mta-03": ONLY_BLOCKED}, "The networks of both places (local and mta-03) block 25: that"),
    (
        {"local": ONLY_BLOCKED, "mta-03": LOST},
        "The network of local blocks 25; from nowhere else could mail.example.com",
    ),
    (
        {"local": BLOCKED, "mta-03": BLOCKED},
        "the same from both places (local and mta-03): 587 can be used, 25 cannot.",
    ),
    ({"local": {25: "rate_limited"}, "mta-03": {25: "rate_limited"}}, "could not be judged from either place (local"),
    ({"local": {25: "rate_limited"}, "mta-03": {25: "not_smtp"}}, "could not be judged from either place (local"),
    (
        {"local": {25: "not_smtp"}, "mta-03": {25: "not_smtp"}},
        "not usable from either place (local and mta-03): likely",
    ),
    ({"local": {25: "rate_limited"}, "mta-03": LOST}, "could not be judged from local, nor from anywhere else."),
    ({"local": LOST, "mta-03": LOST}, "could be judged from neither place (local and mta-03)."),
]


@every(SAID)
def test_what_differs_is_said_first_and_whose_side_as_far_as_it_is_known(seen, said):
    documents = {place: document(states) for place, states in seen.items()}
    assert said in sentence(said_of(HOST, documents))


@every(
    [
        (UP, []),
        (NO_25, [25]),
        (BLOCKED, [25]),
        (DOWN, [25, 587]),
        (HUNG_UP, [25]),
        (OTHER_ANSWERS, [25]),
        (REFUSED, [25]),
        (STALLS, [587]),
        (MASKED, [25]),
        (LOST, []),
        ({25: "refused", 587: "refused"}, [25, 587]),
        ({25: "open", 465: "refused", 587: "open", 2525: "no_answer"}, [2525]),
        ({25: "rate_limited", 465: "no_greeting", 587: "open not_offered", 2525: "open sni_rejected"}, []),
    ]
)
def test_another_place_is_asked_where_one_cannot_say_whose_side_it_is_and_nowhere_else(states, ports):
    assert doubtful_ports(document(states)) == ports
    assert doubtful_ports(document({**states, 26: "refused"}, 26)) == sorted({*ports, 26})


def test_places_that_see_the_same_are_one_column():
    seen = {"local": UP, "mta-03": BLOCKED, "a": UP, "b": UP, "c": UP}
    table = rows({place: document(states) for place, states in seen.items()})
    assert table[0] == ["Port", "local and 3 others", "mta-03"]
    assert [line[0] for line in table[1:]] == ["25", "587"]
    assert ("open" in table[1][1], "blocked" in table[1][2]) == (True, True)


def test_two_places_begin_in_a_second():
    async def begun():
        times = []

        async def check(_place):
            times.append(asyncio.get_running_loop().time())
            return {}

        places = [f"mta-{number:02}" for number in range(8)]
        assert [name async for name, _ in asking.of_each(places, check)] == places
        return [time - times[0] for time in times]

    assert moving.run(begun()) == pytest.approx([number / 2 for number in range(8)])


async def test_a_place_that_never_ends_is_named_and_keeps_nobody_from_the_others(monkeypatch):
    monkeypatch.setattr(asking, "PLACE_SECONDS", 0)
    monkeypatch.setattr(asking, "PACE_SECONDS", 0)

    async def check(name):
        if name == "mta-03":
            await asyncio.Event().wait()
        return {"vantage": name}

    found = {name: one async for name, one in asking.of_each(("local", "mta-03"), check)}
    assert found["local"] == {"vantage": "local"}
    assert found["mta-03"].message.startswith("mta-03 did not end its check within")


async def test_another_place_that_never_ends_keeps_no_answer(monkeypatch):
    monkeypatch.setattr(asking, "OTHER_SECONDS", 0)

    async def check(_name, _ports):
        await asyncio.Event().wait()

    here = {**document(NO_25), "vantage": "local", "target": HOST, "elapsed_ms": 3000.0}
    steps = [step async for step in asking.as_seen_elsewhere(here, ("local", "mta-03"), check)]
    assert len(steps) == 1, "what it was asked, and nothing of an answer"


@every([(NO_25, f"{HOST} on 25"), (DOWN, HOST)])
def test_the_look_from_elsewhere_speaks_of_the_closed_ports_alone(states, about):
    here, there = ({**document(states), "target": HOST, "vantage": place} for place in ("local", "mta-03"))
    closed = [port for port, state in states.items() if state != "open"]
    assert compared(here, there, closed).startswith(f"{about} does not answer from either place (local and mta-03): ")


def test_the_side_is_said_once_where_the_check_says_it_already():
    here, there = ({**document(DOWN), "target": HOST, "vantage": place} for place in ("local", "mta-03"))
    params = {"port": 25, "seconds": 5.0, "controls": "mx.example.net"}
    theirs = {"code": "no_answer_target", "severity": "warning", "params": params}
    said = compared({**here, "findings": [theirs]}, there, list(DOWN))
    assert said == f"mta-03 sees the same: {HOST} does not answer from there, either."
    assert "likely" in compared(here, there, list(DOWN))


def test_a_name_that_exists_nowhere_is_said_not_to_exist():
    nowhere = {"endpoints": [], "findings": [], "verdict": "failed", "summary": "gone.example does not exist in DNS."}
    answer = result("gone.example", {"local": nowhere, "fra-1": nowhere}, {}, "gone.example", public=False)
    assert answer.text == ":x: gone.example does not exist in DNS."
    assert [block["type"] for block in answer.blocks] == ["section", "actions"]


def test_of_a_domain_only_the_host_is_meant_on_which_places_differ():
    def domain(first, second):
        return {"endpoints": [endpoint(25, first, "mx1.example.com"), endpoint(25, second)], "findings": []}

    half, whole, blocked = domain("refused", "open"), domain("open", "open"), domain("blocked_here", "blocked_here")
    for here, there, said in (
        (half, blocked, f"25 is closed from mta-03: that machine's network, not {HOST}. It answers from local."),
        (whole, blocked, "25 is closed from mta-03: that machine's network, not example.com. It answers from local."),
        (half, half, "the same from both places (local and mta-03): 25 can be used on some of its hosts only."),
    ):
        assert said in sentence(said_of("example.com", {"local": here, "mta-03": there}))
