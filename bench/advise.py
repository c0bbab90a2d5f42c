"""How long an answer takes: reading the question, advising, the JSON, the blocks. Run: python bench/advise.py."""

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from commands.smtpport import view
from commands.smtpport.advise import advise
from commands.smtpport.lexicon import corrected
from commands.smtpport.model import document
from commands.smtpport.reader import read
from tests.smtpport.questions import QUESTIONS

ROUNDS = 20
LIMIT_MS = 5.0
PORTS = (25, 465, 587, 2525)


def answer(text: str) -> None:
    view.answer({"id": "0", **document(advise(read(text)))}, PORTS)


def timed_ms(text: str) -> float:
    begun = time.perf_counter()
    answer(text)
    return (time.perf_counter() - begun) * 1000


def main() -> int:
    first = timed_ms("sparkpost from google cloud")
    typo = timed_ms("sparkpots")
    times = []
    for _ in range(ROUNDS):
        corrected.cache_clear()
        times += [timed_ms(row[0]) for row in QUESTIONS]
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    print(f"first answer {first:.1f} ms (indexes), first with a typo {typo:.1f} ms (rapidfuzz)")
    print(f"{len(times)} answers: median {median(times):.2f} ms, p95 {p95:.2f} ms, worst {times[-1]:.2f} ms")
    return int(p95 >= LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
