"""How the lab's tests talk to it: plain sockets, aiosmtplib and dnspython, on real connections."""

import asyncio
import contextlib
import ssl

import aiosmtplib
import dns.asyncresolver

TIMEOUT = 5.0


def trusting(pem):
    return ssl.create_default_context(cadata=pem)


def smtp(lab, address, port, *, hostname="mail.lab.example", implicit=False):
    """An aiosmtplib client for one lab endpoint that trusts the lab's CA alone."""
    host, real_port = lab.endpoints[address, port]
    context = trusting(lab.roots_pem)
    return _Named(hostname, host, real_port, context, implicit)


class _Named(aiosmtplib.SMTP):
    """Connects to the loopback port and verifies the certificate against the lab's name."""

    def __init__(self, name, host, port, context, implicit):
        super().__init__(
            hostname=host, port=port, use_tls=implicit, start_tls=False, tls_context=context,
            local_hostname="probe.example", timeout=TIMEOUT, validate_certs=True,
        )  # fmt: skip
        self.lab_name = name
        if implicit:
            context.check_hostname = False

    async def upgrade(self):
        return await self.starttls(server_hostname=self.lab_name)


def resolver(server):
    made = dns.asyncresolver.Resolver(configure=False)
    made.nameservers = [server[0]]
    made.port = server[1]
    made.lifetime = 3.0
    made.timeout = 1.0
    return made


async def first(address, count, *, sends=b""):
    """The first so many bytes that a server sends."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(sends)
    try:
        async with asyncio.timeout(TIMEOUT):
            return await reader.readexactly(count)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def everything(address, sends=b"", *, limit=TIMEOUT):
    """All that a server sends until it closes; 'reset' or 'silence' after that when it ended so."""
    reader, writer = await asyncio.open_connection(*address)
    got, end = b"", "closed"
    try:
        writer.write(sends)
        async with asyncio.timeout(limit):
            while data := await reader.read(65536):
                got += data
    except TimeoutError:
        end = "silence"
    except ConnectionResetError:
        end = "reset"
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return got, end
