"""What the lab's name server answers: zone data in, message out. No sockets here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
TTL = 60
LONGEST_ALIAS_CHAIN = 8
EVERYTHING = "*"
"""The key of what is said of names that the zone does not know, as a captive portal does."""


@dataclass(frozen=True)
class Fault:
    """How a name misbehaves. Times are seconds.

    `rcode` answers with that error ("SERVFAIL", "REFUSED", ...); `bogus` answers SERVFAIL unless the query has the CD
    flag, as a validating resolver does; `drop` never answers; `truncate` makes every UDP answer ask for TCP;
    `alias_alone` does not follow an alias; `refers` names the servers of the zone and says nothing else; `extended` is
    an extended error (RFC 8914) for who speaks EDNS.
    """

    rcode: str | None = None
    bogus: bool = False
    drop: bool = False
    truncate: bool = False
    alias_alone: bool = False
    refers: bool = False
    extended: int = 0
    delay: float = 0.0


SOUND = Fault()


class Answers:
    """A zone and its faults. Keys of `faults` are "name" or "name TYPE"; `authenticated` names get the AD flag."""

    def __init__(
        self, zone: Zone, faults: Mapping[str, Fault], authenticated: bool | Collection[str], ttl: int = TTL
    ) -> None:
        self._ttl = ttl
        self._records = {_key(name): dict(types) for name, types in zone.items()}
        self._faults = {_fault_key(key): fault for key, fault in faults.items()}
        self._authenticated = authenticated if isinstance(authenticated, bool) else {_key(n) for n in authenticated}

    def fault(self, name: str, kind: str) -> Fault:
        return self._faults.get(f"{name} {kind}") or self._faults.get(name) or SOUND

    @property
    def drops(self) -> bool:
        """Whether some name is never answered for."""
        return any(fault.drop or fault.delay for fault in self._faults.values())

    def knows(self, name: str) -> bool:
        """Whether the name, or a name below it, is in the zone or has a fault of its own."""
        known = [*self._records, *(key.split(" ")[0] for key in self._faults)]
        return any(key == name or key.endswith(f".{name}") for key in known)

    def reply(self, query: dns.message.Message) -> dns.message.Message:
        """The answer to a query; aliases within the zone are followed."""
        answer = dns.message.make_response(query, recursion_available=True)
        name, kind = question(query)
        fault = self.fault(name, kind)
        if fault.extended and query.edns >= 0:
            answer.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode(fault.extended))])
        if fault.rcode or (fault.bogus and not query.flags & dns.flags.CD):
            answer.set_rcode(dns.rcode.from_text(fault.rcode or "SERVFAIL"))
            return answer
        if fault.refers:
            answer.authority.append(dns.rrset.from_text(f"{name}.", self._ttl, "IN", "NS", "ns.lab.example."))
            return answer
        if self._is_authenticated(name) and (query.flags & dns.flags.AD or query.ednsflags & dns.flags.DO):
            answer.flags |= dns.flags.AD
        self._fill(answer, name, kind)
        return answer

    def _fill(self, answer: dns.message.Message, name: str, kind: str) -> None:
        for _ in range(LONGEST_ALIAS_CHAIN):
            records = self._records.get(name) or ({} if self.knows(name) else self._records.get(EVERYTHING, {}))
            found = kind if kind in records else "CNAME"
            if records.get(found):
                answer.answer.append(dns.rrset.from_text(f"{name}.", self._ttl, "IN", found, *records[found]))
            elif not self.knows(name) and EVERYTHING not in self._records:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            if found == kind or not records.get(found) or self.fault(name, kind).alias_alone:
                return
            name = _key(records[found][0])

    def _is_authenticated(self, name: str) -> bool:
        return self._authenticated if isinstance(self._authenticated, bool) else name in self._authenticated


def question(query: dns.message.Message) -> tuple[str, str]:
    """Name (lower case, no trailing dot) and type of a query."""
    asked = query.question[0]
    return _key(asked.name.to_text()), dns.rdatatype.to_text(asked.rdtype)


def _key(name: str) -> str:
    return name.lower().removesuffix(".")


def _fault_key(key: str) -> str:
    name, _, kind = key.partition(" ")
    return f"{_key(name)} {kind}".strip()
