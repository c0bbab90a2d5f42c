"""What stands behind `pause`, `snooze` and `mute`, as a value; and how a watch is named. Pure."""

import re
from collections.abc import Sequence

from commands.contract import UserError
from commands.slack_text import clean
from commands.watch.typed.asked import Asked, Form, Quiet
from commands.watch.typed.context import Context
from commands.watch.typed.durations import take_until
from commands.watch.typed.ends import no_end, take_mute_end

REASON = 200
"""Characters of a reason that are kept."""


def pause(verb: str, words: Sequence[str], _context: Context) -> Asked:
    return Quiet(verb, ref_of(verb, words), why=_reason(words[1:]))


def snooze(verb: str, words: Sequence[str], context: Context) -> Asked:
    """`snooze REF 2h` and `snooze 2h REF`."""
    until, used = take_until(words, context.now, context.zone)
    if used and until is not None and len(words) > used:
        return Quiet(verb, words[used], until)
    ref = ref_of(verb, words)
    until, used = take_until(words[1:], context.now, context.zone)
    if words[1:] and not used:
        raise no_end(words[1:])
    return Quiet(verb, ref, until) if until is not None else Form(verb, ref)


def mute(verb: str, words: Sequence[str], context: Context) -> Asked:
    """For seven days, or until the end that was typed. One without a reason is asked for it in a dialogue."""
    ref = ref_of(verb, words)
    until, used = take_mute_end(words[1:], context)
    reason = _reason(words[1 + used :])
    return Quiet(verb, ref, until, reason) if reason else Form(verb, ref, _in_one_word(words[1 : 1 + used]))


def _in_one_word(end: Sequence[str]) -> str:
    """`for 2 days` as `2days`, `until monday` as `monday`."""
    return "".join(word for word in end if word.lower() not in {"for", "until", "till"})


def ref_of(verb: str, words: Sequence[str]) -> str:
    if not words:
        raise UserError("Which watch?", f"Type `/smtpwatch {verb}` and a target or an id: `/smtpwatch list` has both.")
    return words[0]


def _reason(words: Sequence[str]) -> str:
    told = words[1:] if words and words[0].lower() in {"because", "reason", "reason:", "since"} else words
    return clean(re.sub(r"\s+", " ", " ".join(told)), REASON)
