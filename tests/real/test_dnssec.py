"""What Portero says of a name that unbound does not vouch for: BIND serves the zones, signed soundly or not."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.name_servers import bind, unbound
from tests.real.networks import HERE
from tests.real.running import check, codes, told

SERVER, RESOLVER = "127.0.3.53", "127.0.3.54"

ZONE = """$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mx
ns A {server}
mx A 127.0.9.1
turns CNAME back
back CNAME turns
"""

EXPIRED = ("-s", "20240101000000", "-e", "20240201000000")


def _signed(folder: Path, zone: str, *dates: str) -> str:
    """Sign the zone; its DS record."""
    (folder / zone).write_text(ZONE.format(server=SERVER))
    keygen = ["dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", zone]
    subprocess.run(keygen, check=True, cwd=folder, capture_output=True)
    subprocess.run([*keygen[:4], zone], check=True, cwd=folder, capture_output=True)
    signing = ["dnssec-signzone", "-P", "-S", *dates, "-o", zone, zone]
    subprocess.run(signing, check=True, cwd=folder, capture_output=True)
    return (folder / f"dsset-{zone}.").read_text()


@pytest.fixture(scope="module")
def validating(place: Path) -> Iterator[str]:
    """A resolver that validates, and a server of three zones; the server refuses a fourth."""
    folder = place / "dnssec"
    folder.mkdir()
    sound, expired = _signed(folder, "sound.test"), _signed(folder, "expired.test", *EXPIRED)
    _signed(folder, "wrong.test")
    mistaken = sound.replace("sound.test", "wrong.test")
    (folder / "anchors").write_text(sound + expired + mistaken)
    zones = ("sound.test", "expired.test", "wrong.test")
    stubs = dict.fromkeys((*zones, "dead.test"), SERVER)
    HERE.run("ip", "address", "add", f"{SERVER}/8", "dev", "lo")  # BIND listens only on what an interface has
    with (
        bind(folder, SERVER, {zone: f"{zone}.signed" for zone in zones}),
        unbound(folder, RESOLVER, stubs, [folder / "anchors"]),
    ):
        yield RESOLVER


@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("expired.test", "its DNSSEC signatures do not verify"),  # unbound 1.17 says no more
        ("wrong.test", "its DNSSEC signatures do not verify"),
        ("dead.test", "with DNSSEC left aside they do, too"),
    ],
)
@pytest.mark.parametrize("target", ["{}", "postmaster@{}"])
def test_broken_dnssec_is_told_from_servers_that_fail(zone: str, said: str, target: str, validating: str):
    document = check(target.format(zone), "25", PORTERO_NAMESERVERS=validating)

    words = told(document)
    assert document["verdict"] == "unknown", words
    assert said in words
    assert "no MX" not in words
    assert "dns_no_data" not in codes(document)


@pytest.mark.usefixtures("controls")
def test_aliases_in_a_circle_are_no_servers_that_fail(validating: str):
    document = check("turns.sound.test", "25", PORTERO_NAMESERVERS=validating)

    words = told(document)
    assert "lead in a circle" in words
    assert "they do, too" not in words


@pytest.mark.usefixtures("controls")
def test_a_soundly_signed_zone_is_looked_up(validating: str):
    document = check("sound.test", "25", PORTERO_NAMESERVERS=validating)

    assert [each["address"] for each in document["endpoints"]] == ["127.0.9.1"], told(document)
