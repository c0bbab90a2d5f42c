"""What Portero says of hosts that count the connections of a client over all their ports: servers and firewalls."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real.chains import Issuer, Wish
from tests.real.expected import Expected
from tests.real.haproxy import SETTINGS as HAPROXY
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.networks import HOST, Network, routed
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, MUST, SASL, WRAPPER, keys_of
from tests.real.running import CONTROL, check, codes, running, states, told
from tests.real.software import program
from tests.real.test_exim import Exim, exim

PORTS = (25, 465, 587)
WELL = dict.fromkeys(PORTS, "open")
LIMITED = "takes one connection at a time from here"

COUNTED = """
backend clients
  stick-table type ip size 1k expire 60s store conn_cur
"""
FRONT = """
frontend at{port}
  bind {address}:{port}
  tcp-request connection track-sc0 src table clients
  tcp-request connection reject if {{ sc0_conn_cur gt 1 }}
  default_backend behind{port}
backend behind{port}
  server mail {server}:{port}
"""
FIREWALL = """
table inet counts {{
  set clients {{ type ipv4_addr; flags dynamic; size 100; }}
  chain here {{
    type filter hook {chain} priority 0;
    tcp dport {{ 25, 465, 587 }} ct state new add @clients {{ ip saddr ct count over 1 }} {does}
  }}
}}
"""


@pytest.mark.usefixtures("controls")
def test_exim_that_takes_one_connection_of_each_client_is_judged_by_each_port(
    tmp_path: Path, place: Path, authority: Authority, names: Names
):
    row = Exim(Expected("ok", PORTS), "smtp_accept_max_per_host = 1")
    names.add("exim-one", "127.0.41.1")
    pair = Issuer(authority).single(Wish("exim", ("*.real.test",)))
    with exim(place / "exim-one", row, "exim-one", "127.0.41.1", pair, authority.root):
        document = check("exim-one.real.test", *map(str, PORTS), ca=authority.root)

    assert states(document) == WELL, told(document)
    assert LIMITED in told(document)


@pytest.mark.usefixtures("controls")
def test_haproxy_that_counts_clients_over_its_frontends_is_judged_by_each_port(
    tmp_path: Path, authority: Authority, names: Names
):
    names.add("haproxy-one", "127.0.41.2")
    config = tmp_path / "haproxy.cfg"
    fronts = (FRONT.format(address="127.0.41.2", port=port, server=CONTROL[0]) for port in PORTS)
    config.write_text(HAPROXY + COUNTED + "".join(fronts))
    with running(program("haproxy"), "-db", "-f", str(config), listens=("127.0.41.2", 25), cwd=tmp_path):
        document = check("haproxy-one.real.test", *map(str, PORTS), ca=authority.root)

    assert states(document) == WELL, told(document)
    assert LIMITED in told(document)


@pytest.fixture(scope="module")
def networks(place: Path, authority: Authority, names: Names) -> Iterator[tuple[Network, Network]]:
    """A router, and a host behind it whose Postfix answers on three ports."""
    keys = keys_of(authority.pair("*.real.test"))
    modes = {25: MAY, 465: {**WRAPPER, **SASL}, 587: {**MUST, **SASL}}
    folder = place / "counted"
    folder.mkdir()
    names.add("counted", HOST)
    with routed() as (router, host):
        unnamed = {"smtpd_peername_lookup": "no"}  # no name server answers there
        services = [Service(port, {**keys, **unnamed, **mode}) for port, mode in modes.items()]
        with postfix(folder, {"counted": (HOST, services)}, host.within):
            yield router, host


@contextmanager
def counting(network: Network, chain: str, does: str) -> Iterator[None]:
    network.run(program("nftables"), "-f", "-", told=FIREWALL.format(chain=chain, does=does))
    try:
        yield
    finally:
        network.run(program("nftables"), "delete", "table", "inet", "counts")


@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("does", ["reject with tcp reset", "reject", "drop"])
@pytest.mark.parametrize("where", ["router", "host"])
def test_a_firewall_that_takes_one_connection_of_each_client_is_named_and_every_port_judged(
    where: str, does: str, networks: tuple[Network, Network], authority: Authority
):
    router, host = networks
    with counting(*((router, "forward") if where == "router" else (host, "input")), does):
        document = check("counted.real.test", *map(str, PORTS), ca=authority.root)

    assert states(document) == WELL, told(document)
    assert does == "drop" or LIMITED in told(document)  # a connect that is tried again gets in when the other is over


@pytest.mark.usefixtures("controls")
def test_a_host_that_counts_nothing_is_not_said_to(networks: tuple[Network, Network], authority: Authority):
    _, host = networks
    with host.rules("input", "tcp dport 465 reject with tcp reset"):
        document = check("counted.real.test", *map(str, PORTS), ca=authority.root)

    assert states(document) == {**WELL, 465: "refused"}, told(document)
    assert "few_connections" not in codes(document)
