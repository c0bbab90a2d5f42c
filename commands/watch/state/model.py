"""What a watch is: what its owner set, and what its runs have come to.

All values are frozen: actions (`actions`) and runs (`transitions`) make new ones. Times carry a time zone; they are
instants, and a time zone by name appears only in windows (`windows`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from commands.watch.state.routes import Routes
from commands.watch.state.windows import Window
from storage.entries import LOCAL

Kind: TypeAlias = Literal["check", "certificate", "dns", "network"]
Phase: TypeAlias = Literal["new", "up", "failing", "down", "recovering"]
"""`failing` and `recovering` wait for confirmation; an incident is open in `down` and `recovering` alone."""

KINDS: tuple[Kind, ...] = ("check", "certificate", "dns", "network")
NETWORK_TARGET = "network"
"""The target of a watch on our own network."""

EVERY: Mapping[Kind, timedelta] = {
    "check": timedelta(minutes=15),
    "certificate": timedelta(hours=12),
    "dns": timedelta(hours=1),
    "network": timedelta(minutes=15),
}
"""How often a watch runs when nobody says."""

FAIL_AFTER = 2
RECOVER_AFTER = 2
"""Runs in a row before it alerts and before it recovers, when nobody says."""

ANY = "any"
"""The vantage of a watch that alarms only when two places agree."""

FROM_ELSEWHERE: frozenset[Kind] = frozenset({"check", "certificate"})
"""What another machine can look at in our place."""

CANNOT_SEE, UNKNOWN = "cannot_see", "unknown"
PORTERO = "portero"
"""Who does what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Who made a watch quiet (or stopped it), when, until when (None: until somebody ends it) and why.

    `who` is a user id, `forgotten` when theirs was removed, or `portero` when the bot did it itself (`why` is a code
    then: `cannot_post`, or of a watch whose channel takes no posts any more what Slack said).
    """

    who: str
    at: datetime
    until: datetime | None = None
    why: str = ""

    def holds(self, at: datetime) -> bool:
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Second:
    """Who is mentioned when nobody has acknowledged an alert for so long."""

    notify: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage, from the first bad run to the recovery.

    `id` is `<watch id>.<number>`. `since` is the first bad run. `failing` is the evidence, sorted, as codes (see
    `observation`). `told`: an alert has been written for it. `silenced`: it was quieted since, so it fires again when
    the quiet ends. `events` counts the events that were written. `entry` is the history entry of the latest run.
    `message` is the incident in whose message this one is told (empty: its own). `flapping`: it is one of many within
    an hour, and is over when it was quiet for as long. `began` is since when each code of `failing` is broken (ISO),
    `ever` every code that was broken in it.
    `note` is the last that somebody noted of it.
    `told_at` is when it was told last as news, `reminded_at` when last again, `escalated_at` when the second mention
    was made; `told_to` are those who were mentioned. `kept` are facts that hold for all that is told of it.
    """

    id: str
    since: datetime
    failing: tuple[str, ...] = ()
    told: bool = False
    silenced: bool = False
    acked_by: str = ""
    acked_at: datetime | None = None
    note: str = ""
    note_by: str = ""
    entry: str = ""
    events: int = 0
    message: str = ""
    flapping: bool = False
    began: Mapping[str, str] = field(default_factory=dict)
    ever: tuple[str, ...] = ()
    told_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    told_to: tuple[str, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def told_in(self) -> str:
        """The incident in whose message it is told."""
        return self.message or self.id


@dataclass(frozen=True, slots=True)
class Unseen:
    """Of what the last `runs` runs in a row told nothing, since the first of them.

    `why` is what the last of them said (`Observation.why`, `CANNOT_SEE` or `UNKNOWN`), `places` the endpoints: none
    means all that is watched. `held` are those that the last run could not judge, `said` is what a server replied.
    """

    since: datetime
    runs: int
    why: str
    places: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What the runs of a watch have come to.

    `count` is how many runs in a row speak for leaving `failing` or `recovering`, `since` when the first of them was,
    `failing` what is broken (also before it is confirmed). `baseline` is what the watch compares with (JSON; its keys
    are those of `baseline`, `certificates` and `records`). `serial` numbers incidents. `held` is why the last run said
    nothing of the target: `cannot_see`, `unknown`, or a code (`Observation.why`). `later`: the target asked us to
    come later. `slow`: the last run took long. `unseen`: what the last runs told nothing of.
    `opened`: when the incidents of the last hour began (ISO). `places`: how each place is, and since when
    (`places.Open`). `rising`: endpoints that broke beside what the open incident has, each with since when (ISO) and in
    how many runs in a row that was seen: too few to tell it. `unseen_before`: since when nothing had been seen
    at `since`.
    """

    phase: Phase = "new"
    count: int = 0
    since: datetime | None = None
    incident: Incident | None = None
    baseline: Mapping[str, Any] = field(default_factory=dict)
    serial: int = 0
    held: str = ""
    later: bool = False
    slow: bool = False
    last_at: datetime | None = None
    last_entry: str = ""
    last_verdict: str = ""
    last_ms: float | None = None
    failing: tuple[str, ...] = ()
    unseen: Unseen | None = None
    opened: tuple[str, ...] = ()
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rising: Mapping[str, list[Any]] = field(default_factory=dict)
    unseen_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch.

    `id` is what people type (`w-7k3fq`). `owner` is a user id; `notify` is a user id (`U..`, `W..`) or a user group's
    (`S..`), or empty: nobody is mentioned. `ports` is empty when none was named: those that answer at the first good
    run are watched. `routes` are the ways that alerts take beside Slack. `due_at` is None while the watch does not run.
    `vantage` is the place that it is checked from, or `ANY`: before an alarm another place has to agree. `unposted`
    is set while its channel takes no posts (`why`: what Slack said): what there is to tell goes by direct message
    meanwhile. `then` is who is mentioned when nobody acknowledges an alert, `runbook` a URL that alerts show and
    Portero never opens. `tags` are those of its target: `edit` does not change them. `zone` is that of who made it
    (empty: not known), by which it is day or night where its channel has none. `handles` has the names of the user
    groups that it mentions, by id: where nobody may be alerted they stand as text. `moves` are the channels in which it
    alerted before, each with until when (ISO), oldest first.
    """

    id: str
    team: str
    owner: str
    channel: str
    target: str
    kind: Kind
    every: timedelta
    created_at: datetime
    ports: tuple[int, ...] = ()
    notify: str = ""
    fail_after: int = FAIL_AFTER
    recover_after: int = RECOVER_AFTER
    then: Second | None = None
    runbook: str = ""
    windows: tuple[Window, ...] = ()
    routes: Routes = field(default_factory=dict)
    paused: Silence | None = None
    snoozed: Silence | None = None
    muted: Silence | None = None
    unposted: Silence | None = None
    due_at: datetime | None = None
    deleted_at: datetime | None = None
    tags: tuple[str, ...] = ()
    vantage: str = LOCAL
    zone: str = ""
    handles: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[tuple[str, str], ...] = ()
    state: State = field(default_factory=State)

    def silence(self, at: datetime) -> Silence | None:
        """What keeps this watch quiet now: a mute, a snooze or a maintenance window (why: `maintenance`)."""
        for silence in (self.muted, self.snoozed):
            if silence is not None and silence.holds(at):
                return silence
        ends = [window.end_at(at) for window in self.windows]
        until = max((end for end in ends if end is not None), default=None)
        return Silence("", at, until, "maintenance") if until else None

    @property
    def is_patient(self) -> bool:
        """Whether its next run waits longer for a word: it follows one that took long, or the first alerts.

        So a slow server is never taken for a dead one, and a quick one is not waited for.
        """
        return self.state.slow or self.fail_after == 1

    @property
    def place(self) -> str:
        """The place that it is checked from; of one that wants several to agree this machine is the first."""
        return LOCAL if self.vantage == ANY else self.vantage

    @property
    def machine(self) -> str:
        """The name of that place, whichever of its addresses is meant."""
        return self.place.partition("/")[0]

    @property
    def runs(self) -> bool:
        return self.paused is None and self.deleted_at is None
