"""Files: the three steps of an upload, and downloads with the bot's token.

`files.getUploadURLExternal`, a POST of the bytes, `files.completeUploadExternal` (files.upload is gone since
November 2025). Sharing needs membership even in public channels; a download without the right token answers 200 with
a login page, as Slack does.
"""

from pathlib import PurePath
from typing import Any

from aiohttp import web

from bot.demo.workspace import payloads, posts
from bot.demo.workspace.model import Channel, FileUpload, Payload, Refusal, StoredFile
from bot.demo.workspace.oddities import OddAnswer, play
from bot.demo.workspace.state import State

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"


def get_upload_url(state: State, args: Payload) -> Payload:
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) == 0:
        raise Refusal("invalid_arguments", "filename and a length above 0 are required")
    made = _store(state, FileUpload(name, b""), state.bot.id)
    return {"upload_url": f"{state.origin}/upload/v1/{made.id}", "file_id": made.id}


def complete_upload(state: State, args: Payload) -> Payload:
    """Shares uploaded files, once; without a channel they stay private to the bot."""
    files = [_uploaded(state, item) for item in args.get("files") or []]
    if not files:
        raise Refusal("invalid_arguments", "files is required")
    channels = [_shareable(state, name) for name in _channels(args)]
    for file in files:
        file.complete, file.channels = True, [channel.id for channel in channels]
    comment, thread = str(args.get("initial_comment") or ""), str(args.get("thread_ts") or "")
    for channel in channels:
        posts.add(state, channel.id, comment, [], files=files, thread_ts=thread)
    state.changed()
    return {"files": [payloads.file(file) for file in files]}


def info(state: State, args: Payload) -> Payload:
    """A file as its own workspace has it, also one that the app heard only the id of."""
    file = state.files.get(str(args.get("file") or ""))
    if file is None or not _visible(state, file):
        raise Refusal("file_not_found")
    return {"file": payloads.described(file)}


def attach(state: State, upload: FileUpload, owner: str, channel: str = "") -> StoredFile:
    """A file that a person brings: shared in a channel, or with the app alone through a `file_input`."""
    file = _store(state, upload, owner)
    file.complete, file.channels = True, [channel] if channel else []
    return file


async def upload(request: web.Request) -> web.StreamResponse:
    """The POST between the two API calls: raw bytes or a multipart form; the answer is plain text."""
    state: State = request.app[payloads.STATE]
    try:
        await state.faults.meet("upload")
    except Refusal as refusal:
        return web.Response(status=refusal.status, headers=refusal.headers)
    except OddAnswer as odd:
        return await play(odd.raw, request)
    file = state.files.get(request.match_info["id"])
    if file is None or file.complete:
        return web.Response(status=404, text="not found")
    if request.content_type == "multipart/form-data":
        parts = await request.post()
        part: Any = next(iter(parts.values()))
        file.content = part.file.read() if isinstance(part, web.FileField) else str(part).encode()
    else:
        file.content = await request.read()
    return web.Response(text=f"OK - {len(file.content)}")


async def download(request: web.Request) -> web.StreamResponse:
    """The bytes for the bot's token when the app may see the file, otherwise the login page."""
    state: State = request.app[payloads.STATE]
    try:
        await state.faults.meet("download")
    except Refusal as refusal:
        return web.Response(status=refusal.status, headers=refusal.headers)
    except OddAnswer as odd:
        return await play(odd.raw, request)
    file = state.files.get(request.match_info["id"])
    allowed = request.headers.get("Authorization") == f"Bearer {state.bot_token}" and state.has_scope("files:read")
    if file is None or not allowed or not _visible(state, file):
        return web.Response(text=LOGIN_PAGE, content_type="text/html")
    return web.Response(body=file.content, content_type=file.mimetype)


def _store(state: State, upload: FileUpload, owner: str) -> StoredFile:
    file = StoredFile(state.new_id("F"), upload.name, owner, upload.content, upload.mimetype, upload.name)
    file.mode = upload.mode
    file.url = upload.url or f"{state.origin}/files-pri/{state.team}-{file.id}/download/{PurePath(upload.name).name}"
    state.files[file.id] = file
    return file


def _uploaded(state: State, item: Payload) -> StoredFile:
    file = state.files.get(str(item.get("id") or ""))
    if file is None or file.complete or not file.content:
        raise Refusal("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


def _channels(args: Payload) -> list[str]:
    given = args.get("channels") or args.get("channel_id") or ""
    names = given if isinstance(given, list) else str(given).split(",")
    return [name.strip() for name in names if name.strip()]


def _shareable(state: State, channel_id: str) -> Channel:
    if channel_id not in state.channels:
        raise Refusal("channel_not_found")
    channel = state.bot_channel(channel_id)
    if state.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _visible(state: State, file: StoredFile) -> bool:
    """The app sees its own files, those given to a `file_input`, and those in channels that it could read."""
    if file.owner == state.bot.id or not file.channels:
        return True
    shared = [state.channels[name] for name in file.channels]
    return any(channel.kind == "public" or state.bot.id in channel.members for channel in shared)
