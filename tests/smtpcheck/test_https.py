"""The guarded HTTPS client: one judged address, a verified name, bounds, and nothing that the environment adds."""

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network

import pytest

from bot.demo.lab.certificates import Authority
from bot.demo.lab.dns import LabDns
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.https.client import MAX_HEAD, HttpsClient, Message
from commands.smtpcheck.lookup.question import SecureResolver
from tests.smtpcheck.policies import AT, AUTHORITY, STORE, response, web

NAME = "mta-sts.example.com"
LOOPBACK = ip_network("127.0.0.0/8")
OK = response("fine")
PATIENCE = 20.0


@dataclass
class Asked:
    client: HttpsClient
    dns: LabDns
    port: int
    heard: list

    async def get(self, *, within=PATIENCE, at=AT, **changes):
        message = replace(Message(NAME, "/x", self.port), **changes)
        return await self.client.send(message, at=at, within=within)


@asynccontextmanager
async def serving(answer=OK, *, addresses=("127.0.0.1",), allow=(LOOPBACK,), names=(NAME,), store=STORE):
    async with LabDns({NAME: {"A": list(addresses)}}) as dns, web(answer, names) as (port, heard):
        ask = SecureResolver(((dns.host, dns.port),)).ask
        yield Asked(HttpsClient(ask, Guard(allow), store), dns, port, heard)


async def test_an_answer_is_read():
    async with serving() as asked:
        fetched = await asked.get()
    assert (fetched.response.status, fetched.response.body) == (200, b"fine")


async def test_a_name_is_looked_up_once_and_the_system_is_not_asked(monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("the system's resolver was asked")

    async with serving() as asked:
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert (await asked.get()).response.status == 200
        assert asked.dns.queries[NAME, "A"] == 1


@pytest.mark.parametrize("proxy", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
async def test_a_proxy_of_the_environment_is_not_used(monkeypatch, proxy):
    async with serving() as asked, serving() as other:
        monkeypatch.setenv(proxy, f"http://127.0.0.1:{other.port}")
        assert (await asked.get()).response.status == 200
    assert other.heard == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status):
    async with serving() as other:
        there = f"Location: https://{NAME}:{other.port}/\r\n"
        async with serving(response("", status=f"{status} Moved", more=there)) as asked:
            assert (await asked.get()).response.status == status
        assert (len(asked.heard), other.heard) == (1, [])


@pytest.mark.parametrize(
    ("addresses", "allow", "failure"),
    [
        (("127.0.0.1",), (), "forbidden"),
        (("10.0.0.1", "169.254.169.254"), (LOOPBACK,), "forbidden"),
        ((), (LOOPBACK,), "no_host"),
    ],
)
async def test_a_name_without_an_address_that_is_open_is_closed(addresses, allow, failure):
    async with serving(addresses=addresses, allow=allow) as asked:
        assert (await asked.get()).failure == failure
    assert asked.heard == []


async def test_an_address_that_is_off_limits_is_passed_over():
    async with serving(addresses=("127.0.0.1", "10.0.0.1", "169.254.169.254"), allow=(LOOPBACK,)) as asked:
        reached = []
        asked.client = replace(asked.client, route=lambda address, port: reached.append(address) or (address, port))
        assert (await asked.get()).response.status == 200
    assert reached == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
async def test_an_address_in_the_place_of_a_name_is_judged_as_well(host):
    async with serving(allow=()) as asked:
        assert (await asked.get(host=host)).failure == "forbidden"
    assert asked.heard == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost"])
async def test_a_spelling_that_only_the_system_takes_for_an_address_is_a_name_without_one(host):
    async with serving() as asked:
        assert (await asked.get(host=host)).failure == "no_host"
    assert asked.heard == []


async def test_another_address_is_tried_where_the_first_takes_no_connection():
    tried = []
    async with serving(addresses=("127.0.0.2", "127.0.0.3", "127.0.0.4")) as asked:

        def route(address, port):
            tried.append(address)
            return ("127.0.0.1", port) if address == "127.0.0.3" else ("127.0.0.1", 1)

        asked.client = replace(asked.client, route=route)
        assert (await asked.get()).response.status == 200
    assert tried == ["127.0.0.2", "127.0.0.3"]


@pytest.mark.parametrize(
    ("how", "detail"),
    [
        ({"names": ("other.example.com",)}, "cert_name_mismatch"),
        ({"store": type(STORE).from_pem(Authority("Another", now=AT).pem.encode())}, "cert_untrusted"),
        ({"store": type(STORE)(())}, "cert_untrusted"),
    ],
)
async def test_who_is_not_proven_to_be_the_host_is_sent_nothing(how, detail):
    async with serving(**how) as asked:
        fetched = await asked.get(method="POST", content=b"secret")
    assert (fetched.failure, fetched.detail) == ("certificate", detail)
    assert asked.heard == []


async def test_a_certificate_out_of_date_is_not_believed():
    async with serving() as asked:
        fetched = await asked.get(at=AT.replace(year=2036))
    assert (fetched.failure, fetched.detail, asked.heard) == ("certificate", "cert_expired", [])


async def test_a_server_that_says_nothing_is_left_in_time():
    async with serving() as asked:
        gate = asyncio.Event()

        async def silent(_reader, writer):
            await gate.wait()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0, ssl=AUTHORITY.issue(NAME).context())
        async with server:
            fetched = await asked.get(port=server.sockets[0].getsockname()[1], within=0.2)
            gate.set()
    assert fetched.failure == "timeout"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (response("x" * 101), "too_large"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"41\r\n" + b"x" * 65 + b"\r\n" + b"fffff\r\n",
            "malformed",
        ),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (MAX_HEAD + 200), "too_large"),
        (b"220 mail ESMTP\r\n", "malformed"),
        (b"", "malformed"),
    ],
)
async def test_what_is_no_answer_or_too_long_is_named(answer, failure):
    async with serving(answer) as asked:
        assert (await asked.get(most=100)).failure == failure


async def test_where_the_body_is_not_wanted_the_answer_ends_with_its_head():
    async with serving(b"HTTP/1.1 202 Accepted\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 90_000) as asked:
        fetched = await asked.get(most=0)
    assert (fetched.response.status, fetched.response.body) == (202, b"")


async def test_a_post_says_how_long_it_is_and_names_a_port_of_its_own():
    async with serving() as asked:
        await asked.get(method="POST", content=b"{}", fields={"X-Word": "one"}, target="/a?b=c")
    [head] = asked.heard
    assert head.startswith(f"POST /a?b=c HTTP/1.1\r\nHost: {NAME}:{asked.port}\r\n".encode())
    assert b"\r\nX-Word: one\r\nContent-Length: 2\r\nConnection: close\r\n\r\n" in head


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "/x HTTP/1.1\r\nHost: evil.example"},
        {"target": "/x y"},
        {"target": "x"},
        {"target": ""},
        {"target": "/\u00e9"},
        {"host": "a.example\r\nX: y"},
        {"fields": {"X": "a\r\nY: b"}},
        {"fields": {"X\n": "a"}},
    ],
)
def test_what_could_be_read_as_more_than_one_request_is_refused(wrong):
    with pytest.raises(ValueError, match="printable ASCII"):
        Message(**{"host": NAME, "target": "/", **wrong})


def test_the_content_does_not_show():
    assert "hunter2" not in repr(Message(NAME, "/", content=b"hunter2"))
