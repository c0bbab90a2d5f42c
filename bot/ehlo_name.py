"""What this machine calls itself in EHLO, when no setting says it, and from which addresses it connects.

Policy: nothing leaves. Connecting a UDP socket only asks the routing table which address would be used.
"""

import socket
from collections.abc import Iterator

ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation (RFC 5737, RFC 3849): the way to them is the way to everybody."""


def default_ehlo_name() -> str:
    """This machine's own name if it is a full one, else its address as a literal (RFC 5321 section 4.1.3).

    Nothing is looked up: `socket.getfqdn` may block for seconds.
    """
    name = socket.gethostname()
    if "." in name and not name.endswith((".local", ".localdomain", ".internal")):
        return name
    address = next((one for one in own_addresses() if ":" not in one), "127.0.0.1")
    return f"[{address}]"


def own_addresses() -> tuple[str, ...]:
    """The address that connections to the outside come from, of each family that has a way there; IPv4 first."""
    return tuple(_own_addresses())


def _own_addresses() -> Iterator[str]:
    for family, address in ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as trial:
                trial.connect((address, 25))
                yield str(trial.getsockname()[0])
        except OSError:
            continue
