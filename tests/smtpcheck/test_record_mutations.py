"""Records that steer terminals, and records changed at random, all the way to the screen. `make fuzz` has more."""

import random

import pytest

from tests import fuzz_records
from tests.fuzz import mutated


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("options", [[], ["--json"], ["--transcript"], ["--trust-record"]], ids=lambda given: given[:1])
def test_what_servers_said_in_a_record_does_not_steer_the_terminal_that_shows_it(seed, options):
    assert fuzz_records.replayed(fuzz_records.seeds()[seed], options) in {0, 1}


@pytest.mark.parametrize("mutate", [mutated, fuzz_records.mutated], ids=["bytes", "values"])
@pytest.mark.parametrize("seed", range(3))
def test_a_record_that_was_changed_ends_with_a_status(mutate, seed):
    dice = random.Random(seed)
    ends = [fuzz_records.replayed(mutate(fuzz_records.seeds()[seed], dice)) for _ in range(60)]
    assert 2 in ends
