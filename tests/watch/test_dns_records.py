"""Reverse DNS is asked again when what it said no longer holds, whichever watches look at the address."""

from ipaddress import ip_network

import pytest

from bot.demo.lab.dns import LabDns
from bot.demo.lab.zone import Fault
from bot.watches import dns_records
from bot.watches.dns_records import Records
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.question import SecureResolver

ADDRESS, OTHER = "198.51.100.70", "198.51.100.71"
PTR, NO_PTR = "70.100.51.198.in-addr.arpa", "71.100.51.198.in-addr.arpa"
GUARD = Guard((ip_network("198.51.100.0/24"),))
HOUR = 3600


class Clock:
    at = 1000.0

    def __call__(self):
        return self.at


def records_of(lab, clock):
    return Records(SecureResolver(((lab.host, lab.port),)), GUARD, clock)


async def test_what_reverse_dns_said_is_kept_for_as_long_as_it_holds_and_six_hours_at_most():
    for ttl, kept in ((HOUR, HOUR), (7 * 24 * HOUR, 6 * HOUR)):
        clock = Clock()
        async with LabDns({PTR: {"PTR": ["mx.example.com."]}}, ttl=ttl) as lab:
            records = records_of(lab, clock)
            for _ in range(3):
                assert await records.beside("", [ADDRESS]) == {f"ptr {ADDRESS}": ("mx.example.com",)}
            clock.at += kept - 1
            await records.beside("", [ADDRESS])
            assert lab.asked(PTR) == 1
            clock.at += 1
            await records.beside("", [ADDRESS])
            assert lab.asked(PTR) == 2


async def test_nothing_is_kept_where_the_clock_was_set_back():
    clock = Clock()
    async with LabDns({PTR: {"PTR": ["mx.example.com."]}}, ttl=HOUR) as lab:
        records = records_of(lab, clock)
        await records.beside("", [ADDRESS])
        clock.at -= 5 * HOUR
        await records.beside("", [ADDRESS])
        assert lab.asked(PTR) == 2


async def test_a_change_is_confirmed_by_name_servers_and_not_by_what_is_kept():
    async with LabDns({PTR: {"PTR": ["mx.example.com."]}}, ttl=HOUR) as lab:
        records = records_of(lab, Clock())
        await records.beside("", [ADDRESS])
        await records.beside("", [ADDRESS], anew=True)
        assert lab.asked(PTR) == 2


@pytest.mark.parametrize("faults", [{}, {NO_PTR: Fault(rcode="SERVFAIL")}])
async def test_no_name_and_no_answer_are_asked_again(faults):
    async with LabDns({PTR: {"PTR": ["mx.example.com."]}}, faults=faults, ttl=HOUR) as lab:
        records = records_of(lab, Clock())
        first, second = [await records.beside("", [OTHER]) for _ in range(2)]
        assert first == second and not first[f"ptr {OTHER}"]
        assert lab.asked(NO_PTR) >= 2


async def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(dns_records, "MOST_KEPT", 1)
    names = {PTR: {"PTR": ["mx.example.com."]}, NO_PTR: {"PTR": ["mx2.example.com."]}}
    async with LabDns(names, ttl=HOUR) as lab:
        records = records_of(lab, Clock())
        for address in (ADDRESS, OTHER, ADDRESS):
            await records.beside("", [address])
        assert lab.asked(PTR) == 2
