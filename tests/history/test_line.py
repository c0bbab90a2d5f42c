import pytest

from commands.history.line import ports, together, who, written
from storage.history import Asker, Endpoint
from tests.history.documents import line

ONE, TWO, THREE = "mx1.example.com", "mx2.example.com", "mx3.example.com"

SAID = {
    "465, 587 open; 25 no answer": [(ONE, 25, "no_answer"), (ONE, 465, "open"), (ONE, 587, "open")],
    "25 open": [(ONE, 25, "open"), (TWO, 25, "open")],
    f"25 open on {ONE}; 25 refused on {TWO}": [(ONE, 25, "open"), (TWO, 25, "refused")],
    f"25 open on 2 of 3 hosts; 25 refused on {TWO}": [(ONE, 25, "open"), (TWO, 25, "refused"), (THREE, 25, "open")],
    f"465 open; 25 open on {ONE}; 25 refused on {TWO}": [
        *((ONE, 25, "open"), (TWO, 25, "refused")),
        *((ONE, 465, "open"), (TWO, 465, "open")),
    ],
    "25 open at 1 of 2 addresses; 25 refused at 1 of 2 addresses": [(ONE, 25, "open"), (ONE, 25, "refused")],
    "1 open; 2 refused; 3 no route; 4 silent; 1 more": [
        (ONE, port, state)
        for port, state in enumerate(("open", "refused", "unreachable", "no_greeting", "tarpit"), start=1)
    ],
}


@pytest.mark.parametrize("words", SAID)
def test_ports_are_told_by_state_with_the_host_where_hosts_differ(words):
    told = ports([Endpoint(*each) for each in SAID[words]])
    assert sorted(told.split("; ")) == sorted(words.split("; "))
    assert told.split("; ")[0].split(" on")[0].endswith(("open", "addresses"))


@pytest.mark.parametrize(
    ("actor", "surface", "words"),
    [
        ("U0000000001", "slash", "<@U0000000001>"),
        ("U0000000001", "watch", "watch of <@U0000000001>"),
        ("", "watch", "a watch"),
        ("root", "terminal", "root"),
        ("", "terminal", "a terminal"),
        ("", "slash", "nobody known"),
    ],
)
def test_who_asked_is_told_apart_from_whose_watch_ran(actor, surface, words):
    assert who(actor, surface) == words


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], ""),
        (["U0000000002"], ""),
        (["U0000000003"], "asked together with <@U0000000003>"),
        (["U0000000003", "ana", "U0000000003"], "asked together with <@U0000000003>, ana"),
        (["U0000000003", "ana", "bo", "cy"], "asked together with <@U0000000003>, ana and 2 more"),
    ],
)
def test_who_asked_at_the_same_moment_is_named_up_to_a_few(people, words):
    shown = line(others=tuple(Asker(person, "C1") for person in people))
    assert together(shown) == words
    assert (words or "together") in written(shown, mine=True) or not words
