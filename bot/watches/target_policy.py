"""When a watch leaves its target alone: nobody may connect there, the team has a fresh result, a port refused us. Pure.

What another team was told is not ours to know.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from commands.smtpcheck.result.states import WORDLESS
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.stored.pauses import AFTER_REFUSAL, Rest
from commands.watch.state.model import Watch
from storage.history import Entry

COOL_DOWN = timedelta(seconds=60)
"""A target that anybody of the team checked within this time is not connected to again."""


def may_be_used(watch: Watch, last: Entry, ports: Sequence[int], at: datetime) -> bool:
    """Whether a result of the team is too young to bother the target again. The watch's own last one is no news."""
    if last.team != watch.team or last.id == watch.state.last_entry:
        return False
    endpoints = last.document["endpoints"]
    if any(endpoint["state"] in WORDLESS for endpoint in endpoints):
        return False  # a person is not kept waiting as long as an alarm has to wait
    probed = {endpoint["port"] for endpoint in endpoints}
    return timedelta() <= at - last.started_at < min(COOL_DOWN, watch.every / 2) and probed >= set(ports)


def may_rest(last: Entry, ports: Sequence[int]) -> bool:
    """Whether a port may have refused us: surely not when the newest result has all of them, and none did."""
    states = {endpoint["port"]: endpoint["state"] for endpoint in last.document["endpoints"]}
    return not states.keys() >= set(ports) or bool(AFTER_REFUSAL.keys() & set(states.values()))


def told_by(watch: Watch, resting: Mapping[int, Rest]) -> list[Document]:
    """The endpoints of the checks that were refused. What another team was told is not ours to know."""
    return [
        endpoint
        for rest in resting.values()
        if rest.entry is not None and is_ours(watch, rest)
        for endpoint in rest.entry.document["endpoints"]
        if (endpoint["host"], endpoint["port"]) == (rest.host, rest.port)
    ]


def is_ours(watch: Watch, rest: Rest) -> bool:
    return rest.entry is not None and rest.entry.team == watch.team
