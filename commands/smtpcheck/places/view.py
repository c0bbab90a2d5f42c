"""What several places see, as people see it: one sentence, one table (rows ports, columns places).

Places that see the same are one column.
"""

from collections.abc import Mapping, Sequence

from commands.blocks import Block, actions, button, context, section, table
from commands.contract import Progress, Reply
from commands.plural import plural
from commands.slack_text import escape
from commands.smtpcheck.places.comparison import Statement, View, alike, seen_from, statement
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.view.parts import VERDICT_ICONS

NAMED = 2
"""Places that are named at the head of a column; of more the first one and how many others."""

SENTENCES: Mapping[str, str] = {
    "works": "{target} works from {all}.",
    "closed": "{target} does not answer from {any}: likely the host itself, or the way to it that {share}.",
    "refused": "{target} refuses connections from {any}: likely the host itself, or the way to it that {share}.",
    "unreachable": "{target} cannot be reached from {any}: likely the host itself, or the way to it that {share}.",
    "bad": "{target} is not usable from {any}: likely the host itself.",
    "partly": "{target} is the same from {all}: {well} can be used, {bad} cannot.",
    "tls": "TLS of {target} fails alike from {all}: likely the host itself, or the way to it that {share}.",
    "alone.tls": "TLS of {target} fails from {place}; from nowhere else could it be judged.",
    "alone.partly": "{target} from {place}: {well} can be used, {bad} cannot; from nowhere else could it be judged.",
    "alone.works": "{target} works from {place}; from nowhere else could it be judged.",
    "alone.closed": "{target} does not answer from {place}; from nowhere else could it be judged.",
    "alone.refused": "{target} refuses connections from {place}; from nowhere else could it be judged.",
    "alone.unreachable": "{target} cannot be reached from {place}; from nowhere else could it be judged.",
    "alone.bad": "{target} is not usable from {place}; from nowhere else could it be judged.",
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


GOOD = frozenset({"works", "partly", "alone.works", "alone.partly"})
FAILED = ("closed", "refused", "unreachable", "bad")
VERDICTS: Mapping[str, str] = {
    **dict.fromkeys(("works", "alone.works"), "ok"),
    **dict.fromkeys((code for kind in FAILED for code in (kind, f"alone.{kind}")), "failed"),
    "unjudged": "unknown",
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


def progress(target: str, done: Sequence[str], places: Sequence[str], *, public: bool) -> Progress:
    """Which places have answered so far."""
    head = f":hourglass_flowing_sand: Checking *{escape(target)}* from {plural(len(places), 'place')}"
    said = f"{head}: {escape(', '.join(done))} done" if done else f"{head} …"
    return Progress(said, public=public)


def asking_another(target: str, place: str) -> Progress:
    """Nobody knows whose side it is: one more look, from elsewhere."""
    return Progress(f":hourglass_flowing_sand: Checking *{escape(target)}* from {escape(place)}, too …")


def compared(document: Document, there: Document, ports: Sequence[int]) -> str:
    """What two places say of these ports, in a sentence. Plain text."""
    both = {one["vantage"]: _of_ports(one, ports) for one in (document, there)}
    others = {one["port"] for one in document["endpoints"]} - {*ports}
    about = f"{document['target']} on {', '.join(map(str, ports))}" if others else document["target"]
    return sentence(said_of(about, both))


def _of_ports(document: Document, ports: Sequence[int]) -> Document:
    return {"endpoints": [one for one in document["endpoints"] if one["port"] in ports]}


def result(
    target: str,
    documents: Mapping[str, Document],
    failed: Mapping[str, str],
    typed: str,
    *,
    public: bool,
) -> Reply:
    """The answer; `failed` says of places that did not check why, `typed` is what checks once more."""
    found = said_of(target, documents)
    said = f"{VERDICT_ICONS[VERDICTS.get(found['code'], 'degraded')]} {escape(sentence(found))}"
    notes = [f"{name}: {why}" for name, why in failed.items()]
    lines = rows(documents) if documents else []
    blocks: list[Block] = [section(said)]
    blocks += [table(lines)] if lines else []
    blocks += [context(escape("  ".join(notes)))] if notes else []
    blocks.append(actions(button("Run again", "smtpcheck.run", typed)))
    listed = (f"{label}: {'; '.join(cells)}" for label, *cells in lines)
    text = "\n".join([said, *map(escape, (*listed, *notes))])
    return Reply(text, blocks, public=public, good=is_good(found))
