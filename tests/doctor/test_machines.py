"""What is said of the other machines is what `bot.vantages` sees, as lines of the doctor."""

from datetime import UTC, datetime

from bot.doctor.checks.vantages import machines
from bot.doctor.result.codes import Code
from bot.doctor.view import says, todo
from bot.settings import Settings
from storage.sqlite.history import open_history

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


async def test_without_the_setting_checks_come_from_here_alone():
    assert [one.code for one in await machines(Settings(), NOW)] == [Code.VANTAGES_NONE]


async def test_without_a_history_nobody_knows_who_may_connect(tmp_path):
    settings = Settings(nats="managed", database=str(tmp_path / "none.db"))
    assert [one.code for one in await machines(settings, NOW)] == [Code.VANTAGES_UNKNOWN]
    assert not (tmp_path / "none.db").exists()


async def test_what_is_wrong_with_the_server_is_told_with_its_remedy(tmp_path):
    await (await open_history(tmp_path / "portero.db")).close()
    settings = Settings(nats="managed", database=str(tmp_path / "portero.db"))
    found = await machines(settings, NOW)
    [bad] = [one for one in found if one.code is Code.VANTAGE_BAD]
    assert "no bot has run with this PORTERO_DATABASE" in says(bad)
    assert todo(bad) == "`portero run` makes them."
