"""Whether an address of IPv6 stands in a network of this machine's own, by its table of routes (Linux)."""

from collections.abc import Iterable
from ipaddress import IPv6Address
from pathlib import Path

ROUTES = Path("/proc/net/ipv6_route")
REJECTS, BITS = 0x0200, 128
"""The flag of a route that leads nowhere (linux/route.h); the length of an address."""


def is_neighbour_over_six(address: str) -> bool:
    """The same by the table as it is now; none where there is no such table."""
    try:
        return is_on_link(address, ROUTES.read_text("ascii").splitlines())
    except (OSError, ValueError):
        return False


def is_on_link(address: str, routes: Iterable[str]) -> bool:
    """Whether a line of the table covers the address without a next hop. Pure.

    Its columns: prefix and length, the same of the source, next hop, metric, two counts, flags, device; in hex.
    """
    wanted = int(IPv6Address(address.partition("%")[0]))
    for line in routes:
        prefix, length, _, _, hop, _, _, _, flags, device = line.split()
        covered = BITS - int(length, 16)
        reaches = covered < BITS and wanted >> covered == int(prefix, 16) >> covered
        if reaches and int(hop, 16) == 0 and not int(flags, 16) & REJECTS and device != "lo":
            return True
    return False
