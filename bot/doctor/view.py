"""What the doctor says: sentences of what was found, as lines of a terminal, JSON, and mrkdwn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.doctor.examination import Examined
from bot.doctor.result.codes import Found, State, Value
from bot.doctor.result.outcomes import OUTCOMES
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.result.sentences.languages import WORDS

SCHEMA = "portero.doctor/1"
MARKS: Mapping[State, str] = {State.FINE: "✓", State.NOTE: "!", State.UNKNOWN: "?", State.BAD: "✗"}
WORST = (State.BAD, State.NOTE, State.UNKNOWN)
LONGEST = 300
"""Characters of one parameter: names and reasons come from DNS and from Slack."""


def state_of(found: Found) -> State:
    return OUTCOMES[found.code].state


def says(found: Found) -> str:
    """What is so; one line."""
    return _filled(OUTCOMES[found.code].says, found)


def todo(found: Found) -> str:
    """What to do; empty where nothing has to be."""
    return _filled(OUTCOMES[found.code].todo, found)


def _filled(template: str, found: Found) -> str:
    return template.format(**{name: _worded(name, value) for name, value in found.params.items()})


WORDED: Mapping[str, Mapping[str, str]] = {"how": WORDS.REASONS, "outcome": WORDS.OUTCOMES}
"""Parameters that are codes of checks."""


def _worded(name: str, value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return clean(WORDED.get(name, {}).get(value, value), LONGEST)


def summary(examined: Sequence[Examined]) -> str:
    """The first line: what matters most."""
    states = [state_of(found) for each in examined for found in each.found]
    words = {
        State.BAD: plural(states.count(State.BAD), "thing") + " to mend",
        State.NOTE: plural(states.count(State.NOTE), "note"),
        State.UNKNOWN: f"{states.count(State.UNKNOWN)} unknown",
    }
    said = [words[state] for state in WORST if state in states]
    return f"{', '.join(said)}; the rest is fine." if said else "All is fine."


def document(examined: Sequence[Examined], destinations: Sequence[Any]) -> dict[str, Any]:
    """The JSON of it."""
    lines = [
        {
            "check": each.check.name,
            "state": str(state_of(found)),
            "code": str(found.code),
            "params": dict(found.params),
            "message": says(found),
            "do": todo(found) or None,
        }
        for each in examined
        for found in each.found
    ]
    return {
        "schema": SCHEMA,
        "good": not any(each.is_bad for each in examined),
        "summary": summary(examined),
        "lines": lines,
        "destinations": list(destinations),
    }


def rows(examined: Sequence[Examined]) -> Iterator[tuple[State, str, str, str]]:
    """State, title, what is so, what to do; the title once for each check."""
    for each in examined:
        for number, found in enumerate(each.found):
            yield state_of(found), "" if number else each.check.title, says(found), todo(found)


def mrkdwn(examined: Sequence[Examined]) -> list[str]:
    """A line for each thing that is bad, for Slack: what is fine, or only a note, is left to the terminal."""
    return [
        f":warning: {each.check.title}: {escape(says(found), LONGEST)} {escape(todo(found), LONGEST)}".strip()
        for each in examined
        for found in each.found
        if state_of(found) is State.BAD
    ]
