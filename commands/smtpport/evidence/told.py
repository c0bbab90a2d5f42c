"""What is told of a trial, each clause by itself: who or what it was done with, and whether it worked.

"Works from the host, but not from the container" is one fact of each: the host gets out, the container does not. Words
that turn a sentence round begin another clause, and so does a "not" before a place: what stands before it worked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, zip_longest
from typing import NamedTuple

_TURNS = re.compile(
    r" (?:\||but|however|while|whereas|although|though|except|yet|only|pero|aunque|mientras|salvo|excepto|menos|aber"
    r"|sin embargo|en cambio)(?= )"
    r"| (?:and|y|und)(?= (?:the|el|la|los|las|the|der|die|das) (?:others?|otr[oa]s?|anderen?) )"
    r"| (?:and )?(?=(?:not|no|never|nunca) (?:on|from|in|with|via|over|to|for|at|through|when|desde|en|con|por) )"
)
"""What ends a clause of `phrases.words_of`."""

_WORKS = frozenset(
    {"fine", "ok", "okay", "work", "works", "worked", "working", "succeeds", "succeed", "succeeded", "successful"}
    | {
        "success",
        "passes",
        "reaches",
        "connects",
        "connected",
        "answers",
        "open",
        "can",
        "could",
        "delivers",
        "accepted",
    }
    | {"arrive", "arrives", "arrived", "reach", "delivered", "receive", "receives", "received", "get", "gets", "got"}
    | {
        "sends",
        "send",
        "sent",
        "goes",
        "go",
        "pass",
        "does",
        "do",
        "runs",
        "resolves",
        "finds",
        "logs",
        "log",
        "fetches",
        "entro",
        "entra",
        "reads",
    }
    | {"funciona", "funcionan", "envia", "envian", "llega", "llegan", "va", "van", "puedo", "puede", "sale", "salen"}
)
_FAILS = re.compile(
    r" (?:(?:fail|error|refus|reject|deni|bounc|hang|stall|crash|unreach|unable|invalid|wrong|broke|stuck|timeout|timed"
    r"|complain|lost|drop|disappear|vanish|fall|rebot|rechaz|bloque|block|abort|closed|missing|asks|keeps)[a-z]*"
    r"|times out|time out|53[0-9]|55[0-4]|45[0-4]|421|100(?:51|54|60|61|65)|econn[a-z]*|etimedout|0x800[0-9a-f]*)(?= )"
)
_DENIES = frozenset(
    {"not", "no", "never", "cannot", "cant", "dont", "doesnt", "didnt", "wont", "isnt", "arent", "wasnt", "nothing"}
    | {"none", "nobody", "nunca", "nada", "ni", "nicht", "kein", "keine", "without", "unable"}
)
_NO_TROUBLE = re.compile(
    r" (?:no|without|without any|without a|sin|ningun|not a|not one)"
    r" (?:problems?|troubles?|errors?|issues?|problemas?|errores)(?= )"
)
_SO = re.compile(r" (?:si|ja|oui)(?= (?:\|)?$)")
"""At the end of a clause: `la de la oficina si`."""
_ASKED = frozenset(
    {"does", "do", "is", "are", "can", "could", "should", "would", "will", "may", "how", "what", "which", "if"}
    | {"whether", "when", "until", "unless", "once", "como", "si", "cuando", "puedo", "debo"}
)
"""At the beginning of a clause: it is asked or put on a condition."""


class Clause(NamedTuple):
    """A part of a text of `words_of`, from a place to another one; `worked` is None where it tells of no trial."""

    start: int
    end: int
    worked: bool | None


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a text of `words_of`, each with what it tells."""
    starts = [0, *(found.end() for found in _TURNS.finditer(text)), len(text)]
    told = [
        Clause(start, end, _outcome(text[start:end])) for start, end in pairwise(starts) if text[start:end].strip(" |")
    ]
    told = [*told[:1], *(_excepted(before, clause, text) for before, clause in pairwise(told))]
    return _carried([_completed(clause, following, text) for clause, following in zip_longest(told, told[1:])], text)


def is_turned(text: str) -> bool:
    """Whether a word turns a sentence of a text of `words_of` round."""
    return any(found[0] not in _PLAIN_ENDS for found in _TURNS.finditer(text))


_PLAIN_ENDS = frozenset({" |", " ", " and "})


def _outcome(clause: str) -> bool | None:
    clause = _NO_TROUBLE.sub(" fine", _SO.sub(" fine ", clause))
    words = clause.replace("|", " ").split()
    if _FAILS.search(f"{clause} ") or not _DENIES.isdisjoint(words):
        return False
    if words and words[0] in _ASKED:
        return None
    return True if not _WORKS.isdisjoint(words) else None


_EXCEPT = re.compile(r" (?:except|salvo|excepto|menos|but not|only not)(?: for)?$")


def _excepted(before: Clause, clause: Clause, text: str) -> Clause:
    """A clause without a verb behind an exception: `it reaches all, except hotmail`."""
    is_open = clause.worked is None and before.worked is not None
    is_exception = is_open and _EXCEPT.search(text[before.start : clause.start].rstrip()) is not None
    return clause._replace(worked=not before.worked) if is_exception else clause


_ELLIPTIC = re.compile(
    r" ?(?:but |and )?(?:not|no|never|nunca) (?:on|from|in|with|via|over|to|for|at|through|desde|en|con|por|a) "
)


def _completed(clause: Clause, following: Clause | None, text: str) -> Clause:
    """A clause that a "not from" follows told of what worked, whatever its verb."""
    is_opposed = following is not None and clause.worked is None and _ELLIPTIC.match(text[following.start :])
    return clause._replace(worked=True) if is_opposed else clause


def _carried(told: list[Clause], text: str) -> list[Clause]:
    """Clauses that tell nothing of a trial before one that does belong to it: `in docker: connection refused`."""
    following: Clause | None = None
    found = []
    for clause in reversed(told):
        is_joined = following is not None and text[: clause.end].endswith(" |")
        carried = (
            clause._replace(worked=following.worked) if clause.worked is None and is_joined and following else clause
        )
        found.append(carried)
        following = carried
    return found[::-1]


def told_in(clauses: Iterable[Clause], seen: Mapping[str, list[int]]) -> Iterator[str]:
    """`worked.X` and `failed.X` of the signs of who and what, by the clauses in which they stand.

    `told.works` and `told.fails`: some clause tells so.
    """
    told = list(clauses)
    outcomes: set[bool | None] = {clause.worked for clause in told}
    yield from (f"told.{name}" for name, worked in (("works", True), ("fails", False)) if worked in outcomes)
    for sign, places in seen.items():
        outcomes = {clause.worked for clause in told for place in places if clause.start <= place < clause.end}
        yield from (f"worked.{sign}",) if True in outcomes else ()
        yield from (f"failed.{sign}",) if False in outcomes else ()
