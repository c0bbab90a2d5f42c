"""What was told of the weeks of a team beside what was true: every difference, as `(kind, of what, ...)`.

Messages are those that Slack took, alerts the events that were delivered; the machine that made them is asked nothing.
"""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise, product

from commands.uptime import uptimes
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import stories
from storage.history import OPERATOR

from .script import START, WEEK
from .truth import DOWN, HIDES, HOUR, MINUTE, UNSEEN, UP, Ledger

MOST_MESSAGES = 3
LONGEST_WAIT = 2 * HOUR
CAUSES = {"dns_servfail": "dns", "rate_limited": "later"}
"""What notices call that which hid something for long; of others there may be notices at the same time."""

NAMED = 20
"""Watches that a digest names."""


async def differences(lived):
    """All of them; none when everything was told as it was."""
    events = [of_event_row(row) for row in await lived.store.events(OPERATOR)]
    spans = await lived.store.spans(OPERATOR, since=START, until=lived.end)
    judged = (
        alerts(lived),
        unfounded(lived),
        missed(lived),
        messages(lived, events),
        joined(lived, events),
        notices(lived),
        certificates(lived),
        narrowed(lived),
        incidents(lived, events),
        digests(lived),
        availability(lived, spans),
        shared(lived, spans),
        looks(lived),
    )
    return [each for found in judged for each in found] + [each async for each in ended(lived)]


def alerts(lived):
    """Each alert of what could be seen, once, and none beside; none where nothing could be posted."""
    told = defaultdict(Counter)
    for event in lived.slack.events:
        if event.kind in {"opened", "refired", "recovered"} and event.id not in lived.slack.unheard:
            told[event.watch][event.kind, event.since] += 1
    for name, ledger in lived.ledgers.items():
        wanted = Counter(each for each in ledger.told if not _was_closed(lived, name, ledger, each))
        yield from (("lost", name, *each) for each in (wanted - told[name]).elements())
        yield from (("too many", name, *each) for each in (told[name] - wanted).elements())


def _was_closed(lived, name, ledger, alert):
    """Whether the channel took no posts when an alert was due: its message is brought up to date later (`ended`)."""
    kind, since = alert
    [outage] = [one for one in ledger.outages if one.since == since]
    at = {"opened": outage.sure, "recovered": outage.over}.get(kind)
    channel = lived.hosts[name].channel
    return at is not None and any(on == channel and begins <= at < ends for on, begins, ends in lived.closings)


ENDS = (
    "recovered",
    "told in another message",
    "no longer watched here",
    "It continues in <#",
    "accepted as the new normal",
)


async def ended(lived):
    """The message of each incident that is over says so, also where nothing could be posted when it was."""
    over = {(name, one.since) for name, ledger in lived.ledgers.items() for one in ledger.outages if one.over}
    for event in lived.slack.events:
        if event.kind in {"opened", "refired"} and (event.watch, event.since) in over and event.own == event.incident:
            posted = await lived.store.posted(event.incident, "slack")
            text = lived.rooms.message(posted)["text"]
            if not any(end in text for end in ENDS):
                yield "not ended", event.id, text


def unfounded(lived):
    """What an alert says is broken was so, by the intervals themselves."""
    for event in lived.slack.events:
        if event.kind in {"opened", "refired", "changed"}:
            for state, place in (code.split(" ") for code in event.facts["failing"]):
                if not any(
                    (one.what, True, True) == (state, place in one.places, one.begins <= event.at)
                    for one in lived.script.faults
                ):
                    yield "unfounded", event.id, state, place


def missed(lived):
    """Whatever lasted for two looks and one that confirms, and was not hidden or silenced for so long, was told."""
    told = defaultdict(list)
    for event in lived.slack.events:
        told[event.watch] += [event] if event.kind in {"opened", "refired", "changed"} else []
    for fault, host in product(lived.script.faults, lived.script.hosts):
        heard = any(one.since < fault.ends and one.at >= fault.begins for one in told[host.id])
        heard = heard or any(_goes_on(lived, host, one, fault) for one in told[host.id])
        if fault.places & set(host.places) and not heard and _has_to_be_told(lived, host, fault):
            yield "not told", host.name, fault.cause, fault.begins


def _goes_on(lived, host, event, fault):
    """Whether the same was told of the same place and no look saw that it was well in between."""
    alike = {f"{fault.what} {place}" for place in fault.places} & set(event.facts["failing"])
    outages = [one for one in lived.ledgers[host.id].outages if one.since == event.since]
    return bool(alike) and any(
        one.since < fault.begins and (not one.over or one.over > fault.begins) for one in outages
    )


def _has_to_be_told(lived, host, fault):
    if fault.what in HIDES or fault.begins + 2 * host.every + 5 * MINUTE > min(fault.ends, lived.end):
        return False
    hides = [one for one in lived.script.faults if one.what in HIDES and (not one.places or one.places & fault.places)]
    hidden = [(one.begins, one.ends) for one in hides] + lived.silences[host.id]
    hidden += [(begins, ends) for channel, begins, ends in lived.closings if channel == host.channel]
    excused = host.more.get("windows")
    return not excused and not any(begins < fault.ends and fault.begins < ends for begins, ends in hidden)


def messages(lived, events):
    """For one cause at most three new messages in a channel, and as many ends in threads; nothing stands twice."""
    keys = Counter(key for _, _, key, _, _ in lived.rooms.log)
    yield from (("repeated", key) for key, count in keys.items() if key and count > 1)
    by_id = {event.id: event for event in events}
    posted, ends = Counter(), Counter()
    for _, channel, key, text, shown in lived.rooms.log:
        event = by_id.get(key.partition("/")[0])
        if event is None or event.kind in {"digest", "certificate_ends", "certificate_renewed", "certificate_replaced"}:
            continue
        cause = channel, *_cause_of(lived, event)
        posted[cause] += key.endswith("/alert") or shown
        ends[cause] += key.endswith("/end") and event.kind in {"recovered", "sees_again", "seen_again"}
        if "may be a repeat" in text:
            yield "repeated", key
    for cause, count in (posted | ends).items():
        if count > MOST_MESSAGES:
            yield "messages", cause, posted[cause], ends[cause]


def joined(lived, events):
    """The thread of a message names each that joined it, or counts it among more; where it could be posted."""
    by_id = {event.id: event for event in events}
    said = defaultdict(list)
    for _, _, key, text, _ in lived.rooms.log:
        event, part = by_id.get(key.partition("/")[0]), key.partition("/")[2]
        if event is not None and part != "alert":
            said[event.incident].append(text)
    closed = {channel for channel, _, _ in lived.closings}
    for event in events:
        if event.facts.get("part") == "joined" and event.channel not in closed and event.at < lived.end - 12 * HOUR:
            thread = "\n".join(said[event.incident])
            if f"{event.target} " not in thread and "; and " not in thread:
                yield "not in the thread", event.id


def _cause_of(lived, event):
    """The fault that an event tells of, by when it began; a notice of what is not seen is its own cause."""
    places = [code.partition(" ")[2] for code in event.facts.get("failing", ())]
    found = [fault for place in places if (fault := lived.truth.broke(place, event.since))]
    return (found[0].cause, found[0].begins.date()) if found else (event.incident,)


def notices(lived):
    """What hid a channel for long was told once, and its end, too."""
    for fault in lived.script.faults:
        if fault.what in HIDES and fault.ends - fault.begins > 12 * HOUR and fault.ends < lived.end - 12 * HOUR:
            asked = [one for one in lived.script.hosts if not fault.places or fault.places & set(one.places)]
            for channel in {one.channel for one in asked} - {"CFLAPS"}:  # that is paused
                kinds = [
                    one.kind
                    for one in lived.slack.events
                    if one.channel == channel
                    and fault.begins <= one.at < fault.ends + 2 * asked[0].every + HOUR
                    and one.facts.get("cause") == CAUSES[fault.what]
                ]
                kinds = [kind for kind in kinds if kind in {"unseen", "seen_again"}]
                if kinds != ["unseen", "seen_again"]:
                    yield "notices", channel, fault.cause, kinds


def certificates(lived):
    """Each that ends within a week of its first look is told of at 7, 3 and 1 days, once each."""
    told = Counter(
        (event.target, event.facts["endpoints"][0]["not_after"], event.facts["threshold"])
        for event in lived.slack.events
        if event.kind == "certificate_ends" and not event.quiet
    )
    wanted = Counter(
        (name, end.isoformat(), days)
        for name, ends in lived.script.ends.items()
        for _, end in ends
        for days in (7, 3, 1)
    )
    yield from (("certificate", *each) for each in ((wanted - told) + (told - wanted)).elements())


def narrowed(lived):
    """Fewer logins are told once, at the second look that saw so, and more of them never; nor is anything else."""
    told = Counter()
    for event in lived.slack.events:
        for one in event.facts["changes"] if event.kind == "dns_changed" else ():
            told[one["record"], one["name"], tuple(one["before"]), tuple(one["after"]), event.at] += 1
    wanted = Counter()
    for fault, (name, ledger) in product(lived.script.narrowed, lived.ledgers.items()):
        looks = [at for at, _, hidden in ledger.looks if fault.holds(at) and not hidden]
        for place in fault.places & set(lived.hosts[name].places) if len(looks) > 1 else ():
            wanted["auth", place, ("LOGIN", "PLAIN"), ("LOGIN",), looks[1]] += 1
    yield from (("logins", *each) for each in ((wanted - told) + (told - wanted)).elements())


def incidents(lived, events):
    """The list of incidents: from when to when each was, how long, and what was broken when it was confirmed."""
    found = defaultdict(list)
    for story in stories(events):
        found[story.first.watch].append(story)
    for name, ledger in lived.ledgers.items():
        wanted = ledger.outages
        listed = sorted(found[name], key=lambda one: one.since)
        if [(one.since, one.ended) for one in wanted] != [(one.since, one.ended) for one in listed]:
            yield "incidents", name, wanted, listed
        for one, story in zip(wanted, listed, strict=False):
            if story.first.at == one.sure and one.codes != set(story.first.facts["failing"]):
                yield "broken", name, one, story.first.facts["failing"]
            if one.ended and story.lasted(lived.end) != ledger.watched(one.since, one.ended):
                yield "length", name, one, story.lasted(lived.end)


def digests(lived):
    """What each said of its day, by its text."""
    texts = {key: text for _, _, key, text, _ in lived.rooms.log if key.startswith("digest:")}
    for channel, now, standings, said in lived.digests:
        text = texts.get(f"digest:T1:{channel}:{now.isoformat()}/alert")
        if text is not None:
            yield from _digest(channel, now, standings, said, text)
        elif not any(on == channel and begins <= now < ends for on, begins, ends in lived.closings):
            yield "no digest", channel, now


def _digest(channel, now, standings, said, text):
    head, *rows = text.split("\n")
    counts = re.findall(r"(\d+) (healthy|down|not seen|waiting|paused)", head.partition(";")[0])
    now = {word: int(number) for number, word in counts} if "now all healthy" not in head else {"healthy": len(said)}
    now |= dict.fromkeys(re.findall(r"watch, now (healthy|down|not seen|waiting|paused)", head), 1)
    if ", now " in head and now != standings:
        yield "standings", channel, now, head, standings
    sick = {name for name, (down, unseen, over) in said.items() if down or over or unseen >= 30}
    named = {name: row for row in rows for name in _names(row)}
    unnamed = [row for row in rows if re.search(r", and \d+ more: |\d+ watches\*? \(tag:", row)]
    ill = sick | {name for name, row in named.items() if re.search(NOT_HEALTHY, row)}
    healthy = re.search(r"(\d+|none) healthy all the time", head)
    well = len(said) if healthy is None else int(healthy[1].replace("none", "0"))
    if well > len(said) - len(sick) or (len(said) <= NAMED and well != len(said) - len(ill)):
        yield "healthy all the time", channel, now, head, sick
    least = max(map(_shown, unnamed), default=(0, 0, 0))
    if not any(row.startswith("• and ") for row in rows):
        yield from (("unnamed", channel, now, name, said[name]) for name in sick - named.keys() if said[name] > least)
    for name, row in named.items():
        paused_all_day = "; paused by" in row and said[name] == (0, 1440, 0)
        alike = [said[each] for each, other in named.items() if other == row]
        wanted = max(alike) if "the worst figure" in row else said[name]
        others = [said[each] for each in said.keys() - named.keys()] if row in unnamed else []
        if _shown(row) not in {wanted, *(one for one in others if one > wanted)} and not paused_all_day:
            yield "digest", channel, now, row, wanted


NOT_HEALTHY = "not seen since|down since|waiting for confirmation|paused by|not checked yet"


def _names(row):
    """The one that a row is about, or all of which it tells the same."""
    return re.findall(r"([^ ,•]+)(?: [^,(`]*)? \(`w-", row.partition("): ")[0] + ")")


def _shown(row):
    """Minutes down and not seen, and how many incidents were over, of a row of a digest."""
    share = re.search(r"usable [^(;,]*\(([^)]*)\)", row)
    told = {
        what: _minutes(length)
        for length, what in re.findall(r"((?:\d+[dhm] ?)+) (down|not seen)", share[1] if share else "")
    }
    incidents = re.search(r"(\d+) incidents?", row)
    return told.get("down", 0), told.get("not seen", 0), int(incidents[1]) if incidents else 0


def looks(lived):
    """Each watch looks at its interval, which 421 may make longer, but for the time in which it is paused."""
    for name, ledger in lived.ledgers.items():
        times = [at for at, _, _ in ledger.looks]
        longest = max(2 * ledger.every, LONGEST_WAIT)
        for at, then in pairwise([START, *times, *([] if ledger.paused else [lived.end])]):
            if (at not in ledger.cut or then == lived.end) and then - at > longest:
                yield "not looked", name, at, then


def _minutes(length):
    each = {"d": 1440, "h": 60, "m": 1}
    return sum(int(part[:-1]) * each[part[-1]] for part in length.split())


def availability(lived, spans):
    """To the microsecond, of the whole and of each place: over everything, and for each week."""
    of_watch = defaultdict(list)
    for one in spans:
        of_watch[one.watch].append(one)
    times = [(START, lived.end), *((START + n * WEEK, START + (n + 1) * WEEK) for n in range(lived.weeks))]
    for name, ledger in lived.ledgers.items():
        for begin, end in times:
            found = uptimes(of_watch[name], begin, end)
            for place in (None, *ledger.places):
                wanted, shown = ledger.lasted(begin, end, place), found.get(place or lived.hosts[name].name)
                for kind in (UP, DOWN, UNSEEN):
                    if (shown.of(kind) if shown else timedelta()) != wanted[kind]:
                        yield "availability", name, place, kind, shown and shown.of(kind), wanted[kind], begin


def shared(lived, spans):
    """What several watches look at is down as all their looks together say."""
    targets = defaultdict(list)
    for host in lived.script.hosts:
        targets[host.name].append(host)
    for name, hosts in targets.items():
        for place in set.intersection(*(set(host.places) for host in hosts)) if len(hosts) > 1 else ():
            times = sorted({at for host in hosts for at, _, _ in lived.ledgers[host.id].looks})
            together = Ledger((place,), min(host.every for host in hosts))
            for at in times:
                together.look(at, {place: lived.truth.at(place, at)})
            ids = {host.id for host in hosts}
            shown = uptimes([one for one in spans if one.watch in ids], START, lived.end)[place].of(DOWN)
            wanted = together.lasted(START, lived.end, place)[DOWN]
            if shown != wanted:
                yield "shared", name, place, shown, wanted
