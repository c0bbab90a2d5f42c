"""What is said of the asker's network: which ports it lets out, and what is left when it lets out none."""

from collections.abc import Iterator, Sequence

from commands.smtpport import catalogue
from commands.smtpport.claim import Claim, listed
from commands.smtpport.reader import Question
from commands.smtpport.records import Network, Provider, Source, egress

_USUAL = (25, 465, 587, 2525)
_LAST_RESORTS = (587, 465, 2525, 2587, 2465)
"""Ports on which another provider may be reached when this one cannot."""


def is_closed(question: Question, net: Network | None, port: int) -> bool:
    """Whether a port was tried in vain or is blocked by the network."""
    return port in question.tried or (net is not None and egress(net.egress).get(port) == "blocked")


def nothing_left(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """No port remains: the network has to change, or the transport."""
    yield Claim("nothing_left", {"provider": service.name if service else "your provider"})
    for port in _LAST_RESORTS if net else ():
        others = [row for row in catalogue.offered_by(port) if row.kind == "relay"][:4]
        if others and not is_closed(question, net, port):
            sources = tuple(source for row in others for source in row.sources[:1])
            yield Claim("elsewhere", {"port": port, "providers": ", ".join(row.name for row in others)}, sources)
            return


def of_network(net: Network | None, asked: Sequence[int], *, inbound: bool = False) -> Iterator[Claim]:
    """What the network does with the ports in question."""
    if net is None:
        return
    if inbound:
        yield Claim("outbound_only", {"network": net.name}, net.sources[:1])
        return
    states = egress(net.egress)
    for state in ("blocked", "conflicting", "limited", "intercepted", "open"):
        ports = [port for port, found in states.items() if found == state]
        if ports:
            values = {"network": net.name, "ports": listed(ports), "scope": net.scope or "by default"}
            yield Claim(f"network_{state}", values, _evidence(net, state))
    silent = [port for port in dict.fromkeys([*_USUAL, *asked]) if port not in states and port in {*asked, 25}]
    if silent:
        yield Claim("network_silent", {"network": net.name, "ports": listed(silent)})


def _evidence(net: Network, state: str) -> tuple[Source, ...]:
    """The sources of a statement; one that is disputed speaks for the dispute only, if there are others."""
    agreed = tuple(source for source in net.sources if source.confidence != "conflicting")
    return net.sources if state == "conflicting" else agreed or net.sources


def blocked(net: Network | None) -> Iterator[tuple[int, Claim]]:
    """The ports that the network does not let out, each with its claim."""
    if net is None:
        return
    for port, state in egress(net.egress).items():
        if state == "blocked":
            yield port, Claim("network_closes", {"network": net.name, "port": port}, net.sources[:1])
