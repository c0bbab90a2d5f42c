"""A test that leaves a connection to SQLite open fails by its name.

Python 3.13 warns of such a connection too, but only when it happens to be collected: in another test.
"""

import sqlite3

import pytest

_connect = sqlite3.connect
_opened: list[sqlite3.Connection] = []


def _noted(*args, **options):
    _opened.append(_connect(*args, **options))
    return _opened[-1]


sqlite3.connect = _noted


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown():
    ended = yield
    left = left_open()
    for each in left:
        each.close()
    assert not left, f"{len(left)} connections to SQLite were left open"
    return ended


def left_open() -> list[sqlite3.Connection]:
    found = [each for each in _opened if _is_open(each)]
    _opened.clear()
    return found


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
