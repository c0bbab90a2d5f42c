"""Checks what is given to `/pmta`: one process is kept for small texts, and one at a time is started for a large one.

A small paste costs no start of a process. A large config gets a process of its own, which gives its memory back when it
ends; others wait, each with its bytes only. So whatever is sent takes at most the memory of one large check, of the
process that is kept, and of the files that wait.

Policy: our own interpreter with our own module, no shell, no word of a request in its arguments, and of the environment
what is named below. It opens no connection: configs and answers go through its pipes.
"""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.validation import child
from commands.contract import DeclinedError, UserError
from commands.pmta.checking import Order, Studied, Turn, answer_of, order_parts

log = logging.getLogger(__name__)

LONGEST = 256 * 1024 * 1024
"""Bytes of an answer: only a text that is kept can be that long."""

PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT")
"""Of the environment. Tokens stay here."""

ELSEWHERE = "Split it into the files that PowerMTA includes, or run portero pmta FILE where it lies."


@dataclass(frozen=True, slots=True)
class Bounds:
    """`memory` in bytes beside what the process has when it is idle; `seconds` of processor time for one config and

    `patience` of any time.
    """

    memory: int
    seconds: int
    patience: float


class EndedError(Exception):
    """The process is gone: `status` is what it left with, negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a check of a config ended with status {status}")
        self.status = status


class FailedError(Exception):
    """A bug in there. The trace names lines of ours and no word of the config."""


class Process:
    """The child: started at once, asked for one thing at a time. Its calls block: they are for threads."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        command = [sys.executable, "-P", "-m", "bot.validation.child", str(bounds.memory), str(bounds.seconds)]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._is_ready = False
        self.timed_out = False

    @property
    def id(self) -> int:
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        return self._child.poll() is None

    def wait_until_ready(self) -> None:
        """Raises EndedError when it does not start."""
        if not self._is_ready:
            self._read()
            self._is_ready = True

    def ask(self, order: Order) -> Studied:
        """Raises UserError for what is no config or needs too much, EndedError, FailedError."""
        timer = threading.Timer(self._bounds.patience, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            self.wait_until_ready()
            kind, *parts = self._exchange(order)
        finally:
            timer.cancel()
        if kind == child.REFUSED:
            raise UserError(*(part.decode() for part in parts))
        if kind != child.DONE:
            raise FailedError("\n".join(part.decode("utf-8", "replace") for part in parts))
        return answer_of(*parts)

    def _exchange(self, order: Order) -> list[bytes]:
        assert self._child.stdin is not None  # noqa: S101 - it is a pipe
        try:
            child.write_frame(self._child.stdin.fileno(), order_parts(order))
        except OSError as error:
            raise EndedError(self._child.wait()) from error
        return self._read()

    def _read(self) -> list[bytes]:
        assert self._child.stdout is not None  # noqa: S101 - it is a pipe
        try:
            found = child.read_frame(self._child.stdout.fileno(), LONGEST)
        except (OSError, child.BrokenFrameError) as error:
            raise EndedError(self._child.wait()) from error
        if not found:
            raise EndedError(self._child.wait())
        return found

    def _give_up(self) -> None:
        self.timed_out = True
        self._child.kill()

    def end(self) -> None:
        """At once, from any thread: whoever asks it something gets an EndedError."""
        self._child.kill()
        self._child.wait()

    def close(self) -> None:
        """Ended and forgotten. For the thread that asks: nobody else knows whether it still reads."""
        self.end()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not read any more
                    pipe.close()


def _environment() -> dict[str, str]:
    """What a process needs to run the very code that this one runs."""
    given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    folder = str(Path(child.__file__).parents[2])
    return {**given, "PYTHONPATH": os.pathsep.join(filter(None, (folder, given.get("PYTHONPATH"))))}


def explained(error: EndedError, process: Process, bounds: Bounds) -> UserError:
    """What the asker reads when the check of a config did not come to its end."""
    megabytes = round(bounds.memory / 1e6)
    if error.status == child.NO_MEMORY:
        return UserError(f"This config needs more memory than the {megabytes} MB that one check may take.", ELSEWHERE)
    if process.timed_out or error.status == -signal.SIGXCPU:
        return UserError(f"This config takes more than the {bounds.seconds} s that one check may take.", ELSEWHERE)
    log.warning("a check of a config was ended from outside (status %d)", error.status)
    return UserError(
        "The check of this config was ended by the machine, which may be short of memory.", f"Try again. {ELSEWHERE}"
    )


LARGE = 200_000
"""Bytes of a file, characters of a text: what is shorter takes less than a second and, at its worst, 30 MB."""

SMALL_BOUNDS = Bounds(memory=100_000_000, seconds=20, patience=120.0)
LARGE_BOUNDS = Bounds(memory=225_000_000, seconds=60, patience=300.0)
MOST = 10
"""Large configs that are checked or wait; their files lie in memory meanwhile."""


class Lane:
    """Checks one after the other. `keeps`: its process is used again."""

    def __init__(self, bounds: Bounds, *, keeps: bool) -> None:
        self.process: Process | None = None
        self._bounds = bounds
        self._keeps = keeps
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="validator")

    def start(self) -> Process:
        """Its process, which is a new one when the old one died while it had nothing to do."""
        if self.process is None or not self.process.is_alive:
            self.end()
            self.process = Process(self._bounds)
        return self.process

    async def check(self, order: Order) -> Studied:
        async with self._turn:
            process, keeps = self.start(), False
            try:
                made = await asyncio.get_running_loop().run_in_executor(self._thread, process.ask, order)
                keeps = self._keeps
            except EndedError as error:
                raise explained(error, process, self._bounds) from None
            except UserError:
                keeps = self._keeps
                raise
            finally:
                if not keeps:
                    self.end()
            return made

    def end(self) -> None:
        """Its process, at once; whoever waits for an answer of it gets an error."""
        if self.process is not None:
            self.process.end()
            self._thread.submit(self.process.close)
            self.process = None

    def close(self) -> None:
        self.end()
        self._thread.shutdown()


class Validator:
    """Starts nothing before there is something to check, or `warm_up`."""

    def __init__(self, small: Bounds = SMALL_BOUNDS, large: Bounds = LARGE_BOUNDS) -> None:
        self.small = Lane(small, keeps=True)
        self.large = Lane(large, keeps=False)
        self._before = 0

    def warm_up(self) -> None:
        """So that the first paste waits for nothing either."""
        self.small.start()

    def submit(self, order: Order) -> Turn:
        """Raises DeclinedError when too many large configs wait."""
        if order.size < LARGE:
            return Turn(0, asyncio.ensure_future(self.small.check(order)))
        if self._before >= MOST:
            raise DeclinedError(f"{self._before} other large configs are being checked.", "Try again in a minute.")
        turn = Turn(self._before, asyncio.ensure_future(self.large.check(order)))
        self._before += 1
        turn.answer.add_done_callback(self._leave)
        return turn

    def _leave(self, _answer: object) -> None:
        self._before -= 1

    def close(self) -> None:
        self.small.close()
        self.large.close()
