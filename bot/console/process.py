"""What the subcommands share: exit statuses, arguments, the event loop, and the open files that it needs."""

import argparse
import asyncio
import errno
import os
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from commands.contract import UserError

FINE, BAD_NEWS, WRONG_USE = 0, 1, 2
FILES, FEWEST, KEPT = 65_536, 64, 4
"""Files that may be open at once: as many as we ask for, without how many nothing is begun, kept back for the end."""

TOO_FEW = UserError(
    "This was not done: Portero may not open as many files and sockets at once as it needs.",
    "Allow more and try again: ulimit -n 1024 (systemd: LimitNOFILE=, Docker: --ulimit nofile=1024).",
)


def is_shortage(error: BaseException) -> bool:
    """Whether this is about descriptors that ran out."""
    return isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}


def login() -> str:
    """The user of this process; by its number where it has no name, as in a container."""
    import getpass  # noqa: PLC0415 - few need it

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def positive(text: str) -> int:
    """A whole number from 1, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def run_loop(main_task: Coroutine[Any, Any, int], *, fast: bool = True) -> int:
    """Run to the end, on uvloop where it installs (half the CPU of a probe), with all the open files we may have.

    `fast` is False for what may end in the midst of look-ups and need not be quick: uvloop 0.23 was seen to wait for
    ever when it closed with UDP sockets of cancelled look-ups.

    Raises `UserError` where those are too few: libuv ends the process when it cannot open its own.
    """
    raise_file_limit()
    spare = _opened(FEWEST)
    if len(spare) < FEWEST:
        main_task.close()
        _close(spare)
        raise TOO_FEW
    _close(spare[KEPT:])
    work = _with_spare(main_task, spare[:KEPT])
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        fast = False
    if not fast:
        return asyncio.run(work)
    return uvloop.run(work)


async def _with_spare(work: Coroutine[Any, Any, int], spare: Sequence[int]) -> int:
    """With files that are kept back until it has ended, whichever way: the loop needs some to end in order."""
    try:
        return await work
    finally:
        _close(spare)


def raise_file_limit() -> None:
    """A session holds three sockets; the usual soft limit of 1,024 files is there for programs that use select()."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _opened(most: int) -> list[int]:
    """Descriptors of nothing: `most`, or as many as there are."""
    held: list[int] = []
    with suppress(OSError):
        while len(held) < most:
            held.append(os.open(os.devnull, os.O_RDONLY))
    return held


def _close(held: Sequence[int]) -> None:
    for one in held:
        os.close(one)
