"""A cell of a CSV that people open in a spreadsheet or print in a terminal. Pure."""

import re
from typing import Any

# A cell is taken for a formula by its first sign. Where people write 1,5 a spreadsheet begins a cell at every `;`, too;
# LibreOffice parts at tabs unless told otherwise, and csv quotes neither of them.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\t\r\n]|[\s\ufeff\u200b-\u200f\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def csv_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, not even behind blanks, and no terminal for a command."""
    if not isinstance(value, str):
        return value
    safe = _CONTROL.sub("\ufffd", value).encode("utf-8", "backslashreplace").decode()
    return _FORMULA.sub(r"\1'", safe)
