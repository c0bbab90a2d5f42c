"""The records that a watch on ports asks for beside its check (SPF, DMARC, reverse DNS), and when. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from commands.watch.state.dns_changes import PENDING
from commands.watch.state.model import Watch
from commands.watch.state.observation import Observation

ASKED = "records_at"
"""Key of the baseline: when they were asked for."""

EVERY = timedelta(hours=1)
BESIDE = frozenset({"spf", "dmarc", "ptr"})


def is_due(watch: Watch, at: datetime) -> bool:
    """Once an hour, and in every run while a change of them waits to be confirmed."""
    if watch.kind != "check":
        return False
    asked = watch.state.baseline.get(ASKED)
    return is_waiting(watch) or asked is None or not timedelta() <= at - datetime.fromisoformat(asked) < EVERY


def is_waiting(watch: Watch) -> bool:
    """Whether a change of them waits to be confirmed: by name servers, not by what was said before."""
    return any(key.partition(" ")[0] in BESIDE for key in watch.state.baseline.get(PENDING, {}))


def with_records(seen: Observation, records: Mapping[str, Sequence[str] | None], at: datetime) -> Observation:
    return replace(seen, records={**seen.records, **records}, learned={**seen.learned, ASKED: at.isoformat()})
