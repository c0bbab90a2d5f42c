"""Names with DNSSEC: BIND with a signed root, a signed zone and one that is not, and an unbound that validates."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.real.name_servers import bind, unbound

AUTHORITATIVE, VALIDATING, PLAIN = "127.0.0.1", "127.0.0.61", "127.0.0.62"
"""Addresses of BIND, which takes one of an interface, and of the resolvers before it: one validates, one does not."""

SIGNED, UNSIGNED, ISLAND = "test", "plain.test", "island.test"
"""The last is signed, and the zone above does not say so: it has no DS record for it."""

HEAD = "$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\n"


@contextmanager
def signed_names(
    folder: Path, signed: Sequence[str], unsigned: Sequence[str], island: Sequence[str] = ()
) -> Iterator[None]:
    """Serve these lines of zone files. The root and `SIGNED` are signed, and `ISLAND` for itself; `UNSIGNED` is not."""
    (folder / UNSIGNED).write_text(HEAD + "\n".join(unsigned) + "\n")
    delegation = f"{UNSIGNED}. NS ns.test.\n{ISLAND}. NS ns.test.\nns.test. A {AUTHORITATIVE}\n"
    _sign(folder, ISLAND, HEAD + "\n".join(island) + "\n")
    (folder / f"dsset-{ISLAND}.").unlink()
    _sign(folder, SIGNED, HEAD + delegation + "\n".join(signed) + "\n")
    below = (folder / f"dsset-{SIGNED}.").read_text()
    anchor = _sign(folder, "root", f"{HEAD}{SIGNED}. NS ns.test.\nns.test. A {AUTHORITATIVE}\n{below}", origin=".")
    zones = {".": "root.signed", SIGNED: f"{SIGNED}.signed", UNSIGNED: UNSIGNED, ISLAND: f"{ISLAND}.signed"}
    with ExitStack() as servers:
        servers.enter_context(bind(folder, AUTHORITATIVE, zones))
        for address, anchors in ((VALIDATING, (anchor,)), (PLAIN, ())):
            (folder / address).mkdir()
            servers.enter_context(unbound(folder / address, address, {".": AUTHORITATIVE}, anchors))
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
