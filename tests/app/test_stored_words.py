"""What others read of a result: opened, shared and exported, it holds no word that was not understood."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from threading import Thread

import pytest

from bot.cli import main
from bot.rate_limits import Limiter
from bot.registry import COMMANDS
from commands.contract import UserError
from storage.history import OPERATOR, Query
from tests.app.stage import bot_on
from tests.entries import pressing
from tests.pmta.holders import NAMED, SHAPES, X, secrets

CONFIG = "&lt;domain gmail.com&gt;\nmax-smtp-out 10\n{}\n&lt;/domain&gt;\n"
ODD = "zanahoria"
"""A word that nobody understands, and no secret by its look."""
LEAKED = (*secrets(""), "48151623")


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sent(ws, since):
    """All that left the bot since then, files too."""
    calls = json.dumps([call.args for call in ws.log[since:] if call.method != "auth.test"], ensure_ascii=False)
    return (calls + "".join(file.content.decode("utf-8", "replace") for file in ws.files.values())).lower()


def leaked(text):
    return [secret for secret in LEAKED if secret.lower() in text]


async def open_all(stage, user):
    """Opens every result of the page that somebody sees last, shares it from the dialogue and compares it."""
    page = stage.ws.pressable("mailops", user)
    buttons = [block["accessory"] for block in page.blocks if "accessory" in block]
    for one in buttons:
        for action in ("pmta.share", "smtphistory.compare"):
            await stage.ws.click(page, one["action_id"], user=user, value=one["value"])
            await stage.bot.dispatcher.idle()
            await stage.ws.click(stage.ws.view_of(user), action, user=user)
            await stage.bot.dispatcher.idle()
    return len(buttons)


@pytest.mark.parametrize("keep_configs", [False, True], ids=["", "configs kept"])
async def test_another_member_opens_shares_and_exports_and_sees_no_secret(ws, services, keep_configs):
    hurried = replace(services, keep_configs=keep_configs, limiter=Limiter(count(step=60).__next__))
    async with bot_on(ws, hurried, pace=()) as stage:
        for name, shape in SHAPES.items():
            if not name.startswith(NAMED):
                await stage.type(f"/pmta {CONFIG.format(escaped(shape))}")
        asked = await services.history.count(Query(OPERATOR))
        since, opened = len(ws.log), 0
        await stage.type("/smtphistory pmta", user="bruno")
        while (opened := opened + await open_all(stage, "bruno")) < asked:
            await stage.press("smtphistory.older", user="bruno")
        await stage.press("smtphistory.csv", user="bruno")
        await stage.press("smtphistory.jsonl", user="bruno")
        said = sent(ws, since)
    assert opened == asked == len(SHAPES) - 2
    assert said.count("this setting is not in the 5.0 guide") > asked
    assert "shared by" in said
    assert leaked(said) == []


async def test_buttons_of_a_config_show_others_nothing_of_what_is_in_memory(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/pmta {CONFIG.format(chr(10).join([f'{ODD} on', 'use-starttls on'] * 8))}")
        mine = stage.last()
        await stage.press("pmta.details")
        assert ODD in sent(ws, 0)
        for action in ("pmta.details", "pmta.fixed"):
            handle = {each.name: each for each in COMMANDS}["pmta"].actions[action.partition(".")[2]].handle
            with suppress(UserError):
                steps = [step async for step in handle(_pressed(mine, action, ws.user("bruno").id), services)]
                assert ODD not in json.dumps([[step.text, list(step.blocks)] for step in steps]).lower()


def _pressed(message, action, user):
    elements = [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
    value = next(each["value"] for each in elements if each["action_id"] == action)
    return pressing(user, value=value, at=datetime.now(UTC))


async def test_the_terminal_prints_rows_with_sentences(ws, services, tmp_path, monkeypatch, capsys):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/pmta max-smtp-uot 10")
        await stage.type(f"/smtpport 587 login bob password {X} fails")
    await services.history.close()
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "portero.db"))

    def printed(*options):
        threaded = Thread(target=main, args=(["history", *options],))
        threaded.start()
        threaded.join()
        return capsys.readouterr().out

    advice, report = map(json.loads, printed("--format", "jsonl").splitlines())
    assert report["findings"][0]["suggestion"] == "max-smtp-out"
    assert report["findings"][0]["message"].startswith(
        "This setting is not in the 5.0 guide. Did you mean max-smtp-out"
    )
    assert advice["understood"] | {"not_understood": [], "unread": 2} == advice["understood"]
    assert report["findings"][0]["message"] in printed()
    assert leaked(printed().lower() + printed("--format", "csv").lower()) == []


HEADLINES = {
    "/pmta max-smtp-uot 10": "1 error. First: line 1, This setting is not in the 5.0 guide.",
    "/smtpport sparkpost from google cloud": "Use 587 with STARTTLS for SparkPost",
}
"""What a row says in a list, by what was asked."""


@pytest.mark.parametrize("line", HEADLINES)
async def test_the_headline_of_a_row_is_made_where_it_is_shown(ws, services, tmp_path, line):
    headline = HEADLINES[line]
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(line)
        since = len(ws.log)
        await stage.type("/smtphistory here", user="bruno")
        assert headline.lower() in sent(ws, since)
        await stage.press("smtphistory.csv", user="bruno")
        await stage.press("smtphistory.jsonl", user="bruno")
        assert [headline in file.content.decode() for file in ws.files.values()] == [True, True]
        await stage.ws.open_home("ana")
        await stage.bot.dispatcher.idle()
        assert headline in json.dumps(ws.home_of("ana").blocks)
        await services.history.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portero.db*")).decode("utf-8", "replace")
    assert headline not in stored
    assert not re.search("is not in the 5.0 guide|blocks outbound|ask (?:the|your|google)", stored, re.IGNORECASE)


async def test_a_question_is_stored_without_the_words_that_were_not_understood(ws, services, tmp_path):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtpport 587 login bob password {X} fails")
        since = len(ws.log)
        await stage.type("/smtphistory advice", user="bruno")
        await open_questions(stage, "bruno")
        said = sent(ws, since)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portero.db*")).decode("utf-8", "replace").lower()
    assert "not understood" not in said
    assert leaked(said + stored) == []
    assert "bob" not in stored


async def test_the_one_word_that_was_taken_for_a_provider_is_not_stored_in_what_was_said_of_it(ws, services, tmp_path):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtpport 587 {ODD}")
        assert f"I do not know {ODD}" in json.dumps(stage.last().blocks)
        since = len(ws.log)
        await stage.type("/smtphistory advice", user="bruno")
        await open_questions(stage, "bruno")
        assert "i do not know the provider that you named" in sent(ws, since)
        assert ODD not in sent(ws, since)
        await services.history.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portero.db*")).decode("utf-8", "replace")
    assert "check_page" in stored
    assert ODD not in stored


async def open_questions(stage, user):
    page = stage.ws.pressable("mailops", user)
    await stage.ws.click(page, "smtpport.open", user=user)
    await stage.bot.dispatcher.idle()
    await stage.ws.click(stage.ws.view_of(user), "smtpport.share", user=user)
    await stage.bot.dispatcher.idle()


async def test_two_questions_that_differ_in_words_nobody_understands_have_one_fingerprint(ws, services):
    """A hash of such words would let somebody who reads the file try what they were."""
    async with bot_on(ws, services, pace=()) as stage:
        for word in (X, "blue"):
            await stage.type(f"/smtpport sparkpost {word}")
    one, other = await services.history.entries(Query(OPERATOR, kind="port"))
    assert (one.scope, one.outcome) == (other.scope, other.outcome)
    assert one.scope


async def test_what_was_typed_into_the_form_is_stored_like_a_question(ws, services, tmp_path):
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type("/smtpport")
        since = len(ws.log)
        tried = {"role": "submission", "tried": f"{ODD} and {ODD}s. 587 login bob password {X}.example fails"}
        await ws.submit(ws.view_of("ana"), tried, user="ana")
        await stage.bot.dispatcher.idle()
        assert ODD not in sent(ws, since)
        assert leaked(sent(ws, since)) == []
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portero.db*")).decode("utf-8", "replace").lower()
    assert "unread" in stored
    assert leaked(stored) == []
    assert ODD not in stored
