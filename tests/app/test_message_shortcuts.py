"""The shortcuts: on a message they read it and answer beside it, from anywhere they open a form."""

import json

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import FileUpload
from bot.slack.manifest import shortcuts
from bot.slack.shortcuts import NO_ERROR, NO_HOSTS
from storage.history import OPERATOR, Query

from .stage import bot_on, content

HEADERS = """Received: from mail.lab.example (mail.lab.example [198.51.100.10])
        by expired.lab.example (Postfix) with ESMTPS id 4AB for <bruno@example.net>; Sun, 29 Nov 2026 10:00:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=hostile.lab.example; s=2023
"""
LOG = (
    "Nov 29 10:00:00 mta1.example.net postfix/smtp[123]: 4AB: to=<user@rcpt.example>, "
    "relay=mail.lab.example[198.51.100.10]:25, status=deferred (host mail.lab.example[198.51.100.10] said: 451 later)"
)
MANY = " ".join(f"mx{number}.lab.example" for number in range(7))


@pytest.fixture
async def stage(ws, lab):
    async with bot_on(ws, lab, pace=()) as running:
        yield running


async def use(stage, callback, message, user="ana"):
    await stage.ws.shortcut(callback, user, message)
    await stage.bot.dispatcher.idle()
    return stage.last(user)


async def targets(stage):
    return sorted(line.target for line in await stage.services.history.page(Query(OPERATOR), limit=9))


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("is mail.lab.example down? see https://status.example.com", ["mail.lab.example"]),
        (HEADERS, ["expired.lab.example", "mail.lab.example"]),
        (LOG, ["mail.lab.example"]),
    ],
    ids=["a sentence", "headers", "a log line"],
)
async def test_the_hosts_of_a_message_are_checked_and_told_to_whoever_asked(stage, text, hosts):
    answer = await use(stage, "check_hosts", stage.ws.say("bruno", "mailops", text))
    assert await targets(stage) == hosts
    told = "".join(message.text for message in stage.seen())
    assert all(host in told for host in hosts)
    assert (answer.ephemeral_to, answer.thread_ts) == (stage.ws.user("ana").id, "")


async def test_several_hosts_are_one_answer_with_details_of_each(stage):
    said = "mail.lab.example and expired.lab.example are slow, as is nowhere.lab.example"
    message = stage.ws.say("bruno", "mailops", said)
    answer = await use(stage, "check_hosts", message)
    assert [one.ts for one in stage.seen()] == [message.ts, answer.ts]
    assert "2 of 3 hosts work. Not usable: nowhere.lab.example." in answer.text
    labels = [one.label for one in numbered_buttons(answer)]
    assert [label for label in labels if label.startswith("Details: ")] == [
        f"Details: {host}.lab.example" for host in ("mail", "expired", "nowhere")
    ]


async def test_in_a_thread_and_at_its_beginning_the_answer_stands_in_the_thread(stage):
    first = stage.ws.say("bruno", "mailops", "mail.lab.example")
    below = stage.ws.say("bruno", "mailops", "and expired.lab.example", thread_ts=first.ts)
    first.thread_ts = first.ts  # as Slack has it once somebody has answered
    for message in (first, below):
        answer = await use(stage, "check_hosts", message)
        assert (answer.thread_ts, answer.ephemeral_to) == (first.ts, stage.ws.user("ana").id)


async def test_of_more_than_five_hosts_the_first_five_are_checked_and_it_says_so(stage):
    answer = await use(stage, "check_hosts", stage.ws.say("bruno", "mailops", MANY))
    assert "7 hosts stand in that message; the first 5 were checked." in answer.text
    assert len(await targets(stage)) == 5


async def test_an_apps_message_is_read_in_its_blocks_and_attachments(stage):
    message = stage.ws.say("bruno", "mailops", "An alert")
    message.bot_id = "B1"
    message.blocks = [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Host* mail.lab.example"}]}]
    answer = await use(stage, "check_hosts", message)
    assert "mail.lab.example" in answer.text


async def test_a_message_that_is_a_file_alone_is_read_in_the_file(stage):
    message = stage.ws.say("bruno", "mailops", "", attached=[FileUpload("mail.log", LOG.encode())])
    assert "mail.lab.example" in (await use(stage, "check_hosts", message)).text


@pytest.mark.parametrize("callback", ["check_hosts", "explain_error"])
async def test_where_there_is_nothing_of_the_kind_one_line_says_so(stage, callback):
    message = stage.ws.say("bruno", "mailops", "who brings cake on Friday?")
    answer = await use(stage, callback, message)
    assert answer.text in {NO_HOSTS, NO_ERROR}
    assert await targets(stage) == []


@pytest.mark.parametrize("before", ["", "all is well\n" * 300], ids=["by itself", "far down"])
async def test_an_error_is_explained(stage, before):
    said = f"{before}smtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted')"
    answer = await use(stage, "explain_error", stage.ws.say("bruno", "mailops", said))
    assert answer.text.startswith("User or password is wrong")
    assert answer.ephemeral_to == stage.ws.user("ana").id


async def test_a_guest_is_told_that_they_are_not_served(stage):
    answer = await use(stage, "check_hosts", stage.ws.say("bruno", "mailops", "mail.lab.example"), "greta")
    assert "does not answer guests" in answer.text
    assert await targets(stage) == []


@pytest.mark.parametrize(
    ("callback", "form"), [("check_host", "target"), ("which_port", "smtpport.ask"), ("validate_config", "pmta.check")]
)
async def test_from_anywhere_a_form_opens(stage, callback, form):
    await stage.ws.shortcut(callback, "ana")
    await stage.bot.dispatcher.idle()
    assert form in json.dumps(stage.ws.view_of("ana").body)


async def test_a_form_that_was_opened_from_anywhere_is_answered_by_direct_message(stage, ws):
    await ws.shortcut("check_host", "ana")
    await stage.bot.dispatcher.idle()
    await ws.submit(ws.view_of("ana"), {"target": "mail.lab.example", "ports": ["25"]})
    await stage.bot.dispatcher.idle()
    assert "mail.lab.example" in content(ws.messages(ws.dm("ana"))[-1])


def test_names_are_as_short_as_slack_wants_them():
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts())
