"""Why a name server says SERVFAIL: broken DNSSEC, or servers behind it that fail. Asked once more, in two ways at once.

Policy: the same name server and name, once with CD=1 ("checking disabled", RFC 4035 section 3.2.2) and once with EDNS,
so that it may add an extended error (RFC 8914).

Rule: signatures are broken only where the answer comes without their check and still not with it: a server that fails
now and then tells nothing.
"""

import asyncio
from collections.abc import Iterable
from typing import TypeAlias

import dns.asyncresolver
import dns.edns
import dns.exception
import dns.flags
import dns.resolver

from commands.smtpcheck.lookup.question import PAYLOAD, Why, stub_resolver
from commands.smtpcheck.wire.connection import is_our_own

EXPIRED = dns.edns.EDECode.SIGNATURE_EXPIRED
BLOCKED = frozenset(
    {dns.edns.EDECode.BLOCKED, dns.edns.EDECode.CENSORED, dns.edns.EDECode.FILTERED, dns.edns.EDECode.PROHIBITED}
)

_Outcome: TypeAlias = tuple[bool, frozenset[int]] | None
"""Whether there was an answer, if only that there is nothing, and the extended errors beside it; None: silence."""


async def why_servfail(resolver: dns.asyncresolver.Resolver, name: str, rdtype: str) -> Why:
    """The reason, as far as the same name server tells. Never raises for what servers and networks do."""
    checked, unchecked = await asyncio.gather(
        _ask(resolver, name, rdtype, dns.flags.RD), _ask(resolver, name, rdtype, dns.flags.RD | dns.flags.CD)
    )
    return reason(checked, unchecked)


async def is_withheld(resolver: dns.asyncresolver.Resolver, name: str, rdtype: str) -> bool:
    """Whether a name server that says that there is no such name says, too, that it withholds it (RFC 8914)."""
    answered = await _ask(resolver, name, rdtype, dns.flags.RD)
    return answered is not None and not answered[1].isdisjoint(BLOCKED)


def reason(checked: _Outcome, unchecked: _Outcome) -> Why:
    """What follows from both answers. Pure."""
    if checked is None or checked[0]:
        return ""
    errors = checked[1]
    if errors & BLOCKED:
        return "blocked"
    if unchecked is None:
        return ""
    if not unchecked[0]:
        return "dead"
    return "expired" if EXPIRED in errors else "bogus"


async def _ask(resolver: dns.asyncresolver.Resolver, name: str, rdtype: str, flags: int) -> _Outcome:
    again = stub_resolver((), resolver.lifetime)
    again.nameservers, again.port = resolver.nameservers, resolver.port
    again.use_edns(0, dns.flags.DO, PAYLOAD)
    again.flags = flags
    try:
        await again.resolve(f"{name}.", rdtype, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN as error:
        responses = error.kwargs["responses"].values()
        return True, frozenset(option.code for response in responses for option in response.extended_errors())
    except dns.exception.Timeout:
        return None
    except (dns.exception.DNSException, OSError, ValueError) as error:
        if is_our_own(error):
            raise
        return False, frozenset(_extended(error))
    return True, frozenset()


def _extended(error: Exception) -> Iterable[int]:
    """The codes of the extended errors in what the servers sent."""
    for attempt in (error.kwargs.get("errors") or ()) if isinstance(error, dns.resolver.NoNameservers) else ():
        if attempt[-1] is not None:
            yield from (option.code for option in attempt[-1].extended_errors())
