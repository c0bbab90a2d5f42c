"""What `portero doctor` says of PORTERO_NATS and the other machines: with real servers, and the words for the rest."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.lab.peer import Peer
from bot.settings import load
from bot.vantages.diagnosis import lines
from bot.vantages.extra import diagnosed
from bot.vantages.facts import Facts, Keys, Listening, Machine, Way
from bot.vantages.keys import new_seed
from bot.vantages.managed import binary, running
from bot.vantages.opening import place_of
from bot.vantages.registry import all_keys
from storage.sqlite.history import open_history
from tests.vantages.brokers import now
from tests.vantages.processes import Installation, own_server, working

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MANAGED = Facts(
    managed=True,
    keys=Keys.THERE,
    folder="portero.nats",
    address="tls://127.0.0.1:4222",
    way=Way.OPEN,
    program="/usr/bin/nats-server",
    listening=Listening.RUNS,
    listen=("127.0.0.1", 4222),
    wanted=("127.0.0.1", 4222),
)


@pytest.fixture
async def home(tmp_path):
    home = Installation(tmp_path, 25)
    history = await open_history(tmp_path / "portero.db")
    home.notes = history.watches
    yield home
    await history.close()


async def wrong(home):
    """What is not as it has to be."""
    return [text for ok, text, _ in await diagnosed(home.settings, home.notes, now()) if not ok]


@asynccontextmanager
async def served(home):
    """The managed server, as `portero run` has it."""
    place = place_of(home.settings)
    place.prepare(now())
    place.write(await all_keys(home.notes))
    async with running(place, binary()):
        yield place


async def test_without_the_setting_there_is_nothing_to_say(home):
    assert await diagnosed(load({}), home.notes, now()) == []


async def test_before_a_bot_has_run_there_are_no_keys(home):
    [said] = await wrong(home)
    assert said.startswith(f"There are no keys in {home.folder}/portero.nats")


async def test_a_server_that_runs_and_who_is_connected_and_who_was_never_seen(home):
    for name in ("fra-1", "mta-03"):
        place_of(home.settings).prepare(now())
        await home.admit(home.notes, name)
    async with served(home) as place, working(home, "mta-03"):
        found, there = await diagnosed(home.settings, home.notes, now()), f"127.0.0.1:{place.listen[1]}"
        assert [text for ok, text, _ in found if ok] == [
            f"nats-server is {binary()}.",
            f"The NATS server listens on {there}: only workers on this machine reach it.",
            f"The bot connects to tls://{there} with its key, by the certificate that workers expect.",
            "mta-03 is connected: 1 worker, version 0.1.0.",
        ]
        assert await wrong(home) == ["fra-1 is not connected; it was never seen."]


async def test_a_server_that_does_not_run_is_told_from_an_address_that_something_else_has(home):
    place_of(home.settings).prepare(now())
    place = f"127.0.0.1:{home.settings.nats_listen[1]}"
    said = await wrong(home)
    assert said[0] == f"The NATS server does not run; {place} is free for it."
    assert said[1] == f"tls://{place} cannot be reached: connection refused."
    async with Peer(*[[]] * 50) as other:
        home.values["PORTERO_NATS_LISTEN"] = f"127.0.0.1:{other.address[1]}"
        said = await wrong(home)
        assert said[0] == f"The NATS server does not run: something else listens on 127.0.0.1:{other.address[1]}."
        assert said[1] == f"tls://127.0.0.1:{other.address[1]} is no NATS server with TLS."
    home.values["PORTERO_NATS_LISTEN"] = "192.0.2.1:4222"
    assert (await wrong(home))[0].startswith("The NATS server cannot listen on 192.0.2.1:4222: that is no address")


async def test_the_server_of_another_database_is_known_by_its_certificate(home, tmp_path):
    other = Installation(tmp_path / "other", 25)
    other.notes = home.notes
    (tmp_path / "other").mkdir()
    place_of(home.settings).prepare(now())
    async with served(other):
        home.values["PORTERO_NATS_LISTEN"] = other.values["PORTERO_NATS_LISTEN"]
        assert [said for said in await wrong(home) if "another certificate" in said]


async def test_a_server_of_ones_own_that_does_not_know_the_bot_is_told_with_what_lets_it_in(home):
    async with own_server(home, **{"mta-03": new_seed()}):
        assert await wrong(home) == []
        (home.folder / "portero.nats" / "bot.seed").write_text(new_seed())
        found = await diagnosed(home.settings, home.notes, now())
        [remedy] = [remedy for ok, text, remedy in found if not ok and "does not let the bot in" in text]
        assert remedy.startswith('Add this to the users of the server: {"nkey": "U')
    [said] = await wrong(home)
    assert said.endswith(" cannot be reached: connection refused.")


async def test_a_damaged_key_and_a_name_that_no_machine_has_are_told(home):
    place_of(home.settings).prepare(now())
    (home.folder / "portero.nats" / "bot.seed").write_text("SU")
    home.values["PORTERO_VANTAGES_ALLOW"] = "mta-33:C0123ABCD"
    assert await wrong(home) == [
        f"The bot's key in {home.folder}/portero.nats is damaged (bot.seed).",
        "PORTERO_VANTAGES_ALLOW names mta-33, and no machine is called so.",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"program": ""}, "There is no program nats-server."),
        ({"keys": Keys.UNREADABLE}, "The keys in portero.nats cannot be read."),
        ({"wanted": ("::1", 1)}, "The NATS server listens on 127.0.0.1:4222, and PORTERO_NATS_LISTEN says [::1]:1."),
        ({"way": Way.KEY_REFUSED}, "tls://127.0.0.1:4222 does not know the bot's key."),
        (
            {"machines": (Machine("mta-03", seen=NOON - timedelta(hours=2)),)},
            "mta-03 is not connected; it was here until 10:00 UTC.",
        ),
        (
            {"machines": (Machine("mta-03"),), "way": Way.KEY_REFUSED},
            "Whether mta-03 is connected nobody knows; it was never seen.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_and_comes_with_what_to_do(changes, said):
    found = [line for line in lines(replace(MANAGED, **changes), NOON) if not line.ok]
    assert said in [line.text for line in found]
    assert all(line.remedy for line in found)


def test_all_of_what_can_be_found_has_words():
    for managed in (True, False):
        for way in Way:
            for listening in Listening:
                found = lines(replace(MANAGED, managed=managed, way=way, listening=listening), NOON)
                assert all("{" not in line.text for line in found)
