"""What a check (`portero.check/1`) found where a watch is broken, in the check's own sentences. Pure."""

from collections.abc import Collection, Iterator
from typing import Any

from commands.watch.baseline import name_of
from commands.watch.health import Document
from commands.watch.observation import endpoint_of

MOST = 4
SEVERITIES = ("danger", "error", "warning")
"""Those that are told, the worst first."""


def findings_of(document: Document, failing: Collection[str]) -> tuple[str, ...]:
    """Each sentence once, made from remote text; of the whole target where there was nothing to connect to."""
    places = {endpoint_of(code) for code in failing}
    found = [one for one in _found(document, places) if one["severity"] in SEVERITIES]
    found.sort(key=lambda one: SEVERITIES.index(one["severity"]))
    return tuple(dict.fromkeys(one["message"] for one in found))[:MOST]


def _found(document: Document, places: Collection[str]) -> Iterator[dict[str, Any]]:
    for each in document["endpoints"]:
        if name_of(each) in places:
            yield from each["findings"]
    if not document["endpoints"]:
        yield from document["findings"]
