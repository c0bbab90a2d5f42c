"""What somebody wrote is seen as it was written wherever it is repeated: never bold, a link, a mention or an emoji.

Everything is drawn by the strict workspace, which draws what Slack draws. A mark that was taken as formatting is gone
from the picture, so whatever is not read there was drawn as something else.
"""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from bot.demo.workspace import render
from bot.demo.workspace.model import FileUpload, View
from commands.slack_text import clean
from tests.storage.samples import an_entry

from .watchers import TARGET, watchers_on

HOSTILE = {
    "*bold*": "bold",
    "_italic_": "italic",
    "~strike~": "strike",
    "`code`": "code",
    "```fence```": "fence",
    "<!channel>": "@channel",
    "<@U0000000002>": "@ana",
    "<#C0000000001|ops>": "#ops",
    "<http://evil.example|bank>": "bank",
    "a&b": "a&amp;b",
    ":x:": "\u274c",
    "*_:warning:_*": "\u26a0",
    "z\u200bz\u202ez": "z\u200bz",
    "*half": "half",
}
"""What is typed, and what Slack would make of it."""

LOOK_THE_SAME = str.maketrans("\u2217\u02cd\u223c\u02cb\u2236", "*_~`:")


def sent(text):
    """As Slack sends what was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def drawn(ws, shown, user="ana"):
    """What somebody reads of a message, a dialogue or a Home."""
    out = io.StringIO()
    picture = render.view if isinstance(shown, View) else render.message
    more = () if isinstance(shown, View) else (ws.user(user),)
    Console(file=out, width=5000, no_color=True, emoji=False).print(picture(ws.state, shown, *more))
    return out.getvalue().translate(LOOK_THE_SAME)


def is_as_typed(seen, hostile, frame):
    """Whether it is read as it was typed; a message may also cover it, or leave it out, but never draw it."""
    assert frame.format(HOSTILE[hostile]).lower() not in seen.lower(), (hostile, seen.strip())
    return frame.format(clean(hostile)).lower() in seen.lower()


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        await made.type(f"add {TARGET} 25")
        yield made


ERRORS = (
    "/smtpcheck mail.example.com x{}y",
    "/pmta explain x{}y",
    "/portero x{}y",
    "/smtphistory by x{}y",
    "/smtphistory since x{}y",
    "/smtphistory provider x{}y",
    "/smtpwatch x{}y",
    "/smtpwatch show x{}y",
    "/smtpwatch list x{}y",
    "/smtpwatch digest x{}y",
    "/smtpwatch tag mail.example.com x{}y",
    "/smtpwatch add mail.example.com every x{}y",
    "/smtpwatch add mail.example.com notify x{}y",
    "/smtpwatch add mail.example.com in x{}y",
    "/smtpwatch add mail.example.com from x{}y",
    "/smtpwatch edit mail.example.com after x{}y",
    "/smtpwatch snooze mail.example.com x{}y",
)


FRAME = "x.{}.y"


def everything(ws, user="ana", channel="mailops"):
    """All that somebody sees in a channel."""
    return "\n".join(drawn(ws, one) for one in ws.messages(channel, viewer=user))


async def test_titles_of_a_history_repeat_a_target_as_it_was_typed(w, ws):
    read_otherwise = {"*_:warning:_*", "<@U0000000002>"}  # as a secret, and as somebody's address
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        await w.stage.type(f"/smtphistory {FRAME.format(sent(hostile))}")
        assert is_as_typed(drawn(ws, w.stage.last()), hostile, FRAME) is (hostile not in read_otherwise), hostile


async def test_lines_of_a_history_and_of_home_name_a_file_as_it_is_called(w, ws):
    ana, at = ws.user("ana").id, w.services.now() - timedelta(hours=1)
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        at += timedelta(minutes=1)  # Home has the last ones
        for number in (1, 2):  # one alone is opened at once
            one = an_entry(f"{hostile}{number}", kind="pmta", target=FRAME.format(hostile), actor=ana, started_at=at)
            await w.services.history.add(replace(one, team=ws.state.team))
        await w.stage.type("/smtphistory pmta")
        assert is_as_typed(drawn(ws, w.stage.last()), hostile, FRAME), hostile
        await ws.open_home("ana")
        await w.stage.bot.dispatcher.idle()
        assert is_as_typed(drawn(ws, ws.home_of("ana")), hostile, FRAME), hostile


async def test_what_was_said_about_a_watch_is_seen_as_it_was_said(w, ws):
    maybe_secrets = {"*_:warning:_*", "```fence```", "<#C0000000001|ops>", "<http://evil.example|bank>"}
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        await w.type(f"mute {TARGET} 2h {FRAME.format(sent(hostile))}")
        for line in (f"show {TARGET}", "list", f"history {TARGET}"):
            await w.type(line)
        assert is_as_typed(everything(ws), hostile, FRAME) is (hostile not in maybe_secrets), hostile


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_note_below_an_alert_is_seen_as_it_was_said(w, ws, hostile):
    await w.tick()
    w.world.breaks(summary=f"25 said {FRAME.format(hostile)}")
    await w.pass_by(minutes=30)
    await w.type(f"note {TARGET} {FRAME.format(sent(hostile))}")
    await w.tick()
    await w.type("incidents")
    assert is_as_typed(everything(ws), hostile, FRAME)


@pytest.mark.parametrize("line", ["/smtpport sendgrid x{}y", "/smtpport x{}y"])
async def test_words_that_an_advice_did_not_understand_are_repeated_as_typed(w, ws, line):
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        await w.stage.type(line.format(sent(hostile)))
        is_as_typed(drawn(ws, w.stage.last()), hostile, "x{}y")


async def test_a_config_is_called_as_its_file_is_and_its_words_are_seen_as_they_stand_there(w, ws):
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        word = FRAME.format(hostile)
        config = f"<virtual-mta {word}>\nsmtp-source-hst {word}\n</virtual-mta>\nhttp-access {word} {word}\n".encode()
        message = ws.say("ana", "mailops", "look", attached=[FileUpload(f"{word.replace('/', '-')}.conf", config)])
        await ws.shortcut("pmta_validate", "ana", message)
        await w.stage.bot.dispatcher.idle()
        is_as_typed(drawn(ws, w.stage.last()), hostile, FRAME)
        assert "smtp-source-hst" in drawn(ws, w.stage.last()), hostile


@pytest.mark.parametrize("line", ERRORS)
async def test_an_error_repeats_what_was_typed_as_it_was_typed(w, ws, line):
    repeated = 0
    for hostile in HOSTILE:
        w.services.limiter._taken.clear()
        await w.stage.type(line.format(sent(hostile)))
        repeated += is_as_typed(drawn(ws, w.stage.last()), hostile, line.split()[-1])
    assert repeated >= len(HOSTILE) // 2 or line in COVERED


COVERED = {"/pmta explain x{}y", "/smtpwatch digest x{}y", "/smtphistory by x{}y"}
"""Words that may be secrets there."""
