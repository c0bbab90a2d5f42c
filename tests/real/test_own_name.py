"""What Portero says when Postfix does not accept our name in EHLO: whether that name is right is looked up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.running import check, codes, told

ADDRESS = "127.0.22.1"
REFUSING = {"smtpd_helo_restrictions": "check_helo_access static:{550 5.7.1 Helo command rejected: Host not found}"}
NAMES: dict[str, str] = {
    "nobody.real.test": "The fault is ours: nobody.real.test does not resolve.",
    "portero": "The fault is ours: PORTERO_EHLO_NAME must be",
    "elsewhere.real.test": "elsewhere.real.test, resolves to 127.0.22.9",
    "probe.real.test": "probe.real.test does resolve to 127.0.0.1",
}
"""Our name -> what is said of it."""


@pytest.fixture(scope="module")
def strict(place: Path, names: Names, controls: None) -> Iterator[str]:
    folder = place / "strict"
    folder.mkdir()
    names.add("strict", ADDRESS)
    names.add("elsewhere", "127.0.22.9")
    with postfix(folder, {"strict": (ADDRESS, [Service(25, REFUSING)])}):
        yield "strict.real.test"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_refused_is_looked_up_and_no_fault_of_the_host(name: str, strict: str):
    document = check(strict, "25", PORTERO_EHLO_NAME=name)
    assert document["verdict"] == "unknown", told(document)
    assert "ehlo_name_rejected" in codes(document), told(document)
    assert NAMES[name] in told(document)
