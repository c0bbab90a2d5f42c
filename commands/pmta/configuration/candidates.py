"""Whether a text that an include names is a config at all: what is none is not read on, and no line of it is quoted."""

import re

from commands.pmta.language.catalogue import DIRECTIVES, TAGS

LOOKED_AT = 200_000
"""Characters."""
LEAST = 2
"""One of so many lines has to be a setting or tag that PowerMTA knows."""

_LINE = re.compile(r"^[^\S\r\n]*(?![#\s])(?:</?([A-Za-z][\w-]*)|([^\s#]+))(?:[^\S\r\n]+(\S))?", re.MULTILINE)


def is_config(text: str) -> bool:
    """Nothing but comments is a config, too, as included files often are."""
    lines = known = 0
    for found in _LINE.finditer(text, 0, LOOKED_AT):
        lines += 1
        known += _is_known(found)
    return known * LEAST >= lines


def _is_known(found: re.Match[str]) -> bool:
    tag, name, more = found.groups()
    if tag:
        return tag.lower() in TAGS
    return (name.lower() in DIRECTIVES and bool(more)) or (name[0] == "/" and bool(more))
