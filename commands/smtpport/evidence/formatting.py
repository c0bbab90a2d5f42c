"""A paste without its formatting: entities, escapes, fences, quotes and the folded lines of bounces are undone."""

import re
import unicodedata
from html import unescape

_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{2,4});")
_ESCAPED = re.compile(r"(?:\\r)?\\n|<cr><lf>|<crlf>|\\r\b")
_MARKS = re.compile(r"`{1,3}|\*\*|^\s{0,3}(?:>|&gt;) ?(?=\S)|\\(?=[\"'/])", re.MULTILINE)
_FOLDED = re.compile(r"(?<=[\w:,])\n[ \t]{2,}(?=[\w(<])")
"""A line that goes on: bounces indent what they fold."""

_MASKED = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.{2,4}(?!\d)|(?:\.(?:\d{1,3}|[x*#]{1,3})){0,2}(?:\.[x*#]{1,3})+(?!\w))|\bip(?:-\d{1,3}){4}\b"
)
"""An address that somebody shortened (`203.0.x.x`, `203...`), or that a host is called after."""

_CURLY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u00ab": '"', "\u00bb": '"'}
)


_AGAIN = re.compile(r"\b([245]\d\d)[- ]([245]\.\d{1,3}\.\d{1,3})\b([^\n]{1,200}?) \1[- ]\2 (?=\S)")


def _joined(text: str) -> str:
    """A reply of several lines that a log writes as one, with its code before each: said once."""
    while (shorter := _AGAIN.sub(r"\1 \2\3 ", text)) != text:
        text = shorter
    return text


def unformatted(text: str) -> str:
    """A text in lower case as the machine wrote it. What is not there costs no search."""
    text = text.translate(_CURLY)
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    if "\\" in text or "<cr" in text:
        text = _ESCAPED.sub("\n", text)
    if any(mark in text for mark in "`*>\\"):
        text = _MARKS.sub("", text)
    if ".." in text or "x" in text or "*" in text or "#" in text or "ip-" in text:
        text = _MASKED.sub(" ", text)
    text = _joined(text) if "said" in text else text
    return _FOLDED.sub(" ", text) if "said" in text or "remote server" in text else text


_POSSESSIVE = re.compile(r"(?<=[a-z]{4})['\u2019]s\b")
"""Behind a name: `Render's free plan`. Short words are others: `it's`, `let's`."""


def plain(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    text = _POSSESSIVE.sub("", text.lower()) if "'s" in text or "\u2019s" in text else text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("'", ""))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
