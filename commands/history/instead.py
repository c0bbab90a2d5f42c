"""Where nothing is found: what there is instead, for a word that was too many or a name that was misspelt."""

from dataclasses import dataclass, replace

from commands.contract import Request
from commands.history.filters import Filters
from commands.history.listing import query_of
from commands.words import slip_of
from storage.history import Query, ReadHistory, Viewer

LOOKED_AT = 200
"""The newest results and as many hosts, with which a misspelt name is compared."""


@dataclass(frozen=True, slots=True)
class Instead:
    """`filters` that find something, and how many results; 0 when only the name is like one of a result."""

    filters: Filters
    count: int = 0


async def instead(filters: Filters, request: Request, history: ReadHistory, viewer: Viewer) -> Instead | None:
    """What watches of a person ran; the same target without the other words; a target of a like name; everything.

    None: there is nothing at all.
    """
    if (filters.by or filters.mine) and not filters.watches:
        theirs = replace(filters, watches=True)
        if ran := await history.count(query_of(theirs, request, viewer)):
            return Instead(theirs, ran)
    wider = Filters(target=filters.target) if filters.target else Filters(all=True)
    count = 0 if wider == filters else await history.count(query_of(wider, request, viewer))
    if count:
        return Instead(wider, count)
    near = await _near(filters.target, history, viewer) if filters.target else ""
    return Instead(Filters(target=near)) if near else None


async def _near(target: str, history: ReadHistory, viewer: Viewer) -> str:
    known = {line.target for line in await history.page(Query(viewer), limit=LOOKED_AT)} - {"", target}
    known.update(await history.targets(Query(viewer), most=LOOKED_AT))
    return slip_of(target, sorted(known))
