"""A small name server on loopback, UDP and TCP on one port."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Self, cast

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message

from bot.demo.lab.zone import TTL, Answers, Fault, Zone, question

CLASSIC_UDP_SIZE = 512  # RFC 1035 section 4.2.1
ATTEMPTS_TO_BIND = 20
FORWARD_TIMEOUT = 3.0  # seconds


class LabDns:
    """Serves a zone (name -> type -> rdata texts) with faults by name; counts what it is asked.

    Answers as a resolver would (RA), with AD for `authenticated` names when the query asks for it. Names that the zone
    does not know are NXDOMAIN, or are asked of `forward_to` when that is given.
    """

    def __init__(
        self,
        zone: Zone,
        *,
        faults: Mapping[str, Fault] | None = None,
        authenticated: bool | Collection[str] = False,
        forward_to: tuple[str, int] | None = None,
        host: str = "127.0.0.1",
        ttl: int = TTL,
    ) -> None:
        self.host = host
        self.port = 0
        self.queries: Counter[tuple[str, str]] = Counter()
        self.tcp_queries = 0
        self._answers = Answers(zone, faults or {}, authenticated, ttl)
        self._forward_to = forward_to
        self._tasks: set[asyncio.Task[None]] = set()
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for attempt in range(ATTEMPTS_TO_BIND):
            self._udp, _ = await loop.create_datagram_endpoint(lambda: _Udp(self), local_addr=(self.host, 0))
            self.port = self._udp.get_extra_info("sockname")[1]
            try:
                self._tcp = await asyncio.start_server(self._serve_tcp, self.host, self.port)
            except OSError:
                self._udp.close()
                if attempt == ATTEMPTS_TO_BIND - 1:
                    raise
            else:
                break
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._udp:
            self._udp.close()
        if self._tcp:
            self._tcp.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close in the loop's next round

    @property
    def drops(self) -> bool:
        """Whether some question is never answered."""
        return self._answers.drops

    def asked(self, name: str, kind: str | None = None) -> int:
        """How often a name (of one type, or of any) was asked for."""
        return sum(n for (asked, of), n in self.queries.items() if asked == name and kind in (None, of))

    def serve_udp(self, packet: bytes, sender: tuple[str, int]) -> None:
        task = asyncio.get_running_loop().create_task(self._answer_udp(packet, sender))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_udp(self, packet: bytes, sender: tuple[str, int]) -> None:
        query = _parsed(packet)
        answer = await self._answer(query) if query else None
        if query is None or answer is None or self._udp is None:
            return
        if self._answers.fault(*question(query)).truncate:
            answer = dns.message.make_response(query, recursion_available=True)
            answer.flags |= dns.flags.TC
        size = max(query.payload, CLASSIC_UDP_SIZE)
        self._udp.sendto(answer.to_wire(max_size=size, prefer_truncation=True), sender)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(task := cast("asyncio.Task[None]", asyncio.current_task()))
        try:
            while query := _parsed(await reader.readexactly(int.from_bytes(await reader.readexactly(2)))):
                self.tcp_queries += 1
                if (answer := await self._answer(query)) is None:
                    continue
                wire = answer.to_wire()
                writer.write(len(wire).to_bytes(2) + wire)
        except (asyncio.IncompleteReadError, OSError):
            pass
        except asyncio.CancelledError:
            pass  # the server is closing; asyncio's streams log a cancelled handler as an error
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        name, kind = question(query)
        self.queries[name, kind] += 1
        fault = self._answers.fault(name, kind)
        await asyncio.sleep(fault.delay)
        if fault.drop:
            return None
        if self._forward_to and not self._answers.knows(name):
            return await self._ask_elsewhere(query, *self._forward_to)
        return self._answers.reply(query)

    async def _ask_elsewhere(self, query: dns.message.Message, host: str, port: int) -> dns.message.Message | None:
        try:
            answer, _ = await dns.asyncquery.udp_with_fallback(query, host, FORWARD_TIMEOUT, port)
        except (dns.exception.DNSException, OSError):
            return None
        return answer


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: LabDns) -> None:
        self._server = server

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server.serve_udp(data, addr)


def _parsed(packet: bytes) -> dns.message.Message | None:
    try:
        query = dns.message.from_wire(packet)
    except dns.exception.DNSException:
        return None
    return query if query.question else None
