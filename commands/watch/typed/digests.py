"""`digest daily 09:00 Europe/Madrid in #channel`: how often, when and where a summary comes. Pure."""

from collections.abc import Sequence
from datetime import time

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spanish import folded
from commands.spoken_times import read_time_of_day
from commands.times import WEEKDAYS, city_zone, weekday_of
from commands.watch.state.windows import Digest
from commands.watch.typed.asked import Asked, Context, SetDigest, ShowDigest
from commands.watch.typed.ends import MORNING, clock_of
from commands.watch.typed.options import read_options, refuse_unknown
from commands.watch.typed.reasons import EXCEPT
from commands.words import nearest

_DIGEST = "Type `/smtpwatch digest daily 09:00 Europe/Madrid`; `monday` and `off` are possible, too."
RHYTHMS = ("daily", "weekly", "off", *WEEKDAYS)


def digest(_verb: str, words: Sequence[str], context: Context) -> Asked:
    """`digest daily 09:00 Europe/Madrid in #channel`, `digest monday`, `digest off`; alone it asks which there is."""
    options = read_options([word for word in words if word.lower() != "every"], context.rules)
    channel = options.said.pop("channel", "")
    refuse_unknown(list(options.said), ("in",))
    said = [word for word in options.rest if folded(word) not in _EVERY]
    if not said:
        return ShowDigest(channel)
    if folded(said[0]) in _OFF:
        return SetDigest(None, channel)
    _refuse_left_out(said, context)
    day, rest = _rhythm(said)
    at, zone = _clock_and_zone(rest, context.zone)
    return SetDigest(Digest(at, zone, day), channel)


def _rhythm(said: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """The day of the week, or None for every day; and the words behind it."""
    often, rest = folded(said[0]), said[1:]
    if often in _DAILY:
        return None, rest
    if often == "weekly":
        day = _weekday(rest[0]) if rest else None
        return (0, rest) if day is None else (day, rest[1:])  # `weekly monday 09:00`
    day = _weekday(often)
    if day is None:
        meant = nearest(often, RHYTHMS)
        hint = f"Did you mean `{meant}`?" if meant else _DIGEST
        raise UserError(f"`{quoted(said[0])}` is not a rhythm.", hint, meant or (), wrong=said[0])
    return day, rest


def _weekday(word: str) -> int | None:
    """`monday`, `lunes`, `mondays`."""
    day = weekday_of(word)
    return weekday_of(word.removesuffix("s")) if day is None else day


def _refuse_left_out(said: Sequence[str], context: Context) -> None:
    """`daily 09:00 except sundays`, `weekdays 08:30`: a digest leaves no day out."""
    begins = next((at for at, word in enumerate(said) if folded(word) in EXCEPT | _NOT), len(said))
    kept = [word for word in said[:begins] if folded(word) not in _WORKDAYS]
    if len(kept) == len(said):
        return
    rest = [word for word in kept if folded(word) not in _DAILY and _weekday(word) is None]
    at, zone = _clock_and_zone(rest, context.zone)
    lines = [f"digest {often} {at:%H:%M} {zone}" for often in ("daily", "monday")]
    raise UserError("A digest comes daily, or on one day of the week, and leaves no day out.", _DIGEST, lines)


_OFF = frozenset({"off", "none", "never"})
_NOT = frozenset({"not", "no", "without", "sin"})
_WORKDAYS = frozenset({"weekday", "weekdays", "workday", "workdays", "laborable", "laborables"})
_EVERY = frozenset({"each", "cada", "todos", "los", "el", "on"})
_DAILY = frozenset({"daily", "day", "morning", "dia", "dias", "diario", "manana"})


def _clock_and_zone(words: Sequence[str], zone: str) -> tuple[time, str]:
    at, left = MORNING, list(words)
    while left:
        if found := read_time_of_day(left, bare=True):  # a summary is read in the morning: `at half past eight`
            at, left = found[0].at, left[found[1] :]
            continue
        if left[0][:1].isdigit():
            at, left = clock_of(left[0]), left[1:]
            continue
        zone, left = zone if folded(left[0]) in _OF_ZONES else _zone(left[0]), left[1:]
    return at, zone


_OF_ZONES = frozenset({"hora", "de", "time"})
"""`hora de Madrid`, `Madrid time`."""


def _zone(word: str) -> str:
    found = city_zone(word)
    if not found:
        raise UserError(f"`{quoted(word)}` is not a time zone.", "Type an IANA name, such as `Europe/Madrid`.")
    return found
