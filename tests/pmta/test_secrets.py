"""Known secrets go in through every way there is; nothing that Portero says, keeps or logs holds one."""

import io
import json
import logging
import sys
from dataclasses import replace

import pytest

from bot.cli import main
from bot.demo.workspace.model import FileUpload
from bot.demo.workspace.workspace import Workspace
from tests.app.stage import bot_on, lab_services

PASSWORD, OUTGOING, API, TOKEN, CERTIFICATE, OLD, USER, PEM = SECRETS = (
    "hunter2-Zq7Wx9",
    "Kv3Tp-outgoing",
    "abcdefghijklmnopqrstuvwxyz_Secret0123",
    "hvs.TokenZx81Kq",
    "changeit-Pw77",
    "oldpass-Qq41",
    "urluser:urlpass9",
    "MIIEowIBAAKCAQEA7",
)
CONFIG = f"""\
<smtp-user foo>
    password = {PASSWORD}
</smtp-user>
<domain *>
    auth-username me
    auth-password "{OUTGOING}" extra
    use-starttls on
</domain>
http-api-key {API}
<vault>
    server-url http://{USER}@vault.example:8200
    access-token {TOKEN}
</vault>
smtp-server-tls-certificate /etc/pmta/mail.pem {CERTIFICATE} {CERTIFICATE}
# password {OLD}
smtp-source-host 198.51.100.25 mail.lab.example
domain-key s1,lab.example,/etc/pmta/s1.pem
-----BEGIN RSA PRIVATE KEY-----
{PEM}
-----END RSA PRIVATE KEY-----
"""
FLAT = " ".join(CONFIG.split("\n#", maxsplit=1)[0].split())


def found_in(text):
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
async def ws():
    async with Workspace() as workspace:
        yield workspace


@pytest.fixture
def written(ws, tmp_path, caplog):
    """Everything that left the bot: rows, logs, calls to Slack (dialogues too), messages, files."""
    caplog.set_level(logging.DEBUG)

    def everything(own_files):
        rows = b"".join(path.read_bytes() for path in tmp_path.glob("portero.db*"))
        calls = "".join(f"{call.method} {call.args}" for call in ws.log)
        files = b"".join(file.content for id, file in ws.files.items() if id not in own_files)  # noqa: A001
        said = json.dumps([[one.text, one.blocks] for one in ws.messages("mailops") if one.bot_id])
        return rows.decode("utf-8", "replace") + caplog.text + calls + files.decode("utf-8", "replace") + said

    return everything


async def press_everything(stage):
    """Every button of the last answer, and of the answers to them."""
    answer = stage.last()
    for block in [block for block in answer.blocks if block["type"] == "actions"]:
        for element in block["elements"]:
            done = await stage.ws.click(answer, element["action_id"], user="ana")
            await stage.bot.dispatcher.idle()
            assert done.error == ""


async def by_form(stage, text):
    await stage.ws.command("ana", "mailops", "/pmta")
    await stage.bot.dispatcher.idle()
    await stage.ws.submit(stage.ws.view_of("ana"), {"config": text}, user="ana")
    await stage.bot.dispatcher.idle()


async def by_file(stage, text):
    await stage.ws.command("ana", "mailops", "/pmta")
    await stage.bot.dispatcher.idle()
    await stage.ws.submit(stage.ws.view_of("ana"), {"file": FileUpload("pmta.conf", text.encode())}, user="ana")
    await stage.bot.dispatcher.idle()


async def by_shortcut(stage, text):
    message = stage.ws.say("bruno", "mailops", f"```\n{text}```")
    await stage.ws.shortcut("pmta_validate", "ana", message)
    await stage.bot.dispatcher.idle()


async def by_shortcut_on_a_file(stage, text):
    message = stage.ws.say("bruno", "mailops", "here", attached=[FileUpload("config.txt", text.encode())])
    await stage.ws.shortcut("pmta_validate", "ana", message)
    await stage.bot.dispatcher.idle()


async def by_paste(stage, text):
    await stage.type(f"/pmta {text}")


WAYS = (by_paste, by_form, by_file, by_shortcut, by_shortcut_on_a_file)


@pytest.mark.parametrize("text", [CONFIG, FLAT], ids=["written", "flattened"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_way_into_slack_lets_a_secret_out(ws, written, tmp_path, way, text):
    async with (
        lab_services(tmp_path) as services,
        bot_on(ws, replace(services, keep_configs=True), pace=()) as stage,
    ):
        before = set(ws.files)
        await way(stage, text)
        own = {id for id, file in ws.files.items() if id not in before and text.encode() in file.content}  # noqa: A001
        assert "PMTA" in json.dumps(stage.last().blocks)

        await press_everything(stage)

        everything = written(own)
    assert "********" in everything
    assert found_in(everything) == []


async def test_a_secret_behind_explain_and_in_a_message_without_a_config_is_not_repeated(ws, written, tmp_path):
    async with lab_services(tmp_path) as services, bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/pmta explain password={PASSWORD}")
        await stage.type(f"/pmta password={OUTGOING}")

    assert found_in(written(set())) == []


OPTIONS = ([], ["--format", "json"], ["--format", "sarif"], ["--fix"], ["--fix", "--format", "json"], ["--live"])


@pytest.mark.parametrize("options", OPTIONS, ids="-".join)
def test_no_option_of_the_terminal_lets_a_secret_out(tmp_path, capsys, caplog, monkeypatch, options):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("PORTERO_NAMESERVERS", "127.0.0.1:9")
    path = tmp_path / "config"
    path.write_text(CONFIG, encoding="utf-8")

    main(["pmta", str(path), *options])

    caught = capsys.readouterr()
    assert "PMTA" in caught.out
    assert found_in(caught.out + caught.err + caplog.text) == []


def test_standard_input_with_fix_gives_the_config_alone_back_and_lists_no_secret(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CONFIG.encode())))

    main(["pmta", "-", "--fix"])

    caught = capsys.readouterr()
    assert PASSWORD in caught.out  # it is the user's own file on its way back
    assert found_in(caught.err) == []
