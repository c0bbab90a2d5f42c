"""What a message says of all its members (`grouping`), beside what an event knows of its own. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from commands.watch.state import care
from commands.watch.state.events import Event
from commands.watch.state.traits import shared_by

Document = dict[str, Any]

NAMED = 10
"""Members that an event names; the rest is counted."""

BROKE_AGAIN = "broke_again"
"""Key of one that has recovered: since when it is broken again, which another message tells."""

KEPT = ("broke_why", "broke_by", "quiet_why", "flapping", "unseen_before")
ROW = (
    "target",
    "from",
    "kind",
    "ports",
    "failing",
    "since",
    "began",
    "open",
    "end",
    "ended",
    "runbook",
    "acked_by",
    "unseen_at_end",
    BROKE_AGAIN,
    *KEPT,
)


def of_group(event: Event, group: Document, part: str) -> Event:
    """With what the message says of the whole group, where there are several."""
    members = group["members"]
    more: Document = {"part": part} if part else {}
    if len(members) > 1 or part:
        ends = [str(member.get("end") or "recovered") for member in members.values() if not member["open"]]
        again = sum(bool(member.get(BROKE_AGAIN)) for member in members.values())
        more["group"] = {
            "count": len(members),
            "open": len(members) - len(ends),
            "ends": {end: ends.count(end) for end in sorted({*ends})},
            **({BROKE_AGAIN: again} if again else {}),
            "rows": list(_rows(members))[:NAMED],
            "shared": shared_by(group["traits"]),
            **care.of_all(members.values()),
            "since": group["since"],
            "until": max((str(one.get("ended") or "") for one in members.values()), default=""),
        }
    return replace(event, facts={**event.facts, **more})


def _rows(members: Mapping[str, Document]) -> Iterator[Document]:
    """Those that are open first, and of them those that nobody has acknowledged; then what broke again."""
    for key, member in sorted(members.items(), key=_worst_first):
        paused = (member.get("quiet") or {}).get("what") == "pause"
        yield {"watch": key, **{name: member.get(name, "") for name in ROW}, "paused": paused}


def _worst_first(item: tuple[str, Document]) -> tuple[bool, bool, bool, str, str]:
    key, member = item
    is_open, again = member["open"], bool(member.get(BROKE_AGAIN))
    return not is_open, is_open and care.is_acked(member), not again, member["since"], key
