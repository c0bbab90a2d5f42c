"""The names of the suite, served by unbound: it forwards nothing and knows nothing else."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from tests.real.running import NAMESERVER, running
from tests.real.software import program

ZONE = "real.test"
SETTINGS = """
server:
  interface: {address}
  port: 53
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  local-zone: "." static
  local-zone: "127.in-addr.arpa." nodefault
remote-control:
  control-enable: yes
  control-interface: {folder}/control
  control-use-cert: no
"""


@dataclass(frozen=True)
class Names:
    """A running name server."""

    config: Path

    def add(self, name: str, address: str, zone: str = ZONE) -> None:
        """A host below a zone with this address, both ways."""
        kind, full = "AAAA" if ":" in address else "A", f"{name}.{zone}"
        self.record(f"{full}. {kind} {address}", f"{ip_address(address).reverse_pointer}. PTR {full}.")

    def record(self, *lines: str) -> None:
        """Records as lines of a zone file."""
        for line in lines:
            self._control("local_data", *line.split())

    def _control(self, *words: str) -> None:
        command = ["/usr/sbin/unbound-control", "-c", str(self.config), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stdout + done.stderr


@contextmanager
def unbound(folder: Path) -> Iterator[Names]:
    config = folder / "unbound.conf"
    config.write_text(SETTINGS.format(address=NAMESERVER, folder=folder))
    with running(program("unbound"), "-c", str(config), "-d", listens=(NAMESERVER, 53), cwd=folder):
        yield Names(config)
