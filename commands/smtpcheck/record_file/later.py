"""What a later version of Portero says, cut down to what this one knows. Pure.

Members that no shape names are left out, and connections that were made for a purpose of that version. Whatever else
does not fit stays as it is, and is refused by who reads it.
"""

from functools import singledispatch
from typing import Any, get_args

from commands.smtpcheck.record_file.shapes import ByPort, Items, Members, OrNull, Repeating, Row, Shape
from commands.smtpcheck.wire.record import Purpose

PURPOSES = frozenset(get_args(Purpose))


@singledispatch
def known(_shape: Shape, value: Any) -> Any:
    """The value without the members that the shape does not name, wherever they stand."""
    return value


@known.register
def _(shape: Members, value: Any) -> Any:
    if not isinstance(value, dict) or isinstance(value, Repeating):
        return value
    shapes = {**shape.always, **shape.sometimes}
    return {name: known(shapes[name], one) for name, one in value.items() if name in shapes}


@known.register
def _(shape: Items, value: Any) -> Any:
    return [known(shape.shape, one) for one in value] if isinstance(value, list) else value


@known.register
def _(shape: Row, value: Any) -> Any:
    if not isinstance(value, list) or len(value) != len(shape.shapes):
        return value
    return [known(each, one) for each, one in zip(shape.shapes, value, strict=True)]


@known.register
def _(shape: ByPort, value: Any) -> Any:
    if not isinstance(value, dict) or isinstance(value, Repeating):
        return value
    return {name: known(shape.shape, one) for name, one in value.items()}


@known.register
def _(shape: OrNull, value: Any) -> Any:
    return known(shape.shape, value)


def of_known_purpose(records: Any) -> Any:
    """The connections without those that only a later version makes."""
    return [one for one in records if not _is_later(one)] if isinstance(records, list) else records


def _is_later(record: Any) -> bool:
    purpose = record.get("purpose") if isinstance(record, dict) else None
    return isinstance(purpose, str) and purpose not in PURPOSES
