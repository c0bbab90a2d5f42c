"""What is true of a simulated time, and what of it could be seen: intervals and looks, nothing of the product.

A `Truth` knows from when to when each place (a host and port) was broken or hidden. A `Ledger` is told when a watch
looked and how each place was at that moment. What it says of a time is by these rules: what a look saw holds until the
next one; what is broken stays so through looks that see nothing of it once it is sure, and is unseen before; what was
well is taken for well only until one interval after its look where the next one comes later than an interval and a
half and five minutes; what a look saw nothing of is unseen, and so is what nobody looks at in a pause. The whole is
down while any place is, and unseen while all are. Before the first look nothing is known; what the last one saw well
holds for an interval and a half and five minutes. An outage is what was broken in `fail_after` looks in a row that saw
something, until the first of `recover_after` looks in a row that saw it well, or until somebody says that it is meant;
the third within an hour, or six intervals, lasts until it was well for an hour.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UP, DOWN, UNSEEN = "up", "down", "unseen"


@dataclass(frozen=True)
class Fault:
    """From `begins` to `ends` these `places` (none: all that anybody looks at) were `what`; `cause` names it.

    `what` is a code of a broken place (`no_answer`), or why nothing could be seen (`HIDES`).
    """

    begins: datetime
    ends: datetime
    what: str
    cause: str
    places: frozenset = frozenset()

    def holds(self, at):
        return self.begins <= at < self.ends


HIDES = ("dns_servfail", "blind", "rate_limited")
"""Why nothing is seen; of several the first hides the rest."""


@dataclass
class Truth:
    faults: list

    def at(self, place, at):
        """What holds of a place: None, where it is well."""
        now = [one for one in self.faults if one.holds(at) and (not one.places or place in one.places)]
        hides = [one for what in HIDES for one in now if one.what == what]
        return next(iter(hides or now), None)

    def broke(self, place, since):
        """The fault that a place had at a time, whatever hid it."""
        found = [one for one in self.faults if place in one.places and one.holds(since) and one.what not in HIDES]
        return found[0] if found else None


@dataclass
class Outage:
    """`since`: the first bad look; `sure`: the one that confirmed it; `ended`, `over`: the same of its end."""

    since: datetime
    sure: datetime
    codes: frozenset
    ended: datetime | None = None
    over: datetime | None = None


@dataclass
class Ledger:
    """What one watch could see. `quiet(at)` says whether somebody keeps it silent then."""

    places: tuple
    every: timedelta
    quiet: object = lambda _at: False
    fail_after: int = 2
    recover_after: int = 2
    looks: list = field(default_factory=list)
    outages: list = field(default_factory=list)
    told: list = field(default_factory=list)

    def __post_init__(self):
        self.broken, self.paused, self.cut, self.meant = {}, False, set(), set()
        self._bad = self._good = 0
        self._since = None
        self._open, self._hushed, self._again, self._flaps = None, False, False, False

    def look(self, at, faults):
        """`faults`: what holds of each place now, where something does."""
        kinds = {}
        for place in self.places:
            fault = faults.get(place)
            if fault is None or f"{fault.what} {place}" in self.meant:
                self.broken.pop(place, None)
            elif fault.what not in HIDES:
                self.broken[place] = fault.what
        hidden = {place for place, fault in faults.items() if fault is not None and fault.what in HIDES}
        self._walk(at, hidden)
        for place in self.places:
            sure = place in self.broken and (place not in hidden or self._open is not None)
            kinds[place] = DOWN if sure else UNSEEN if place in hidden else UP
        self.looks.append((at, kinds, hidden))

    def stop(self):
        """It is paused: from its last look until the next one nothing is known."""
        self.cut |= {at for at, _, _ in self.looks[-1:]}

    def hush(self):
        """Somebody makes it quiet: what is open is told again when that ends."""
        self._again = self._open is not None and not self._hushed

    def accept(self, at):
        """Somebody says that what is broken is meant: it is over, and never broken again."""
        self.meant |= self.codes()
        self._open.ended = self._open.over = at
        self._open, self._bad, self._good = None, 0, 0

    def _walk(self, at, hidden):
        bad = any(place not in hidden for place in self.broken)
        if not bad and (self.broken or len(hidden) == len(self.places)):
            self._since = None
            return  # of what is broken nothing was seen, or of anything
        if bad:
            self._since = self._since if self._bad and self._since else at
            self._bad, self._good = self._bad + 1, 0
        else:
            self._ended = self._ended if self._good else at
            self._bad, self._good = 0, self._good + 1
        if self._open is None:
            if self._bad >= self.fail_after:
                self._opens(at)
        elif bad:
            self._goes_on(at)
        elif self._good >= self.recover_after and not (self._flaps and at - self._ended < HOUR):
            self._open.ended, self._open.over = self._ended, at
            if not self._hushed:
                self.told.append(("recovered", self._open.since))
            self._open = None

    def _opens(self, at):
        recent = [one for one in self.outages if at - one.since < min(max(HOUR, 6 * self.every), 6 * HOUR)]
        self._flaps = len(recent) >= 2
        self._open = Outage(self._since, at, frozenset(self.codes()))
        self.outages.append(self._open)
        self._hushed, self._again = self.quiet(at), False
        if not self._hushed:
            self.told.append(("opened", self._since))

    def _goes_on(self, at):
        if self.quiet(at):
            self._again = self._again or not self._hushed
        elif self._hushed or self._again:
            self.told.append(("opened" if self._hushed else "refired", self._open.since))
            self._hushed = self._again = False

    def codes(self):
        return {f"{what} {place}" for place, what in self.broken.items()}

    @property
    def standing(self):
        """How it is counted after its last look, as digests say it."""
        if self._open is not None:
            return "down"
        if self.paused:
            return "paused"
        if self._unseen():
            return "not seen"
        return (
            "healthy" if self.looks and not self.broken and any(self._saw(look) for look in self.looks) else "waiting"
        )

    def _saw(self, look):
        return len(look[2]) < len(self.places)

    def _unseen(self):
        """At least three looks in a row, over half an hour, that saw nothing of something."""
        row = []
        for look in reversed(self.looks):
            if not look[2] or (row and self._saw(look) != self._saw(row[0])):
                break
            row.append(look)
        return len(row) >= 3 and row[0][0] - row[-1][0] >= 30 * MINUTE

    def watched(self, since, until):
        """How much of a time somebody looked: without the pauses."""
        following = [at for at, _, _ in self.looks[1:]]
        looks = zip((at for at, _, _ in self.looks), following, strict=False)
        paused = [then - at for at, then in looks if at in self.cut and since <= at < until]
        return until - since - sum(paused, timedelta())

    def lasted(self, begin, end, place=None, shown=lambda at: at):
        """How long a place (None: the whole) was what, as far as the looks tell. `end` is not to come.

        `shown` makes of each time the one between which and the next it is counted.
        """
        found = {UP: timedelta(), DOWN: timedelta(), UNSEEN: timedelta()}
        longest, following = self.every * 1.5 + 5 * MINUTE, [at for at, _, _ in self.looks[1:]]
        for (at, kinds, _), then in zip(self.looks, [*following, end], strict=True):
            kind = UNSEEN if at in self.cut else kinds[place] if place else _whole(kinds)
            late = kind == UP and then - at > longest
            until = at + (self.every if at != self.looks[-1][0] else longest) if late else then
            _add(found, kind, max(at, begin), min(until, end), shown)
            _add(found, UNSEEN, max(until, begin), min(then, end), shown)
        return found


def _whole(kinds):
    if DOWN in kinds.values():
        return DOWN
    return UNSEEN if set(kinds.values()) == {UNSEEN} else UP


def _add(found, kind, since, until, shown):
    if since < until:
        found[kind] += shown(until) - shown(since)
