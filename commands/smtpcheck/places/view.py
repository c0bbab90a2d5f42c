"""What several places see, as people see it: one sentence, one table (rows ports, columns places).

Places that see the same are one column.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from commands.blocks import Block, actions, button, context, section, table
from commands.contract import Progress, Reply
from commands.plural import plural
from commands.slack_text import escape
from commands.smtpcheck.places.comparison import Statement, View, alike, seen_from, statement
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.sentences.choice import message_of, summary_of
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.view.parts import VERDICT_ICONS, findings_block, sentences
from commands.smtpcheck.view.told_findings import worst_findings

NAMED = 2
"""Places that are named at the head of a column; of more the first one and how many others."""

SENTENCES: Mapping[str, str] = {
    "works": "{target} works from {all}.",
    "closed": "{target} does not answer from {any}: likely the host itself, or the way to it that {share}.",
    "refused": "{target} refuses connections from {any}: likely the host itself, or the way to it that {share}.",
    "unreachable": "{target} cannot be reached from {any}: likely the host itself, or the way to it that {share}.",
    "bad": "{target} is not usable from {any}: likely the host itself.",
    "unsure": "{target} could not be judged from {any}.",
    "partly": "{target} is the same from {all}: {well} can be used, {bad} cannot.",
    "some": "{target} is the same from {all}: {well} can be used on some of its hosts only.",
    "tls": "TLS of {target} fails alike from {all}: likely the host itself, or the way to it that {share}.",
    "alone.tls": "TLS of {target} fails from {place}; from nowhere else could it be judged.",
    "alone.partly": "{target} from {place}: {well} can be used, {bad} cannot; from nowhere else could it be judged.",
    "alone.some": (
        "{target} from {place}: {well} can be used on some of its hosts only; from nowhere else could it be judged."
    ),
    "alone.works": "{target} works from {place}; from nowhere else could it be judged.",
    "alone.closed": "{target} does not answer from {place}; from nowhere else could it be judged.",
    "alone.refused": "{target} refuses connections from {place}; from nowhere else could it be judged.",
    "alone.unreachable": "{target} cannot be reached from {place}; from nowhere else could it be judged.",
    "alone.bad": "{target} is not usable from {place}; from nowhere else could it be judged.",
    "alone.unsure": "{target} could not be judged from {place}, nor from anywhere else.",
    "blocked": "The networks of {all} block {bad}: that says nothing of {target}.",
    "alone.blocked": "The network of {place} blocks {bad}; from nowhere else could {target} be judged.",
    "unjudged": "{target} could be judged from {none}.",
    "differs.blocked": "{port} is closed from {bad}: {network}, not {target}. It answers from {well}.",
    "differs.closed": (
        "{port} is closed from {bad} and answers from {well}: likely {network}, or {target} does not let {address} in."
    ),
    "differs.hung_up": (
        "{port} hangs up on {bad} and answers {well}: likely {network}, or {target} does not let {address} in."
    ),
    "differs.way": (
        "{port} works from {well} and not from {bad}: likely {network}, or the way from there, not {target}."
    ),
    "differs.told": "{port} works from {well}; {bad} {is_told} something else: {target} treats {address} differently.",
}


def sentence(said: Statement) -> str:
    """The statement in words. Plain text."""
    params = said["params"]
    bad, well = params.get("bad", ()), params.get("well", ())
    one = len(bad) == 1
    words = {
        **params,
        **_places(params.get("places", ())),
        "bad": f"{_listed(bad)} only" if one and len(well) > 1 and said["code"] == "differs.blocked" else _listed(bad),
        "well": _listed(well),
        "network": "that machine's network" if one else "the networks of these machines",
        "address": "that address" if one else "these addresses",
        "is_told": "is told" if one else "are told",
    }
    return SENTENCES[said["code"]].format(**words)


def _places(names: Sequence[str]) -> Mapping[str, str]:
    """How these places are called together, with their names."""
    count, which = len(names), f" ({_listed(names)})"
    if count == BOTH:
        said = {"all": "both places", "any": "either place", "none": "neither place"}
        return {"share": "both share", **{word: text + which for word, text in said.items()}}
    return {
        "all": f"all {count} places{which}",
        "any": f"any of {count} places{which}",
        "none": f"none of {count} places{which}",
        "share": "all of them share",
    }


BOTH = 2


def said_of(target: str, documents: Mapping[str, Document]) -> Statement:
    """What the first line of the answer says."""
    return statement(target, {name: seen_from(document) for name, document in documents.items()})


GOOD = frozenset({"works", "partly", "some", "alone.works", "alone.partly", "alone.some"})
UNKNOWN = ("blocked", "unsure")
FAILED = ("closed", "refused", "unreachable", "bad")
VERDICTS: Mapping[str, str] = {
    **dict.fromkeys(("works", "alone.works"), "ok"),
    **dict.fromkeys((code for kind in FAILED for code in (kind, f"alone.{kind}")), "failed"),
    **dict.fromkeys((*(f"{alone}{kind}" for kind in UNKNOWN for alone in ("", "alone.")), "unjudged"), "unknown"),
}
"""What the first line comes to, by its code; every other is that it works in part."""


def is_good(said: Statement) -> bool:
    return bool(said["code"] in GOOD)


def rows(documents: Mapping[str, Document]) -> list[list[str]]:
    """The table: its head, and a line for each port."""
    views = {name: seen_from(document) for name, document in documents.items()}
    columns = alike(views)
    places = list(dict.fromkeys(place for view in views.values() for place in view))
    several = len({host for host, _ in places}) > 1
    labels = [f"{port} {host}" if several else str(port) for host, port in places]
    cells = [[_cell(views[names[0]], place) for names in columns] for place in places]
    return [["Port", *map(_head, columns)], *([label, *line] for label, line in zip(labels, cells, strict=True))]


def _cell(view: View, place: tuple[str, int]) -> str:
    if place not in view:
        return "–"
    cell = view[place]
    tls = f", TLS {WORDS.TLS_STATES.get(cell.tls, cell.tls)}" if cell.tls else ""
    return f"{WORDS.MARKS[cell.health]} {WORDS.STATES.get(cell.state, cell.state)}{tls}"


def _head(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{names[0]} and {plural(len(names) - 1, 'other')}"


def _listed(found: Sequence[str | int]) -> str:
    names = [str(one) for one in found]
    if len(names) <= NAMED + 1:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{names[0]}, {names[1]} and {plural(len(names) - NAMED, 'other')}"


MOST_FOUND = 5
"""Findings that stand in the answer itself: all are in the details of a place."""

GRAVE = frozenset({"danger", "error"})
WRONG = GRAVE | {"warning"}
NOTICED = WRONG | {"notice"}


def _findings(documents: Mapping[str, Document], severities: Collection[str]) -> Iterator[dict[str, Any]]:
    """The worst ones, each once, with the places that have it where not all have."""
    places: dict[str, list[str]] = {}
    found: dict[str, dict[str, Any]] = {}
    for name, document in documents.items():
        told = [one for one in worst_findings(dict(document)) if one["severity"] in severities]
        for one in told if document["endpoints"] else ():
            places.setdefault(message_of(one), []).append(name)
            found.setdefault(message_of(one), one)
    for said, names in list(places.items())[:MOST_FOUND]:
        where = "" if len(names) == len(documents) else f"From {_listed(names)}: "
        yield {**found[said], "message": f"{where}{said}"}


def _why_nowhere(documents: Mapping[str, Document]) -> str:
    """Why no port was asked from any place (a name that does not exist), where all say the same."""
    said = {summary_of(dict(one)) for one in documents.values()}
    return said.pop() if len(said) == 1 and not any(one["endpoints"] for one in documents.values()) else ""


def progress(target: str, done: Sequence[str], places: Sequence[str], *, public: bool) -> Progress:
    """Which places have answered so far."""
    head = f":hourglass_flowing_sand: Checking *{escape(target)}* from {plural(len(places), 'place')}"
    said = f"{head}: {escape(', '.join(done))} done" if done else f"{head} …"
    return Progress(said, public=public)


def asking_another(target: str, place: str) -> Progress:
    """Nobody knows whose side it is: one more look, from elsewhere."""
    return Progress(f":hourglass_flowing_sand: Checking *{escape(target)}* from {escape(place)}, too …")


def compared(document: Document, there: Document, ports: Sequence[int]) -> str:
    """What two places say of these ports, in a sentence. Plain text.

    Where the document says whose side it is, and the other place sees the same, that is not said once more.
    """
    both = {one["vantage"]: _of_ports(one, ports) for one in (document, there)}
    others = {one["port"] for one in document["endpoints"]} - {*ports}
    about = f"{document['target']} on {', '.join(map(str, ports))}" if others else document["target"]
    said = said_of(about, both)
    found = [*document["findings"], *(one for point in document["endpoints"] for one in point["findings"])]
    if any(one["code"] in SAYS_SIDE for one in found) and said["code"] in AGREED:
        return AGREED[said["code"]].format(place=there["vantage"], target=about)
    return sentence(said)


SAYS_SIDE = frozenset({Code.NO_ANSWER_TARGET, Code.REFUSED_TARGET, Code.REJECTED_TARGET})
"""Findings that begin with whose side it is."""

AGREED: Mapping[str, str] = {
    "closed": "{place} sees the same: {target} does not answer from there, either.",
    "refused": "{place} sees the same: {target} refuses connections from there, too.",
    "unreachable": "{place} sees the same: {target} cannot be reached from there, either.",
}
"""By what all places see."""


def _of_ports(document: Document, ports: Sequence[int]) -> Document:
    return {"endpoints": [one for one in document["endpoints"] if one["port"] in ports]}


def result(
    target: str,
    documents: Mapping[str, Document],
    failed: Mapping[str, str],
    typed: str,
    *,
    public: bool,
    deep: bool = False,
) -> Reply:
    """The answer; `failed` says of places that did not check why, `typed` is what checks once more.

    What is wrong stands below; of a `deep` check what is worth a notice, too, and the details of each place, which have
    the TLS versions.
    """
    found, findings = said_of(target, documents), list(_findings(documents, NOTICED if deep else WRONG))
    verdict = VERDICTS.get(found["code"], "degraded")
    verdict = "degraded" if verdict == "ok" and any(one["severity"] in GRAVE for one in findings) else verdict
    nowhere = _why_nowhere(documents)
    verdict = next(iter(documents.values()))["verdict"] if nowhere else verdict
    said = f"{VERDICT_ICONS[verdict]} {escape(nowhere or sentence(found))}"
    notes = [f"{name}: {why}" for name, why in failed.items()]
    lines = rows(documents) if any(one["endpoints"] for one in documents.values()) else []
    blocks: list[Block] = [section(said)]
    blocks += [table(lines)] if lines else []
    blocks += [findings_block(findings)] if findings else []
    blocks += [context(escape("  ".join(notes)))] if notes else []
    details = [button(f"Details: {name}", "smtpcheck.details", one["id"]) for name, one in documents.items() if deep]
    blocks.append(actions(*details, button("Run again", "smtpcheck.run", typed)))
    listed = (f"{label}: {'; '.join(cells)}" for label, *cells in lines)
    text = "\n".join(filter(None, [said, *map(escape, listed), sentences(findings), *map(escape, notes)]))
    return Reply(text, blocks, public=public, good=is_good(found))
