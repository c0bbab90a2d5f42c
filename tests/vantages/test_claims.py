"""Whose an address is: what machines announce of themselves, and what an admin has pinned."""

import argparse
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.terminal.vantage import own_address
from bot.vantages.claims import Doubt, Doubted, weighed
from bot.vantages.hello import Hello, Source
from bot.vantages.places import Places, Presence
from bot.vantages.registry import Registered, add, pin, registered
from commands.contract import UserError
from commands.smtpcheck.places.checker import PlaceError
from storage.queries import OPERATOR
from tests.histories import history_at
from tests.vantages.processes import Installation

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE, TWO, THREE = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def hello(*sources):
    made = tuple(Source(*source.partition("=")[::2]) for source in ("", *sources))
    said = Hello("00000000", "0.1.0", NOON, made, (25,), None).to_bytes()
    return Hello.read(said)


def machine(name, *pinned):
    return Registered("T1", name, ("UA",), sources=tuple(Source(*one.partition("=")[::2]) for one in pinned))


def weigh(known, **announced):
    workers = {name: [hello(*sources)] for name, sources in announced.items()}
    return weighed({one.name: one for one in known}, workers)


def addresses(claims):
    return {name: [one.address for one in each] for name, each in claims.owned.items()}


BOTH = machine("fra"), machine("mta")


def test_what_one_machine_alone_announces_is_believed():
    assert addresses(weigh(BOTH, fra=[ONE], mta=[TWO, THREE])) == {"fra": [ONE], "mta": [TWO, THREE]}


@pytest.mark.parametrize("spelt", ["2001:DB8::1", "2001:db8:0:0::1"])
def test_what_two_announce_is_nobodys_however_they_spell_it(spelt):
    claims = weigh(BOTH, fra=["2001:db8::1", ONE], mta=[spelt])
    assert addresses(claims) == {"fra": [ONE], "mta": []}
    assert claims.doubted["mta"] == (Doubted("2001:db8::1", Doubt.CONTESTED, "fra"),)


def test_what_is_pinned_is_its_machines_whoever_else_announces_it_also_while_that_is_away():
    known = machine("fra"), machine("mta", ONE)
    claims = weigh(known, fra=[ONE], mta=[ONE])
    assert addresses(claims) == {"fra": [], "mta": [ONE]}
    assert claims.doubted["fra"] == (Doubted(ONE, Doubt.OF_ANOTHER, "mta"),)
    assert addresses(weigh(known, fra=[ONE])) == {"fra": []}


def test_what_a_machine_announces_beyond_what_is_pinned_to_it_is_ignored():
    claims = weigh([machine("mta", f"{ONE}=mta.example")], mta=[f"{ONE}=mta.example", TWO, f"{ONE}=other.example"])
    assert claims.owned["mta"] == (Source(ONE, "mta.example"),)
    assert {one.why for one in claims.doubted["mta"]} == {Doubt.NOT_PINNED, Doubt.OTHER_NAME}
    assert addresses(weigh([machine("mta", ONE)], mta=[f"{ONE}=any.example"])) == {"mta": [ONE]}


@pytest.fixture
async def notes(tmp_path):
    history = await history_at(tmp_path / "portero.db")
    yield history.watches
    await history.close()


class Up:
    is_up = True


@pytest.fixture
async def places(notes, caplog):
    """mta-03, to which ONE is pinned, announces that and TWO; fra-1 announces THREE, and so does nyc-1."""
    caplog.set_level(logging.WARNING)

    async def space():
        return "T1"

    for name in ("mta-03", "fra-1", "nyc-1"):
        await add(notes, "T1", name, "UA", by="tests", at=NOON)
    await pin(notes, "T1", "mta-03", [Source(ONE, "")], by="tests", at=NOON)
    there = {"mta-03": [ONE, TWO], "fra-1": [THREE], "nyc-1": [THREE, "198.51.100.9"]}
    present = {name: Presence((hello(*each),), NOON, NOON, NOON) for name, each in there.items()}
    made = Places(notes, space, None, lambda: NOON, link=Up(), present=present)

    async def look():
        made._note_doubts(await made._registered())

    made.look = look
    return made


async def test_machines_say_below_their_line_what_is_not_taken_for_theirs(places):
    told = dict(await places.told())
    assert f"checks from its own choice (), {ONE} (); version" in told["mta-03"]
    assert told["mta-03"].endswith(f":warning: It also announces {TWO}, which is not pinned to it: ignored.")
    said = f":warning: It announces {THREE}, and so does nyc-1: nobody's until it is pinned to one of them."
    assert told["fra-1"].endswith(said)


async def test_the_log_has_each_doubt_once(places, caplog):
    await places.look()
    await places.look()
    assert [record.getMessage() for record in caplog.records if "announces" in record.getMessage()] == [
        f"vantage fra-1 announces {THREE}, which is not taken for its own (contested nyc-1)",
        f"vantage mta-03 announces {TWO}, which is not taken for its own (not_pinned )",
        f"vantage nyc-1 announces {THREE}, which is not taken for its own (contested fra-1)",
    ]


async def test_whoever_announces_other_addresses_at_each_look_fills_no_log(places, caplog):
    for look in range(3):
        many = hello(*(f"192.0.2.{look * 80 + number}" for number in range(3, 83)))
        places.present["mta-03"] = Presence((many,), NOON, NOON, NOON)
        await places.look()
    told = [record for record in caplog.records if "vantage mta-03 announces" in record.getMessage()]
    assert 3 * 4 <= len(told) <= 3 * 10


async def test_a_config_is_checked_from_what_is_a_machines_own_alone(places):
    assert {address: place for address, (place, _) in (await places.sources(OPERATOR, "C1")).items()} == {
        ONE: f"mta-03/{ONE}",
        "198.51.100.9": "nyc-1/198.51.100.9",
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (f"mta-03/{TWO}", f"{TWO} is no address of mta-03: pinned are {ONE}."),
        ("mta-03/198.51.100.1", f"198.51.100.1 is no address of mta-03: pinned are {ONE}."),
        (f"fra-1/{THREE}", f"Whether {THREE} is an address of fra-1 nobody knows: nyc-1 announces it, too."),
    ],
)
async def test_nothing_is_checked_from_an_address_that_is_not_the_machines(places, asked, said):
    with pytest.raises(PlaceError) as refused:
        await places.checker(asked, OPERATOR, "C1")
    assert refused.value.message == said


@pytest.mark.parametrize("asked", ["mta-03", f"mta-03/{ONE}", "nyc-1/198.51.100.9", "fra-1/198.51.100.1"])
async def test_from_any_other_address_the_machine_is_asked(places, asked):
    assert (await places.checker(asked, OPERATOR, "C1")).vantage == asked


async def test_an_address_is_pinned_to_one_machine_and_a_revoked_one_gives_it_up(notes):
    for name in ("fra-1", "mta-03"):
        await add(notes, "T1", name, "UA", by="tests", at=NOON)
    await pin(notes, "T1", "mta-03", [Source(ONE, "mta.example")], by="anna", at=NOON)
    with pytest.raises(UserError, match=f"{ONE} is pinned to mta-03 already"):
        await pin(notes, "T1", "fra-1", [Source(ONE, "")], by="anna", at=NOON)
    [_, mta] = await registered(notes, "T1")
    assert (mta.sources, mta.keys) == ((Source(ONE, "mta.example"),), ("UA",))
    assert mta.events[-1] == (NOON.isoformat(), "anna", f"pinned {ONE}")
    assert replace(mta, events=()).to_document()["sources"] == [[ONE, "mta.example"]]


@pytest.fixture
def home(tmp_path, monkeypatch):
    home = Installation(tmp_path, 25)
    for name, value in home.values.items():
        monkeypatch.setenv(name, value)
    return home


def test_credentials_are_written_over_no_file_but_the_last_of_that_machine(home, capsys):
    mine, other, link = (home.file(name) for name in ("mta-03", "notes", "link"))
    Path(other).write_text("mine\n")
    Path(link).symlink_to(home.file("nowhere"))
    assert main(["vantage", "add", "mta-03", "--out", mine]) == 0
    before = Path(mine).read_bytes()
    for words in (["add", "fra-1", mine], ["add", "fra-1", other], ["add", "fra-1", link], ["rotate", "mta-03", other]):
        deed, name, where = words
        assert main(["vantage", deed, name, "--out", where]) == 2, words
        assert "is there already and is left as it is." in capsys.readouterr().err
    assert (Path(mine).read_bytes(), Path(other).read_text(), Path(link).is_symlink()) == (before, "mine\n", True)
    assert main(["vantage", "rotate", "mta-03", "--out", mine]) == 0
    assert Path(mine).read_bytes() != before
    capsys.readouterr()
    assert main(["vantage", "list", "--json"]) == 0
    assert [(one["name"], one["keys"]) for one in json.loads(capsys.readouterr().out)] == [("mta-03", 2)]


def test_addresses_are_pinned_in_the_terminal(home, capsys):
    assert main(["vantage", "add", "mta-03", "--out", home.file("mta-03"), "--source", f"{ONE}=mta.example"]) == 0
    assert main(["vantage", "pin", "mta-03", "--source", TWO, "--source", "2001:DB8::1"]) == 0
    capsys.readouterr()
    assert main(["vantage", "list", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert [each["address"] for each in one["sources"]] == [TWO, "2001:db8::1"]
    assert [event["what"] for event in one["events"]] == ["added", f"pinned {ONE}", f"pinned {TWO}, 2001:db8::1"]
    assert main(["vantage", "pin", "mta-03"]) == 2
    assert "Which addresses are its own?" in capsys.readouterr().err
    assert main(["vantage", "pin", "mta-03", "--none"]) == 0
    assert capsys.readouterr().out == "Nothing is pinned to mta-03: what it announces is believed.\n"


@pytest.mark.parametrize("text", ["", "mta", "192.0.2.1=", "192.0.2.1=a b", "192.0.2.300"])
def test_what_is_no_address_is_told_with_how_to_write_one(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"write 192\.0\.2\.11 or"):
        own_address(text)
