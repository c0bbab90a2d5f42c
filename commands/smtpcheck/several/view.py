"""Several targets as people see them: a sentence, a table with a line each, and what stands behind each line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commands.blocks import Block, actions, button, context, section, table
from commands.contract import DeclinedError, Progress, Reply, Subject
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.result.document import Document, reached, seen_in
from commands.smtpcheck.result.health import health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.sentences.choice import message_of, spoken, summary_of
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State
from commands.smtpcheck.view.message import GOOD, facts, subject
from commands.smtpcheck.view.parts import VERDICT_ICONS, findings_block, in_words, sentences
from commands.smtpcheck.view.parts import row as row_of
from commands.smtpcheck.view.pauses import WORTH_TELLING, age
from commands.smtpcheck.view.told_findings import worst_findings
from commands.smtpcheck.wire.connection import mode_of

HEAD = ("Host", "Result", "Ports")
MARKS: Mapping[str, Health] = {"ok": Health.UP, "degraded": Health.FAULTY, "failed": Health.DOWN}
NAMED = 3
NOTHING = "–"


def progress(done: Mapping[str, int], over: Collection[str], *, public: bool) -> Progress:
    """What each target is at."""
    states = (f"`{name}` {_at(name, ports, over)}" for name, ports in done.items())
    head = f":hourglass_flowing_sand: Checking {plural(len(done), 'host')}, {len(over)} done: "
    return Progress(head + ", ".join(states), public=public)


def _at(name: str, ports: int, over: Collection[str]) -> str:
    if name in over:
        return "done"
    return f"{plural(ports, 'port')} done" if ports else "…"


@dataclass(slots=True)
class Found:
    """What came of each target, by its name.

    `documents` are results, `why_not_kept` says of some why they are not in the history, `declined` why there is none;
    `elsewhere` is what another place says of them (plain text).
    """

    documents: dict[str, Document] = field(default_factory=dict)
    why_not_kept: dict[str, str] = field(default_factory=dict)
    declined: dict[str, DeclinedError] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)

    @property
    def over(self) -> set[str]:
        return {*self.documents, *self.declined}


def result(names: Sequence[str], found: Found, typed: str, at: datetime, *, public: bool) -> Reply:
    """The answer; `typed` is what checks all once more."""
    documents = found.documents
    lines = [row(name, documents.get(name), found.declined.get(name), at) for name in names]
    worst = [finding for name in names for finding in worst_of(name, documents.get(name))]
    kept = [name for name in names if name in documents and not found.why_not_kept.get(name)]
    details = [button(f"Details: {name}", "smtpcheck.details", documents[name]["id"]) for name in kept]
    notes = [_named(name, words) for name, words in found.elsewhere.items() if words]
    notes += [f"`{name}`: {why}" for name, why in found.why_not_kept.items() if why]
    results = {name: came_to(documents.get(name)) for name in names}
    said = f"{VERDICT_ICONS[_verdict(set(results.values()))]} {escape(sentence(results))}"
    blocks: list[Block] = [
        section(said),
        table([HEAD, *lines]),
        *([findings_block(worst)] if worst else []),
        *([context("  ".join(notes))] if notes else []),
        actions(*details, button("Run again", "smtpcheck.run", typed)),
    ]
    told = (said, *(escape(": ".join(line)) for line in lines), sentences(worst), *notes)
    text = "\n".join(filter(None, told))
    seen = [dict(documents[name]) for name in names if name in documents]
    return Reply(
        text,
        blocks,
        public=public,
        good=is_good(names, documents),
        facts=list(map(facts, seen)),
        subject=subject_of(names, seen),
    )


def _named(name: str, words: str) -> str:
    """What another place says of a target; its name stands before words that do not begin with it."""
    return escape(words) if words.startswith(name) else f"`{name}`: {escape(words)}"


def subject_of(names: Sequence[str], documents: Sequence[dict[str, Any]]) -> Subject:
    """For who asks on below it."""
    subjects = list(map(subject, documents))
    alike = {one.ports for one in subjects}
    ports = alike.pop() if len(alike) == 1 else ()
    return Subject("smtpcheck", tuple(names), ports, subjects[0].place if subjects else "")


def worst_of(name: str, document: Document | None) -> list[dict[str, Any]]:
    """The worst finding of a target, where it is worth more than a notice; nothing that its line says."""
    found = worst_findings(dict(document))[:1] if document and document["endpoints"] else []
    return [{**one, "message": f"{name}: {message_of(one)}"} for one in found if one["severity"] in WORTH_A_LINE]


WORTH_A_LINE = frozenset({"danger", "error", "warning"})


def is_good(names: Sequence[str], documents: Mapping[str, Document]) -> bool:
    return all(name in documents and documents[name]["verdict"] in GOOD for name in names)


def sentence(results: Mapping[str, str]) -> str:
    """`2 of 3 hosts work. Not usable: c.example.`, by what came of each (`came_to`). Plain text."""
    by_words: dict[str, list[str]] = {}
    for name, words in results.items():
        by_words.setdefault(words, []).append(name)
    count, well = len(results), sum(len(by_words.get(words, ())) for words in (WORKS, FAULTS))
    bad = [f"{words.capitalize()}: {_listed(of)}." for words, of in sorted(by_words.items()) if words != WORKS]
    part = f"{well} of {count} hosts work." if count > 1 else ""
    return " ".join(filter(None, [WHOLE.get(count, f"All {count} hosts work.") if well == count else part, *bad]))


WHOLE: Mapping[int, str] = {1: "The host works.", 2: "Both hosts work."}


def _verdict(results: set[str]) -> str:
    """What all of them come to."""
    if results == {WORKS}:
        return "ok"
    if results & {WORKS, FAULTS}:
        return "degraded"
    return "unknown" if results <= {UNCHECKED, *RESULTS.values()} else "failed"


WORKS, FAULTS, UNCHECKED = "works", "with faults", "not checked"
RESULTS: Mapping[str, str] = {
    "ok": WORKS,
    "degraded": FAULTS,
    "blocked_here": "blocked on our side",
    "unknown": "not judged",
}
"""By verdict; every other is not usable."""


def came_to(document: Document | None) -> str:
    """What came of a target, in a line of the table and in the sentence above it."""
    if document is None or (document["verdict"] == "unknown" and not document["endpoints"]):
        return UNCHECKED
    return RESULTS.get(str(document["verdict"]), "not usable")


def _listed(names: Sequence[str]) -> str:
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def row(name: str, document: Document | None, declined: DeclinedError | None, at: datetime) -> list[str]:
    """A line below `HEAD`. Plain text."""
    words = came_to(document)
    if document is None:
        return [name, words, declined.message if declined else NOTHING]
    old = at - datetime.fromisoformat(document["started_at"])
    mark = WORDS.MARKS[MARKS.get(str(document["verdict"]), Health.UNKNOWN)]
    earlier = f", {age(old)} ago" if old >= WORTH_TELLING else ""
    return [name, f"{mark} {words}{earlier}", "; ".join(_ports(document)) or _why(document)]


def _ports(document: Document) -> Iterator[str]:
    """`✓ 25, 587; ✗ 465 refused`: ports that come to the same stand together, with the state of what does not work."""
    groups: dict[tuple[int, str], dict[int, None]] = {}
    for (_, port), points in reached(document["endpoints"]).items():
        best = min(points, key=lambda point: ORDER.index(health(seen_in(point))))
        comes_to = health(seen_in(best))
        wrong = list(_flaws(best, points)) if comes_to in WELL else [_what_is_wrong(best)]
        words = f" {', '.join(wrong)}" if wrong else ""
        groups.setdefault((ORDER.index(comes_to), words), {})[port] = None
    for (worth, words), ports in sorted(groups.items()):
        yield f"{WORDS.MARKS[ORDER[worth]]} {', '.join(map(str, sorted(ports)))}{words}"


def _what_is_wrong(point: Document) -> str:
    """Its state; of a port that is open and no use how its TLS is."""
    found = row_of("", dict(point))
    return in_words("tls", found.tls) if point["state"] == State.OPEN and point["tls"] else found.state


def _flaws(best: Document, points: Sequence[Document]) -> Iterator[str]:
    """What is wrong with a port that works: its certificate, TLS that clients do not expect there, addresses."""
    found, well = row_of("", dict(best)), [one for one in points if health(seen_in(one)) in WELL]
    if health(seen_in(best)) is Health.FAULTY:
        yield in_words("certificate", found.certificate) if found.certificate != NOTHING else in_words("tls", found.tls)
    elif (best["tls"] or {}).get("mode") == "implicit" != mode_of(best["port"]):
        yield in_words("tls", found.tls)
    if len(well) < len(points):
        yield f"({WORDS.ADDRESSES.format(count=len(well), of=len(points))})"


WELL = frozenset({Health.UP, Health.FAULTY})
ORDER = (Health.UP, Health.FAULTY, Health.AWAITED, Health.UNKNOWN, Health.BLOCKED_HERE, Health.DOWN)


def _why(document: Document) -> str:
    """Why there is no port: what the first line says behind the verdict."""
    summary = document["summary"]
    return clean(spoken(summary[1:]), 200) if isinstance(summary, list) and summary[1:] else summary_of(dict(document))
