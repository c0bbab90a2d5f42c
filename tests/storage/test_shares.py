"""What every implementation keeps of results that were shared: each once in a conversation, until it is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.history import OPERATOR, Viewer
from storage.shares import SharedResult
from tests.storage.samples import DAY, MINUTE, NOON, an_entry

ANA = Viewer("T1", "U1", frozenset({"C1"}))
WANTED = SharedResult("e1", "C1", "", "U1", NOON)
POSTED = replace(WANTED, posted=True, ts="1.2")


async def claimed(history, wanted=WANTED):
    return await history.claim_share(wanted, ANA, patience=MINUTE)


async def test_who_comes_first_may_post_it_and_who_comes_next_learns_where_it_stands(history):
    assert await claimed(history) is None
    assert await claimed(history, replace(WANTED, actor="U2")) == WANTED
    await history.keep_share(POSTED, ANA)
    assert await claimed(history, replace(WANTED, actor="U2", at=NOON + DAY)) == POSTED
    assert await history.shared("e1", "C1", "", ANA) == POSTED


@pytest.mark.parametrize("other", [{"channel": "C2"}, {"thread": "7.0"}, {"entry": "e2"}])
async def test_another_conversation_thread_or_result_is_another_share(history, other):
    await claimed(history)
    assert await claimed(history, replace(WANTED, **other)) is None


async def test_one_whose_process_died_before_it_was_posted_may_be_posted_anew(history):
    await claimed(history)
    later = replace(WANTED, actor="U2", at=NOON + MINUTE)
    assert await claimed(history, replace(later, at=NOON + timedelta(seconds=59))) == WANTED
    assert await claimed(history, later) is None
    assert await history.shared("e1", "C1", "", ANA) == later


async def test_what_was_taken_back_may_be_shared_again(history):
    await history.keep_share(POSTED, ANA)
    await history.drop_share(POSTED, ANA)
    assert await history.shared("e1", "C1", "", ANA) is None
    assert await claimed(history) is None


async def test_it_outlives_the_result_and_goes_when_it_is_too_old(history):
    await history.add(an_entry("e1", started_at=NOON + DAY))
    await history.keep_share(POSTED, ANA)
    await history.delete("e1", OPERATOR)
    assert await history.shared("e1", "C1", "", ANA) == POSTED
    await history.prune(NOON)
    assert await history.shared("e1", "C1", "", ANA) == POSTED
    await history.prune(NOON + MINUTE)
    assert await history.shared("e1", "C1", "", ANA) is None


async def test_a_person_is_forgotten_with_what_they_shared(history):
    await history.keep_share(POSTED, ANA)
    await history.keep_share(replace(POSTED, channel="C2", actor="U2"), ANA)
    await history.forget("T1", "U1")
    assert await history.shared("e1", "C1", "", ANA) is None
    assert (await history.shared("e1", "C2", "", ANA)).actor == "U2"


async def test_it_is_shared_in_one_team(history):
    with pytest.raises(ValueError, match="one team"):
        await history.claim_share(WANTED, OPERATOR, patience=MINUTE)
