"""Runs the checks of the table, all at once, each with an end."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.doctor.result.codes import Code, Found, State
from bot.doctor.result.outcomes import OUTCOMES
from bot.doctor.table import Check, Installation
from bot.observability.redaction import trace_of

log = logging.getLogger(__name__)

SECONDS = 20.0
"""For each check. A port that no control host answers on takes 8 s, DNS at most 5 s a question."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One check and what it found."""

    check: Check
    found: Sequence[Found]

    @property
    def is_bad(self) -> bool:
        return any(OUTCOMES[one.code].state is State.BAD for one in self.found)


async def examine(checks: Sequence[Check], it: Installation, *, seconds: float = SECONDS) -> list[Examined]:
    """In the order of the table. One that fails or takes too long is a line that says so."""
    found = await asyncio.gather(*(_bounded(check, it, seconds) for check in checks))
    return [Examined(check, one) for check, one in zip(checks, found, strict=True)]


async def _bounded(check: Check, it: Installation, seconds: float) -> list[Found]:
    try:
        async with asyncio.timeout(seconds):
            return await check.run(it)
    except TimeoutError:
        return [Found(Code.TOOK_TOO_LONG, {"seconds": round(seconds)})]
    except Exception as error:  # noqa: BLE001 - the boundary: one broken check costs none of the others
        log.error("the check %s failed\n%s", check.name, trace_of(error))  # noqa: TRY400 - see trace_of
        return [Found(Code.CHECK_FAILED, {"error": type(error).__name__})]
