"""What incidents may have in common, so that they are told in one message. Pure."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence

from commands.watch.state.dns_changes import RECORDS
from commands.watch.state.model import Watch
from commands.watch.state.observation import endpoint_of

NETWORK = {4: 24, 6: 48}

CAUSE, TAG = "cause ", "tag "
"""What a trait begins with that two strangers may share: a state, or how people sort them."""


def traits_of(watch: Watch, codes: Iterable[str]) -> list[str]:
    """What an incident (`codes`: what is broken) may share with another.

    Hosts, addresses, networks, the set of exchanges, tags, a cause.
    """
    failing = list(codes)
    hosts = {endpoint_of(code).rpartition(":")[0] for code in failing} | {watch.target}
    found = {f"host {host}" for host in hosts} | {CAUSE + code.partition(" ")[0] for code in failing}
    found |= {f"{TAG}{tag}" for tag in watch.tags}
    records: Mapping[str, Sequence[str]] = watch.state.baseline.get(RECORDS, {})
    for host in hosts:
        for address in records.get(f"address {host}", ()):
            found |= {f"address {address}", f"network {network_of(address)}"}
    exchanges = records.get(f"mx {watch.target}")
    return sorted(found | ({f"mx {' '.join(exchanges)}"} if exchanges else set()))


def is_of_same_cause(one: Watch, other: Watch) -> bool:
    """Whether what is down at two watches of a channel is the same: it fails alike, and at the same place."""
    mine, yours = one.state.incident, other.state.incident
    if mine is None or yours is None or one.channel != other.channel:
        return False
    shared = {*traits_of(one, mine.failing)} & {*traits_of(other, yours.failing)}
    kinds = {trait.partition(" ")[0] for trait in shared}
    return CAUSE.strip() in kinds and bool(kinds - {CAUSE.strip(), TAG.strip()})


def network_of(address: str) -> str:
    """`192.0.2.0/24`, `2001:db8:1::/48`: what one switch or one provider may stand before."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{parsed}/{NETWORK[parsed.version]}", strict=False))


def shared_by(traits: Sequence[str]) -> list[str]:
    """What each of a group has: the nearest of hosts, addresses, networks, where these are few enough; and tags."""
    found = {kind: [trait.partition(" ")[2] for trait in traits if trait.startswith(f"{kind} ")] for kind in NEAREST}
    places = next((found[kind] for kind in NEAREST if found[kind]), [])
    tags = [f"tag:{trait.partition(' ')[2]}" for trait in traits if trait.startswith(TAG)]
    return [*(places if len(places) <= MOST_PLACES else ()), *tags]


NEAREST = ("host", "address", "network")
MOST_PLACES = 2
