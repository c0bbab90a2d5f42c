"""Steps of workflows in the strict workspace: what reaches the app, and how it may end a run."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.workspace.model import Impossible

DECLARED = {
    "greet": {
        "title": "Greet",
        "description": "Greets somebody",
        "input_parameters": {"properties": {"name": {"type": "string"}}, "required": ["name"]},
        "output_parameters": {
            "properties": {"words": {"type": "string"}, "count": {"type": "integer"}},
            "required": ["words"],
        },
    }
}


@pytest.fixture
def declared(ws):
    ws.state.functions = DECLARED
    return ws


async def test_a_run_brings_its_inputs_and_a_token_and_ends_with_outputs(declared, socket_app):
    seen = {}

    @socket_app.function("greet")
    async def greet(event, inputs, complete):
        seen.update(event)
        await complete({"words": f"hello {inputs['name']}", "count": 1})

    run = await declared.step("greet", {"name": "ana"})
    await declared.wait_for(lambda: run.state != "running")
    assert (run.state, run.outputs) == ("succeeded", {"words": "hello ana", "count": 1})
    assert seen["function"]["callback_id"] == "greet"
    assert seen["bot_access_token"] == run.token
    assert "user" not in seen


async def test_a_run_can_fail_with_words(declared, socket_app):
    @socket_app.function("greet")
    async def greet(fail):
        await fail("nobody there")

    run = await declared.step("greet", {"name": "ana"})
    await declared.wait_for(lambda: run.state != "running")
    assert (run.state, run.error) == ("failed", "nobody there")


@pytest.mark.parametrize(
    "outputs", [{}, {"words": "x", "other": "y"}, {"words": 1}, {"words": "x", "count": True}], ids=str
)
async def test_outputs_have_to_be_those_that_are_declared(declared, client, outputs):
    run = await declared.step("greet", {"name": "ana"})
    with pytest.raises(SlackApiError, match="parameter_validation_failed"):
        await client.functions_completeSuccess(function_execution_id=run.id, outputs=outputs)
    assert run.state == "running"


async def test_a_run_ends_once_and_its_token_with_it(declared, client):
    run = await declared.step("greet", {"name": "ana"})
    await client.functions_completeSuccess(function_execution_id=run.id, outputs={"words": "x"}, token=run.token)
    with pytest.raises(SlackApiError, match="execution_not_in_running_state"):
        await client.functions_completeError(function_execution_id=run.id, error="late")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.functions_completeError(function_execution_id=run.id, error="late", token=run.token)
    with pytest.raises(SlackApiError, match="function_execution_not_found"):
        await client.functions_completeError(function_execution_id="Fx0", error="x")


@pytest.mark.parametrize("inputs", [{}, {"name": "ana", "age": "7"}, {"name": 7}], ids=str)
async def test_workflow_builder_gives_what_is_declared(declared, inputs):
    with pytest.raises(Impossible):
        await declared.step("greet", inputs)
