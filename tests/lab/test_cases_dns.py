import re

import dns.exception
import dns.resolver
import pytest

from bot.demo.lab.cases_dns import DNS_CASES
from bot.demo.lab.dns import LabDns
from tests.lab.clients import resolver

FAILURES = {
    "D03": dns.resolver.NoAnswer,
    "D04": dns.resolver.NXDOMAIN,
    "D05": dns.resolver.NoNameservers,
    "D16": dns.resolver.LifetimeTimeout,
}


def test_every_case_of_the_list_is_there():
    assert {re.sub(r"[a-z]$", "", case) for case in DNS_CASES} == {f"D{n:02}" for n in range(1, 20)}


@pytest.mark.parametrize("case", DNS_CASES.values(), ids=DNS_CASES.keys())
async def test_the_zone_loads_and_its_mail_records_come_back(case):
    name = (
        case.target.encode("ascii", "ignore").decode().removesuffix(".") if case.id != "D17" else "xn--fa-hia.example"
    )
    async with LabDns(case.zone, faults=case.faults) as server:
        ask = resolver((server.host, server.port))
        ask.lifetime = ask.timeout = 0.1 if case.id == "D16" else 2.0
        kind = "MX" if "MX" in case.zone.get(name, {}) else "A"
        if case.id in FAILURES:
            with pytest.raises(FAILURES[case.id]):
                await ask.resolve(name, kind)
        else:
            assert len(await ask.resolve(name, kind)) == len(case.zone[name][kind])
