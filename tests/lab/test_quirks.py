import asyncio
import contextlib
import re
import ssl

import aiosmtplib
import pytest

from bot.lab.peer import Peer
from bot.lab.quirk import HOST, Stage
from bot.lab.quirks import QUIRKS, UNSCRIPTED
from tests.lab.clients import everything, trusting

STAGE = Stage(pace=0.005)
LISTED = {"G": 34, "E": 21, "T": 20, "M": 6, "Q": 5}
IN_FULL = [
    q.id for q in QUIRKS.values() if q.port != 465 and q.expect in {"ok", "ok_slow"} and q.id not in {"G26", "T17e"}
]
BAD_CERTIFICATES = ["T17a", "T17b", "T17c", "T17d", "T17g", "T17h", "T17i", "T17j"]  # OpenSSL takes T17f's CN
ENDS = {
    "G07": (b"", "silence"),
    "G08": (b"", "closed"),
    "G09": (b"", "reset"),
    "G12": (b"220 mail.example.com ESMTP\r", "silence"),
    "G13": (b"Welcome to mail\r\n", "closed"),
    "G14": (b"SSH-2.0-OpenSSH_9.2\r\n", "closed"),
    "G19": (b"421 4.7.0 mail.example.com Error: too many connections from 192.0.2.10\r\n", "closed"),
    "G30": (b"220-a\r\n421 b\r\n", "closed"),
    "G32": (b"220-mail.example.com\r\n550 5.7.1 go away\r\n", "closed"),
    "M01": (b"", "silence"),
    "M06": (b"", "closed"),
}
ALERTS = {
    "T09": "HANDSHAKE_FAILURE",
    "T10": "PROTOCOL_VERSION",
    "T11a": "UNRECOGNIZED_NAME",
    "T11b": "UNRECOGNIZED_NAME",
}


async def client_of(peer, *, implicit=False):
    made = aiosmtplib.SMTP(
        hostname=peer.address[0], port=peer.address[1], use_tls=implicit, start_tls=False, validate_certs=False,
        local_hostname="probe.example", timeout=2,
    )  # fmt: skip
    await made.connect()
    return made


def lax():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def upgrade(peer):
    """The client after EHLO and a verified STARTTLS."""
    client = await client_of(peer)
    await client.ehlo()
    try:
        await client.starttls(server_hostname=HOST, tls_context=trusting(STAGE.authority.pem))
    except BaseException:
        client.close()
        raise
    return client


def playing(quirk):
    return Peer(*QUIRKS[quirk].scripts(STAGE))


def test_every_quirk_of_the_list_is_there():
    wanted = {f"{letter}{n:02}" for letter, last in LISTED.items() for n in range(1, last + 1)}
    assert wanted - {re.sub(r"[a-z]$", "", quirk) for quirk in QUIRKS} == set()
    assert not UNSCRIPTED.keys() & QUIRKS.keys()


def test_every_quirk_says_what_a_truthful_probe_answers():
    for quirk in QUIRKS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", quirk.expect), quirk.id
        assert quirk.summary


async def test_every_quirk_outlives_a_client_that_talks_and_leaves():
    await asyncio.gather(*(talk_and_leave(quirk) for quirk in QUIRKS))


async def talk_and_leave(quirk):
    async with playing(quirk) as peer:
        with contextlib.suppress(ConnectionError):
            await everything(peer.address, b"EHLO probe.example\r\nSTARTTLS\r\nQUIT\r\n", limit=0.1)
        assert peer.connections == 1, quirk


@pytest.mark.parametrize("quirk", IN_FULL)
async def test_a_harmless_quirk_lets_a_real_client_through_to_its_quit(quirk):
    async with playing(quirk) as peer:
        client = await upgrade(peer)
        await client.ehlo()
        with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError):
            await client.quit(timeout=0.2)
        client.close()
        assert peer.lines == [b"EHLO probe.example", b"STARTTLS", b"EHLO probe.example", b"QUIT"]


@pytest.mark.parametrize(("quirk", "expected"), ENDS.items(), ids=ENDS.keys())
async def test_a_silent_client_gets_exactly_these_bytes_and_this_end(quirk, expected):
    async with playing(quirk) as peer:
        assert await everything(peer.address, limit=0.15) == expected


@pytest.mark.parametrize("quirk", ["G27", "G28"])
async def test_floods_are_longer_than_any_sane_limit(quirk):
    async with playing(quirk) as peer:
        got, _ = await everything(peer.address, limit=0.15)
        assert len(got) > 2**18


async def test_hostile_bytes_are_sent_unchanged():
    async with playing("G26") as peer:
        got, _ = await everything(peer.address, b"QUIT\r\n", limit=0.2)
    assert got.startswith(b"220 x <!channel> <@U123> *b* `code` <https://evil.example|login> \x1b[31m\x00\r\n")


async def test_a_client_that_speaks_before_the_greeting_is_sent_away():
    async with Peer(*QUIRKS["E09"].scripts(Stage(pace=0.1))) as peer:
        got, end = await everything(peer.address, b"EHLO early\r\n")
    assert (got, end) == (b"554 SMTP synchronization error\r\n", "closed")


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
        got, _ = await everything(peer.address, b"EHLO x\r\nSTARTTLS\r\n", limit=0.1)
    assert got.endswith(b"220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n")


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


@pytest.mark.parametrize(("quirk", "offered"), [("E14", False), ("E15a", False), ("E02", True), ("E05", True)])
async def test_masked_extensions_are_not_offered_and_untidy_ones_are(quirk, offered):
    async with playing(quirk) as peer:
        client = await client_of(peer)
        await client.ehlo()
        assert client.supports_extension("starttls") is offered
        await client.quit()


async def test_one_at_a_time_answers_421_to_a_second_connection():
    async with Peer(*QUIRKS["G07"].scripts(STAGE), one_at_a_time=True) as peer:
        got = await asyncio.gather(*(everything(peer.address, limit=0.1) for _ in range(2)))
        assert {greeting[:3] for greeting, _ in got} == {b"", b"421"}
        assert peer.most_at_once == 2
