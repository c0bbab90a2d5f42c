"""Files of 10 MB through the form of the strict workspace."""

import json

import pytest

from bot.demo.workspace.model import FileUpload
from bot.demo.workspace.workspace import Workspace
from commands.pmta.paste import FILE_LIMIT
from tests.app.stage import bot_on, lab_services

RELAY = b"<source 0/0>\n    always-allow-relaying yes\n</source>\n"
COMMENT = b"# " + b"x" * 5000 + b"\n"


@pytest.fixture
async def stage(tmp_path):
    async with Workspace() as ws, lab_services(tmp_path) as services, bot_on(ws, services, pace=()) as running:
        yield running


async def submit(stage, content):
    await stage.ws.command("ana", "mailops", "/pmta")
    await stage.bot.dispatcher.idle()
    done = await stage.ws.submit(stage.ws.view_of("ana"), {"file": FileUpload("config", content)}, user="ana")
    await stage.bot.dispatcher.idle()
    return done


async def test_a_file_of_ten_megabytes_is_checked_to_its_last_line(stage):
    content = COMMENT * ((FILE_LIMIT - len(RELAY)) // len(COMMENT)) + RELAY

    await submit(stage, content)

    assert len(content) > FILE_LIMIT - len(COMMENT) - len(RELAY)
    assert "Open relay" in json.dumps(stage.last().blocks)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"max-smtp-out " + b"1x" * (FILE_LIMIT // 12), "1 error"),
        (RELAY + b"<domain *>" * 900_000, "more than 800,000 lines and tags"),
        (RELAY + b"\n" * 900_000, "more than 800,000 lines and tags"),
    ],
    ids=["one line", "nested tags", "line breaks"],
)
async def test_what_nobody_writes_gets_an_answer(stage, content, words):
    await submit(stage, content)

    assert words in json.dumps([stage.last().text, stage.last().blocks])
