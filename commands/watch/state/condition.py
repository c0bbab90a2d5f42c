"""How a watch is at a moment: what its runs have come to, and what keeps it quiet, as codes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from commands.watch.state.baseline import AMISS
from commands.watch.state.model import CANNOT_SEE, Phase, Silence, Watch
from commands.watch.state.transitions import OPEN

Quieted: TypeAlias = Literal["", "paused", "muted", "snoozed", "maintenance"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`since` is the beginning of the open incident, `failing` what is broken (codes of `observation`).

    `held` is why the last run said nothing; `amiss` what was broken from the start. `quieted` says what keeps the watch
    quiet, with `who`, `until` and `why` of its `Silence`.
    """

    target: str
    phase: Phase
    since: datetime | None = None
    failing: tuple[str, ...] = ()
    held: str = ""
    amiss: tuple[str, ...] = ()
    quieted: Quieted = ""
    who: str = ""
    until: datetime | None = None
    why: str = ""

    @property
    def doubtful(self) -> bool:
        """Healthy by its last word, but that was some time ago, or was not all."""
        return self.phase == "up" and (self.held == CANNOT_SEE or bool(self.amiss))

    @property
    def healthy(self) -> bool:
        """Nothing that anybody has to be told: up, in all that is known of it, and speaking."""
        return self.phase == "up" and not self.doubtful and not self.quieted


_FIELDS = tuple(each.name for each in fields(Condition))


def condition_of(watch: Watch, at: datetime | None = None) -> Condition:
    """`at` is the moment; without one, what keeps it quiet is left out."""
    state, incident = watch.state, watch.state.incident
    quieted, silence = quieted_by(watch, at) if at is not None else ("", None)
    is_open = incident is not None and state.phase in OPEN
    return Condition(
        target=watch.target,
        phase=state.phase,
        since=incident.since if incident is not None and is_open else None,
        failing=incident.failing if incident is not None and is_open else state.failing,
        held=state.held,
        amiss=tuple(state.baseline.get(AMISS, ())),
        quieted=quieted,
        who=silence.who if silence else "",
        until=silence.until if silence else None,
        why=silence.why if silence else "",
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
    if name in {"since", "until"}:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
