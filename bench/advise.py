"""How long an answer takes: reading the question, advising, the JSON, the blocks. Run: python bench/advise.py.

The bot warms up at its start, so that its users never see the first answer of a cold process; `portero port` is one.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from commands.smtpport import view
from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.handler import COMMAND
from commands.smtpport.question.lexicon import corrected
from commands.smtpport.question.reader import read
from tests.smtpport.pastes import PASTES
from tests.smtpport.questions import QUESTIONS

ROUNDS = 20
LIMIT_MS = 3.0
PORTS = (25, 465, 587, 2525)


def answer(text: str) -> None:
    view.answer({"id": "0", **document(advise(read(text)))}, PORTS)


def timed_ms(text: str, clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    answer(text)
    return (clock() - begun) * 1000


def first_answers() -> str:
    """The first answer of this process, and the first with a misspelt word."""
    plain = timed_ms("sparkpost from linode")
    return f"first answer {plain:.1f} ms, first with a typo {timed_ms('mailgum from digitalocaen'):.1f} ms"


def in_a_new_process(state: str) -> str:
    done = subprocess.run([sys.executable, __file__, state], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> int:
    print(f"cold process, as `portero port`: {in_a_new_process('cold')}")
    print(f"after the bot's warm-up: {in_a_new_process('warm')}")
    COMMAND.warm_up()
    times = []
    for _ in range(ROUNDS):
        corrected.cache_clear()
        # it waits for nothing but the CPU
        times += [timed_ms(row[0], time.process_time) for row in (*QUESTIONS, *PASTES)]
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    print(f"{len(times)} answers, CPU time: median {median(times):.2f} ms, p95 {p95:.2f} ms, worst {times[-1]:.2f} ms")
    return int(p95 >= LIMIT_MS)


def child(state: str) -> int:
    if state == "warm":
        COMMAND.warm_up()
    print(first_answers())
    return 0


if __name__ == "__main__":
    sys.exit(child(sys.argv[1]) if len(sys.argv) > 1 else main())
