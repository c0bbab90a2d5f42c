"""How the tests of quirks play one and meet it as a real client does."""

import ssl

import aiosmtplib

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST, Stage
from bot.demo.lab.quirks import QUIRKS
from tests.lab.clients import trusting

STAGE = Stage(pace=0.005)


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
