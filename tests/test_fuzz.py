import pytest

from tests.fuzz import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_takes_what_it_begins_with(name):
    call, seeds, _ = TARGETS[name]
    call(seeds[0])
