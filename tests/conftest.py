"""How the suite runs: the same cases every time; no clock judges them. `make fuzz` is where chance has its place."""

import gc
import os
import signal

import pytest
from hypothesis import HealthCheck, settings

# Some machines tell all of Python so. Here each of a hundred processes would compile the bot anew, a second each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_plugins = ["tests.open_databases"]

collect_ignore = [] if "PORTERO_REAL" in os.environ else ["real"]
"""Servers of Debian: `make real`."""

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_configure() -> None:
    """A shell lets what runs in its background ignore Ctrl-C; so would all that a test starts and stops."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: much of the time is spent waiting for sockets, disks and other processes."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """What is collected lasts to the end: looking through it for garbage again and again is an eighth of the time."""
    gc.collect()
    gc.freeze()
