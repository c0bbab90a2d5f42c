"""An order and what came of it as bytes, for a pipe between processes: JSON and texts behind it, nothing that runs."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

from commands.contract import Attachment
from commands.pmta.checking import Order, Studied
from commands.pmta.facts import Endpoint, Facts, SigningKey, SourceHost
from commands.pmta.model import Finding, More, Report
from commands.pmta.paste import Pasted

T = TypeVar("T")
NOT_CARRIED = frozenset({"edits"})
"""Offsets into a text that stays where it was checked: the mended text has what they did."""


def order_parts(order: Order) -> tuple[bytes, bytes]:
    """What an order says, and the text or file."""
    given, is_file = order.given, isinstance(order.given, Attachment)
    said = {"name": given.name, "file": is_file, "version": order.version, "fragment": order.fragment}
    if isinstance(given, Attachment):
        return _json({**said, "keep": order.keep}), given.content
    text = given.text.encode("utf-8", "surrogatepass")
    return _json({**said, "keep": order.keep, "undone": given.undone, "encoding": given.encoding}), text


def order_of(said: bytes, content: bytes) -> Order:
    found = json.loads(said)
    given: Pasted | Attachment
    if found["file"]:
        given = Attachment(found["name"], content)
    else:
        text = content.decode("utf-8", "surrogatepass")
        given = Pasted(text, found["name"], tuple(found["undone"]), found["encoding"])
    return Order(given, found["version"], found["fragment"], found["keep"])


def answer_parts(made: Studied) -> tuple[bytes, bytes, bytes]:
    """What was found, the mended text and the kept one."""
    said = {"report": _record(made.report), "claims": _record(made.claims), "changed": made.changed}
    return _json(said), made.packed, made.kept.encode("utf-8", "surrogatepass")


def answer_of(said: bytes, packed: bytes, kept: bytes) -> Studied:
    found = json.loads(said)
    return Studied(
        report=_report(found["report"]),
        packed=packed,
        changed=tuple(found["changed"]),
        claims=_claims(found["claims"]),
        kept=kept.decode("utf-8", "surrogatepass"),
    )


def _report(found: dict[str, Any]) -> Report:
    marked = [{**one, "marked": tuple(one["marked"])} for one in found["findings"]]
    return Report(
        **{
            **found,
            "findings": _each(Finding, marked),
            "more": _each(More, found["more"]),
            "undone": tuple(found["undone"]),
        }
    )


def _claims(found: dict[str, Any]) -> Facts:
    return Facts(
        source_hosts=_each(SourceHost, found["source_hosts"]),
        signing_keys=_each(SigningKey, found["signing_keys"]),
        relays=_each(Endpoint, found["relays"]),
        listeners=_each(Endpoint, found["listeners"]),
        hashes=frozenset(found["hashes"]),
        unnamed=tuple(found["unnamed"]),
        beyond=found["beyond"],
    )


def _each(kind: type[T], found: Sequence[dict[str, Any]]) -> tuple[T, ...]:
    return tuple(kind(**one) for one in found)


def _json(said: Any) -> bytes:
    """Lone surrogates come through as escapes."""
    return json.dumps(said, default=_plain).encode("ascii")


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else _record(value)


def _record(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value) if one.name not in NOT_CARRIED}
