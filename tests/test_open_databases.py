import sqlite3
from contextlib import closing

from tests.open_databases import left_open


def test_a_connection_is_found_that_was_dropped_without_being_closed():
    with closing(sqlite3.connect(":memory:")) as kept:
        sqlite3.connect(":memory:").execute("CREATE TABLE dropped (name)")
        found = left_open()
        assert len(found) == 2
        assert found[0] is kept
    [name] = found[1].execute("SELECT name FROM sqlite_schema").fetchone()
    found[1].close()
    assert name == "dropped"


def test_nothing_is_found_where_all_are_closed():
    with closing(sqlite3.connect(":memory:")):
        pass
    assert left_open() == []
