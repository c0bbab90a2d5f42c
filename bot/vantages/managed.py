"""The NATS server that Portero runs itself (`PORTERO_NATS=managed`): its files, its process, its keys.

Policy: the process is `nats-server` with the configuration written here and nothing of our environment. It listens
where `PORTERO_NATS_LISTEN` says, lets in nobody but the keys of its configuration, and opens no connection itself.
"""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.vantages.credentials import Credentials, write_private
from bot.vantages.keys import new_seed, public_key
from bot.vantages.server import CERTIFICATE, CONFIGURATION, KEY, LOG, PID, Key, configuration, new_certificate
from commands.contract import UserError

log = logging.getLogger(__name__)

SEED = "bot.seed"
LOOK_SECONDS = 0.5
"""How often it is looked whether the process lives, and whether its configuration was changed."""

SETTLED_SECONDS = 1.0
"""One that is still there after these listens: when it ends later, that was no fault of its start."""

LONGEST_PAUSE = 30.0
"""Seconds after which one that ends again and again is tried once more."""

ANYWHERE = frozenset({"0.0.0.0", "::"})
BESIDE = ("/usr/sbin", "/usr/local/sbin")
"""Where distributions put it, beside what is on the PATH."""


def binary() -> str:
    """The path of `nats-server`: that of the extra, else of the PATH; empty where there is none."""
    ours = Path(sys.executable).with_name("nats-server")
    return str(ours) if ours.is_file() else shutil.which("nats-server", path=os.pathsep.join(_places())) or ""


def _places() -> list[str]:
    return [os.environ.get("PATH", os.defpath), *BESIDE]


@dataclass(frozen=True, slots=True)
class Place:
    """Where its files lie, and where it listens."""

    folder: Path
    listen: tuple[str, int]

    def as_it_runs(self) -> "Place":
        """The same, listening where the configuration says that is there: another process may have other settings."""
        try:
            known = json.loads((self.folder / CONFIGURATION).read_bytes())
            return replace(self, listen=(str(known["host"]), int(known["port"])))
        except (OSError, ValueError, KeyError):
            return self

    def running_pid(self) -> int | None:
        """The process of the server that runs with this configuration, whoever began it."""
        try:
            pid = int((self.folder / PID).read_text(encoding="utf-8"))
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.folder / CONFIGURATION) in arguments else None

    def prepare(self, now: datetime) -> None:
        """Make what is made once: the folder, the certificate, the bot's key. Raises `UserError` where it may not."""
        try:
            self._make(now)
        except OSError as error:
            raise UserError(
                f"{self.folder} cannot be used: {(error.strerror or 'it cannot be read').lower()}.",
                "The keys of the NATS server lie there: run this as the user whose bot it is.",
            ) from error

    def _make(self, now: datetime) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.folder / CERTIFICATE).exists():
            certificate, key = new_certificate(now)
            write_private(self.folder / KEY, key)
            write_private(self.folder / CERTIFICATE, certificate)
        if not (self.folder / SEED).exists():
            write_private(self.folder / SEED, new_seed())
        self._seed()

    def write(self, keys: Iterable[Key]) -> None:
        """Write the configuration, if it is another; a running server reads it within a second.

        Of other limits than it began with (those of an older version) it takes nothing, no revoked key either: it is
        ended then, and whoever looks after it begins it again.
        """
        text = configuration(self.folder, self.listen, public_key(self._seed()), keys)
        path = self.folder / CONFIGURATION
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if before == text:
            return
        write_private(path, text)
        pid = self.running_pid()
        if pid is not None and _limits(before) != _limits(text):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def credentials(self, space: str, name: str, seed: str, address: str = "") -> Credentials:
        """What a worker connects with. `address` is where it reaches the server, when that is not where it listens."""
        host, port = self.listen
        place = address or (f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        certificate = (self.folder / CERTIFICATE).read_text(encoding="utf-8")
        return Credentials(f"tls://{place}", certificate, space, name, seed)

    def bot(self) -> Credentials:
        """What the bot itself connects with."""
        host, port = self.listen
        near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
        return self.credentials("-", "bot", self._seed(), f"{near}:{port}")

    def _seed(self) -> str:
        return (self.folder / SEED).read_text(encoding="utf-8").strip()


def _limits(text: str) -> dict[str, Any]:
    """What stands in a configuration beside the keys; nothing where it is none."""
    try:
        return {name: value for name, value in json.loads(text).items() if name != "accounts"}
    except (ValueError, AttributeError):
        return {}


class Server:
    """The process: begun anew when it ends, and told when its configuration was changed.

    One that a bot left behind, or that another bot of this database runs, is used as it is.
    """

    def __init__(self, place: Place, program: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._program = program
        self._clock = clock
        self._begun, self._pause = clock(), LOOK_SECONDS
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = 0

    def begin(self) -> None:
        """Begin it, unless it runs."""
        self._seen, self._begun = self._changed_at(), self._clock()
        pid = self._pid()
        if pid is not None:
            os.kill(pid, signal.SIGHUP)  # it may have another configuration than the one that stands there now
        else:
            arguments = [self._program, "-c", str(self._place.folder / CONFIGURATION)]
            self._process = subprocess.Popen(  # noqa: S603 - the program is ours to choose, and no shell reads it
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,  # a Ctrl-C is for us alone
            )

    def look(self) -> None:
        """Begin it again where it has ended, let it read what was changed, and keep its log small."""
        self._drop_old_logs()
        pid = self._pid()
        if pid is None:
            self._begin_again()
            return
        if self._clock() - self._begun > SETTLED_SECONDS:
            self._pause = LOOK_SECONDS
        if self._changed_at() != self._seen:
            self._seen = self._changed_at()
            os.kill(pid, signal.SIGHUP)

    def _drop_old_logs(self) -> None:
        """All but the newest: whoever has a key can have the server write a line for each thing that is denied."""
        for old in sorted(self._place.folder.glob(f"{LOG}.*"))[:-1]:
            old.unlink(missing_ok=True)

    def _begin_again(self) -> None:
        """One that ends at once (its port is another's) is begun ever more seldom."""
        if self._clock() - self._begun < self._pause:
            return
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        place = self._place.folder / LOG
        log.warning("the nats-server ended and is begun again; why stands in %s", place)
        self.begin()

    async def keep(self) -> None:
        """Look after it for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                self.look()
            except OSError:
                log.exception("the nats-server cannot be begun")

    def end(self) -> None:
        """End it, if we began it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=LOOK_SECONDS * 10)
            self._process.kill()
            self._process.wait()

    def _pid(self) -> int | None:
        """The process, if it runs: ours, or one with the same configuration."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        return self._place.running_pid()

    def _changed_at(self) -> int:
        return (self._place.folder / CONFIGURATION).stat().st_mtime_ns


@asynccontextmanager
async def running(place: Place, program: str) -> AsyncIterator[Server]:
    """The server, begun and looked after; its place has been prepared and its configuration written."""
    server = Server(place, program)
    server.begin()
    keeping = asyncio.ensure_future(server.keep())
    try:
        yield server
    finally:
        keeping.cancel()
        server.end()
