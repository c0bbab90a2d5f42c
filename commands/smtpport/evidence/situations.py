"""The rows of situations.toml, what people are in who ask, and of asked.toml, what they ask that no port answers.

The row for which the most speaks wins: what is said of something particular weighs more than what is said of mail at
large. A mistake in a file is told with its row.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib import resources
from typing import Any, NamedTuple, get_args

from commands.smtpport.evidence.effects import Effect, Fact, Fault
from commands.smtpport.evidence.phrases import Phrases, words_of
from commands.smtpport.evidence.told import Clause, clauses_of, is_turned, told_in

FACT = "."
"""What a sign has in its name that is no phrase but a fact of the question: `role.relay`, `symptom.refused`."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One row, with what is said of it.

    `title` is what it is, for one line. `firm`: it holds whatever else a machine said or the asker wants to know; of
    the others nobody knows whose side it is. `last`: only where no other is found. `general`: an answer that is true
    for everybody who asks so, and only where no machine is quoted.
    """

    code: str
    fact: Fact
    title: str
    says: str
    firm: bool
    last: bool
    general: bool = False


class Case(NamedTuple):
    """Signs that have to be seen, and others that must not be, for a situation."""

    situation: Situation
    seen: frozenset[str]
    absent: frozenset[str]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_weight(sign) for sign in self.seen) + (_SPECIAL if self.situation.firm else 0)


_BROAD = frozenset(
    {"mail_word", "smtp_word", "own_server", "device", "own_relay", "arrives", "nothing_comes", "rejected"}
)
"""Signs that are in many a question, whatever it is about."""

_SPECIAL = 4
"""Of a sign that says something particular; a broad one weighs half, that anything fails or is named a quarter."""


def _weight(sign: str) -> int:
    if sign in _BROAD:
        return _SPECIAL // 2
    slot, _, value = sign.partition(FACT)
    if not value:
        return _SPECIAL
    return _SPECIAL // 4 if slot == "is" or value == "any" else _SPECIAL - 1


class Table(NamedTuple):
    """All of the file: the cases for which the most speaks first, those of the last resort behind.

    `by_sign` has the places of the cases, each by the one of its signs that says the most.
    """

    situations: Mapping[str, Situation]
    cases: tuple[Case, ...]
    by_sign: Mapping[str, Sequence[int]]
    phrases: Phrases
    who: frozenset[str]
    claims: frozenset[str]


def situations() -> Mapping[str, Situation]:
    """The situations by their code."""
    return table().situations


def cases_in(seen: frozenset[str], fits: Callable[[Case], bool]) -> Iterator[Case]:
    """The case of each situation that some signs show, of those that fit; that for which the most speaks first."""
    told: set[str] = set()
    places = sorted(place for sign in seen for place in table().by_sign.get(sign, ()))
    for case in map(table().cases.__getitem__, places):
        code = case.situation.code
        if code not in told and case.seen <= seen and case.absent.isdisjoint(seen) and fits(case):
            told.add(code)
            yield case


@cache
def table() -> Table:
    """The files, read when the first question comes."""
    files = (resources.files(__package__).joinpath(name).read_text("utf-8") for name in FILES)
    return read_table(reduce(_with, map(tomllib.loads, files)))


FILES = ("situations.toml", "asked.toml")


def _with(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The sections of two files, those that both have together."""
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in (*one, *other)}


def read_table(document: dict[str, Any]) -> Table:
    """A document with the sections of both files. `ValueError` names the row that has a mistake."""
    signs = {name: _listed(phrases) for name, phrases in document["signs"].items()}
    who = {name: _listed(phrases) for name, phrases in document.get("who", {}).items()}
    claims = document.get("claims", {}).get("signs", "").split()
    if unknown := set(claims) - signs.keys():
        raise ValueError(f"situations.toml: {sorted(unknown)} are no signs")
    found: dict[str, Situation] = {}
    cases: list[Case] = []
    known = {*signs, *(f"{told}.{name}" for told in ("worked", "failed") for name in who)}
    answers = {code: {**row, **_GENERAL} for code, row in document.get("answers", {}).items()}
    for code, row in {**document["situations"], **answers}.items():
        try:
            is_firm, is_last, is_general = row.get("firm", False), row.get("last", False), code in answers
            found[code] = Situation(code, _fact(row), row["title"], row["says"], is_firm, is_last, is_general)
            cases += _cases(found[code], row["when"], known)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{FILES[code in answers]}, {code}: {error!r}") from error
    cases.sort(key=lambda case: (case.situation.last, -case.weight))
    phrases = Phrases({**signs, **who}, document["words"], claims)
    return Table(found, tuple(cases), _by_sign(cases), phrases, frozenset(who), frozenset(claims))


_GENERAL = {"firm": True, "side": "nobody"}
"""What is said of what is only asked."""


def _by_sign(cases: Sequence[Case]) -> Mapping[str, Sequence[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        places[max(sorted(case.seen), key=_weight)].append(place)
    return dict(places)


def signs_in(text: str) -> frozenset[str]:
    """The signs that a text shows, and of who and what it is told that it worked or failed.

    What is only said of what works is no sign of what fails.
    """
    said = words_of(text)
    clauses, places = clauses_of(said), table().phrases.places_in(said)
    is_contrast = any(it.worked is False for it in clauses) and is_turned(said)
    fine = [clause for clause in clauses if clause.worked] if is_contrast else []
    who = {sign: where for sign, where in places.items() if sign in table().who}
    signs = {sign for sign, where in places.items() if sign not in who and not _is_fine(sign, where, fine)}
    return frozenset({*signs, *told_in(clauses, who)})


def _is_fine(sign: str, places: list[int], fine: list[Clause]) -> bool:
    is_inside = all(any(clause.start <= place < clause.end for clause in fine) for place in places)
    return bool(fine) and sign not in table().claims and is_inside


def _is_ours(word: str) -> bool:
    """Whether a word of a case is a sign of the file, and no fact of the question."""
    return FACT not in word or word.removeprefix("-").startswith(("worked.", "failed."))


def _listed(phrases: str) -> list[str]:
    """Phrases that stand behind each other with commas or on lines of their own."""
    return [phrase for line in phrases.replace("\n", ",").split(",") if (phrase := line.strip())]


def _fact(row: dict[str, Any]) -> Fact:
    if row.keys() - {"title", "says", "side", "port", "when", "firm", "last"} or not row["says"].endswith("."):
        raise ValueError("unknown fields, or no whole sentence")
    side: Fault = row["side"] if row.get("firm") else "unknown"
    if side not in get_args(Fault) or ("side" in row and not row.get("firm")):
        raise ValueError(f"{row['side']} is no side")
    return Fact(side, Effect(row.get("port", "not_the_port")))


def _cases(situation: Situation, when: list[str], signs: Collection[str]) -> Iterator[Case]:
    for case in when:
        words = case.split()
        unknown = [word for word in words if _is_ours(word) and word.removeprefix("-") not in signs]
        if unknown or not words:
            raise ValueError(f"{unknown} are no signs")
        seen = frozenset(word for word in words if not word.startswith("-"))
        absent = {word[1:] for word in words if word.startswith("-")} | (_QUOTED if situation.general else set())
        yield Case(situation, seen, frozenset(absent))


_QUOTED = frozenset({"symptom.any"})
"""With an error that somebody met it is not asked in general."""
