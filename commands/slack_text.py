"""Text on its way in from Slack and on its way out to it.

`undo` gives back what somebody typed: Slack wraps links and mentions (`<http://mail.example.com|mail.example.com>`),
encodes `&`, `<` and `>`, and clients turn quotes and dashes into typographic ones. What is shown again, typed or said
by a server, is seen as it was written, and is never drawn as formatting: `in_mrkdwn` for a sentence of ours that
quotes, `escape`, `in_code` and `code_span` for the text itself, `clean` for elements that parse nothing and for the
terminal.

mrkdwn has no sign that takes a mark its meaning. In code nothing is parsed; elsewhere a mark that Slack could read as
formatting is written with a character that looks like it, which `undo` reads back.

Source: Slack's "Formatting text for app surfaces"; control characters as in Unicode 16, chapter 23.
"""

import re
from collections.abc import Callable

MRKDWN_TEXT = 3000
"""Characters that a mrkdwn text object may hold."""

_LINK = re.compile(r"<(?:(?:https?|ftp)://|tel:|mailto:)[^<>|\s]+(?:\|[^<>]*)?>", re.IGNORECASE)
_MENTION = re.compile(r"<(?:#C|#G|#D|@[UWB]|!(?:here|channel|everyone|subteam\^|date\^))[^<>]*>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Zero-width characters, BIDI marks, embeddings and isolates, soft hyphen, interlinear and tag characters."""

_LIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb", ":": "\u2236"}
"""What looks like a mark of mrkdwn and is none."""

_TYPED = (
    ("quotes", re.compile("[\u201c-\u201f\u2033\u00ab\u00bb\uff02]"), '"'),
    ("quotes", re.compile("[\u2018-\u201b\u2032\uff07]"), "'"),
    ("dashes", re.compile("[\u2010-\u2013\u2212\uff0d]"), "-"),
    ("dashes", re.compile("[\u2014\u2015]"), "--"),
    ("spaces", re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"), " "),
    ("invisible", re.compile(f"[{_INVISIBLE}]"), ""),
    ("newlines", re.compile("\r\n?|[\u2028\u2029]"), "\n"),
    *(("marks", re.compile(like), mark) for mark, like in _LIKE.items()),
)
"""What clients and copy-and-paste put in: kind, pattern, what was meant. An em dash is what clients make of `--`."""

_ANSI = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[PX^_][^\x1b]*\x1b\\\\|[ -/]*[0-~])")
_BREAK = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029 ]+")
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_UNSHOWABLE = re.compile("[\x80-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PILED_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_MARKS = re.compile(r"^[*_~]+(?![^\W_]|\.\w)|(?<=\S)[*_~]+(?![^\W_])|(?<![^\W_])\*+(?=\S)(?!\.\w)")
"""What could end formatting, and what could begin bold, which our own words end.

`*.example.com`, `_25._tcp` and `~all` begin something that nothing ends, and are copied into configurations.
"""

_CODE = re.compile("`([^`]*)`")
_EMOJI = re.compile(r":(?=(?P<name>[a-z0-9_+'-]+):)", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_OF_EMOJI = frozenset({"a", "ab", "abc", "abcd", "b", "bee", "cd", "100", "1234"})
"""Emoji whose names may be parts of an IPv6 address; other such parts are left as they are, to be copied."""

_HALF_ENTITY = re.compile(r"&[a-z]*$")


def undo(text: str) -> str:
    """What was typed, before Slack and the client changed it. Total: any text gives a text."""
    return undone(text)[0]


def undone(text: str) -> tuple[str, tuple[str, ...]]:
    """`undo(text)` and the kinds of change, in order: links, mentions, entities, quotes, dashes, spaces, ...

    Links and mentions are unwrapped before entities are decoded, so a `&lt;` that somebody really typed never becomes
    a link, and `<domain gmail.com>` keeps its brackets. Entities are decoded exactly once.
    """
    kinds: dict[str, None] = {}

    def change(kind: str, pattern: re.Pattern[str], into: str | Callable[[re.Match[str]], str], old: str) -> str:
        new, count = pattern.subn(into, old)
        if count:
            kinds[kind] = None
        return new

    text = change("links", _LINK, _link_text, text)
    text = change("mentions", _MENTION, _mention_text, text)
    if _ENTITY.search(text):
        kinds["entities"] = None
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    for kind, pattern, meant in _TYPED:
        text = change(kind, pattern, meant, text)
    return text, tuple(kinds)


def in_mrkdwn(sentence: str, limit: int = MRKDWN_TEXT) -> str:
    """A sentence of ours as mrkdwn: what stands between back-ticks is code, all else is seen as it is written."""
    parts = _CODE.split(clean(sentence, limit))
    return "".join(
        code_span(part, limit) if number % 2 else escape(part, limit, trim=False) for number, part in enumerate(parts)
    )


def escape(text: str, limit: int = MRKDWN_TEXT, *, trim: bool = True) -> str:
    """Text of somebody for mrkdwn, in one line of at most `limit` characters; never ends within an entity.

    Nothing in it can mention anybody, become a link, an emoji or code, or make something bold. Not between back-ticks:
    there `in_code` leaves every character as it is.
    """
    shown = clean(text, limit, trim=trim).replace("`", _LIKE["`"])
    shown = _MARKS.sub(lambda marks: "".join(map(_LIKE.__getitem__, marks[0])), shown)
    return _with_entities(_EMOJI.sub(_no_emoji, shown), limit)


def in_code(text: str, limit: int = MRKDWN_TEXT) -> str:
    """Text of somebody for what stands between back-ticks of ours already."""
    return _with_entities(clean(text, limit).replace("`", _LIKE["`"]), limit)


def code_span(text: str, limit: int = 200) -> str:
    """Text of somebody as inline code of at most `limit` characters, back-ticks included; `-` when nothing is left."""
    return f"`{in_code(text, limit - 2) or '-'}`"


def clean(text: str, limit: int = 200, *, trim: bool = True) -> str:
    """Remote text in one line of at most `limit` characters, for elements that parse nothing and for terminals.

    Line breaks and runs of blanks become one blank, terminal sequences, BIDI and zero-width characters go, other
    control characters are shown as their symbols, C1 controls and lone surrogates as U+FFFD.
    """
    text = text[: limit * 4]
    if not (text.isascii() and text.isprintable() and "  " not in text):
        text = _visible(text)
    text = text.strip() if trim else text
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    """What somebody typed, to stand between back-ticks in a sentence that repeats it: short, in one line."""
    return clean(text, 60).replace("`", _LIKE["`"])


def _with_entities(text: str, limit: int) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown if len(shown) <= limit else _HALF_ENTITY.sub("", shown[: limit - 1]) + "…"


def _no_emoji(colon: re.Match[str]) -> str:
    name = colon["name"].lower()
    return colon[0] if _HEXADECIMAL.fullmatch(name) and name not in _OF_EMOJI else _LIKE[":"]


def _visible(text: str) -> str:
    text = _ANSI.sub("", text)
    text = _HIDDEN.sub("", text)
    text = _BREAK.sub(" ", text)
    text = _CONTROL.sub(_symbol, text)
    return _PILED_MARKS.sub(r"\1", _UNSHOWABLE.sub("\ufffd", text))


def _symbol(match: re.Match[str]) -> str:
    """U+2400 to U+2421 hold a symbol for each C0 control and for DEL."""
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)


def _link_text(match: re.Match[str]) -> str:
    address, _, label = match[0][1:-1].partition("|")
    return label or address.removeprefix("mailto:")


def _mention_text(match: re.Match[str]) -> str:
    reference, _, label = match[0][1:-1].partition("|")
    sign = "#" if reference[0] == "#" else "" if reference.startswith("!date") else "@"
    return sign + (label or reference[1:]).removeprefix(sign)
