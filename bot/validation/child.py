"""The process that checks configs: `python -m bot.validation.child BYTES SECONDS`. It ends when its input does.

It knows no token and opens nothing. More than BYTES of memory beside what it has once it is ready, or SECONDS of
processor time for one config, and the system stops it; so does the end of the bot, however that came.

Orders and answers are frames on its pipes: how many parts, how long each is, the parts. Whoever reads refuses more than
it expects.
"""

import os
import select
import signal
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.observability.redaction import trace_of
from commands.contract import UserError
from commands.pmta.checking import answer_parts, order_of, studied

DONE, REFUSED, FAILED = b"done", b"refused", b"failed"
LONGEST = 64 * 1024 * 1024
"""Bytes of an order."""
GONE, NO_MEMORY = 3, 4
"""Exit statuses: the bot is gone; the limit of memory is reached."""


_COUNT = struct.Struct(">B")
_LENGTH = struct.Struct(">Q")
PIECE = 1 << 20


class BrokenFrameError(Exception):
    """The other end is gone, or says what it never should."""


def write_frame(pipe: int, parts: Sequence[bytes]) -> None:
    """Raises OSError when nobody reads any more."""
    head = _COUNT.pack(len(parts)) + b"".join(_LENGTH.pack(len(part)) for part in parts)
    for part in (head, *parts):
        left = memoryview(part)
        while left:
            left = left[os.write(pipe, left[:PIECE]) :]


def read_frame(pipe: int, longest: int) -> list[bytes] | None:
    """The parts of the next frame, None at the end of the pipe. Raises BrokenFrameError in the middle of one."""
    first = os.read(pipe, _COUNT.size)
    if not first:
        return None
    lengths = [_LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0] for _ in range(first[0])]
    if sum(lengths) > longest:
        raise BrokenFrameError(f"a frame of {sum(lengths)} bytes")
    return [_exactly(pipe, length) for length in lengths]


def _exactly(pipe: int, length: int) -> bytes:
    pieces, left = [], length
    while left:
        piece = os.read(pipe, min(left, PIECE))
        if not piece:
            raise BrokenFrameError(f"{left} of {length} bytes are missing")
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def main() -> int:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # they go to the whole service: the bot drains, and says when to end
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)  # whatever a library prints must not get between the frames
    threading.Thread(target=_end_with_bot, args=(source,), daemon=True).start()
    _warm_up()
    _be_the_first_to_go()
    _limit_memory(memory)
    write_frame(sink, [b"ready"])
    while (parts := read_frame(source, LONGEST)) is not None:
        _limit_seconds(seconds)
        write_frame(sink, _answered(parts))
    return 0


def _answered(parts: list[bytes]) -> list[bytes]:
    try:
        return [DONE, *answer_parts(studied(order_of(parts[0], parts.pop())))]
    except UserError as error:
        return [REFUSED, error.message.encode(), error.hint.encode()]
    except MemoryError:
        os._exit(NO_MEMORY)  # at once: there is none for anything else
    except Exception as error:  # noqa: BLE001 - the other side tells of it
        return [FAILED, trace_of(error).encode("utf-8", "replace")]


def _warm_up() -> None:
    """Everything is loaded before memory is counted, libraries for mistakes included."""
    from rapidfuzz import fuzz, process  # noqa: F401, PLC0415

    from commands.pmta.linter import lint  # noqa: PLC0415

    lint("max-smpt-out 20\n")


def _be_the_first_to_go() -> None:
    """When the machine or the container is out of memory, the kernel is to end this process and not the bot."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit_memory(extra: int) -> None:
    """Address space, which every system counts alike; no core dump, which would hold somebody's config."""
    try:
        import resource  # noqa: PLC0415

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return  # no Linux: the queue alone bounds what is used
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_seconds(seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, most))


def _end_with_bot(source: int) -> None:
    """In the middle of a check, too: the pipe hangs up when the bot ends, were it by SIGKILL."""
    poll = select.poll()
    poll.register(source, select.POLLHUP)
    poll.poll()
    os._exit(GONE)


if __name__ == "__main__":
    with suppress(OSError, BrokenFrameError):  # the bot is gone
        sys.exit(main())
    sys.exit(GONE)
