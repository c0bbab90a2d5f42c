"""What a probe saw of a host's ports, and the port to use on that host."""

from collections.abc import Sequence
from typing import NamedTuple

from commands.smtpport.catalogue.records import Tls

_ORDER = (465, 587, 2465, 2587, 2525, 8465, 8025)
_REASONS = {465: "implicit_tls", 587: "starttls"}
_DELIVERY = frozenset({"relay", "receive"})


class ProbedPort(NamedTuple):
    """One port of a host: the TLS mode that worked, whether a session got through, whether it offers a login.

    Not `sound`: it works, but with an error such as an expired certificate.
    """

    port: int
    tls: Tls
    usable: bool
    auth: bool
    sound: bool = True


class Recommendation(NamedTuple):
    """The port to use. `reason`: implicit_tls, starttls, alternate, no_login, least_bad, no_tls or relay_only."""

    port: int
    tls: Tls
    reason: str


def recommend(
    probed: Sequence[ProbedPort], *, role: str = "submission", receives_mail: bool = False
) -> Recommendation | None:
    """The port that a probe's findings speak for, or None when nothing usable was seen.

    `receives_mail`: the host is a mail exchanger, so 25 comes before a submission port that offers no login.
    """
    usable = [it for it in probed if it.usable]
    delivery = next((Recommendation(25, it.tls, "relay_only") for it in usable if it.port == 25), None)
    if role in _DELIVERY:
        return delivery
    best = min(usable, key=_rank, default=None)
    if best is None or best.port == 25 or (receives_mail and delivery and not best.auth):
        return delivery
    return Recommendation(best.port, best.tls, _reason(best))


def _rank(it: ProbedPort) -> tuple[bool, bool, bool, bool, int]:
    place = _ORDER.index(it.port) if it.port in _ORDER else len(_ORDER)
    return it.port == 25, it.tls == "none", not it.sound, not it.auth, place


def _reason(it: ProbedPort) -> str:
    if it.tls == "none":
        return "no_tls"
    if not it.sound:
        return "least_bad"
    if not it.auth:
        return "no_login"
    return "implicit_tls" if it.tls == "implicit" and it.port in _REASONS else _REASONS.get(it.port, "alternate")
