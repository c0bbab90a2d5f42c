"""What a check costs, with plain aiosmtplib beside it in the same run.

(a) All four ports of one host through a relay that delays each direction by half a round trip. The limit is the
    delays alone: 4.5 round trips (greeting one way, EHLO, STARTTLS, TLS 1.3, EHLO); TCP's own is not delayed.
(b) 200 hosts times 4 ports, a certificate for each host: endpoints a second, and CPU a probe against aiosmtplib's.

Both speak the same dialogue to the same host by its name, from the greeting to QUIT, and verify its certificate, as
aiosmtplib does unless it is told not to. What that costs shows a third side, which verifies nothing.

Run it on a quiet machine with two cores: `python bench/check.py`. Absolute figures differ from machine to machine; the
ratios are what to compare.
"""

import asyncio
import resource
import socket
import ssl
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ipaddress import ip_network

import aiosmtplib
import uvloop
from mailhosts import PORTS, host_name, serving

from bot.operations.run import keep_loaded
from bot.probers import make_prober
from bot.settings import Settings
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import tls_context

LIMITS = {50.0: 1.05, 20.0: 1.11}
HOSTS, AT_ONCE, ROUNDS = 200, 64, 9
SPEED, CPU_RATIO = 0.75, 1.33


class Known:
    """A resolver that knows the benchmark's hosts: DNS is measured apart."""

    async def look_up(self, target):
        number = int(target.name[1:].split(".")[0])
        address = f"198.51.{100 + number // 250}.{number % 250 + 1}"
        return Dns(name=target.name, kind="host", hosts=(HostAddresses(target.name, (address,), "host"),))


def prober_for(served):
    ports = {int(port): real for port, real in served["ports"].items()}
    settings = Settings(ehlo_name="probe.bench.example", allow_networks=(ip_network("198.51.0.0/16"),))
    prober = make_prober(
        settings,
        store=TrustStore.from_pem(served["ca"].encode()),
        route=lambda _address, port: ("127.0.0.1", ports[port]),
    )
    prober.resolver = Known()
    prober.examine = None  # policy is DNS, and DNS is measured apart
    return prober


async def our_check(prober, number, at_once=None):
    async with at_once or asyncio.Semaphore():
        check = await prober.check(Target(host_name(number), "name", host_name(number)), PORTS, check_id="bench")
    assert all(report.usable and report.certificate.trusted for report in check.endpoints), to_document(check)
    return len(check.endpoints)


def verifying_context(served):
    """The same protocol versions and ciphers as ours, and what a client does of itself: trust the CA, hold the name."""
    context = tls_context()
    context.load_verify_locations(cadata=served["ca"])
    context.verify_mode, context.check_hostname = ssl.CERT_REQUIRED, True
    return context


async def plain_session(name, port, real, context):
    """aiosmtplib alone: the same commands, the peer certificate's bytes, no analysis."""
    sock = socket.socket()
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", real))
    smtp = aiosmtplib.SMTP(
        hostname=name,  # over `sock`, or port 465 would be asked for the certificate of an address
        sock=sock,
        use_tls=port == 465,
        start_tls=False,
        tls_context=context,
        local_hostname="probe.bench.example",
        timeout=15,
    )
    await smtp.connect()
    await smtp.ehlo()
    if port != 465:
        await smtp.starttls()
        await smtp.ehlo()
    assert smtp.get_transport_info("ssl_object").getpeercert(True)
    return smtp


async def farewell(smtp):
    try:
        await smtp.quit()
    except aiosmtplib.SMTPException:
        smtp.close()


async def plain_check(served, number, context, at_once=None, partings=None):
    async with at_once or asyncio.Semaphore():
        ports = {int(port): real for port, real in served["ports"].items()}
        sessions = await asyncio.gather(
            *(plain_session(host_name(number), port, ports[port], context) for port in PORTS)
        )
        parting = asyncio.gather(*(farewell(smtp) for smtp in sessions))
        await parting if partings is None else partings.append(parting)
    return len(sessions)


async def latency(rtt_ms, runs=15):
    """(a): median wall seconds of one check over `runs`, ours and plain in turn."""
    ours, plain = [], []
    with serving(1, rtt_ms) as served:
        prober, context = prober_for(served), verifying_context(served)
        for run in range(runs + 2):
            began = time.perf_counter()
            await our_check(prober, 0)
            middle = time.perf_counter()
            await prober.close()
            again = time.perf_counter()
            partings = []
            await plain_check(served, 0, context, partings=partings)
            ended = time.perf_counter()
            await asyncio.gather(*partings)
            if run >= 2:
                ours.append(middle - began)
                plain.append(ended - again)
    limit = 4.5 * rtt_ms / 1000
    row = [statistics.median(ours), statistics.median(plain)]
    print(
        f"  RTT {rtt_ms:>4.0f} ms   limit {limit:.4f} s   portero {row[0]:.4f} s = {row[0] / limit:.3f}x"
        f" (goal {LIMITS[rtt_ms]:.2f})"
        f"   aiosmtplib {row[1]:.4f} s = {row[1] / limit:.3f}x"
    )
    return row[0] / limit <= LIMITS[rtt_ms]


def cpu():
    return time.process_time()


async def round_of(make, finish):
    """One round over all hosts: (wall seconds, CPU seconds, endpoints). `finish` waits for what says QUIT yet."""
    began, burnt = time.perf_counter(), cpu()
    done = await asyncio.gather(*(make(number) for number in range(HOSTS)))
    await finish()
    return time.perf_counter() - began, cpu() - burnt, sum(done)


async def throughput():
    """(b): all sides in turn, `ROUNDS` times; the first round of each warms up."""
    with serving(HOSTS) as served:
        prober, verifying, trusting = prober_for(served), verifying_context(served), tls_context()
        at_once = asyncio.Semaphore(AT_ONCE // len(PORTS))
        sides = {
            "portero": lambda number: our_check(prober, number, at_once),
            "aiosmtplib": lambda number: plain_check(served, number, verifying, at_once),
            "unverified": lambda number: plain_check(served, number, trusting, at_once),
        }
        rows = {name: [] for name in sides}
        for _ in range(ROUNDS + 1):
            for name, make in sides.items():
                rows[name].append(await round_of(make, prober.close))
    for name, rounds in rows.items():
        wall, burnt, endpoints = (statistics.median(column) for column in zip(*rounds[1:], strict=True))
        print(
            f"  {name:10} {endpoints:.0f} endpoints in {wall:.2f} s = {endpoints / wall:.0f} a second,"
            f" CPU {burnt / endpoints * 1000:.2f} ms each"
        )
    speed, ratio = compared(rows["portero"], rows["aiosmtplib"])
    _, beside_unverified = compared(rows["portero"], rows["unverified"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {speed:.2f} of aiosmtplib's endpoints a second (goal {SPEED}), CPU ratio {ratio:.2f} (goal {CPU_RATIO}),"
        f" {beside_unverified:.2f} to the unverified; peak memory {memory:.0f} MiB"
    )
    return speed >= SPEED and ratio <= CPU_RATIO


def compared(ours, plain):
    """Of each pair of rounds: our endpoints a second by theirs, our CPU by theirs; medians."""
    pairs = list(zip(ours[1:], plain[1:], strict=True))
    return (
        statistics.median(theirs[0] / mine[0] for mine, theirs in pairs),
        statistics.median(mine[1] / theirs[1] for mine, theirs in pairs),
    )


async def main():
    keep_loaded()  # as `portero run` does; aiosmtplib beside it has the same
    print("(a) one host, four ports; DNS apart; median of 15")
    good = [await latency(50.0), await latency(20.0)]
    print(f"(b) {HOSTS} hosts x {len(PORTS)} ports, {AT_ONCE} at once; median of {ROUNDS}")
    good.append(await throughput())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
