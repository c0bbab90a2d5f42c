"""What checks of other ports say of the same ones: a streak knows those of exactly the same ports alone."""

from collections.abc import Mapping
from typing import TypeAlias

from storage.history import Line, Query, ReadHistory, Viewer

LOOKED_AT = 20
"""Earlier results of the target."""

States: TypeAlias = Mapping[tuple[str, int], str]


async def seen_otherwise(line: Line, history: ReadHistory, viewer: Viewer) -> tuple[Line, Line] | None:
    """The newest of the earlier results in which a port of this one had another state, whatever else it looked at.

    With it, first, the oldest result since then that saw such a port as it is now.
    """
    now = _states(line)
    if not now:
        return None
    later = [line]
    alike = Query(viewer, target=line.target, kind=line.kind)
    for each in await history.page(alike, limit=LOOKED_AT, before=line.cursor):
        if each.vantage != line.vantage:
            continue
        was = _states(each)
        different = {place for place in was.keys() & now.keys() if was[place] != now[place]}
        if different:
            return next(one for one in reversed(later) if different & _states(one).keys()), each
        later.append(each)
    return None


def _states(line: Line) -> States:
    """By host and port; of several addresses the worst counts, as in `result.document.endpoints`."""
    worst: dict[tuple[str, int], str] = {}
    for endpoint in line.endpoints:
        if worst.setdefault((endpoint.host, endpoint.port), endpoint.state) == "open":
            worst[endpoint.host, endpoint.port] = endpoint.state
    return worst
