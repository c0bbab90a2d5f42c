"""What stands behind `digest`, as a value. Pure."""

from collections.abc import Sequence
from datetime import time

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.state.windows import Digest, zone_of
from commands.watch.typed.asked import Asked, SetDigest
from commands.watch.typed.context import Context
from commands.watch.typed.durations import MORNING, clock_of, day_of
from commands.watch.typed.options import read_options
from commands.watch.typed.said_options import refuse_unknown

_DIGEST = "Type `/smtpwatch digest daily 09:00 Europe/Madrid`; `monday` and `off` are possible, too."


def digest(_verb: str, words: Sequence[str], context: Context) -> Asked:
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
