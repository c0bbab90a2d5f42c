"""What is put to choice where what was said has more than one reading: codes, their titles, and what a choice makes."""

from dataclasses import replace

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.answer import Advice
from commands.smtpport.evidence.situations import situations
from commands.smtpport.evidence.symptoms import Symptom
from commands.smtpport.question.asked import Question
from commands.smtpport.wording import CHOSEN_ROLES, PROPER, diagnosis_words

ROLE = "role."
"""Before a role that is put to choice."""

ROLES_ASKED = tuple(f"{ROLE}{role}" for role in CHOSEN_ROLES)
FAILURES_ASKED = tuple(map(str, (Symptom.NO_ANSWER, Meaning.LOGIN_REFUSED, Symptom.HANDSHAKE_FAILED)))
"""How sending mostly fails."""


def choices(advice: Advice) -> tuple[str, ...]:
    """The readings to choose from: those beside the first; that as well where none stands before the others."""
    found = advice.diagnosis
    return (*([found.code] if found and found.undecided else []), *advice.question.readings)


def title(code: str) -> str:
    """A reading as part of a sentence: a symptom is called as its sentence begins."""
    if code.startswith(ROLE):
        return CHOSEN_ROLES.get(code.removeprefix(ROLE), code)
    if row := situations().get(code):
        return row.title
    said = (diagnosis_words(code) or code.replace("_", " ")).partition(". ")[0].partition(":")[0].removesuffix(".")
    return said if said.split(" ", 1)[0] in PROPER else said[:1].lower() + said[1:]


def chosen(question: Question, code: str) -> Question:
    """The question of somebody who said which reading is meant."""
    settled = replace(question, readings=(), undecided=False, unread_report=False, not_understood=(), certain=True)
    if code.startswith(ROLE):
        return replace(settled, role=code.removeprefix(ROLE), stated=True, symptom=None, fails=False)
    return replace(settled, symptom=code)
