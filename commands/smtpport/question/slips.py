"""Ports with two digits the wrong way round, as they were meant. Pure."""

import re
from collections.abc import Mapping

SLIPS: Mapping[str, str] = {"578": "587", "857": "587", "456": "465", "645": "465"}
"""None is a reply of RFC 5321."""

_SLIP = re.compile(
    r"(?P<before>\b(?:ports?|prot|puertos?|25|465|587|2525)(?:,? (?:or|o|y|and|vs) | ?[,/] ?| ))"
    rf"(?P<slip>{'|'.join(SLIPS)})(?![\w.])",
    re.IGNORECASE,
)


def without_slips(text: str) -> str:
    """The text with the ports that are meant: beside a word for one, or another port."""
    return _SLIP.sub(lambda found: f"{found['before']}{SLIPS[found['slip']]}", text)
