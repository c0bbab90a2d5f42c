"""The value behind the name of a secret: where it begins, where it ends, and whether it can be one at all.

`Settings` is what the language of a text knows of its own names: PowerMTA's catalogue for a config, nothing for a
question or a message.
"""

import re
from typing import NamedTuple, Protocol


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
    rf"{_CLOSING}[^\S\r\n]*(=>|:=|->|==|\.{{2,}}|[=:→：＝](?!/)|[,;|](?=[^\S\r\n]*\S))?[^\S\r\n]*(?:\\[^\S\r\n]*$|[|>][^\S\r\n]*$)?"
    r"(?:(?:is|are|was|ist|lautet|es|est|er|jest)(?:[^\S\r\n]*[:=]?[^\S\r\n]+|[:=]?\Z)|是|は)?",
    re.IGNORECASE,
)
_WORD = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"?|\'[^\'\r\n]*\'|`[^`\r\n]*`|[^\s]+')
_QUOTED = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"|\'[^\'\r\n]*\'|`[^`\r\n]*`')
_BLANKS = re.compile(r"[^\S\r\n]*+")
_END = re.compile(
    r"</[A-Za-z][\w:-]*[^\S\r\n]*>|[;&,][^\S\r\n]*[\"']?[A-Za-z][\w. -]{0,40}[\"']?[^\S\r\n]*[=:](?!/)"
    r"|[^\S\r\n]++(?=\S|$)|(?=<[A-Za-z])"
)
_GOES_BELOW = re.compile(r"\\[^\S\r\n]*\Z")
_NOTHING = re.compile(r"\s*+\Z")
_ONE_WORD = re.compile(r"#[^\s#]+[^\S\r\n]*$")
_TAG_NAME = re.compile(r"<([A-Za-z][\w:-]*)(?=[\s>])")
_HARMLESS = re.compile(
    r"yes|no|true|false|on|off|none|null|nil|never|default|required|optional|plain|login|cram-md5|digest-md5|external"
    r"|ntlm|starttls|tls|ssl|any|all|auto|basic|oauth2|system|password|certificate|enabled|disabled|\d{1,6}(?:ms|[kmgb]b?|%)?"
    r"|\d+(?:\.\d+){1,3}(?:/\d+)?(?::\d+)?|[0-9a-f]*:[0-9a-f:]+(?:/\d+)?|\*+|<[\w .-]+>|\$\w+|\$?\{[\w.:/ -]+\}|%\w+%"
    r"|(?:/|\.{1,2}/|~/|[a-z]:[\\/])\S*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\w+://[^\s@?]*"
    r"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\.?(?::\d+)?|x+|\.{3}|…|rsa(?:-sha\d+)?|(?:\d{1,6}[smhdw])+",
    re.IGNORECASE,
)
"""Values that no secret has; asked only for names that need not mean one."""


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
