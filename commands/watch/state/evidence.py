"""What a check found where a watch is broken, as the check stored it. Pure."""

from collections.abc import Collection, Iterator
from typing import Any

from commands.smtpcheck.result.document import is_same
from commands.watch.state.baseline import name_of
from commands.watch.state.observation import endpoint_of
from commands.watch.state.port_health import Document

MOST = 4
SEVERITIES = ("danger", "error", "warning")
"""Those that are told, the worst first."""


def findings_of(document: Document, failing: Collection[str]) -> tuple[Document, ...]:
    """Each finding once, as the check stored it; of the whole target where there was nothing to connect to."""
    places = {endpoint_of(code) for code in failing}
    found = [one for one in _found(document, places) if one["severity"] in SEVERITIES]
    found.sort(key=lambda one: SEVERITIES.index(one["severity"]))
    once: list[Document] = []
    for one in found:
        if not any(is_same(one, other) for other in once):
            once.append(one)
    return tuple(once[:MOST])


def _found(document: Document, places: Collection[str]) -> Iterator[dict[str, Any]]:
    for each in document["endpoints"]:
        if name_of(each) in places:
            yield from each["findings"]
    if not document["endpoints"]:
        yield from document["findings"]
