"""Gauges of watches for /metrics, made from the database at each scrape: a watch that is deleted is not there any more.

Labels are the id, the target and the kind of a watch: as many series as there are watches (PORTERO_WATCHES_MAX).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from commands.watch.state.certificates import ENDS
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from storage.history import StorageError
from storage.watches import Backlog, Watches

log = logging.getLogger(__name__)

LABELS = ("watch", "target", "kind")
DOWN = frozenset({"down", "recovering"})


async def page(watches: Watches, now: Callable[[], datetime]) -> bytes:
    """The text of the gauges; nothing when the database cannot be read, so that the other metrics stay."""
    try:
        rows, backlog = await watches.all(), await watches.backlog(now())
    except StorageError as error:
        log.error("the metrics of watches could not be read: %s", error)  # noqa: TRY400 - the words say it all
        return b""
    return generate_latest(gauges(map(of_row, rows), backlog, now()))


def gauges(watches: Iterable[Watch], backlog: Backlog, now: datetime) -> CollectorRegistry:
    made = CollectorRegistry()
    up = Gauge(
        "portero_watch_up", "1: healthy, 0: an incident is open; absent before the first run", LABELS, registry=made
    )
    running = Gauge("portero_watch_running", "0 while a watch is paused", LABELS, registry=made)
    quiet = Gauge("portero_watch_quiet", "1 while muted, snoozed or in maintenance", LABELS, registry=made)
    latency = Gauge("portero_watch_latency_seconds", "Length of the last run", LABELS, registry=made)
    days = Gauge("portero_watch_certificate_days", "Days until the first certificate ends", LABELS, registry=made)
    for watch in watches:
        labels = (watch.id, watch.target, watch.kind)
        running.labels(*labels).set(watch.paused is None)
        quiet.labels(*labels).set(watch.silence(now) is not None)
        if watch.state.phase != "new":
            up.labels(*labels).set(watch.state.phase not in DOWN)
        if watch.state.last_ms is not None:
            latency.labels(*labels).set(watch.state.last_ms / 1000)
        if ends := watch.state.baseline.get(ENDS):
            days.labels(*labels).set((datetime.fromisoformat(ends) - now).total_seconds() / 86_400)
    Gauge("portero_watches_due", "Watches that are due and wait", registry=made).set(backlog.due)
    Gauge("portero_watch_deliveries_waiting", "Alerts that wait", registry=made).set(backlog.waiting)
    Gauge("portero_watch_deliveries_failed", "Alerts that were given up", registry=made).set(backlog.failed)
    return made
