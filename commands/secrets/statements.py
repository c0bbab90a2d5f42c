"""What of a line is understood: statements, settings with their values, and where a comment begins.

`Settings` is what the language of a text knows of its own names: PowerMTA's catalogue for a config, nothing for a
question or a message.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from commands.secrets.names import STRONG, call_of
from commands.secrets.plain_words import is_prose


class Settings(Protocol):
    """What a language knows of its own names."""

    prose: bool
    """Whether people talk in it: then `pass` and a word behind it is a password."""

    def arguments_before(self, name: str, *, near: bool) -> int | None:
        """How many arguments stand before the secret of a setting; None for no secret. `near`: misspelt ones, too."""

    def knows(self, name: str, *, near: bool = True) -> bool:
        """Whether a name is that of a setting without a secret."""

    def hides_path(self, name: str) -> bool:
        """Whether the URL behind a setting is a secret but for its host."""

    def plain_words(self, name: str) -> int:
        """How many words a setting takes in which no secret and no name can stand; -1 for none such."""

    def is_tag(self, name: str) -> bool:
        """Whether `<name ...>` is a tag."""

    def end_of(self, line: str, at: int) -> int:
        """Where a setting without a secret ends that begins at `at` and has a value of its form; -1 for none."""

    def goes_on(self, line: str, at: int) -> bool:
        """Whether settings follow, of forms that a part of a password would hardly have: three, or to the end."""

    def chosen(self, line: str, at: int) -> int:
        """Where a name stands that the author of the setting at `at` has chosen (`domain-macro NAME`), or -1."""


class NoSettings:
    """Prose: a question, a message."""

    prose = True

    def arguments_before(self, name: str, *, near: bool) -> int | None:  # noqa: ARG002
        return None

    def knows(self, name: str, *, near: bool = True) -> bool:  # noqa: ARG002
        return False

    def hides_path(self, name: str) -> bool:  # noqa: ARG002
        return False

    def plain_words(self, name: str) -> int:  # noqa: ARG002
        return -1

    def is_tag(self, name: str) -> bool:  # noqa: ARG002
        return False

    def end_of(self, line: str, at: int) -> int:  # noqa: ARG002
        return -1

    def goes_on(self, line: str, at: int) -> bool:  # noqa: ARG002
        return False

    def chosen(self, line: str, at: int) -> int:  # noqa: ARG002
        return -1


class Value(NamedTuple):
    """Where a value begins. `skipped` arguments stand before it, `missing` are not there; `assigned`: `=` or `:`."""

    start: int
    assigned: bool
    quoted: bool
    skipped: int = 0
    missing: int = 0


_CLOSING = r"[\"'`)\]}*_>]*"
_BETWEEN = re.compile(
    rf"{_CLOSING}[^\S\r\n]*(=>|:=|->|==|\.{{2,}}|[=:→：＝](?!/)|[,;|](?=[^\S\r\n]*\S))?[^\S\r\n]*(?:\\[^\S\r\n]*$|[|>][+-]?\d?[^\S\r\n]*$)?"
    r"(?:(?:is|are|was|ist|lautet|es|est|er|jest)(?:[^\S\r\n]*[:=]?[^\S\r\n]+|[:=]?\Z)|是|は)?",
    re.IGNORECASE,
)
_WORD = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"?|\'[^\'\r\n]*\'|`[^`\r\n]*`|[^\s]+')
_QUOTED = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"|\'[^\'\r\n]*\'|`[^`\r\n]*`')
_END = re.compile(
    r"</[A-Za-z][\w:-]*[^\S\r\n]*>|[;&,][^\S\r\n]*[\"']?[A-Za-z][\w. -]{0,40}[\"']?[^\S\r\n]*[=:](?!/)"
    r"|[^\S\r\n]++(?=\S|$)|(?=<[A-Za-z])"
)
_GOES_BELOW = re.compile(r"\\[^\S\r\n]*\Z")
_NOTHING = re.compile(r"\s*+\Z")
_ONE_WORD = re.compile(r"#[^\s#]+[^\S\r\n]*$")
_TAG_NAME = re.compile(r"<([A-Za-z][\w:-]*)(?=[\s>])")
_ABOUT = r"resets?|polic(?:y|ies)|rotations?|expiry|recovery|changes?|needed|required"
_ORDINARY = (
    r"is|are|was|were|not|no|never|used|here|there|only|e?-?mails?|messages?|campaigns?|goe?s?|sent|by|via|from|to|for|on|in|with|and|or"
    r"|the|a|an|this|that|all|our|any|welcome|receipts?|newsletters?|transactional|notifications?|pools?|vmtas?\d{0,3}|mta\d{0,3}|queues?"
    r"|customers?|users?|every|day|week|month|year|now|yet|see|ticket|\d{1,4}"
)
_TALK = re.compile(
    rf"[^\S\r\n]+(?:(?:{_ABOUT})|(?:buckets?|santa)(?=[^\S\r\n]+\w))(?:[^\S\r\n,;]*[,;]?[^\S\r\n]+(?:{_ORDINARY}))*+[^\S\r\n]*[.,;!?)]?[^\S\r\n]*$",
    re.IGNORECASE,
)
"""What a name is part of (`token bucket`, `secret santa`), and ordinary words to the end of the line."""

_HARMLESS = re.compile(
    r"yes|no|true|false|on|off|none|null|nil|never|default|required|optional|plain|login|cram-md5|digest-md5|external"
    r"|ntlm|starttls|tls|ssl|any|all|auto|basic|oauth2|system|password|certificate|enabled|disabled|\d{1,6}(?:ms|[kmgb]b?|%)?"
    r"|\d+(?:\.\d+){1,3}(?:/\d+)?(?::\d+)?|[0-9a-f]*:[0-9a-f:]+(?:/\d+)?|\*+|<[\w .-]+>|\$\w+|\$?\{[\w.:/ -]+\}|%\w+%"
    r"|(?:/|\.{1,2}/|~/|[a-z]:[\\/])\S*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\w+://[^\s@?]*"
    r"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\.?(?::\d+)?|x+|\.{3}|…|rsa(?:-sha\d+)?|(?:\d{1,6}[smhdw])+",
    re.IGNORECASE,
)
"""Values that no secret has; asked only for names that need not mean one."""


def is_talk(line: str, end: int) -> bool:
    """Whether words behind a name speak of it, and none of them can be a value: `password reset mails go by vmta2`."""
    return _TALK.match(line, end) is not None or is_prose(line, end)


def value_behind(line: str, end: int, skip: int) -> Value:
    """Where the value begins behind a name that ends at `end`, `skip` arguments left out."""
    between = _BETWEEN.match(line, end)
    at = between.end() if between else end
    skipped = 0
    while skipped < skip and (word := _WORD.match(line, at)) and word[0][0] not in "#<":
        blank = _BLANKS.match(line, word.end())
        at, skipped = blank.end() if blank else word.end(), skipped + 1
    if goes_below := _GOES_BELOW.match(line, at):
        at = goes_below.end()
    quote = _QUOTED.match(line, at)
    quoted = quote is not None and is_rest_blank(line, quote.end())
    return Value(at, bool(between and between[1]), quoted, skipped, skip - skipped)


def end_of_value(line: str, start: int, settings: Settings, *, comment: bool) -> int:
    """Where a value ends: at a closing tag, a known setting that fits, the next pair, a comment, or with the line."""
    quote = _QUOTED.match(line, start)
    for found in _END.finditer(line, quote.end() if quote else start + 1):
        if found[0].startswith("</") or found[0][:1] in {";", "&", ","}:
            return found.start()
        if _is_over(line, found.end(), settings, comment=comment):
            return found.start()
    return len(line)


def _is_over(line: str, at: int, settings: Settings, *, comment: bool) -> bool:
    """Whether something else begins at a place behind a blank."""
    if at >= len(line):
        return True
    if line[at] == "#":
        return not comment and not _ONE_WORD.match(line, at)
    if line[at] == "<":
        tag = _TAG_NAME.match(line, at)
        return tag is not None and settings.is_tag(tag[1])
    return settings.goes_on(line, at)


def is_rest_blank(line: str, at: int) -> bool:
    return _NOTHING.match(line, at) is not None


def is_harmless(value: str) -> bool:
    """Whether a value is a path, a host, an address, a number or a word that no secret is."""
    return _HARMLESS.fullmatch(value.strip("\"'` ;,")) is not None


_MARKS = (
    "\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff"
    "\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u135d-\u135f\u17b4-\u17d3"
)
"""Of names: soft hyphens, accents and invisible signs, and the vowels and marks of scripts that have them apart."""

NAME = re.compile(rf"[^\W\d_][\w{_MARKS}]*+(?:(?:[@$-]++|\.(?!\.))+[\w{_MARKS}]++)*")
PREFIX = re.compile(r"(?:[^\S\r\n]|(?<!\*)\*{1,2}(?!\*)|[>|+•·»\\`~]|-(?!-)|\d+[:.)](?=\s))*")
SIGNS = re.compile(
    r"(?:(?:[#;!%]|//|--|/\*|<!--|\b(?:rem|dnl)\b)[^\S\r\n]*+|[>*•-][^\S\r\n]++|(?<=\s)[(\[{])*", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:[^<>\"\r\n]|\"[^\"\r\n]*\")*+)>")
_LONE_WORD = re.compile(r"[^\S\r\n]*([^\s<>]+)[^\S\r\n]*</")
_BLANKS = re.compile(r"[^\S\r\n]*+")
_PATTERN = re.compile(r"(?:(?<!\S)|^)/(?:[^/\\\s*]|\\.)(?:[^/\\]|\\.)*+/(?=\s|$)")


class Stretches:
    """Parts of a line, in order."""

    def __init__(self, parts: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        for part in parts:
            self.add(*part)

    def add(self, start: int, stop: int) -> None:
        """Add one behind the others; what is there already is left."""
        if not self._starts or start > self._starts[-1]:
            self._starts.append(start)
            self._stops.append(stop)

    def hold(self, at: int) -> bool:
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self._stops[place]


class Opened(NamedTuple):
    """A tag behind which a secret stands, `</name>` behind it; `maybe`: unless it is harmless."""

    end: int
    name: str
    skip: int
    maybe: bool


def patterns(line: str) -> Stretches:
    """The regular expressions of a line, whose words are no names."""
    found = Stretches()
    for pattern in _PATTERN.finditer(line) if "/" in line else ():
        found.add(*pattern.span())
    return found


class Statements:
    """A walk over what is understood, up to the first word that is not.

    `heads` are the words that begin a statement and are not understood, `chosen` is the name of a macro, `settled` the
    values that fit, `tags` those that hold a secret, `lone` single words in a tag that takes settings. `known` says
    that the walk came to the end, or to the name of something that is known.
    """

    def __init__(self, line: str, settings: Settings) -> None:
        self.line = line
        self.settings = settings
        self.heads: set[int] = set()
        self.chosen = -1
        self.settled = Stretches()
        self.tags: list[Opened] = []
        self.lone: list[tuple[int, int]] = []
        self.comment_at = len(line)
        self.known = self._walk()

    def _walk(self) -> bool:
        at, line = self._skip_marks(0), self.line
        while at < len(line):
            if tag := _TAG.match(line, at):
                at = self._take_tag(tag)
                continue
            name = NAME.match(line, at)
            if name is None or not self.settings.knows(name[0]) or self.settings.hides_path(name[0]):
                self.heads.add(at)
                return line[at] == "/" or (name is not None and self._is_secret(name[0]))
            behind = self._take_known(at, name.end())
            if behind <= at:
                return True
            at = behind
        return True

    def _holds(self, name: str) -> int | None:
        return self.settings.arguments_before(name, near=True)

    def _is_secret(self, name: str) -> bool:
        return self._holds(name) is not None or self.settings.hides_path(name)

    def _skip_marks(self, at: int) -> int:
        """Behind quote marks, bullets and comment signs."""
        begin = PREFIX.match(self.line, at)
        at = begin.end() if begin else at
        signs = SIGNS.match(self.line, at)
        if signs and signs.end() > at:
            self.comment_at = min(self.comment_at, at)
            return signs.end()
        return at

    def _take_tag(self, tag: re.Match[str]) -> int:
        behind = self._skip_blanks(tag.end())
        if tag[1]:
            return behind
        if self.settings.is_tag(tag[2]):
            if lone := _LONE_WORD.match(self.line, tag.end()):
                self.lone.append(lone.span(1))
            return behind
        skip = self._holds(tag[2])
        called = STRONG if skip is not None else call_of(tag[2]) or self._argument_calls(tag[3])
        if called:
            self.tags.append(Opened(tag.end(), tag[2], skip or 0, called != STRONG))
        self.heads.add(tag.start(2))
        return behind

    def _argument_calls(self, argument: str) -> str:
        """`<domain-macro pw>`, `<macro name="pw">`; not `<auth password="X">`, where the value stands in the tag."""
        words = argument.replace('"', " ").replace("'", " ").split("=")[-1].split()
        return call_of(words[0]) if len(words) == 1 else ""

    def _take_known(self, at: int, name_end: int) -> int:
        """Behind a known setting whose value fits; `at` when nobody knows where it ends."""
        self.chosen = max(self.chosen, self.settings.chosen(self.line, at))
        behind = self.settle(at, name_end)
        return self._skip_marks(behind) if behind < len(self.line) and self.line[behind] == "#" else behind

    def settle(self, at: int, name_end: int) -> int:
        """Note that the value of a known setting holds no names, if it fits; behind it, or `at`."""
        end = self.settings.end_of(self.line, at)
        if end < 0:
            return at
        behind = self._skip_blanks(end)
        if self._begins_something(behind) and self.line.find('"', name_end, end) < 0:
            self.settled.add(name_end, end)
        return behind

    def _begins_something(self, at: int) -> bool:
        if at >= len(self.line) or self.line[at] in "#<":
            return True
        name = NAME.match(self.line, at)
        return name is not None and (self.settings.knows(name[0]) or self._holds(name[0]) is not None)

    def _skip_blanks(self, at: int) -> int:
        blank = _BLANKS.match(self.line, at)
        return blank.end() if blank else at
