"""What the subcommands share: exit statuses, complaints, the event loop."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

FINE, BAD_NEWS, WRONG_USE = 0, 1, 2


def complain(*lines: str) -> None:
    """Say on standard error what is wrong, and below it what to do."""
    sys.stderr.write("\n  ".join(line for line in lines if line) + "\n")


def positive(text: str) -> int:
    """A whole number from 1, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def run_loop(main_task: Coroutine[Any, Any, int]) -> int:
    """On uvloop where it installs: half the CPU of a probe."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.run(main_task)
    return uvloop.run(main_task)
