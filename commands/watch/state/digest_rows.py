"""The rows of a digest: one for each watch, and one for those of which the same is told. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from commands.uptime import DOWN, UNSEEN, Uptime
from commands.watch.state.certificates import WRONG
from commands.watch.state.condition import Condition, to_json
from commands.watch.state.digest_causes import same_cause
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.story import ACCEPTED, OUTAGE

Row: TypeAlias = dict[str, Any]

MOST = 20
"""Rows; the rest is counted."""

NAMED = 10
"""Names in one of several; the rest is counted."""

ALIKE = 3
"""So many watches of which the same is told are one row."""

ELSEWHERE = "elsewhere"
"""Key of a row whose figure stands with another watch of its host: it is not alike to one that has its own."""

TIMES = ("since", "unseen_since", "differs_since")
"""What of a condition differs between watches that one thing happened to: their runs are not at once."""

RECORDS = frozenset({"dns_changed", "changed_back"})
NEWS = RECORDS | {"certificate_renewed", "certificate_replaced"}
"""The kinds of events that are changes, and no outage."""


def row_of(watch: Watch, condition: Condition, told: Sequence[Event]) -> Row:
    ended = [event for event in told if _is_over(event)]
    return {
        "watch": watch.id,
        "from": watch.vantage,
        "kind": watch.kind,
        "ports": list(watch.ports),
        "condition": to_json(condition),
        "incidents": len(ended),
        "seconds": sum(float(event.facts.get("seconds") or 0) for event in ended),
        "messages": sorted({event.incident for event in told if event.kind in OUTAGE}),
        "news": [_news(event) for event in told if event.kind in NEWS],
        **({"tags": list(watch.tags)} if watch.tags else {}),
    }


def _is_over(event: Event) -> bool:
    """An incident that was accepted is one that was, too, as in the list of them."""
    return event.kind == "recovered" or (event.kind == "closed" and event.facts.get("why") == ACCEPTED)


def _news(event: Event) -> dict[str, Any]:
    changes = {"changes": event.facts.get("changes", ())} if event.kind in RECORDS else {}
    wrong = {WRONG: True} if any(WRONG in row for row in event.facts.get("endpoints", ())) else {}
    return {"kind": event.kind, **changes, **(wrong if event.kind == "certificate_renewed" else {})}


def folded(rows: Sequence[Row], uptimes: Sequence[Uptime]) -> list[Row]:
    """In the same order. A row of several has the earliest of their times and the worst of their figures."""
    looks: dict[str, list[tuple[Row, Uptime]]] = {}
    for row, uptime in zip(rows, uptimes, strict=True):
        looks.setdefault(_look(row), []).append((row, uptime))
    found: list[Row] = []
    for alike in looks.values():
        found += [_together(alike)] if len(alike) >= ALIKE else [row for row, _ in alike]
    order = {row["watch"]: place for place, row in enumerate(rows)}
    return sorted(found, key=lambda row: order[row["alike"][0]["watch"] if "alike" in row else row["watch"]])


def _look(row: Row) -> str:
    """What is told of it, without its name, its times and its figures. Its codes and places have its name in them.

    Incidents are alike that were told in one message: two that only last alike are two.
    """
    if cause := same_cause(row):
        return cause
    condition = {name: value for name, value in row["condition"].items() if name not in {"target", *TIMES}}
    ports = sorted(place for place, _ in row["uptime"].get("ports", ()))
    told = [condition, row["from"], row["kind"], row["ports"], row["incidents"], row["news"], ports, ELSEWHERE in row]
    return f"{json.dumps(told, default=str).replace(row['condition']['target'], '')} {row['messages']}"


def _together(alike: Sequence[tuple[Row, Uptime]]) -> Row:
    worst = max(alike, key=lambda one: (bool(one[0]["uptime"]), one[1].of(DOWN), one[1].of(UNSEEN)))[0]
    rows = [row for row, _ in alike]
    condition = {**worst["condition"], **_earliest([row["condition"] for row in rows], TIMES)}
    whys = [row["hidden"] for row in rows if "hidden" in row]
    why = {"hidden": worst["hidden"] | _earliest(whys, ("since",))} if "hidden" in worst else {}
    names = [{"watch": row["watch"], "target": row["condition"]["target"], "from": row["from"]} for row in rows]
    times = {json.dumps([*map(row["condition"].get, TIMES), row.get("hidden", {}).get("since")]) for row in rows}
    shares = {(row["uptime"].get("share"), *(share for _, share in row["uptime"].get("ports", ()))) for row in rows}
    differ = [word for word, each in (("times", times), ("shares", shares)) if len(each) > 1]
    tags = [tag for tag in worst.get("tags", ()) if all(tag in row.get("tags", ()) for row in rows)]
    more = {"alike": names[:NAMED], "count": len(rows), "differ": differ, "tags": tags}
    return {**worst, "condition": condition, **why, **more}


def _earliest(facts: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    times = {name: [one[name] for one in facts if name in one] for name in names}
    return {name: min(of, key=datetime.fromisoformat) for name, of in times.items() if of}
