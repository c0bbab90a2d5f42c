"""What Portero says where the name server answers for every name, as captive portals do: an unbound that redirects."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.networks import HERE
from tests.real.running import check, codes, running, told
from tests.real.software import program

RESOLVER, PORTAL = "127.0.3.60", "127.0.13.80"
SETTINGS = """
server:
  interface: {address}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  local-zone: "." redirect
  local-data: ". 60 IN A {portal}"
  local-zone: "invalid." nodefault
  local-zone: "test." nodefault
"""


@pytest.fixture(scope="module")
def redirecting(place: Path) -> Iterator[str]:
    folder = place / "captive"
    folder.mkdir()
    config = folder / "unbound.conf"
    config.write_text(SETTINGS.format(address=RESOLVER, folder=folder, portal=PORTAL))
    with running(program("unbound"), "-c", str(config), "-d", listens=(RESOLVER, 53), cwd=folder):
        yield RESOLVER


@pytest.mark.parametrize("rules", [(), (f"ip daddr {PORTAL} tcp dport 25 drop",)], ids=["refuses", "silent"])
def test_nothing_is_said_of_a_host_whose_address_a_portal_made_up(rules: tuple[str, ...], redirecting: str):
    with HERE.rules("output", *rules):
        document = check("mx.somebody.test", "25", PORTERO_NAMESERVERS=redirecting)
    words = told(document)
    assert document["verdict"] == "unknown", words
    assert "dns_invented" in codes(document), words
    assert "fault is on our side" in words
    assert [one for one in ("not usable", "the target's side", "refuses", "host's side") if one in words] == []
