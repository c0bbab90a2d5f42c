"""Checks of other ports know the same ports, too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.history.about import about
from commands.history.about_view import changed_lines
from commands.history.compare import compared
from commands.sharing import fingerprint
from commands.smtpcheck.result.document import facts
from storage.queries import OPERATOR
from storage.sqlite.history import open_history
from tests.history.documents import AT, HOST, document, endpoint, entry, reading

DAY = timedelta(days=1)


@pytest.fixture
async def history(tmp_path):
    kept = await open_history(tmp_path / "history.db")
    yield kept
    await kept.close()


async def checked(history, day, deep="", **states):
    """A check of ports (`p25="open"`) on a day; its id is the day's number."""
    by_port = {int(name[1:]): state for name, state in states.items()}
    made = document(*(_endpoint(port, state) for port, state in by_port.items()), id=str(day))
    kept = entry(str(day), made, started_at=AT + day * DAY)
    scope = ",".join(map(str, by_port)) + deep
    readings = [reading(port, state=state, ok=state == "open") for port, state in by_port.items()]
    await history.add(replace(kept, scope=scope, outcome=fingerprint(facts(made))), readings)


def _endpoint(port, state):
    is_open = state == "open"
    return endpoint(port, state=state, tls="ok" if is_open else "", shown=is_open)


async def said(history):
    known = await about(HOST, AT + 9 * DAY, history, OPERATOR)
    return list(changed_lines(known))


async def test_a_port_that_other_checks_saw_otherwise_has_changed(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="open", p587="open", p2525="open")
    await checked(history, 3, p25="refused")
    head, change = await said(history)
    assert "Changed" in head and "2026-11-27" in head and "2026-11-26" in head
    assert change == "• 25: refused (before: open)"
    dialogue = await compared("3", history, OPERATOR, AT.tzinfo, lambda line: line)
    assert "2026-11-26" in str(dialogue.blocks[1])


async def test_a_longer_wait_that_hears_an_answer_is_a_change(history):
    await checked(history, 1, p25="no_greeting")
    await checked(history, 2, deep=" deep", p25="open")
    assert (await said(history))[1].startswith("• 25: open")


async def test_it_changed_when_that_port_was_first_seen_so(history):
    await checked(history, 1, p25="open", p2525="open")
    await checked(history, 2, p587="open")
    await checked(history, 3, p25="refused", p2525="open")
    await checked(history, 4, p25="refused", p587="open")
    head, _ = await said(history)
    assert "*Changed" in head and "2026-11-27" in head and "2026-11-25" in head


async def test_what_differed_last_counts_and_of_the_same_ports_all_that_did(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="refused", p587="refused")
    await checked(history, 3, p25="open", p587="open")
    assert "2026-11-26" in (await said(history))[0]
    await checked(history, 4, p25="refused", p465="open")
    await checked(history, 5, p25="open", p587="open")
    head, change = await said(history)
    assert "2026-11-29" in head and "2026-11-28" in head and change.startswith("• 25: open")


async def test_ports_that_nobody_saw_otherwise_have_not_changed(history):
    await checked(history, 1, p25="refused", p587="open")
    await checked(history, 2, p587="open")
    [words] = await said(history)
    assert "No change is known" in words and "the first check of just these ports" in words


async def test_of_one_port_that_was_asked_for_nothing_is_said_of_others(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="refused", p587="open")
    of_25, of_587 = [await about(HOST, AT + 9 * DAY, history, OPERATOR, port) for port in (25, 587)]
    assert [change.place for change in of_25.changed.changes] == ["25"]
    assert of_587.changed is None
    assert [one.port for one in of_587.availability["90 d"]] == [587]
    assert set(of_587.trend) <= {587}
    assert await about(HOST, AT + 9 * DAY, history, OPERATOR, 465) is None
