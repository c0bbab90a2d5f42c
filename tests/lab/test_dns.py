import asyncio
from itertools import pairwise

import dns.asyncquery
import dns.flags
import dns.message
import dns.resolver
import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from tests import moving
from tests.lab.clients import resolver

ZONE = {
    "a.example": {"A": ["192.0.2.1"], "MX": ["10 mx.a.example."]},
    "alias.example": {"CNAME": ["a.example."]},
    "dangling.example": {"CNAME": ["gone.example."]},
    "many.example": {"MX": [f"{n} mx{n}-with-a-long-label.many.example." for n in range(20)]},
    "_25._tcp.mx.a.example": {"TLSA": ["3 1 1 " + "ab" * 32]},
}


async def query(server, name, kind="A", *, flags=0, want_dnssec=False):
    message = dns.message.make_query(name, kind, want_dnssec=want_dnssec)
    message.flags |= flags
    return await dns.asyncquery.udp(message, server.host, timeout=1.0, port=server.port)


async def test_it_answers_and_counts_questions():
    async with LabDns(ZONE) as server:
        ask = resolver((server.host, server.port))
        assert [r.to_text() for r in await ask.resolve("A.Example", "A")] == ["192.0.2.1"]
        assert [r.cert.hex() for r in await ask.resolve("_25._tcp.mx.a.example", "TLSA")] == ["ab" * 32]
        assert server.asked("a.example") == server.asked("a.example", "A") == 1


async def test_an_alias_is_followed_and_a_dangling_one_is_nxdomain():
    async with LabDns(ZONE) as server:
        ask = resolver((server.host, server.port))
        answer = await ask.resolve("alias.example", "A")
        assert answer.canonical_name.to_text() == "a.example."
        with pytest.raises(dns.resolver.NXDOMAIN):
            await ask.resolve("dangling.example", "A")


async def test_no_data_is_told_from_no_such_name():
    async with LabDns(ZONE) as server:
        ask = resolver((server.host, server.port))
        with pytest.raises(dns.resolver.NoAnswer):
            await ask.resolve("a.example", "AAAA")
        with pytest.raises(dns.resolver.NoAnswer):
            await ask.resolve("mx.a.example", "A")  # exists, because a name below it does
        with pytest.raises(dns.resolver.NXDOMAIN):
            await ask.resolve("b.example", "A")


async def test_a_name_can_fail_for_one_type_alone():
    async with LabDns(ZONE, faults={"a.example MX": Fault(rcode="SERVFAIL")}) as server:
        ask = resolver((server.host, server.port))
        assert await ask.resolve("a.example", "A")
        with pytest.raises(dns.resolver.NoNameservers):
            await ask.resolve("a.example", "MX")


async def test_a_bogus_name_answers_only_with_checking_disabled():
    async with LabDns(ZONE, faults={"a.example": Fault(bogus=True)}) as server:
        assert (await query(server, "a.example")).rcode() == dns.rcode.SERVFAIL
        assert (await query(server, "a.example", flags=dns.flags.CD)).answer


async def test_a_dropped_name_times_out():
    async with LabDns(ZONE, faults={"a.example": Fault(drop=True)}) as server:
        ask = resolver((server.host, server.port))
        ask.lifetime = ask.timeout = 0.05
        with pytest.raises(dns.resolver.LifetimeTimeout):
            await ask.resolve("a.example", "A")


def test_a_delay_holds_up_one_name_and_no_other():
    async def asked():
        loop = asyncio.get_running_loop()
        async with LabDns(ZONE, faults={"a.example": Fault(delay=0.1)}) as server:
            times = [loop.time()]
            for name in ("a.example", "alias.example"):
                await query(server, name)
                times.append(loop.time())
        return [later - sooner for sooner, later in pairwise(times)]

    slow, other = moving.run(asked())
    assert slow >= 0.1 > other


@pytest.mark.parametrize("name", ["many.example", "a.example"])
async def test_truncated_answers_come_whole_over_tcp(name):
    async with LabDns(ZONE, faults={"a.example": Fault(truncate=True)}) as server:
        answer = await resolver((server.host, server.port)).resolve(name, "MX")
        assert len(answer) == len(ZONE[name]["MX"])
        assert server.tcp_queries == 1


async def test_only_authenticated_names_get_the_ad_flag_and_only_when_asked():
    async with LabDns(ZONE, authenticated={"a.example"}) as server:
        assert (await query(server, "a.example", want_dnssec=True)).flags & dns.flags.AD
        assert (await query(server, "a.example", flags=dns.flags.AD)).flags & dns.flags.AD
        assert not (await query(server, "a.example")).flags & dns.flags.AD
        assert not (await query(server, "alias.example", want_dnssec=True)).flags & dns.flags.AD


async def test_names_outside_the_zone_are_asked_elsewhere_when_told_so():
    async with (
        LabDns({"real.test": {"A": ["192.0.2.9"]}}) as other,
        LabDns(ZONE, forward_to=(other.host, other.port)) as server,
    ):
        ask = resolver((server.host, server.port))
        assert [r.to_text() for r in await ask.resolve("real.test", "A")] == ["192.0.2.9"]
        assert await ask.resolve("a.example", "A")
        assert other.asked("a.example") == 0


async def test_garbage_is_ignored():
    async with LabDns(ZONE) as server:
        server.serve_udp(b"\x00\x01garbage", (server.host, server.port))
        assert (await query(server, "a.example")).answer
