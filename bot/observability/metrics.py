"""Prometheus metrics. Names carry their unit; labels are ours and few."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

requests = Counter("portero_requests", "Requests that were served", ["command", "surface"])
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
storage_trouble = Gauge("portero_storage_trouble", "1 while the history cannot be kept or read", ["kind"])
verified = Gauge("portero_storage_sound", "1 if the last check of the history that ended found it whole, 0 if not")
verify_seconds = Gauge("portero_storage_check_seconds", "How long the last check of the history took")
storage_failures = Counter("portero_storage_failures", "Questions to the history that failed", ["kind"])


@contextmanager
def serving(command: str, surface: str) -> Iterator[None]:
    """Count and time one request."""
    requests.labels(command, surface).inc()
    began = time.perf_counter()
    with running.track_inprogress():
        yield
    seconds.labels(command).observe(time.perf_counter() - began)
