"""The stored document of a check, read: what its parts mean. Pure; words are added by `words` where people read it.

Schema `portero.check/2` holds codes and parameters. Rows of `portero.check/1` hold the sentences of their time, which
are kept as they are.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from commands.smtpcheck.result.health import Evidence

Document: TypeAlias = Mapping[str, Any]

OF_ONE_CONNECTION = frozenset({"port", "address", "seconds", "waited", "position"})
"""Parameters that differ between the endpoints of one host although the finding is the same."""


def seen_in(endpoint: Document) -> Evidence:
    """What the health of a stored endpoint follows from."""
    tls = endpoint["tls"] or {}
    mode, state = tls.get("mode", "starttls"), tls.get("state", "")
    return Evidence(endpoint["state"], endpoint["port"], mode, state, endpoint["address"], codes_of(endpoint))


def codes_of(endpoint: Document) -> frozenset[str]:
    """The codes of an endpoint's findings."""
    return frozenset(finding["code"] for finding in endpoint["findings"])


def stored_summary(document: Document) -> str:
    """The first line as it stands in a row of its own: statements as JSON."""
    return json.dumps(document["summary"], separators=(",", ":"))


def is_same(finding: Document, other: Document) -> bool:
    """Whether two findings say the same, on whatever port."""
    return _without_place(finding) == _without_place(other)


def _without_place(finding: Document) -> Document:
    params = {name: value for name, value in finding.get("params", {}).items() if name not in OF_ONE_CONNECTION}
    return {"code": finding["code"], "message": finding.get("message"), "params": params}
