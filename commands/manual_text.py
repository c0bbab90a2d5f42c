"""Sentences as the generated parts of the docs show them."""

import string


def named(template: str) -> str:
    """The names of its parameters, in italics, where they would be filled in."""
    parts = string.Formatter().parse(template)
    return "".join(plain + (f"*{name.replace('_', ' ')}*" if name else "") for plain, name, _, _ in parts)


def row(*cells: str) -> str:
    """A row of a table; no cell ends it."""
    escaped = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(escaped)} |"
