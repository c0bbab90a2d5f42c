"""Steps of workflows: what the app's manifest declares, each run of one, and how the app ends it.

A run reaches the app as the event `function_executed`, with a token that is good until the run has ended. No user, no
channel and no trigger come with it but what is an input. It is ended once, with outputs that fit those declared, or
with an error: `function_execution_not_found`, `execution_not_in_running_state` and `parameter_validation_failed` are
Slack's refusals. Source: docs.slack.dev, reference/events/function_executed and reference/methods, pages
functions.completeSuccess and functions.completeError, copies read on 2026-11-29 (they bear no date themselves);
parameters in the form of schema v2 of manifests (slackapi/manifest-schema 0.5.0, 2026-07-21).
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from bot.demo.workspace.model import Impossible, Payload, Refusal, StepRun
from bot.demo.workspace.state import State

TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "slack#/types/user_id": str,
    "slack#/types/channel_id": str,
}


def begin(state: State, callback: str, inputs: Payload) -> tuple[StepRun, Payload]:
    """A run, and its event. Workflow Builder lets nobody leave out what is required, nor add what is not declared."""
    declared = state.functions[callback]
    if wrong := problems(declared["input_parameters"], inputs):
        raise Impossible("; ".join(wrong))
    run = StepRun(state.new_id("Fx"), callback, f"xwfp-{secrets.token_hex(12)}")
    state.runs[run.id] = run
    about = {
        "id": state.new_id("Fn"),
        "callback_id": callback,
        "title": declared["title"],
        "description": declared["description"],
        "type": "app",
        "input_parameters": _listed(declared["input_parameters"]),
        "output_parameters": _listed(declared["output_parameters"]),
        "app_id": state.app_id,
        **dict.fromkeys(("date_created", "date_updated", "date_deleted"), 0),
    }
    ids = {"function_execution_id": run.id, "workflow_execution_id": state.new_id("Wx")}
    stamp = {"event_ts": state.new_ts(), "bot_access_token": run.token}
    return run, {"function": about, "inputs": dict(inputs), **ids, **stamp}


def may_use(state: State, token: str) -> bool:
    """Whether it is the token of a run; once that has ended it is `token_revoked`."""
    run = next((run for run in state.runs.values() if run.token == token), None)
    if run is not None and run.state != "running":
        raise Refusal("token_revoked")
    return run is not None


def _listed(parameters: Payload) -> list[Payload]:
    required = parameters.get("required", [])
    return [
        {"type": one["type"], "name": name, "title": one.get("title", name), "is_required": name in required}
        for name, one in parameters["properties"].items()
    ]


def problems(parameters: Payload, values: Mapping[str, Any]) -> list[str]:
    """What is missing, undeclared or of another type."""
    known = parameters["properties"]
    found = [f"missing: {name}" for name in parameters.get("required", []) if name not in values]
    found += [f"not declared: {name}" for name in values if name not in known]
    return found + [
        f"of another type: {name}" for name in values if name in known and not _fits(known[name], values[name])
    ]


def _fits(parameter: Payload, value: Any) -> bool:
    """`True` is no integer here."""
    kind = TYPES[parameter["type"]]
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def complete_success(state: State, args: Payload) -> Payload:
    run = _running(state, args)
    outputs = args.get("outputs") or {}
    outputs = json.loads(outputs) if isinstance(outputs, str) else outputs
    wrong = problems(state.functions[run.callback]["output_parameters"], outputs)
    if wrong:
        raise Refusal("parameter_validation_failed", *wrong)
    run.state, run.outputs = "succeeded", outputs
    return {}


def complete_error(state: State, args: Payload) -> Payload:
    run = _running(state, args)
    said = str(args.get("error") or "")
    if not said:
        raise Refusal("invalid_arguments", "missing required field: error")
    run.state, run.error = "failed", said
    return {}


def _running(state: State, args: Payload) -> StepRun:
    run = state.runs.get(str(args.get("function_execution_id") or ""))
    if run is None:
        raise Refusal("function_execution_not_found")
    if run.state != "running":
        raise Refusal("execution_not_in_running_state")
    return run
