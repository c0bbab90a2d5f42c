"""What people are in who ask: situations.toml, asked.toml (what no port answers), products.toml (what they name).

What those ask who run mail servers stands in the files of administration/, each answer with its examples. The row for
which the most speaks wins: what is said of something particular weighs more than what is said of mail at large.
A mistake in a file is told with its row.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    for everybody who asks so, and only where no machine is quoted. `named`: a fact of a product that the question
    names, whatever else is told; `sources` are names of the catalogue's.
    """

    code: str
    fact: Fact
    title: str
    says: str
    firm: bool
    last: bool
    general: bool = False
    named: bool = False
    sources: tuple[str, ...] = ()


class Remark(NamedTuple):
    """A fact of a product that is told beside any answer: a sentence and the names of its sources."""

    code: str
    says: str
    sources: tuple[str, ...]


class Case(NamedTuple):
    """Signs that have to be seen, and others that must not be, for a situation."""

    situation: Situation
    seen: frozenset[str]
    absent: frozenset[str]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        kind = (_SPECIAL if self.situation.firm else 0) + (_NAMED if self.situation.named else 0)
        return sum(_weight(sign) for sign in self.seen) + kind


_BROAD = frozenset(
    {"mail_word", "smtp_word", "own_server", "device", "own_relay", "arrives", "nothing_comes", "rejected"}
)
"""Signs that are in many a question, whatever it is about."""

_NAMED = 8
"""What is known of the very product weighs more than what is known of mail."""

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
    remarks: Mapping[str, Remark]
    remarked: tuple["When", ...]


class When(NamedTuple):
    """Signs that have to be seen, and others that must not be, for a remark."""

    code: str
    seen: frozenset[str]
    absent: frozenset[str]


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


def remarks_in(seen: frozenset[str]) -> tuple[str, ...]:
    """The remarks that some signs call for, by their code, in the order of the file."""
    return tuple(dict.fromkeys(it.code for it in table().remarked if it.seen <= seen and it.absent.isdisjoint(seen)))


def remarks() -> Mapping[str, Remark]:
    """The remarks by their code."""
    return table().remarks


@cache
def table() -> Table:
    """The files, read when the first question comes."""
    files = (resources.files(__package__).joinpath(name).read_text("utf-8") for name in FILES)
    return read_table(reduce(_with, [*map(tomllib.loads, files), {"answers": dict(administration())}]))


FILES = ("situations.toml", "asked.toml", "products.toml")


@cache
def administration() -> Mapping[str, Mapping[str, Any]]:
    """What those ask who run mail servers: the rows of a folder, by their code, with their examples."""
    folder = resources.files(__package__).joinpath("administration")
    files = (it for it in sorted(folder.iterdir(), key=lambda it: it.name) if it.name.endswith(".toml"))
    rows = [it for file in files for it in tomllib.loads(file.read_text("utf-8")).items()]
    if len(found := dict(rows)) < len(rows):
        raise ValueError("administration: a row stands in two files")
    return found


_KINDS: Mapping[str, dict[str, Any]] = {
    "situations": {},
    "answers": {"firm": True, "side": "nobody"},
    "products": {"firm": True},
}
"""The sections that have situations, and what holds for all rows of one."""


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
    for file, (kind, given) in zip(FILES, _KINDS.items(), strict=True):
        for code, row in document.get(kind, {}).items():
            with _telling(file, code):
                found[code] = _situation(code, kind, {**row, **given})
                cases += _cases(found[code], row.get("when", ()), known)
    cases.sort(key=lambda case: (case.situation.last, -case.weight))
    rows, remarked = _remarks(document.get("remarks", {}), known)
    phrases = Phrases({**signs, **who}, document["words"], claims)
    return Table(found, tuple(cases), _by_sign(cases), phrases, frozenset(who), frozenset(claims), rows, remarked)


@contextmanager
def _telling(file: str, code: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file}, {code}: {error!r}") from error


def _situation(code: str, kind: str, row: dict[str, Any]) -> Situation:
    is_named = kind == "products"
    if is_named and not row.get("sources"):
        raise ValueError("no sources")
    return Situation(
        code=code,
        fact=_fact(row),
        title=row["title"],
        says=row["says"],
        firm=row.get("firm", False),
        last=row.get("last", False),
        general=kind == "answers",
        named=is_named,
        sources=tuple(row.get("sources", ())),
    )


def _remarks(rows: dict[str, Any], signs: Collection[str]) -> tuple[Mapping[str, Remark], tuple[When, ...]]:
    found: dict[str, Remark] = {}
    cases: list[When] = []
    for code, row in rows.items():
        with _telling(FILES[-1], code):
            found[code] = Remark(code, row["says"], tuple(row["sources"]))
            cases += [When(code, *_split(case, signs)) for case in row["when"]]
    return found, tuple(cases)


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


_FIELDS = {"title", "says", "side", "port", "when", "firm", "last", "sources", "examples"}


def _fact(row: dict[str, Any]) -> Fact:
    if row.keys() - _FIELDS or not row["says"].endswith("."):
        raise ValueError("unknown fields, or no whole sentence")
    side: Fault = row["side"] if row.get("firm") else "unknown"
    if side not in get_args(Fault) or ("side" in row and not row.get("firm")):
        raise ValueError(f"{row['side']} is no side")
    return Fact(side, Effect(row.get("port", "not_the_port")))


def _cases(situation: Situation, when: Sequence[str], signs: Collection[str]) -> Iterator[Case]:
    for case in when:
        seen, absent = _split(case, signs)
        yield Case(situation, seen - {_ANYWAY}, absent | (_of_general(seen) if situation.general else set()))


def _of_general(seen: frozenset[str]) -> frozenset[str]:
    """What must not be told beside what is asked in general: an error that somebody met, or that anything fails."""
    return (
        frozenset({"symptom.any"}) if _ANYWAY in seen or "is.fails" in seen else frozenset({"symptom.any", "is.fails"})
    )


_ANYWAY = "anyway"
"""In a case of what is asked in general: it is the answer where something fails, too."""


def _split(case: str, signs: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The signs that a line of `when` wants, and those that it does not."""
    words = case.split()
    unknown = [word for word in words if _is_ours(word) and word.removeprefix("-") not in {*signs, _ANYWAY}]
    if unknown or not words:
        raise ValueError(f"{unknown} are no signs")
    denied = frozenset(word[1:] for word in words if word.startswith("-"))
    return frozenset(word for word in words if not word.startswith("-")), denied
