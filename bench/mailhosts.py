"""Mail servers for the benchmarks, in a process of their own: many names, a certificate each (chosen by SNI).

`python bench/mailhosts.py COUNT RTT_MS` prints one line of JSON with the ports and the CA, then serves until its input
ends. With an RTT, a relay in front delays each direction by half of it.
"""

import asyncio
import json
import ssl
import subprocess
import sys
from contextlib import AsyncExitStack, contextmanager

import uvloop

from bot.demo.lab.certificates import Authority
from bot.demo.lab.relay import DelayRelay

PORTS = (25, 465, 587, 2525)
BEFORE = b"250-bench.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n250 STARTTLS\r\n"
AFTER = b"250-bench.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n"


def host_name(number: int) -> str:
    return f"h{number}.bench.example"


@contextmanager
def serving(count: int, rtt_ms: float = 0.0):
    """The servers as a child process: what it printed."""
    command = [sys.executable, __file__, str(count), str(rtt_ms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield json.loads(child.stdout.readline())
        finally:
            child.stdin.close()


def context_by_name(authority: Authority, count: int) -> ssl.SSLContext:
    contexts = {host_name(number): authority.issue(host_name(number)).context() for number in range(count)}
    default = contexts[host_name(0)]

    def choose(connection, name, _context):
        connection.context = contexts.get(name or "", default)

    default.sni_callback = choose
    return default


async def session(reader, writer, context, *, implicit):
    try:
        writer.write(b"220 bench.example ESMTP\r\n")
        answer = AFTER if implicit else BEFORE
        while line := await reader.readline():
            verb = line[:8].upper()
            if verb == b"STARTTLS":
                writer.write(b"220 2.0.0 go\r\n")
                await writer.start_tls(context)
                answer = AFTER
            elif verb.startswith(b"QUIT"):
                writer.write(b"221 2.0.0 bye\r\n")
                break
            else:
                writer.write(answer)
        writer.close()
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
        writer.transport.abort()


async def main(count: int, rtt_ms: float) -> None:
    authority = Authority()
    context = context_by_name(authority, count)
    async with AsyncExitStack() as stack:
        ports = {}
        for port in PORTS:
            implicit = port == 465
            server = await asyncio.start_server(
                lambda r, w, implicit=implicit: session(r, w, context, implicit=implicit),
                "127.0.0.1",
                0,
                backlog=1024,
                ssl=context if implicit else None,
            )
            address = server.sockets[0].getsockname()
            if rtt_ms:
                relay = await stack.enter_async_context(DelayRelay(address, rtt_ms))
                address = relay.address
            ports[port] = address[1]
        print(json.dumps({"ports": ports, "ca": authority.pem}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2])))
