"""A saved check gives the same verdict when it is concluded anew, also from a file."""

import json

import pytest

from bot.advice import advised
from commands.contract import UserError
from commands.smtpcheck.document import to_document
from commands.smtpcheck.replay import replay, save
from tests.smtpcheck.labs import checked, probing

TARGETS = [
    "mail.lab.example",
    "lab.example 25",
    "expired.lab.example",
    "masked.lab.example",
    "hostile.lab.example 25",
    "busy.lab.example",
    "stripped.lab.example 25",
    "filtered.lab.example 25 587",
    "null.lab.example",
    "nosuch.lab.example",
    "10.0.0.5",
]


@pytest.mark.parametrize("target", TARGETS)
async def test_a_saved_check_is_concluded_the_same(target):
    name, *ports = target.split()
    async with probing() as (_, prober):
        check = await checked(prober, name, tuple(map(int, ports)) or (25, 465, 587, 2525))
    saved = json.loads(json.dumps(save(check)))

    again = replay(saved, store=prober.store, recommend=advised)

    assert to_document(again) == to_document(check)


@pytest.mark.parametrize("broken", [{}, {"schema": "other"}, [], None, {"schema": "portero.record/1"}])
def test_what_is_no_saved_check_is_refused_with_how_to_make_one(broken):
    with pytest.raises(UserError, match="not a saved check"):
        replay(broken, store=None, recommend=advised)
