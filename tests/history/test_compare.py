from zoneinfo import ZoneInfo

import pytest

from commands.history.compare import view
from tests.history.documents import entry, line

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("kind", "words"), [("check", "works, with faults"), ("pmta", "2 errors in 40 lines"), ("port", "2 errors in 40")]
)
def test_others_are_chosen_by_when_and_what_was_found(kind, words):
    one = entry("id0", {"findings": []}, kind=kind)
    other = entry("id1", {"findings": []}, kind=kind)
    choices = [line("id1", kind=kind, verdict="degraded", summary="2 errors in 40 lines")]
    [menu] = view(one, other, choices, MADRID).blocks[-1]["elements"]
    assert menu["options"][0]["text"]["text"].startswith(f"Tue 2026-11-24 11:00: {words}")
