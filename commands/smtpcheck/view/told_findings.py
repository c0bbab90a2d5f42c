"""The findings of a check, each cause once: what several ports or hosts share stands in one sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from string import digits
from typing import NamedTuple, Self

from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.sentences.choice import is_said, message_of, shown, variant_of
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.parts import Alike, alike

NAMED = 3
"""Endpoints that are named of those that a sentence is true of."""

SEVERITY_ORDER = ("danger", "error", "warning", "notice", "info")


class Told(NamedTuple):
    """A finding, and the labels of the endpoints that it is true of; none where it is about the whole target.

    `others` are what else it is true of where one detail of it is another, with that: `587 (2000)`. `times` are all
    that was waited on these, by the parameter.
    """

    finding: Document
    where: list[str]
    others: list[str]
    times: dict[str, list[float]]

    @property
    def says_port(self) -> bool:
        """Whether a port stands in its sentence, which is then not true of another as it is."""
        return "port" in shown(self.finding["code"])

    @property
    def names_port(self) -> bool:
        """Whether its sentence names the port itself, and nothing beside a port has to be named."""
        return self.says_port and all(label.isdecimal() or self._is_other(label) for label in self.where)

    @property
    def places(self) -> list[str]:
        """What it is true of as it stands, as it is called before the sentence."""
        return _places(label for label in self.where if not self._is_other(label))

    def _is_other(self, label: str) -> bool:
        """Whether this is on another port than the one that the sentence names."""
        return self.says_port and _port_of(label) != _port_of(self.where[0])

    @property
    def message(self) -> str:
        """Its sentence; where that names one of several, with the others behind it."""
        spans = {name: Span.of(times) for name, times in self.times.items()}
        said = message_of({**self.finding, "params": {**self.finding.get("params", {}), **spans}})
        more = _places(label for label in self.where if self._is_other(label))
        if not more and not self.others:
            return said
        text = WORDS.SAME_ON if self.where else WORDS.SAME_OF
        return f"{said} {text.format(places=', '.join([*more, *self.others]))}"

    def hear(self, label: str, finding: Document, detail: str) -> None:
        """The same of another endpoint or host."""
        for name, times in self.times.items():
            times.extend([value] if (value := finding["params"].get(name)) is not None else [])
        if not detail:
            self.where.extend([label] if label and label not in self.where else [])
        elif (other := f"{label} ({detail})" if label else detail) not in self.others:
            self.others.append(other)


def _port_of(label: str) -> str:
    return label.removesuffix(label.lstrip(digits))


def _places(labels: Iterable[str]) -> list[str]:
    """The labels; several ports of a host or an address as one: `465, 587 192.0.2.7`."""
    ports: dict[str, list[str]] = {}
    for label in labels:
        rest = label.lstrip(digits)
        ports.setdefault(rest, []).append(_port_of(label) if rest else label)
    return [", ".join(sorted(each, key=lambda port: (len(port), port))) + rest for rest, each in ports.items()]


class Span(float):
    """Times of several endpoints, which are told as a range."""

    def __new__(cls, low: float, high: float) -> Self:
        one = super().__new__(cls, high)
        one.low = low
        return one

    low: float

    @classmethod
    def of(cls, times: Sequence[float]) -> float:
        return cls(min(times), max(times)) if min(times) < max(times) else times[0]

    def __format__(self, spec: str) -> str:
        return f"{self.low:{spec}} to {float(self):{spec}}"


TIMES = ("seconds", "waited", "ms", "host_ms")
DETAILS = frozenset({"said", "octets", "mechanisms", "cipher", "bits", "suite", "suites"})
"""Parameters in which the same finding of several ports may differ: what is said of it is the same all the same."""

APART = frozenset({"port", "address"})
"""Parameters that say where a finding was made."""

SUBJECTS = frozenset({"host", "address", "ptr"})
"""What findings of the whole target are about."""

_NUMBERS = re.compile(r"[0-9a-f]*[0-9][0-9a-f]*", re.IGNORECASE)


def told_once(document: Document) -> list[Told]:
    """All findings of a check, worst first, those with one cause once, and nothing that the summary says."""
    every = [("", one) for one in document["findings"]]
    every += [placed for group in alike(document) for placed in _placed(group)]
    every.sort(key=lambda placed: SEVERITY_ORDER.index(placed[1]["severity"]))
    found: list[Told] = []
    for label, one in every:
        if is_said(one, document) or _is_covered(one, document):
            continue
        same = ((told, detail) for told in found if (detail := _apart(told, label, one)) is not None)
        told, detail = next(same, (None, ""))
        if told is not None:
            told.hear(label, one, detail)
        else:
            times = {name: [value] for name, value in (one.get("params") or {}).items() if name in TIMES}
            found.append(Told(one, [label] if label else [], [], times))
    return found


def _is_covered(finding: Document, document: Document) -> bool:
    """Whether another finding tells what this one does, and more: the same broken key on a port that only hangs up."""
    if finding["code"] != Code.STARTTLS_BROKEN_TEMP or len({it["address"] for it in document["endpoints"]}) > 1:
        return False
    every = (one for point in document["endpoints"] for one in point["findings"])
    told = (one["params"]["others"].split(" and ") for one in every if one["code"] == Code.SAME_BROKEN_TLS)
    return any(str(finding["params"]["port"]) in ports for ports in told)


def _placed(group: Alike) -> Iterator[tuple[str, Document]]:
    """The findings of a row: of all of it, or of one of its addresses."""
    every = [[_but_where(one) for one in point["findings"]] for point in group.points]
    for point in group.points:
        for one in point["findings"]:
            shared = all(_but_where(one) in each for each in every)
            yield group.name if shared else group.name_of(point), one


def _but_where(finding: Document) -> tuple[str, dict[str, object]]:
    """A finding without where and when it was made, and without what may differ of the same thing."""
    params = finding.get("params") or {}
    return finding["code"], {name: it for name, it in params.items() if name not in {*APART, *TIMES, *DETAILS}}


def _apart(told: Told, label: str, finding: Document) -> str | None:
    """In what a finding differs from one that is told ("": in nothing that matters); None where it is another."""
    one = told.finding
    if one["code"] != finding["code"] or bool(label) != bool(told.where):
        return None
    first, second = one.get("params") or {}, finding.get("params") or {}
    if variant_of(one["code"], first) != variant_of(one["code"], second):
        return None
    if _anywhere(one) == (said := _anywhere(finding)):
        return ""
    for name in (DETAILS if label else SUBJECTS) & first.keys() & second.keys():
        if first[name] != second[name] and _anywhere({**one, "params": {**first, name: second[name]}}) == said:
            return "" if name == "said" and _masked(first[name]) == _masked(second[name]) else str(second[name])
    return None


def _masked(said: object) -> str:
    """What a server says without what differs from session to session: times, process ids, queue ids."""
    return _NUMBERS.sub("0", str(said))


def _anywhere(finding: Document) -> str:
    """What it says but for where and how long."""
    params = finding.get("params") or {}
    return message_of({**finding, "params": {**params, **{name: 0 for name in ("port", *TIMES) if name in params}}})


def worst_findings(document: Document) -> list[Document]:
    """`told_once` in words. Of several hosts or address families the one that is meant is named."""
    return [{**told.finding, "message": _located(told)} for told in told_once(document)]


def _located(told: Told) -> str:
    if told.names_port or all(label.isdecimal() for label in told.where):
        return told.message
    places = told.places
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return f"{', '.join(places[:NAMED])}{more}: {told.message}"
