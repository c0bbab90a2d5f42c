"""Starting a foreign server and stopping it, and asking the installed Portero about it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 20.0
"""Seconds within which a server listens."""

NAMESERVER = "127.0.0.53"
PROBE = "127.0.0.1"
"""The address that Portero connects from; `probe.real.test` is its name."""
CONTROL = ("127.0.9.1", "127.0.8.1")
"""Addresses of the well-configured servers of this suite, which are Portero's control hosts: of two networks."""
CONTROL_NAMES = ("control0.real.test", "control1.another.test")


@contextmanager
def running(*command: str, listens: tuple[str, int], cwd: Path, env: dict[str, str] | None = None) -> Iterator[None]:
    """A server in the foreground, from when it listens. What it wrote is told where it does not."""
    log = cwd / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=output, stderr=output, env={**os.environ, **(env or {})}, start_new_session=True
        )
    try:
        wait_for(listens, lambda: process.poll() is not None, log)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(address: tuple[str, int], is_gone: Any = lambda: False, log: Path | None = None) -> None:
    """Until somebody listens there. `AssertionError` where nobody does."""
    end = time.monotonic() + PATIENCE
    while not is_gone() and time.monotonic() < end:
        try:
            socket.create_connection(address, 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens on {address}: {log.read_text(errors='replace')[-2000:] if log else ''}")


def greeted(address: tuple[str, int]) -> socket.socket:
    """A connection that the server greeted and counts, once it has forgotten our look whether it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        connection = socket.create_connection(address, PATIENCE)
        if connection.recv(4) == b"220 ":
            return connection
        connection.close()
        time.sleep(0.05)
    raise AssertionError(f"{address} greets nobody")


def check(target: str, *arguments: str, ca: Path | None = None, **settings: str) -> dict[str, Any]:
    """What `portero check --json` prints of a target, with its exit status as `status`."""
    command = [sys.executable, "-m", "bot.cli", "check", target, *arguments, "--no-history"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PORTERO_ALLOW_NETWORKS": "127.0.0.0/8,::1/128,10.0.0.0/8,fd00::/8",
        "PORTERO_NAMESERVERS": NAMESERVER,
        "PORTERO_CONTROL_HOSTS": ",".join(CONTROL_NAMES),
        "PORTERO_EHLO_NAME": "probe.real.test",
        **({"SSL_CERT_FILE": str(ca)} if ca else {}),
        **settings,
    }
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.strip(), done.stderr
    return {**json.loads(done.stdout), "status": done.returncode}


def codes(document: dict[str, Any], port: int | None = None) -> list[str]:
    """The codes of a check's findings, or those of one port."""
    endpoints = [each for each in document["endpoints"] if port in (None, each["port"])]
    own = [] if port else [*document["findings"], *document["dns"]["findings"]]
    return [finding["code"] for finding in [*own, *(one for each in endpoints for one in each["findings"])]]


def states(document: dict[str, Any]) -> dict[int, str]:
    """The state of each port of a host with one address."""
    return {each["port"]: each["state"] for each in document["endpoints"]}


def told(document: dict[str, Any]) -> str:
    """What is said of a check, for a table: verdict, summary, findings."""
    findings: Sequence[str] = [
        f"[{one['severity']}] {one['message']}"
        for one in [
            *document["findings"],
            *document["dns"]["findings"],
            *(f for e in document["endpoints"] for f in e["findings"]),
        ]
    ]
    return "\n".join([f"{document['verdict']} ({document['status']}): {document['summary']}", *dict.fromkeys(findings)])
