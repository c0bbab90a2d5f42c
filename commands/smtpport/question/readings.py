"""How what was said may be read: one reading with the next ones beside it, or none before the others.

Only what a machine is quoted with is stated as it is. Words are read by signs, which fit more than one story: the
reading for which the most speaks is offered as that, and where the next ones are as likely they are put to choice.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from commands.smtpport.evidence.effects import SETTING, Effect
from commands.smtpport.evidence.situations import Case, remarks_in, situations
from commands.smtpport.evidence.symptoms import Symptom, effect_of, is_vague
from commands.smtpport.question.asked import Question
from commands.smtpport.question.likely import by_likeness
from commands.smtpport.question.subjects import cases_of, is_about_reading, signs_of

MOST_OTHERS = 2
"""Readings beside the first."""

LITTLE = 5
"""One sign and that something fails: where this is all, and as much speaks for another one, none stands before it."""

_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|while|whereas|except|instead|only|same|other|others|another|already|without"
    r"|pero|aunque|mientras|salvo|excepto|solo|mism[oa]s?|otr[oa]s?|sin|ya|aber|nur|sonst|mais)\b"
)
"""Where this is said, what signs show may be said of the other half."""


def with_readings(found: Question, text: str) -> Question:
    """The question with what it may be about, by the situations that a text in lower case shows."""
    if is_about_reading(text):
        is_unreached = found.symptom is not None and effect_of(found.symptom) is Effect.OTHER_PORT
        return replace(found, symptom=str(Symptom.ABOUT_READING), certain=True) if is_unreached else found
    seen = signs_of(text, found)
    found = replace(found, remarks=remarks_in(seen))
    signed = _by_signs(found, list(cases_of(text, found, seen)), text)
    return by_likeness(found, signed, text) if len(text.split()) >= FEWEST else signed


FEWEST = 4
"""Words of a question whose likeness counts: fewer are names."""


def _by_signs(found: Question, cases: list[Case], text: str) -> Question:
    best = cases[0] if cases else None
    if best is None:
        return found
    is_stated = best.situation.general or best.situation.named or not _CONTRAST.search(text)
    if best.situation.firm and is_stated:
        found = _with_right_port(found) if best.situation.named and best.situation.fact.effect is SETTING else found
        return replace(found, symptom=best.situation.code, certain=True, unread_report=False)
    others = tuple(islice(_others(found, cases), MOST_OTHERS))
    return replace(
        found,
        symptom=best.situation.code,
        certain=False,
        readings=others,
        undecided=_is_undecided(best, cases[1:]),
        unread_report=False,
    )


def _with_right_port(found: Question) -> Question:
    """The question in which the port is not what failed: something beside it is set wrong."""
    return replace(found, port=found.port or found.tried[0], tried=()) if len(found.tried) == 1 else found


def _others(found: Question, cases: list[Case]) -> Iterator[str]:
    """What it may be else: what a machine said, then the next situations, then what words alone told of."""
    is_quoted = found.symptom is not None and found.certain and not is_vague(found.symptom)
    symptom = found.symptom if found.symptom not in situations() else None
    if symptom and is_quoted:
        yield symptom
    yield from (case.situation.code for case in cases[1:])
    if symptom and not is_quoted:
        yield symptom


def _is_undecided(best: Case, following: list[Case]) -> bool:
    others = [case for case in following[:1] if not case.situation.last]
    return best.weight <= LITTLE and any(case.weight >= best.weight for case in others)
