"""Since when something is so, as checks of different ports saw it."""

from datetime import timedelta

from commands.history.filters import Filters
from commands.history.having import has, is_bad
from commands.history.spells import last_spell
from commands.history.typed_filters import parse_filters
from storage.history import Run
from tests.every import every
from tests.history.documents import AT, document, endpoint

UP, DOWN = "open", "refused"


def after(minutes):
    return AT + timedelta(minutes=minutes)


def results(**scopes):
    """By scope (`p465_587`) from when to when its ports were how, the oldest first."""
    made = []
    for name, parts in scopes.items():
        ports = [int(port) for port in name[1:].split("_")]
        for first, last, *states in parts:
            run = Run(
                "T1", "local", name, f"{states}", after(first), f"{name} {first}", after(last), f"{name} {last}", 2
            )
            made.append((run, document(*(endpoint(p, state=s) for p, s in zip(ports, states, strict=True)))))
    return sorted(made, key=lambda each: each[0].first)


NIGHT = {
    "p465_587": [(0, 8, UP, UP), (18, 49, DOWN, UP), (58, 218, DOWN, DOWN), (228, 258, UP, DOWN), (268, 900, UP, UP)],
    "p465": [(5, 5, UP), (54, 174, DOWN), (234, 894, UP)],
    "p587": [(12, 42, UP), (72, 252, DOWN), (282, 882, UP)],
}
"""465 was down from 10 to 220, 587 from 50 to 260; three watches looked."""
CLOSED = {"p25": [(0, 500, UP)], "p2525": [(10, 10, DOWN)]}
ELSEWHERE = {"p25": [(0, 500, UP)], "p587": [(0, 5, UP), (10, 10, DOWN)]}
AGAIN = {"p25": [(0, 5, DOWN), (10, 20, UP), (30, 40, DOWN)]}


def test_up_is_a_port_that_is_open_and_a_host_that_is_usable():
    usable, not_usable = document(endpoint(587), endpoint(25, state=DOWN)), document(endpoint(587, state=DOWN))
    assert has(usable, "up") and not has({**not_usable, "verdict": "failed"}, "up")
    assert has(usable, "up", 587) and not has(usable, "up", 25)
    assert not is_bad("up")
    for words in ("since when is mail.example.com up", "desde cuándo funciona mail.example.com"):
        asked = parse_filters(words)
        assert (asked.ask, asked.having, asked.target) == ("since when", "up", "mail.example.com")
    assert parse_filters("when was mail.example.com down") == parse_filters("mail.example.com down")


@every(
    [
        ("any port", NIGHT, None, (18, 258, 268), False),
        ("one port", NIGHT, 587, (58, 258, 268), False),
        ("a port that never was well, and another since", CLOSED, None, (10, 10, None), False),
        ("who looked last looks at another port", ELSEWHERE, None, (10, 10, None), True),
        ("twice", AGAIN, None, (30, 40, None), True),
        ("never", {"p25": [(0, 5, UP)]}, None, None, False),
    ]
)
def test_what_several_checks_saw_is_one_time(_name, seen, port, expected, goes_on):
    spell = last_spell(results(**seen), Filters(having="down", port=port))
    if expected is None:
        assert spell is None
        return
    began, last, gone = expected
    assert (spell.began.first, spell.last.last) == (after(began), after(last))
    assert (spell.gone.first if spell.gone else None) == (None if gone is None else after(gone))
    assert spell.goes_on(after(500)) == goes_on
    assert not spell.goes_on(after(9000))  # nobody has looked for long
