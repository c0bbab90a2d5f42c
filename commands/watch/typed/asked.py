"""What can be asked of `/smtpwatch`, one value for each thing, and what the meaning of its words depends on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from commands.watch.state.limits import Rules
from commands.watch.state.model import Kind
from commands.watch.state.windows import Digest

ParseTarget: TypeAlias = Callable[[str], tuple[str, int | None, bool]]
"""The name that a text means, the port that came with it, and whether it is the domain of a mail address. `UserError`
for what is no target.
"""


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of words depends on: the time, the asker's time zone, how a target reads, what is allowed."""

    now: datetime
    target: ParseTarget
    zone: str = "UTC"
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Help:
    """Nothing was asked, or how to ask."""


@dataclass(frozen=True, slots=True)
class Form:
    """Something is missing: `verb` (add, edit, snooze, mute) with what is known already, for a dialogue.

    `until` is the end of a mute in one word, as it was typed: `2d`, `monday`.
    """

    verb: str
    ref: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """A new watch. `said` holds fields of `Watch` by name: every, channel, notify, ports, mail, ...

    `mail_domain`: a mail address was typed, so the target is a domain that gets mail, whatever its name servers say.
    """

    kind: Kind
    target: str
    said: Mapping[str, Any] = field(default_factory=dict)
    mail_domain: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """`scope` is `mine`, `all` or a channel's id; empty: this channel."""

    scope: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something to do with one watch that needs nothing else: show, history, test, run, ack, delete, resume, ...

    `ports` and `kind` tell watches on one target apart.
    """

    verb: str
    ref: str
    ports: tuple[int, ...] = ()
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """`said` as in `Add`."""

    ref: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quiet:
    """`verb` is pause, snooze or mute. `until` is None for a pause, and for a mute without end."""

    verb: str
    ref: str
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetDigest:
    """`digest` is None to end it; `channel` is empty for this one."""

    digest: Digest | None
    channel: str = ""


Asked: TypeAlias = Help | Form | Add | List | Named | Edit | Quiet | SetDigest
