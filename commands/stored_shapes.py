"""What a stored document of each kind has at least: what every reader of it, in any slice, takes for granted. Pure.

A document that lacks it was not written by Portero, or was damaged before documents had checksums. It is told from the
others where rows are read, so that no reader has to expect it.
"""

from collections.abc import Mapping
from typing import Any

Shape = Any
"""A type; None; a list of one shape; a dict of members, `name?` if it may be missing; a tuple of alternatives."""

_NUMBER = (int, float)
_STATEMENT = {"code": str, "params": dict}
_FINDING = {"code": str, "severity": str, "params?": dict}
_SUMMARY = (str, [_STATEMENT])
_BOTH = {"before_tls": [str], "after_tls": [str]}
_CERTIFICATE = {"sha256": str, "subject": str, "issuer": str, "not_after": (str, None)}

_ENDPOINT = {
    "host": str,
    "address": str,
    "port": int,
    "state": str,
    "greeting": ({"code": int, "text": str}, None),
    "extensions": _BOTH,
    "auth": _BOTH,
    "tls": ({"state": str, "mode?": str, "certificate?": (_CERTIFICATE, None)}, None),
    "timings_ms": dict,
    "findings": [_FINDING],
    "transcript": [{"from": str, "text": str}],
}

_CHECK = {
    "id": str,
    "target": str,
    "started_at": str,
    "verdict": str,
    "summary": _SUMMARY,
    "recommended": ({"port": int, "tls": str, "reason": str}, None),
    "dns": {"mx": [{"host": str}], "findings": [_FINDING]},
    "endpoints": [_ENDPOINT],
    "findings": [_FINDING],
}

_NETWORK = {
    "id": str,
    "started_at": str,
    "verdict": str,
    "summary": _SUMMARY,
    "ports": [
        {
            "port": int,
            "state": str,
            "by": str,
            "controls": [{"host": str, "outcome": str, "elapsed_ms": _NUMBER}],
        }
    ],
}

_CLAIM = {"code": str, "params": dict, "sources": [int]}
_CHOICE = {"port": int, "tls": str}
_REASONED = {**_CHOICE, "reason": _CLAIM}
_DIAGNOSIS = {"code": str, "side": str, "port_problem": bool, "advises": bool, "params": dict}
_PORT = {
    "question": {"role": str, "unread": int, "left_out": [str]},
    "provider": (str, None),
    "network": (str, None),
    "recommended": (_REASONED, None),
    "conditional": bool,
    "otherwise": (_REASONED, None),
    "diagnosis?": (_DIAGNOSIS, None),
    "reasons": [_CLAIM],
    "fallbacks": [_REASONED],
    "avoid": [{"port": int, "reason": _CLAIM}],
    "about": [int],
    "sources": [{"label": str, "url": str, "date": str, "confidence": str}],
}
_PORT_1 = {
    "understood": {"not_understood": [str], "left_out": [str]},
    "recommended": (_CHOICE, None),
    "reasons": [str],
    "fallbacks": [{**_CHOICE, "reason": str}],
    "avoid": [{"port": int, "reason": str}],
    "about": [dict],
    "snippets": dict,
    "sources": [str],
}

_PMTA = {
    "findings": [{"code": str, "rule": str, "severity": str, "basis": str, "line": int, "column": int}],
    "secrets_masked": int,
    "reflowed": bool,
}

SHAPES: Mapping[str, Shape] = {"check": _CHECK, "network": _NETWORK, "port": (_PORT, _PORT_1), "pmta": _PMTA}
"""By the kind of the row."""


def is_document(kind: str, document: Any) -> bool:
    """Whether a document has the shape of its kind; of a kind that is not known here, anything has."""
    return _fits(document, SHAPES.get(kind, dict))


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, tuple):
        return any(_fits(value, each) for each in shape)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_has(value, *member) for member in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if shape is None:
        return value is None
    return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))


def _has(value: Mapping[str, Any], name: str, shape: Shape) -> bool:
    if name.endswith("?"):
        name = name[:-1]
        return name not in value or _fits(value[name], shape)
    return name in value and _fits(value[name], shape)
