"""HAProxy in TCP mode, as load balancers in front of mail servers run it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.running import running
from tests.real.software import program

SETTINGS = """
global
  log stdout format raw local0
defaults
  mode tcp
  timeout connect 2s
  timeout client 40s
  timeout server 40s
"""


@contextmanager
def haproxy(folder: Path, *listeners: tuple[str, int, str, str]) -> Iterator[None]:
    """Run it. A listener is an address and a port, options of its bind line, and its server line without a name."""
    blocks = [
        f"listen l{number}\n  bind {address}:{port} {options}\n  server s {server}\n"
        for number, (address, port, options, server) in enumerate(listeners)
    ]
    config = folder / "haproxy.cfg"
    config.write_text(SETTINGS + "\n".join(blocks))
    address, port, *_ = listeners[0]
    with running(program("haproxy"), "-db", "-f", str(config), listens=(address, port), cwd=folder):
        yield
