"""`/portero`: what there is to type, what is set here, how the bot is."""

import pytest

from bot.operations.storage_alarm import Trouble
from bot.registry import COMMANDS

from .stage import bot_on, content


@pytest.fixture
async def portero(ws, lab):
    """Types behind `/portero` and gives what ana saw last."""
    async with bot_on(ws, lab, pace=()) as stage:

        async def typed(text=""):
            done = await stage.type(f"/portero {text}".strip())
            assert done.error == ""
            return stage.last()

        yield typed


@pytest.mark.parametrize("text", ["", "help", "--help", "commands"])
async def test_alone_it_names_every_command_with_a_line_that_can_be_pasted(portero, text):
    shown = content(await portero(text))
    for command in COMMANDS:
        assert f"`/{command.name} " in shown


@pytest.mark.parametrize("text", ["help smtpcheck", "smtpcheck", "/smtpcheck", "help /smtpcheck"])
async def test_it_shows_one_command_with_all_its_examples(portero, text):
    assert "`/smtpcheck mail.example.com:587 here`" in content(await portero(text))


@pytest.mark.parametrize("command", [one.name for one in COMMANDS if one.name != "portero"])
async def test_every_command_has_help(portero, command):
    shown = content(await portero(f"help {command}"))
    assert f"/{command} " in shown
    assert "request id" not in shown


async def test_settings_are_those_of_home(portero):
    assert "Results are kept until somebody deletes them" in content(await portero("settings"))


async def test_status_says_how_the_bot_is_and_names_nobody(portero):
    shown = (await portero("status")).text
    assert "up since <!date^" in shown
    assert "Servers are greeted as `portero.lab.example`" in shown
    assert "Results are kept" in shown
    assert "0 watches; nothing is waiting" in shown


async def test_each_page_has_help(portero):
    pages = {"log": "Who changed what", "version": "up since", "doctor": "`portero doctor`", "vantages": "PORTERO_NATS"}
    for page, words in pages.items():
        assert words in (await portero(f"help {page}")).text, page
    assert "up since" in (await portero("version")).text
    assert "and is no kind of change" in (await portero("log foo")).text


async def test_what_an_administrator_looks_for_is_said_to_be_elsewhere(portero):
    asked = {
        "limits": ("20 checks a minute", "`portero settings`"),
        "settings PORTERO_ADMINS": ("Results are kept", "`portero settings`"),
        "set PORTERO_RETENTION_DAYS 90": ("Results are kept", "`portero settings`"),
        "revoke mta-03": ("PORTERO_NATS", "`portero vantage revoke NAME`"),
        "delete mail.example.com": ("*Delete* in its details", "`portero history forget U0123456789`"),
    }
    for typed, words in asked.items():
        said = (await portero(typed)).text
        assert all(word in said for word in words), typed
    assert "changed where" not in (await portero("settings")).text


async def test_a_history_that_fails_is_told(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        stage.bot.server.troubles["disk_full"] = Trouble("disk_full", "full", lab.now(), lab.now())
        await stage.type("/portero status")
        assert "The history has trouble: disk full" in stage.last().text


@pytest.mark.parametrize(("text", "hint"), [("statsu", "/portero status"), ("help smtpchek", "/portero smtpcheck")])
async def test_a_typo_gets_what_was_meant(portero, text, hint):
    assert f"Did you mean `{hint}`?" in (await portero(text)).text


async def test_what_is_nothing_like_it_gets_the_list(portero):
    assert (
        "There are `help`, `settings`, `status`, `vantages`, `log`, `smtpcheck`"
        in (await portero("&lt;!channel&gt; xyz")).text
    )
