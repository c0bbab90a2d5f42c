"""What is said of the history's file and disk, of our own address, and of the ports that get out."""

import asyncio
import os
import shutil
import socket
from pathlib import Path

import pytest

from bot.doctor.checks.database import database_opens, room_left, room_told
from bot.doctor.checks.listening import address_free
from bot.doctor.checks.network import control_hosts, ports_out
from bot.doctor.result.codes import Code
from bot.slack.transports.http_server import Server
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.egress.control_hosts import Attempt
from commands.smtpcheck.lookup.resolve import HostAddresses
from storage.sqlite.file import outside
from storage.sqlite.file.outside import file_system, seen
from tests.app.stranger import a_stranger
from tests.histories import history_at
from tests.storage.old_file import FIXTURES

ME = os.geteuid()


def codes(found):
    return [one.code for one in found]


@pytest.fixture
async def history(tmp_path):
    """The path of a history that a bot has open."""
    opened = await history_at(tmp_path / "portero.db")
    yield str(tmp_path / "portero.db")
    await opened.close()


async def test_a_history_that_opens_is_told_with_its_journal(history):
    [found] = await database_opens(history, ME)
    assert (found.code, found.params["path"], found.params["journal"]) == (Code.DATABASE_FINE, history, "wal")


async def test_a_path_where_nothing_is_yet_becomes_no_file(tmp_path):
    path = tmp_path / "none.db"
    assert codes(await database_opens(str(path), ME)) == [Code.DATABASE_NEW]
    assert not path.exists()


async def test_a_folder_that_is_not_there_is_named(tmp_path):
    [found] = await database_opens(str(tmp_path / "no" / "p.db"), ME)
    assert (found.code, found.params["folder"]) == (Code.DATABASE_NO_FOLDER, str(tmp_path / "no"))


async def test_the_usual_folder_is_made_by_the_start_and_nothing_to_mend(tmp_path, monkeypatch):
    usual = str(tmp_path / "share" / "portero" / "portero.db")
    monkeypatch.setattr("bot.doctor.checks.database.DATABASE", usual)
    assert codes(await database_opens(usual, ME)) == [Code.DATABASE_NEW]


async def test_a_history_of_somebody_else_is_not_touched(history):
    somebody = 65534 if ME != 65534 else 65533
    [found] = await database_opens(history, somebody)
    assert (found.code, found.params["path"]) == (Code.DATABASE_NOT_OURS, history)


async def test_root_may_look_at_every_history(history):
    assert codes(await database_opens(history, 0)) == [Code.DATABASE_FINE]


async def test_a_damaged_history_says_what_to_do(tmp_path):
    path = tmp_path / "portero.db"
    path.write_text("no database, but some words\n" * 50)
    [found] = await database_opens(str(path), ME)
    assert found.code is Code.DATABASE_TROUBLE
    assert str(path) in found.params["error"]


async def test_a_history_of_an_older_version_is_a_note(tmp_path):
    path = tmp_path / "portero.db"
    shutil.copy(min(FIXTURES.glob("*.sqlite")), path)
    assert codes(await database_opens(str(path), ME)) == [Code.DATABASE_OLDER]


async def test_a_history_on_another_machines_disk_is_told(history, tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/x / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(outside, "MOUNTS", mounts)
    assert codes(await database_opens(history, ME)) == [Code.DATABASE_FINE, Code.DATABASE_REMOTE]


def test_the_nearest_mount_is_the_file_system_of_a_path(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nserver:/x /srv\\040x cifs rw 0 0\n/dev/b /srv xfs rw 0 0\nodd\n")
    monkeypatch.setattr(outside, "MOUNTS", mounts)
    assert [file_system(Path(one)) for one in ("/etc/x", "/srv x/p.db", "/srv/p.db")] == ["ext4", "cifs", "xfs"]


def test_a_file_without_a_header_has_no_journal(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    assert seen(tmp_path / "x").journal == ""


@pytest.mark.parametrize(
    ("free", "code"),
    [(None, Code.SPACE_UNKNOWN), (5e7, Code.SPACE_GONE), (5e8, Code.SPACE_LOW), (5e9, Code.SPACE_FINE)],
)
def test_how_much_is_free_is_judged(free, code):
    assert room_told(Path("/var/lib/portero"), free).code is code


async def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_above_it(tmp_path):
    [found] = await room_left(str(tmp_path / "a" / "b" / "p.db"))
    assert found.params["folder"] == str(tmp_path)


async def test_a_free_port_is_told_and_given_back():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert codes(await address_free("127.0.0.1", port)) == [Code.LISTEN_FREE]
    assert codes(await address_free("127.0.0.1", port)) == [Code.LISTEN_FREE]


async def test_a_portero_that_answers_there_is_no_stranger():
    async with Server(None, http_events=False).listening("127.0.0.1", 0) as url:
        port = int(url.rpartition(":")[2])
        assert codes(await address_free("127.0.0.1", port)) == [Code.LISTEN_OURS]


async def test_something_else_that_listens_there_is_told():
    async with a_stranger() as stranger:
        port = int(stranger.origin.rpartition(":")[2])
        [found] = await address_free("127.0.0.1", port)
    assert (found.code, found.params["place"]) == (Code.LISTEN_TAKEN, f"127.0.0.1:{port}")


async def test_an_address_that_is_not_there_is_told():
    assert codes(await address_free("192.0.2.1", 0)) == [Code.LISTEN_ABSENT]


class Hosts:
    """What control hosts answer: (host, outcome) for each port."""

    def __init__(self, **ports):
        self.ports = {int(port[1:]): attempts for port, attempts in ports.items()}

    async def reach(self, port, within=None):
        return tuple(Attempt(host, port, outcome, 1.0) for host, outcome in self.ports.get(port, ()))

    async def greetings(self, port, within=None):
        return ()


UP, DOWN = "connected", "no_answer"
OUT = [
    ([("a", UP), ("b", UP)], [Code.PORT_OPEN]),
    ([("a", DOWN), ("b", DOWN)], [Code.PORT_BLOCKED]),
    ([("a", UP), ("b", UP), ("c", DOWN)], [Code.PORT_OPEN, Code.CONTROL_SILENT]),
    ([("a", UP), ("b", DOWN)], [Code.PORT_UNCLEAR]),
    ([("a", None), ("b", None)], [Code.PORT_UNKNOWN]),
    ([], [Code.PORT_UNKNOWN]),
]


@pytest.mark.parametrize(("attempts", "expected"), OUT)
async def test_what_the_control_hosts_say_of_a_port_is_a_line(attempts, expected):
    found = await ports_out(Hosts(p587=attempts), [587])
    assert codes(found) == expected
    assert found[0].params["port"] == 587


async def test_a_control_host_that_alone_is_silent_is_named():
    _, alone = await ports_out(Hosts(p25=[("a", UP), ("b", UP), ("c", "refused")]), [25])
    assert alone.params == {"host": "c", "port": 25, "outcome": "refused"}


class Known:
    """A resolver that knows these names."""

    def __init__(self, **addresses):
        self.addresses = addresses

    async def addresses_of(self, name):
        await asyncio.sleep(0)
        return HostAddresses(name, self.addresses.get(name, ()), "host"), ()


async def test_control_hosts_without_an_address_and_ports_without_a_host_are_told():
    hosts = {25: ["a", "b"], 587: ["a"]}
    found = await control_hosts(hosts, [25, 587, 2525], Known(a=("8.8.8.8",)), Guard())
    assert [(one.code, one.params) for one in found] == [
        (Code.CONTROL_NONE, {"ports": "2525"}),
        (Code.CONTROL_UNRESOLVED, {"host": "b"}),
    ]


async def test_control_hosts_of_which_none_has_an_address_are_one_line():
    [found] = await control_hosts({25: ["a", "b"], 587: ["c"]}, [25, 587], Known(), Guard())
    assert (found.code, found.params) == (Code.CONTROL_ALL_UNRESOLVED, {"count": 3})


async def test_control_hosts_that_can_be_tried_are_counted():
    found = await control_hosts({25: ["a", "b"]}, [25], Known(a=("8.8.8.8",), b=("9.9.9.9",)), Guard())
    assert [(one.code, one.params) for one in found] == [(Code.CONTROL_FINE, {"count": 2})]
