"""A saved check gives the same verdict when it is concluded anew, also from a file."""

import json

import pytest

from bot.advice import advised
from bot.lab.quirks import QUIRKS
from commands.contract import UserError
from commands.smtpcheck.document import to_document
from commands.smtpcheck.replay import replay, save
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.report import judge
from tests.smtpcheck.certificates import CA, make
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.speaking import STAGE, STORE, report_on

ELSEWHERE = TrustStore([])
"""Another machine, which trusts nobody."""

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
    saved = json.loads(json.dumps(save(check, store=prober.store)))

    again = replay(saved, store=ELSEWHERE, recommend=advised)

    assert to_document(again) == to_document(check)


@pytest.mark.parametrize("quirk", [quirk for quirk in QUIRKS.values() if quirk.id.startswith(("T17", "T20", "T01"))])
@pytest.mark.parametrize("store", [STORE, ELSEWHERE], ids=["trusting", "trusting nobody"])
async def test_a_certificate_is_judged_by_what_was_trusted_where_it_was_seen(quirk, store):
    report = await report_on(*quirk.scripts(STAGE))
    async with probing() as (_, prober):
        facts = (await checked(prober, "mail.lab.example", (25,))).facts
    check = conclude(facts, [judge(report.record, at=facts.started_at, store=store)], advised)
    saved = json.loads(json.dumps(save(check, store=store)))
    for elsewhere in (STORE, ELSEWHERE):
        assert to_document(replay(saved, store=elsewhere, recommend=advised)) == to_document(check)


async def test_only_the_roots_that_its_certificates_name_are_saved():
    async with probing() as (_, prober):
        check = await checked(prober, "mail.lab.example", (25, 465))
        others = TrustStore.from_pem(b"\n".join(make(f"CA {n}", extensions=[(CA, True)]).pem for n in range(3)))
        assert len(save(check, store=prober.store)["roots"]) == 1
        assert save(check, store=others)["roots"] == []


@pytest.mark.parametrize("broken", [{}, {"schema": "other"}, [], None, {"schema": "portero.record/1"}])
def test_what_is_no_saved_check_is_refused_with_how_to_make_one(broken):
    with pytest.raises(UserError, match="not a saved check"):
        replay(broken, store=ELSEWHERE, recommend=advised)


@pytest.mark.parametrize("roots", [["AAAA"], ["%"], [7], 7, "AAAA"])
async def test_roots_that_are_none_are_refused(roots):
    async with probing() as (_, prober):
        saved = save(await checked(prober, "mail.lab.example", (25,)), store=prober.store)
    with pytest.raises(UserError, match="not a saved check"):
        replay({**saved, "roots": roots}, store=ELSEWHERE, recommend=advised)
