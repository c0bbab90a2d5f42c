"""The real processes: out of memory, hung, killed, and the next paste works."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.validation import child
from bot.validation.validator import LARGE, MOST, Bounds, Validator
from commands.contract import Attachment, DeclinedError, UserError
from commands.pmta.checking import Order, order_parts
from commands.pmta.paste import Message, Pasted
from tests.architecture.sources import ROOT

BOUNDS = Bounds(memory=60_000_000, seconds=20, patience=300.0)
NARROW = Bounds(memory=2_000_000, seconds=20, patience=300.0)
FINE = Order(Pasted("max-smtp-out 20\n", "the paste"))
WIDE = Order(Pasted("<domain x>\n" + "max-smtp-out 20\n" * 12_000, "the paste"))
FILE = Order(Attachment("config", b"max-smtp-out 20\n" + b"# note\n" * (LARGE // 7)))


@pytest.fixture
def made():
    """Makes validators and closes them."""
    found = []

    def make(small=BOUNDS, large=BOUNDS):
        found.append(Validator(small, large))
        return found[-1]

    yield make
    for validator in found:
        validator.close()


def proc(process, name):
    return Path(f"/proc/{process}/{name}").read_bytes()


async def fine(validator):
    """A paste is checked as if nothing had been."""
    answer = await validator.submit(FINE).answer
    return answer.report.settings == 1


async def held(validator):
    """An order that was handed to a process which does nothing any more, and that process."""
    assert await fine(validator)
    os.kill(validator.small.process.id, signal.SIGSTOP)
    turn = validator.submit(FINE)
    await asyncio.sleep(0)
    return turn, validator.small.process.id


async def test_the_process_of_small_texts_is_kept(made):
    validator = made()
    assert await fine(validator)
    first = validator.small.process.id

    assert await fine(validator)

    assert validator.small.process.id == first


async def test_a_large_config_has_a_process_of_its_own_that_is_gone_afterwards(made):
    validator = made()

    answer = await validator.submit(FILE).answer

    assert answer.report.settings == 1
    assert validator.large.process is None
    assert validator.small.process is None


async def test_what_needs_too_much_memory_is_told_so_and_the_next_paste_works(made):
    validator = made(small=NARROW)

    with pytest.raises(UserError, match="needs more memory than the 2 MB") as told:
        await validator.submit(WIDE).answer

    assert "portero pmta FILE" in told.value.hint
    assert await fine(validator)


async def test_what_takes_too_much_processor_time_is_told_so_and_the_next_paste_works(made):
    validator = made()
    turn, process = await held(validator)
    limits = proc(process, "limits").decode()

    os.kill(process, signal.SIGXCPU)  # what the kernel sends at the limit
    os.kill(process, signal.SIGCONT)

    with pytest.raises(UserError, match="takes more than the 20 s"):
        await turn.answer
    soft = next(line.split()[3] for line in limits.splitlines() if line.startswith("Max cpu time"))
    assert 20 < int(soft) < 30
    assert await fine(validator)


async def test_what_hangs_is_given_up_and_the_next_paste_works(made):
    validator = made(small=Bounds(memory=60_000_000, seconds=20, patience=300.0))
    turn, process = await held(validator)

    validator.small.process._give_up()  # what its timer does when the patience is over

    with pytest.raises(UserError, match="takes more than"):
        await turn.answer
    assert await fine(validator)
    assert validator.small.process.id != process


async def test_patience_has_an_end(made):
    validator = made(small=Bounds(memory=60_000_000, seconds=20, patience=0.0))

    with pytest.raises(UserError, match="takes more than"):
        await validator.submit(WIDE).answer


async def test_a_process_that_is_killed_is_told_of_without_a_word_of_the_config(made, caplog):
    validator = made()
    turn, process = await held(validator)

    os.kill(process, signal.SIGKILL)

    with pytest.raises(UserError, match="ended by the machine"):
        await turn.answer
    assert "status -9" in caplog.text
    assert "max-smtp-out" not in caplog.text
    assert await fine(validator)


async def test_a_process_that_died_while_it_had_nothing_to_do_is_not_noticed(made):
    validator = made()
    assert await fine(validator)
    ended = os.pidfd_open(validator.small.process.id)
    os.kill(validator.small.process.id, signal.SIGKILL)
    select.select([ended], [], [])
    os.close(ended)

    assert await fine(validator)


async def test_who_gives_up_waiting_stops_the_check_and_the_next_paste_works(made):
    validator = made()
    turn, _ = await held(validator)

    turn.answer.cancel()

    with pytest.raises(asyncio.CancelledError):
        await turn.answer
    assert await fine(validator)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Attachment("x", b"\x00\x01"), "The file is no text"),
        (Message("good morning", "the paste"), "There is no PowerMTA setting in this"),
    ],
)
async def test_what_is_no_config_is_refused_in_there_and_the_process_is_kept(made, given, why):
    validator = made()
    assert await fine(validator)
    process = validator.small.process.id

    with pytest.raises(UserError, match=why):
        await validator.submit(Order(given)).answer

    assert validator.small.process.id == process


async def test_large_configs_wait_for_each_other_and_small_ones_for_none(made):
    validator = made()

    turns = [validator.submit(FILE) for _ in range(3)]
    small = validator.submit(FINE)
    answers = await asyncio.gather(*(turn.answer for turn in (*turns, small)))

    assert [turn.before for turn in (*turns, small)] == [0, 1, 2, 0]
    assert [answer.report.settings for answer in answers] == [1, 1, 1, 1]
    last = validator.submit(FILE)
    assert last.before == 0
    await last.answer


async def test_no_more_than_a_few_large_configs_wait(made):
    validator = made()
    turns = [validator.submit(FILE) for _ in range(MOST)]

    with pytest.raises(DeclinedError, match="10 other large configs"):
        validator.submit(FILE)

    for turn in turns:
        turn.answer.cancel()
    await asyncio.gather(*(turn.answer for turn in turns), return_exceptions=True)
    assert validator.submit(FINE).before == 0
    assert await fine(validator)


async def test_no_token_is_in_there(made, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-never")
    validator = made()
    assert await fine(validator)

    assert b"xoxb-never" not in proc(validator.small.process.id, "environ")


async def test_what_stops_the_service_does_not_stop_a_check_that_is_drained(made):
    validator = made()
    turn, process = await held(validator)

    os.kill(process, signal.SIGTERM)
    os.kill(process, signal.SIGINT)
    os.kill(process, signal.SIGCONT)

    assert (await turn.answer).report.settings == 1


BOT = """
import sys
from bot.validation.validator import Process, Bounds
from commands.pmta.checking import Order
from commands.pmta.paste import Pasted
process = Process(Bounds(60_000_000, 20, 300.0))
process.wait_until_ready()
print(process.id, flush=True)
if sys.argv[1] == "busy":
    process.ask(Order(Pasted("max-smtp-out 20\\n" * 10_000, "x")))
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_it_ends_with_the_bot_were_it_killed(state):
    bot = subprocess.Popen(
        [sys.executable, "-c", BOT, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with bot:
        ended = os.pidfd_open(int(bot.stdout.readline()))
        bot.kill()
    ready, _, _ = select.select([ended], [], [], 60)
    os.close(ended)

    assert ready


def test_it_comes_without_slack():
    program = "import sys, bot.validation.child; print([n for n in sys.modules if n.startswith(('slack', 'aiohttp'))])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert run.stdout == "[]\n"


def test_a_bug_in_there_is_told_by_its_place_alone(monkeypatch):
    def broken(order):
        raise RuntimeError(order.given.text)

    monkeypatch.setattr(child, "studied", broken)
    kind, trace = child._answered(list(order_parts(Order(Pasted("password geheim\n", "x")))))

    assert kind == child.FAILED
    assert b"RuntimeError" in trace
    assert b"geheim" not in trace
