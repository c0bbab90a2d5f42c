"""What a port comes to, and which of several to use: verdict, availability, watches, history and metrics build on it.

Pure. On 25 servers that send look at no certificate and speak no implicit TLS; on every other port clients need TLS
(RFC 8314 section 3) and refuse a server whose certificate is out of date. What is ours, and what was not seen, says
nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from commands.smtpcheck.result.findings import RELAY, Code
from commands.smtpcheck.result.scales import Health, Side
from commands.smtpcheck.result.states import BY_NAME, SILENT, State, TlsState

Egress: TypeAlias = Literal["open", "blocked", "unknown"]
"""Whether a port leaves our network: some control host answered, none of at least two did, none could be tried."""

OUT_OF_DATE = (
    Code.CERT_EXPIRED,
    Code.CERT_CHAIN_EXPIRED,
    Code.CERT_NOT_YET_VALID,
    Code.CERT_CHAIN_NOT_YET_VALID,
)
"""What time did to a certificate: wrong for every client. Of several the first is named."""

WAITED_FOR = (Code.GREETING_AWAITED, Code.EHLO_AWAITED)
"""We left before a reply was due: a delay on purpose looks the same. `deep` waits longer."""

EXPLAINED: Mapping[str, Health] = {
    **dict.fromkeys(WAITED_FOR, Health.AWAITED),
    Code.REFUSED_ALIKE: Health.UNKNOWN,
    Code.ADDRESS_REFUSED: Health.UNKNOWN,
    Code.REFUSED_UNEXPLAINED: Health.UNKNOWN,
    Code.SNI_MISSING: Health.UNKNOWN,
    Code.ANSWERS_SOME: Health.UNKNOWN,
    Code.PROTOCOL_VIOLATION: Health.UNKNOWN,
}
"""Findings that take the state off the host: we left before a reply was due, or it is seen only that we are refused, or
another connection was greeted, or which reply answers which question is not known.
"""

EXCUSED = frozenset(EXPLAINED) - {Code.REFUSED_UNEXPLAINED, Code.PROTOCOL_VIOLATION}
"""Those beside which a state counts for nothing where other ports work: a rule without a name may meet everybody."""

UNSEEN = frozenset({Code.REFUSED_LATER, Code.SNI_MISSING})
"""Findings beside which nobody saw whether mail gets in at an open port."""

THEIRS = frozenset({Code.NO_ANSWER_TARGET, Code.REJECTED_TARGET, Code.SILENT_BESIDE})
"""Findings that say that the host does not let us in, since something else was reached on the port."""

NOT_FROM_HERE = THEIRS | {Code.NO_ANSWER_EITHER, Code.REJECTED_EITHER}
"""The same, or something for this address alone on the way: the host cannot be used from here, the port can."""


class Evidence(NamedTuple):
    """What `health` looks at. `tls` is "" where TLS was not seen; `codes` are those of the endpoint's findings."""

    state: str
    port: int
    mode: str
    tls: str
    address: str
    codes: Collection[str]


WITHOUT_TLS = frozenset({TlsState.OK, TlsState.NOT_OFFERED, TlsState.MASKED})
"""TLS on 25 with which mail gets in. Where it was offered and failed, nobody tried whether mail gets in without it."""


def carries_mail(seen: Evidence) -> bool:
    """Mail can go in here: relay on 25 also where no TLS is offered, submission elsewhere only with TLS (RFC 8314).

    Servers that send speak no implicit TLS on 25.
    """
    if seen.state != State.OPEN or Code.REFUSED_LATER in seen.codes or _is_shifted(seen):
        return False
    if seen.port == RELAY:
        return seen.mode == "starttls" and (seen.tls in WITHOUT_TLS or Code.TLS_FLAPPING in seen.codes)
    return seen.tls == TlsState.OK


def health(seen: Evidence, egress: Egress = "unknown") -> Health:
    """What the port comes to. `egress` is what the control hosts say of the port, where it gave no answer."""
    state = BY_NAME.get(seen.state)
    if state is None:
        return Health.UNKNOWN
    if state is State.OPEN:
        return _of_open(seen)
    if state in SILENT:
        return _of_silence(seen, state, egress)
    return next((EXPLAINED[code] for code in EXPLAINED if code in seen.codes), state.health)


def _of_open(seen: Evidence) -> Health:
    if not seen.tls or not UNSEEN.isdisjoint(seen.codes) or _is_shifted(seen):
        return Health.UNKNOWN  # it was not seen, which is not "no"
    if not carries_mail(seen):
        return Health.DOWN
    return Health.FAULTY if seen.port != RELAY and out_of_date(seen.codes) else Health.UP


def _is_shifted(seen: Evidence) -> bool:
    """Whether the replies inside TLS from the first byte answer another question: TLS works then, mail is unknown."""
    return seen.mode == "implicit" and Code.PROTOCOL_VIOLATION in seen.codes


def _of_silence(seen: Evidence, state: State, egress: Egress) -> Health:
    """Silence is the host's where something else was reached on the port; without a route over IPv6 it may be us."""
    if state is State.UNREACHABLE and ":" in seen.address:
        return Health.UNKNOWN
    if egress == "unknown" and not NOT_FROM_HERE.isdisjoint(seen.codes):
        return Health.DOWN
    return {"open": Health.DOWN, "blocked": Health.BLOCKED_HERE, "unknown": Health.UNKNOWN}[egress]


def side_of(seen: Evidence) -> Side:
    """Whose side that is on which the port is what it is; what is silent is the host's where something says so."""
    if not THEIRS.isdisjoint(seen.codes):
        return Side.TARGET
    state = BY_NAME.get(seen.state)
    return state.side if state else Side.UNKNOWN


def out_of_date(codes: Collection[str]) -> Code | None:
    """What time did to the certificate that an endpoint showed, on whatever port."""
    return next((code for code in OUT_OF_DATE if code in codes), None)


class Worth(NamedTuple):
    """What a health counts for: the verdict over a host with this port alone, availability, the outcome of a watch."""

    verdict: Literal["ok", "degraded", "failed", "unknown", "blocked_here"]
    available: bool | None
    outcome: Literal["good", "bad", "unknown", "blind"]


WORTH: Mapping[Health, Worth] = {
    Health.UP: Worth("ok", True, "good"),
    Health.FAULTY: Worth("degraded", False, "bad"),
    Health.DOWN: Worth("failed", False, "bad"),
    Health.AWAITED: Worth("unknown", None, "bad"),
    Health.UNKNOWN: Worth("unknown", None, "unknown"),
    Health.BLOCKED_HERE: Worth("blocked_here", None, "blind"),
}
"""`available` None: it is not counted at all. `blind`: our own network lets nothing out, so nothing can be seen.

What is awaited is bad to a watch, which waits longer for it before it tells anybody.
"""


TlsMode: TypeAlias = Literal["starttls", "implicit", "none"]

PORT_ORDER = (465, 587, 2465, 2587, 2525, 8465, 8025)
"""Ports for clients, the best first (RFC 8314 section 3)."""

STANDARD_REASONS = {465: "implicit_tls", 587: "starttls"}
DELIVERY_ROLES = frozenset({"relay", "receive"})
"""Who has mail delivered rather than submitted: 25 is their port."""


class ProbedPort(NamedTuple):
    """One port of a host: the TLS mode that worked, whether a session got through, whether it offers a login.

    Not `sound`: it works, but with an error such as an expired certificate. Not `whole`: not at all addresses.
    """

    port: int
    tls: TlsMode
    usable: bool
    auth: bool
    sound: bool = True
    whole: bool = True


class PortChoice(NamedTuple):
    """The port to use. `reason`: implicit_tls, starttls, alternate, no_login, least_bad, no_tls or relay_only."""

    port: int
    tls: TlsMode
    reason: str


def recommend(
    probed: Sequence[ProbedPort], *, role: str = "submission", receives_mail: bool = False
) -> PortChoice | None:
    """The port that a probe's findings speak for, or None when nothing usable was seen.

    `receives_mail`: the host is a mail exchanger, so 25 comes before a submission port that offers no login.
    """
    usable = [it for it in probed if it.usable]
    delivery = next((PortChoice(25, it.tls, "relay_only") for it in usable if it.port == 25), None)
    if role in DELIVERY_ROLES:
        return delivery
    best = min(usable, key=_rank, default=None)
    if best is None or best.port == 25 or (receives_mail and delivery and not best.auth):
        return delivery
    return PortChoice(best.port, best.tls, _reason(best))


def _rank(it: ProbedPort) -> tuple[bool, bool, bool, bool, bool, int, bool]:
    """Of several addresses of a port the one where TLS begins as clients expect it."""
    place = PORT_ORDER.index(it.port) if it.port in PORT_ORDER else len(PORT_ORDER)
    return it.port == 25, it.tls == "none", not it.sound, not it.auth, not it.whole, place, it.tls == "implicit"


def _reason(it: ProbedPort) -> str:
    if it.tls == "none":
        return "no_tls"
    if not it.sound:
        return "least_bad"
    if not it.auth:
        return "no_login"
    return (
        "implicit_tls"
        if it.tls == "implicit" and it.port in STANDARD_REASONS
        else STANDARD_REASONS.get(it.port, "alternate")
    )
