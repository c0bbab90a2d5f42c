"""Where nothing is found: what there is instead, for a word that was too many or a name that was misspelt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from commands.contract import Request
from commands.history.filters import Filters
from commands.history.listing import query_of
from commands.words import slip_of
from storage.entries import Line
from storage.history import Query, ReadHistory, Viewer

LOOKED_AT = 200
"""The newest results and as many hosts, with which a misspelt name is compared."""


@dataclass(frozen=True, slots=True)
class Instead:
    """`filters` that find something, and how many results; 0 when only the name is like one of a result.

    `of_domain`: the host was looked at with what these find, as a mail exchanger or by another name.
    """

    filters: Filters
    count: int = 0
    of_domain: bool = False


async def instead(filters: Filters, request: Request, history: ReadHistory, viewer: Viewer) -> Instead | None:
    """What watches of them ran; the target without other words; where it was seen; a like name; everything.

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
    if not filters.target:
        return None
    newest = await history.page(Query(viewer), limit=LOOKED_AT)
    if (domain := _seen_in(filters.target, newest)) is not None:
        return Instead(Filters(target=domain), of_domain=True)
    known = {line.target for line in newest} | {*await history.targets(Query(viewer), most=LOOKED_AT)}
    near = slip_of(filters.target, sorted(known - {"", filters.target}))
    return Instead(Filters(target=near)) if near else None


def _seen_in(host: str, lines: Iterable[Line]) -> str | None:
    """The target of the newest result in which the host was looked at."""
    return next((line.target for line in lines if any(one.host == host for one in line.endpoints)), None)
