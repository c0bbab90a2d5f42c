"""How a watch is at a moment: what its runs have come to, and what keeps it quiet, as codes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from commands.watch.state.baseline import AMISS
from commands.watch.state.dns_changes import unaccepted
from commands.watch.state.model import CANNOT_SEE, Phase, Silence, Watch
from commands.watch.state.transitions import OPEN
from commands.watch.state.unseen import is_unseen

Standing: TypeAlias = Literal["healthy", "down", "unseen", "waiting", "paused"]
"""`paused` only where a moment was given. `waiting` for a first run, or for a second one that confirms a failure."""

Quieted: TypeAlias = Literal["", "paused", "muted", "snoozed", "maintenance"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`since` is the beginning of the open incident, `failing` what is broken (codes of `observation`).

    `held` is why the last run said nothing; `unseen_since` is set when that has gone on for too long, with `unseen_why`
    and `unseen` (endpoints; none: all). `amiss` is what was broken from the start. `differs` are kinds of records that
    are not what they were, `differs_since` since when: told, and not accepted. `quieted` says what keeps the watch
    quiet, with `who`, `until` and `why` of its `Silence`. `acked_by` looks after what is open, `note` is the last note.
    `unposted`: why its channel takes no posts (Slack's code). `flapping`: what is open goes up and down.
    """

    target: str
    phase: Phase
    since: datetime | None = None
    failing: tuple[str, ...] = ()
    held: str = ""
    unseen_since: datetime | None = None
    unseen_why: str = ""
    unseen: tuple[str, ...] = ()
    amiss: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    differs_since: datetime | None = None
    quieted: Quieted = ""
    who: str = ""
    until: datetime | None = None
    why: str = ""
    unposted: str = ""
    flapping: bool = False
    acked_by: str = ""
    note: str = ""
    note_by: str = ""

    @property
    def doubtful(self) -> bool:
        """Healthy by its last word, but that was some time ago, or was not all."""
        return self.phase == "up" and (self.held == CANNOT_SEE or bool(self.amiss) or self.unseen_since is not None)

    @property
    def standing(self) -> Standing:
        """How it is counted: in an open incident, paused (nobody looks), not seen, or neither."""
        if self.since is not None:
            return "down"
        if self.quieted == "paused":
            return "paused"
        return "unseen" if self.unseen_since is not None else "healthy" if self.phase == "up" else "waiting"

    @property
    def healthy(self) -> bool:
        """Nothing that anybody has to be told: up, in all that is known of it, and speaking."""
        return self.phase == "up" and not self.doubtful and not self.quieted and not self.unposted


_FIELDS = tuple(each.name for each in fields(Condition))


def condition_of(watch: Watch, at: datetime | None = None) -> Condition:
    """`at` is the moment; without one, what keeps it quiet is left out."""
    state, incident = watch.state, watch.state.incident
    quieted, silence = quieted_by(watch, at) if at is not None else ("", None)
    is_open = incident is not None and state.phase in OPEN
    unseen = state.unseen if is_unseen(state) else None
    changes, differs_since = unaccepted(watch)
    return Condition(
        target=watch.target,
        phase=state.phase,
        since=incident.since if incident is not None and is_open else None,
        failing=incident.failing if incident is not None and is_open else state.failing,
        held=state.held,
        unseen_since=unseen.since if unseen else None,
        unseen_why=unseen.why if unseen else "",
        unseen=unseen.places if unseen else (),
        amiss=tuple(state.baseline.get(AMISS, ())),
        differs=tuple(dict.fromkeys(str(change["record"]) for change in changes)),
        differs_since=differs_since,
        quieted=quieted,
        who=silence.who if silence else "",
        until=silence.until if silence else None,
        why=silence.why if silence else "",
        unposted=watch.unposted.why if watch.unposted is not None and at is not None else "",
        flapping=incident is not None and is_open and incident.flapping,
        acked_by=incident.acked_by if incident is not None and is_open else "",
        note=incident.note if incident is not None and is_open else "",
        note_by=incident.note_by if incident is not None and is_open else "",
    )


def quieted_by(watch: Watch, at: datetime) -> tuple[Quieted, Silence | None]:
    """What keeps a watch quiet: it is stopped, or does not speak."""
    if watch.paused is not None:
        return "paused", watch.paused
    silence = watch.silence(at)
    if silence is None:
        return "", None
    if silence is watch.muted:
        return "muted", silence
    return ("snoozed" if silence is watch.snoozed else "maintenance"), silence


def to_json(condition: Condition) -> dict[str, Any]:
    """What is not empty."""
    values = {name: getattr(condition, name) for name in _FIELDS}
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", ())}


def of_json(values: Mapping[str, Any]) -> Condition:
    return Condition(**{name: _value(name, each) for name, each in values.items() if name in _FIELDS})


def _value(name: str, value: Any) -> Any:
    if name in {"since", "until", "unseen_since", "differs_since"}:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
