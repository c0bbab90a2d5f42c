import asyncio

import aiosmtplib
import dns.resolver
import pytest

from bot.demo.lab.certificates import Authority
from bot.demo.lab.hosts import HOSTS, ZONE
from bot.demo.lab.lab import Lab
from tests.lab.clients import everything, first, resolver, smtp

AUTHORITY = Authority()


@pytest.fixture
async def lab():
    async with Lab(HOSTS, zone=ZONE, authority=AUTHORITY) as running:
        yield running


@pytest.mark.parametrize(
    ("name", "address"), [("mail.lab.example", "198.51.100.25"), ("pool.lab.example", "2001:db8::41")]
)
async def test_the_healthy_relay_upgrades_on_25_and_offers_no_login(lab, name, address):
    client = smtp(lab, address, 25, hostname=name)
    await client.connect()
    await client.ehlo()
    assert "starttls" in client.esmtp_extensions
    await client.upgrade()
    await client.ehlo()
    assert "starttls" not in client.esmtp_extensions
    assert client.server_auth_methods == []
    await client.quit()
    assert lab.peers[address, 25].lines == [
        b"EHLO probe.example", b"STARTTLS", b"EHLO probe.example", b"QUIT",
    ]  # fmt: skip


@pytest.mark.parametrize("port", [587, 2525])
async def test_submission_ports_offer_login_only_after_starttls(lab, port):
    client = smtp(lab, "198.51.100.25", port)
    await client.connect()
    await client.ehlo()
    assert client.server_auth_methods == []
    await client.upgrade()
    await client.ehlo()
    assert client.server_auth_methods == ["plain", "login"]
    await client.quit()


async def test_port_465_speaks_tls_from_the_start(lab):
    client = smtp(lab, "198.51.100.25", 465, implicit=True)
    await client.connect()
    await client.ehlo()
    assert client.server_auth_methods == ["plain", "login"]
    await client.quit()


async def test_the_lab_never_takes_mail_or_passwords(lab):
    client = smtp(lab, "198.51.100.25", 25)
    await client.connect()
    await client.ehlo()
    with pytest.raises(aiosmtplib.SMTPSenderRefused):
        await client.mail("a@lab.example")
    client.close()


async def test_filtered_swallows_25_and_refuses_465(lab):
    with pytest.raises(TimeoutError):
        await everything_within(lab, ("198.51.100.26", 25))
    with pytest.raises(ConnectionRefusedError):
        await everything_within(lab, ("198.51.100.26", 465))


async def everything_within(lab, endpoint):
    async with asyncio.timeout(0.1):
        await everything(lab.endpoints[endpoint])


async def test_ports_that_a_host_does_not_name_refuse(lab):
    with pytest.raises(ConnectionRefusedError):
        await everything(lab.endpoints["198.51.100.28", 443])


async def test_the_expired_certificate_is_refused_for_its_date(lab):
    client = smtp(lab, "198.51.100.27", 25, hostname="expired.lab.example")
    await client.connect()
    await client.ehlo()
    with pytest.raises(Exception, match="certificate has expired"):
        await client.upgrade()
    client.close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("198.51.100.29", b"220 ****************************0****2******0*****\r\n"),
        ("198.51.100.30", b"220 x <!channel> <@U123> *b* `code` <https://evil.example|login> \x1b[31m\x00\r\n"),
        ("198.51.100.31", b"421 4.7.0 busy.lab.example Error: too many connections from 192.0.2.10\r\n"),
        ("198.51.100.32", b"220-slow.lab.example ESMTP\r\n"),
        ("198.51.100.34", b"220 stripped.lab.example ESMTP lab\r\n"),
    ],
)
async def test_greetings_arrive_byte_by_byte_as_written(lab, address, shown):
    assert await first(lab.endpoints[address, 25], len(shown)) == shown


async def test_plain_and_masked_do_not_offer_starttls(lab):
    for address in ("198.51.100.28", "198.51.100.29"):
        client = smtp(lab, address, 25)
        await client.connect()
        await client.ehlo()
        assert "starttls" not in client.esmtp_extensions
        await client.quit()


async def test_the_lab_knows_its_names(lab):
    ask = resolver(lab.nameserver)
    assert {r.to_text() for r in await ask.resolve("mail.lab.example", "A")} == {"198.51.100.25"}
    assert {r.to_text() for r in await ask.resolve("pool.lab.example", "AAAA")} == {"2001:db8::41"}
    assert len(await ask.resolve("lab.example", "MX")) == 2
    null = await ask.resolve("null.lab.example", "MX")
    assert [r.to_text() for r in null] == ["0 ."]
    pointer = await ask.resolve_address("198.51.100.25")
    assert [r.to_text() for r in pointer] == ["mail.lab.example."]
    with pytest.raises(dns.resolver.NXDOMAIN):
        await ask.resolve("nowhere.lab.example", "A")


async def test_every_host_of_the_lab_has_a_name_of_its_own():
    async with Lab(HOSTS, zone=ZONE) as running:
        assert len({host.name for host in running.hosts}) == len(running.hosts)
