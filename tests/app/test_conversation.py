"""What people write to Portero, in channels and in direct messages, on the strict workspace."""

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from storage.history import OPERATOR, Query

from .stage import content

CHECK = "check mail.lab.example 25 587"


async def written(stage, text, channel="mailops", user="ana", **more):
    """The message, once the bot has nothing left to do."""
    message = await stage.ws.write(user, channel, text, **more)
    await stage.bot.dispatcher.idle()
    return message


def answers(stage, channel="mailops", viewer="ana"):
    return [message for message in stage.seen(viewer, channel) if message.bot_id]


async def test_a_direct_message_with_a_host_is_checked_and_answered_beside_it(stage, ws):
    dm = ws.dm("ana")
    await written(stage, CHECK, dm)
    [answer] = answers(stage, dm)
    assert "mail.lab.example" in answer.text
    assert "works" in answer.text
    assert (answer.thread_ts, answer.ephemeral_to) == ("", "")


async def test_a_mention_is_answered_in_its_thread_for_all_to_read(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    [answer] = answers(stage, viewer="bruno")
    assert "works" in answer.text
    assert (answer.thread_ts, answer.ephemeral_to) == (asked.ts, "")
    assert "Asked together" not in content(answer)  # nobody else did


async def test_a_mention_in_a_thread_is_answered_in_that_thread(stage, ws):
    first = ws.say("bruno", "mailops", "mail is slow")
    await written(stage, f"@portero {CHECK}", thread_ts=first.ts)
    assert answers(stage)[-1].thread_ts == first.ts


async def test_a_direct_message_in_a_thread_is_answered_there(stage, ws):
    dm = ws.dm("ana")
    first = await written(stage, CHECK, dm)
    await written(stage, "mail.lab.example 465", dm, thread_ts=first.ts)
    assert answers(stage, dm)[-1].thread_ts == first.ts


async def test_what_was_written_stands_in_the_history_of_whoever_wrote_it(stage, ws):
    await written(stage, CHECK, ws.dm("ana"))
    await written(stage, "@portero mail.lab.example 2525", user="bruno")
    rows = await stage.services.history.page(Query(OPERATOR))
    assert {(row.surface, row.actor, row.channel) for row in rows} == {
        ("direct", ws.user("ana").id, ws.dm("ana").id),
        ("mention", ws.user("bruno").id, ws.channel("mailops").id),
    }


async def test_a_public_answer_is_not_offered_to_be_shared_and_a_direct_one_is(stage, ws):
    dm = ws.dm("ana")
    await written(stage, CHECK, dm)
    await written(stage, f"@portero {CHECK}")
    assert "Share in channel" in content(answers(stage, dm)[-1])
    assert "Share in channel" not in content(answers(stage)[-1])


@pytest.mark.parametrize("channel", ["mailops", "dm"])
async def test_a_slip_of_a_host_that_was_checked_is_checked_as_typed_and_offers_that_host(stage, ws, channel):
    where, mention = (ws.dm("ana"), "") if channel == "dm" else (channel, "@portero ")
    await written(stage, f"{mention}mail.lab.example 25", where)
    await written(stage, f"{mention}mail.lab.exmaple 25", where)
    await written(stage, f"{mention}mail.lab.exapmle 25", where)
    slips = answers(stage, where)[1:]
    for answer in slips:
        assert "does not exist in DNS" in answer.text
        assert answer.text.endswith("Did you mean *mail.lab.example*?")
    slip = slips[-1]
    [check] = [one for one in numbered_buttons(slip) if one.label == "Check mail.lab.example"]
    await stage.ws.click(slip, check, user="ana" if channel == "dm" else "bruno")
    await stage.bot.dispatcher.idle()
    assert "works" in answers(stage, where, "ana" if channel == "dm" else "bruno")[-1].text


@pytest.mark.parametrize("channel", ["mailops", "dm"])
async def test_of_two_pasted_errors_the_second_has_a_button_that_explains_it(stage, ws, channel):
    where, mention, user = (ws.dm("ana"), "", "ana") if channel == "dm" else (channel, "@portero ", "bruno")
    await written(stage, f"{mention}550 5.1.1 User unknown\n\n554 5.7.1 blocked using zen.spamhaus.org", where)
    [answer] = answers(stage, where)
    assert "That is about one of 2 errors in your message." in answer.text
    [explain] = [one for one in numbered_buttons(answer) if one.label.startswith("Explain ")]
    await stage.ws.click(answer, explain, user=user)
    await stage.bot.dispatcher.idle()
    assert "blocklist" in content(answers(stage, where, user)[-1])


async def test_a_slip_of_what_others_checked_alone_offers_nothing(stage, ws):
    await written(stage, "mail.lab.example 25", ws.dm("ana"))
    await written(stage, "@portero mail.lab.exmaple 25")
    assert "Did you mean" not in answers(stage)[-1].text


@pytest.mark.parametrize("channel", ["mailops", "dm"])
async def test_what_is_not_understood_gets_a_line_and_three_buttons(stage, ws, channel):
    where = ws.dm("ana") if channel == "dm" else channel
    await written(stage, "@portero the weather is fine" if channel != "dm" else "the weather is fine", where)
    [answer] = answers(stage, where)
    assert answer.text.count("\n") == 0
    assert [each["text"]["text"] for each in answer.blocks[-1]["elements"]] == [
        "Check a host",
        "Which port?",
        "Validate a config",
    ]


async def test_its_button_opens_the_form(stage, ws):
    await written(stage, "the weather is fine", ws.dm("ana"))
    await stage.press("smtpcheck.ask", channel=ws.dm("ana"))
    assert ws.view_of("ana").body["title"]["text"] == "Check SMTP ports"


async def test_people_who_are_not_served_are_told_so_where_only_they_read_it(stage, ws):
    asked = await written(stage, f"@portero {CHECK}", user="greta")
    [answer] = answers(stage, viewer="greta")
    assert "guests" in answer.text
    assert answer.ephemeral_to == ws.user("greta").id
    assert answers(stage, viewer="ana") == []
    assert answer.thread_ts == ""  # a thread that nobody has opened shows no private message
    assert asked.ts


async def test_in_direct_messages_nothing_is_said_that_vanishes(stage, ws):
    await written(stage, CHECK, ws.dm("greta"), user="greta")
    [answer] = answers(stage, ws.dm("greta"), "greta")
    assert ("guests" in answer.text, answer.ephemeral_to) == (True, "")


async def test_somebody_of_another_organisation_gets_no_check(stage, ws):
    stranger = ws.add_user("eve", team="T9999999999")
    ws.channel("mailops").members.add(stranger.id)
    await written(stage, f"@portero {CHECK}", user="eve")
    assert [one.text for one in answers(stage, viewer="eve")] == [
        ":grey_exclamation: Portero answers only members of the organisation that installed it."
    ]
    assert answers(stage, viewer="ana") == []


async def test_the_bot_is_told_nothing_where_it_is_no_member(stage, ws):
    await written(stage, f"@portero {CHECK}", "general")
    assert answers(stage, "general") == []
