"""What stands behind `/smtpwatch`, as a value: one dataclass for each thing that can be asked. Pure.

    add [certificate|dns] TARGET [PORT ...] [OPTION ...]     add network [OPTION ...]
    list [mine|all|#channel]    show|history|test|run|ack|delete|undo|resume|unmute|unsnooze REF    edit REF OPTION ...
    pause REF [REASON]    snooze REF [for] 2h|until tomorrow    mute REF [for 2d|forever] [REASON]
    digest daily|weekly|monday [09:00] [Europe/Madrid]|off [in #channel]

A REF is a watch's id or its target.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.contract import UserError
from commands.help_card import HELP
from commands.slack_text import quoted
from commands.watch.state.limits import read_ports
from commands.watch.state.model import NETWORK_TARGET, Kind
from commands.watch.typed.asked import Add, Asked, Edit, Form, Help, List, Named
from commands.watch.typed.context import Context
from commands.watch.typed.digest_arguments import digest
from commands.watch.typed.mentions import channel_of, words_of
from commands.watch.typed.options import READERS, read_options
from commands.watch.typed.quiet_arguments import mute, pause, ref_of, snooze
from commands.watch.typed.said_options import nearest, refuse_unknown
from commands.watch.typed.vocabulary import KIND_NAMES, SYNONYMS, verb_of


def parse(text: str, context: Context) -> Asked:
    """What is asked for. Total but for `UserError`, which has the nearest form that is understood."""
    words = words_of(text)
    if not words or words[0].lower() in HELP:
        return Help()
    verb = verb_of(words[0])
    reader = VERBS.get(verb)
    if reader is None:
        raise UserError(f"`{quoted(words[0])}` is nothing that I can do.", _did_you_mean(words, context))
    return reader(verb, words[1:], context)


def _did_you_mean(words: Sequence[str], context: Context) -> str:
    meant = nearest(words[0], [*VERBS, *SYNONYMS])
    if meant:
        return f"Did you mean `/smtpwatch {' '.join([meant, *map(quoted, words[1:4])])}`?"
    try:
        name, *_ = context.target(words[0])
    except UserError:
        return f"I know {', '.join(f'`{verb}`' for verb in VERBS)}."
    return f"Did you mean `/smtpwatch add {name}`?"


def _add(verb: str, words: Sequence[str], context: Context) -> Asked:
    kind: Kind = "check"
    if words and words[0].lower() in KIND_NAMES:
        kind, words = KIND_NAMES[words[0].lower()], words[1:]
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
    """A watch may be named as it is listed: its target, and its ports or its kind behind that."""
    ref = ref_of(verb, words)
    stray = next((word for word in words[1:] if not word.isdecimal() and word.lower() not in KIND_NAMES), None)
    if stray is not None:
        raise UserError(f"`{quoted(stray)}` is one word too many.", f"Type `/smtpwatch {verb} {quoted(ref)}`.")
    ports = tuple(int(word[:5]) for word in words[1:] if word.isdecimal())
    kinds = [KIND_NAMES[word.lower()] for word in words[1:] if not word.isdecimal()]
    return Named(verb, ref, ports, kinds[0] if kinds else None)


def _edit(verb: str, words: Sequence[str], context: Context) -> Asked:
    ref = ref_of(verb, words)
    options = read_options(words[1:], context.rules)
    refuse_unknown(options.rest, _OPTION_WORDS)
    return Edit(ref, options.said) if options.said else Form(verb, ref)


Reader = Callable[[str, Sequence[str], Context], Asked]

VERBS: Mapping[str, Reader] = {
    "add": _add,
    "list": _list,
    "show": _named,
    "edit": _edit,
    "pause": pause,
    "resume": _named,
    "snooze": snooze,
    "mute": mute,
    "unsnooze": _named,
    "unmute": _named,
    "ack": _named,
    "run": _named,
    "test": _named,
    "history": _named,
    "delete": _named,
    "undo": _named,
    "digest": digest,
}

_OPTION_WORDS = tuple(READERS)
