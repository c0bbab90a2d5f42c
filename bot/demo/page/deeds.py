"""What people do in a window. Everything goes through the workspace, which refuses what nobody could do in Slack."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from bot.demo.page.window import DIRECT, HOME, Window
from bot.demo.workspace.forms import FILE_BYTES, Value
from bot.demo.workspace.model import FileUpload, Impossible, Message, View
from bot.demo.workspace.records import Interaction

Said: TypeAlias = Mapping[str, Any]
"""What the page's script sends: `do` names the deed."""


async def do(window: Window, said: Said) -> str:
    """Do one thing; what Slack would say instead, else nothing."""
    deed = DEEDS.get(str(said.get("do")))
    if deed is None:
        return ""
    try:
        done = await deed(window, said)
    except Impossible as error:
        return f"That cannot be done in Slack: {error}."
    return done.shown if done is not None else ""


async def look(window: Window, said: Said) -> Interaction | None:
    place = str(said["place"])
    if place not in {HOME, DIRECT} and window.viewer.id not in window.workspace.channel(place).members:
        raise Impossible(f"{window.who} is not in {place}")
    window.place, window.thread = place, ""
    return await window.workspace.open_home(window.viewer) if window.place == HOME else None


async def open_thread(window: Window, said: Said) -> None:
    window.thread = str(said.get("on", ""))


async def be(window: Window, said: Said) -> None:
    window.who = window.workspace.user(str(said["who"])).name
    if window.place not in {HOME, DIRECT} and window.viewer.id not in window.workspace.channel(window.place).members:
        window.place, window.thread = DIRECT, ""


async def say(window: Window, said: Said) -> Interaction | None:
    where, text = window.channel, str(said.get("text", ""))[:40_000].strip()
    attached = _uploads(said.get("files", ()))
    if where is None or not (text or attached):
        return None
    if text.startswith("/") and not said.get("thread"):
        line = window.workspace.picked(text) if text.split()[0] in window.escapes else text
        return await window.workspace.command(window.viewer, where, line)
    thread = window.thread if said.get("thread") else ""
    await window.workspace.write(window.viewer, where, text, attached=attached, thread_ts=thread)
    return None


async def press(window: Window, said: Said) -> Interaction:
    shown = _holder(window, str(said["on"]))
    form = _values(said.get("form", {}))
    choice: Value = said.get("choice")
    return await window.workspace.click(
        shown,
        str(said["action"]),
        user=window.viewer,
        value=str(said.get("value") or ""),
        choice=choice,
        form=form if isinstance(shown, View) else None,
    )


async def submit(window: Window, said: Said) -> Interaction:
    view = _view(window, str(said["on"]))
    done = await window.workspace.submit(view, _values(said.get("form", {})), user=window.viewer)
    view.errors = dict(done.errors)  # also what the client itself finds wrong
    return done


async def close(window: Window, said: Said) -> Interaction | None:
    return await window.workspace.close(_view(window, str(said["on"])))


async def shortcut(window: Window, said: Said) -> Interaction:
    on = str(said.get("on", ""))
    message = _holder(window, on) if on else None
    assert not isinstance(message, View)  # noqa: S101 - dialogues have no shortcuts
    return await window.workspace.shortcut(str(said["name"]), window.viewer, message)


def _holder(window: Window, on: str) -> Message | View:
    where = window.channel
    seen = window.workspace.messages(where, viewer=window.viewer) if where is not None else []
    found = next((one for one in seen if one.ts == on), None)
    return found or _view(window, on)


def _view(window: Window, on: str) -> View:
    view = window.workspace.state.view(on)
    if view is None or view.user != window.viewer.id:
        raise Impossible("it is not there any more")
    return view


def _values(form: Mapping[str, Any]) -> dict[str, Value]:
    """What stands in the inputs, by block or action id; files as what they hold."""
    return {name: _uploads(value["files"]) if isinstance(value, dict) else value for name, value in form.items()}


def _uploads(files: Sequence[Mapping[str, str]]) -> list[FileUpload]:
    return [FileUpload(str(one["name"])[:255], base64.b64decode(one["bytes"])[:FILE_BYTES]) for one in files]


Deed: TypeAlias = Callable[[Window, Said], Awaitable[Interaction | None]]
DEEDS: Mapping[str, Deed] = {  # what a browser may ask for, and nothing else
    "look": look,
    "thread": open_thread,
    "be": be,
    "say": say,
    "press": press,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
}
