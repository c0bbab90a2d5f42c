"""Two hosts side by side: what is different, and what is equal. Pure.

Of several hosts of a domain, or several addresses, the best one counts on each port: mail gets in there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from commands.smtpcheck.result.document import Document, policies_of, seen_in, service_in
from commands.smtpcheck.result.health import health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State
from commands.smtpcheck.several.view import came_to
from commands.smtpcheck.view.parts import NOTHING, in_words, row

WORST_LAST = (Health.UP, Health.FAULTY, Health.AWAITED, Health.UNKNOWN, Health.BLOCKED_HERE, Health.DOWN)


class Line(NamedTuple):
    """One thing, and how it is at either host. Plain text."""

    what: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


def side_by_side(one: Document, other: Document, named: Sequence[int] = ()) -> list[Line]:
    """All that is set side by side, in the order in which it is read; of ports that were `named`, these alone."""
    both = [_of_ports(document, named) for document in (one, other)]
    ports = sorted({point["port"] for document in both for point in document["endpoints"]})
    best = [{port: _best(document, port) for port in ports} for document in both]
    known = [policies_of(document) for document in both]
    parts = sorted(known[0].keys() | known[1].keys())
    whole = [] if named else [("Result", came_to), ("Port to use", _recommended)]
    return [
        *(Line(what, say(one), say(other)) for what, say in whole),
        *(Line(str(port), _port(best[0][port]), _port(best[1][port])) for port in ports),
        Line("Login", _logins(best[0]), _logins(best[1])),
        Line("Certificate", _certificate(both[0]), _certificate(both[1])),
        *(Line(POLICIES.get(part, part), _policy(part, known[0]), _policy(part, known[1])) for part in parts),
    ]


def _of_ports(document: Document, named: Sequence[int]) -> Document:
    points = [point for point in document["endpoints"] if not named or point["port"] in named]
    return {**document, "endpoints": points}


def _best(document: Document, port: int) -> Mapping[str, Any] | None:
    points = [point for point in document["endpoints"] if point["port"] == port]
    return min(points, key=lambda point: WORST_LAST.index(health(seen_in(point))), default=None)


def _port(point: Mapping[str, Any] | None) -> str:
    """Its state, and its TLS where it is open."""
    if point is None:
        return "not checked"
    found, comes_to = row("", dict(point)), health(seen_in(point))
    said = in_words("tls", found.tls) if point["state"] == State.OPEN and found.tls != NOTHING else found.state
    if comes_to is Health.FAULTY and found.certificate != NOTHING:
        said = f"{said}, {in_words('certificate', found.certificate)}"
    return f"{WORDS.MARKS[comes_to]} {said}"


def _logins(points: Mapping[int, Mapping[str, Any] | None]) -> str:
    """Where a login is offered, and by what."""
    ports: dict[str, list[str]] = {}
    for port, point in points.items():
        login = row("", dict(point)).login if point else NOTHING
        if login != NOTHING:
            ports.setdefault(login, []).append(str(port))
    return "; ".join(f"{', '.join(of)}: {login}" for login, of in ports.items()) or "none"


def _certificate(document: Document) -> str:
    """The one that ends first."""
    found = [(point, point["tls"]["certificate"]) for point in document["endpoints"] if _shows(point)]
    if not found:
        return "none"
    point, first = min(found, key=lambda each: str(each[1]["not_after"]))
    kind, end = service_in(point).certificate, str(first["not_after"])[:10]
    return ENDS.get(kind, "{end}").format(end=end, days=first["days_left"])


def _shows(point: Mapping[str, Any]) -> bool:
    return bool((point["tls"] or {}).get("certificate"))


ENDS: Mapping[str, str] = {
    "trusted": "until {end}, {days} days left",
    "expired": "expired {end}",
    "wrong_name": "for another name, until {end}",
    "untrusted": "not trusted, until {end}",
    "unreadable": "unreadable",
}


def _recommended(document: Document) -> str:
    best = document["recommended"]
    return f"{best['port']} with {WORDS.MODES.get(best['tls'], best['tls'])}" if best else "none"


def _policy(part: str, policies: Mapping[str, Sequence[str]]) -> str:
    told = (code.removeprefix(part) for code in policies.get(part, ()))
    return ", ".join(one.replace("_", " ") for one in told) or "none"


POLICIES: Mapping[str, str] = {"mta_sts_": "MTA-STS", "tls_rpt_": "TLS-RPT", "dane_": "DANE"}
