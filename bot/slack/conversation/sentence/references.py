"""Words for hosts that were spoken of: "both", "the second one", "the other one", "el otro". Pure, and total.

A row of `REFERENCES` for each. What is said of them is read as if it were said of `it`, with them as the subject.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from commands.contract import Subject
from commands.spanish import folded

Hosts: TypeAlias = Sequence[str]
Meant: TypeAlias = Callable[[str, Subject], Hosts]
"""By the word that says which, and the subject."""


class Referred(NamedTuple):
    """The subject that is meant, the text with `it` in the place of the words for it, and with the hosts there.

    `is_joined`: it stands beside what the text is about (`compare it with the other one`).
    """

    subject: Subject
    of_it: str
    in_full: str
    is_joined: bool


def referred(text: str, subject: Subject) -> Referred | None:
    """None where nothing refers to one of several hosts."""
    known = (*subject.earlier, *subject.targets)
    said = folded(text)
    if len(known) < SEVERAL or len(text) > LONGEST or len(said) != len(text):
        return None
    matches = ((pattern.search(said), meant) for pattern, meant in _PATTERNS)
    found = ((match, meant(match.groupdict().get("which") or "", subject)) for match, meant in matches if match)
    match, hosts = next(((match, hosts) for match, hosts in found if hosts), (None, ()))
    if match is None:
        return None
    before, behind = text[: match.start()], text[match.end() :]
    in_full = f"{before}{' '.join(hosts)}{behind}"
    is_joined = _JOINS.search(said[: match.start()]) is not None
    return Referred(_narrowed(subject, tuple(hosts)), f"{before}it{behind}", in_full, is_joined)


_JOINS = re.compile(r"(?<!\w)compara?e?(?:l[oa])?(?:\s+\w+)*\s+(?:with|to|against|and|con|y)\s+$")


SEVERAL, LONGEST = 2, 200
"""Hosts of which some can be meant; characters of what is no sentence of its own."""


def _narrowed(subject: Subject, hosts: tuple[str, ...]) -> Subject:
    """The same about these hosts; a result and a watch are of those before."""
    if hosts == tuple(subject.targets):
        return subject
    others = tuple(one for one in (*subject.earlier, *subject.targets) if one not in hosts)
    return replace(subject, targets=hosts, earlier=others, entry="", watch="")


def _all(word: str, subject: Subject) -> Hosts:
    """Of one answer all hosts; of several answers the last ones, as many as are said."""
    if len(subject.targets) >= SEVERAL:
        return subject.targets
    count = next((number for name, number in COUNTS.items() if name in word.split()), SEVERAL)
    return (*subject.earlier, *subject.targets)[-count:]


COUNTS = {"three": 3, "four": 4, "five": 5, "tres": 3, "cuatro": 4, "cinco": 5, "all": 5, "todos": 5, "todas": 5}


def _in_order(word: str, subject: Subject) -> Hosts:
    """In the order of the last answer that named several, else of the answers."""
    hosts = subject.targets if len(subject.targets) >= SEVERAL else (*subject.earlier, *subject.targets)
    at = next((number for stem, number in ORDINALS.items() if word.startswith(stem)), len(hosts))
    return hosts[at:][:1] if at >= 0 else hosts[at:]


ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4}
ORDINALS |= {"primer": 0, "segund": 1, "tercer": 2, "cuart": 3, "quint": 4, "last": -1, "ultim": -1}


def _other(_word: str, subject: Subject) -> Hosts:
    """The one that was spoken of before; of two in one answer none is the other."""
    return subject.earlier[-1:] if len(subject.targets) < SEVERAL else ()


def _others(_word: str, subject: Subject) -> Hosts:
    return subject.earlier


ORDINAL = r"first|second|third|fourth|fifth|1st|2nd|3rd|4th|last"
ORDINAL_ES = r"primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|ultim[oa]"
_EL, _THEM = "(?:el|la|al|del|a la|de la)", "(?:them|these|those|the hosts|the servers)"
_ONE = r"(?:one|host|server|machine|servidor|maquina)"
_ENDS = (
    r"(?=\s*(?:[?!.,]|$)|\s+(?:is|does|was|not|now|again|down|up|too|still|fails?|works?|ok|from|on|with|and|falla|va|"
    r"esta|funciona|responde|no|ya|ahora|otra|de nuevo|desde|en|con|y)(?!\w))"
)

REFERENCES: Sequence[tuple[Meant, str]] = (
    (_all, rf"(?P<which>both|(?:all|the) (?:two|three|four|five))(?: of {_THEM}| {_ONE}s)?"),
    (_all, rf"(?P<which>all) (?:of {_THEM}|the hosts|these hosts)"),
    (_all, r"(?:(?:a|de) )?(?P<which>l[oa]s (?:dos|tres|cuatro|cinco)|ambos|ambas|tod[oa]s ell[oa]s)"),
    (_in_order, rf"the (?P<which>{ORDINAL}|last) {_ONE}(?: of {_THEM})?"),
    (_in_order, rf"the (?P<which>{ORDINAL}){_ENDS}"),
    (_in_order, rf"{_EL} (?P<which>{ORDINAL_ES})(?: {_ONE})?{_ENDS}"),
    (_others, r"(?:the (?:others|other ones)|(?:(?:a|de) )?l[oa]s otr[oa]s)"),
    (_other, rf"(?:the )?other {_ONE}|the other{_ENDS}|the one before|the previous {_ONE}"),
    (_other, rf"{_EL} (?:otr[oa]|anterior)(?: {_ONE})?{_ENDS}"),
)
"""Which hosts are meant, and the words for them: patterns. `which` says how many, or which in the order."""

_PATTERNS = [(re.compile(rf"(?<!\w){pattern}(?!\w)"), meant) for meant, pattern in REFERENCES]
