"""Whom a client was connecting to: `host[address]:port`, addresses of both kinds, names of mail exchangers.

A host that takes mail from other servers is a destination: nobody logs in there, and it never is a host to submit to.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from commands.smtpport.catalogue.lookup import is_listed_host, provider, provider_of_host

SMTP = 25
_USUAL = frozenset({"25", "465", "587", "2525"})
"""What stands behind the last colon of an IPv6 address without brackets is a port if it is one of these."""


class PeerKind(StrEnum):
    """What a peer is to whoever asks. `EXCHANGER` is one that somebody means to submit to."""

    SERVER = "server"
    DESTINATION = "destination"
    EXCHANGER = "exchanger"
    OWN_MACHINE = "own_machine"
    DOCKER_HOST = "docker_host"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer in a text. `port` is None where none stands beside it.

    `is_known`: it is a host of a provider that is known, and so hardly ever down. `owner` is whose exchanger it is.
    `host` is its name, without one its address.
    """

    kind: PeerKind
    port: int | None
    is_ipv6: bool = False
    is_known: bool = False
    owner: str | None = None
    host: str = ""


_V4 = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)"
_V6 = r"(?:ipv6:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}"
_NAME = r"(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24}|localhost"
_PORT = r"(?::(\d{1,5})(?!\d))?"

_BRACKETED = re.compile(rf"(?:(?<![\w.-])({_NAME})\.?\s?)?\[({_V4}|{_V6})\]{_PORT}")
_ADDRESS = re.compile(rf"()({_V4}|(?<![\w:.]){_V6}(?![\w:])){_PORT}")
_HOST = re.compile(rf"(?<![\w.@-])({_NAME})()(?![\w-]|\.[a-z]){_PORT}")

_EXCHANGER = re.compile(
    r"(?:(?:.*-)?mx\d{0,3}[a-z]?\d?(?:-[a-z0-9-]+)?|aspmx\d?|alt\d|(?:.*-)?gmail-smtp-in|in\d-smtp|inbound|smtpin\d*"
    r"|inbound-smtp|mx[a-z]?-[a-z0-9-]+)\..+|.*\.mx\.[a-z0-9.-]+"
)
"""How hosts are called that stand in MX records. One's own may well be called so, and take logins too."""

_OF_OTHERS = re.compile(
    r"inbound-smtp\.[a-z0-9-]+\.amazonaws\.com|.*(?:aspmx|gmail-smtp-in|smtp-in)\.l\.google\.com|.*aspmx\d?\.googlemail\.com|smtp\.google\.com"
    r"|.*\.(?:mail\.)?protection\.outlook\.com|.*\.mx\.microsoft|.*\.yahoodns\.net"
    r"|.*\.(?:pphosted|iphmx|ppe-hosted|messagelabs)\.com|.*\.ess\.barracudanetworks\.com|.*-inbound-\d\.mimecast\.com"
)
"""The exchangers of providers that are known: nobody logs in there."""

_SUBMITS = re.compile(r"(?<![\d.])(?:465|587|2525)(?![\d.])")
_DELIVERS = re.compile(r"(?<![\d.])25(?![\d.])")

_MAIL_SERVER = re.compile(r"\[outbound\]|\bharaka\b|\bpowermta\b|\bpmta\b|\bpostfix/\w")
"""What says that a server for mail, and no app, was connecting."""

_EXIM_DELIVERS = re.compile(r"\br=dnslookup\b|\bt=remote_smtp\b(?!_)")
"""What Exim writes of mail that it takes to the exchangers itself."""

_DOCKER = ip_network("172.16.0.0/12")
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7")))
_OWN_NAMES = {"localhost": PeerKind.OWN_MACHINE, "host.docker.internal": PeerKind.DOCKER_HOST}


_ACCOUNTING = re.compile(r"^\"?[a-z]{1,2}\"?,\"?\d{4}-\d\d-\d\d[ t][^\n]*", re.MULTILINE)
_IN_ROUND_ONES = re.compile(rf"(?<![\w.@-])({_NAME})\s?\(({_V4}|{_V6})\)")


def of_accounting(text: str) -> str:
    """With the host to which each row of PowerMTA's accounting file delivered as logs have it: `host[address]`.

    It is the first one there; behind it stands who submitted the message.
    """
    return _ACCOUNTING.sub(lambda row: _IN_ROUND_ONES.sub(r"\1[\2]", row[0], count=1), text)


def take_peers(text: str, *, is_failure: bool, kept: Container[int]) -> tuple[str, list[Peer]]:
    """A text in lower case without the addresses, and the peers.

    Hosts to submit to stay, with their port, for who reads words.
    `is_failure`: a machine reported something, so that a name such as localhost is whom it was connecting to.
    `kept`: these ports of the others stay, too: they are what failed.
    """
    found: list[Peer] = []
    submits = _SUBMITS.search(text) is not None and _DELIVERS.search(text) is None
    is_server = _MAIL_SERVER.search(text) is not None
    for pattern, is_logged in ((_BRACKETED, True), (_ADDRESS, is_server), (_HOST, False)):
        text = pattern.sub(_taking(found, is_logged=is_logged, is_failure=is_failure, kept=kept, submits=submits), text)
    return text, found or _unnamed(text)


def _unnamed(text: str) -> list[Peer]:
    """The peer of a log that says what the server was doing, and to whom not."""
    return [Peer(PeerKind.DESTINATION, SMTP)] if _EXIM_DELIVERS.search(text) else []


def _taking(
    found: list[Peer], *, is_logged: bool, is_failure: bool, kept: Container[int], submits: bool
) -> Callable[[re.Match[str]], str]:
    def take(match: re.Match[str]) -> str:
        host, written = (match[1] or "").lower(), match[2]
        address, digits = _address(written, match[3])
        if address is None and (written or not host):
            return match[0]
        peer = _peer(host, address, digits, is_logged=is_logged, submits=submits)
        if not written and (peer.kind is PeerKind.SERVER or not (is_failure or peer.kind in _EXCHANGERS)):
            return match[0]  # the reader of words knows hosts and ports
        found.append(peer)
        if not is_failure and host and provider_of_host(host):
            return match[0]
        shown = [host] if host and peer.kind is PeerKind.SERVER else []
        shown += [f"{'' if shown else 'port '}{peer.port}"] if peer.port and (shown or peer.port in kept) else []
        return f" {' '.join(shown)} "

    return take


_EXCHANGERS = frozenset({PeerKind.DESTINATION, PeerKind.EXCHANGER})


def _address(written: str, digits: str | None) -> tuple[IPv4Address | IPv6Address | None, str | None]:
    """The address, and the port behind it, also where an IPv6 address without brackets ends in one."""
    written = written.lower().removeprefix("ipv6:")
    front, _, last = written.rpartition(":")
    if digits is None and front == "::1" and last.isdigit() and len(last) >= 2:
        return _parsed(front), last
    if digits is None and last in _USUAL and front.count(":") >= 2 and (parsed := _parsed(front)):
        return parsed, last
    return _parsed(written), digits


def _parsed(written: str) -> IPv4Address | IPv6Address | None:
    if not written.strip(":"):
        return None
    try:
        return ip_address(written)
    except ValueError:
        return None


_SUBMISSION = frozenset({465, 587, 2525})


def _peer(
    host: str, address: IPv4Address | IPv6Address | None, digits: str | None, *, is_logged: bool, submits: bool
) -> Peer:
    port = int(digits) if digits else None
    kind = _OWN_NAMES.get(host) or _of_address(address)
    hands_in = submits if port is None else port in _SUBMISSION
    if kind is PeerKind.SERVER and _OF_OTHERS.fullmatch(host):
        kind = PeerKind.EXCHANGER if hands_in else PeerKind.DESTINATION
    elif kind is PeerKind.SERVER and not hands_in and (is_exchanger(host) or (is_logged and _is_delivery(host, port))):
        kind = PeerKind.DESTINATION
    owner = provider_of_host(host) if kind in _EXCHANGERS else None
    is_known = owner is not None or _OF_OTHERS.fullmatch(host) is not None
    return Peer(kind, port, isinstance(address, IPv6Address), is_known, owner, host or str(address or ""))


def is_exchanger(host: str) -> bool:
    """Whether a host is called as those are that take mail for a domain."""
    return _EXCHANGER.fullmatch(host) is not None or _OF_OTHERS.fullmatch(host) is not None


def _is_delivery(host: str, port: int | None) -> bool:
    """Whether a mail server was delivering to a host, as its log has it: on 25, or to a name beside its address.

    To a relay service it hands mail on 25 as well, by a host that is listed or called so: the others of a provider's
    domain are its exchangers.
    """
    service = provider(provider_of_host(host))
    is_listed = service is not None and service.kind != "exchanger" and is_listed_host(service, host)
    is_relay = is_listed or _RELAY.match(host) is not None
    return not is_relay and (port == SMTP or (port is None and bool(host)))


_RELAY = re.compile(r"[a-z0-9-]*(?:smtp|relay|submi)")


def _of_address(address: IPv4Address | IPv6Address | None) -> PeerKind:
    if address is None:
        return PeerKind.SERVER
    if address.is_loopback or address.is_unspecified:
        return PeerKind.OWN_MACHINE
    if address in _DOCKER:
        return PeerKind.DOCKER_HOST
    return PeerKind.PRIVATE if any(address in net for net in _PRIVATE) else PeerKind.SERVER
