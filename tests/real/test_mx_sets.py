"""What Portero says of the MX records of a domain, as a resolver that follows no alias by itself tells them."""

from typing import Any

import pytest

from tests.real.expected import TAKES, Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.running import CONTROL

LIVE, DEAD = "control0.real.test.", "mx-dead.real.test."
ROWS: dict[str, tuple[tuple[str, ...], Expected]] = {
    "mx-second-dead": (
        (f"MX 10 {LIVE}", f"MX 20 {DEAD}"),
        Expected("degraded", said=("1 of 2 hosts", "mx-dead.real.test took no connection")),
    ),
    "mx-first-dead": ((f"MX 10 {DEAD}", f"MX 20 {LIVE}"), Expected("degraded", said=("nolisting", "1 of 2 hosts"))),
    "mx-none": (("MX 0 .",), Expected("failed", said=("receives no mail (null MX",))),
    "mx-none-and-one": (("MX 0 .", f"MX 10 {LIVE}"), Expected("degraded", said=("null MX beside real ones",))),
    "mx-alias": (
        ("MX 10 mx-alias-host.real.test.",),
        Expected("degraded", said=("is an alias (CNAME)",), never=("has no address",)),
    ),
    "mx-alias-of-nobody": (
        ("MX 10 mx-alias-gone.real.test.",),
        Expected("failed", said=("alias (CNAME) of mx-gone.real.test",), never=("spelling",)),
    ),
    "mx-without-address": (("MX 10 mx-text.real.test.",), Expected("failed", said=("has no address",))),
    "mx-gone-host": (("MX 10 mx-gone.real.test.",), Expected("failed", said=("does not exist in DNS",))),
    "mx-number": ((f"MX 10 {CONTROL[0]}.",), Expected("failed", said=("is an address, not a name",))),
    "mx-mapped": (
        ("MX 10 mx-mapped-host.real.test.", f"MX 20 {LIVE}"),
        Expected("degraded", said=("holds an IPv4 address written as IPv6",), never=("IPv6 addresses alone",)),
    ),
    "mx-six": (
        ("MX 10 mx-six-host.real.test.",),
        Expected("failed", must=("mx_ipv6_only",), said=("25: refused",), never=("no address",)),
    ),
    "mx-six-beside-one": (
        ("MX 10 mx-six-host.real.test.", f"MX 20 {LIVE}"),
        Expected("degraded", must=("mx_ipv6_only",), said=("1 of 2 hosts",)),
    ),
    "mx-underscore": (
        ("MX 10 mx_host.real.test.",),
        Expected("degraded", must=("mx_underscore",), said=(TAKES,), never=("does not exist", "spelling")),
    ),
    "mx-implicit": ((f"A {CONTROL[0]}",), Expected("degraded", never=("no MX",))),
    "mx-nothing": (("TXT v=spf1",), Expected("failed", said=("neither an address nor an MX record",))),
}
OTHERS = (
    "mx-dead.real.test. A 127.0.18.1",
    "mx-alias-host.real.test. CNAME control0.real.test.",
    "mx-alias-gone.real.test. CNAME mx-gone.real.test.",
    "mx-text.real.test. TXT none",
    "mx-six-host.real.test. AAAA ::1",
    f"mx_host.real.test. A {CONTROL[0]}",
    f"mx-mapped-host.real.test. AAAA ::ffff:{CONTROL[0]}",
)
EXPECTED = {name: expected for name, (_, expected) in ROWS.items()}
NOT_YET: dict[str, str] = {}


@pytest.fixture(scope="module")
def documents(authority: Authority, names: Names, controls: None) -> dict[str, Any]:
    names.record(*OTHERS, *(f"{name}.real.test. {line}" for name, (lines, _) in ROWS.items() for line in lines))
    return ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_the_mx_records_of_a_domain_are_judged_by_what_dns_says(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
