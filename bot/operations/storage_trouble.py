"""A trouble of the history, and what an admin reads of it: what fails, since when, what it costs, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from commands.history.line import when
from commands.slack_text import escape
from storage.history import CorruptError, DiskFullError, LockedError, ReadOnlyError, ReplacedError, StorageError

KINDS: Mapping[type[StorageError], str] = {
    DiskFullError: "disk_full",
    ReadOnlyError: "read_only",
    LockedError: "locked",
    ReplacedError: "replaced",
    CorruptError: "damaged",
    StorageError: "failing",
}
LASTING = frozenset({"damaged", "replaced"})
"""A damaged file may serve one question and fail the next: it is replaced, and Portero started again, or it stays."""

READABLE = frozenset({"disk_full", "read_only", "locked"})
"""What hinders writing alone."""

WRITES = (
    "checks, advice and validations are answered and *not kept*; each answer says so",
    "watches do not run, and their alerts wait",
    "nothing can be changed or deleted, and old results stay",
)
ANYTHING = (
    "what was kept may not be found: `/smtphistory`, Home, Share, Compare",
    "checks, advice and validations are answered and may not be kept; each answer says so",
    "watches may not run, and their alerts may wait",
)


@dataclass
class Trouble:
    """From the first failure of a kind to the last one so far; `lost` results of requests were not kept meanwhile."""

    kind: str
    error: str
    since: datetime
    last: datetime
    lost: int = 0


def kind_of(error: StorageError) -> str:
    return KINDS.get(type(error), "failing")


def began(trouble: Trouble) -> str:
    """The alert. The error's own words name the file and the remedy."""
    keeps = trouble.kind in READABLE
    title = "Portero cannot keep results" if keeps else "Portero cannot rely on its history"
    ends = (
        "Once it is repaired, start Portero again."
        if trouble.kind in LASTING
        else "You are told when it works again, and nothing more of this until then."
    )
    costs = "\n".join(f"• {cost}" for cost in (WRITES if keeps else ANYTHING))
    return (
        f":rotating_light: *{title}* since {when(trouble.since)}.\n{escape(trouble.error, 600)}\n"
        f"While this lasts:\n{costs}\n{ends}"
    )


def ended(trouble: Trouble) -> str:
    lost = {0: "No result of that time was lost.", 1: "1 result of that time was not kept."}
    return (
        f":white_check_mark: *Portero keeps results again.* It could not from {when(trouble.since)} "
        f"to {when(trouble.last)} (`{trouble.kind}`). "
        f"{lost.get(trouble.lost, f'{trouble.lost:,} results of that time were not kept.')} Watches go on."
    )
