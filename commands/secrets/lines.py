"""Where secrets stand in one line, and what the line leaves open for the next ones.

A line is read by itself, so that equal lines are read once. Nothing here is quadratic in the length of a line.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from commands.secrets import shapes
from commands.secrets.logins import logins
from commands.secrets.names import BOUND, STRONG, WEAK, before_at, call_of, glued, is_phrase, is_spelled_out
from commands.secrets.plain_words import is_prose
from commands.secrets.statements import (
    NAME,
    Settings,
    Statements,
    Stretches,
    Value,
    end_of_value,
    is_harmless,
    is_rest_blank,
    is_talk,
    patterns,
    value_behind,
)
from commands.secrets.token_forms import form_of, may_begin_token, tokens_in

REST_LINES = 3
"""Lines that the rest of a broken value may take; `LATE_LINES` a value may be late."""


LATE_LINES = 8
MANY, REPEATED, LONGEST = 50, 4, 200
"""Secrets of a line that are looked for again, and how long they are."""


class Waiting(NamedTuple):
    """A value that goes on below: not begun yet, or broken off. `skip` arguments stand before it, `until` closes it."""

    begun: bool
    comment: bool = False
    until: str = ""
    skip: int = 0
    lines: int = REST_LINES


class Reading(NamedTuple):
    """What stands in a line: secrets, what it leaves open, and tokens, which are secrets in whatever they stand."""

    spans: Sequence[shapes.Span]
    waiting: Waiting | None
    tokens: Sequence[shapes.Span] = ()


_ASSIGNS = re.compile(r"[\"'`)\]}*]*[^\S\r\n]*(?:=|:|->|：|＝)")
_PAIR = re.compile(
    r"(?:.*[-_])?(?:user(?:name|id)?|login|usr|account|usuario|benutzer|utilisateur|auth|creds?|credentials)\Z",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"[^\S\r\n]*+[=:]?[^\S\r\n]*+([\w.@+-]+)[^\S\r\n]*[:/][^\S\r\n]*(?!//|\d{1,5}(?:\s|$))(\S+)")
_LOGIN_SIGN = re.compile(r"[\w.@+-][:/]\S")
_IS_THE = re.compile(
    r"((?:\S+[^\S\r\n]+){0,5}\S+)[^\S\r\n]+(?:is|ist|es|est|é)[^\S\r\n]+(?:(?:the|our|my|its|das|mein|unser|la|mi|el|le|mon|a|o)[^\S\r\n]+)?"
    r"(?:[\w-]{1,20}[^\S\r\n]+)?\Z",
    re.IGNORECASE,
)
_SECOND = re.compile(r"[\s_-]+(?:(?:de|of|la|di|da|do|du|del|van)\s+|d['\u2019])?([^\W\d_]+)")
LOOKED_BACK = 80
"""Characters in front of a name."""

_PASSES = re.compile(r"\s+(?:through|on|to|the|all|along|by|over|it|them|this|that|mail|messages?|as|if|when)\b")
"""`# pass through what the relay sends` has no password."""

_WHERE = re.compile(
    r"[^\S\r\n]+(?:is|are)[^\S\r\n]+(?:(?:now|kept|stored|managed|rotated|read|taken)[^\S\r\n]+)*"
    r"(?:in|at|by|from|on)[^\S\r\n]+(?:(?:the|our|a)[^\S\r\n]+)?[\w./-]{1,40}[.,)]*\s*$",
    re.IGNORECASE,
)
"""`tokens are in vault` says where they are."""

_ENTRY = re.compile(
    r"(?:name|key|env|id|label|variable|field|option)[\"']?[^\S\r\n]*[:=][^\S\r\n]*[\"']?[\w.-]+\Z", re.IGNORECASE
)
_ASKED = re.compile(r"(?<!\d)334(?:[ -][A-Za-z0-9+/=]*)?[^\S\r\n]*\Z")
"""A server asks for the user, the password or the answer to a challenge, which stands in the next line."""

_LONE_COMMENT = re.compile(r"#[^\S\r\n]*(\S+)\s*\Z")
_DIGITS = re.compile(r"\d{4,}")
_OF_DIGITS = re.compile(r"(?:pass|passe|pin|otp|code|codigo)\Z", re.IGNORECASE)
_ONE_WORD = re.compile(r"\s*\S+\s*\Z")
_HINT = re.compile(
    r"p(?:as|4|@|a[lr][ao]|w|s[wks]|in|riv|\.w)|s(?:e[cg]|ce|3c|lap|[ae]n|al[at]|ig|chl|if|pl|as|eed)|\$ecr|5ecr|t(?:o[kc]|ocken)|k(?:ey(?!s?/)|e[nh]|ode|ata)"
    r"|c(?:lav|le|lé|red|o[do]|ontr|ha|yf)|m(?:ot|dp|at)|a(?:pi|uth|dg|ccou|ssw)|l(?:og[io]n|os|oz|la|yk)|b(?:ear|asic|en)|d(?:ig)"
    r"|n(?:egot|tlm)|g(?:en|es|eh)|wach|h(?:as|es|ex|mac|ook)|one[ _-]t|j(?:et|wt|el)|otp|fja|zug|zap|kelma"
    r"|[wv]a[cg][hw]|identif|tunn|chia|che[ai]|n(?:o[gkn]|yck|ywi)|avain|sleu|kl[iju]|kulc|kod|anah|rakt|atsl|allw|eoch|gilt|drow"
    r"|m(?:nem|at)|comm|seri|lice|t(?:o(?:eg|ke|ek|en)|koe)|autor|apk|ww|tilg|atko|akse|clau|schl"
    r"|requi|master|nenosiri|parool|salas|adg|heslo|haslo|hexk|u(?:ser|sr|sua|til)|//"
)
"""Beginnings of the names in `secret_names` and of the shapes: what a line of the language has none of holds no secret.

Without regard to case it would take three times as long, so the line is put in small letters first.
"""

_LONG = re.compile(r"[A-Za-z0-9+/=_~-]{20,}")
_OPTION = re.compile(r"[ \t]-[apu]+[ \t]|:\d+:")
_TAG = r"</?([A-Za-z][\w-]*+)(?:[ \t]++[\w.*\[\]/:{}-]++)?>"
_SETTING = r"([A-Za-z\d][\w-]*+)(?:[ \t]++(?:[\w.,/*:$-]++|\[[\d.]*+\])+)*"
_SIMPLE = re.compile(rf"[ \t]*+(?:{_TAG}|{_SETTING})[ \t]*+(?:\#[ \t\w.,()'-]*+)?$")
_NUMBER = re.compile(r"[ \t]*+([A-Za-z\d][\w-]*+)[ \t]++\d{1,15}[A-Za-z]?[ \t]*+\Z", re.ASCII)
"""A setting with a number: no name, no token and no long word is in that."""
_SECRET = re.compile(r"[ \t]*+([A-Za-z][\w-]*+)[ \t]++([\w-]{1,200}+)[ \t]*+\Z", re.ASCII)
"""A setting with one word: where that is a secret, nothing else is in the line."""

NOTHING = Reading((), None)

_HINT_OF_FORM = re.compile(form_of(_HINT.pattern))


def read_form(form: str, settings: Settings) -> Reading | None:
    """What a line of that form (`form_of`) holds whatever its digits are; None if one of them may tell.

    Of what is asked here, single digits are told apart in names, in hints and in what tokens begin with. So none of
    these may have any; for all else a digit is a digit.
    """
    if may_begin_token(form):
        return None
    secret = _SECRET.match(form)
    if secret and "0" not in secret[1] and settings.arguments_before(secret[1], near=False) == 0:
        return Reading((secret.span(2),), Waiting(begun=True))
    simple = _SIMPLE.match(form)
    if simple is None or "0" in simple[simple.lastindex or 0] or not _is_known(simple, settings):
        return None
    return None if _says_more(form, simple.end(simple.lastindex or 0), _HINT_OF_FORM) else NOTHING


def read_line(line: str, settings: Settings) -> Reading:
    """The secrets of a line, in any order, and what it leaves open."""
    number = _NUMBER.match(line)
    if number and settings.plain_words(number[1]) > 0:
        return NOTHING
    tokens = tokens_in(line)
    secret = _SECRET.match(line)
    if secret and settings.arguments_before(secret[1], near=False) == 0:
        return Reading((secret.span(2),), Waiting(begun=True), tokens)
    simple = _SIMPLE.match(line)
    if simple and not _says_more(line, simple.end(simple.lastindex or 0)) and _is_known(simple, settings):
        return Reading((), None, tokens) if tokens else NOTHING
    scan = _Scan(line, settings)
    scan.run()
    return Reading(scan.found, scan.waiting, tokens) if scan.found or scan.waiting or tokens else NOTHING


def _is_known(simple: re.Match[str], settings: Settings) -> bool:
    """Whether a line holds a tag, or one setting without a secret and no more than it takes."""
    if simple[1]:
        return settings.is_tag(simple[1])
    words = simple[0][simple.end(2) :].partition("#")[0].split()
    return len(words) <= settings.plain_words(simple[2]) and not (
        _PAIR.match(simple[2]) and _LOGIN_SIGN.search(simple[0])
    )


def _says_more(line: str, at: int, hint: re.Pattern[str] = _HINT) -> bool:
    """Whether something in a line may be the name of a secret, or a secret by its shape."""
    if not line.isascii() or hint.search(line.lower(), at) or _OPTION.search(line, at):
        return True
    return any(map(shapes.is_random, _LONG.findall(line, at)))


class _Scan:
    """Every name in a line that may hold a secret."""

    def __init__(self, line: str, settings: Settings) -> None:
        self.line = line
        self.settings = settings
        self.found: list[shapes.Span] = []
        self.waiting: Waiting | None = None
        self._is_hooked = False
        """Whether the URLs in the rest of the line are covered."""
        self._paired = 0
        """Up to where the value of a login goes: the logins in it are covered with it."""
        self.walk = Statements(line, settings)

    def run(self) -> None:
        line = self.line
        self.found += shapes.in_line(line)
        self.found += logins(line)
        random = [*shapes.random_words(line, 0, len(line), wary=not self.walk.known)]
        keys = Stretches(shapes.public_keys(line) if random else ())
        self.found += [one for one in random if not keys.hold(one[0])]
        done = 0
        for tag in self.walk.tags:
            if tag.end >= done:  # else it stands in what is covered already
                done = self._cover(tag.end, until=tag.name, skip=tag.skip, maybe=tag.maybe)
        self.found += [lone for lone in self.walk.lone if not is_harmless(line[slice(*lone)])]
        if self.walk.heads or _says_more(line, 0):
            self._take_names()
        if _ASKED.search(line):
            self.waiting = Waiting(begun=False, comment=self.walk.comment_at < len(line), lines=2)
        self._repeat()

    def _repeat(self) -> None:
        """What is covered once is covered wherever else it stands in the line."""
        for secret in {self.line[start:stop].strip("\"'` ") for start, stop in self.found[:MANY]}:
            if REPEATED <= len(secret) <= LONGEST and self.line.find(secret) < self.line.rfind(secret):
                self._cover_again(secret)

    def _cover_again(self, secret: str) -> None:
        if is_harmless(secret) or self.settings.knows(secret):
            return
        again = re.finditer(rf"(?<!\w){re.escape(secret)}(?!\w)", self.line)
        self.found += [found.span() for found in islice(again, MANY)]

    def _take_names(self) -> None:
        expressions = patterns(self.line)
        done = -1
        for name in NAME.finditer(self.line):
            at = name.start()
            if at < done or expressions.hold(at):
                continue
            done = max(done, self._take_name(name[0], at, name.end()))

    def _take_name(self, name: str, at: int, end: int) -> int:
        """Cover what stands behind a name if that is a secret; answer up to where nothing is left to do."""
        is_head = at in self.walk.heads
        assigns = _ASSIGNS.match(self.line, end) is not None
        if not assigns and at != self.walk.chosen and self.walk.settled.hold(at):
            return -1
        skip = self.settings.arguments_before(name, near=is_head or assigns)
        if skip is not None:
            self._look_back(at)
            return self._cover(end, skip=skip, open_ended=True)
        if self.settings.hides_path(name):
            return self._cover_url(end)
        if "hook" in name.lower() and not self._is_hooked:
            self._is_hooked = True
            self.found += shapes.behind_host(self.line, end)
        if self.settings.knows(name, near=False) and at != self.walk.chosen:
            self.walk.settle(at, end)
            return self._pair(name, end)
        return self._take_called(name, at, end, is_head=is_head or at == self.walk.chosen, assigns=assigns)

    def _take_called(self, name: str, at: int, end: int, *, is_head: bool, assigns: bool) -> int:
        in_path = self.line[at - 1 : at] == "/" and self.line[end : end + 1] == ":"  # `{vault}:/v1/secret:key`
        if in_path or (not assigns and self._is_inside(name, at, end)):
            return -1
        label = name.rpartition(".")[2] if "." in name and not is_spelled_out(name) else name
        call = call_of(label)
        end = at + (glued(name) or before_at(name) or len(name))
        following = self._phrase(name, end) if call != STRONG else 0
        if following:
            call, end = STRONG, following
        if call == STRONG:
            self._look_back(at)
            return self._cover(end, open_ended=is_head or assigns)
        if call == BOUND or (call == WEAK and self._counts(name, end, is_head=is_head, assigns=assigns)):
            return self._cover(end, maybe=True, open_ended=is_head or assigns)
        return self._pair(name, end)

    def _is_inside(self, name: str, at: int, end: int) -> bool:
        """A part of a path or an address, or the name of a variable."""
        before, behind = self.line[at - 1 : at], self.line[end : end + 1]
        return (
            ("@" in name and "." in name.rpartition("@")[2])
            or (before != "" and before in "/\\@." and behind != "(")
            or (before != "" and before in "${%" and behind != "" and behind in "}% ")
            or (behind != "" and behind in "/\\@")
        )

    def _phrase(self, name: str, end: int) -> int:
        """Where a name of two words ends (`api key`, `mot de passe`), else 0."""
        behind = _SECOND.match(self.line, end)
        return behind.end() if behind and is_phrase(name, behind[1]) else 0

    def _counts(self, name: str, end: int, *, is_head: bool, assigns: bool) -> bool:
        """Whether an ordinary word is meant as a name: it is assigned to, begins a setting, or stands with one word."""
        if assigns or (self.settings.prose and name.lower() in ("pass", "pw")):
            return True
        if not is_head or self.settings.knows(name):
            return False
        if end < self.walk.comment_at or _ONE_WORD.match(self.line, end):
            return True
        return name.lower() in ("pass", "pw") and not _PASSES.match(self.line, end)

    def _look_back(self, at: int) -> None:
        """`X is the password`."""
        if said := _IS_THE.search(self.line, max(0, at - LOOKED_BACK), at):
            first = self.walk.comment_at + 1 if self.walk.comment_at < at else 0
            self.found.append((max(said.start(1), first), said.end(1)))

    def _pair(self, name: str, end: int) -> int:
        """`auth-username bob:X`: what stands behind the user."""
        if end < self._paired or not (_PAIR.match(name) or (self.settings.prose and call_of(name))):
            return -1
        login = _LOGIN.match(self.line, end)
        if login:
            self._paired = end_of_value(self.line, login.start(2), self.settings, comment=end > self.walk.comment_at)
            self.found.append((login.start(2), self._paired))
        elif self.settings.prose:
            self.found += shapes.mixed_words(self.line, end)
        return -1

    def _cover(self, end: int, *, skip: int = 0, until: str = "", maybe: bool = False, open_ended: bool = False) -> int:
        """Cover the value behind a name that ends at `end`. `maybe`: unless nothing of it can be a secret."""
        comment = end > self.walk.comment_at
        value = value_behind(self.line, end, skip)
        if value.start >= len(self.line) or self.line.startswith("</", value.start):
            self._wait(
                value,
                comment=comment,
                until=until,
                is_open=open_ended or bool(until) or value.assigned or self._is_named(end),
            )
            return end
        if not comment and value.start > end and self.line[value.start] == "#" and not value.assigned:
            self._wait(value, comment=comment, until=until, is_open=True)
            if lone := _LONE_COMMENT.match(self.line, value.start):
                self.found.append(lone.span(1))
            return end
        if (comment and _WHERE.match(self.line, end)) or (
            (comment or self.settings.prose)
            and (is_talk(self.line, end) or (maybe and is_prose(self.line, end, least=1)))
        ):
            return end
        if comment and self.line[value.start] == "#" and value.start > end:  # `# password # old one`, the value below
            self._wait(value, comment=True, until=until, is_open=True)
        stop = end_of_value(self.line, value.start, self.settings, comment=comment)
        written = self.line[value.start : stop]
        if (maybe and is_harmless(written) and not self._is_code(end, written)) or written in ('""', "''"):
            return end
        self.found.append((value.start, stop))
        if not comment and not value.quoted and is_rest_blank(self.line, stop):
            self.waiting = Waiting(begun=True, until=until)
        return stop

    def _cover_url(self, end: int) -> int:
        """Cover all of a value but scheme and host; in a comment that only speaks of the setting nothing."""
        value = value_behind(self.line, end, 0)
        shown = shapes.behind_authority(self.line, value.start)
        if shown == value.start and end > self.walk.comment_at and not _ONE_WORD.match(self.line, end):
            return -1
        stop = end_of_value(self.line, value.start, self.settings, comment=end > self.walk.comment_at)
        stop = max(stop, shapes.end_of_word(self.line, value.start))  # `&x=` begins nothing in a URL
        if shown < stop:
            self.found.append((shown, stop))
        if value.start >= len(self.line):
            self._wait(value, comment=end > self.walk.comment_at, until="", is_open=True)
        return stop

    def _is_code(self, end: int, written: str) -> bool:
        """`pin 471147`"""
        return bool(_DIGITS.fullmatch(written) and _OF_DIGITS.search(self.line, max(0, end - LOOKED_BACK), end))

    def _is_named(self, end: int) -> bool:
        """`name: SMTP_PASSWORD`, its value in the next entry."""
        return _ENTRY.search(self.line, max(0, end - LOOKED_BACK), end) is not None

    def _wait(self, value: Value, *, comment: bool, until: str, is_open: bool) -> None:
        if is_open or not comment:
            begun = value.skipped > 0 and value.missing == 0
            self.waiting = Waiting(begun, comment, until, value.missing, REST_LINES if begun else LATE_LINES)
