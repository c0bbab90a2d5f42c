"""What stands during the whole suite: an authority, names, and two hosts that are as they should be."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.keys import Authority
from tests.real.names import Names, unbound
from tests.real.postfix import postfix
from tests.real.postfix_cases import CASES, of_controls
from tests.real.running import CONTROL, CONTROL_NAMES, PROBE


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder whose path is short and open to the users that daemons become."""
    with tempfile.TemporaryDirectory(prefix="real", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def authority(place: Path) -> Authority:
    folder = place / "ca"
    folder.mkdir()
    return Authority.made(folder)


@pytest.fixture(scope="session")
def names(place: Path) -> Iterator[Names]:
    """The name server; `names.add` makes a host."""
    folder = place / "names"
    folder.mkdir()
    with unbound(folder) as names:
        names.add("probe", PROBE)
        yield names


@pytest.fixture(scope="session")
def controls(place: Path, authority: Authority, names: Names) -> Iterator[None]:
    """Two hosts with everything as it should be on 25, 465, 587 and 2525, and one Postfix for all of `CASES`."""
    folder = place / "postfix"
    folder.mkdir()
    for name, address in zip(CONTROL_NAMES, CONTROL, strict=True):
        first, _, zone = name.partition(".")
        names.add(first, address, zone)
    for name, case in CASES.items():
        names.add(name, case.address)
    services = {address: (address, of_controls(authority)) for address in CONTROL}
    services |= {name: (case.address, case.services(authority)) for name, case in CASES.items()}
    with postfix(folder, services):
        yield
