"""A saved check gives the same verdict when it is concluded anew, also from a file."""

import pytest

from bot.demo.lab.quirks import QUIRKS
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.reader import read_record
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.record_file.writer import save
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge
from tests.smtpcheck.certificates import CA, make
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import content, saved_again
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


def again(saved, store, *, trust_record=True):
    return to_document(replay(saved, store=store, trust_record=trust_record))


@pytest.mark.parametrize("target", TARGETS)
async def test_a_saved_check_is_concluded_the_same(target):
    name, *ports = target.split()
    async with probing() as (_, prober):
        check = await checked(prober, name, tuple(map(int, ports)) or (25, 465, 587, 2525))

    assert again(saved_again(check, prober.store), ELSEWHERE) == to_document(check)


@pytest.mark.parametrize("quirk", [quirk for quirk in QUIRKS.values() if quirk.id.startswith(("T17", "T20", "T01"))])
@pytest.mark.parametrize("store", [STORE, ELSEWHERE], ids=["trusting", "trusting nobody"])
async def test_by_the_roots_of_a_record_that_is_trusted_certificates_are_judged_as_where_they_were_seen(quirk, store):
    report = await report_on(*quirk.scripts(STAGE))
    async with probing() as (_, prober):
        facts = (await checked(prober, "mail.lab.example", (25,))).facts
    check = conclude(facts, [judge(report.record, at=facts.started_at, store=store)], store=store)
    for elsewhere in (STORE, ELSEWHERE):
        assert again(saved_again(check, store), elsewhere) == to_document(check)


async def test_the_roots_of_a_record_do_not_count_unless_it_is_trusted():
    async with probing() as (_, prober):
        check = await checked(prober, "mail.lab.example", (465,))
    saved = saved_again(check, prober.store)

    assert again(saved, ELSEWHERE, trust_record=True)["endpoints"][0]["tls"]["certificate"]["trusted"]
    assert not again(saved, ELSEWHERE, trust_record=False)["endpoints"][0]["tls"]["certificate"]["trusted"]


async def test_only_the_roots_that_its_certificates_name_are_saved():
    async with probing() as (_, prober):
        check = await checked(prober, "mail.lab.example", (25, 465))
        others = TrustStore.from_pem(b"\n".join(make(f"CA {n}", extensions=[(CA, True)]).pem for n in range(3)))
        assert len(save(check, store=prober.store)["roots"]) == 1
        assert save(check, store=others)["roots"] == []


async def test_a_root_that_is_no_certificate_is_refused_by_whoever_trusts_the_record_and_ignored_by_others():
    async with probing() as (_, prober):
        check = await checked(prober, "mail.lab.example", (25,))
        saved = save(check, store=prober.store)
    mixed = read_record(content({**saved, "roots": [*saved["roots"], "AAAA"]}))

    with pytest.raises(RecordError, match=r"roots\[1\]: this is no certificate"):
        again(mixed, ELSEWHERE)
    assert again(mixed, prober.store, trust_record=False) == to_document(check)
