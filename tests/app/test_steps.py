"""Steps of workflows: run by Slack, for somebody whom the workflow names; ended with outputs or with an error."""

import asyncio

import pytest

from bot.slack.manifest import manifest
from bot.slack.steps.table import STEPS
from storage.history import OPERATOR, Query

from .stage import asked, bot_on, content

CONFIG = "<source 0/0>\nalways-allow-relaying yes\n</source>"
PORT = ("which_smtp_port", {"question": "sparkpost from google cloud"})
HOST = ("check_mail_host", {"host": "mail.lab.example", "ports": "25 587"})


@pytest.fixture
async def stage(ws, lab, mode):
    ws.state.functions = manifest(workflow=True)["functions"]
    async with bot_on(ws, lab, mode, pace=()) as running:
        yield running


async def step(stage, name, inputs, *, who="ana", where="", **more):
    place = {"channel_id": stage.ws.channel(where).id} if where else {}
    run = await stage.ws.step(name, {**inputs, "user_id": stage.ws.user(who).id, **place}, **more)
    await stage.bot.dispatcher.idle()
    return run


async def test_a_host_is_checked_and_the_workflow_goes_on_with_what_was_found(stage, ws):
    run = await step(stage, *HOST, where="mailops")
    assert run.error == ""
    answer = stage.last("bruno")
    assert run.outputs == {
        "verdict": "ok",
        "port": 587,
        "tls": "starttls",
        "summary": run.outputs["summary"],
        "link": f"{ws.state.origin}/archives/{answer.channel}/p{answer.ts.replace('.', '')}",
    }
    assert run.outputs["summary"].startswith("mail.lab.example works")
    assert f"Asked by a workflow, for <@{ws.user('ana').id}>" in content(answer)
    assert "smtpcheck.share" not in content(answer)
    [entry] = await stage.services.history.entries(Query(OPERATOR))
    assert (entry.actor, entry.surface, entry.channel) == (ws.user("ana").id, "workflow", answer.channel)
    assert [one["port"] for one in entry.document["endpoints"]] == [25, 587]


async def test_without_a_channel_the_answer_goes_to_whoever_asks(stage, ws):
    run = await step(stage, *PORT)
    [answer] = ws.messages(ws.dm("ana"))
    assert (run.outputs["verdict"], run.outputs["port"], run.outputs["tls"]) == ("ok", 587, "starttls")
    assert run.outputs["summary"] == "Use 587 with STARTTLS for SparkPost"
    assert run.outputs["link"].endswith(answer.ts.replace(".", ""))


async def test_a_config_is_validated(stage):
    run = await step(stage, "validate_pmta_config", {"config": CONFIG})
    assert (run.outputs["verdict"], run.outputs["errors"]) == ("danger", 1)
    assert "1 danger" in run.outputs["summary"]


async def test_a_host_that_is_down_is_a_result_and_no_error(stage):
    run = await step(stage, "check_mail_host", {"host": "nowhere.lab.example"})
    assert (run.state, run.outputs["verdict"], "port" in run.outputs) == ("succeeded", "failed", False)


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("check_mail_host", {"host": "not a host"}, "not"),
        ("check_mail_host", {"host": "a.lab.example b.lab.example"}, "One target at a time."),
        ("check_mail_host", {"host": " "}, "Type a host"),
        ("check_mail_host", {"host": "network"}, "This step checks a host. Type one, such as 'mail.example.com'."),
        ("check_mail_host", {"host": "mail.lab.example deep"}, "stand ports, one by one ('25 587')."),
        ("which_smtp_port", {"question": " "}, "no question"),
        ("validate_pmta_config", {"config": ""}, "Paste a config"),
    ],
)
async def test_what_cannot_be_read_is_an_error_with_words(stage, name, inputs, said):
    run = await step(stage, name, inputs)
    assert run.state == "failed"
    assert said in run.error
    assert "/" not in run.error
    assert not {"<", ":grey_exclamation:", "&amp;"} & {run.error, *run.error.split()}


async def test_the_name_of_somebody_who_is_not_served_opens_nothing(stage, ws):
    run = await step(stage, *HOST, who="greta")
    assert (run.state, "does not answer guests" in run.error) == ("failed", True)
    assert await stage.services.history.count(Query(OPERATOR)) == 0


async def test_nobody_makes_it_speak_in_a_channel_in_which_whoever_asks_is_not(stage, ws):
    ws.channel("board").members.add(ws.bot.id)
    run = await step(stage, *HOST, who="bruno", where="board")
    assert "not in that channel" in run.error
    assert ws.messages("board") == []


async def test_where_the_bot_cannot_post_the_workflow_goes_on_without_a_link(stage):
    run = await step(stage, *PORT, where="general")
    assert (run.state, "link" in run.outputs) == ("succeeded", False)


async def test_an_earlier_result_of_that_person_is_not_told_to_a_workflow(stage, ws):
    """Whoever builds a workflow may name anybody."""
    await stage.type("/smtpcheck mail.lab.example 25")
    run = await step(stage, "check_mail_host", {"host": "mail.lab.example", "ports": "25"})
    first, second = [entry.surface for entry in await stage.services.history.entries(Query(OPERATOR))]
    assert (first, second, run.state) == ("workflow", "slash", "succeeded")


async def test_a_run_that_slack_tells_of_again_is_served_once(stage, ws):
    run = await step(stage, *PORT)
    again = {"function": {"callback_id": run.callback}, "function_execution_id": run.id, "bot_access_token": run.token}
    await ws.event("function_executed", **again, inputs={**PORT[1], "user_id": ws.user("ana").id})
    await stage.bot.dispatcher.idle()
    assert len(ws.calls("functions.completeSuccess")) == 1
    assert len(ws.messages(ws.dm("ana"))) == 1


async def test_where_the_token_of_a_run_is_taken_back_our_own_ends_it(stage, ws):
    ws.fail("functions.completeSuccess", "token_revoked")
    run = await step(stage, *PORT)
    assert run.state == "succeeded"
    assert [call.error for call in ws.calls("functions.completeSuccess")] == ["token_revoked", ""]


async def test_outputs_that_slack_does_not_take_leave_no_run_hanging(stage, ws):
    ws.fail("functions.completeSuccess", "parameter_validation_failed")
    run = await step(stage, *PORT)
    assert (run.state, "did not take the result" in run.error) == ("failed", True)


async def test_a_run_that_is_cut_short_by_a_restart_says_so(ws, lab):
    ws.state.functions = manifest(workflow=True)["functions"]
    async with bot_on(ws, lab, pace=()) as stage:
        held = ws.hold("users.info")
        run = await ws.step("which_smtp_port", {**PORT[1], "user_id": ws.user("ana").id})
        await asked(ws, "users.info")
        ending = asyncio.ensure_future(stage.bot.dispatcher.drain(0.0))
        await ws.wait_for(lambda: run.state != "running")
        held.set()
        await ending
    assert "restarting" in run.error


def test_every_output_that_a_step_needs_is_among_its_facts():
    needed = {"verdict", "summary", "errors"}
    assert all({one.name for one in step.outputs if one.required} <= needed for step in STEPS)
