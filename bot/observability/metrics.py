"""Prometheus metrics: of requests and of the process as they come, of watches and the database at each scrape.

Names carry their unit; labels are ours and few. Those of watches are the id, the target and the kind: as many series as
there are watches (PORTERO_WATCHES_MAX), and none of a watch that is deleted.
"""

import asyncio
import logging
import math
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from commands.watch.state.certificates import ENDS
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from storage.history import OPERATOR, StorageError
from storage.watches import Backlog, Watches

log = logging.getLogger(__name__)

build = Info("portero_build", "The version of Portero")
build.info({"version": version("portero")})
ready = Gauge("portero_ready", "1 while /readyz says so: connected to Slack, its token taken, not stopping")
requests = Counter("portero_requests", "Requests that were served", ["command", "surface"])
ended = Counter("portero_requests_ended", "Requests by what became of them", ["command", "outcome"])
undelivered = Counter("portero_answers_undelivered", "Answers that Slack took by no method")
bugs = Counter("portero_request_failures", "Requests that ended in an unexpected error")
seconds = Histogram(
    "portero_request_seconds",
    "Time from request to last answer",
    ["command"],
    buckets=(0.05, 0.1, 0.3, 1, 3, 10, 30, 60),
)
running = Gauge("portero_requests_running", "Requests under way")
connected = Gauge("portero_socket_connected", "1 while the Socket Mode connection stands")
reconnects = Counter("portero_socket_renewals", "Times the watchdog asked for a new Socket Mode ticket")
slack_errors = Counter("portero_slack_errors", "Calls of Slack's Web API that failed", ["method", "error"])
token_refused = Gauge("portero_slack_token_refused", "1 while Slack does not take the token", ["token"])
storage_trouble = Gauge("portero_storage_trouble", "1 while the history cannot be kept or read", ["kind"])
verified = Gauge("portero_storage_sound", "1 if the last check of the history that ended found it whole, 0 if not")
verified.set(math.nan)  # nobody has looked yet
verify_seconds = Gauge("portero_storage_check_seconds", "How long the last check of the history took")
storage_failures = Counter("portero_storage_failures", "Questions to the history that failed", ["kind"])


WATCH_LABELS = ("watch", "target", "kind")
DOWN = frozenset({"down", "recovering"})


async def watch_page(watches: Watches, now: Callable[[], datetime]) -> bytes:
    """The text of the gauges; nothing when the database cannot be read, so that the other metrics stay."""
    try:
        rows, backlog = await watches.visible_to(OPERATOR), await watches.backlog(now())
    except StorageError as error:
        log.error("the metrics of watches could not be read: %s", error)  # noqa: TRY400 - the words say it all
        return b""
    return generate_latest(gauges(map(of_row, rows), backlog, now()))


async def database_page(file: Path | None) -> bytes:
    """The size of the history with what SQLite lays beside it, and what its disk has left; nothing without a file."""
    return b"" if file is None else generate_latest(await asyncio.to_thread(_sizes, file))


def _sizes(file: Path) -> CollectorRegistry:
    made = CollectorRegistry()
    size = Gauge("portero_storage_bytes", "The history with its WAL", registry=made)
    free = Gauge("portero_storage_free_bytes", "What is free on the disk of the history", registry=made)
    for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        with suppress(OSError):
            size.inc(each.stat().st_size)
    with suppress(OSError):
        free.set(shutil.disk_usage(file.parent).free)
    return made


def gauges(watches: Iterable[Watch], backlog: Backlog, now: datetime) -> CollectorRegistry:
    made = CollectorRegistry()
    up = Gauge(
        "portero_watch_up",
        "1: healthy, 0: an incident is open; absent before the first run",
        WATCH_LABELS,
        registry=made,
    )
    running = Gauge("portero_watch_running", "0 while a watch is paused", WATCH_LABELS, registry=made)
    quiet = Gauge("portero_watch_quiet", "1 while muted, snoozed or in maintenance", WATCH_LABELS, registry=made)
    latency = Gauge("portero_watch_latency_seconds", "Length of the last run", WATCH_LABELS, registry=made)
    end = Gauge(
        "portero_watch_certificate_end_timestamp_seconds",
        "When the first certificate ends, in seconds since 1970",
        WATCH_LABELS,
        registry=made,
    )
    for watch in watches:
        labels = (watch.id, watch.target, watch.kind)
        running.labels(*labels).set(watch.paused is None)
        quiet.labels(*labels).set(watch.silence(now) is not None)
        if watch.state.phase != "new":
            up.labels(*labels).set(watch.state.phase not in DOWN)
        if watch.state.last_ms is not None:
            latency.labels(*labels).set(watch.state.last_ms / 1000)
        if ends := watch.state.baseline.get(ENDS):
            end.labels(*labels).set(datetime.fromisoformat(ends).timestamp())
    Gauge("portero_watches_due", "Watches that are due and wait", registry=made).set(backlog.due)
    Gauge("portero_watch_deliveries_waiting", "Alerts that wait", registry=made).set(backlog.waiting)
    Gauge("portero_watch_deliveries_failed", "Alerts that were given up", registry=made).set(backlog.failed)
    return made
