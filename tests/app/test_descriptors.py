"""No file descriptor is left: whoever asked hears so. The limit is the kernel's own, on a process of its own."""

import asyncio
import errno
import resource
import socket
from pathlib import Path

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from bot.demo.workspace.oddities import Raw
from bot.slack.client.session import LastKnown, Reserve
from bot.slack.replies.error_messages import OUT_OF_FILES

from .process import PATIENCE, environ, process

CLOSING = Raw(b"ok", 200, "text/plain", {"Connection": "close"}, done=True)
"""An answer after which no connection to Slack stands that could be used once more."""


def shorten(pid):
    """From here on this process opens nothing more: its limit is the first descriptor that is free."""
    used = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    free = next(number for number in range(len(used) + 1) if number not in used)
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, hard))


async def seen(ws, user, count):
    """Once this person has read so many messages: the last one."""
    return await ws.wait_for(lambda: ws.messages("mailops", viewer=user)[count - 1 :], timeout=PATIENCE)


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_command_without_a_descriptor_still_gets_a_word(ws, tmp_path, mode):
    async with Peer(well_behaved("peer.example")) as peer:
        port, ours = str(peer.address[1]), free_port()
        env = environ(ws, tmp_path, PORTERO_PORTS=port, PORTERO_ALLOW_NETWORKS="127.0.0.0/8", PORTERO_PORT=str(ours))
        env["PORTERO_NAMESERVERS"] = "127.0.0.1:9"  # nobody answers there; without a descriptor nobody is asked
        if mode == "http":
            del env["SLACK_APP_TOKEN"]
            env["SLACK_SIGNING_SECRET"] = ws.signing_secret
            ws.http.url = f"http://127.0.0.1:{ours}/slack/events"
        async with process(env) as running:
            await up(ws, mode, running)
            ws.answer_oddly("response_url", CLOSING)
            assert (await ws.command("ana", "mailops", "/portero help")).error == ""
            await seen(ws, "ana", 1)
            shorten(running.pid)
            assert (await ws.command("ana", "mailops", "/smtpcheck 127.0.0.1")).error == ""
            [message] = await seen(ws, "ana", 2)
            assert message.text == OUT_OF_FILES.text
            assert (await ws.command("bruno", "mailops", "/smtpcheck 127.0.0.1")).error == ""  # not known yet
            [message] = await seen(ws, "bruno", 1)
            assert message.text == OUT_OF_FILES.text
            assert (await ws.command("ana", "mailops", "/smtpcheck mail.lab.example")).error == ""  # no word of its DNS
            message = (await seen(ws, "ana", 3))[-1]
            assert message.text == OUT_OF_FILES.text


async def up(ws, mode, running):
    """Until the bot says that it is up."""
    async with asyncio.timeout(PATIENCE):
        while b"portero is up" not in await running.stderr.readline():
            pass
    if mode == "socket":
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)


def test_a_reserve_gives_one_up_for_what_is_needed_and_takes_it_back():
    reserve, tries = Reserve(2), iter([OSError(errno.EMFILE, ""), None, None])
    reserve.fill()

    def make():
        error = next(tries)
        if error:
            raise error
        return "made"

    assert reserve.spare(make) == "made"
    assert len(reserve) == 1
    assert reserve.spare(make) == "made"
    assert len(reserve) == 2


@pytest.mark.parametrize(("number", "size"), [(errno.EMFILE, 0), (errno.ECONNREFUSED, 2)])
def test_what_a_descriptor_would_not_mend_or_what_has_none_is_raised(number, size):
    reserve = Reserve(size)
    reserve.fill()

    def make():
        raise OSError(number, "")

    with pytest.raises(OSError, match=rf"\[Errno {number}\]"):
        reserve.spare(make)
    assert len(reserve) == size


async def test_what_name_servers_said_last_holds_while_they_fail(monkeypatch):
    resolver = LastKnown()
    first = await resolver.resolve("localhost", 443, socket.AF_INET)

    async def failing(*_, **__):
        raise socket.gaierror(socket.EAI_AGAIN, "")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", failing)
    assert await resolver.resolve("localhost", 443, socket.AF_INET) == first
    with pytest.raises(socket.gaierror):
        await resolver.resolve("other.example", 443, socket.AF_INET)
