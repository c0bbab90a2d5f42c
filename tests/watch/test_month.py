"""A small month in every run of the suite; the whole one is `python -m tests.watch.month`."""

from datetime import timedelta

from .month import BAD, Month


async def test_every_transition_of_a_simulated_time_is_told_once(tmp_path, caplog):
    caplog.set_level("CRITICAL")
    result = await Month(tmp_path, 20, 3, timedelta(hours=2), 1, killed=0.1).play()
    assert {name: result[name] for name in BAD} == dict.fromkeys(BAD, 0)
    assert result["long outages nobody told"] == 0
    assert result["events delivered"] == result["events written"] > 0
    assert result["runs kept"] == result["history entries"]
    assert result["messages posted twice"] == 0 < result["looks before a post"]


async def test_without_the_scope_what_may_have_arrived_is_posted_again(tmp_path, caplog):
    caplog.set_level("CRITICAL")
    result = await Month(tmp_path, 20, 3, timedelta(hours=2), 1, reads=False, killed=0.1).play()
    assert {name: result[name] for name in BAD} == dict.fromkeys(BAD, 0)
    assert result["messages posted twice"] > 0
