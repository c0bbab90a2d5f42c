"""Commands that meet: a button of one runs another, over the real dispatcher in Socket Mode and over signed HTTP."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.lab.hosts import sound_ports
from bot.demo.lab.lab import Host
from bot.demo.workspace.model import FileUpload
from storage.history import OPERATOR, Query

from .stage import bot_on, lab_services

SPARKPOST = "smtp.sparkpostmail.com"
SECRET = "hunter2-is-secret"
KEY = "Zx9-key-is-secret"
CONFIG = f"""\
<smtp-user foo>
    password {SECRET}
</smtp-user>
<domain *>
    auth-username me
    auth-password {KEY}
</domain>
"""


@pytest.fixture
def secrets_everywhere(ws, tmp_path, caplog):
    """Everything that the bot wrote: database files, logs, calls to Slack."""
    caplog.set_level(logging.DEBUG)

    def written():
        files = b"".join(path.read_bytes() for path in Path(tmp_path).glob("portero.db*"))
        calls = json.dumps([[call.method, str(call.args)] for call in ws.log])
        messages = json.dumps([[message.text, message.blocks] for message in ws.messages("mailops") if message.bot_id])
        return files.decode("utf-8", "replace") + caplog.text + calls + messages

    return written


async def test_check_it_now_runs_a_check_of_the_providers_host(ws, tmp_path):
    host = Host(SPARKPOST, ("198.51.100.77",), "A provider of the catalogue.", sound_ports(SPARKPOST))
    async with lab_services(tmp_path, host) as services, bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtpport sparkpost from google cloud")
        assert "587" in stage.last().text

        await stage.press("smtpcheck.check")

        advice, answer = stage.seen()
        assert advice.versions == []
        assert SPARKPOST in answer.text
        assert "works" in answer.text
        (entry,) = await services.history.entries(Query(OPERATOR, kind="check"))
        assert entry.target == SPARKPOST


async def test_the_recommended_port_of_a_check_is_explained_in_a_dialogue(stage):
    await stage.type("/smtpcheck mail.lab.example")

    await stage.press("smtpport.explain")

    assert "submissions" in json.dumps(stage.ws.view_of("ana").body)


async def test_a_pasted_config_is_answered_and_its_secrets_stand_nowhere(stage, secrets_everywhere):
    await stage.type(f"/pmta {CONFIG}")

    assert "PMTA" in stage.last().text or "PMTA" in json.dumps(stage.last().blocks)
    assert "********" in secrets_everywhere()
    assert SECRET not in secrets_everywhere()
    assert KEY not in secrets_everywhere()


async def test_a_config_in_the_form_and_in_a_file_keeps_its_secrets(stage, secrets_everywhere):
    stage.ws.clock.stop()  # no trigger grows old on a machine that stalls
    for form in ({"config": CONFIG}, {"file": FileUpload("pmta.conf", CONFIG.encode())}):
        await stage.ws.command("ana", "mailops", "/pmta")
        await stage.bot.dispatcher.idle()
        view = stage.ws.view_of("ana")
        await stage.ws.submit(view, form, user="ana")
        await stage.bot.dispatcher.idle()
        assert "PMTA" in json.dumps(stage.last().blocks)

    assert SECRET not in secrets_everywhere()
    assert KEY not in secrets_everywhere()


async def test_the_shortcut_reads_a_message_and_keeps_its_secrets(stage, secrets_everywhere):
    message = stage.ws.say("bruno", "mailops", f"```\n{CONFIG}```")

    await stage.ws.shortcut("pmta_validate", "ana", message)
    await stage.bot.dispatcher.idle()

    assert "PMTA" in json.dumps(stage.last().blocks)
    assert SECRET not in secrets_everywhere()
    assert KEY not in secrets_everywhere()


async def test_every_button_on_a_config_answer_works_and_shows_no_secret(stage, secrets_everywhere):
    await stage.type(f"/pmta {CONFIG}")
    answer = stage.last()
    pressed = [
        element["action_id"] for block in answer.blocks if block["type"] == "actions" for element in block["elements"]
    ]

    for action in pressed:
        done = await stage.ws.click(answer, action, user="ana")
        await stage.bot.dispatcher.idle()
        assert done.error == ""

    assert {"pmta.fixed", "pmta.share"} & set(pressed)
    assert SECRET not in secrets_everywhere()
    assert KEY not in secrets_everywhere()


async def test_a_config_is_kept_only_when_a_setting_asks_for_it_and_then_masked(ws, lab, secrets_everywhere):
    for wanted in (False, True):
        async with bot_on(ws, replace(lab, keep_configs=wanted), pace=()) as stage:
            await stage.type(f"/pmta {CONFIG}")
        (entry,) = await lab.history.entries(Query(OPERATOR, kind="pmta"), limit=1)
        assert ("smtp-user" in entry.document.get("config", "")) == wanted

    assert SECRET not in secrets_everywhere()


async def test_check_dns_asks_only_when_it_is_pressed(stage):
    await stage.type("/pmta smtp-source-host 198.51.100.25 mail.lab.example")
    assert "reverse DNS" not in stage.last().text

    await stage.press("pmta.live")

    assert "`198.51.100.25` is mail.lab.example in reverse DNS" in stage.last().text
