"""What networks do to outgoing mail, laid over the lab's hosts: every one of them is seen through the network's policy.

Sources: networks.tsv of the research, November 2026.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.demo.lab.lab import PORTS, Host, Tcp

DROPPED: Mapping[str, tuple[int, ...]] = {
    "Google Cloud": (25,),
    "AWS": (25,),
    "Azure": (25,),
    "Vultr": (25,),
    "Hetzner Cloud": (25, 465),
    "Akamai/Linode": (25, 465, 587),
    "Scaleway": (25, 465, 587),
    "Render": (25, 465, 587),
    "Railway": (25, 465, 587, 2525),
    "Cloudzy": (25, 465, 587, 2525),
    "Zerops": (25, 465, 2525),
}
"""Network -> the ports on which nothing leaves it."""


def behind(hosts: Sequence[Host], ports: Collection[int], fate: Tcp = Tcp.FILTERED) -> tuple[Host, ...]:
    """The hosts as somebody sees them whose network drops (or rejects) these ports, whoever is meant."""
    shut = {port: fate for port in PORTS if port in ports}
    return tuple(replace(host, ports={**host.ports, **shut}) for host in hosts)
