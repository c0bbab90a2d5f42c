"""Sentences as the generated parts of the docs show them."""

import re
import string


def named(template: str) -> str:
    """The names of its parameters, in italics, where they would be filled in."""
    parts = string.Formatter().parse(template)
    return "".join(plain + (f"*{name.replace('_', ' ')}*" if name else "") for plain, name, _, _ in parts)


BAR = "\\|"
"""A bar that ends no cell, inside of code, too."""
_CODE = re.compile(r"(`[^`]*`)")


def row(*cells: str) -> str:
    """A row of a table; no cell ends it, and nothing in it is a tag."""
    return f"| {' | '.join(_without_tags(cell).replace('|', BAR) for cell in cells)} |"


def _without_tags(cell: str) -> str:
    """Code shows what stands in it as it is."""
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in _CODE.split(cell))
