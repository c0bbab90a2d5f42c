"""What stands behind `/smtpwatch`, as a value: one dataclass for each thing that can be asked. Pure.

    add [certificate|dns] TARGET [PORT ...] [OPTION ...]     add network [OPTION ...]
    list [mine|all|#channel]    show|test|run|delete|undo|resume|unmute REF    edit REF OPTION ...
    pause REF [REASON]    snooze REF [for] 2h|until tomorrow    mute REF [for 2d] [REASON]
    digest daily|weekly|monday [09:00] [Europe/Madrid]|off [in #channel]

A REF is a watch's id or its target.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, TypeAlias

from commands.contract import UserError
from commands.slack_text import clean, quoted
from commands.watch.asked import Add, Asked, Edit, Form, Help, List, Named, Quiet, SetDigest
from commands.watch.durations import MORNING, clock_of, day_of, take_until
from commands.watch.mentions import channel_of, words_of
from commands.watch.model import NETWORK_TARGET, Kind
from commands.watch.options import READERS, Rules, nearest, read_options, read_ports, refuse_unknown
from commands.watch.windows import Digest, zone_of

REASON = 200
"""Characters of a reason that are kept."""

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


def parse(text: str, context: Context) -> Asked:
    """What is asked for. Total but for `UserError`, which has the nearest form that is understood."""
    words = words_of(text)
    if not words or words[0].lower() in _HELP:
        return Help()
    verb = _SYNONYMS.get(words[0].lower(), words[0].lower())
    reader = VERBS.get(verb)
    if reader is None:
        raise UserError(f"`{quoted(words[0])}` is nothing that I can do.", _did_you_mean(words, context))
    return reader(verb, words[1:], context)


def _did_you_mean(words: Sequence[str], context: Context) -> str:
    meant = nearest(words[0], [*VERBS, *_SYNONYMS])
    if meant:
        return f"Did you mean `{' '.join([meant, *map(quoted, words[1:4])])}`?"
    try:
        name, *_ = context.target(words[0])
    except UserError:
        return f"I know {', '.join(f'`{verb}`' for verb in VERBS)}."
    return f"Did you mean `add {name}`?"


def _add(verb: str, words: Sequence[str], context: Context) -> Asked:
    kind: Kind = "check"
    if words and words[0].lower() in _KINDS:
        kind, words = _KINDS[words[0].lower()], words[1:]
    options = read_options(words, context.rules)
    if kind == "network":
        ports, used = read_ports(options.rest, context.rules)
        refuse_unknown(options.rest[used:], _OPTION_WORDS)
        return Add(kind, NETWORK_TARGET, _with_ports(options.said, ports))
    if not options.rest:
        return Form(verb)
    target, port, mail_domain = context.target(options.rest[0])
    ports, used = read_ports(options.rest[1:], context.rules)
    refuse_unknown(options.rest[1 + used :], _OPTION_WORDS)
    own = read_ports([str(port)], context.rules)[0] if port is not None else ()
    said = _with_ports(options.said, tuple(dict.fromkeys((*own, *ports))))
    return Add(kind, target, said, mail_domain=mail_domain)


def _with_ports(said: Mapping[str, Any], ports: tuple[int, ...]) -> dict[str, Any]:
    return {**said, "ports": tuple(dict.fromkeys((*ports, *said.get("ports", ()))))} if ports else dict(said)


def _list(_verb: str, words: Sequence[str], _context: Context) -> Asked:
    if not words or words[0].lower() == "here":
        return List()
    if words[0].lower() in {"mine", "all"}:
        return List(words[0].lower())
    return List(channel_of(words[0]))


def _named(verb: str, words: Sequence[str], _context: Context) -> Asked:
    ref = _ref(verb, words)
    if words[1:]:
        raise UserError(f"`{quoted(words[1])}` is one word too many.", f"Type `{verb} {quoted(ref)}`.")
    return Named(verb, ref)


def _edit(verb: str, words: Sequence[str], context: Context) -> Asked:
    ref = _ref(verb, words)
    options = read_options(words[1:], context.rules)
    refuse_unknown(options.rest, _OPTION_WORDS)
    return Edit(ref, options.said) if options.said else Form(verb, ref)


def _pause(verb: str, words: Sequence[str], _context: Context) -> Asked:
    return Quiet(verb, _ref(verb, words), why=_reason(words[1:]))


def _snooze(verb: str, words: Sequence[str], context: Context) -> Asked:
    """`snooze REF 2h` and `snooze 2h REF`."""
    until, used = take_until(words, context.now, context.zone)
    if used and until is not None and len(words) > used:
        return Quiet(verb, words[used], until)
    ref = _ref(verb, words)
    until, used = take_until(words[1:], context.now, context.zone)
    if words[1:] and not used:
        raise UserError(f"`{quoted(words[1])}` is no time to snooze.", "Type `2h`, `8h`, `tomorrow` or `until monday`.")
    return Quiet(verb, ref, until) if until is not None else Form(verb, ref)


def _mute(verb: str, words: Sequence[str], context: Context) -> Asked:
    ref = _ref(verb, words)
    until, used = take_until(words[1:], context.now, context.zone)
    reason = _reason(words[1 + used :])
    return Quiet(verb, ref, until, reason) if reason else Form(verb, ref)


def _digest(_verb: str, words: Sequence[str], context: Context) -> Asked:
    """`digest daily 09:00 Europe/Madrid in #channel`, `digest monday`, `digest off`."""
    options = read_options(words, context.rules)
    channel = options.said.pop("channel", "")
    refuse_unknown(list(options.said), ("in",))
    if not options.rest:
        raise UserError("How often?", _DIGEST)
    often, rest = options.rest[0].lower(), options.rest[1:]
    if often in {"off", "none", "never"}:
        return SetDigest(None, channel)
    day = 0 if often == "weekly" else day_of(often)
    if day is None and often != "daily":
        raise UserError(f"`{quoted(often)}` is no rhythm.", _DIGEST)
    at, zone = _clock_and_zone(rest, context.zone)
    return SetDigest(Digest(at, zone, day), channel)


def _clock_and_zone(words: Sequence[str], zone: str) -> tuple[time, str]:
    at = MORNING
    for word in words:
        if word[:1].isdigit():
            at = clock_of(word)
            continue
        found = zone_of(word)
        if found is None:
            raise UserError(f"`{quoted(word)}` is no time zone.", "Type an IANA name, such as `Europe/Madrid`.")
        zone = found
    return at, zone


def _ref(verb: str, words: Sequence[str]) -> str:
    if not words:
        raise UserError("Which watch?", f"Type `{verb} w-7k3fq` or `{verb} mail.example.com`; `list` shows them.")
    return words[0]


def _reason(words: Sequence[str]) -> str:
    told = words[1:] if words and words[0].lower() in {"because", "reason", "reason:", "since"} else words
    return clean(re.sub(r"\s+", " ", " ".join(told)), REASON)


Reader = Callable[[str, Sequence[str], Context], Asked]

VERBS: Mapping[str, Reader] = {
    "add": _add,
    "list": _list,
    "show": _named,
    "edit": _edit,
    "pause": _pause,
    "resume": _named,
    "snooze": _snooze,
    "mute": _mute,
    "unmute": _named,
    "ack": _named,
    "run": _named,
    "test": _named,
    "delete": _named,
    "undo": _named,
    "digest": _digest,
}

_HELP = frozenset({"help", "-h", "--help", "?", "usage"})
_SYNONYMS = {
    "watch": "add",
    "new": "add",
    "create": "add",
    "ls": "list",
    "status": "list",
    "change": "edit",
    "set": "edit",
    "stop": "pause",
    "start": "resume",
    "unpause": "resume",
    "unsnooze": "resume",
    "silence": "mute",
    "remove": "delete",
    "rm": "delete",
    "undelete": "undo",
    "acknowledge": "ack",
    "again": "run",
}
_KINDS: Mapping[str, Kind] = {
    "check": "check",
    "certificate": "certificate",
    "certificates": "certificate",
    "cert": "certificate",
    "certs": "certificate",
    "dns": "dns",
    "network": "network",
}
_OPTION_WORDS = tuple(READERS)
_DIGEST = "Type `digest daily 09:00 Europe/Madrid`, `digest monday` or `digest off`."
