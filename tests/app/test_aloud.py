"""A mention is read by everybody in its channel: what may not be shown there is not."""

import pytest

from bot.demo.workspace.model import FileUpload

from .stage import content
from .test_conversation import CHECK, answers, written

SECRET = "hunter2secret"
CONFIG = f"<smtp-user bob>\n  password {SECRET}\n</smtp-user>"


def private(stage, user="ana", channel="mailops"):
    return [one for one in stage.seen(user, channel) if one.ephemeral_to]


async def test_what_the_asker_alone_may_see_is_not_told_to_all(stage, ws):
    await written(stage, "mail.lab.example 587", ws.dm("ana"))
    await written(stage, "@portero history of mail.lab.example", user="bruno")
    assert "Nothing found" in answers(stage)[-1].text
    asked = await written(stage, "@portero history of mail.lab.example")
    assert "587" in content(private(stage)[-1]), asked
    assert [one for one in stage.seen("bruno") if "587" in content(one)] == []
    await written(stage, "history of mail.lab.example", ws.dm("ana"))
    assert "587" in content(answers(stage, ws.dm("ana"))[-1])


async def test_nor_is_an_earlier_result_of_theirs_given_for_a_check(stage, ws):
    await written(stage, CHECK, ws.dm("ana"))
    await written(stage, f"@portero {CHECK}")
    assert "asked" not in content(answers(stage)[-1])


async def test_what_the_channel_may_see_is_told_whoever_asks(stage, ws):
    await written(stage, f"@portero {CHECK}")
    await written(stage, "@portero history of mail.lab.example", user="bruno")
    assert "587" in content(answers(stage)[-1])


async def test_the_first_answer_in_a_channel_says_how_to_go_on_there(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    await written(stage, "@portero and 465?", thread_ts=asked.ts)
    told = ["@portero and 465?" in one.text and "@portero and 465?" in content(one) for one in answers(stage)]
    assert told == [True, False]


async def test_a_password_in_a_config_is_covered_and_its_author_told_alone(stage, ws):
    await written(stage, f"@portero {CONFIG}")
    assert SECRET not in "".join(one.text + content(one) for one in answers(stage, viewer="bruno"))
    assert "PMTA" in content(answers(stage, viewer="bruno")[-1])
    [hint] = private(stage)
    assert "Only you see this" in hint.text
    assert private(stage, "bruno") == []


@pytest.mark.parametrize("text", ["do you need my password?", "do you send mail? and do you need my password?"])
async def test_a_question_about_passwords_holds_none(stage, text):
    await written(stage, f"@portero {text}")
    assert "I need none, for I never log in" in answers(stage, viewer="bruno")[-1].text
    assert private(stage) == []


async def test_so_is_one_in_a_file(stage, ws):
    await written(stage, "@portero", attached=[FileUpload("config", CONFIG.encode())])
    assert len(private(stage)) == 1
    assert SECRET not in "".join(one.text + content(one) for one in answers(stage, viewer="bruno"))


async def test_in_a_direct_message_nobody_else_reads_it(stage, ws):
    dm = ws.dm("ana")
    await written(stage, CONFIG, dm)
    [answer] = answers(stage, dm)
    assert SECRET not in answer.text + content(answer)


async def test_a_login_with_its_password_is_not_repeated(stage, ws):
    await written(stage, f"@portero smtp://bob:{SECRET}@mail.lab.example")
    assert "looks like a login" in answers(stage, viewer="bruno")[-1].text
    assert SECRET not in answers(stage, viewer="bruno")[-1].text


async def test_ones_own_settings_are_told_to_oneself(stage, ws):
    await written(stage, "@portero settings")
    assert answers(stage, viewer="bruno") == []
    assert "Settings that apply to you" in private(stage)[-1].text


@pytest.mark.parametrize("text", ["@portero watches", "@portero what is down?"])
async def test_the_watches_of_the_channel_are_told(stage, ws, text):
    await stage.type("/smtpwatch add mail.lab.example every 15m")
    await written(stage, text, user="bruno")
    assert answers(stage, viewer="bruno")[-1].ephemeral_to == ""


async def test_a_file_with_a_config_is_checked(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "what is wrong here?", dm, attached=[FileUpload("config", b"smtp-listner 0/0:25\n")])
    assert "smtp-listener" in content(answers(stage, dm)[-1])


async def test_a_question_about_ports_is_answered(stage, ws):
    await written(stage, "@portero which port for ses from hetzner")
    assert "587" in answers(stage)[-1].text


async def test_help_is_answered_in_spanish_words_too(stage, ws):
    await written(stage, "ayuda", ws.dm("ana"))
    assert "/smtpcheck" in answers(stage, ws.dm("ana"))[-1].text


async def test_what_needs_a_form_says_how_to_get_it(stage, ws):
    await stage.type("/smtpwatch add mail.lab.example every 15m")
    await written(stage, "@portero mute mail.lab.example")
    assert answers(stage)[-1].text.endswith("type `/smtpwatch mute mail.lab.example`")
    await stage.press("smtpwatch.instead")
    assert "Mute" in ws.view_of("ana").body["title"]["text"]
