"""`/portero log`: who changed what, typed in Slack by those who did it, by others, and by an admin."""

import re
from dataclasses import replace

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.operations.setting_changes import NOTE
from bot.settings import Settings
from storage.audit import AuditEntry, AuditQuery
from storage.history import OPERATOR, Viewer

from .stage import bot_on, content
from .watchers import TARGET, watchers_on


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        yield made
    assert not [call for call in ws.log if call.error == "invalid_blocks" or call.warnings]


async def log(w, text="", user="bruno", channel="mailops"):
    """The lines of the log as somebody reads them, newest first; each without its time."""
    await w.stage.type(f"/portero log {text}".strip(), user, channel)
    return lines_of(w.stage.last(user, channel))


def lines_of(message):
    return [line.partition(">  ")[2] for line in message.text.splitlines() if line.startswith("<!date")]


async def test_what_is_done_to_watches_is_told_to_those_of_their_channel(w):
    ana = f"<@{w.ws.user('ana').id}>"
    await w.type(f"add {TARGET} 25")
    await w.type(f"edit {TARGET} every 5m")
    await w.type(f"mute {TARGET} 2h moving house")
    await w.type(f"tag {TARGET} prod")
    await w.type("digest daily 09:00 UTC")
    await w.type(f"unmute {TARGET}", "bruno")
    await w.type(f"delete {TARGET}")
    told = await log(w)
    assert [re.sub(r"<!date\S+ ?[^>]*>", "THEN", line) for line in told] == [
        f"<@{w.ws.user('bruno').id}> unmuted *{TARGET}*.",
        f"{ana} set the digest of <#{w.ws.channel('mailops').id}>: daily at 09:00 UTC.",
        f"{ana} changed the tags of *{TARGET}*: tagged it prod.",
        f"{ana} muted *{TARGET}* until THEN: moving house.",
        f"{ana} changed the watch on *{TARGET}*: interval 15m → 5m.",
        f"{ana} added a watch on *{TARGET}*, port 25.",
    ]


async def test_who_acknowledges_one_of_several_in_a_message_acknowledged_all(w):
    for name in ("a", "b"):
        await w.type(f"add {name}.example.com 25")
        w.world.breaks(f"{name}.example.com")
    await w.pass_by(minutes=40)
    alert = next(message for message in reversed(w.posted()) if "smtpwatch.ack" in content(message))
    await w.press(alert, "smtpwatch.ack", user="bruno")
    told = await log(w, "acks")
    assert all("acknowledged the incident of" in line for line in told)
    assert len(told) in {1, 2}


async def test_what_is_ordered_by_a_mention_is_told_of_who_ordered_it(w, ws):
    await w.type(f"add {TARGET} 25")
    await ws.write("bruno", "mailops", f"@portero smtpwatch pause {TARGET}")
    await w.stage.bot.dispatcher.idle()
    assert (await log(w))[0] == f"<@{ws.user('bruno').id}> paused the watch on *{TARGET}*."


async def test_filters_narrow_it_down(w):
    await w.type(f"add {TARGET} 25")
    await w.type("add other.example.com 25")
    await w.type(f"pause {TARGET}", "bruno")
    bruno = w.ws.user("bruno").id
    assert len(await log(w)) == 3
    assert len(await log(w, TARGET)) == 2
    assert len(await log(w, f"by <@{bruno}|bruno>")) == 1
    assert len(await log(w, "mine")) == 1
    assert len(await log(w, (await w.the_watch()).id)) == 2
    assert await log(w, "mutes") == []
    assert "Nothing that you may see was changed" in w.stage.last("bruno").text
    assert await log(w, "until 2d") == []
    assert len(await log(w, "since today watches here")) == 3


async def test_it_is_for_those_who_may_see_it_and_admins_see_all(w):
    w.ws.channel("board").members.add(w.ws.bot.id)
    board = w.ws.channel("board").id
    await w.type(f"add {TARGET} 25 in <#{board}|board>")
    assert await log(w) == []
    assert len(await log(w, user="ana")) == 1  # she is in the channel, and an admin
    await w.services.watches.keep_audit([AuditEntry(w.clock(), "setting_changed", "PORTERO_PORTS", w.ws.state.team)])
    assert len(await log(w, user="ana")) == 2
    assert await log(w) == []


async def test_a_guest_is_told_nothing(w):
    await w.type(f"add {TARGET} 25")
    await w.stage.type("/portero log", "greta")
    assert "does not answer guests" in w.stage.last("greta").text


async def test_long_ones_have_pages(w):
    team, channel = w.ws.state.team, w.ws.channel("mailops").id
    noted = [AuditEntry(w.clock(), "unmuted", f"h{number}.example.com", team, "U1A", channel) for number in range(40)]
    await w.services.watches.keep_audit(noted)
    await w.stage.type("/portero log unmuted.example.com", "bruno")
    await w.stage.type("/portero log", "bruno")
    page = w.stage.last("bruno")
    seen = lines_of(page)
    assert "1 to 15 of 40, newest first" in page.text
    for action, counted in (("portero.older", "16 to 30 of 40"), ("portero.older", "31 to 40 of 40")):
        await w.press(page, action, user="bruno")
        assert counted in page.text
        seen += lines_of(page)
    assert [re.search(r"h(\d+)", line)[1] for line in seen] == [str(number) for number in reversed(range(40))]
    assert [one.label for one in numbered_buttons(page)] == ["Newer"]
    await w.press(page, "portero.log", user="bruno")
    assert "16 to 30 of 40" in page.text
    assert len(page.versions) == 3


async def test_help_and_slips_say_what_to_type(w):
    assert "`/portero log by @ana mutes`" in (await said(w, "help"))
    assert "/portero log by @" in (await said(w, "by ana"))
    assert "knows nothing of `failed`" in (await said(w, "failed"))
    await w.stage.type("/portero lgo", "bruno")
    assert "Did you mean" in w.stage.last("bruno").text


async def test_what_was_probably_meant_is_a_button_that_asks_the_log(w):
    await w.stage.type("/portero log mutes since 7d since 2d", "bruno")
    error = w.stage.last("bruno")
    assert [one.label for one in numbered_buttons(error)] == ["Show log mutes since 7d", "Show log mutes since 2d"]
    await w.press(error, "portero.instead", user="bruno")
    assert "mutes, last 7 days*\nNothing that you may see was changed." in w.stage.last("bruno").text


async def said(w, text):
    await w.stage.type(f"/portero log {text}", "bruno")
    return w.stage.last("bruno").text


async def test_a_deleted_result_is_told_without_what_was_checked(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        await stage.type("/smtpcheck mail.lab.example 25", "bruno")
        await stage.type("/smtphistory mail.lab.example")
        await ws.click(stage.last(), "smtpcheck.details", user="ana")
        await stage.bot.dispatcher.idle()
        await ws.click(ws.view_of("ana"), "smtphistory.delete", user="ana")
        await stage.bot.dispatcher.idle()
        await stage.type("/portero log deletions", "bruno")
        told = stage.last("bruno").text
    assert f"<@{ws.user('ana').id}> deleted a check by <@{ws.user('bruno').id}> of <!date" in told
    assert "mail.lab.example" not in told


async def test_other_settings_at_a_start_are_told_to_admins_without_secrets(ws, services, monkeypatch):
    async def started(**changes):
        monkeypatch.setattr(Settings, "__init__", _with(changes)) if changes else monkeypatch.undo()
        async with bot_on(ws, services, pace=()) as stage:
            await stage.type("/portero log settings")
            return lines_of(stage.last())

    assert await started() == []
    assert await started() == []
    told = await started(retention_days=90, mail_password="swordfish", admins=frozenset({"U0ROOT001"}))
    assert sorted(told) == [
        "Portero was started with *PORTERO_MAIL_PASSWORD* set anew.",
        "Portero was started with another *PORTERO_ADMINS*.",
        "Portero was started with another *PORTERO_RETENTION_DAYS*: 0 → 90.",
    ]
    kept = str(await services.watches.notes(NOTE)) + str(await services.watches.audit(AuditQuery(OPERATOR)))
    assert not [word for word in ("swordfish", "U0ROOT001", ws.bot_token) if word in kept]


def _with(changes):
    """What the environment would set beside what the test's bot is started with."""
    original = Settings.__init__

    def made(self, *args, **named):
        original(self, *args, **{**named, **changes})

    return made


async def test_a_person_is_forgotten_in_it(w):
    from commands.watch.verbs.forgetting import forget  # noqa: PLC0415

    await w.type(f"add {TARGET} 25 notify <@{w.ws.user('bruno').id}|bruno>")
    await w.type(f"snooze {TARGET} 2h", "bruno")
    await w.type(f"edit {TARGET} notify <@{w.ws.user('ana').id}|ana>")
    bruno = w.ws.user("bruno").id
    await forget(bruno, w.services.watches)
    found = await w.services.watches.audit(AuditQuery(Viewer(w.ws.state.team, admin=True)))
    assert bruno not in str([replace(one, at=w.clock()) for one in found])
    assert "Somebody who was forgotten snoozed" in " ".join(await log(w, user="ana"))
