"""What a symptom is, given whom a client was connecting to and how far it came. Pure."""

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.evidence.peers import Peer, PeerKind
from commands.smtpport.evidence.stages import Stage
from commands.smtpport.evidence.symptoms import Symptom

_UNREACHED = frozenset({Symptom.REFUSED, Symptom.NO_ANSWER, Symptom.HOST_UNREACHABLE, Symptom.CONNECT_FAILED})

_CERTIFICATES = frozenset({Symptom.CERTIFICATE_SELF_SIGNED, Symptom.CERTIFICATE_UNTRUSTED, Symptom.CERTIFICATE_CHAIN})

_CUT = frozenset(
    {Symptom.RESET, Symptom.CLOSED_EARLY, Symptom.NO_GREETING, Symptom.HANDSHAKE_FAILED} | {Meaning.CONNECTION_BROKE}
)
"""A connection that came about."""

_OF_PEER = {
    PeerKind.OWN_MACHINE: Symptom.TALKS_TO_ITSELF,
    PeerKind.DOCKER_HOST: Symptom.TALKS_TO_DOCKER_HOST,
    PeerKind.PRIVATE: Symptom.PRIVATE_HOST,
}


def _of_delivery(symptom: str, peer: Peer) -> Symptom:
    """Which failure to reach an exchanger it is. Those of the great providers answer: what fails is 25."""
    if symptom == Symptom.REFUSED:
        return Symptom.DELIVERY_REFUSED
    is_plain = peer.is_known and symptom != Symptom.CONNECT_FAILED
    return Symptom.DELIVERY_BLOCKED if is_plain else Symptom.DELIVERY_SILENT


_OF_SERVICES = frozenset(
    {783, 7777, 8891, 8892, 8893, 9998, 9999, 11332, 11334, *range(10020, 10035), 12301, 12340, 12345}
)
"""Ports of filters, policy services and milters beside a mail server."""


def at_peer(kind: str | None) -> str | None:
    """What it is when a port of such a peer was tried in vain, by the words of the asker."""
    if kind == PeerKind.DESTINATION:
        return str(Symptom.DELIVERY_SILENT)
    return next((str(symptom) for peer, symptom in _OF_PEER.items() if peer == kind), None)


def in_its_place(symptom: str | None, peer: Peer | None) -> str | None:
    """What a symptom is, given whom the client was connecting to."""
    if symptom is None or peer is None:
        return symptom
    if peer.is_ipv6 and (found := _by_ipv6(symptom, peer)):
        return str(found)
    if symptom == Symptom.STARTTLS_NOT_OFFERED and peer.kind is PeerKind.OWN_MACHINE:
        return str(Symptom.LOCAL_WITHOUT_STARTTLS)
    if symptom in _CERTIFICATES and peer.kind in _OF_PEER:
        return str(Symptom.OWN_CERTIFICATE)
    if symptom in _CUT and peer.kind in _OF_PEER:
        return str(Symptom.OWN_SERVER_CUTS)
    if symptom in _CUT and peer.kind is PeerKind.DESTINATION:
        return str(Symptom.BROKE_AT_EXCHANGER)
    if symptom not in _UNREACHED:
        return symptom
    if peer.kind is PeerKind.DESTINATION:
        return str(_of_delivery(symptom, peer))
    if peer.kind is PeerKind.OWN_MACHINE and peer.port in _OF_SERVICES:
        return str(Symptom.LOCAL_SERVICE)
    return str(_OF_PEER.get(peer.kind, symptom))


def _by_ipv6(symptom: str, peer: Peer) -> Symptom | None:
    """What a failure to connect is where the client chose an IPv6 address."""
    if symptom in {Symptom.NETWORK_UNREACHABLE, Symptom.HOST_UNREACHABLE, Symptom.SOURCE_ADDRESS}:
        return Symptom.NO_IPV6_ROUTE
    return Symptom.IPV6_SILENT if symptom == Symptom.NO_ANSWER and peer.kind is PeerKind.SERVER else None


_UNTRUE_ONCE_CONNECTED = frozenset(
    {*_UNREACHED, *_OF_PEER.values(), Symptom.NO_GREETING}
    | {Symptom.DELIVERY_BLOCKED, Symptom.DELIVERY_SILENT, Symptom.DELIVERY_REFUSED}
)


def as_far_as_it_came(symptom: str | None, stage: Stage, kind: str | None, *, leaves_tls: bool) -> str | None:
    """A symptom, unless the session with a peer of a kind came further than it says: who was greeted is not blocked."""
    if symptom in _NO_LOGIN and leaves_tls:
        return str(Meaning.LOGIN_NEEDS_TLS)
    if symptom in _CUT and stage is Stage.LOGGING_IN:
        return str(Symptom.CLOSED_AT_LOGIN)
    if symptom not in _UNTRUE_ONCE_CONNECTED or stage is Stage.NOTHING:
        return symptom
    if stage is Stage.GREETED_LATE:
        return str(Symptom.GREETING_LATE)
    if symptom == Symptom.NO_GREETING:
        return symptom
    return str(Symptom.BROKE_AT_EXCHANGER if kind == PeerKind.DESTINATION else Symptom.BROKE_AFTER_CONNECT)


_NO_LOGIN = frozenset({Symptom.NO_COMMON_LOGIN, Symptom.AUTH_NOT_OFFERED})
