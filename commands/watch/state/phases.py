"""The phases of a watch, and where an observation leads from each. Data only; `transitions` walks it."""

from collections.abc import Mapping
from dataclasses import dataclass

from commands.watch.state.model import CANNOT_SEE, UNKNOWN, Phase
from commands.watch.state.observation import Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """Where an observation leads: to `then`, or, when it was seen often enough in a row, to `reached`."""

    then: Phase
    reached: Phase | None = None


TABLE: Mapping[tuple[Phase, Outcome], Row] = {
    ("new", "good"): Row("up"),
    ("new", "bad"): Row("failing", "down"),
    ("new", "unknown"): Row("new"),
    ("new", "blind"): Row("new"),
    ("up", "good"): Row("up"),
    ("up", "bad"): Row("failing", "down"),
    ("up", "unknown"): Row("up"),
    ("up", "blind"): Row("up"),
    ("failing", "good"): Row("up"),
    ("failing", "bad"): Row("failing", "down"),
    ("failing", "unknown"): Row("failing"),
    ("failing", "blind"): Row("failing"),
    ("down", "good"): Row("recovering", "up"),
    ("down", "bad"): Row("down"),
    ("down", "unknown"): Row("down"),
    ("down", "blind"): Row("down"),
    ("recovering", "good"): Row("recovering", "up"),
    ("recovering", "bad"): Row("down"),
    ("recovering", "unknown"): Row("recovering"),
    ("recovering", "blind"): Row("recovering"),
}

OPEN: frozenset[Phase] = frozenset({"down", "recovering"})
"""Phases in which an incident is open."""

HELD: Mapping[Outcome, str] = {"unknown": UNKNOWN, "blind": CANNOT_SEE}
