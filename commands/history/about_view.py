"""What is known of one target, as Slack shows it: how often each port was well, how fast, what changed, what ends."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from commands.blocks import Block, line_chart, section, table
from commands.history.about import About
from commands.history.change_log import Step
from commands.history.line import seen_from, when
from commands.history.wording import results, sentences
from commands.slack_text import clean, escape
from commands.times import days_left, ends_in
from commands.uptime import is_shorter, percent, share
from storage.history import Availability

CHANGES_SHOWN = 6
CERTIFICATES = 4
ENDS_SOON = 30
"""Days: a certificate that ends sooner is marked."""


def blocks_of(known: About, now: datetime) -> Iterator[Block]:
    """What changed last, a table, a chart where there is something to draw, what ends. `now` is in the asker's zone."""
    changed = list(changed_lines(known))
    if changed:
        yield section("\n".join(changed))
    rows = folded(availability_rows(known, now.tzinfo))
    if len(rows) > 1:
        yield table(rows)
    yield from _chart(known, now.tzinfo)
    ending = list(certificate_lines(known, now))
    below = [*ending, *known.notes]
    if below:
        yield section("\n".join(below))


def summary_of(known: About, now: datetime) -> list[str]:
    """The same in lines, for notifications and for clients that show no blocks."""
    rows = [" · ".join(row) for row in folded(availability_rows(known, now.tzinfo))]
    table = map(escape, rows) if len(rows) > 1 else ()
    return [*changed_lines(known), *table, *certificate_lines(known, now), *known.notes]


def availability_rows(known: About, zone: tzinfo | None) -> list[tuple[str, ...]]:
    """By port, how much of each span it was well. The first row is the head.

    What a watch looks at is weighed by time; where people looked alone, results are counted: `97.5 % (39 of 40)`. What
    never was well, and nobody watches, is no service of the host.
    """
    places = sorted({place for of in known.uptime.values() for place in of}, key=_in_order)
    watched = {_port_of(place) for place in places}
    counted = {each.port for found in known.availability.values() for each in found if each.ok} - watched
    rows = [("Port", *known.availability)]
    for place in places[:MOST_PLACES]:
        cells = (_uptime(known, span, place, zone) for span in known.availability)
        rows.append((_name_of(place, places), *cells))
    for port in sorted(counted):
        cells = (_share(_of_port(known.availability[span], port)) for span in known.availability)
        rows.append((str(port), *cells))
    return rows


def folded(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What is equal once: ports that were as well as each other are a row, spans that say the same are a column."""
    if len(rows) < TWO:
        return list(rows)
    (first, *heads), *lines = rows
    columns: dict[tuple[str, ...], list[str]] = {}
    for number, head in enumerate(heads, start=1):
        columns.setdefault(tuple(line[number] for line in lines), []).append(head)
    ports: dict[tuple[str, ...], list[str]] = {}
    for number, (port, *_) in enumerate(lines):
        ports.setdefault(tuple(column[number] for column in columns), []).append(port)
    titles = (first, *(f"Usable, {', '.join(spans)}" for spans in columns.values()))
    return [titles, *((_together(alike), *cells) for cells, alike in ports.items())]


def _together(alike: Sequence[str]) -> str:
    """Of a target that is as well as each of its ports they are enough."""
    return ", ".join([port for port in alike if port != WHOLE] or alike)


TWO = 2
MOST_PLACES = 12
WHOLE = "all together"


def _in_order(place: str) -> tuple[str, int]:
    return place.partition(":")[0], _port_of(place)


def _port_of(place: str) -> int:
    port = place.rpartition(":")[2]
    return int(port) if port.isdecimal() and ":" in place else 0


def _name_of(place: str, places: Sequence[str]) -> str:
    """The port; with its host where there are several, and the target as a whole where there is more than it."""
    if not _port_of(place):
        return WHOLE
    hosts = {other.rpartition(":")[0] for other in places if _port_of(other)}
    return clean(place, 60) if len(hosts) > 1 else str(_port_of(place))


def _uptime(known: About, span: str, place: str, zone: tzinfo | None) -> str:
    found = known.uptime[span].get(place)
    if found is None:  # nobody watched it then; people may have looked
        return _share(_counted(known, span, place))
    since = found.since.astimezone(zone)
    utc = " UTC" if since.tzname() == "UTC" else ""
    short = f", known since {since:%b} {since.day} {since:%H:%M}{utc}" if is_shorter(found, known.begins[span]) else ""
    return f"{share(found)}{short}"


def _counted(known: About, span: str, place: str) -> Availability | None:
    """What was counted of a place: of one among several hosts nothing, since ports are counted of all of them."""
    hosts = {endpoint.host for endpoint in known.last.endpoints} or {known.last.target}
    return _of_port(known.availability[span], _port_of(place)) if hosts == {place.rpartition(":")[0]} else None


def _of_port(found: Sequence[Availability], port: int) -> Availability | None:
    return next((each for each in found if each.port == port), None)


def _share(found: Availability | None) -> str:
    """Of results: `97.5 % (39 of 40)`."""
    if found is None or not found.checks:
        return "–"
    share = percent(found.ok, found.checks)
    return f"{share} ({found.ok:,} of {found.checks:,})"


def _chart(known: About, zone: tzinfo | None) -> Iterator[Block]:
    """With the times of the asker's clocks: a chart has no dates that Slack would put into the reader's zone.

    Of several points in one second the newest is drawn: a chart may not have a label twice.
    """
    if not known.trend:
        return
    times = [point.at.astimezone(zone) for point in next(iter(known.trend.values()))]
    places = {label: place for place, label in enumerate(labels(times))}
    series = {
        str(port): [round(points[place].latency_ms, 1) for place in places.values()]
        for port, points in known.trend.items()
    }
    if len(places) > 1:
        title = f"Connecting to {clean(known.host, 30)}"
        yield line_chart(title, list(places), series, x_label=str(zone), y_label="ms, median")


def labels(times: Sequence[datetime]) -> list[str]:
    """`Nov 26 17:20`; with seconds where several would be called alike, which a chart may not have."""
    minutes = [f"{at:%b} {at.day} {at:%H:%M}" for at in times]
    if len(set(minutes)) == len(minutes):
        return minutes
    return [f"{at:%b} {at.day} {at:%H:%M:%S}" for at in times]


def changed_lines(known: About) -> Iterator[str]:
    """The last change: `587: STARTTLS gone` since when, and when it was last seen as it was before."""
    log = known.log
    if log.steps:
        yield from step_lines(log.steps[-1])
    elif log.since is not None:
        yield f":small_blue_diamond: No change is known since {when(log.since)}{_in_results(log.results)}."


def _in_results(count: int) -> str:
    return ", of which there is one result" if count == 1 else f", in {results(count)}"


def step_lines(step: Step) -> Iterator[str]:
    """`*Changed Nov 11 10:00* (before: as on Nov 10 09:45)`, and a line for each change."""
    yield f"*Changed {when(step.at)}*{seen_from(step.vantage)} (before: as on {when(step.before_at)})"
    said = sentences(step.changes)
    for words in said[:CHANGES_SHOWN]:
        yield f"• {escape(words, 300)}"
    more = len(said) - CHANGES_SHOWN
    if more > 0:
        yield f"• {more} more behind Compare"


def certificate_lines(known: About, now: datetime) -> Iterator[str]:
    """Days left of certificates, ports with the same one together; of several hosts each is named.

    Of a time that is over it is said until when they were good: what is shown since then is another matter.
    """
    found: dict[tuple[datetime, str, str], set[int]] = {}
    for reading in known.certificates:
        if reading.certificate_ends is not None:
            found.setdefault((reading.certificate_ends, reading.host, reading.certificate), set()).add(reading.port)
    several = len({host for _, host, _ in found}) > 1
    for (ends, host, _), ports in sorted(found.items())[:CERTIFICATES]:
        place = ", ".join(map(str, sorted(ports))) + (f" of {escape(host, 80)}" if several else "")
        days = days_left(ends, now)
        icon = ":lock:" if known.over or days >= ENDS_SOON else ":warning:"
        good = f"seen then: until {ends:%Y-%m-%d}" if known.over else f"{ends_in(days)} ({ends:%Y-%m-%d})"
        yield f"{icon} Certificate on {place} {good}"
    if len(found) > CERTIFICATES:
        yield f"• and {len(found) - CERTIFICATES} more that end later"
