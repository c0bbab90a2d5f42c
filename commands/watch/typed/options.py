"""What may stand behind a target: `every 15m in #channel notify @group after 2 failures`, in any order. Pure.

Each reader takes what follows its keyword and says how many words it took.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from itertools import takewhile
from typing import Any

from commands.contract import UserError
from commands.secrets.masking import masked
from commands.slack_text import quoted
from commands.spanish import folded
from commands.spoken_times import ALL_UNITS, read_span
from commands.times import shown, weekday_of, zone_of
from commands.watch.state.limits import LONGEST_INTERVAL, MOST_RUNS, Rules, read_ports
from commands.watch.state.model import ANY, Second
from commands.watch.state.routes import OFF, Route, Value
from commands.watch.state.selector import TAG
from commands.watch.state.windows import EVERY_DAY, Window
from commands.watch.typed.ends import clock_of, duration_of
from commands.watch.typed.onward import whole
from commands.watch.typed.selectors import tag_of
from commands.words import channel_of, nearest, somebody_of


@dataclass(slots=True)
class Options:
    """What was said, by the names of the fields of `Watch`; and the words that are left."""

    said: dict[str, Any] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


Reader = Callable[[Sequence[str], Options, Rules], int]
"""Takes what follows a keyword and says how many words it took."""


def refuse_unknown(words: Sequence[str], known: Sequence[str]) -> None:
    """`UserError` for the first word that is left, with the nearest one that is known."""
    for word in words:
        meant = nearest(word, sorted(known))
        hint = f"Did you mean `{meant}`?" if meant else f"I know {', '.join(f'`{each}`' for each in sorted(known))}."
        raise UserError(f"`{quoted(word)}` is not a word that I know here.", hint, meant or (), wrong=word)


_SPAN = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")

TWICE, ONCE = "One of the options was given twice.", "Say each once."


def every(words: Sequence[str], options: Options, rules: Rules) -> int:
    again = 1 if words[0].lower() in {"every", "cada"} and len(words) > 1 else 0  # `interval every 3m`
    is_one = folded(words[again]) in ALL_UNITS and not read_span(words[again:])  # `every hour`
    length, used = duration_of(["1", words[again]] if is_one else words[again:])
    used += again - is_one
    if not rules.shortest <= length <= LONGEST_INTERVAL:
        nearest_length = shown(rules.shortest if length < rules.shortest else LONGEST_INTERVAL)
        raise UserError(
            f"A watch cannot run every {shown(length)}.",
            f"Between {shown(rules.shortest)} and {shown(LONGEST_INTERVAL)} are possible: `every 15m`.",
            nearest_length,
            wrong=" ".join(words[:used]),
        )
    return _set(options, "every", length, used)


def channel(words: Sequence[str], options: Options, _rules: Rules) -> int:
    return _set(options, "channel", channel_of(words[0]), 1)


def notify(words: Sequence[str], options: Options, _rules: Rules) -> int:
    nobody = words[0].lower() in {"nobody", "none"}
    return _set(options, "notify", "" if nobody else somebody_of(words[0]), 1)


def then(words: Sequence[str], options: Options, _rules: Rules) -> int:
    """`then @second after 30m`, or `then nobody`."""
    if words[0].lower() in {"nobody", *OFF}:
        return _set(options, "then", None, 1)
    who, behind = somebody_of(words[0]), words[1:]
    if [word.lower() for word in behind[:1]] != ["after"]:
        return _set(options, "then", Second(who, SECOND_AFTER), 1)
    length, used = duration_of(behind[1:])
    if not timedelta(minutes=1) <= length <= LONGEST_INTERVAL:
        raise UserError(
            f"{shown(length)} is too short or too long to wait for an acknowledgement.",
            f"Between 1m and {shown(LONGEST_INTERVAL)} are possible: `then @second after 30m`.",
        )
    return _set(options, "then", Second(who, length), 2 + used)


SECOND_AFTER = timedelta(minutes=30)
"""How long an acknowledgement is waited for when nobody says."""

_RUNBOOK = re.compile(
    r"https?://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?(?:[/?#][!-~]*)?"
)
_NO_LINK = frozenset('<>|"`\\^{}')
LONGEST_URL = 500


def runbook(words: Sequence[str], options: Options, _rules: Rules) -> int:
    """A URL that people open: never this program. `runbook none` takes it off."""
    if words[0].lower() in OFF:
        return _set(options, "runbook", "", 1)
    url, used = whole(words[0])
    if not _RUNBOOK.fullmatch(url) or len(url) > LONGEST_URL or _NO_LINK & set(url):
        raise UserError("A runbook is a link: http or https, without a login.", EXAMPLES["runbook"])
    if masked(url) != url:
        raise UserError(
            "That link has a secret in it, and everybody in the channel would read it.", EXAMPLES["runbook"]
        )
    return _set(options, "runbook", url, used)


def place(words: Sequence[str], options: Options, _rules: Rules) -> int:
    """`from mta-03`, `from mta-03/192.0.2.11`, `from local`, `from any 2`."""
    if words[0].lower() == ANY:
        return _set(options, "vantage", ANY, 1 + ["2"].count("".join(words[1:2])))
    name, slash, source = words[0].lower().partition("/")
    if not _VANTAGE.fullmatch(name) or (slash and not _is_address(source)):
        raise UserError(f"`{quoted(words[0])}` is not a place to watch from.", EXAMPLES["from"])
    return _set(options, "vantage", f"{name}/{ip_address(source)}" if slash else name, 1)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_VANTAGE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


def after(words: Sequence[str], options: Options, _rules: Rules) -> int:
    return _times(words, options, "fail_after", ("failures", "failure", "fails", "runs", "times"))


def recover(words: Sequence[str], options: Options, _rules: Rules) -> int:
    skipped = 1 if words[0].lower() == "after" else 0
    return skipped + _times(words[skipped:], options, "recover_after", ("successes", "success", "runs", "times"))


def _times(words: Sequence[str], options: Options, name: str, nouns: Sequence[str]) -> int:
    number = words[0] if words else ""
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= MOST_RUNS):
        raise UserError(
            f"`{quoted(number) or '-'}` is not a number of runs.",
            f"From 1 to {MOST_RUNS} are possible: `after 2 failures`.",
        )
    return _set(options, name, int(number), 2 if len(words) > 1 and words[1].lower() in nouns else 1)


def ports(words: Sequence[str], options: Options, rules: Rules) -> int:
    if words[0].lower() in {"all", "any"}:
        return _set(options, "ports", (), 1)
    ports, used = read_ports(words, rules)
    if not used:
        raise UserError(f"`{quoted(words[0])}` is not a port.", "Type numbers: `ports 25 587`.")
    return _set(options, "ports", ports, used)


def tags(words: Sequence[str], options: Options, rules: Rules) -> int:
    """All words up to what is no tag; `tags none` takes them off."""
    if words[0].lower() in {"none", "off"}:
        return _set(options, "tags", (), 1)
    known = readers(rules)
    more = list(takewhile(lambda word: TAG.fullmatch(folded(word)) and folded(word) not in known, words[1:]))
    found = tuple(sorted(map(tag_of, [words[0], *more])))
    return _set(options, "tags", found, 1 + len(more))


def _by(route: Route) -> Reader:
    """The reader of what stands behind the name of a route."""

    def read(words: Sequence[str], options: Options, rules: Rules) -> int:
        value, used = _route_value(route, words, rules)
        said = options.said.setdefault("routes", {})
        if route.name in said:
            raise UserError(TWICE, ONCE)
        said[route.name] = value
        return used

    return read


def _route_value(route: Route, words: Sequence[str], rules: Rules) -> tuple[Value, int]:
    if words[0].lower() in OFF:
        return (), 1
    if route.name in rules.missing:
        raise UserError(route.not_set_up, route.remedy)
    value, used = route.read(words)
    known = rules.choices.get(route.name, frozenset(value))
    if wrong := sorted(set(value) - known):
        raise UserError(f"There is no `{quoted(wrong[0])}` here.", f"There is {', '.join(sorted(known))}.")
    return value, used


def maintenance(words: Sequence[str], options: Options, _rules: Rules) -> int:
    """`maintenance [sun ...] 02:00-04:00 [Europe/Madrid]`, or `maintenance none`. Several add up."""
    if words[0].lower() in {"none", "off"}:
        return _set(options, "windows", (), 1)
    days: set[int] = set()
    at = 0
    while at < len(words) and (day := weekday_of(words[at])) is not None:
        days.add(day)
        at += 1
    span = _SPAN.fullmatch(words[at]) if at < len(words) else None
    if span is None:
        raise UserError("When is the maintenance?", EXAMPLES["maintenance"])
    named = words[at + 1] if at + 1 < len(words) else ""
    zone = zone_of(named)
    if zone is None and "/" in named:
        raise UserError(f"`{quoted(named)}` is not a time zone.", EXAMPLES["maintenance"])
    start, end = clock_of(span[1]), clock_of(span[2])
    if start == end:
        raise UserError("That maintenance would never end.", EXAMPLES["maintenance"])
    window = Window(start, end, zone or "UTC", frozenset(days) or EVERY_DAY)
    options.said["windows"] = (*options.said.get("windows", ()), window)
    return at + (2 if zone else 1)


def _set(options: Options, name: str, value: Any, used: int) -> int:
    if name in options.said:
        raise UserError(TWICE, ONCE)
    options.said[name] = value
    return used


EXAMPLES: Mapping[str, str] = {
    "every": "Type `every 15m`.",
    "in": "Type `in #channel`.",
    "notify": "Type `notify @group` or `notify nobody`.",
    "then": "Type `then @second after 30m` or `then nobody`.",
    "runbook": "Type `runbook https://wiki.example.com/mail` or `runbook none`.",
    "from": "Type `from mta-03` (`/portero vantages` has the names), `from any 2` or `from local`.",
    "after": "Type `after 2 failures`.",
    "recover": "Type `recover after 2`.",
    "ports": "Type `ports 25 587`, or `ports all` for those that answer.",
    "port": "Type `port 587`.",
    "tag": "Type `tag prod`.",
    "tags": "Type `tags prod eu-west` or `tags none`.",
    "maintenance": "Type `maintenance sun 02:00-04:00 Europe/Madrid` or `maintenance none`.",
}


def read_options(words: Sequence[str], rules: Rules) -> Options:
    """Take every option out of the words. `UserError` for one that cannot be read, or that was said twice."""
    known, options, at = readers(rules), Options(), 0
    while at < len(words):
        reader = known.get(words[at].lower())
        if reader is None:
            options.rest.append(words[at])
            at += 1
            continue
        following = words[at + 1 :]
        if not following:
            raise UserError(f"Something is missing behind `{quoted(words[at])}`.", example_of(words[at].lower(), rules))
        at += 1 + reader(following, options, rules)
    return options


_READERS: Mapping[str, Reader] = {
    "every": every,
    "in": channel,
    "notify": notify,
    "then": then,
    "runbook": runbook,
    "from": place,
    "after": after,
    "recover": recover,
    "ports": ports,
    "port": ports,
    "maintenance": maintenance,
    "tag": tags,
    "tags": tags,
}


def readers(rules: Rules) -> Mapping[str, Reader]:
    """The reader of each keyword, those of routes included."""
    return {**_READERS, **{route.name: _by(route) for route in rules.routes}}


def example_of(keyword: str, rules: Rules) -> str:
    """How an option is typed."""
    examples = {route.name: f"Type `{route.name} {route.example}` or `{route.name} none`." for route in rules.routes}
    return {**EXAMPLES, **examples}[keyword]
