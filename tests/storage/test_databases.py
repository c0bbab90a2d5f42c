"""One place opens the database that a setting names, and knows which kinds there are."""

import pytest

from bot.settings import SettingsError, load
from bot.terminal.database_path import look_for
from storage.databases import registry as databases
from storage.errors import StorageError
from storage.history import OPERATOR, Query
from tests.storage.samples import an_entry


async def test_a_path_opens_history_watches_and_file(tmp_path):
    path = tmp_path / "portero.db"
    async with databases.opened(str(path)) as database:
        await database.history.add(an_entry("e1"))
        assert await database.watches.visible_to(OPERATOR) == []
        assert database.file.path == path
    async with databases.opened(str(path), to_read=True) as database:
        assert [each.id for each in await database.history.entries(Query(OPERATOR))] == ["e1"]


async def test_who_reads_makes_no_file(tmp_path):
    path = tmp_path / "portero.db"
    with pytest.raises(StorageError):
        async with databases.opened(str(path), to_read=True):
            pass
    assert not path.exists()


async def test_a_kind_is_a_row_that_the_setting_takes_at_once(tmp_path, monkeypatch):
    """A second database is asked for by its scheme, by whoever opens one and by the check of the setting."""
    url, asked = "rows://db.example/portero", []

    async def open_other(name, is_document):
        asked.append(name)
        return await databases.KINDS[""].open(str(tmp_path / "other.db"), is_document)

    with pytest.raises(SettingsError, match="not supported yet"):
        load({"PORTERO_DATABASE": url})
    monkeypatch.setattr(databases, "KINDS", {**databases.KINDS, "rows": databases.Kind(open_other, open_other, bool)})
    settings = load({"PORTERO_DATABASE": url})
    look_for(settings.database)
    async with databases.opened(settings.database) as database:
        assert await database.history.count(Query(OPERATOR)) == 0
    assert (settings.database, asked) == (url, [url])
