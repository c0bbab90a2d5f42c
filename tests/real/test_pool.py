"""What Portero says of hosts with several addresses: one Postfix that answers differently at each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import Expected, ask
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, MUST, SASL, keys_of

ONE, TWO, THREE, DEAD = (f"127.0.30.{number}" for number in (1, 2, 3, 9))
ONLY_25, ONLY_587, *MORE = (f"127.0.30.{number}" for number in range(10, 18))
OTHER_NAME, NO_TLS, SIX, NOWHERE = "127.0.30.4", "127.0.30.5", "::1", "10.99.0.1"
"""`NOWHERE` stands behind no route of this network: as every IPv4 address does for a machine that has IPv6 alone."""

ALL_WELL = "works. Use port 587"
ROWS: dict[str, tuple[tuple[str, ...], Expected]] = {
    "pool-well": ((ONE, TWO, THREE), Expected("ok", said=(ALL_WELL,), never=("of three",))),
    "pool-both": ((ONE, SIX), Expected("ok", said=(ALL_WELL,), never=("IPv6",))),
    "pool-dead": (
        (ONE, TWO, DEAD),
        Expected("degraded", said=(f"One of three addresses, {DEAD}, does not work from here (25, 587: refused)",)),
    ),
    "pool-name": (
        (ONE, TWO, OTHER_NAME),
        Expected("degraded", said=(f"One of three addresses, {OTHER_NAME}, is not like the others (25, 587: cert",)),
    ),
    "pool-plain": (
        (ONE, NO_TLS),
        Expected("degraded", said=(f"One of two addresses, {NO_TLS}, does not work from here (587: no STARTTLS)",)),
    ),
    "pool-split": (
        (ONLY_25, ONLY_587),
        Expected(
            "degraded",
            said=(f"One of two addresses, {ONLY_587}, does not work from here (25: refused)",),
            never=("Two of two",),
        ),
    ),
    "pool-many": (
        (ONE, TWO, THREE, *MORE),
        Expected("ok", said=("only 8 of them were looked at",)),
    ),
    "pool-no-four": ((NOWHERE, SIX), Expected("ok", said=(ALL_WELL,), never=("does not work",))),
    "pool-only-four": (
        (NOWHERE,),
        Expected("unknown", said=("25, 587: no IPv4 here", "another network"), never=("not usable",)),
    ),
    "pool-dead-six": (
        (ONE, "fd09::99"),
        Expected("ok", said=(ALL_WELL,), never=("does not work",)),
    ),
    "pool-six-refuses": (
        (DEAD, SIX),
        Expected("degraded", said=(f"Over IPv4 ({DEAD}) not everything works from here (25, 587: refused)",)),
    ),
}
EXPECTED = {name: replace(expected, ports=(25, 587)) for name, (_, expected) in ROWS.items()}


def services(authority: Authority, name: str) -> list[Service]:
    keys = keys_of(authority.pair(name))
    return [Service(25, {**keys, **MAY}), Service(587, {**keys, **MUST, **SASL})]


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names, controls: None) -> Iterator[dict[str, Any]]:
    well, other = services(authority, "*.real.test"), services(authority, "mail.other.test")
    listening = {f"pool{number}": (address, well) for number, address in enumerate((ONE, TWO, THREE, f"[{SIX}]"))}
    listening["pool4"] = OTHER_NAME, other
    listening["pool5"] = NO_TLS, [Service(25), Service(587)]
    listening |= {"only-25": (ONLY_25, well[:1]), "only-587": (ONLY_587, well[1:])}
    listening |= {f"more{address}": (address, well) for address in MORE}
    folder = place / "pool"
    folder.mkdir()
    for name, (addresses, _) in ROWS.items():
        for address in addresses:
            names.record(f"{name}.real.test. {'AAAA' if ':' in address else 'A'} {address}")
    with postfix(folder, listening):
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_pool_is_judged_by_all_of_its_addresses(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
