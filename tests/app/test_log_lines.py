"""One line of the log for each request, with its id on it and on everything that failed in its course."""

import json
import logging
import re
import subprocess
import sys

import pytest
from prometheus_client import REGISTRY

from bot.observability.log import keep_clean
from bot.observability.log_format import JsonLines, TextLines
from commands.contract import Reply, UserError
from storage.errors import DiskFullError

from .process import PATIENCE, ended, environ, process
from .stage import asked


class Lines(logging.Handler):
    """Records as they are written: (request, words)."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.said = []

    def emit(self, record):
        self.said.append((record.request, record.getMessage()))

    def about(self, words):
        """The ids that stand on the lines with these words."""
        return [request for request, said in self.said if words in said]


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO)
    keep_clean()
    handler = Lines()
    logging.root.addHandler(handler)
    yield handler
    logging.root.removeHandler(handler)


async def speaking(request, _services):
    if request.text == "wrong":
        raise UserError("That is no host.")
    if request.text == "disk":
        raise DiskFullError("the disk is full")
    if request.text == "bug":
        raise LookupError("x")
    yield Reply("answered")


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("well", "answered"), ("wrong", "declined"), ("disk", "history_failed"), ("bug", "failed")],
)
async def test_a_request_is_one_line_with_its_id_and_what_became_of_it(serving, ws, lines, typed, outcome):
    async with serving(speaking) as stage:
        await stage.type(f"/echo {typed}")
    [(request, words)] = [(request, words) for request, words in lines.said if words.startswith("/echo (slash) by")]
    user, channel = ws.user("ana").id, ws.channel("mailops").id
    assert re.fullmatch(r"[0-9a-f]{8}", request)
    assert re.fullmatch(rf"/echo \(slash\) by {user} in {channel}: {outcome} after \d+\.\d{{3}} s", words)


async def test_two_requests_have_two_ids(serving, lines):
    async with serving(speaking) as stage:
        await stage.type("/echo one")
        await stage.type("/echo two")
    assert len(set(lines.about("/echo (slash) by"))) == 2


async def test_everything_that_fails_in_a_request_bears_its_id(serving, ws, lines):
    async with serving(speaking) as stage:
        stage.bot.dispatcher.word_after = (0.0,)
        ws.fail("response_url", "expired_url", status=404, times=9)
        ws.fail("chat.postEphemeral", "internal_error", times=9)
        ws.fail("chat.postMessage", "internal_error", times=9)
        before = REGISTRY.get_sample_value("portero_answers_undelivered_total")
        await stage.type("/echo well")
        assert REGISTRY.get_sample_value("portero_answers_undelivered_total") == before + 1
    [request] = lines.about("undelivered after")
    assert lines.about("an answer could not be delivered by any method") == [request]
    assert set(lines.about("response_url answered 404")) == {request}
    assert set(lines.about("chat_postMessage: internal_error")) == {request}


async def test_what_belongs_to_no_request_bears_no_id(serving, ws, lines):
    async with serving(speaking) as stage:
        await stage.type("/echo well")
    assert lines.about("connected as") == [""]


async def test_requests_are_counted_by_what_became_of_them(serving):
    labels = {"command": "echo", "outcome": "declined"}
    before = REGISTRY.get_sample_value("portero_requests_ended_total", labels) or 0
    async with serving(speaking) as stage:
        await stage.type("/echo wrong")
    assert REGISTRY.get_sample_value("portero_requests_ended_total", labels) == before + 1


def record(**more):
    made = logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, 'a "word"\nand more', (), None)
    made.created = 1796000000.25
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_a_line_of_json_is_one_object():
    line = JsonLines().format(record(request="1a2b3c4d", exc_text="  File x\nLookupError"))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-11-30T00:53:20.250Z",
        "level": "warning",
        "logger": "bot.x",
        "message": 'a "word"\nand more',
        "request": "1a2b3c4d",
        "trace": "  File x\nLookupError",
    }


def test_what_is_not_there_is_left_out_of_the_object():
    assert json.loads(JsonLines().format(record())).keys() == {"time", "level", "logger", "message"}


def test_a_line_of_text_begins_with_the_request():
    words = TextLines().format(record(about="request 1a2b3c4d: "))
    assert ' WARNING bot.x: request 1a2b3c4d: a "word"' in words
    assert " WARNING bot.x: a" in TextLines().format(record())


async def test_the_setting_makes_every_line_of_the_bot_json(ws, tmp_path):
    async with process(environ(ws, tmp_path, PORTERO_LOG_FORMAT="json")) as running:
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
        await ws.command("ana", "mailops", "/portero status")
        await asked(ws, "users.info")
        running.terminate()
        _, err = await ended(running)
    said = [json.loads(line) for line in err.splitlines()]
    assert [one["message"] for one in said if one["logger"] == "bot.observability.served"]
    assert said[-1]["message"] == "stopped"


async def test_a_start_that_fails_is_json_too(ws, tmp_path):
    ws.fail("auth.test", "invalid_auth", times=9)
    async with process(environ(ws, tmp_path, PORTERO_LOG_FORMAT="json")) as running:
        _, err = await ended(running)
    last = json.loads(err.splitlines()[-1])
    assert (last["level"], "Slack refuses SLACK_BOT_TOKEN" in last["message"]) == ("critical", True)


def test_the_setting_of_the_level_silences_what_is_below_it():
    program = (
        "import logging; from bot.observability.log import set_up; set_up('warning'); "
        "logging.getLogger('bot.x').info('quiet'); logging.getLogger('bot.x').warning('loud')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "loud" in run.stderr
    assert "quiet" not in run.stderr
