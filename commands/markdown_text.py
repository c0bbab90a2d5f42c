"""Text that stays text in Markdown. Pure."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def in_markdown(text: str) -> str:
    """On one line, with every sign that Markdown would read behind a backslash."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
