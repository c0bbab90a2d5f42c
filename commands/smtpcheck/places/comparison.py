"""What several places see of one target, compared port by port. Pure.

A port that is closed from some places and answers from others is not the host's doing as a whole: it is the network of
the places, the way from them, or that the host does not let their addresses in. Which of them is known only where the
control hosts of such a place do not answer on the port either (`blocked_here`), or where the host says so in words.
A connection that breaks, or TLS that does, may be the doing of a device on the way, too (`DOUBTFUL`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from commands.smtpcheck.result.document import Document, Place, reached, seen_in
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.health import health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.states import BY_NAME, CLOSED, SHUT, UNJUDGED, State, TlsState

WELL = frozenset({Health.UP, Health.FAULTY})
WORST_FIRST = (Health.UP, Health.FAULTY, Health.AWAITED, Health.UNKNOWN, Health.BLOCKED_HERE, Health.DOWN)
Statement: TypeAlias = dict[str, Any]


HUNG_UP = frozenset({State.CLOSED_BEFORE_GREETING, State.RESET_BEFORE_GREETING})
"""What a host does to addresses that it does not want, and a firewall to ports."""

DOUBTFUL = SHUT | HUNG_UP | {State.HIJACK_SUSPECT, State.REFUSED_BY_POLICY}
"""States of which one place alone cannot say whose side it is."""

DOUBTFUL_TLS = frozenset({TlsState.MASKED, TlsState.INTERCEPTED, TlsState.CLOSED, TlsState.RESET, TlsState.TIMEOUT})
"""The same of TLS: what devices on the way do to it."""


class Cell(NamedTuple):
    """How a port is from one place: the state of its best address, what that comes to, and its TLS where doubtful."""

    state: str
    health: Health
    tls: str = ""

    @property
    def is_judged(self) -> bool:
        return self.state not in UNJUDGED

    @property
    def is_well(self) -> bool:
        return self.health in WELL

    @property
    def is_doubtful(self) -> bool:
        return BY_NAME.get(self.state) in DOUBTFUL or bool(self.tls)


View: TypeAlias = Mapping[Place, Cell]
"""What one place sees, by host and port."""


def seen_from(document: Document) -> dict[Place, Cell]:
    """The ports of a stored check; of several addresses of a host the best one: mail gets in there."""
    return {place: min(map(_cell, points), key=_rank) for place, points in reached(document["endpoints"]).items()}


def doubtful_ports(document: Document) -> list[int]:
    """The ports that another place may see otherwise, on whatever host.

    A refusal is the host's own word, unless nothing answers at all or there was reason to ask control hosts.
    """
    cells = seen_from(document)
    asked = {one["params"]["port"] for one in document["findings"] if one["code"] == Code.CONTROL_PROBE}
    is_shut = all(BY_NAME.get(cell.state) in SHUT for cell in cells.values())
    doubtful = {port for (_, port), cell in cells.items() if cell.is_doubtful}
    refused = {port for (_, port), cell in cells.items() if cell.state == State.REFUSED}
    return sorted(doubtful if is_shut else doubtful - (refused - asked))


def _cell(endpoint: Document) -> Cell:
    seen = seen_in(endpoint)
    return Cell(str(endpoint["state"]), health(seen), seen.tls if seen.tls in DOUBTFUL_TLS else "")


def _rank(cell: Cell) -> tuple[int, bool]:
    return WORST_FIRST.index(cell.health), bool(cell.tls)


def alike(views: Mapping[str, View]) -> list[list[str]]:
    """The names of the places that see the same, the largest group first."""
    groups: dict[tuple[tuple[Place, Cell], ...], list[str]] = {}
    for name, view in views.items():
        groups.setdefault(tuple(sorted(view.items())), []).append(name)
    return sorted(groups.values(), key=len, reverse=True)


def statement(target: str, views: Mapping[str, View]) -> Statement:
    """What is to be said first: a port on which places differ (closed before all else), or what all of them see."""
    ports = dict.fromkeys(place for view in views.values() for place in view)
    cells = {
        place: {name: view[place] for name, view in views.items() if place in view and view[place].is_judged}
        for place in ports
    }
    for apart in (_closed_somewhere, _without_tls, _told_otherwise):
        for place, seen in cells.items():
            bad, well = apart(seen)
            if well and bad:
                alike = all(apart(cells[other]) == (bad, well) for other in ports if other[1] == place[1])
                meant = target if alike else place[0]  # one of its hosts says nothing of the others
                params = {"target": meant, "port": place[1], "bad": bad, "well": well}
                return {"code": f"differs.{_why([seen[name] for name in bad])}", "params": params}
    return _the_same(target, views)


def _closed_somewhere(seen: Mapping[str, Cell]) -> tuple[list[str], list[str]]:
    """The places from which a port is closed, and those from which something answers on it."""
    shut = [name for name, cell in seen.items() if BY_NAME.get(cell.state) in SHUT]
    return shut, [name for name in seen if name not in shut]


def _without_tls(seen: Mapping[str, Cell]) -> tuple[list[str], list[str]]:
    """The places from which TLS on a port is lost on the way, as it seems, and those from which all is well."""
    lost = [name for name, cell in seen.items() if cell.tls]
    return lost, [name for name, cell in seen.items() if cell.is_well and not cell.tls]


def _told_otherwise(seen: Mapping[str, Cell]) -> tuple[list[str], list[str]]:
    """The places to which a port is no good, and those to which it is."""
    well = [name for name, cell in seen.items() if cell.is_well]
    return [name for name, cell in seen.items() if name not in well and cell.health is not Health.AWAITED], well


def _why(cells: Sequence[Cell]) -> str:
    """Why a port is bad from some places only, as far as it is known."""
    return next(why for why, fits in WHY if all(map(fits, cells)))


def _is_in(*states: State) -> Callable[[Cell], bool]:
    return lambda cell: BY_NAME.get(cell.state) in states


_is_blocked = _is_in(State.BLOCKED_HERE)

WHY: Sequence[tuple[str, Callable[[Cell], bool]]] = (
    ("blocked", _is_blocked),
    ("closed", _is_in(*SHUT)),
    ("hung_up", _is_in(*HUNG_UP)),
    ("way", lambda cell: bool(cell.tls) or _is_in(State.HIJACK_SUSPECT)(cell)),
    ("told", lambda _cell: True),
)
"""Why a port is bad: the first that is true of all places that see it so."""


def _the_same(target: str, views: Mapping[str, View]) -> Statement:
    """What all places see that could judge it."""
    seen = _of_the_host(
        {name: {place: cell for place, cell in view.items() if cell.is_judged} for name, view in views.items()}
    )
    judged = [name for name, view in seen.items() if view]
    cells = [(place[1], cell) for view in seen.values() for place, cell in view.items()]
    well = sorted({port for port, cell in cells if cell.is_well})
    bad = sorted({port for port, cell in cells if not cell.is_well} - set(well))
    params = {
        "target": target,
        "places": judged or list(views),
        "well": well,
        "bad": bad,
        "place": next(iter(judged), ""),
    }
    kind = _kind([cell for _, cell in cells])
    kind = "some" if kind == "partly" and not bad else kind
    kind = "unsure" if kind == "bad" and not all(map(_is_down, filter(None, seen.values()))) else kind
    return {"code": f"{'alone.' if len(judged) == 1 else ''}{kind}", "params": params}


def _of_the_host(views: Mapping[str, View]) -> Mapping[str, View]:
    """Where nothing is well: without the ports that a place's own network blocks, which says nothing of the host."""
    if any(cell.is_well for view in views.values() for cell in view.values()):
        return views
    left = {name: {at: cell for at, cell in view.items() if not _is_blocked(cell)} for name, view in views.items()}
    return left if any(left.values()) else views


def _is_down(view: View) -> bool:
    """Whether a place saw that the host does not work, and not only that it was itself turned away."""
    return any(cell.health is Health.DOWN for cell in view.values())


def _kind(cells: Sequence[Cell]) -> str:
    if not cells:
        return "unjudged"
    if all(map(_is_blocked, cells)):
        return "blocked"
    if all(cell.tls for cell in cells):
        return "tls"
    if any(cell.is_well for cell in cells):
        return "works" if all(cell.is_well for cell in cells) else "partly"
    states = {BY_NAME.get(cell.state) for cell in cells}
    if not states <= CLOSED:
        return "bad"
    return "refused" if states == {State.REFUSED} else "unreachable" if State.REFUSED in states else "closed"
