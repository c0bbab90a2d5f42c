"""Which characters a terminal may be given, and how the others are written. Pure.

Shown are those that Unicode calls printable, and of those that are but have no width or no ink, none: a name with one
of them looks like another name. Sources: Unicode 16, chapters 4.5 (categories) and 23; UTS 39 section 3.1.
"""

_EMPTY = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Joiners, fillers, blank signs and variation selectors."""

_LAYOUT = frozenset("\n\t")


class _Notation(dict[int, str]):
    """What stands for each character, as `str.translate` asks for it; learnt one by one."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        shown = one if one in _LAYOUT or (one.isprintable() and one not in _EMPTY) else escaped(one)
        self[code] = shown
        return shown


def escaped(one: str) -> str:
    """As JSON writes it (RFC 8259 section 7), beyond U+FFFF as two halves."""
    units = one.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


_NOTATION = _Notation()


def visible(text: str) -> str:
    """The text with line breaks and tabs as they are, and every other character that cannot be seen as its number."""
    return "\r\n".join(part.translate(_NOTATION) for part in text.split("\r\n"))
