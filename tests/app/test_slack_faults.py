"""When Slack misbehaves: everybody hears something, what was found is safe, and the fault is not called ours."""

import pytest

from bot.demo.workspace.oddities import Raw
from bot.slack.replies.answers import NOT_TAKEN, NOT_TAKEN_THERE
from bot.slack.replies.error_messages import NOT_SHOWN, not_opened
from commands.contract import Action, Modal, Reply
from storage.history import OPERATOR, Query

from .odd_answers import RAWS
from .stage import content
from .test_deduplication import button_bearer

PRIVATE = ("response_url", "chat.postEphemeral", "chat.postMessage")


async def answering(_request, _services):
    yield Reply("the answer")


async def public(_request, _services):
    yield Reply("the answer", public=True)


async def dialogue(_request, _services):
    yield Modal("Title", [{"type": "section", "text": {"type": "plain_text", "text": "shown"}}])


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("bot.slack.client.web_client.UNTOLD_WAIT", 0.0)


def said(ws, user="ana"):
    """All that this person reads of the bot, wherever it stands."""
    return [message.text for place in ("mailops", ws.dm(user)) for message in ws.messages(place, viewer=user)]


@pytest.mark.parametrize("name", [name for name in RAWS if RAWS[name].status != 200 or RAWS[name].end.value != "whole"])
async def test_an_answer_that_one_door_does_not_take_goes_by_another(serving, ws, name):
    async with serving(answering) as stage:
        ws.answer_oddly("response_url", RAWS[name], times=3)
        await stage.type("/echo")
    assert set(said(ws)) == {"the answer"}


NOT_TAKEN_BODIES = [
    b'{"ok":false,"error":"expired_url"}',
    b'{"ok":false,"error":"invalid_blocks"}',
    b'{"ok":"true"}',
    b'{"ok":1}',
    b"no_text",
    b"invalid_blocks",
    b"<html>login</html>",
    b"[" * 50_000,
    b"[]",
    b"true",
]


@pytest.mark.parametrize("body", NOT_TAKEN_BODIES, ids=lambda body: repr(body[:20]))
async def test_a_response_url_that_says_anything_but_ok_with_200_did_not_take_it(serving, ws, body):
    async with serving(answering) as stage:
        ws.answer_oddly("response_url", Raw(body, 200, "text/plain"), times=9)
        await stage.type("/echo")
    assert said(ws) == ["the answer"]


@pytest.mark.parametrize("body", [b"ok", b"ok\n", b"", b'{"ok":true}', b'{"ok": true, "more": 1}'])
async def test_a_response_url_that_says_ok_took_it(serving, ws, body):
    async with serving(answering) as stage:
        ws.answer_oddly("response_url", Raw(body, 200, "text/plain", done=True))
        await stage.type("/echo")
    assert said(ws) == ["the answer"]


@pytest.mark.parametrize("name", RAWS)
async def test_a_public_answer_that_slack_garbles_reaches_somebody_and_is_no_bug_of_ours(serving, ws, name):
    async with serving(public) as stage:
        ws.answer_oddly("chat.postMessage", RAWS[name])
        await stage.type("/echo")
    assert "the answer" in said(ws)
    assert "wrong on our side" not in str(said(ws))


async def test_what_slack_does_not_take_in_public_is_not_blamed_on_an_invitation(serving, ws):
    async with serving(public) as stage:
        ws.answer_oddly("chat.postMessage", RAWS["html 502"])
        ws.answer_oddly("response_url", RAWS["html 502"])
        await stage.type("/echo")
    [message] = stage.seen()
    assert message.text == f"{NOT_TAKEN_THERE}\nthe answer"


@pytest.mark.parametrize("name", ["no json", "html", "html 502", "retry for ever", "reset", "cut"])
async def test_an_answer_that_slack_takes_by_no_door_is_said_to_be_safe_in_the_history(stage, ws, name):
    for method in PRIVATE:
        ws.answer_oddly(method, RAWS[name] if method != "response_url" else RAWS["html 502"])
    await stage.type("/smtpcheck mail.lab.example 587")
    assert stage.last().text == NOT_TAKEN
    [entry] = await stage.services.history.entries(Query(OPERATOR))
    assert entry.target == "mail.lab.example"
    await stage.type("/smtphistory mine")
    assert "mail.lab.example" in f"{stage.last().text} {content(stage.last())}"


@pytest.mark.parametrize(
    "code", ["internal_error", "fatal_error", "service_unavailable", "push_limit_reached", "hash_conflict"]
)
@pytest.mark.parametrize("modal", [True, False])
async def test_a_dialogue_that_slack_does_not_open_now_is_not_called_too_late(serving, ws, code, modal):
    async with serving(button_bearer, actions={"go": Action(dialogue, modal=modal)}) as stage:
        await stage.type("/echo")
        ws.fail("views.open", code, times=9)
        await stage.press("echo.go")
    assert said(ws)[-1] == NOT_SHOWN.text


OPERATORS = [
    "token_revoked",
    "account_inactive",
    "missing_scope",
    "access_denied",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "not_allowed_token_type",
    "team_access_not_granted",
    "a_word_of_tomorrow",
]


@pytest.mark.parametrize("code", OPERATORS)
@pytest.mark.parametrize("modal", [True, False])
async def test_a_dialogue_that_the_app_may_not_open_is_for_whoever_runs_it(serving, ws, code, modal, caplog):
    async with serving(button_bearer, actions={"go": Action(dialogue, modal=modal)}) as stage:
        await stage.type("/echo")
        ws.fail("views.open", code, times=9)
        await stage.press("echo.go")
    assert said(ws)[-1] == not_opened(code).text
    assert f"`{code}`. Tell whoever runs Portero" in said(ws)[-1]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("code", ["invalid_arguments", "view_too_large", "invalid_blocks"])
async def test_contents_that_slack_refuses_are_a_bug_of_ours(serving, ws, code):
    async with serving(button_bearer, actions={"go": Action(dialogue, modal=False)}) as stage:
        await stage.type("/echo")
        ws.fail("views.open", code, times=9)
        await stage.press("echo.go")
    assert "wrong on our side" in said(ws)[-1]


@pytest.mark.parametrize("name", RAWS)
@pytest.mark.parametrize("method", ["views.open", "views.update"])
async def test_a_dialogue_that_slack_does_not_take_is_a_message_and_no_bug_of_ours(serving, ws, method, name):
    async with serving(button_bearer, actions={"go": Action(dialogue, modal=True)}) as stage:
        await stage.type("/echo")
        ws.answer_oddly(method, RAWS[name], times=2)
        await stage.press("echo.go")
    assert "wrong on our side" not in str(said(ws))
    told = said(ws)[-1]
    shown = "shown" in str(ws.state.stacks.get(ws.user("ana").id))
    taken = (method, name) == ("views.update", "bare")
    assert taken or shown or told == NOT_SHOWN.text or "did not open the dialogue" in told


async def test_what_a_dialogue_was_to_say_is_said_in_a_message(serving, ws):
    async with serving(button_bearer, actions={"go": Action(answering, modal=True)}) as stage:
        await stage.type("/echo")
        ws.answer_oddly("views.update", RAWS["no json"])
        await stage.press("echo.go")
    assert said(ws)[-1] == "the answer"


class Later:
    """The time of a bot that has been running for a while."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("name", ["html 502", "no json", "reset", "retry for ever", "bare"])
async def test_who_was_known_is_served_while_slack_does_not_say_who_they_are_for_a_day(serving, ws, name):
    later = Later()
    async with serving(answering) as stage:
        stage.bot.dispatcher.access._people._persons._clock = later
        await stage.type("/echo")
        ws.answer_oddly("users.info", RAWS[name], times=99)
        later.now += 360
        await stage.type("/echo")
        assert said(ws) == ["the answer"] * 2
        later.now += 86_400
        await stage.type("/echo")
    assert "Slack's side" in said(ws)[-1]
    assert "Try again in a minute; status.slack.com" in said(ws)[-1]


async def test_whom_slack_never_named_is_told_whose_fault_it_is(serving, ws):
    async with serving(answering) as stage:
        ws.fail("users.info", "internal_error", status=503, times=99)
        await stage.type("/echo")
    assert said(ws)[-1].startswith(
        ":grey_exclamation: Slack does not say right now who you are. The fault is on Slack's"
    )
