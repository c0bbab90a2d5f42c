"""BIND and unbound as name servers on addresses of loopback, each with its files in one folder."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from tests.real.running import running
from tests.real.software import program

NAMED = """
options {{
  directory "{folder}"; listen-on port 53 {{ {address}; }}; listen-on-v6 {{ none; }}; pid-file none; recursion no;
  session-keyfile none; notify no; dnssec-validation no; check-names primary ignore; check-integrity no;
}};
controls {{ }};
{zones}
"""
UNBOUND = """
server:
  interface: {address}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  do-not-query-localhost: no
  ede: yes
  local-zone: "test." nodefault
  module-config: "{modules}"
  {anchors}
{stubs}
"""


def bind(folder: Path, address: str, files: Mapping[str, str]) -> AbstractContextManager[object]:
    """BIND, serving zones by the name of their file. The address must be one of an interface."""
    zones = "".join(f'zone "{zone}" {{ type primary; file "{file}"; }};\n' for zone, file in files.items())
    config = folder / "named.conf"
    config.write_text(NAMED.format(folder=folder, address=address, zones=zones))
    return running(program("bind9"), "-g", "-c", str(config), listens=(address, 53), cwd=folder)


def unbound(
    folder: Path, address: str, stubs: Mapping[str, str], anchors: Sequence[Path] = ()
) -> AbstractContextManager[object]:
    """An unbound that asks for each zone at the address beside it, and validates where it has anchors."""
    told = "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {server}\n' for zone, server in stubs.items())
    lines = "\n  ".join(f'trust-anchor-file: "{anchor}"' for anchor in anchors)
    modules = "validator iterator" if anchors else "iterator"
    config = folder / "unbound.conf"
    config.write_text(UNBOUND.format(folder=folder, address=address, modules=modules, anchors=lines, stubs=told))
    return running(program("unbound"), "-c", str(config), "-d", listens=(address, 53), cwd=folder)
