"""What a command is, what it is asked and what it may answer.

A command is a value (`Command`). Its handlers are async generators: they yield `Progress` while they work and end
with a `Reply`, a `Modal` or `FormErrors`. They know no Slack client: `bot/slack/dispatcher.py` turns payloads into
`Request` and answers into posts, and the terminal drives the same handlers.

Rule 1: input that we cannot act on is a `UserError`, shown as it is. Anything else that is raised is a bug.
Rule 2: a network outcome is a value inside the answer, never an exception.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from commands.blocks import Block
from commands.times import zone_of

S_contra = TypeVar("S_contra", contravariant=True)
"""What a slice needs of the application's services: each handler declares its own small Protocol."""


_BEFORE, _BEHIND = r"(?<![\w.:@/-])", r"(?![\w:@/-]|\.\w)"
"""Where a word of a line begins and ends, whatever quotes or commas stand around it."""


class UserError(Exception):
    """Input that cannot be acted on: `message` says what is wrong, `hint` what to type instead.

    `try_instead` is what was probably meant, each as it is typed behind the same command, or with another command
    before it (`/smtphistory mail.example.com`): a button does it, and a terminal shows a line to paste. Where `wrong`
    is said, each stands in the place of these words of the line alone. Both sentences show as code what stands in them
    between back-ticks; what is repeated there is `commands.slack_text.quoted`.
    `usage` is the usage of the part of a command that was typed; without it that of the whole command is shown.
    """

    def __init__(
        self, message: str, hint: str = "", try_instead: str | Sequence[str] = (), *, wrong: str = "", usage: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.try_instead = (try_instead,) if isinstance(try_instead, str) else tuple(try_instead)
        self.wrong = wrong
        self.usage = usage

    def instead(self, complete: Callable[[str], str]) -> "UserError":
        """The same error with each of its suggestions completed by whoever knows more of the line."""
        self.try_instead = tuple(map(complete, self.try_instead))
        return self

    def lines(self, typed: str) -> tuple[str, ...]:
        """What was probably meant by what was typed behind the command; nothing where the wrong words do not stand."""
        if not self.wrong:
            return self.try_instead
        place = re.search(rf"{_BEFORE}{re.escape(self.wrong)}{_BEHIND}", typed, re.IGNORECASE)
        if place is None:
            return ()
        before, behind = typed[: place.start()], typed[place.end() :]
        return tuple(one if one.startswith("/") else f"{before}{one}{behind}" for one in self.try_instead)


class DeclinedError(UserError):
    """What was asked is understood and not done: too soon, not allowed. How to type it would be no help."""


class NotServedError(DeclinedError):
    """Nothing is done for whoever asked, or not so often: that is between them and the bot."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Ids only: names change, and Slack's user ids begin with U or W. `admin`: sees and deletes all.

    `zone_name` is what Slack calls their time zone.
    """

    user: str
    team: str = ""
    enterprise: str = ""
    admin: bool = False
    zone_name: str = ""

    @property
    def zone(self) -> str:
        """The IANA name of their time zone, for words such as "tomorrow"; UTC where it is not known.

        Looked up by who needs it: few commands do, and the list of all zones takes 70 ms to read.
        """
        return zone_of(self.zone_name) or "UTC"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a request or leaves with a reply."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that somebody asked, on any surface.

    `text` is what was typed behind the command (or the text of the message that a shortcut was used on), exactly as
    Slack sent it: `commands.slack_text` undoes what Slack does to it. `value` is the value of a pressed button (an
    id, at most 2,000 characters); `form` maps action ids to the values of a submitted modal and `private` is the
    modal's `private` text. `at` is the time of the request, with time zone.
    """

    command: str
    actor: Actor
    at: datetime
    text: str = ""
    channel: str = ""
    surface: str = "slash"  # slash, button, modal, shortcut, home, terminal
    request_id: str = ""
    value: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    private: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def reader(self) -> str:
        """Who reads the answer and is "you" in it: nobody by name where a whole channel does."""
        return "" if self.surface == "mention" else self.actor.user

    @property
    def opens_forms(self) -> bool:
        """Whether Slack opens a dialogue for it: for nothing that is written to Portero."""
        return self.surface not in {"mention", "direct"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Work is under way. The dispatcher may drop it: Slack allows five posts for one command.

    `replace` as of a `Reply`: without it the message whose button was pressed stays as it is.
    """

    text: str
    public: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer is about, in codes: what somebody means who writes "and 465?" below it.

    `targets` are hosts or addresses (or `network`), `place` is where from (empty: here), `entry` the id of the result
    that was kept, `provider` and `network` are keys of `/smtpport`, `watch` is the id of the one that alerted.
    `every`: nobody named `ports`, they are those that are checked anyway. `earlier` are hosts that were spoken of
    before these, the last one at the end, and `there` is the place that was named last.
    """

    command: str
    targets: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    place: str = ""
    entry: str = ""
    provider: str = ""
    network: str = ""
    watch: str = ""
    every: bool = False
    earlier: tuple[str, ...] = ()
    there: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer. `text` is always there: notification, screen reader, terminal, and what is left if blocks fail.

    `text` is mrkdwn in which everything remote has been escaped (`commands.slack_text.escape`). `public` posts to the
    channel instead of showing it to the asker alone. `replace` edits the message whose button was pressed.
    `good` is False when the answer is bad news (the terminal exits with 1). `files` go to the asker by direct message.
    `instead` is what the asker alone reads when a public answer cannot be posted; without it they get the answer.
    `private` is for the asker's eyes also where they asked before everybody (a mention). `subject` is what it is about.
    `facts` is what an answer rests on, a row each, with codes, and times as such: what programs are given.
    """

    text: str
    blocks: Sequence[Block] = ()
    public: bool = False
    replace: bool = False
    good: bool = True
    files: tuple[Attachment, ...] = ()
    instead: str = ""
    private: bool = False
    subject: Subject | None = None
    facts: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Modal:
    """A dialogue of at most 100 blocks. `submit` names the button of a form, `form` the handler in `Command.forms`.

    `title` and `submit` hold at most 24 characters, `private` (ids only, it is readable by the client) 3,000.
    """

    title: str
    blocks: Sequence[Block]
    submit: str = ""
    form: str = ""
    private: str = ""


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What is wrong with a submitted form, by the block_id of its input blocks; the modal stays open.

    `corrected` is what was probably meant in a field that is typed: where that is known of all, it stands there then.
    """

    errors: Mapping[str, str]
    corrected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """Post a stored result for everybody, once in each conversation; the private answer then says where it stands.

    `id` is that of the result, `command` the one whose buttons it has. `copy` makes the private answer anew whose
    button was pressed, where nobody remembers it; without it, it is said beside. `beside`: the button stands below
    something that is more than this result.
    """

    id: str
    command: str
    post: Reply
    copy: Callable[[], Reply] | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Remove what was shared in a conversation, or in one of its threads; whoever shared it may. The rest as above."""

    id: str
    command: str
    channel: str
    thread: str
    copy: Callable[[], Reply] | None = None
    beside: bool = False


Shown: TypeAlias = Progress | Reply | Modal | FormErrors
Step: TypeAlias = Shown | Share | TakeBack
Handler: TypeAlias = Callable[[Request, S_contra], AsyncIterator[Step]]


@dataclass(frozen=True, slots=True)
class Action(Generic[S_contra]):
    """What a button does. With `modal` a "Loading" view is opened at once, since a trigger lives 3 seconds."""

    handle: Handler[S_contra]
    modal: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A line that can be pasted behind the command, and what it is for."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Command(Generic[S_contra]):
    """A slash command. The docs, help, the manifest test, the dispatcher and the tests all read it.

    `name` has no slash. `usage` is the hint that Slack shows (60 characters at most), `summary` one line. Buttons
    carry the action id `<name>.<key of actions>`; forms are keyed alike by the modal's `form`. `shortcuts` maps the
    callback ids of message shortcuts to their handlers (the message's text arrives as `Request.text`).
    `wants_modal(text)` is True when the command opens a dialogue for this text instead of answering in the channel.
    `warm_up` does at the start of the bot what the first asker would have to wait for.
    `label(text)` is what a button says that does what would be typed: `Check mail.example.com`.
    `mentions`: Slack is to send `@ana` with her id (`<@U123|ana>`), and then it sends links with their brackets, too.
    """

    name: str
    summary: str
    usage: str
    examples: tuple[Example, ...]
    handle: Handler[S_contra]
    actions: Mapping[str, Action[S_contra]] = field(default_factory=dict)
    forms: Mapping[str, Handler[S_contra]] = field(default_factory=dict)
    shortcuts: Mapping[str, Handler[S_contra]] = field(default_factory=dict)
    wants_modal: Callable[[str], bool] = lambda _text: False
    warm_up: Callable[[], None] = lambda: None
    mentions: bool = False
    label: Callable[[str], str] = lambda _text: "Do that"


def usage_line(command: Command[Any]) -> str:
    """`/smtpcheck TARGET [PORT ...]`: shown with every `UserError`."""
    return f"/{command.name} {command.usage}".strip()
