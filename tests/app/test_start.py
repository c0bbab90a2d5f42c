"""A start that fails says why, in words and by its exit status; what is told of a start that does not."""

import asyncio
import configparser
import contextlib
import errno
import os
import signal
import socket
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.cli import main
from bot.operations.systemd import notify, watchdog_seconds
from bot.settings import load
from bot.slack.transports.http_server import ListenError, url_of
from bot.terminal.run import LASTING, NOT_LISTENING, STATUSES, StartError, _not_listening, _serve
from tests.vantages.brokers import free_port

from .process import CLEAN, PATIENCE, ended, environ, process
from .stage import asked

UNIT = Path(__file__).resolve().parents[2] / "docs" / "portero.service"


async def failure(ws, folder, **more):
    """How `portero run` does not start, without a process."""
    with pytest.raises(StartError) as caught:
        await _serve(load(environ(ws, folder, **more), for_slack=True))
    return caught.value


async def words_of(ws, folder, **more):
    error = await failure(ws, folder, **more)
    return f"{error.message} {error.hint}"


async def test_a_start_that_fails_is_one_complaint_and_its_status(ws, tmp_path):
    ws.fail("auth.test", "invalid_auth", times=99)
    async with process(environ(ws, tmp_path)) as running:
        status, err = await ended(running)
    assert status == 78
    assert "Slack refuses SLACK_BOT_TOKEN: invalid_auth." in err
    assert "Traceback" not in err


async def test_a_refused_app_token_is_named(ws, tmp_path):
    ws.fail("apps.connections.open", "invalid_auth", times=99)
    error = await failure(ws, tmp_path)
    assert (error.status, error.message) == (78, "Slack refuses SLACK_APP_TOKEN: invalid_auth.")


async def test_a_slack_that_is_out_of_order_is_no_refusal(ws, tmp_path):
    ws.fail("auth.test", "internal_error", times=99)
    error = await failure(ws, tmp_path)
    assert (error.status, error.message) == (69, "Slack does not work at the moment: internal_error.")


async def test_a_port_in_use_is_found_before_slack_is_asked(ws, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = await failure(ws, tmp_path, PORTERO_PORT=str(port))
    assert (error.status, error.message) == (71, f"Port {port} of 127.0.0.1 is in use.")
    assert f"sport = :{port}" in error.hint
    assert ws.log == []


async def test_an_address_that_this_machine_has_not_is_told_apart(ws, tmp_path):
    error = await failure(ws, tmp_path, PORTERO_HOST="192.0.2.1")
    assert (error.status, error.message) == (71, "This machine has no address 192.0.2.1 to listen on.")
    assert ws.log == []


def test_what_may_not_be_listened_on_is_told_apart():
    """Root may: this is what the system says to others."""
    error = _not_listening(ListenError("127.0.0.1", 25, PermissionError(errno.EACCES, "Permission denied")))
    assert (error.status, error.message) == (77, "Port 25 of 127.0.0.1 may not be listened on by this user.")


@pytest.mark.parametrize("number", NOT_LISTENING)
def test_each_reason_says_what_to_do(number):
    error = ListenError("::", 3000, OSError(number, "no") if number else socket.gaierror(-2, "no"))
    said = _not_listening(error)
    assert said.hint
    assert "{" not in said.message + said.hint


async def test_a_slack_that_is_out_of_reach_is_named(ws, tmp_path):
    error = await failure(ws, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    assert error.status == 69
    assert "Slack cannot be reached" in error.message
    assert "http://127.0.0.1:9/api/" in error.hint


async def test_something_else_than_slack_is_named(ws, tmp_path):
    error = await failure(ws, tmp_path, SLACK_API_URL=ws.api_url.replace("/api/", "/nothing/"))
    assert (error.status, error.message) == (69, "That is not Slack: it answers HTTP 404.")


async def test_a_database_that_cannot_be_opened_is_named(ws, tmp_path):
    (tmp_path / "file").write_text("")
    error = await failure(ws, tmp_path, PORTERO_DATABASE=str(tmp_path / "file" / "portero.db"))
    assert error.status == 74
    assert "file" in error.message


async def test_a_database_that_is_damaged_is_no_matter_of_another_try(ws, tmp_path):
    (tmp_path / "portero.db").write_text("no database at all, but some words\n" * 100)
    assert (await failure(ws, tmp_path)).status == 78


def test_missing_settings_are_listed(monkeypatch, capsys):
    for name in set(os.environ) - set(CLEAN):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTERO_PORT", "x")
    assert main(["run"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["The", "PORTERO_PORT:", "SLACK_BOT_TOKEN", "Neither"]


def test_the_unit_starts_again_but_where_no_second_try_mends_it():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(UNIT.read_text())
    service = unit["Service"]
    assert (service["Restart"], service["Type"]) == ("always", "notify")
    assert {int(status) for status in service["RestartPreventExitStatus"].split()} == LASTING
    assert LASTING - {2} < STATUSES.keys()


async def test_until_slack_is_known_the_bot_is_alive_and_not_ready(ws, tmp_path):
    gate, port = ws.hold("auth.test"), free_port()
    starting = asyncio.create_task(_serve(load(environ(ws, tmp_path, PORTERO_PORT=str(port)), for_slack=True)))
    try:
        await asked(ws, "auth.test")
        async with ClientSession(f"http://127.0.0.1:{port}") as session:
            async with session.get("/healthz") as answer:
                assert answer.status == 200
            async with session.get("/readyz") as answer:
                assert (answer.status, await answer.json()) == (503, {"ready": False})
    finally:
        gate.set()
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


@pytest.mark.parametrize(
    ("host", "url"), [("::", "http://[::]:3000"), ("127.0.0.1", "http://127.0.0.1:3000"), ("h", "http://h:3000")]
)
def test_an_address_of_ipv6_stands_in_brackets(host, url):
    assert url_of(host, 3000) == url


@contextlib.contextmanager
def manager(path):
    """The socket of a service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(path)
        sock.setblocking(False)
        yield sock


async def test_systemd_hears_that_the_bot_is_up_lives_and_stops(ws, tmp_path):
    path = str(tmp_path / "notify")
    with manager(path) as sock:
        heard = asyncio.get_running_loop().sock_recv
        env = environ(ws, tmp_path, NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        async with process(env) as running:
            async with asyncio.timeout(PATIENCE):
                said = []
                while "READY=1" not in said:
                    said.append((await heard(sock, 100)).decode())
                assert ws.connections == 1
                assert (await heard(sock, 100)).decode() == "WATCHDOG=1"
                running.send_signal(signal.SIGTERM)
                while said[-1] != "STOPPING=1":
                    said.append((await heard(sock, 100)).decode())
            assert (await ended(running))[0] == 0


def test_an_abstract_socket_is_told_too():
    name = f"portero-{os.getpid()}"
    with manager(f"\0{name}") as sock:
        notify("READY=1", {"NOTIFY_SOCKET": f"@{name}"})
        assert sock.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "vsock:2:1", "/no/such/socket"])
def test_without_a_manager_nothing_is_told_and_nothing_fails(address):
    assert notify("READY=1", {"NOTIFY_SOCKET": address}) is None


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "60000000"}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, 0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60),
        ({"WATCHDOG_USEC": "x"}, 0),
    ],
)
def test_the_watchdog_is_fed_where_it_is_ours(environ, seconds):
    assert watchdog_seconds(environ) == seconds
