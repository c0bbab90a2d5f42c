"""Which addresses of IPv6 stand in a network of this machine's own, by its table of routes."""

import pytest

from commands.smtpcheck.wire.neighbours import is_neighbour_over_six, is_on_link

NONE = "0" * 32
ROUTES = [
    f"fd090000000000000000000000000000 40 {NONE} 00 {NONE} 00000100 00000001 00000000 00000001       r0",
    f"fe800000000000000000000000000000 40 {NONE} 00 {NONE} 00000100 00000001 00000000 00000001       r0",
    f"{NONE} 00 {NONE} 00 fd090000000000000000000000000002 00000400 00000000 00000000 00000003       r0",
    f"{NONE} 00 {NONE} 00 {NONE} ffffffff 00000001 00000000 00200200       lo",
    f"fd0a0000000000000000000000000000 40 {NONE} 00 {NONE} 00000400 00000000 00000000 00200200       r0",
]


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("fd09::2", True),
        ("fe80::1%r0", True),
        ("fe80::1", True),
        ("fd09:1::2", False),
        ("2001:db8::1", False),
        ("fd0a::1", False),
    ],
)
def test_a_route_without_a_next_hop_leads_to_neighbours(address, is_ours):
    assert is_on_link(address, ROUTES) is is_ours


def test_what_nobody_knows_is_no_neighbour():
    assert not is_neighbour_over_six("no address")
    assert not is_neighbour_over_six("2001:db8:dead::1")
