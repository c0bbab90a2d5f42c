import asyncio
import os
import sys

from bot.lab.hosts import HOSTS


async def test_the_tour_runs_by_itself_and_shows_the_lab(tmp_path):
    """It takes as long as its filtered port is silent, which is the point of that step."""
    command = [sys.executable, "-m", "bot", "demo", "--tour"]
    running = await asyncio.create_subprocess_exec(
        *command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.getcwd(), "NO_COLOR": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = (text.decode() for text in await running.communicate())
    assert (running.returncode, err) == (0, "")
    for host in ("mail", "filtered", "expired", "plain", "hostile"):
        assert f"{host}.lab.example" in out
    assert "Shared by @ana" in out
    assert "That was the tour" in out
    assert list(tmp_path.iterdir()) == []


def test_the_lab_has_the_hosts_that_the_demo_promises():
    assert {"mail.lab.example", "filtered.lab.example", "expired.lab.example", "plain.lab.example"} <= {
        host.name for host in HOSTS
    }
