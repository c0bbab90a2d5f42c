"""Files that people hand to the bot, fetched with its token. Bounded; a login page is not a file.

The token goes to Slack's hosts alone (`slack_session`): where a file lies is said by whoever shared it. A remote file
(`mode: external`) lies on a host of its owner's choice. A file of another organisation comes as an id alone
(`file_access: check_file_info`, Slack Connect) and is looked up first. Redirects are not followed.

Source: docs.slack.dev, reference/objects/file-object and reference/methods/files.remote.info.
"""

from collections.abc import Mapping, Sequence

from aiohttp import ClientResponse, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack.client.session import SlackHosts
from bot.slack.client.web_client import FAULTS, OddAnswerError, Record, code_of, passes, read
from bot.slack.requests.payload import Payload
from commands.contract import Attachment, UserError
from commands.slack_text import clean

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes: what Slack's file input allows."""

MOST = 20
"""Files of one request."""

LOOK_UP, WITHHELD = "check_file_info", "file_access"
OUTSIDE = "This file lies outside Slack: paste its text or upload it."
REFUSED = frozenset({LOOK_UP, "access_denied"})
"""What `file_access` is in an answer that describes no file."""

GONE: Mapping[str, str] = {
    "tombstone": "was deleted",
    "hidden_by_limit": "is hidden by the plan of this workspace",
    "file_deleted": "was deleted",
    "file_not_found": "is not at Slack any more",
}
"""Modes of files that Slack does not hand out any more, and what files.info says of such."""

MAY_NOT = "Invite it to the channel: /invite @portero (and its Slack app needs the scope files:read)"


async def fetch(client: AsyncWebClient, found: Sequence[Payload]) -> tuple[Attachment, ...]:
    """The content of the files; raises UserError for one that is too large, lies elsewhere or cannot be read.

    `client` has the token, the session and the URL of the API beside which files may lie.
    """
    if len(found) > MOST:
        raise UserError(f"At most {MOST} files are read at once.", "Put them into a zip or tar.")
    made: list[Attachment] = []
    for file in found:
        made.append(await _one(client, Record(file)))
        if sum(len(one.content) for one in made) > FILE_LIMIT:
            raise UserError("The files are larger than 10 MB together.", "Send fewer of them.")
    return tuple(made)


async def _one(client: AsyncWebClient, file: Record) -> Attachment:
    try:
        return await _fetched(client, await _looked_up(client, file))
    except (*FAULTS, ValueError) as error:  # the last one: a body that is not packed as it says
        raise _not_fetched(file) from error


async def _looked_up(client: AsyncWebClient, file: Record) -> Record:
    """The file object, asked for where Slack sent the id alone. Raises UserError, and what is in FAULTS."""
    if file.text("file_access") != LOOK_UP:
        return file
    try:
        described = read(await client.files_info(file=file.needed("id"))).record("file")
    except SlackApiError as error:
        word = code_of(error)
        if word in GONE:
            raise _gone(file, word) from error
        if passes(word):
            raise
        raise _not_allowed(file) from error
    if not described.fields:
        raise OddAnswerError("there is no file in the answer")
    return described


async def _fetched(client: AsyncWebClient, file: Record) -> Attachment:
    url = _where(file, SlackHosts(client.base_url))
    session = client.session
    assert session is not None  # noqa: S101 - `make_client` gives it one
    return Attachment(_name(file), await _content(session, url, client.token or "", file))


def _where(file: Record, hosts: SlackHosts) -> URL:
    """The URL of the file at Slack; raises UserError for a file that lies elsewhere or nowhere."""
    mode = file.text("mode")
    if mode in GONE:
        raise _gone(file, mode)
    if mode == "external" or file.flag("is_external"):
        raise _outside(file)
    text = file.text("url_private_download") or file.text("url_private")
    if mode == WITHHELD or file.text("file_access") in REFUSED or not text:
        raise _not_allowed(file)
    url = _read(text)
    if not hosts.allow(url):
        raise _outside(file)
    return url


def _read(text: str) -> URL:
    """The URL, or an empty one for what is none."""
    try:
        return URL(text)
    except ValueError:
        return URL()


async def _content(session: ClientSession, url: URL, token: str, file: Record) -> bytes:
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


def _name(file: Record) -> str:
    """Of any file: a name that is none is not worth an error of its own."""
    found = (file.fields.get(name) for name in ("name", "id"))
    return clean(next((one for one in found if isinstance(one, str) and one), "this file"), 120)


def _gone(file: Record, why: str) -> UserError:
    return UserError(f"{_name(file)} {GONE[why]}.", "Upload it again, or paste its text.")


def _outside(file: Record) -> UserError:
    return UserError(OUTSIDE, f"It is {_name(file)}.")


def _not_allowed(file: Record) -> UserError:
    """What a file object without its file, a redirect and the login page mean."""
    return UserError(f"Slack does not let Portero read {_name(file)}.", MAY_NOT)


def _not_fetched(file: Record) -> UserError:
    return UserError(f"The file {_name(file)} could not be fetched.", "Try again, or paste its text.")
