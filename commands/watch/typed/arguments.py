"""What stands behind `/smtpwatch`, as a value: one dataclass for each thing that can be asked. Pure.

    add [certificate|dns] TARGET [PORT ...] [OPTION ...]     add network [OPTION ...]
    list [mine|all|#channel] [down|...] [tag:prod] [*.example.com]    edit REF OPTION ...
    incidents [WATCHES|ID] [since nov 1] [until nov 8] [as markdown|csv|json]
    show|history|test|run|accept|delete|undo|resume|unmute|unsnooze REF    ack REF [only|NOTE]
    note REF TEXT
    pause REF [REASON]    snooze REF [for] 2h|until tomorrow    mute REF [for 2d|forever] [REASON]
    tag|untag REF prod [eu-west ...]
    digest daily|weekly|monday [09:00] [Europe/Madrid]|off [in #channel]

A REF is a watch's id or its target; for what may be done to several, words that choose (`selectors`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.contract import UserError
from commands.help_card import HELP
from commands.other_words import in_either
from commands.slack_text import clean, quoted
from commands.spanish import folded
from commands.watch.state.limits import read_ports
from commands.watch.state.model import NETWORK_TARGET, Kind
from commands.watch.state.selector import Selector
from commands.watch.typed.asked import (
    KIND_NAMES,
    SYNONYMS,
    Add,
    Asked,
    Context,
    Edit,
    Form,
    Help,
    List,
    Named,
    Note,
    Quiet,
    ref_of,
    verb_of,
    without_anyway,
)
from commands.watch.typed.digests import digest
from commands.watch.typed.ends import (
    FOREVER,
    no_end,
    take_mute_end,
    take_until,
    without_introduction,
)
from commands.watch.typed.incidents import read_incidents
from commands.watch.typed.onward import Word, split
from commands.watch.typed.options import read_options, readers, refuse_unknown
from commands.watch.typed.reasons import (
    ALSO,
    EXCEPT,
    alone,
    also,
    alters,
    end_of_reason,
    look_at,
    reason_of,
    refuse_bare_day,
    refuse_condition,
    refuse_limit,
    told_in,
)
from commands.watch.typed.selectors import SCOPES, STATES, names_of, read_selector, tag_of
from commands.watch.typed.tags import tag
from commands.watch_ids import NAMED
from commands.words import as_typed, nearest

_EVERYBODY = re.compile(
    r"<!(?:channel|here|everyone|group)\b[^<>]*>|(?<![\w.])@(?:channel|here|everyone|group)\b", re.IGNORECASE
)


def pause(verb: str, words: Sequence[str], context: Context) -> Asked:
    chosen, used = read_selector(words)
    if chosen:
        why = reason_of(verb, chosen.text, words[used:], context, several=True)
        return Quiet(verb, chosen.text, why=why, chosen=chosen)
    ref = ref_of(verb, words)
    return Quiet(verb, ref, why=reason_of(verb, ref, words[1:], context))


def snooze(verb: str, words: Sequence[str], context: Context) -> Asked:
    """`snooze REF 2h` and `snooze 2h REF`."""
    until, used = take_until(words, context.now, context.zone)
    if used and until is not None and len(words) > used:
        chosen, taken = read_selector(words[used:])
        ref, behind = chosen.text if chosen else words[used], words[used + (taken or 1) :]
        reason_of(verb, ref, behind, context, end=words[:used], several=chosen is not None)
        return Quiet(verb, words[used], until, chosen=chosen)
    chosen, taken = read_selector(words)
    ref, behind = ref_of(verb, words, is_end=bool(used)), words[taken or 1 :]
    until, used = take_until(behind, context.now, context.zone)
    if behind and not used:
        raise no_end(behind)
    if chosen and until is None:
        line = f"snooze {chosen.text} 2h"
        raise UserError("Until when?", f"Type `/smtpwatch {line}`.", line)
    reason_of(verb, ref, behind[used:], context, end=behind[:used], several=chosen is not None)
    return Quiet(verb, ref, until, chosen=chosen) if until is not None else Form(verb, ref)


def mute(verb: str, words: Sequence[str], context: Context) -> Asked:
    """For seven days, or until the end that was typed. A single one without a reason has a dialogue."""
    chosen, taken = read_selector(words)
    ref, taken = ref_of(verb, words, is_end=_is_end(words, context)), taken or 1
    refuse_bare_day(verb, ref, words[taken:], context)
    until, used = take_mute_end(words[taken:], context)
    if not used and (ending := end_of_reason(words[taken:], context)):
        until, words = ending[0], words[: taken + ending[1]]
    reason = reason_of(
        verb, ref, words[taken + used :], context, end=words[taken : taken + used], several=chosen is not None
    )
    if chosen:
        return Quiet(verb, chosen.text, until, reason, chosen)
    return Quiet(verb, ref, until, reason) if reason else Form(verb, ref, without_introduction(words[1 : 1 + used]))


def _is_end(words: Sequence[str], context: Context) -> bool:
    """Whether nothing but an end is said: `2h`, `until monday`, `forever`."""
    return bool(words) and (list(words) == [FOREVER] or take_until(words, context.now, context.zone)[1] == len(words))


def words_of(text: str) -> list[Word]:
    """The words of a text. `UserError` for @channel and its kin: a watch alerts whoever it names."""
    everybody = _EVERYBODY.search(text)
    if everybody:
        raise UserError(
            "A watch never mentions everybody.", "Name one person or a user group behind `notify`, such as `@mail-ops`."
        )
    return split(as_typed(text))


@in_either("smtpwatch")
def parse(text: str, context: Context) -> Asked:
    """What is asked for: behind an id alone, that it is opened. `UserError` has the nearest form that is understood."""
    words = words_of(text)
    if not words or words[0].lower() in HELP:
        return Help()
    if found := NAMED.fullmatch(words[0].lower()):
        verb = "incidents" if found["incident"] else "show"
        words = words_of(f"{verb} {text}")
    verb = verb_of(words[0])
    if verb == NOTE:
        return _note(text)
    if verb in VERBS:
        return VERBS[verb](verb, words[1:], context)
    if read_selector(words)[1]:
        return _list(verb, words, context)
    raise _unknown(words, context)


NOTE = "note"


def _note(text: str) -> Note:
    """The words as they were typed, commas included: only those that name watches are read."""
    _, _, behind = as_typed(text).strip().partition(" ")
    words = [word.strip(",;") for word in behind.split()]
    chosen, used = read_selector(words) if len(names_of(words)[0]) < 2 else (None, 0)
    ref = " ".join(behind.split()[: used or 1])
    told = clean(" ".join(behind.split()[used or 1 :]), NOTED)
    if not told:
        raise UserError(
            "What is the note?", f"Type `/smtpwatch note {quoted(ref) or 'mail.example.com'} and the text`."
        )
    return Note(chosen.text if chosen else ref.strip(",;"), told, chosen)


NOTED = 600
"""Characters of a note that are kept."""


def _unknown(words: Sequence[str], context: Context) -> UserError:
    """A verb or what chooses watches that was misspelt, or a target alone."""
    message = f"`{quoted(words[0])}` is not something I can do."
    meant = nearest(words[0], [*VERBS, NOTE, *SYNONYMS, *SCOPES, *STATES])
    meant = "" if verb_of(meant) == "delete" and meant[0] != words[0][:1].lower() else meant  # of `move`, not `remove`
    meant = f"list {meant}" if meant in {*SCOPES, *STATES} else meant
    if meant:
        line = " ".join([meant, *map(quoted, words[1:4])])
        return UserError(message, f"Did you mean `/smtpwatch {line}`?", meant, wrong=words[0])
    try:
        name, *_ = context.target(words[0])
    except UserError:
        return UserError(message, f"I know {', '.join(f'`{verb}`' for verb in (*VERBS, NOTE))}.")
    return UserError(message, f"Did you mean `/smtpwatch add {name}`?", f"add {name}", wrong=words[0])


def _add(verb: str, words: Sequence[str], context: Context) -> Asked:
    kind: Kind = "check"
    words, anyway = without_anyway(words)
    if words and words[0].lower() in KIND_NAMES:
        kind, words = KIND_NAMES[words[0].lower()], words[1:]
    _refuse_exception(words)
    options = read_options(words, context.rules)
    if kind == "network":
        ports, used = read_ports(options.rest, context.rules)
        refuse_unknown(options.rest[used:], tuple(readers(context.rules)))
        return Add(kind, NETWORK_TARGET, _with_ports(options.said, ports))
    if not options.rest:
        return Form(verb)
    _refuse_several(words)
    target, port, mail_domain = context.target(options.rest[0])
    ports, used = read_ports(options.rest[1:], context.rules)
    refuse_unknown(options.rest[1 + used :], tuple(readers(context.rules)))
    own = read_ports([str(port)], context.rules)[0] if port is not None else ()
    said = _with_ports(options.said, tuple(dict.fromkeys((*own, *ports))))
    return Add(kind, target, said, mail_domain, anyway)


def _refuse_several(words: Sequence[str]) -> None:
    """A new watch is on one host: each of those that are named has a button, and what chooses old ones is none."""
    names, taken = names_of(words)
    if len(names) > 1:
        rest = " ".join(words[taken:])
        lines = [f"add {name} {rest}".strip() for name in names]
        raise UserError("A watch is on one host.", "Add them one by one.", lines)
    if words[0].lower().startswith("tag:"):
        name = tag_of(words[0])
        hint = f"Name the host, and its tag behind it: `/smtpwatch add mail.example.com tag {name}`."
        raise UserError(f"`tag:{name}` chooses watches that there are.", hint, f"list tag:{name}")


def _refuse_exception(words: Sequence[str]) -> None:
    """`except port 25`: a watch looks at the ports that answer, or at those that are named."""
    begins = next((at for at, word in enumerate(words) if folded(word) in EXCEPT), len(words))
    left_out = {int(word[:5]) for word in words[begins:] if word.isdecimal()}
    if not left_out:
        return
    ports = " ".join(str(port) for port in MAIL_PORTS if port not in left_out)
    message = f"Nothing is done: `{quoted(' '.join(words[begins:]))}` cannot be kept."
    hint = "A watch looks at the mail ports that answer, or at those that are named."
    raise UserError(message, hint, [f"add {words[0]} {ports}".strip()])


MAIL_PORTS = (25, 465, 587)
"""What a mail host is asked for."""


def _with_ports(said: Mapping[str, Any], ports: tuple[int, ...]) -> dict[str, Any]:
    return {**said, "ports": tuple(dict.fromkeys((*ports, *said.get("ports", ()))))} if ports else dict(said)


_EXAMPLES = ("", "tag:prod", "*.example.com", "#channel")


def _list(_verb: str, words: Sequence[str], _context: Context) -> Asked:
    chosen, used = read_selector(words, freely=True)
    names, taken = names_of(words)
    if len(names) == 1 and taken == len(words):
        return List(Selector(named=names))
    if words[used:]:
        known = [*SCOPES, *STATES, *_EXAMPLES[1:]]
        meant = nearest(words[used], known)
        hint = f"Did you mean `{meant}`?" if meant else f"I know {', '.join(f'`{each}`' for each in known)}."
        line = meant if meant not in _EXAMPLES else ()
        raise UserError(f"`{quoted(words[used])}` does not match any watches.", hint, line, wrong=words[used])
    return List(chosen if chosen and chosen != Selector("here") else Selector())


def _named(verb: str, words: Sequence[str], context: Context) -> Asked:
    """A watch may be named as it is listed: its target, and its ports or its kind behind that."""
    chosen, used = read_selector(words)
    if chosen and verb not in OF_SEVERAL:
        if chosen.named:
            each = [f"{verb} {name}" for name in chosen.named]
            raise UserError(f"`{verb}` is done to one watch at a time.", "Each has its button.", each)
        line = f"list {chosen.text}"
        raise UserError(
            f"`{verb}` is done to one watch at a time.", f"`/smtpwatch {line}` shows which there are.", line
        )
    if chosen and (verb == "ack" or not words[used:]):
        refuse_condition(chosen.text, words[used:])
        return Named(verb, chosen.text, chosen=chosen, note=told_in(words[used:], NOTED))
    ref = ref_of(verb, words)
    if verb == "ack":
        told = next((at for at, word in enumerate(words[1:], 1) if not _tells_apart(word)), len(words))
        if context.spoken and len(words) > told and words[told].lower() in ALSO:
            raise also(verb, " ".join(words[:told]), words[told:])
        if told == 1 and alone(words[told:]):
            return Named(verb, ref, chosen=Selector(named=(ref.lower(),)), note=told_in(words[told + 1 :], NOTED))
        refuse_limit(" ".join(words[:told]), words[told:])
        words, note = words[:told], told_in(words[told:], NOTED)
    else:
        note = ""
    stray = next((word for word in words[1:] if not _tells_apart(word)), None)
    if stray is not None:
        look = look_at(chosen.text if chosen else quoted(ref), several=chosen is not None)
        line = look if chosen or alters(stray) else f"{verb} {quoted(ref)}"
        raise UserError(f"`{quoted(stray)}` is one word too many.", f"Type `/smtpwatch {line}`.", line)
    ports = tuple(int(word[:5]) for word in words[1:] if word.isdecimal())
    kinds = [KIND_NAMES[word.lower()] for word in words[1:] if not word.isdecimal()]
    return Named(verb, ref, ports, kinds[0] if kinds else None, note=note)


def _tells_apart(word: str) -> bool:
    """A port or a kind."""
    return word.isdecimal() or word.lower() in KIND_NAMES


def _edit(verb: str, words: Sequence[str], context: Context) -> Asked:
    ref = ref_of(verb, words)
    options = read_options(words[1:], context.rules)
    refuse_unknown(options.rest, tuple(readers(context.rules)))
    return Edit(ref, options.said) if options.said else Form(verb, ref)


OF_SEVERAL = frozenset({"resume", "unsnooze", "unmute", "ack", "accept", "run"})
"""Verbs without more words that may be done to several watches at once."""

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
    "accept": _named,
    "run": _named,
    "test": _named,
    "history": _named,
    "incidents": lambda _verb, words, context: read_incidents(words, context),
    "delete": _named,
    "undo": _named,
    "tag": tag,
    "untag": tag,
    "digest": digest,
}
