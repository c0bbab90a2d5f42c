from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage.history import History
from storage.sqlite.history import SqliteHistory, open_history

# What `test_conformance*.py` run against: a second implementation adds a member here.
OPENERS: dict[str, Callable[[Path], Awaitable[History]]] = {
    "sqlite": lambda folder: open_history(folder / "history.db")
}


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
    opened = await open_history(path, busy_timeout=0.05)
    yield opened
    await opened.close()
