"""What the meaning of typed words depends on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from commands.watch.state.limits import Rules

ParseTarget: TypeAlias = Callable[[str], tuple[str, int | None, bool]]
"""The name that a text means, the port that came with it, and whether it is the domain of a mail address. `UserError`
for what is no target.
"""


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of words depends on: the time, the asker's time zone, how a target reads, what is allowed."""

    now: datetime
    target: ParseTarget
    zone: str = "UTC"
    rules: Rules = field(default_factory=Rules)
