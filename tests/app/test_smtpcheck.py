import sqlite3
from dataclasses import replace

from commands.contract import usage_line
from commands.smtpcheck.handler import COMMAND
from storage.history import OPERATOR, Query

from .stage import FullDisk, bot_on, content


async def test_a_check_goes_from_the_ack_to_a_row_in_sqlite(stage, tmp_path):
    done = await stage.type("/smtpcheck mail.lab.example 25 587")
    assert (done.error, done.ack) == ("", {})

    [message] = stage.seen()
    assert message.ephemeral_to == stage.ws.user("ana").id
    assert "mail.lab.example" in message.text
    assert "Logged." in content(message)
    assert [block["type"] for block in message.blocks][:2] == ["section", "context"]

    with sqlite3.connect(tmp_path / "portero.db") as db:
        rows = db.execute("select kind, target, verdict, actor, team, surface from entries").fetchall()
    db.close()
    ana = stage.ws.user("ana").id
    assert rows == [("check", "mail.lab.example", "ok", ana, stage.ws.state.team, "slash")]


async def test_the_text_beside_the_blocks_says_everything(stage):
    await stage.type("/smtpcheck expired.lab.example 465")
    text = stage.last().text
    assert "465 · " in text
    assert "expired" in text
    assert not [call for call in stage.ws.log if call.warnings or not call.ok]


async def test_a_target_is_understood_as_slack_mangles_it(stage):
    await stage.type("/smtpcheck <http://MAIL.lab.example.|MAIL.lab.example.>\u00a0 25")
    assert "*mail.lab.example*" in content(stage.last())


async def test_without_a_target_there_is_a_card_with_examples_to_paste(stage):
    await stage.type("/smtpcheck")
    await stage.type("/smtpcheck help")
    first, second = stage.seen()
    assert first.text == second.text
    assert first.ephemeral_to
    assert first.text.count("`/smtpcheck ") >= 4
    assert await stage.services.history.count(Query(OPERATOR)) == 0


async def test_wrong_input_is_told_to_the_asker_alone_with_the_usage(stage):
    await stage.type("/smtpcheck mail")
    message = stage.last()
    assert message.ephemeral_to
    assert "`mail` is not a full name" in message.text
    assert f"`{usage_line(COMMAND)}`" in message.text


async def test_wrong_input_cannot_mention_anybody(stage):
    await stage.type("/smtpcheck <!channel> &lt;!everyone&gt;")
    text = stage.last().text
    assert "<!" not in text
    assert "<@" not in text


async def test_an_address_inside_is_refused_without_a_connection(stage):
    await stage.type("/smtpcheck 10.0.0.5")
    [entry] = await stage.services.history.entries(Query(OPERATOR))
    assert entry.document["endpoints"] == []
    assert [finding["code"] for finding in entry.document["findings"]] == ["forbidden"]


async def test_a_look_at_our_own_network_is_found_in_the_history_and_opened(stage):
    await stage.type("/smtpcheck network 25 here")
    assert not stage.last().ephemeral_to
    await stage.type("/smtphistory network since 1d")
    assert "1 result" in stage.last().text
    await stage.press("smtpcheck.details")
    assert "25* unknown" in str(stage.ws.view_of("ana").blocks)
    await stage.type("/smtpcheck netwrok")
    assert "Did you mean" in stage.last().text


async def test_a_target_that_was_just_checked_is_answered_from_the_history(stage):
    await stage.type("/smtpcheck mail.lab.example 25")
    await stage.type("/smtpcheck mail.lab.example 25", user="bruno")
    assert f"<@{stage.ws.user('ana').id}>" in content(stage.last(user="bruno"))
    stage.services.now.advance(61)
    await stage.type("/smtpcheck mail.lab.example 25", user="bruno")
    assert [entry.actor for entry in await stage.services.history.entries(Query(OPERATOR))] == [
        stage.ws.user(name).id for name in ("bruno", "ana")
    ]


async def test_a_hostile_banner_stays_text(stage):
    await stage.type("/smtpcheck hostile.lab.example 25")
    await stage.press("smtpcheck.share")
    await stage.press("smtpcheck.details")
    sent = str([call.args for call in stage.ws.log if call.method != "auth.test"])
    for mrkdwn in _mrkdwn_texts([call.args for call in stage.ws.log]):
        assert "<!channel>" not in mrkdwn
        assert "<https://evil" not in mrkdwn
    assert "\x1b" not in sent


async def test_a_full_disk_does_not_cost_the_answer(ws, lab, mode):
    services = replace(lab, history=FullDisk(lab.history))
    async with bot_on(ws, services, mode, pace=()) as stage:
        await stage.type("/smtpcheck mail.lab.example 25")
        message = stage.last()
    assert "Not logged" in content(message)
    assert "Not logged" in message.text
    assert not {"smtpcheck.share", "smtpcheck.details"} & {one["action_id"] for one in message.blocks[-1]["elements"]}


def _mrkdwn_texts(value):
    if isinstance(value, list):
        return [text for item in value for text in _mrkdwn_texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [text for item in value.values() for text in _mrkdwn_texts(item)]
