"""A stored document of the wrong shape is a damaged row, for whoever reads it and for `portero history check`."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest

from bot.cli import main
from commands.smtpcheck.stored.pauses import last_look, last_result, rest_of
from commands.stored_shapes import SHAPES, is_document
from storage.history import OPERATOR, CorruptError, Query
from storage.sqlite.history import open_history
from tests.storage.samples import NOON, a_reading, an_entry

ENDPOINT = {
    "host": "mail.example.com",
    "address": "192.0.2.25",
    "port": 25,
    "state": "refused_by_policy",
    "greeting": None,
    "extensions": {"before_tls": [], "after_tls": []},
    "auth": {"before_tls": [], "after_tls": []},
    "tls": None,
    "timings_ms": {},
    "findings": [],
    "transcript": [],
}
CHECK = {
    "schema": "portero.check/2",
    "id": "e1",
    "target": "mail.example.com",
    "started_at": "2026-11-24T12:00:00Z",
    "verdict": "ok",
    "summary": [],
    "recommended": None,
    "dns": {"mx": [], "findings": []},
    "endpoints": [ENDPOINT],
    "findings": [],
}
ODD = (
    {"a": 1},
    {**CHECK, "endpoints": "x"},
    {**CHECK, "endpoints": [1]},
    {**CHECK, "endpoints": {}},
    {**CHECK, "summary": {"code": "x"}},
    {**CHECK, "summary": [1]},
    {**CHECK, "findings": None},
    {**CHECK, "dns": []},
    {**CHECK, "endpoints": [{**ENDPOINT, "port": True}]},
    {**CHECK, "endpoints": [{**ENDPOINT, "tls": "ok"}]},
    {**CHECK, "endpoints": [{**ENDPOINT, "transcript": ["x"]}]},
)

OTHER = ({"a": 1}, {"findings": 7})


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "history.db"))
    return tmp_path / "history.db"


async def hold(path, document, kind="check"):
    """A history with a sound result and, newer, one whose document is this, without a checksum."""
    history = await open_history(path)
    await history.add(an_entry("sound", document=CHECK))
    odd = an_entry("odd", kind=kind, target=kind if kind == "network" else "mail.example.com", scope="25")
    await history.add(odd, [a_reading(25, state="refused_by_policy", ok=False)])
    await history.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET document = ? WHERE id = 'odd'", [json.dumps(document)])


@pytest.mark.parametrize("document", ODD)
async def test_a_check_of_the_wrong_shape_costs_no_new_check(path, document):
    await hold(path, document)
    history = await open_history(path, is_document=is_document)
    assert await rest_of("mail.example.com", [25], history, OPERATOR, NOON) is None
    await last_result("mail.example.com", [25], history, OPERATOR, NOON)
    found = await history.entries(Query(OPERATOR))
    assert ([each.id for each in found], found.damaged) == (["sound"], 1)
    with pytest.raises(CorruptError, match="a row holds what nobody wrote"):
        await history.get("odd", OPERATOR)
    await history.close()


@pytest.mark.parametrize("document", [{"a": 1}, {"ports": [1]}, {"ports": [{"port": "25"}]}])
async def test_a_look_of_the_wrong_shape_costs_no_new_look(path, document):
    await hold(path, document, "network")
    history = await open_history(path, is_document=is_document)
    assert await last_look([25], history, OPERATOR, NOON, again=False) is None
    await history.close()


@pytest.fixture(params=[(kind, odd) for kind in SHAPES for odd in (ODD if kind == "check" else OTHER)])
def damaged(request, path):
    kind, document = request.param
    asyncio.run(hold(path, document, kind))


@pytest.mark.parametrize("written", ["json", "csv"])
def test_a_listing_leaves_it_out_and_says_so(damaged, capsys, written):
    assert main(["history", "--format", written]) == 1
    out, err = capsys.readouterr()
    assert out.count("sound") == 1
    assert "odd" not in out
    assert err.startswith("1 result damaged and left out.")


def test_the_check_of_a_history_finds_it(damaged, capsys):
    assert main(["history", "check"]) == 1
    assert "entries: 1 row that nobody wrote so" in capsys.readouterr().out


def test_the_smallest_sound_document_is_one():
    assert is_document("check", CHECK)
    assert is_document("check", {**CHECK, "summary": "Works.", "schema": "portero.check/1"})
