"""Files that people hand to the bot, fetched with its token. Bounded; a login page is not a file.

The token goes to Slack's hosts alone (`slack_session`): where a file lies is said by whoever shared it. A remote file
(`mode: external`) lies on a host of its owner's choice. A file of another organisation comes as an id alone
(`file_access: check_file_info`, Slack Connect) and is looked up first. Redirects are not followed.

Source: docs.slack.dev, reference/objects/file-object and reference/methods/files.remote.info.
"""

from collections.abc import Mapping, Sequence

from aiohttp import ClientError, ClientResponse, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack.client.session import SlackHosts
from bot.slack.requests.payload import Payload
from commands.contract import Attachment, UserError
from commands.slack_text import clean

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes: what Slack's file input allows."""

LOOK_UP, WITHHELD = "check_file_info", "file_access"
OUTSIDE = "This file lies outside Slack: paste its text or upload it."
GONE: Mapping[str, str] = {"tombstone": "was deleted", "hidden_by_limit": "is hidden by the plan of this workspace"}
"""Modes of files that Slack does not hand out any more."""

MAY_NOT = "Invite it to the channel: /invite @portero (and its Slack app needs the scope files:read)"


async def fetch(client: AsyncWebClient, found: Sequence[Payload]) -> tuple[Attachment, ...]:
    """The content of the files; raises UserError for one that is too large, lies elsewhere or cannot be read.

    `client` has the token, the session and the URL of the API beside which files may lie.
    """
    return tuple([await _fetched(client, await _looked_up(client, file)) for file in found])


async def _looked_up(client: AsyncWebClient, file: Payload) -> Payload:
    """The file object, asked for where Slack sent the id alone."""
    if file.get("file_access") != LOOK_UP:
        return file
    try:
        answer = await client.files_info(file=str(file.get("id") or ""))
    except SlackApiError as error:
        raise _not_allowed(file) from error
    except (ClientError, TimeoutError) as error:
        raise _not_fetched(file) from error
    described = answer.get("file")
    return described if isinstance(described, Mapping) else {}


async def _fetched(client: AsyncWebClient, file: Payload) -> Attachment:
    url = _where(file, SlackHosts(client.base_url))
    session = client.session
    assert session is not None  # noqa: S101 - `make_client` gives it one
    try:
        return Attachment(_name(file), await _content(session, url, client.token or "", file))
    except (ClientError, TimeoutError, ValueError) as error:
        raise _not_fetched(file) from error


def _where(file: Payload, hosts: SlackHosts) -> URL:
    """The URL of the file at Slack; raises UserError for a file that lies elsewhere or nowhere."""
    mode, name = str(file.get("mode") or ""), _name(file)
    if mode in GONE:
        raise UserError(f"{name} {GONE[mode]}.", "Upload it again, or paste its text.")
    if mode == WITHHELD:
        raise _not_allowed(file)
    url = _read(str(file.get("url_private_download") or file.get("url_private") or ""))
    if mode == "external" or file.get("is_external") or not hosts.allow(url):
        raise UserError(OUTSIDE, f"It is {name}.")
    return url


def _read(text: str) -> URL:
    """The URL, or an empty one for what is none."""
    try:
        return URL(text)
    except ValueError:
        return URL()


async def _content(session: ClientSession, url: URL, token: str, file: Payload) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    async with session.get(url, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200 or answer.content_type == "text/html":
            raise _not_allowed(file)
        content = await _bounded(answer)
    if len(content) > FILE_LIMIT:
        raise UserError(f"{_name(file)} is larger than 10 MB.", "Cut it into parts.")
    return content


async def _bounded(answer: ClientResponse) -> bytes:
    """The body, or so much of it that it is known to be too large."""
    content = bytearray()
    while len(content) <= FILE_LIMIT and (more := await answer.content.read(FILE_LIMIT + 1 - len(content))):
        content += more
    return bytes(content)


def _name(file: Payload) -> str:
    return clean(str(file.get("name") or file.get("id") or "file"), 120)


def _not_allowed(file: Payload) -> UserError:
    """What a file object without its file, a redirect and the login page mean."""
    return UserError(f"Slack does not let Portero read {_name(file)}.", MAY_NOT)


def _not_fetched(file: Payload) -> UserError:
    return UserError(f"The file {_name(file)} could not be fetched.", "Try again, or paste its text.")
