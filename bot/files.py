"""Files that people hand to the bot, fetched with its token. Bounded; a login page is not a file."""

import logging
from collections.abc import Sequence

from aiohttp import ClientError, ClientSession

from bot.payload import Payload
from commands.contract import Attachment, UserError

log = logging.getLogger(__name__)

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes: what Slack's file input allows."""


async def fetch(session: ClientSession, token: str, found: Sequence[Payload]) -> tuple[Attachment, ...]:
    """The content of the files; raises UserError for one that is too large or cannot be read."""
    return tuple([await _fetch_one(session, token, file) for file in found])


async def _fetch_one(session: ClientSession, token: str, file: Payload) -> Attachment:
    name = str(file.get("name") or file.get("id") or "file")
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            content = await answer.content.read(FILE_LIMIT + 1)
            while len(content) <= FILE_LIMIT and (more := await answer.content.read(FILE_LIMIT + 1 - len(content))):
                content += more
    except (ClientError, TimeoutError, ValueError) as error:
        raise UserError(f"The file {name} could not be fetched.", "Try again, or paste its text.") from error
    if answer.status != 200 or answer.content_type == "text/html":
        raise UserError(f"Slack does not let Portero read {name}.", "Invite it to the channel: /invite @portero")
    if len(content) > FILE_LIMIT:
        raise UserError(f"{name} is larger than 10 MB.", "Cut it into parts.")
    return Attachment(name, content)
