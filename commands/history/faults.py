"""What was wrong in results of a list: a row keeps states, the rest stands in their documents."""

import asyncio
from collections.abc import Mapping, Sequence

from commands.history.wording import faults
from storage.history import Line, ReadHistory, Viewer


async def faults_of(lines: Sequence[Line], history: ReadHistory, viewer: Viewer) -> Mapping[str, str]:
    """By id what was wrong, in words, of those of them that were not well."""
    unwell = [line for line in lines if line.kind == "check" and (line.verdict != "ok" or line.alerted)]
    entries = await asyncio.gather(*(history.get(line.id, viewer) for line in unwell))
    found = {entry.id: faults(entry.document) for entry in entries if entry is not None}
    return {id_: words for id_, words in found.items() if words}
