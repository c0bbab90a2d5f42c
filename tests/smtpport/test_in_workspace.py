"""The command in a whole workspace: typed, filled in, pressed, shared. The local Slack refuses what Slack would."""

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.workspace import Workspace
from bot.operations.run import running
from bot.services import open_services
from bot.settings import Settings
from commands.smtpport.handler import COMMAND

ANA, CHANNEL = "ana", "mailops"


@asynccontextmanager
async def stage(folder: Path, *commands):
    async with Workspace() as workspace:
        settings = Settings(
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            api_url=workspace.api_url,
            port=0,
            database=str(folder / "history.db"),
            ehlo_name="portero.example",
        )
        async with (
            open_services(settings) as services,
            running(settings, services, commands=commands or (COMMAND,)) as bot,
        ):
            yield workspace, bot


def newest(workspace):
    return workspace.messages(CHANNEL, viewer=ANA)[-1]


def number_of(shown, label):
    return next(one.number for one in numbered_buttons(shown) if one.label == label)


async def test_a_question_is_answered_privately_explained_and_shared(tmp_path):
    async with stage(tmp_path) as (workspace, bot):
        done = await workspace.command(ANA, CHANNEL, "/smtpport sparkpost from google cloud")
        await bot.dispatcher.idle()
        assert not done.error
        answer = newest(workspace)
        assert answer.ephemeral_to
        assert answer.text.startswith("Use 587 with STARTTLS for SparkPost")

        await workspace.click(answer, number_of(answer, "Why"), user=ANA)
        await bot.dispatcher.idle()
        view = workspace.view_of(ANA)
        assert view.body["title"]["text"] == "Why"
        await workspace.close(view)

        menu = next(it for block in answer.blocks for it in block.get("elements", ()) if it["type"] == "static_select")
        choice = next(it["value"] for it in menu["options"] if it["text"]["text"] == "PowerMTA")
        await workspace.click(answer, "smtpport.choose", user=ANA, choice=choice)
        await bot.dispatcher.idle()
        assert newest(workspace).text.startswith("Lines for PowerMTA")
        assert newest(workspace).ephemeral_to
        assert [it.text for it in workspace.messages(CHANNEL, viewer=ANA)].count(answer.text) == 1

        await workspace.click(answer, number_of(answer, "Share in channel"), user=ANA)
        await bot.dispatcher.idle()
        shared = newest(workspace)
        assert not shared.ephemeral_to
        assert "Shared by" in shared.text


async def test_the_bot_warms_its_commands_up_before_it_listens(tmp_path):
    warmed = []
    async with stage(tmp_path, replace(COMMAND, warm_up=lambda: warmed.append("yes"))):
        assert warmed == ["yes"]


async def test_the_form_is_opened_filled_in_and_answered(tmp_path):
    async with stage(tmp_path) as (workspace, bot):
        await workspace.command(ANA, CHANNEL, "/smtpport")
        await bot.dispatcher.idle()
        form = workspace.view_of(ANA)
        assert form.body["title"]["text"] == "Which SMTP port?"
        values = {"provider": "ses", "network": "linode", "tried": "465 times out"}
        done = await workspace.submit(form, values)
        await bot.dispatcher.idle()
        assert not done.error
        assert newest(workspace).text.startswith(
            "Akamai (Linode) closes 465 to some of its customers. Try 2465 with SSL/TLS for Amazon SES if your account"
        )
        assert newest(workspace).ephemeral_to


async def test_one_press_answers_another_reading(tmp_path):
    async with stage(tmp_path) as (workspace, bot):
        await workspace.command(ANA, CHANNEL, "/smtpport 535 5.7.8 although the same password works in thunderbird")
        await bot.dispatcher.idle()
        answer = newest(workspace)
        assert answer.text.startswith("This reads like: the login works elsewhere")

        other = "Or: user or password is wrong, or this way to log in is barred"
        await workspace.click(answer, number_of(answer, other), user=ANA)
        await bot.dispatcher.idle()
        assert newest(workspace).text.startswith("User or password is wrong")
        assert not any(label.startswith("Or:") for label in labels(newest(workspace)))


def labels(shown):
    return [one.label for one in numbered_buttons(shown)]
