"""Which files one slash command enters, from its text to the row in the history and the post.

The real bot in Socket Mode on the strict workspace, and the SMTP lab. The loops behind watches do not run meanwhile: a
file that only they enter is none of the command's. The threads of the history are watched, too. What is left out: the
demo's own files, and the process in which `/pmta` checks a config.

`python -m bench.trace` for the two commands with a goal, `python -m bench.trace "/smtpport sparkpost"` for another.
"""

import asyncio
import sys
import tempfile
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.workspace.workspace import Workspace
from tests.app.stage import bot_on, lab_services

ROOT = Path(__file__).resolve().parents[1]
OURS = tuple(f"{ROOT / package}/" for package in ("bot", "commands", "storage"))
CHECK = "/smtpcheck mail.lab.example 25 587"
PASTE = "/pmta <virtual-mta a>\nsmtp-source-host 1.2.3.4 mail.example.com\nfoo bar\n</virtual-mta>"


@dataclass
class Entered:
    """Counts nothing until `on`."""

    on: bool = False
    by_loop: set[str] = field(default_factory=set)
    by_threads: set[str] = field(default_factory=set)

    def __call__(self, frame, event, _argument):
        if self.on and event == "call":
            on_loop = threading.current_thread() is threading.main_thread()
            (self.by_loop if on_loop else self.by_threads).add(frame.f_code.co_filename)


def ours(files):
    found = (str(Path(name).relative_to(ROOT)) for name in files if name.startswith(OURS))
    return sorted(name for name in found if not name.startswith("bot/demo/"))


@asynccontextmanager
async def no_loops(*_arguments):
    """In the place of what runs watches."""
    yield


async def traced(line):
    """What was entered, and the first line of the answer."""
    entered = Entered()
    threading.setprofile(entered)  # before any thread is started
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Workspace() as workspace,
            lab_services(Path(folder)) as services,
            bot_on(workspace, services, loops=no_loops) as stage,
        ):
            sys.setprofile(entered)
            entered.on = True
            await stage.type(line)
            entered.on = False
            sys.setprofile(None)
            answer = stage.last().text
    threading.setprofile(None)
    return entered, answer.partition("\n")[0]


def main():
    for line in sys.argv[1:] or (CHECK, PASTE):
        entered, answer = asyncio.run(traced(line))
        loop, files = ours(entered.by_loop), ours(entered.by_loop | entered.by_threads)
        print(f"{line.split()[0]} enters {len(files)} files, {len(loop)} of them on the event loop: {answer[:60]}")
        print("\n".join(f"  {name}{'' if name in loop else '  (thread)'}" for name in files))


if __name__ == "__main__":
    main()
