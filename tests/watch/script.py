"""The script of weeks: which hosts there are, what breaks or hides them and when, and what people do meanwhile."""

import random
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

from commands.watch.state.windows import Window

from .samples import NOON, a_watch, document, endpoint
from .truth import DAY, HOUR, MINUTE, Fault

WEEK = 7 * DAY
START = NOON.replace(hour=0)
TLS_PORTS = (465, 587)


@dataclass(frozen=True)
class Host:
    name: str
    channel: str
    ports: tuple = (25,)
    address: str = "192.0.2.25"
    every: timedelta = HOUR
    more: dict = field(default_factory=dict)
    again: str = ""
    """What tells it from another watch on the same host."""

    @property
    def id(self):
        return f"w-{self.name.replace('.', '')}{self.again}"

    @property
    def places(self):
        return tuple(f"{self.name}:{port}" for port in self.ports)

    def watch(self):
        return a_watch(id=self.id, target=self.name, channel=self.channel, every=self.every, notify="U777",
                       created_at=START, due_at=START, **self.more)  # fmt: skip


@dataclass
class Script:
    """The faults and what people do, at their times: `(at, what, host or channel, more)`."""

    hosts: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    acts: list = field(default_factory=list)
    ends: dict = field(default_factory=dict)
    """Of a host the ends of its certificates, each with when it was shown first."""
    narrowed: list = field(default_factory=list)
    """Faults that break nothing: fewer logins than before are offered on these places."""

    def breaks(self, hosts, begins, lasts, what, cause, ports=()):
        places = frozenset(
            place for one in hosts for place in one.places if not ports or int(place.rpartition(":")[2]) in ports
        )
        self.faults.append(Fault(begins, begins + lasts, what, cause, places))

    def narrows(self, host, begins, lasts, port):
        self.narrowed.append(
            Fault(begins, begins + lasts, "narrowed", "fewer logins", frozenset({f"{host.name}:{port}"}))
        )

    def hides(self, begins, lasts, what, cause):
        self.faults.append(Fault(begins, begins + lasts, what, cause))


def some(script, count, channel, network, **changes):
    """Hosts of one network, in one channel."""
    name = channel.removeprefix("C").lower()
    made = [
        Host(f"mx{n}.{name}.example", channel, address=f"10.{network}.{n // 250}.{n % 250 + 1}", **changes)
        for n in range(count)
    ]
    script.hosts += made
    return made


def a_team(weeks, behind, others, every, seed):
    """The script of some weeks: `behind` one switch, `others` that break by chance, each watched `every` so often."""
    dice, script = random.Random(seed), Script()
    submission = {"ports": (25, *TLS_PORTS), "every": every}
    switch = some(script, behind, "CSWITCH", 1, every=every)
    busy = some(script, 3, "CBUSY", 2, **submission)
    logins = some(script, 2, "CLOGINS", 3, **submission)
    certs = some(script, 2, "CCERTS", 4, **submission)
    flaps = some(script, 1, "CFLAPS", 5, every=5 * MINUTE)
    quiet = some(script, 3, "CQUIET", 6, every=every)
    kept = some(script, 1, "CKEPT", 7, every=every, more={"windows": (Window(time(2), time(4), "UTC"),)})
    gone = some(script, 3, "CGONE", 8, every=every)
    long = some(script, 3, "CLONG", 9, **submission)
    [often] = some(script, 1, "CTWIN", 10, every=5 * MINUTE)
    seldom = replace(often, every=every, channel="CTWINSELDOM", ports=(25, 587), again="b")
    script.hosts.append(seldom)
    moved = some(script, 2, "CMOVED", 11, every=every)
    away = some(script, 1, "CAWAY", 12, every=every)
    [meant] = some(script, 1, "CMEANT", 13, **submission)
    script.breaks([meant], START + DAY + 5 * HOUR, 30 * HOUR, "auth_not_offered", "meant", TLS_PORTS)
    script.acts.append((START + DAY + 13 * HOUR, "accept", meant, None))
    chance = [one for n in range(others) for one in some(script, 1, f"C{n}", 20 + n, every=every)]
    for week in range(weeks):
        at = START + week * WEEK + dice.random() * HOUR
        script.breaks(switch, at + DAY + 3 * HOUR, 2 * HOUR + 15 * MINUTE, "no_answer", "switch")
        script.acts.append((at + DAY + 3 * HOUR + every, "kill", None, None))
        script.breaks(busy, at + DAY + 12 * HOUR, 26 * HOUR, "rate_limited", "421")
        script.breaks(logins, at + DAY + 10 * HOUR, 3 * HOUR, "auth_not_offered", "logins", TLS_PORTS)
        script.breaks(logins[:1], at + 2 * DAY + 10 * HOUR, 5 * HOUR, "tls_not_offered", "starttls", (587,))
        script.narrows(logins[1], at + 6 * DAY + 2 * HOUR, 6 * HOUR, 587)
        script.acts.append((at + 2 * DAY + 8 * HOUR, "resume", flaps[0], None))
        for n in range(12):
            script.breaks(flaps, at + 2 * DAY + 9 * HOUR + n * 17 * MINUTE, 8 * MINUTE, "refused", "flaps")
        script.acts.append((at + 2 * DAY + 15 * HOUR, "pause", flaps[0], None))
        for n in range(3):
            script.breaks(
                [often], at + (1 + n) * DAY + 6 * HOUR, every + (90 + 40 * n) * MINUTE, "refused", f"twins {n}"
            )
        script.acts.append((at + 2 * DAY + 4 * HOUR, "mute", seldom, 12 * HOUR))
        _quieted(script, quiet, kept, at + 2 * DAY)
        _moved(script, moved, away, at + 2 * DAY)
        script.hides(at + 3 * DAY, 25 * HOUR, "dns_servfail", "resolver")
        script.breaks(long[:1], at + 2 * DAY + 22 * HOUR, 14 * HOUR, "refused", "long0")
        script.breaks(certs[:1], at + 4 * DAY + 8 * HOUR, 7 * HOUR, "cert_name_mismatch", "renewed wrongly", TLS_PORTS)
        _not_renewed(script, certs[1], at + 4 * DAY + 14 * HOUR, week)
        _gone(script, gone, at + 4 * DAY)
        script.hides(at + 5 * DAY + 8 * HOUR, 90 * MINUTE, "blind", "our network")
        script.breaks(long[1:2], at + 5 * DAY + 10 * HOUR, 5 * HOUR, "no_answer", "long1", (25,))
        script.breaks(long[1:2], at + 5 * DAY + 10 * HOUR, 9 * HOUR, "no_answer", "long1", (587,))
        script.breaks(long[1:2], at + 5 * DAY + 14 * HOUR, 3 * HOUR, "rate_limited", "long1 later", (587,))
        script.breaks(long[2:], at + 5 * DAY + 10 * HOUR, 26 * HOUR, "no_answer", "long2")
        noticed = max(3 * HOUR, every + 30 * MINUTE)
        script.acts.append((at + 5 * DAY + 10 * HOUR + noticed, "ack", long[1], None))
    script.acts.append((START + HOUR, "pause", flaps[0], None))
    for host in chance:
        _by_chance(script, host, dice, weeks)
    script.acts.sort(key=lambda act: act[0])
    return script


def _quieted(script, quiet, kept, day):
    """Mutes, a snooze and a maintenance over incidents: wholly hidden, in the midst, at its end."""
    hidden, amid, snoozed = quiet
    script.breaks([hidden], day + 10 * HOUR, 2 * HOUR, "refused", "hidden by a mute")
    script.acts.append((day + 8 * HOUR, "mute", hidden, 12 * HOUR))
    script.breaks([amid], day + 4 * HOUR, 11 * HOUR, "refused", "muted amid")
    script.acts.append((day + 8 * HOUR, "mute", amid, 4 * HOUR))
    script.breaks([snoozed], day + 14 * HOUR, 9 * HOUR, "refused", "snoozed")
    script.acts.append((day + 18 * HOUR, "snooze", snoozed, HOUR))
    script.breaks(kept, day.replace(hour=2, minute=10), 5 * HOUR, "refused", "maintenance")


def _moved(script, moved, away, day):
    """Watches that go to another channel while they are down, and back: in the same outage, or when it is long over."""
    back, over = moved
    channel = away[0].channel
    script.breaks([back], day + 4 * HOUR, 17 * HOUR, "refused", "moved there and back")
    script.acts += [(day + 9 * HOUR, "move", back, channel), (day + 15 * HOUR, "move", back, back.channel)]
    script.breaks([over], day + 4 * HOUR, 9 * HOUR, "refused", "over elsewhere")
    script.acts += [(day + 9 * HOUR, "move", over, channel), (day + 20 * HOUR, "move", over, over.channel)]


def _not_renewed(script, host, ends, week):
    """A certificate that ends before the next one is shown."""
    script.ends.setdefault(host.name, []).append((START if not week else ends - WEEK + 9 * HOUR, ends))
    script.breaks([host], ends, 9 * HOUR, "cert_expired", f"expired {week}", TLS_PORTS)


def _gone(script, gone, day):
    """A channel takes no posts for a while: what broke and ended in it, what is still broken, what ended in it.

    And an outage in the midst of which somebody pauses the watch for some hours.
    """
    channel = gone[0].channel
    script.breaks(gone[:1], day + 8 * HOUR, 4 * HOUR, "refused", "while archived")
    script.breaks(gone[1:2], day + 20 * HOUR, 16 * HOUR, "refused", "past its return")
    script.breaks(gone[2:], day, 9 * HOUR, "refused", "over while archived")
    script.acts += [(day + 6 * HOUR, "close", channel, "is_archived"), (day + 30 * HOUR, "reopen", channel, None)]
    script.breaks(gone[:1], day + 42 * HOUR, 10 * HOUR, "no_answer", "while removed")
    script.acts += [(day + 40 * HOUR, "close", channel, "not_in_channel"), (day + 48 * HOUR, "reopen", channel, None)]
    script.breaks(gone[2:], day + 50 * HOUR, 12 * HOUR, "refused", "paused amid")
    script.acts += [(day + 55 * HOUR, "pause", gone[2], None), (day + 59 * HOUR, "resume", gone[2], None)]


def _by_chance(script, host, dice, weeks):
    at, number = START + 4 * HOUR + dice.random() * DAY, 0
    while at < START + weeks * WEEK:
        lasts = MINUTE + dice.random() ** 3 * 9 * HOUR
        what = dice.choice(("no_answer", "refused", "rate_limited"))
        script.breaks([host], at, lasts, what, f"chance {number}")
        at, number = at + lasts + HOUR + dice.random() * 3 * DAY, number + 1


def document_of(host, at, truth, script):
    """What a check would have stored, by what is true at a time; and what the control hosts would say."""
    faults = {place: truth.at(place, at) for place in host.places}
    if any(fault and fault.what == "dns_servfail" for fault in faults.values()):
        return document(kind="host", target=host.name, verdict="unknown", findings=[("dns_servfail", "error")]), {}
    ends = script.ends.get(host.name, ())
    shown = next((end for since, end in reversed(ends) if since <= at), START + 900 * DAY)
    narrowed = {place for one in script.narrowed if one.holds(at) for place in one.places}
    rows = [
        _endpoint(host, place, fault.what if fault else "narrowed" if place in narrowed else None, shown)
        for place, fault in faults.items()
    ]
    egress = {one["port"]: "blocked" if faults[f"{host.name}:{one['port']}"].what == "blind" else "open"
              for one in rows if one["state"] == "no_answer"}  # fmt: skip
    return document(*rows, kind="host", target=host.name), egress


def _endpoint(host, place, what, ends):
    port = int(place.rpartition(":")[2])
    shared = {"port": port, "host": host.name, "address": host.address}
    if what in {"no_answer", "blind", "refused", "rate_limited"}:
        return endpoint(state="no_answer" if what == "blind" else what, **shared)
    if port not in TLS_PORTS:
        return endpoint(**shared)
    offered = {"auth_not_offered": (), "narrowed": ("LOGIN",)}.get(what, ("LOGIN", "PLAIN"))
    certificate = {
        "subject": f"{host.name} {ends:%m%d}",
        "not_after": ends.isoformat(),
        "not_before": (ends - 90 * DAY).isoformat(),
    }
    more = {"tls": "not_offered"} if what == "tls_not_offered" else {"certificate": certificate}
    return endpoint(
        codes=(what,) if what and what.startswith(("cert_", "auth_")) else (),
        auth={"after_tls": offered},
        **shared,
        **more,
    )
