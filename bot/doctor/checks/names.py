"""What DNS says: name servers, DNSSEC, our own name in EHLO and the PTR record of our address."""

from collections.abc import Callable, Sequence

from bot.doctor.result.codes import Code, Found, Value
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.egress.own_name import OwnName, look_up_own
from commands.smtpcheck.lookup.question import Reverse, SecureResolver, look_back
from commands.smtpcheck.lookup.resolve import Resolver

SLOW_MS = 500.0
ROOT = ""
"""The root zone is there for everybody, and signed."""

EVERYBODY = Guard()


async def name_servers(resolver: SecureResolver, servers: Sequence[str], clock: Callable[[], float]) -> list[Found]:
    """Whether they answer, and how long that takes; `clock` counts seconds."""
    if not servers:
        return [Found(Code.DNS_NO_SERVERS)]
    began = clock()
    answer = await resolver.ask(ROOT, "NS")
    ms = round((clock() - began) * 1000)
    params: dict[str, Value] = {"servers": ", ".join(servers), "ms": ms}
    if not answer.is_certain:
        return [Found(Code.DNS_FAILED, {**params, "how": answer.how})]
    return [Found(Code.DNS_SLOW if ms > SLOW_MS else Code.DNS_FINE, params)]


async def dnssec(resolver: SecureResolver) -> list[Found]:
    """Whether the AD bit comes, and whether it counts."""
    proven = await resolver.ask_proven(ROOT, "SOA")
    params = {"server": proven.server}
    if not proven.answer.is_certain or not proven.server:
        return [Found(Code.DNSSEC_UNKNOWN)]
    if not proven.authenticated:
        return [Found(Code.DNSSEC_NONE, params)]
    if not resolver.believes(proven.server):
        return [Found(Code.DNSSEC_NOT_TRUSTED, params)]
    return [Found(Code.DNSSEC_TRUSTED if resolver.vouched(proven.server) else Code.DNSSEC_FINE, params)]


async def ehlo_name(name: str, resolver: Resolver, reverse: SecureResolver, sources: Sequence[str]) -> list[Found]:
    """Our name in EHLO and the PTR records of where it leads; `sources` are the addresses that we connect from."""
    if name.startswith("["):
        return [Found(Code.EHLO_LITERAL, {"name": name}), *await _backwards(name, sources, reverse)]
    own = await look_up_own(name, resolver)
    if own is None:
        return [Found(Code.EHLO_NOT_FULL, {"name": name})]
    return [leads(own, sources), *await _backwards(name, _public(sources) or own.addresses, reverse)]


def leads(own: OwnName, sources: Sequence[str]) -> Found:
    """Where the name leads, beside where we connect from. Pure."""
    params: dict[str, Value] = {"name": own.name, "addresses": ", ".join(own.addresses)}
    here = next((address for address in own.addresses if address in sources), "")
    if here:
        return Found(Code.EHLO_FINE, {**params, "address": here})
    if not own.addresses:
        return Found(Code.EHLO_ABSENT if own.certain else Code.EHLO_UNKNOWN, params)
    public = _public(sources)
    if public:
        return Found(Code.EHLO_ELSEWHERE, {**params, "source": public[0]})
    return Found(Code.EHLO_BEHIND_NAT, {**params, "source": next(iter(sources), "this machine's address")})


async def _backwards(name: str, addresses: Sequence[str], resolver: SecureResolver) -> list[Found]:
    found = await look_back(_public(addresses), resolver)
    return [judged(reverse, name) for reverse in found]


def judged(reverse: Reverse, name: str) -> Found:
    """What the PTR record of an address is to our name in EHLO. Pure."""
    ptr = reverse.confirmed_by or next(iter(reverse.names), "")
    params: dict[str, Value] = {"address": reverse.address, "ptr": ptr, "name": name}
    if reverse.state != "confirmed":
        codes = {"missing": Code.PTR_MISSING, "not_confirmed": Code.PTR_NOT_CONFIRMED, "unknown": Code.PTR_UNKNOWN}
        return Found(codes[reverse.state], params)
    return Found(Code.PTR_FINE if name.lower() in reverse.names else Code.PTR_OTHER, params)


def _public(addresses: Sequence[str]) -> list[str]:
    return [address for address in addresses if EVERYBODY.judge(address).allowed]


async def families(sources: Sequence[str]) -> list[Found]:
    """Whether there is a way out by each family, as the routing table has it."""
    six, four = any(":" in one for one in sources), any(":" not in one for one in sources)
    codes = {
        (True, True): Code.FAMILIES_BOTH,
        (True, False): Code.FAMILIES_NO_IPV6,
        (False, True): Code.FAMILIES_NO_IPV4,
        (False, False): Code.FAMILIES_NONE,
    }
    return [Found(codes[four, six])]
