"""What a comment looks like: prose, code of another language, a value that stands behind its name."""

import re
from collections.abc import Iterator

from commands.secrets.shapes import Span

_CODE = re.compile(
    r"\w\([^()\r\n]{0,200}[\"',][^()\r\n]{0,200}\)"
    r"|(?<=\S)\s--?[A-Za-z][\w-]{0,40}(?=[\s=]|$)"
    r"|\$\w+\s{0,9}(?:->|=)|[{}]|&&|\|\s{0,9}\w|\w\||\\\w|\^\w"
    r"|\w\s{0,9}:?=>?\s{0,9}[\"']|;\s{0,9}$"
)
"""A call; options; variables, braces and pipes; a string that is assigned, a statement that ends."""

_END = r"\s{0,9}$"
_USER = r"[\w.+-]{1,60}"
_HOST = r"[\w.-]{1,80}"
_WORDS = r"(\S+(?:\s\S+){0,2})"

_ASSIGNED = (
    re.compile(r"[\w\])\"'.-]\s{0,9}(?::=|=>|->|={1,2})\s{0,9}([^\s=>][^\r\n]*)"),
    re.compile(r"(?<![\w\"'])[\"'`]([^\s\"'`]{3,200})[\"'`](?!\w)"),
)
"""What stands behind a sign of assignment, and between quotes."""

_ALONE = (
    re.compile(rf"[\w.\[\]-]{{1,60}}\s{{0,9}}:\s{{1,9}}(\S+){_END}"),
    re.compile(rf"{_USER}(?:@{_HOST})?\s{{0,9}}[/|]\s{{0,9}}{_WORDS}{_END}"),
    re.compile(rf"{_USER}(?:@{_HOST})?,(\S+){_END}"),
    re.compile(rf"(?:login|user|username|account)\s{{0,9}}:?\s{{1,9}}{_USER}@{_HOST}[\s/:|]{{1,9}}{_WORDS}{_END}"),
)
"""What stands alone behind a colon, or behind a user and a stroke, in a comment that says nothing else."""


def is_code(line: str, at: int) -> bool:
    """Whether the comment that begins at a place has something that no sentence has."""
    return _CODE.search(line, at) is not None


def assigned(line: str, at: int) -> Iterator[Span]:
    """Values in the comment that begins at a place, by what stands before or around them."""
    for form in _ASSIGNED:
        yield from (value.span(1) for value in form.finditer(line, at))
    yield from (value.span(1) for form in _ALONE if (value := form.match(line, at)))
