"""Looking at what a watch watches: where `/smtpwatch` meets the prober of `/smtpcheck`. Slices import no other.

A target is left alone where nobody may connect, while the team has a fresh result, and while a port that refused us
rests. No limit that is made for people skips a run. What another team was told is not ours to know.
"""

import copy
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.watches.dns_records import Records
from bot.watches.elsewhere import NOWHERE, Elsewhere, seen_elsewhere, told_egress, would_open
from commands.contract import Actor, Request
from commands.smtpcheck.address.target import Target, parse_target
from commands.smtpcheck.egress.control_hosts import Attempt, Control, operators_of
from commands.smtpcheck.network import asking
from commands.smtpcheck.network import document as network
from commands.smtpcheck.places.checker import Checker, PlaceError
from commands.smtpcheck.policy.mail_policy import Examine
from commands.smtpcheck.probe.prober import Prober, with_patience
from commands.smtpcheck.report.model import Check
from commands.smtpcheck.result.delivery import LEAVES_OPEN, STOPS_DELIVERY
from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.states import BY_NAME, SILENT, WORDLESS
from commands.smtpcheck.stored.document import KIND, Document, says_nothing, to_document, to_entry, to_readings
from commands.smtpcheck.stored.pauses import AFTER_REFUSAL, Rest, rest_of
from commands.smtpcheck.verdict.conclusion import with_policy
from commands.smtpcheck.wire.connection import Endpoint
from commands.watch.state import beside_check, mail_policy
from commands.watch.state.baseline import DOMAIN, ENDPOINTS, TARGET_KIND
from commands.watch.state.endpoints import of_check
from commands.watch.state.fitting import of_certificates
from commands.watch.state.model import ANY, Kind, Watch
from commands.watch.state.observation import Egress, Observation, nothing_seen, of_network, of_records
from commands.watch.state.unseen import fine_from
from storage.entries import LOCAL
from storage.history import OPERATOR, Entry, ReadHistory, Reading, StorageError, Viewer

COOL_DOWN = timedelta(seconds=60)
"""A target that anybody of the team checked within this time is not connected to again."""


def may_be_used(watch: Watch, last: Entry, ports: Sequence[int], at: datetime) -> bool:
    """Whether a result of the team is too young to bother the target again. The watch's own last one is no news."""
    if last.team != watch.team or last.id == watch.state.last_entry:
        return False
    endpoints = last.document["endpoints"]
    if any(endpoint["state"] in WORDLESS for endpoint in endpoints):
        return False  # a person is not kept waiting as long as an alarm has to wait
    probed = {endpoint["port"] for endpoint in endpoints}
    return timedelta() <= at - last.started_at < min(COOL_DOWN, watch.every / 2) and probed >= set(ports)


def may_rest(last: Entry, ports: Sequence[int]) -> bool:
    """Whether a port may have refused us: surely not when the newest result has all of them, and none did."""
    states = {endpoint["port"]: endpoint["state"] for endpoint in last.document["endpoints"]}
    return not states.keys() >= set(ports) or bool(AFTER_REFUSAL.keys() & set(states.values()))


def told_by(watch: Watch, resting: Mapping[int, Rest]) -> list[Document]:
    """The endpoints of the checks that were refused. What another team was told is not ours to know."""
    return [
        endpoint
        for rest in resting.values()
        if rest.entry is not None and is_ours(watch, rest)
        for endpoint in rest.entry.document["endpoints"]
        if (endpoint["host"], endpoint["port"]) == (rest.host, rest.port)
    ]


def is_ours(watch: Watch, rest: Rest) -> bool:
    return rest.entry is not None and rest.entry.team == watch.team


CONTROL_SECONDS = 30.0
"""How long a watch believes the control hosts. They are asked again before an outage is confirmed a minute later."""

TURN_SECONDS = 20.0
"""How long a run waits for other checks of ours: it comes again soon, and ends before `RUN_SECONDS`."""


def without_policy(prober: Prober) -> Prober:
    """The same prober (its turns, its places), which leaves the mail policy alone and asks its own control hosts.

    Of a refusal, too: what is watched was open, and a firewall of ours may refuse one port for all hosts.
    """
    lean = copy.copy(prober)
    lean.limits = replace(prober.limits, turn=TURN_SECONDS)
    lean.examine = None
    lean.doubts_refusals = True
    lean.control = replace(prober.control, keep=CONTROL_SECONDS)
    return lean


ANY_PORT = 587
"""The port whose control hosts say whether we can see out at all, for ports that have none."""

EGRESS_OF_STATE: Mapping[str, Egress] = {"blocked": "blocked", "unknown": "unknown"}
"""What the states of a look at our own network say of a port; one that a connection came through is open."""


async def egress_of_port(control: Control, port: int) -> Egress:
    """What the control hosts say of a port; where it has none, whether anything leaves our network."""
    attempts = await control.reach(port)
    return egress_of(attempts or await control.reach(ANY_PORT))


def egress_of(attempts: Sequence[Attempt]) -> Egress:
    """Open: one control host answers. Blocked: those of two operators were tried and none does. Else unknown. Pure."""
    tried = [attempt for attempt in attempts if attempt.outcome is not None]
    if any(attempt.outcome == "connected" for attempt in tried):
        return "open"
    return "blocked" if operators_of(tried) > 1 else "unknown"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a run saw, and what of it goes into the history (nothing, when a result that was there was used again)."""

    seen: Observation
    entry: Entry | None = None
    readings: tuple[Reading, ...] = ()


Probe: TypeAlias = Callable[[Watch, datetime], Awaitable[ProbeResult]]


@dataclass
class WatchProbe:
    """Looks at watches of every kind. `prober` is one `without_policy`; `examine` looks that up where it is due."""

    prober: Prober
    history: ReadHistory
    records: Records
    ports: tuple[int, ...]
    new_id: Callable[[], str]
    examine: Examine | None = None
    clock: Callable[[], float] = time.perf_counter
    elsewhere: Elsewhere | None = None
    _by_kind: Mapping[Kind, Probe] = field(init=False)
    _patient: Prober = field(init=False)

    def __post_init__(self) -> None:
        self._patient = with_patience(self.prober)
        self._by_kind = {
            "check": self._check,
            "certificate": self._check,
            "dns": self._dns,
            "network": self._network,
        }

    async def __call__(self, watch: Watch, at: datetime) -> ProbeResult:
        """One run. What the network does is a value; what is raised is a bug."""
        return await self._by_kind[watch.kind](watch, at)

    async def _check(self, watch: Watch, at: datetime) -> ProbeResult:
        ports = self._wanted(watch)
        last = await self._last(watch)
        if last is not None and may_be_used(watch, last, ports, at):
            return ProbeResult(observed(watch, last.document, {}))
        resting = await self._resting(watch, ports, at) if last is None or may_rest(last, ports) else {}
        asked = [port for port in ports if port not in resting]
        if not asked:
            return ProbeResult(self._remembered(watch, resting))
        try:
            check = await (await self._checker(watch)).check(
                target_of(watch), asked, check_id=self.new_id(), heard=lambda _news: None
            )
        except PlaceError as error:
            return ProbeResult(nothing_seen(watch, f"{error.code}.{watch.vantage}", watch.due_at))
        document, looked_at = to_document(check), None
        if watch.place == LOCAL and self.examine is not None and mail_policy.is_due(watch, document, at):
            check = await examined(check, self.examine)
            document, looked_at = to_document(check), at
        whole = {**document, "endpoints": [*document["endpoints"], *told_by(watch, resting)]}
        seen = observed(watch, whole, await self._egress(watch, document), looked_at)
        seen = await self._compared(watch, seen, document, at)
        if (self.elsewhere or watch.vantage == ANY) and would_open(watch, seen):
            others = self.elsewhere or NOWHERE
            seen = await seen_elsewhere(watch, target_of(watch), asked, seen, others, self.prober)
            document |= {"fine_from": fine} if (fine := fine_from(seen.why)) else {}
        if says_nothing(check):
            return ProbeResult(seen)
        kept = without_transcripts(document) if watch.state.phase == "up" and seen.outcome == "good" else document
        return ProbeResult(seen, to_entry(check, kept, _request(watch, at)), tuple(to_readings(check)))

    async def _compared(self, watch: Watch, seen: Observation, document: Document, at: datetime) -> Observation:
        """With the records that a check does not ask for: once an hour, and while a change waits to be confirmed."""
        if not beside_check.is_due(watch, at):
            return seen
        domain = watch.target if document["kind"] == DOMAIN else ""
        addresses = [each["address"] for each in document["endpoints"]]
        found = await self.records.beside(domain, addresses, anew=beside_check.is_waiting(watch))
        return beside_check.with_records(seen, found, at)

    async def _resting(self, watch: Watch, ports: Sequence[int], at: datetime) -> dict[int, Rest]:
        """The ports that refused us a short while ago, whoever asked: they are left alone, as by `again`."""
        resting: dict[int, Rest] = {}
        team = Viewer(watch.team, admin=True)
        left = set(ports)
        while left and (
            rest := await rest_of(watch.target, left, self.history, team, at, again=True, vantage=watch.place)
        ):
            resting[rest.port] = rest
            left.discard(rest.port)
        return resting

    def _remembered(self, watch: Watch, resting: Mapping[int, Rest]) -> Observation:
        """What the refusals themselves say, as long as they stand."""
        entry = next((rest.entry for rest in resting.values() if is_ours(watch, rest)), None)
        if entry is None:
            return nothing_seen(watch, "resting")
        return observed(watch, {**entry.document, "endpoints": told_by(watch, resting)}, {})

    def _wanted(self, watch: Watch) -> tuple[int, ...]:
        """The ports that were named, else those that answered at the first good run, else all."""
        learned = {int(name.rpartition(":")[2]) for name in watch.state.baseline.get(ENDPOINTS, {})}
        return watch.ports or tuple(port for port in self.ports if port in learned) or self.ports

    async def _last(self, watch: Watch) -> Entry | None:
        """The newest result for the target, whoever asked: a server that refused one team is left alone by all."""
        try:
            return await self.history.last_of(watch.target, OPERATOR, KIND, watch.place)
        except StorageError:
            return None

    async def _checker(self, watch: Watch) -> Checker:
        """What checks it from its place. DeclinedError where nobody is there."""
        if watch.place != LOCAL:
            viewer = Viewer(watch.team, watch.owner)
            elsewhere = self.elsewhere or NOWHERE
            return await elsewhere.for_watch(watch.place, viewer, watch.channel, patient=watch.is_patient)
        return self._patient if watch.is_patient else self.prober

    async def _egress(self, watch: Watch, document: Document) -> dict[int, Egress]:
        """Whether the ports that gave no answer leave our network at all; of another machine it has told."""
        if watch.place != LOCAL:
            return told_egress(document)
        silent = sorted({each["port"] for each in document["endpoints"] if each["state"] in SILENT} - _out(document))
        return {port: await egress_of_port(self.prober.control, port) for port in silent}

    async def _network(self, watch: Watch, at: datetime) -> ProbeResult:
        document = await asking.looked(watch.ports or self.ports, self.prober, self.new_id())
        egress = {port["port"]: EGRESS_OF_STATE.get(port["state"], "open") for port in document["ports"]}
        began = datetime.fromisoformat(document["started_at"])
        return ProbeResult(of_network(watch, egress, document), network.to_entry(document, began, _request(watch, at)))

    async def _dns(self, watch: Watch, _at: datetime) -> ProbeResult:
        began = self.clock()
        records = await self.records.of(watch.target)
        return ProbeResult(of_records(watch, records, (self.clock() - began) * 1000))


def _out(document: Document) -> set[int]:
    """The ports that are known to leave our network, since an address of each silent host answers on them."""
    states = {(each["host"], each["port"]): False for each in document["endpoints"]}
    for each in document["endpoints"]:
        state = BY_NAME.get(each["state"])
        states[each["host"], each["port"]] |= state is not None and state.connected
    return {port for _, port in states} - {port for (_, port), answers in states.items() if not answers}


def target_of(watch: Watch) -> Target:
    """What is to be checked: a domain that was once seen to have MX hosts, or that was told so, is asked for as one."""
    target = parse_target(watch.target)
    return replace(target, kind="domain") if watch.state.baseline.get(TARGET_KIND) == DOMAIN else target


def observed(
    watch: Watch, document: Document, egress: Mapping[int, Egress], looked_at: datetime | None = None
) -> Observation:
    """What a document says of a watch; `looked_at` is there where the mail policy was looked up for it."""
    seen = (of_certificates if watch.kind == "certificate" else of_check)(watch, document, egress)
    if watch.vantage != LOCAL:
        seen = replace(seen, vantage=watch.vantage)
    if watch.place != LOCAL:  # what leaves the network of another machine is no news of ours
        seen = replace(seen, shut=(), free=())
    return mail_policy.with_policy(watch, seen, document, looked_at)


async def examined(check: Check, examine: Examine) -> Check:
    """The check with what its mail policy says of delivery: that it stops, or that nobody knows.

    Nothing else of it, so that runs which look it up and those in between differ in nothing that is no outage.
    """
    records = [each.record for each in check.endpoints if each.port == RELAY]
    endpoints = [Endpoint(one.host, one.address, one.port, one.mode) for one in records]
    follows = await examine(check.facts.dns, endpoints, check.facts.started_at)
    return with_policy(check, [one for one in follows(check.endpoints) if one[0] in STOPS_DELIVERY | LEAVES_OPEN])


def without_transcripts(document: Document) -> Document:
    """A good run like the one before it: what was said then was said now. It keeps the file small."""
    endpoints = [{**endpoint, "transcript": []} for endpoint in document["endpoints"]]
    return {**document, "endpoints": endpoints}


def _request(watch: Watch, at: datetime) -> Request:
    """Who is behind an entry of the history: the owner, with the surface `watch`."""
    actor = Actor(watch.owner, watch.team)
    return Request("smtpwatch", actor, at, watch.target, watch.channel, surface="watch")
