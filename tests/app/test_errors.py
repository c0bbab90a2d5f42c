import logging
import re

import pytest

from commands.contract import Reply, UserError

SECRET = "hunter2-in-a-paste"


async def broken(request, _services):
    raise ValueError(f"cannot read {request.text}")
    yield


async def broken_by_another(request, _services):
    try:
        int(request.text)
    except ValueError as error:
        raise RuntimeError("while reading") from error
    yield


async def picky(request, _services):
    raise UserError(f"{request.text} is <no> word.", "Type `yes`.")
    yield


async def test_input_that_cannot_be_acted_on_is_explained_with_the_usage(serving):
    async with serving(picky) as stage:
        await stage.type("/echo <!channel>")
        message = stage.last()
    assert message.ephemeral_to
    assert message.text.splitlines() == [
        ":grey_exclamation: &lt;!channel&gt; is &lt;no&gt; word.",
        "Type `yes`.",
        "`/echo WORD`",
    ]


@pytest.mark.parametrize("handler", [broken, broken_by_another])
async def test_a_bug_gives_the_asker_an_id_that_stands_in_the_log(serving, caplog, handler):
    caplog.set_level(logging.DEBUG)
    async with serving(handler) as stage:
        await stage.type(f"/echo {SECRET}")
        text = stage.last().text
    request_id = re.search(r"`([0-9a-f]{8})`", text)[1]
    [record] = [record for record in caplog.records if request_id == record.request and record.levelname == "ERROR"]
    assert "ValueError" in record.getMessage()
    assert handler.__name__ in record.getMessage()
    assert SECRET not in text


@pytest.mark.parametrize("handler", [broken, broken_by_another])
async def test_what_was_typed_stands_in_no_log(serving, caplog, handler):
    caplog.set_level(logging.INFO)
    async with serving(handler) as stage:
        await stage.type(f"/echo {SECRET}")
    assert SECRET not in caplog.text


async def test_a_bug_in_the_middle_ends_what_was_begun(serving):
    async def halfway(_request, _services):
        yield Reply("one")
        raise KeyError("two")

    async with serving(halfway) as stage:
        await stage.type("/echo")
        texts = [message.text for message in stage.seen()]
    assert texts[0] == "one"
    assert "request id" in texts[1]


async def test_after_a_bug_the_next_request_is_served(serving):
    async def fragile(request, _services):
        if request.text == "break":
            raise RuntimeError
        yield Reply("fine")

    async with serving(fragile) as stage:
        await stage.type("/echo break")
        await stage.type("/echo")
        assert stage.last().text == "fine"


async def test_nothing_is_lost_quietly_when_slack_takes_nothing(serving, ws, caplog):
    async with serving() as stage:
        stage.bot.dispatcher.word_after = (0.0, 0.0)
        ws.fail("response_url", "expired_url", status=404, times=9)
        ws.fail("chat.postEphemeral", "fatal_error", times=9)
        ws.fail("chat.postMessage", "fatal_error", times=9)
        await stage.type("/echo")
    assert "could not be delivered by any method" in caplog.text


TYPED_SECRETS = [
    f"password={SECRET}",
    f"clave: {SECRET}",
    f"bob password {SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"smtp://bob:{SECRET}@mail.example.com",
    f"https://mail.example.com/?token={SECRET}",
]


@pytest.mark.parametrize("typed", TYPED_SECRETS)
async def test_an_error_repeats_no_secret_of_what_was_typed(serving, typed):
    async def word_by_word(request, _services):
        raise UserError(f"`{request.text.split()[-1]}` is not a word.", f"Not {request.text}")
        yield

    async with serving(word_by_word) as stage:
        await stage.type(f"/echo {typed}")
        text = stage.last().text
    assert "is not a word." in text
    assert SECRET not in text
