"""200 hosts at once, none of which answers: one connect time-out and little more, and memory.

Filtered ports on loopback (a listener with a full backlog drops what knocks). `python bench/silent.py`.
"""

import asyncio
import resource
import sys
import time
from ipaddress import ip_network

import uvloop

from bot.console.process import raise_file_limit
from bot.demo.lab.peer import FilteredPort
from bot.probers import make_prober
from bot.settings import Settings
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits

HOSTS = 200
OVER_SECONDS, MEMORY_MIB = 2.0, 200


async def main():
    raise_file_limit()
    settings = Settings(ehlo_name="probe.bench.example", allow_networks=(ip_network("198.51.0.0/16"),))
    async with FilteredPort("127.0.0.1") as silent:
        prober = make_prober(settings, store=TrustStore([]), route=lambda _address, _port: silent.address)
        prober.control.hosts = {}
        prober.examine = None
        began = time.perf_counter()
        addresses = [f"198.51.{100 + number // 250}.{number % 250 + 1}" for number in range(HOSTS)]
        checks = await asyncio.gather(
            *(prober.check(Target(address, "address", address), check_id="bench") for address in addresses)
        )
        took = time.perf_counter() - began
        await prober.close()
    states = {report.state for check in checks for report in check.endpoints}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    over = took - Limits().connect
    print(
        f"{HOSTS} hosts x 4 ports, states {sorted(states)}: {took:.2f} s, {over:.2f} s over the connect time-out"
        f" (goal {OVER_SECONDS}); peak memory {memory:.0f} MiB (goal {MEMORY_MIB})"
    )
    return 0 if over <= OVER_SECONDS and memory < MEMORY_MIB and states == {"no_answer"} else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
