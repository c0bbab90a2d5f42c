"""Hosts that are neighbours of the known cases: what is true of each was written before Portero was asked."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real.expected import TAKES
from tests.real.haproxy import haproxy
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.running import CONTROL, check, codes, greeted, running, told
from tests.real.software import program

BASE = "127.0.24."
OF_OTHERS = ("not offered", "very old", "fault is ours", TAKES)
"""What nobody may conclude from replies that answer somebody else."""

EXIM = """
primary_hostname = mail.real.test
local_interfaces = {address}
daemon_smtp_ports = 25
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
keep_environment =
acl_smtp_rcpt = all
begin acl
all:
  accept
begin routers
begin transports
"""
HALF = """
table ip half {{
  chain out {{
    type nat hook output priority -100
    ip daddr {address} tcp dport 25 dnat to numgen inc mod 2 map {{ 0: {dead}, 1: {alive} }}
  }}
}}
"""
LMTP = """
import asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
class Of(Controller):
    def factory(self):
        return LMTP(self.handler)
Of(object(), hostname="{address}", port=25).start()
asyncio.new_event_loop().run_forever()
"""


@pytest.fixture
def folder(request: pytest.FixtureRequest, place: Path, names: Names, controls: None) -> Path:
    found = place / str(abs(hash(request.node.nodeid)))
    found.mkdir(mode=0o777)
    found.chmod(0o777)
    for number in range(1, 10):
        names.add(f"neighbour{number}", f"{BASE}{number}")
    return found


def test_a_balancer_with_two_dead_servers_of_three_is_not_called_down(folder: Path):
    servers = f"\n  balance roundrobin\n  server x {CONTROL[0]}:9\n  server y {CONTROL[0]}:9"
    with haproxy(folder, (f"{BASE}1", 25, servers, f"{CONTROL[0]}:25")):
        document = check("neighbour1.real.test", "25")
    assert document["verdict"] in {"degraded", "unknown"}, told(document)
    assert "answers_some" in codes(document), told(document)


@contextmanager
def half_dead(address: str) -> Iterator[None]:
    """Every other connection to 25 goes where nobody listens."""
    nft = shutil.which("nft") or "/usr/sbin/nft"
    rules = HALF.format(address=address, dead=f"{BASE}28", alive=CONTROL[0])
    subprocess.run((nft, "-f", "-"), input=rules.encode(), check=True)
    try:
        yield
    finally:
        subprocess.run((nft, "delete", "table", "ip", "half"), check=True)


def test_a_forwarding_of_which_half_leads_nowhere_is_not_called_closed(folder: Path, authority: Authority):
    with half_dead(f"{BASE}2"):
        document = check("neighbour2.real.test", "25", ca=authority.root)
    assert document["verdict"] == "degraded", told(document)
    assert "answered 1 of 2 connections (the first: refused)" in told(document)


def test_a_server_whose_only_process_somebody_holds_is_not_called_down(folder: Path):
    with postfix(folder, {"held": (f"{BASE}3", [Service(25, {}, processes="1")])}), greeted((f"{BASE}3", 25)):
        document = check("neighbour3.real.test", "25")
    assert document["verdict"] == "unknown", told(document)


def test_a_header_in_bytes_to_a_server_that_expects_none_is_named(folder: Path):
    with haproxy(folder, (f"{BASE}4", 25, "", f"{CONTROL[0]}:25 send-proxy-v2")):
        document = check("neighbour4.real.test", "25")
    words = told(document)
    assert (document["verdict"], [one for one in OF_OTHERS if one in words]) == ("unknown", []), words
    assert "PROXY header to a server that expects none" in words


@pytest.mark.parametrize("option", ["send-proxy", "send-proxy-v2"])
def test_exim_that_waits_for_its_turn_does_not_blame_us_for_the_header_of_a_proxy(folder: Path, option: str):
    config, address = folder / "conf", f"{BASE}9"
    config.write_text(EXIM.format(address=address, folder=folder))
    config.chmod(0o644)
    command = (program("exim4-daemon-heavy"), "-C", str(config), "-bdf", "-oP", str(folder / "pid"))
    with (
        running(*command, listens=(address, 25), cwd=folder),
        haproxy(folder, (f"{BASE}5", 25, "", f"{address}:25 {option}")),
    ):
        document = check("neighbour5.real.test", "25")
    words = told(document)
    assert (document["verdict"], [one for one in OF_OTHERS if one in words]) == ("unknown", []), words
    assert "PROXY header to a server that expects none" in words


def test_lmtp_of_a_library_is_named(folder: Path):
    script = folder / "served.py"
    script.write_text(LMTP.format(address=f"{BASE}6"))
    with running("/usr/bin/python3", str(script), listens=(f"{BASE}6", 25), cwd=folder):
        document = check("neighbour6.real.test", "25")
    assert document["verdict"] == "failed", told(document)
    assert "speaks LMTP" in told(document)


def test_opensmtpd_that_reads_the_second_version_alone_is_told_to_wait_for_a_header(folder: Path):
    config = folder / "conf"
    config.write_text(
        f'listen on {BASE}7 port 25 proxy-v2 hostname "neighbour7.real.test"\n'
        'action "relay" relay\nmatch from any for any action "relay"\n'
    )
    for needed in ("/var/lib/opensmtpd/empty", "/var/spool/smtpd"):
        Path(needed).mkdir(parents=True, exist_ok=True, mode=0o711)
    with running(program("opensmtpd"), "-d", "-f", str(config), listens=(f"{BASE}7", 25), cwd=folder):
        document = check("neighbour7.real.test", "25")
    assert "proxy_header_expected" in codes(document), told(document)


def test_a_header_that_is_expected_on_465_alone_is_named(folder: Path, authority: Authority):
    pair, pem = authority.pair("*.real.test"), folder / "both.pem"
    pem.write_text(pair.cert.read_text() + pair.key.read_text())
    with haproxy(folder, (f"{BASE}8", 465, f"accept-proxy ssl crt {pem}", f"{CONTROL[0]}:25")):
        document = check("neighbour8.real.test", "465", ca=authority.root)
    assert "proxy_header_expected" in codes(document), told(document)
