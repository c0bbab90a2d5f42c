"""JSON as strangers write it, parsed without surprises. Pure.

Python's parser takes NaN, numbers of any length, and the last of two members of one name. Here the first two become
numbers without end, which fit no shape, and the third is kept as `Repeating`: so the schema says where they stand.
"""

import json
import math
from collections import Counter
from typing import Any

from commands.smtpcheck.record_file.shapes import RecordError, Repeating

MOST_BYTES = 1024 * 1024
MOST_DIGITS = 20


def parsed(data: bytes) -> Any:
    """The document in these bytes; `RecordError` when there is none, or they are more than 1 MiB."""
    if len(data) > MOST_BYTES:
        raise RecordError("", "It is larger than 1 MiB, which no record is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError(f"byte {error.start:,}", "this is no UTF-8, which JSON is written in") from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_constant=float)
    except json.JSONDecodeError as error:
        raise RecordError(f"line {error.lineno:,}, column {error.colno:,}", "from here on it is no JSON") from error
    except RecursionError as error:
        raise RecordError("", "Its lists and objects stand too deep in each other") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counts = Counter(name for name, _ in pairs)
    twice = Repeating(members)
    twice.repeated = tuple(name for name, count in counts.items() if count > 1)
    return twice


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf
