"""A bot with its own NATS server, a worker as a real process, and the terminal."""

import asyncio
import json
import signal
import subprocess

import pytest

from bot.cli import main
from bot.demo.lab.peer import Peer
from bot.demo.lab.steps import Send
from bot.services import open_services
from bot.vantages.credentials import Credentials, read_credentials
from bot.vantages.extra import opened_vantages
from bot.vantages.keys import new_seed, public_key
from bot.vantages.managed import LOOK_SECONDS, Place, Server
from commands.contract import DeclinedError, UserError
from storage.queries import OPERATOR
from tests.vantages.brokers import ask, free_port, now
from tests.vantages.processes import Installation, said, working

GREETS = [Send(b"220 mail.example ESMTP\r\n")]


@pytest.fixture
async def home(tmp_path, monkeypatch):
    async with Peer(*[GREETS] * 20) as peer:
        home = Installation(tmp_path, peer.address[1])
        for name, value in home.values.items():
            monkeypatch.setenv(name, value)
        yield home


@pytest.fixture
def portero(capsys):
    """Runs one command line in a thread: status, what it printed, what it complained."""

    async def run(*words):
        status = await asyncio.to_thread(main, words)
        return status, *capsys.readouterr()

    return run


def test_a_server_that_ends_at_once_is_begun_ever_more_seldom(tmp_path):
    place = Place(tmp_path, ("127.0.0.1", 1))
    place.prepare(now())
    place.write([])
    times = iter(range(10_000))
    server = Server(place, "/bin/false", lambda: next(times) / 2)
    begun = []
    server.begin, begin = lambda: begun.append(1) or begin(), server.begin
    begin()
    for _ in range(400):
        if server._process.poll() is None:
            server._process.wait()
        server.look()
    assert 3 < len(begun) < 12
    server.end()


def test_a_server_that_is_killed_again_and_again_is_begun_again_each_time_as_soon_as_it_is_seen(tmp_path):
    place = Place(tmp_path, ("127.0.0.1", 1))
    place.prepare(now())
    place.write([])
    ticks = [0.0]
    server = Server(place, "/bin/sleep", lambda: ticks[0])
    server.begin = begin = lambda: _begin_one_that_stays(server, ticks[0])
    begin()
    for _ in range(20):
        first = server._process
        for _ in range(6):  # three seconds of life
            ticks[0] += LOOK_SECONDS
            server.look()
        assert server._process is first
        first.kill()
        first.wait()
        ticks[0] += LOOK_SECONDS
        server.look()
        assert server._process is not first
    server.end()


def _begin_one_that_stays(server, at):
    server._begun, server._seen = at, server._changed_at()
    server._process = subprocess.Popen(["/bin/sleep", "600"])


def test_of_the_logs_of_a_server_that_is_made_to_write_the_newest_two_are_kept(tmp_path):
    place = Place(tmp_path, ("127.0.0.1", 1))
    place.prepare(now())
    place.write([])
    for name in ("", ".2026.11.29.10.00", ".2026.11.29.10.01", ".2026.11.29.10.02"):
        (tmp_path / f"server.log{name}").write_text("[ERR]")
    Server(place, "/bin/false").look()
    assert sorted(path.name for path in tmp_path.glob("server.log*")) == ["server.log", "server.log.2026.11.29.10.02"]


def test_a_file_of_credentials_with_a_wrong_letter_is_told_as_such(tmp_path):
    seed = new_seed()
    wrong = seed[:-1] + ("A" if seed[-1] != "A" else "Q")
    path = tmp_path / "mta-03.json"
    path.write_text(Credentials("tls://127.0.0.1:1", "", "T1", "mta-03", wrong).to_text())
    with pytest.raises(UserError, match="no file of credentials: seed: its checksum does not fit"):
        read_credentials(str(path))


async def test_with_a_server_of_ones_own_what_it_has_to_let_in_is_printed(home, portero, monkeypatch):
    monkeypatch.setenv("PORTERO_NATS", "tls://nats.example.com:4222")
    status, out, said = await portero("vantage", "add", "mta-03", "--out", "-")
    credentials = json.loads(out)
    assert (status, credentials["address"], credentials["certificate"]) == (0, "tls://nats.example.com:4222", "")
    assert said.startswith(f"A new history begins at {home.folder / 'portero.db'}.\n")
    bot, worker = (json.loads(line.strip().rstrip(",")) for line in said.splitlines()[2:])
    assert worker["nkey"] == public_key(credentials["seed"])
    assert bot["permissions"]["subscribe"] == ["_INBOX.portero.>"]
    _, out, said = await portero("vantage", "revoke", "mta-03")
    assert (out, said.split()[-1]) == ("mta-03 is not asked any more.\n", worker["nkey"])


@pytest.fixture
def says_at_last(portero):
    """Whether a command ends with this status and last line; a machine that is slow to answer is asked again."""

    async def says(wanted_status, wanted, *words):
        for _ in range(8):
            status, out, _ = await portero(*words)
            if status == wanted_status and out.splitlines()[-1].startswith(wanted):
                return True
        return False

    return says


async def test_a_machine_is_added_checks_gets_another_key_and_is_cut_off(home, portero, says_at_last, monkeypatch):
    closed = free_port()
    home.values["PORTERO_PORTS"] = f"{home.port},{closed}"
    monkeypatch.setenv("PORTERO_PORTS", home.values["PORTERO_PORTS"])
    home.values["PORTERO_CONTROL_HOSTS"] = home.target
    monkeypatch.setenv("PORTERO_CONTROL_HOSTS", f"127.0.0.3:{home.port}")  # where nobody listens
    status, out, _ = await portero("vantage", "add", "mta-03", "--out", home.file("mta-03"))
    assert (status, "portero worker --credentials" in out) == (0, True)
    assert (home.folder / "mta-03.json").stat().st_mode & 0o777 == 0o600
    async with (
        open_services(home.settings) as services,
        opened_vantages(home.settings, services.watches, services.prober, serve=True) as vantages,
        working(home, "mta-03", "--source", "127.0.0.9=mta9.example") as worker,
    ):
        status, out, _ = await portero("check", home.target, "--from", "mta-03/127.0.0.9", "--json")
        assert json.loads(out)["vantage"] == "mta-03/127.0.0.9"
        alike = "127.0.0.1 refuses connections from either place (local and mta-03): likely the host itself"
        assert await says_at_last(1, alike, "check", "127.0.0.1", str(closed), "--format", "text")
        network = f"From mta-03 the control hosts answer on {home.port}: likely our own network."
        assert await says_at_last(0, network, "check", "--network", "--port", str(home.port), "--format", "text")
        status, out, error = await portero("check", home.target, "--from", "fra-1")
        assert (status, error) == (2, "fra-1 is not connected.\n  Connected: mta-03, local.\n")
        worker.send_signal(signal.SIGHUP)
        assert "connected as mta-03" in await said(worker, " ")  # its next line: nobody refused its key
        await portero("vantage", "rotate", "mta-03", "--out", home.file("mta-03"))
        worker.send_signal(signal.SIGHUP)
        await said(worker, "connected as mta-03")
        await portero("vantage", "revoke", "mta-03")
        await said(worker, "is its key revoked, or of another name?")
        with pytest.raises(DeclinedError, match="mta-03 is not connected"):
            await ask(await vantages.checker("mta-03", OPERATOR, "C1"), home.target, (home.port,))
        worker.terminate()
        assert await worker.wait() == 0
    _, out, _ = await portero("vantage", "list", "--json")
    assert json.loads(out) == []


async def test_a_folder_that_may_not_be_used_is_said_in_a_sentence(home, portero):
    (home.folder / "portero.nats").write_text("in the way")
    status, _, said = await portero("vantage", "add", "mta-03", "--out", home.file("mta-03"))
    assert (status, "portero.nats cannot be used:" in said) == (2, True)
