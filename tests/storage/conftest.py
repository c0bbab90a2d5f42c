from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage.history import History
from storage.sqlite.history import SqliteHistory
from tests.histories import history_at

# What `test_conformance*.py` run against: a second implementation adds a member here.
OPENERS: dict[str, Callable[[Path], Awaitable[History]]] = {"sqlite": lambda folder: history_at(folder / "history.db")}


@pytest.fixture(params=OPENERS)
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[History]:
    opened = await OPENERS[request.param](tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[SqliteHistory]:
    """On a file that a test may also open by itself; gives up on a lock after 50 ms."""
    opened = await history_at(path, busy_timeout=0.05)
    yield opened
    await opened.close()
