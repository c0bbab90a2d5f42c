"""What the subcommands share: exit statuses, arguments, the event loop."""

import argparse
import asyncio
from collections.abc import Coroutine
from typing import Any

FINE, BAD_NEWS, WRONG_USE = 0, 1, 2
FILES = 65_536


def positive(text: str) -> int:
    """A whole number from 1, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def run_loop(main_task: Coroutine[Any, Any, int]) -> int:
    """Run to the end, on uvloop where it installs (half the CPU of a probe), with all the open files we may have."""
    raise_file_limit()
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.run(main_task)
    return uvloop.run(main_task)


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
