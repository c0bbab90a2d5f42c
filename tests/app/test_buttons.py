import ast

from commands.smtpcheck.network.view import RUN
from storage.history import OPERATOR, Query
from tests.architecture.sources import modules

from .stage import content

GENERAL = {"channel": "general"}


async def test_share_posts_the_stored_result_with_who_shared_it(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    await stage.press("smtpcheck.share")
    shared = stage.last(user="bruno")
    assert shared.ephemeral_to == ""
    assert f"Shared by <@{stage.ws.user('ana').id}>" in content(shared)
    assert await stage.services.history.count(Query(OPERATOR)) == 1


async def test_share_works_where_the_bot_is_no_member(stage):
    await stage.type("/smtpcheck mail.lab.example 25", **GENERAL)
    await stage.press("smtpcheck.share", **GENERAL)
    shared = stage.last(user="bruno", **GENERAL)
    assert f"Shared by <@{stage.ws.user('ana').id}>" in content(shared)
    said = [call.args["response_type"] for call in stage.ws.calls("response_url")]
    assert said == ["ephemeral", "in_channel", "ephemeral"]


async def test_the_private_answer_stays_as_it_is_and_says_that_it_is_shared(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    before = [block["type"] for block in stage.last().blocks]
    await stage.press("smtpcheck.share")
    private, public = stage.seen()
    assert [block["type"] for block in private.blocks] == [*before[:-1], "context", "actions"]
    assert f"Shared in <#{stage.ws.channel('mailops').id}>, <!date^" in private.text
    assert public.ephemeral_to == ""


async def test_what_follows_below_a_shared_result_is_about_it(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    await stage.press("smtpcheck.share")
    post = stage.last("bruno")
    found = await stage.bot.dispatcher.threads.about(stage.ws.channel("mailops").id, post.ts)
    assert found.targets == ("mail.lab.example",)


async def test_details_open_a_dialogue_at_once_and_fill_it_then(stage):
    await stage.type("/smtpcheck mail.lab.example 587")
    await stage.press("smtpcheck.details")
    opened, updated = stage.ws.calls("views.open")[0], stage.ws.calls("views.update")[0]
    assert "Loading" in str(opened.args["view"]["blocks"])
    assert "220 " in str(updated.args["view"]["blocks"])
    view = stage.ws.view_of("ana")
    assert "EHLO portero.lab.example" in str(view.blocks)


def test_what_is_called_run_again_edits_its_own_message_and_nothing_else_is_called_so():
    calls = [
        [ast.unparse(argument) for argument in node.args[:2]]
        for path in modules("commands")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"button", "_button"}
    ]
    called = [action for label, action in calls if label == "'Run again'"]
    assert set(called) == {"'smtpcheck.run'", "RUN"}
    assert RUN == "smtpcheck.run"


async def test_run_again_edits_its_own_private_message(stage):
    await stage.type("/smtpcheck mail.lab.example 25 587")
    stage.services.now.advance(11)
    await stage.press("smtpcheck.run")
    [message] = stage.seen()
    assert len(message.versions) == 1
    assert "mail.lab.example" in message.text
    assert [entry.surface for entry in await stage.services.history.entries(Query(OPERATOR))] == ["button", "slash"]


async def test_run_again_keeps_the_ports_that_were_asked_for(stage):
    await stage.type("/smtpcheck mail.lab.example 587")
    stage.services.now.advance(11)
    await stage.press("smtpcheck.run")
    entries = await stage.services.history.entries(Query(OPERATOR))
    assert [[point["port"] for point in entry.document["endpoints"]] for entry in entries] == [[587], [587]]


async def test_run_again_within_seconds_shows_what_is_known(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    await stage.press("smtpcheck.run")
    [message] = stage.seen()
    assert len(message.versions) == 1
    assert await stage.services.history.count(Query(OPERATOR)) == 1


async def test_a_result_that_is_gone_is_explained(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    message = stage.last()
    for element in message.blocks[-1]["elements"]:
        element["value"] = "0" * 28
    await stage.press("smtpcheck.share")
    assert "not in the history any more" in stage.last().text
    await stage.ws.click(message, "smtpcheck.details", user="ana")
    await stage.bot.dispatcher.idle()
    assert "not in the history any more" in str(stage.ws.view_of("ana").blocks)
