"""What a workspace consists of. Records hold data only; the names are Slack's own."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Payload: TypeAlias = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - Slack's answer, not a failure of this program
    """What Slack answers instead of doing what it was asked: `error` is Slack's code, `details` its messages."""

    def __init__(
        self, error: str, *details: str, status: int = 200, retry_after: int | str | None = 0, location: str = ""
    ) -> None:
        super().__init__(error, *details)
        self.error, self.details, self.status, self.retry_after = error, details, status, retry_after
        self.headers = {"Retry-After": str(retry_after)} if status == 429 and retry_after is not None else {}
        if location:
            self.headers["Location"] = location


class Impossible(Exception):  # noqa: N818 - describes the deed
    """A test asked for something that no person could do in Slack, such as pressing a button that is not there."""


@dataclass(slots=True)
class User:
    """A member or a bot. Guests are `is_restricted` (several channels) or `is_ultra_restricted` (one).

    `team` is set for people of another organisation, who are here by a shared channel; `deleted` who has left.
    """

    id: str
    name: str
    real_name: str = ""
    locale: str = "en-US"
    tz: str = "Europe/Madrid"
    tz_offset: int = 3600
    team: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Channel:
    """`kind` is public, private or dm; `members` are user ids."""

    id: str
    name: str
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A file that a person attaches to a message or to a `file_input`.

    `mode` is Slack's: `external` files lie at `url`, of a `file_access` file the app hears the id alone.
    """

    name: str
    content: bytes
    mimetype: str = "text/plain"
    mode: str = "hosted"
    url: str = ""


@dataclass(slots=True)
class StoredFile:
    """A file that Slack keeps. `channels` says where it was shared; `complete` is False between upload and sharing."""

    id: str
    name: str
    owner: str
    content: bytes = b""
    mimetype: str = "text/plain"
    title: str = ""
    channels: list[str] = field(default_factory=list)
    complete: bool = False
    url: str = ""
    mode: str = "hosted"


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before an edit."""

    text: str
    blocks: list[Payload]
    at: float


@dataclass(slots=True)
class Message:
    """A message as Slack stores it. `ephemeral_to` names the only user who sees it; `versions` holds older contents.

    `edited` is the "(edited)" mark: Slack shows it after an edit that has text and no blocks.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    thread_ts: str = ""
    ephemeral_to: str = ""
    files: list[StoredFile] = field(default_factory=list)
    edited: bool = False
    edited_at: str = ""
    deleted: bool = False
    versions: list[Version] = field(default_factory=list)
    bot_id: str = ""
    metadata: Payload = field(default_factory=dict)


@dataclass(slots=True)
class StepRun:
    """One run of a step of a workflow. `state` is running, succeeded or failed; `token` is good while it is running."""

    id: str
    callback: str
    token: str
    state: str = "running"
    outputs: Payload = field(default_factory=dict)
    error: str = ""


@dataclass(slots=True)
class View:
    """An open modal or a published home. `body` is what the app sent, block ids filled in; `hash` guards updates."""

    id: str
    user: str
    body: Payload
    hash: str
    root_id: str = ""
    previous_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return str(self.body.get("type", ""))

    @property
    def blocks(self) -> list[Payload]:
        return list(self.body.get("blocks", []))
