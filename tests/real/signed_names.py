"""Names with DNSSEC: BIND with a signed root, a signed zone and one that is not, and an unbound that validates."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.real.running import running
from tests.real.software import program

AUTHORITATIVE, VALIDATING, PLAIN = "127.0.0.1", "127.0.0.61", "127.0.0.62"
"""Addresses of BIND, which takes one of an interface, and of the resolvers before it: one validates, one does not."""

SIGNED, UNSIGNED = "test", "plain.test"
HEAD = "$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\n"

NAMED = """
options {{
  directory "{folder}"; listen-on port 53 {{ {address}; }}; listen-on-v6 {{ none; }}; pid-file none; recursion no;
  session-keyfile none; notify no; dnssec-validation no; check-names primary ignore; check-integrity no;
}};
controls {{ }};
zone "." {{ type primary; file "root.signed"; }};
zone "{signed}" {{ type primary; file "{signed}.signed"; }};
zone "{unsigned}" {{ type primary; file "{unsigned}"; }};
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
  local-zone: "test." nodefault
  module-config: "{modules}"
  {anchor}
stub-zone:
  name: "."
  stub-addr: {authoritative}
"""


@contextmanager
def signed_names(folder: Path, signed: Sequence[str], unsigned: Sequence[str]) -> Iterator[None]:
    """Serve these lines of zone files. The root and `SIGNED` are signed, `UNSIGNED` is not."""
    (folder / UNSIGNED).write_text(HEAD + "\n".join(unsigned) + "\n")
    delegation = f"{UNSIGNED}. NS ns.test.\nns.test. A {AUTHORITATIVE}\n"
    _sign(folder, SIGNED, HEAD + delegation + "\n".join(signed) + "\n")
    below = (folder / f"dsset-{SIGNED}.").read_text()
    anchor = _sign(folder, "root", f"{HEAD}{SIGNED}. NS ns.test.\nns.test. A {AUTHORITATIVE}\n{below}", origin=".")
    (folder / "named.conf").write_text(
        NAMED.format(folder=folder, address=AUTHORITATIVE, signed=SIGNED, unsigned=UNSIGNED)
    )
    with ExitStack() as servers:
        named = (program("bind9"), "-g", "-c", str(folder / "named.conf"))
        servers.enter_context(running(*named, listens=(AUTHORITATIVE, 53), cwd=folder))
        for address, modules in ((VALIDATING, "validator iterator"), (PLAIN, "iterator")):
            servers.enter_context(_unbound(folder / address, address, modules, anchor))
        yield


def _sign(folder: Path, stem: str, text: str, origin: str = "") -> Path:
    """Sign a zone with a key of its own; the file of that key."""
    (folder / stem).write_text(text)
    zone = origin or stem
    made = _run(folder, "dnssec-keygen", "-a", "ECDSAP256SHA256", "-f", "KSK", zone).strip()
    _run(folder, "dnssec-signzone", "-S", "-z", "-o", zone, "-f", f"{stem}.signed", stem)
    return folder / f"{made}.key"


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


@contextmanager
def _unbound(folder: Path, address: str, modules: str, anchor: Path) -> Iterator[None]:
    folder.mkdir()
    trusted = f'trust-anchor-file: "{anchor}"' if "validator" in modules else ""
    config = folder / "unbound.conf"
    config.write_text(
        UNBOUND.format(address=address, folder=folder, modules=modules, anchor=trusted, authoritative=AUTHORITATIVE)
    )
    with running(program("unbound"), "-c", str(config), "-d", listens=(address, 53), cwd=folder):
        yield
