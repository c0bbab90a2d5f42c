"""The addresses that a webhook may go to: resolved once, judged by the guard, and connected to as they are."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from commands.smtpcheck.guard import Guard
from commands.smtpcheck.lookup.resolve import Resolver
from commands.watch.events import UndeliverableError


class NoAddressError(Exception):
    """The name has no address, or DNS did not answer."""


class Judged(AbstractResolver):
    """The addresses that were judged, whatever DNS says by now."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
            if family in {socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def judged_addresses(host: str, resolver: Resolver, guard: Guard) -> tuple[str, ...]:
    """The addresses of a host. Raises `NoAddressError`, or `UndeliverableError` for one that is off limits."""
    try:
        literal = str(ip_address(host))
    except ValueError:
        found, _ = await resolver.addresses_of(host)
        names, addresses = (host, *found.aliases), tuple(found.addresses)
    else:
        names, addresses = (host,), (literal,)
    if not addresses:
        raise NoAddressError
    if not guard.judge_host(names, addresses).allowed:
        raise UndeliverableError("address_not_allowed")
    return addresses
