"""views.open, views.push, views.update, views.publish, and what the ack of a `view_submission` does to its modal.

Three modals may lie on each other; `hash` guards against stale updates (docs.slack.dev, surfaces/modals).
"""

import secrets
from copy import deepcopy

from bot.demo.workspace import payloads
from bot.demo.workspace.blockkit import view_problems
from bot.demo.workspace.model import Payload, Refusal, View
from bot.demo.workspace.state import State

DEEPEST = 3


def open_view(state: State, args: Payload) -> Payload:
    body = _body(state, args, "modal")
    trigger = state.triggers.redeem(str(args.get("trigger_id") or ""))
    view = _new(state, trigger.user, body)
    state.stacks[trigger.user] = [view]
    return _answer(state, view)


def push(state: State, args: Payload) -> Payload:
    """A modal above an open one; refused as `push_limit_reached` above three."""
    body = _body(state, args, "modal")
    trigger = state.triggers.redeem(str(args.get("trigger_id") or ""))
    if not state.stacks.get(trigger.user):
        raise Refusal("not_found")
    return _answer(state, _push(state, trigger.user, body))


def update(state: State, args: Payload) -> Payload:
    """A view by `view_id` or `external_id`; `not_found` once the user has closed it, `hash_conflict` when stale."""
    view = _find(state, args)
    body = _body(state, args, view.type, view)
    _match(view, args)
    _replace(state, view, body)
    return _answer(state, view)


def publish(state: State, args: Payload) -> Payload:
    user = str(args.get("user_id") or "")
    if user not in state.users:
        raise Refusal("user_not_found")
    body = _body(state, args, "home", state.homes.get(user))
    view = state.homes.get(user)
    if view:
        _match(view, args)
        _replace(state, view, body)
    else:
        view = state.homes[user] = _new(state, user, body)
    return _answer(state, view)


def close(state: State, view: View) -> None:
    """Takes the view off its stack."""
    stack = state.stacks.get(view.user, [])
    if view in stack:
        stack.remove(view)
    state.changed()


def take_ack(state: State, view: View, ack: Payload) -> None:
    """What the app answered to a submission: nothing (the view closes), errors, update, push or clear."""
    view.errors = {}
    match ack.get("response_action"):
        case None:
            close(state, view)
        case "clear":
            state.stacks[view.user] = []
        case "errors":
            view.errors = _errors(view, ack.get("errors"))
        case "update":
            _replace(state, view, _body(state, ack, "modal", view))
        case "push":
            _push(state, view.user, _body(state, ack, "modal"))
        case other:
            raise Refusal("invalid_arguments", f"unknown response_action: {other}")
    state.changed()


def _errors(view: View, errors: object) -> dict[str, str]:
    """Slack shows errors at input blocks only; anything else leaves the user with "trouble connecting"."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise Refusal("invalid_arguments", f"errors must be keyed by the block ids of inputs: {sorted(inputs)}")
    return {str(key): str(words) for key, words in errors.items()}


def _body(state: State, args: Payload, kind: str, current: View | None = None) -> Payload:
    body = args.get("view")
    found = view_problems(body)
    if not isinstance(body, dict) or found:
        raise Refusal("invalid_arguments", *(found or ["missing required field: view"]))
    if body["type"] != kind:
        raise Refusal("invalid_arguments", f"must be a view of type {kind} [json-pointer:/view/type]")
    taken = _by_external_id(state, str(body.get("external_id") or ""))
    if taken and taken is not current:
        raise Refusal("duplicate_external_id")
    own = deepcopy(body)
    state.fill_ids(own["blocks"])
    return own


def _by_external_id(state: State, external_id: str) -> View | None:
    shown = [*(view for stack in state.stacks.values() for view in stack), *state.homes.values()]
    return next((view for view in shown if external_id and view.body.get("external_id") == external_id), None)


def _find(state: State, args: Payload) -> View:
    view = state.view(str(args.get("view_id") or "")) or _by_external_id(state, str(args.get("external_id") or ""))
    if view is None:
        raise Refusal("not_found")
    return view


def _match(view: View, args: Payload) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise Refusal("hash_conflict")


def _new(state: State, user: str, body: Payload) -> View:
    view = View(state.new_id("V"), user, body, _hash(state))
    view.root_id = view.id
    return view


def _push(state: State, user: str, body: Payload) -> View:
    stack = state.stacks[user]
    if len(stack) >= DEEPEST:
        raise Refusal("push_limit_reached")
    view = _new(state, user, body)
    view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def _replace(state: State, view: View, body: Payload) -> None:
    view.body, view.hash, view.errors = body, _hash(state), {}


def _hash(state: State) -> str:
    return f"{int(state.clock.now())}.{secrets.token_hex(4)}"


def _answer(state: State, view: View) -> Payload:
    state.changed()
    return {"view": payloads.view(state, view)}
