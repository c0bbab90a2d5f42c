import ssl

import aiosmtplib
import pytest

from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS, HOST
from tests.lab.clients import everything, first
from tests.lab.staging import client_of, lax, playing, upgrade

BAD_CERTIFICATES = ["T17a", "T17b", "T17c", "T17d", "T17g", "T17h", "T17i", "T17j"]  # OpenSSL takes T17f's CN
ALERTS = {
    "T09": "HANDSHAKE_FAILURE",
    "T10": "PROTOCOL_VERSION",
    "T11a": "UNRECOGNIZED_NAME",
    "T11b": "UNRECOGNIZED_NAME",
}


@pytest.mark.parametrize(("quirk", "alert"), ALERTS.items())
async def test_a_handshake_ends_with_the_alert(quirk, alert):
    async with playing(quirk) as peer:
        with pytest.raises(Exception, match=alert):
            await upgrade(peer)


async def test_a_name_that_is_refused_is_no_hindrance_to_a_client_without_sni():
    async with playing("T11a") as peer:
        client = await client_of(peer)
        await client.ehlo()
        await client.starttls(server_hostname="127.0.0.1", tls_context=lax())  # an address is not sent as SNI
        await client.quit()


@pytest.mark.parametrize("quirk", ["T05", "T06", "T08", "T19"])
async def test_a_broken_upgrade_fails(quirk):
    async with playing(quirk) as peer:
        with pytest.raises((ssl.SSLError, aiosmtplib.SMTPException, ConnectionError)):
            await upgrade(peer)


@pytest.mark.parametrize("quirk", BAD_CERTIFICATES)
async def test_faulty_certificates_are_refused_by_a_strict_client(quirk):
    async with playing(quirk) as peer:
        with pytest.raises(ssl.SSLCertVerificationError):
            await upgrade(peer)


async def test_injected_plaintext_arrives_with_the_reply_to_starttls():
    async with playing("T12") as peer:
        expected = BANNER + EHLO_STARTTLS + b"220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n"
        assert await first(peer.address, len(expected), sends=b"EHLO x\r\nSTARTTLS\r\n") == expected


async def test_starttls_is_offered_on_every_other_connection():
    async with playing("T16") as peer:
        offered = []
        for _ in range(3):
            client = await client_of(peer)
            await client.ehlo()
            offered.append(client.supports_extension("starttls"))
            await client.quit()
    assert offered == [True, False, True]


@pytest.mark.parametrize("quirk", ["T20a", "T20b"])
async def test_certificates_differ_by_connection_or_by_name(quirk):
    async with playing(quirk) as peer:
        names = []
        for host in (HOST, "other.example"):
            client = await client_of(peer)
            await client.ehlo()
            await client.starttls(server_hostname=host, tls_context=lax())
            names.append(client.get_transport_info("ssl_object").getpeercert(binary_form=True))
            await client.quit()
    assert names[0] != names[1]


@pytest.mark.parametrize("quirk", ["M02", "M04"])
async def test_plain_smtp_on_a_tls_port_is_a_wrong_version(quirk):
    async with playing(quirk) as peer:
        with pytest.raises(aiosmtplib.SMTPConnectError) as raised:
            await client_of(peer, implicit=True)
        assert raised.value.__cause__.reason == "WRONG_VERSION_NUMBER"


@pytest.mark.parametrize("quirk", ["M01", "M03"])
async def test_implicit_tls_answers_a_plain_ehlo_with_nothing(quirk):
    async with playing(quirk) as peer:
        assert await everything(peer.address, b"EHLO probe.example\r\n", limit=0.5) == (b"", "closed")
        client = await client_of(peer, implicit=True)
        await client.quit()
