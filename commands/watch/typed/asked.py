"""What can be asked of `/smtpwatch`: how each verb is typed, a value for each, and what the words depend on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from commands.contract import UserError
from commands.watch.state.limits import Rules
from commands.watch.state.model import Kind
from commands.watch.state.routes import Route
from commands.watch.state.selector import Selector
from commands.watch.state.windows import Digest

OPTIONS = "[every 15m] [in #channel] [notify @ops] [then @second after 30m] [runbook URL] [tag prod] [after 2 failures]"

USAGES: Mapping[str, str] = {
    "add": f"add [certificate|dns|network] TARGET [PORTS] {OPTIONS}",
    "list": "list [mine|all|#channel] [down|unseen|quiet] [tag:prod] [*.example.com]",
    "show": "show WATCH",
    "edit": f"edit WATCH [ports 25 587] {OPTIONS}",
    "pause": "pause WATCHES [REASON]",
    "resume": "resume WATCHES",
    "snooze": "snooze WATCHES 2h|tomorrow|until monday",
    "mute": "mute WATCHES [2d|until monday|forever] REASON",
    "unsnooze": "unsnooze WATCHES",
    "unmute": "unmute WATCHES",
    "ack": "ack WATCHES [NOTE]",
    "note": "note WATCHES TEXT",
    "accept": "accept WATCHES",
    "run": "run WATCHES",
    "test": "test WATCH",
    "history": "history WATCH",
    "incidents": "incidents [WATCHES|ID] [since nov 1] [until nov 8] [as markdown|csv|json]",
    "delete": "delete WATCH",
    "undo": "undo WATCH",
    "tag": "tag WATCHES prod [eu-west ...]",
    "untag": "untag WATCHES prod [eu-west ...]",
    "digest": "digest daily|weekly|monday|off [09:00] [Europe/Madrid] [in #channel]",
}
"""WATCH is an id or a target, as `list` shows them; WATCHES may be several: `tag:prod`, `down`, or their names."""

WITH_OPTIONS = frozenset({"add", "edit"})
"""Verbs behind which options stand, those of routes included."""

SYNONYMS: Mapping[str, str] = {
    "watch": "add",
    "new": "add",
    "create": "add",
    "ls": "list",
    "status": "list",
    "change": "edit",
    "set": "edit",
    "move": "edit",
    "stop": "pause",
    "start": "resume",
    "unpause": "resume",
    "silence": "mute",
    "remove": "delete",
    "rm": "delete",
    "undelete": "undo",
    "acknowledge": "ack",
    "again": "run",
    "incident": "incidents",
    "outages": "incidents",
    "postmortem": "incidents",
}

KIND_NAMES: Mapping[str, Kind] = {
    "check": "check",
    "certificate": "certificate",
    "certificates": "certificate",
    "cert": "certificate",
    "certs": "certificate",
    "dns": "dns",
    "network": "network",
}


def usage_of(text: str, routes: Iterable[Route]) -> str:
    """How the verb is typed that a text begins with; nothing when it begins with none."""
    verb = verb_of((text.split() or [""])[0])
    if verb not in USAGES:
        return ""
    more = [f"[{route.name} {route.example}]" for route in routes if verb in WITH_OPTIONS]
    return " ".join([f"/smtpwatch {USAGES[verb]}", *more])


ANYWAY = "anyway"


def without_anyway(words: Sequence[str]) -> tuple[list[str], bool]:
    """The other words, and whether it was said."""
    rest = [word for word in words if word.lower() != ANYWAY]
    return rest, len(rest) < len(words)


def verb_of(word: str) -> str:
    return SYNONYMS.get(word.lower(), word.lower())


ParseTarget: TypeAlias = Callable[[str], tuple[str, int | None, bool]]
"""The name that a text means, the port that came with it, and whether it is the domain of a mail address. `UserError`
for what is no target.
"""


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of words depends on: the time, the asker's time zone, how a target reads, what is allowed.

    `spoken`: they stood in a sentence, in which any word may mean something else.
    """

    now: datetime
    target: ParseTarget
    zone: str = "UTC"
    rules: Rules = field(default_factory=Rules)
    spoken: bool = False


class WhichWatchError(UserError):
    """Everything is said but the watch; whoever knows the watches offers some."""

    def __init__(self, verb: str, rest: str) -> None:
        hint = f"Type `/smtpwatch {verb}` and a target or an id: `/smtpwatch list` has both."
        super().__init__("Which watch?", hint)
        self.verb, self.rest = verb, rest

    def offer(self, names: Iterable[str]) -> None:
        self.try_instead = tuple(f"{self.verb} {name} {self.rest}".strip() for name in names)


def ref_of(verb: str, words: Sequence[str], *, is_end: bool = False) -> str:
    if not words or is_end:
        raise WhichWatchError(verb, " ".join(words))
    return words[0]


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
    `anyway`: also where DNS does not know it.
    """

    kind: Kind
    target: str
    said: Mapping[str, Any] = field(default_factory=dict)
    mail_domain: bool = False
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """Those that are chosen; where nothing is, those of this channel."""

    chosen: Selector = field(default_factory=Selector)


@dataclass(frozen=True, slots=True)
class Named:
    """Something to do with one watch that needs nothing else: show, history, test, run, ack, delete, resume, ...

    `ports` and `kind` tell watches on one target apart; `chosen` stands where several are meant. `note` is what stands
    behind an `ack`.
    """

    verb: str
    ref: str
    ports: tuple[int, ...] = ()
    kind: Kind | None = None
    chosen: Selector | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """`said` as in `Add`."""

    ref: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quiet:
    """`verb` is pause, snooze or mute. `until` is None for a pause, and for a mute without end.

    `chosen` stands where several watches are meant.
    """

    verb: str
    ref: str
    until: datetime | None = None
    why: str = ""
    chosen: Selector | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """Tags for the target of a watch, or of several that are `chosen`."""

    ref: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    chosen: Selector | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody has to say of an open incident, or of those of several that are `chosen`."""

    ref: str
    text: str
    chosen: Selector | None = None


@dataclass(frozen=True, slots=True)
class Incidents:
    """Those of the watches that are `chosen`, or of one (`ref`: its name, or the id of an incident), in a time.

    `when` says the time in words, `form` is `markdown`, `csv`, `json` or empty: an answer.
    """

    since: datetime
    until: datetime
    when: str
    ref: str = ""
    chosen: Selector | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class SetDigest:
    """`digest` is None to end it; `channel` is empty for this one."""

    digest: Digest | None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """Which digest there is; `channel` is empty for this one."""

    channel: str = ""


Asked: TypeAlias = Help | Form | Add | List | Named | Edit | Quiet | Note | Tag | Incidents | SetDigest | ShowDigest
