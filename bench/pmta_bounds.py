"""`python bench/pmta_bounds.py [SHAPE ...]`: what 10 MB of anything costs the bot, and what five such files at once do.

For each: processor time of all processes, time by the clock, and how much memory all of them together take at their
peak above the idle bot (a process with the validator warmed up). Memory is PSS where the system has it, else RSS,
sampled every 50 ms. "refused" is an answer, too: the sentence that the asker reads.
"""

import asyncio
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pmta import HEAD, MTA
from pmta_shapes import SHAPES, filled, numbered

from bot.validation.validator import Validator
from commands.contract import Attachment, UserError
from commands.pmta.checking import Order
from commands.pmta.paste import FILE_LIMIT

AT_ONCE = 5
FAULTY = """\
<virtual-mta mta-{0}>
    smtp-source-host 203.0.113.{0} mta{0}
    auth-password s3cr3t-{0}
    <domain gmail{0}.com>
        max-smpt-out 20
        max-msg-rate 500
        retry-after 10
        use-starttls on
        smtp-hosts [10.0.0.1]:587,relay{0}.example.com
    </domain>
</virtual-mta>
"""

MORE = {
    "a real config": lambda n: HEAD + numbered(MTA.replace("{1}.{2}.{3}", "0.113.7"), n),
    "a faulty config": lambda n: numbered(FAULTY, n),
    "one setting a line": lambda n: numbered("max-smtp-out {0}\n", n),
    "lines, just not too many": lambda n: filled("postmaster ab\n", n),
    "tags, just not too many": lambda n: filled("<domain a1.b2.c3.example.org>\n", n),
    "deep nesting": lambda n: (
        filled("<source x1.x2.x3.example.net>\n", n // 2) + filled("</source x1.x2.x3.example.net>\n", n // 2)
    ),
    "deep and unknown": lambda n: (
        filled("<aaaaaaaaaaaaaaaaaaaaaaaaaaa>\n", n // 2) + filled("</aaaaaaaaaaaaaaaaaaaaaaaaaa>\n", n // 2)
    ),
    "open tags": lambda n: filled("<a", n),
    "no ASCII": lambda n: filled("# \u4e2d\u6587 \U0001f600\nmax-smtp-out 20\n", n // 2),
    "one emoji": lambda n: HEAD + "# \U0001f600\n" + numbered(MTA.replace("{1}.{2}.{3}", "0.113.7"), n),
}


def made(shape: str) -> bytes:
    """At most 10 MB of it, as a file."""
    text = "max-smtp-out 2\n" + {**SHAPES, **MORE}[shape](FILE_LIMIT - 20)
    return text.encode()[: FILE_LIMIT - 4]


def memory() -> float:
    """MB of this process and its children."""
    children = [one for thread in Path("/proc/self/task").iterdir() for one in _children(thread)]
    return sum(_memory(process) for process in {"self", *children})


def _children(thread: Path) -> list[str]:
    try:
        return (thread / "children").read_text().split()
    except OSError:  # it just ended
        return []


def _memory(process: str) -> float:
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{process}/{name}").read_text().splitlines()
        except OSError:
            continue
        if found := [line.split()[1] for line in lines if line.startswith(field)]:
            return int(found[0]) / 1024
    return 0.0


class Peak:
    """The most memory while it is entered, above what there was before."""

    def __enter__(self):
        self._before = self._most = memory()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def _look(self):
        while not self._over.wait(0.05):
            self._most = max(self._most, memory())

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self.above = self._most - self._before


def cpu() -> float:
    """Processor time of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def answers(validator: Validator, contents: list[bytes]) -> list[str]:
    turns = [validator.submit(Order(Attachment("config", content))) for content in contents]
    found = await asyncio.gather(*(turn.answer for turn in turns), return_exceptions=True)
    return [said(one) for one in found]


def said(found) -> str:
    if isinstance(found, UserError):
        return f"refused: {found.message}"
    return f"{found.report.total:,} findings" if not isinstance(found, BaseException) else repr(found)


async def measured(name: str, contents: list[bytes]) -> None:
    validator = Validator()
    await validator.submit(Order(Attachment("config", b"max-smtp-out 2\n"))).answer
    files = sum(map(len, contents)) / 2**20  # there before they are measured
    before, began = cpu(), time.monotonic()
    with Peak() as peak:
        found = await answers(validator, contents)
    print(
        f"{name:36} {cpu() - before:6.1f} s cpu {time.monotonic() - began:6.1f} s {peak.above + files:6.0f} MB  "
        f"{'; '.join(dict.fromkeys(found))}",
        flush=True,
    )
    validator.close()


async def main() -> None:
    for shape in sys.argv[1:] or [*MORE, *SHAPES]:
        await measured(shape, [made(shape)])
    for shape in sys.argv[1:] or ["a real config", "a faulty config", "no ASCII"]:
        await measured(f"five at once: {shape}", [made(shape) for _ in range(AT_ONCE)])


if __name__ == "__main__":
    asyncio.run(main())
