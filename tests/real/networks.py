"""Networks of their own behind the suite's: a router, and a host behind it, as the kernel makes them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.running import PATIENCE
from tests.real.software import program

ROUTER, HOST = "10.9.0.2", "10.9.1.2"
ROUTER_SIX, HOST_SIX, NOBODY_SIX = "fd09::2", "fd09:1::2", "fd09::77"


@dataclass(frozen=True)
class Network:
    """A network namespace, kept by a process that does nothing; pid 0 is the suite's own."""

    pid: int

    @property
    def within(self) -> tuple[str, ...]:
        """What stands before a command that is to run there."""
        return ("nsenter", "-t", str(self.pid), "-n") if self.pid else ()

    def run(self, *command: str, told: str = "") -> None:
        done = subprocess.run([*self.within, *command], input=told, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr

    @contextmanager
    def rules(self, chain: str, *rules: str) -> Iterator[None]:
        """Rules of nftables in this network's input, output or forward chain."""
        lines = "\n".join(rules)
        table = f"table inet real {{\n chain here {{\n type filter hook {chain} priority 0;\n{lines}\n}}\n}}\n"
        self.run(program("nftables"), "-f", "-", told=table)
        try:
            yield
        finally:
            self.run(program("nftables"), "delete", "table", "inet", "real")


HERE = Network(0)


@contextmanager
def network() -> Iterator[Network]:
    process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    own, made = Path("/proc/self/ns/net"), Path(f"/proc/{process.pid}/ns/net")
    end = time.monotonic() + PATIENCE
    while made.readlink() == own.readlink() and time.monotonic() < end:
        time.sleep(0.01)
    try:
        apart = Network(process.pid)
        apart.run("ip", "link", "set", "lo", "up")
        yield apart
    finally:
        process.kill()
        process.wait()


LISTENER = """
import socket, sys
listening = [socket.create_server(("", int(port)), family=socket.AF_INET) for port in sys.argv[1:]]
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def listening(place: Network, *ports: int) -> Iterator[None]:
    """Somebody who takes connections on these ports and says nothing: all that a control host has to do."""
    command = [*place.within, sys.executable, "-c", LISTENER, *map(str, ports)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.stdin.close()
        process.wait(PATIENCE)
        process.stdout.close()


def link(near: Network, far: Network, name: str, subnets: tuple[str, str]) -> None:
    """A cable between two networks: the near end is .1 and ::1 of the subnets, the far end .2 and ::2."""
    near.run("ip", "link", "add", f"{name}0", "type", "veth", "peer", "name", f"{name}1", "netns", str(far.pid))
    for number, place in enumerate((near, far)):
        four, six = (subnet.format(number + 1) for subnet in subnets)
        place.run("ip", "address", "add", four, "dev", f"{name}{number}")
        place.run("ip", "address", "add", six, "dev", f"{name}{number}", "nodad")
        place.run("ip", "link", "set", f"{name}{number}", "up")


@contextmanager
def routed() -> Iterator[tuple[Network, Network]]:
    """A router next to the suite's network, and a host behind it."""
    with network() as router, network() as host:
        link(HERE, router, "r", ("10.9.0.{}/24", "fd09::{}/64"))
        link(router, host, "h", ("10.9.1.{}/24", "fd09:1::{}/64"))
        router.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        HERE.run("ip", "route", "add", "10.9.1.0/24", "via", ROUTER)
        HERE.run("ip", "route", "add", "fd09:1::/64", "via", ROUTER_SIX)
        host.run("ip", "route", "add", "default", "via", "10.9.1.1")
        host.run("ip", "route", "add", "default", "via", "fd09:1::1")
        try:
            yield router, host
        finally:
            HERE.run("ip", "link", "delete", "r0")
