"""What is said of the asker's network: which ports it lets out, and what is left when it lets out none."""

from collections.abc import Iterator, Sequence

from commands.smtpport.answer import Claim
from commands.smtpport.catalogue import lookup
from commands.smtpport.catalogue.records import ANY, Egress, Network, Provider, Sources, basis, offer_basis, state_of
from commands.smtpport.question.asked import Question

_LAST_RESORTS = (587, 465, 2525, 2587, 2465, 443, 80)
"""Ports on which another provider may be reached when this one cannot."""

_STATES = ("blocked", "conflicting", "limited", "intercepted", "varies", "open", "unnamed", "unclear")
_ALWAYS = frozenset({"blocked", "conflicting", "limited", "intercepted"})
"""What is told of every port; of the others only what the answer speaks of."""


def is_closed(question: Question, net: Network | None, port: int) -> bool:
    """Whether a port was tried in vain, is ruled out, or does not get through the network to whom it should."""
    if question.only and port not in question.only:
        return True
    is_seen = port in question.working  # what got out weighs more than what is written of the network
    is_blocked = state_of(net, port) in {"blocked", "intercepted"} and not is_seen
    return port in (*question.tried, *question.barred) or is_blocked


def nothing_left(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """No port remains: the network has to change, or the transport."""
    if service and net is None and question.tried and not question.only:
        yield Claim("only_port", {"provider": service.key, "ports": question.tried})
        return
    if service is None and net is None and {465, 587} <= set(question.tried):
        return  # what both failing says is said of the question
    yield Claim("nothing_left", {"provider": service.key if service else None, "network": net.key if net else None})
    for port in _LAST_RESORTS if net or question.only else ():
        others = [row for row in lookup.offered_by(port) if row.kind == "relay"][:4]
        if others and not is_closed(question, net, port):
            sources = tuple(source for row in others for source in _offering(row, port))
            code = "elsewhere_open" if state_of(net, port) == "open" or question.only else "elsewhere"
            yield Claim(code, {"port": port, "providers": tuple(row.key for row in others)}, sources)
            return


def last_resort(net: Network | None, port: int) -> Iterator[Claim]:
    """A port that is left only because nobody names it, on a network that closes all the usual ones."""
    if net and all(state_of(net, usual) == "blocked" for usual in (465, 587, 2525)) and state_of(net, port) != "open":
        yield Claim("last_resort", {"network": net.key, "port": port})


def of_network(net: Network | None, asked: Sequence[int], *, inbound: bool = False) -> Iterator[Claim]:
    """What the network does with the ports in question. Where it depends on a variant, each variant is told."""
    if net is None:
        return
    if inbound:
        yield Claim("outbound_only", {"network": net.key}, net.sources[:1])
        return
    ports = list(dict.fromkeys([*net.egress, *asked, 25]))
    variants = [row for row in map(lookup.network, net.variants) if row]
    split = [port for port in ports if len({state_of(row, port) for row in variants}) > 1]
    for row in variants:
        yield from _told(row, [port for port in split if port], asked)
    yield from _told(net, [port for port in ports if port not in split], asked)


def _told(net: Network, ports: Sequence[int], asked: Sequence[int]) -> Iterator[Claim]:
    """One claim for the ports that share a state and its evidence."""
    groups: dict[tuple[Egress, Sources], list[int]] = {}
    for port in [it for it in ports if it in net.egress or ANY not in net.egress]:
        state = state_of(net, port)
        if state in _ALWAYS or port in {25, *asked}:
            groups.setdefault((state, () if state == "unclear" else basis(net, port)), []).append(port)
    for (state, sources), found in sorted(groups.items(), key=_by_state):
        yield Claim(f"network_{state}", {"network": net.key, "ports": tuple(found)}, sources)


def _by_state(group: tuple[tuple[Egress, Sources], list[int]]) -> int:
    return _STATES.index(group[0][0])


def blocked(net: Network | None, asked: Sequence[int]) -> Iterator[tuple[int, Claim]]:
    """The ports that the network does not let out, each with its claim."""
    if net is None:
        return
    code = "network_closes_some" if net.condition else "network_closes"
    for port in dict.fromkeys([*net.egress, *asked]):
        if state_of(net, port) == "intercepted":
            yield port, Claim("network_intercepts", {"network": net.key}, basis(net, port))
        if port != ANY and state_of(net, port) == "blocked":
            yield port, Claim(code, {"network": net.key, "port": port}, basis(net, port))


def _offering(row: Provider, port: int) -> Sources:
    return next((offer_basis(row, offer)[:1] for offer in row.offers if offer.port == port), ())
