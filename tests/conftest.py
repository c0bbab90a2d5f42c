"""How the suite runs: the same cases every time; no clock judges them. `make fuzz` is where chance has its place."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

collect_ignore = [] if "PORTERO_REAL" in os.environ else ["real"]
"""Servers of Debian: `make real`."""

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: much of the time is spent waiting for sockets, disks and other processes."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """What is collected lasts to the end: looking through it for garbage again and again is an eighth of the time."""
    gc.collect()
    gc.freeze()
