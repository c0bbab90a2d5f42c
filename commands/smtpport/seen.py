"""What a probe saw of a host's ports, and the port to use on that host."""

from collections.abc import Sequence
from typing import NamedTuple

from commands.smtpport.records import Tls

_ORDER: tuple[tuple[int, Tls, str], ...] = (
    (465, "implicit", "implicit_tls"),
    (587, "starttls", "required_starttls"),
    (587, "implicit", "implicit_tls"),
    (2465, "implicit", "alternate"),
    (2587, "starttls", "alternate"),
    (2525, "starttls", "alternate"),
)


class Seen(NamedTuple):
    """One port of a host: the TLS mode that worked, whether a session got through, whether it offers a login."""

    port: int
    tls: Tls
    usable: bool
    auth: bool


class Recommendation(NamedTuple):
    """The port to use. `reason` is implicit_tls, required_starttls, alternate, delivery, no_login or no_tls."""

    port: int
    tls: Tls
    reason: str


def recommend(seen: Sequence[Seen], *, role: str = "submission", receives_mail: bool = False) -> Recommendation | None:
    """The port that a probe's findings speak for, or None when nothing usable was seen.

    `receives_mail`: the host is a mail exchanger, so that 25 is its job even when nothing else answers.
    """
    usable = [it for it in seen if it.usable]
    if role in {"relay", "receive"}:
        return _delivery(usable)
    found = _submission([it for it in usable if it.auth and it.tls != "none"])
    if found is None and receives_mail:
        found = _delivery(usable)
    return found or _second_best(usable)


def _submission(usable: Sequence[Seen]) -> Recommendation | None:
    offered = {(it.port, it.tls) for it in usable if it.port != 25}
    for port, tls, reason in _ORDER:
        if (port, tls) in offered:
            return Recommendation(port, tls, reason)
    other = min(offered, default=None)
    return Recommendation(*other, "alternate") if other else None


def _delivery(usable: Sequence[Seen]) -> Recommendation | None:
    return next((Recommendation(25, it.tls, "delivery") for it in usable if it.port == 25), None)


def _second_best(usable: Sequence[Seen]) -> Recommendation | None:
    """A port with TLS that shows no login, before a port without TLS."""
    found = _submission([it for it in usable if it.tls != "none"])
    if found:
        return found._replace(reason="no_login")
    plain = sorted(it.port for it in usable if it.tls == "none" and it.port != 25)
    return Recommendation(plain[0], "none", "no_tls") if plain else _delivery(usable)
