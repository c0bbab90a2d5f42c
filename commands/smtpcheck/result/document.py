"""What the parts of a stored check (`portero.check/1`) say, in the terms of this package."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from commands.smtpcheck.result.health import Seen

Document: TypeAlias = Mapping[str, Any]


def seen_in(endpoint: Document) -> Seen:
    """What the health of a stored endpoint follows from."""
    tls = endpoint["tls"] or {}
    mode, state = tls.get("mode", "starttls"), tls.get("state", "")
    return Seen(endpoint["state"], endpoint["port"], mode, state, endpoint["address"], codes_of(endpoint))


def codes_of(endpoint: Document) -> frozenset[str]:
    """The codes of an endpoint's findings."""
    return frozenset(finding["code"] for finding in endpoint["findings"])
