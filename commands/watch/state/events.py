"""What a watch has to tell: one event is one change that somebody may have to hear of.

Events are written in the transaction of the change that they tell (`storage.watches`), so none is lost and
none is made twice. A `Notifier` (`notifier`) of each route delivers each once, in order within an incident.

| kind | what happened | what a notifier does | facts |
|---|---|---|---|
| opened | an incident was confirmed | posts one message, mentions `watch.notify` | failing, summary, findings, ... |
| broke | an incident was confirmed while the watch is quiet | nothing: it stands in the story | as opened, broke_* |
| changed | it goes on, but differently | edits that message; what is new in it: a reply that mentions | the same, new |
| refired | the quiet ended and it is still bad | edits, posts once more and mentions | the same, quiet_by, quiet_why |
| escalated | nobody acknowledged it in time | edits, a reply that mentions `watch.then` | failing, told, seconds, had |
| reminded | it has gone on for a day more | a reply that the channel sees, too, and mentions | the same |
| acked | somebody looks after it | edits, one short reply | failing, who, together |
| noted | somebody wrote a note, made it quiet, let it run again | edits, one short reply | failing, what, who, text |
| recovered | it is over | edits, one short reply in the thread | the same, seconds |
| closed | it is not watched now, or is normal | edits, one short reply | why: deleted, edited, gone, accepted; who |
| cannot_see | outbound ports are blocked on our network | posts one message, mentions nobody | vantage, ports |
| sight_changed | more or fewer ports are shut | edits that message | vantage, ports |
| sees_again | they are open again | edits, one short reply | vantage, ports, seconds |
| unseen | runs told nothing for half an hour | posts one message, mentions nobody | cause, watches, count |
| unseen_changed | more or fewer watches are not seen | edits that message | the same |
| seen_again | the last of them told something | edits, one short reply | the same, seconds |
| certificate_ends | 30 or 21, 14, 7, 3, 1 days left | posts each anew, mentions | endpoints, days |
| | it has ended (quiet: an outage is opened for it) | edits that message | the same |
| certificate_renewed | the certificates were renewed | edits, one short reply | endpoints, days |
| | with what is wrong with the new ones alone (`wrong` in their rows) | the same, mentions | the same, mention |
| certificate_replaced | by one that mail programs refuse; the outage is told by itself | the same | the same, failing |
| dns_changed | records, addresses, logins, TLS are not what they were | posts one message, mentions | changes, often |
| changed_back | they are again what they were | edits that message, one short reply | changes, left |
| overtaken | what differs changed once more and is told elsewhere | edits that message in silence | changes, left |
| accepted | what records or certificates are is meant | edits that message in silence | changes or endpoints, who |
| digest | a day or a week of a channel is over | posts one message | those of `digest`, owner |

`quiet` is True when the change happened while the watch was muted, snoozed or in maintenance: what stands already may
be edited, and an end stands in its thread, but nothing is posted in the channel and nobody is mentioned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from commands.watch.state.model import Incident, Watch
from storage.entries import LOCAL

EventKind: TypeAlias = Literal[
    "opened",
    "broke",
    "changed",
    "refired",
    "escalated",
    "reminded",
    "acked",
    "noted",
    "recovered",
    "closed",
    "cannot_see",
    "sight_changed",
    "sees_again",
    "unseen",
    "unseen_changed",
    "seen_again",
    "certificate_ends",
    "certificate_renewed",
    "certificate_replaced",
    "dns_changed",
    "changed_back",
    "overtaken",
    "accepted",
    "digest",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell, as it was when it happened.

    `id` (`<incident of the watch>.<number>`) is the idempotency key; `incident` is what messages, threads and mail
    conversations are kept by (`<watch id>.<number>`; of notices about what we cannot see
    `<team>.<vantage>.<channel>.<number>`). `since` is when the incident began. `watch` is the id of the watch that saw
    it. `facts` is JSON:

    failing   list of codes `<state> <host>:<port>` (observation.py), sorted: what is broken
    summary   statements of the check, findings: its findings, both as codes with parameters (sentences in old rows)
    verdict   that of the check; entry: id of the history entry with all details
    seconds   how long the incident lasted
    moved_from   the channel in which it was told before, where its watch was moved from there
    quiet_by, quiet_why   whose silence ended, and what it was (snooze, mute, maintenance)
    cause, watches, count why nothing is seen, the first watches ({"watch", "target", "since", "why", "places"}), all
    ever      of that how many watches were told of since it began
    vantage, ports        where from, and the ports that nothing leaves through
    endpoints list of {"endpoint": "mail.example.com:465", "not_after": "...Z", "days": 13, "subject": ...}
    targets   of several watches that see them in one message
    days      the smallest of them; threshold: which of 30, 21, 14, 7, 3, 1 was passed, 0: it has ended
    began     since when each code of `failing` is broken; new: those that are new in it; worse: of a new place
    ended_by, ended_why   in whose silence it ended, since that is told in its thread alone
    broke_by, broke_why   whose silence it broke in (`maintenance`, mute, snooze), since it is told only now
    who, acked_by         who acknowledged it, or made the note; acked_at: when
    had       somebody had acknowledged it, before it was told again
    handles   the names of user groups that its watch mentions, by id
    told      whom it mentions (of a reminder for all of its message; of what recovered: who was)
    runbook   the URL of the watch then
    what      of a note: `note` (text), `mute`, `snooze` or `pause` (until, text: why), `resume`, `unmute`, `unsnooze`,
              `undelete`, `run` (saw: codes of what it saw broken)
    thread, unnamed       what joined, recovered or broke again since the last entry: rows of `thread`, how many more
    part      `joined`: one more incident in a message; `partly`: the end of one of several (`grouping`)
    group     {"count", "open", "ends": {how: count}, "rows": [a member, as `grouping` keeps it], "shared",
              "since", "until": when the last of them was over, "acks", "quiet", "escalated" (`care`),
              "broke_again": how many of those that recovered}
    mention   it joined, and whom its watch names was not mentioned yet, or not since there are many;
              heard: it is worse, and somebody was mentioned of another just now; together: of so many of a message
              it is told
    unseen_before   since when nothing had been seen when it was first seen broken; unseen_at_end: the same of its end
    never     codes of `failing` that were named and never seen open
    flapping  how many incidents within an hour; within: within so many seconds, where the interval is long; first: when
              the first of them began; down: of one that is over so many seconds that it was down since then
    vanished  of a name that was in DNS: {"seen": the last run that found it, "addresses": [those that it had then]}
    from      the place that it was seen from, where that is not this machine
    ended     of what recovered: the first good run
    changes   list of {"record": "mx", "name": "example.com", "before": [...], "after": [...], "between": [the last run
              that saw it as before, the first that did not]}
    left      of what went back: the changes of the same message that did not

    `routes` are the ways beside Slack that it takes; None for those of the watch that it comes from.
    """

    id: str
    kind: EventKind
    at: datetime
    incident: str
    team: str
    channel: str
    watch: str
    target: str
    watch_kind: str
    since: datetime
    quiet: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    routes: Sequence[str] | None = None

    @property
    def first(self) -> datetime:
        """When it began; of what flaps the first of the incidents that belong to it."""
        return datetime.fromisoformat(str(self.facts.get("first") or self.since.isoformat()))

    @property
    def own(self) -> str:
        """The incident of the watch itself, also where another one's message tells it."""
        return self.id.rpartition(".")[0] or self.id


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a watch, and what is to be told."""

    watch: Watch
    events: tuple[Event, ...] = ()


def event_of(
    watch: Watch, incident: Incident, kind: EventKind, at: datetime, facts: Mapping[str, Any], *, quiet: bool
) -> Event:
    """The next event of an incident, with what holds for all of them."""
    return Event(
        id=f"{incident.id}.{incident.events + 1}",
        kind=kind,
        at=at,
        incident=incident.told_in,
        team=watch.team,
        channel=watch.channel,
        watch=watch.id,
        target=watch.target,
        watch_kind=watch.kind,
        since=incident.since,
        quiet=quiet,
        facts={
            **incident.kept,
            **_unposted(watch, incident),
            **facts,
            **({"from": watch.vantage} if watch.vantage != LOCAL else {}),
            **({HANDLES: dict(watch.handles)} if watch.handles else {}),
        },
    )


GONE = "gone"
"""Why an incident was closed, and fact of it: `[["mx" or "address", which], ...]` that are the target's no more."""

HANDLES = "handles"
"""Fact of what mentions user groups: their names, by id."""

MOVED_FROM = "moved_from"
"""Fact of what is told again since its watch was moved: the channel in which it was told before."""

UNPOSTED = "unposted"
"""Fact of what belongs to an incident: `[[since, until], ...]` in which its channel took no posts ("": it goes on)."""


def _unposted(watch: Watch, incident: Incident) -> dict[str, Any]:
    if watch.unposted is None:
        return {}
    return {UNPOSTED: [*incident.kept.get(UNPOSTED, ()), [watch.unposted.at.isoformat(), ""]]}


BEHIND = "behind"
"""Why of what the thread in Slack has still to say of others in the message: no news of the watch itself."""

DOWN = "down"
UNLOOKED, DELETED = "unlooked", "deleted"
"""Fact of what belongs to an incident: `[[since, until], ...]` in which its watch was paused (or, third, `DELETED`)."""


def times_unlooked(facts: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until, *_ in facts.get(UNLOOKED, ())
    ]


def unlooked(facts: Mapping[str, Any]) -> timedelta:
    """How long that was in all."""
    return sum((until - since for since, until in times_unlooked(facts)), timedelta())
