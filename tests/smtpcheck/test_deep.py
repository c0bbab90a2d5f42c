"""A deep check: what it finds beyond a normal one, and that it stays polite."""

import itertools
import ssl
import tempfile
from contextlib import asynccontextmanager

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import Host
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS, HOST
from bot.demo.lab.quirks import QUIRKS
from bot.demo.lab.scripts import dialogue, well_behaved
from bot.demo.lab.steps import Close, Hang, ReadBytes, Reset, Send, Wait
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.deep.further_connections import CONNECTIONS, PAUSE_S
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.reader import read_record
from commands.smtpcheck.record_file.writer import save
from commands.smtpcheck.result.document import BESIDE
from commands.smtpcheck.result.sentences.choice import sentence, version_lines
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view.message import deeper
from commands.smtpcheck.wire.connection import Endpoint
from tests.smtpcheck.labs import in_words, probing
from tests.smtpcheck.quirk_answers import ONLY_DEEP
from tests.smtpcheck.saving import content, saved_again
from tests.smtpcheck.speaking import STAGE, STORE

FOUR, SIX = "198.51.100.25", "2001:db8::25"


@asynccontextmanager
async def meeting(four, six=None):
    """A prober for whom the IPv4 address of the lab's host leads to this peer, and its IPv6 address to the other."""
    addresses = (FOUR, SIX) if six else (FOUR,)
    async with probing((Host(HOST, addresses, "One address, or both families."), *HOSTS)) as (_, prober):
        prober.store = STORE
        prober.route = lambda address, _port: (six or four).address if ":" in address else four.address
        yield prober


async def deep(prober, ports=(25,), name=HOST):
    return await prober.check(parse_target(name), ports, check_id="1", deep=True)


async def met(*scripts, six=None, ports=(25,)):
    """A deep check of peers with these scripts, and the peer."""
    async with Peer(*scripts, one_at_a_time=True) as peer, Peer(*(six or scripts)) as other:
        async with meeting(peer, other if six else None) as prober:
            check = await deep(prober, ports)
        return check, peer


def findings(check, code):
    return [found for report in check.endpoints for found in report.findings if found.code == code]


async def test_starttls_that_is_not_announced_is_found_by_asking():
    check, _ = await met(*QUIRKS["T15"].scripts(STAGE))
    (found,) = findings(check, "hidden_starttls")
    assert found.params["version"] == "TLSv1.3"


async def test_the_first_line_and_the_table_say_that_starttls_works_without_its_announcement():
    check, _ = await met(*QUIRKS["T15"].scripts(STAGE))
    text = view.plain_text(to_document(check))
    assert "answers other mail servers (STARTTLS works but is not announced)" in text
    assert "· open · TLS not announced ·" in text
    assert "starttls_not_offered" not in {found.code for found in check.endpoints[0].findings}
    assert (check.recommended.tls, findings(check, "hidden_starttls")[0].severity.name) == ("none", "warning")


async def test_a_port_for_clients_that_hides_starttls_is_of_no_use_to_them_and_the_first_line_says_why():
    check, _ = await met(*QUIRKS["T15"].scripts(STAGE), ports=(587,))
    summary = in_words(check)["summary"]
    assert "is not usable from here. 587: open, STARTTLS works but is not announced" in summary


async def test_starttls_that_comes_and_goes_is_in_the_first_line_too():
    for scripts in (QUIRKS["T16"].scripts(STAGE), QUIRKS["T16"].scripts(STAGE)[::-1]):
        check, _ = await met(*scripts)
        assert "(STARTTLS on some connections only)" in in_words(check)["summary"]
        assert "starttls_not_offered" not in {found.code for found in check.endpoints[0].findings}


async def test_starttls_that_is_announced_now_and_then_is_counted():
    check, _ = await met(*QUIRKS["T16"].scripts(STAGE))
    (found,) = findings(check, "starttls_flapping")
    assert 0 < found.params["offers"] < found.params["looks"]


RESET = dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": (Send(b"220 go\r\n"), ReadBytes(5), Reset())}, banner=BANNER)


@pytest.mark.parametrize("scripts", [(STAGE.server(), RESET, RESET, RESET, RESET), (RESET, STAGE.server())])
async def test_handshakes_that_fail_now_and_then_are_counted_and_stand_in_the_first_line(scripts):
    check, _ = await met(*scripts)
    (found,) = findings(check, "tls_flapping")
    assert 0 < found.params["good"] < found.params["tries"]
    assert "(TLS on some connections only)" in in_words(check)["summary"]


async def test_a_server_that_wants_our_certificate_on_every_connection_does_not_come_and_go():
    context = STAGE.authority.issue(HOST).context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=STAGE.authority.pem)
    check, _ = await met(well_behaved(HOST, context=context))
    assert check.endpoints[0].tls_state == "wants_certificate"
    assert not findings(check, "tls_flapping")


async def test_older_tls_that_is_reset_does_not_make_tls_come_and_go():
    good = STAGE.server()
    check, _ = await met(good, RESET, RESET, RESET, good, good)
    assert [record.purpose for record in check.facts.further.records] == [
        *["versions"] * 3,
        "again",
        "no_name",
        "suites",
        "other_key",
        "ssl3",
    ]
    assert not findings(check, "tls_flapping")


async def test_starttls_that_comes_and_goes_is_not_laid_to_the_address_family():
    with_it, without = QUIRKS["T16"].scripts(STAGE)
    for scripts, six in (((with_it, without), (without,)), ((without, with_it), (with_it,))):
        check, _ = await met(*scripts, six=six)
        assert findings(check, "starttls_flapping")
        assert not {one.code for one in check.findings} & set(BESIDE.values())


async def test_starttls_that_only_the_second_connection_lacks_is_found_too():
    check, _ = await met(*reversed(QUIRKS["T16"].scripts(STAGE)))
    assert findings(check, "starttls_flapping")
    assert not findings(check, "hidden_starttls")


async def test_another_certificate_on_the_other_address_is_named():
    one, two = QUIRKS["T20a"].scripts(STAGE)
    check, _ = await met(one, six=(two,))
    (found,) = findings(check, "cert_differs")
    assert (found.params["how"], found.params["address"]) == ("address", SIX)
    assert "b.example" in found.params["names"]


async def test_another_certificate_without_the_name_is_named():
    check, _ = await met(*QUIRKS["T20b"].scripts(STAGE))
    (found,) = findings(check, "cert_differs")
    assert (found.params["how"], found.params["names"]) == ("no_name", ["default.example"])


def with_two(leaf, other, suites):
    """A server that shows the second certificate to whoever cannot take the first."""
    context = leaf.context()
    context.set_ciphers(suites)
    with tempfile.NamedTemporaryFile() as file:
        file.write(other.pem)
        file.flush()
        context.load_cert_chain(file.name)
    return well_behaved(HOST, context=context)


@pytest.mark.parametrize("suites", ["DEFAULT", "ECDHE+AESGCM"])
async def test_the_rsa_certificate_behind_a_good_one_of_another_kind_is_judged_too(suites):
    good = STAGE.authority.issue(HOST)
    for bad, why in (
        (STAGE.authority.issue(HOST, key="RSA 2048", days=(-90, -3)), "it has expired"),
        (STAGE.authority.issue("old.example", key="RSA 2048"), "it is for another name"),
        (STAGE.authority.issue(HOST, key="RSA 2048"), ""),
    ):
        check, _ = await met(with_two(good, bad, suites))
        asked = "other_key" in {record.purpose for record in check.facts.further.records}
        assert asked == (suites != "DEFAULT")
        told = [sentence(found.code, found.params) for found in findings(check, "cert_other_key")]
        assert [f"RSA 2048, for {bad.certificate.subject.rfc4514_string()[3:]}" in it and why in it for it in told] == (
            [True] if why else []
        )
        assert to_document(replay(saved_again(check, STORE), store=TrustStore([]), trust_record=True)) == to_document(
            check
        )


async def test_a_sound_server_gives_no_finding_that_a_normal_check_does_not_give():
    async with probing() as (_, prober):
        normal = await prober.check(parse_target("mail.lab.example"), (25, 465, 587), check_id="1")
        more = await deep(prober, (25, 465, 587), "mail.lab.example")
    assert more.verdict == normal.verdict
    assert {one.code for report in more.endpoints for one in report.findings} == {
        one.code for report in normal.endpoints for one in report.findings
    }


async def test_two_certificates_in_turn_on_one_address_are_not_laid_to_the_missing_name():
    check, _ = await met(*QUIRKS["T20a"].scripts(STAGE), six=QUIRKS["T01"].scripts(STAGE))
    assert {found.params["how"] for found in findings(check, "cert_differs")} <= {"again", "address"}


@pytest.mark.parametrize("name", [*ONLY_DEEP, "T01", "T10", "T11a", "T19", "G07"])
async def test_whatever_the_server_does_its_port_is_asked_a_few_times_and_never_twice_at_once(name):
    check, peer = await met(*QUIRKS[name].scripts(STAGE))
    assert peer.most_at_once == 1
    assert peer.connections <= 7
    assert check.facts.further is not None


@pytest.mark.parametrize("name", ONLY_DEEP)
async def test_a_deep_check_finds_what_the_list_expects_of_one(name):
    quirk = QUIRKS[name]
    first, *others = quirk.scripts(STAGE)
    by_address = {"T20a": {"six": others}}.get(name)
    check, _ = await met(first, **by_address) if by_address else await met(first, *others)
    assert findings(check, quirk.expect)


async def test_one_port_is_never_asked_twice_at_once_and_always_after_a_pause():
    check, peer = await met(*QUIRKS["T01"].scripts(STAGE))
    opened = [wire.heard[0].at for wire in peer.sessions]
    assert peer.most_at_once == 1
    assert len(opened) == 6
    assert all(later - sooner >= PAUSE_S for sooner, later in itertools.pairwise(opened))
    assert all(wire.lines[-1].upper().startswith(b"QUIT") for wire in peer.sessions if wire.secure)
    assert check.verdict == "ok"


async def test_a_whole_deep_check_makes_at_most_twenty_connections():
    async with probing() as (lab, prober):
        await deep(prober, (25, 465, 587, 2525), "lab.example")
    controls = {"198.51.100.250", "203.0.113.251"}
    made = sum(peer.connections for (address, _), peer in lab.peers.items() if address not in controls)
    assert 6 < made <= CONNECTIONS


async def test_what_there_was_no_time_left_for_is_said():
    check, _ = await met((Wait(30.0), *STAGE.server()))
    (left,) = [
        one["message"] for one in in_words(check)["endpoints"][0]["findings"] if one["code"] == "deep_unfinished"
    ]
    assert left.startswith("Not looked at on port 25, because the connections or the time of one deep check were used")
    assert left.endswith(
        "used up: whether STARTTLS is announced each time, older cipher suites. Check this port alone, deep."
    )
    assert to_document(replay(saved_again(check, STORE), store=STORE)) == to_document(check)


RSA = STAGE.authority.issue(HOST, key="RSA 2048")
OLD_SUITES = {
    "sound": (465, "ECDHE+AESGCM", [], {}),
    "without forward secrecy": (25, "AES128-SHA:ECDHE+AESGCM", ["tls_static_suites"], {"static": "yes"}),
    "nothing encrypted": (465, "NULL-SHA:ECDHE+AESGCM", ["tls_broken_suites"], {"null": "yes"}),
    "no certificate": (25, "AECDH-AES256-SHA:ECDHE+AESGCM", ["tls_anonymous_suites"], {"anonymous": "yes"}),
}


@pytest.mark.parametrize("name", OLD_SUITES)
async def test_older_suites_are_told_of_what_a_real_server_picks_or_refuses(name):
    port, ciphers, codes, told = OLD_SUITES[name]
    context = RSA.context()
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    check, _ = await met(well_behaved(HOST, context=context, implicit=port == 465), ports=(port,))
    report = check.endpoints[0]
    assert [one.code for one in report.findings if one.code.endswith("_suites")] == codes
    assert {**dict.fromkeys(report.suites, "no"), **told} == report.suites
    assert to_document(replay(saved_again(check, STORE), store=STORE)) == to_document(check)


async def test_a_deep_check_that_asked_all_does_not_say_that_it_left_something():
    check, _ = await met(*QUIRKS["T01"].scripts(STAGE))
    assert not findings(check, "deep_unfinished")


async def test_a_server_that_turns_further_connections_away_is_left_alone_and_the_result_says_so():
    busy = (Send(b"421 4.7.0 too many connections\r\n"), Close())
    check, peer = await met(*QUIRKS["T01"].scripts(STAGE), *[busy] * 5)
    assert peer.connections == 2
    assert findings(check, "deep_cut_short")[0].params["said"].startswith("421")
    assert check.endpoints[0].versions == {
        "TLSv1.3": "yes",
        "TLSv1": "unknown",
        "TLSv1.1": "unknown",
        "TLSv1.2": "unknown",
        "SSLv3": "unknown",
    }


async def test_a_greeting_that_takes_twenty_seconds_is_waited_for():
    late = (Wait(20.0), *STAGE.server())
    check, _ = await met(late)
    assert check.endpoints[0].state == "open"
    assert findings(check, "slow_greeting")[0].params["seconds"] == 20.0


async def test_silence_is_told_after_the_long_wait_and_within_the_limit_of_the_check():
    check, _ = await met((Hang(),))
    assert check.endpoints[0].state == "no_greeting"
    assert findings(check, "no_greeting")[0].params["seconds"] >= 35.0
    assert check.facts.elapsed_ms <= 125_000


async def test_a_normal_check_asks_nothing_of_this_and_never_sends_what_was_not_offered():
    async with Peer(*QUIRKS["T15"].scripts(STAGE)) as peer, meeting(peer) as prober:
        check = await prober.check(parse_target(HOST), (25,), check_id="1")
    assert peer.connections == 1
    assert not any(b"STARTTLS" in line.upper() for line in peer.lines)
    assert "deep" not in to_document(check)


@pytest.mark.parametrize("name", ["T01", "T15", "T16", "T19", "T20a", "T20b", "T10"])
async def test_a_saved_deep_check_is_concluded_the_same(name):
    check, _ = await met(*QUIRKS[name].scripts(STAGE))
    assert to_document(replay(saved_again(check, STORE), store=STORE)) == to_document(check)


async def test_a_file_from_before_deep_checks_is_read():
    async with probing() as (_, prober):
        check = await prober.check(parse_target("mail.lab.example"), (25,), check_id="1")
        saved = save(check, store=prober.store)
        del saved["roots"]
        del saved["further"]
        for record in saved["records"]:
            del record["purpose"], record["newest"]
        assert to_document(replay(read_record(content(saved)), store=prober.store)) == to_document(check)


async def test_the_progress_says_what_is_looked_at():
    news = []
    async with Peer(*QUIRKS["T15"].scripts(STAGE)) as peer, meeting(peer) as prober:
        await prober.check(parse_target(HOST), (25,), check_id="1", deep=True, heard=news.append)
    told = [deeper(HOST, one, public=False).text for one in news if isinstance(one, Endpoint)]
    assert told[0].endswith("deeper: STARTTLS without announcement, port 25 …")


async def test_the_versions_stand_in_a_line_in_slack_and_in_the_button_that_asks_again():
    check, _ = await met(*QUIRKS["T01"].scripts(STAGE))
    document = to_document(check)
    assert document["deep"] is True
    assert "Port 25: TLS 1.2, 1.3 accepted; 1.0, 1.1, SSL 3.0 refused." in view.plain_text(document)
    buttons = view.result(document, logged=True).blocks[-1]["elements"]
    assert f"{HOST} 25 deep" in {button["value"] for button in buttons}


@pytest.mark.parametrize("refusal", [b"421 4.7.0 busy\r\n", b"554 5.7.1 no\r\n", b"450 4.3.2 later\r\n"])
async def test_a_host_that_refused_us_at_first_is_asked_nothing_further(refusal):
    check, peer = await met((Send(refusal), Close()))
    assert peer.connections == 1
    assert check.facts.further.records == ()
    assert len(check.endpoints) == 1


async def test_the_versions_name_the_host_where_there_are_several():
    async with probing() as (_, prober):
        lines = version_lines(to_document(await deep(prober, (25,), "lab.example")))
    assert lines[0] == "Port 25 of mail.lab.example: TLS 1.2, 1.3 accepted; 1.0, 1.1, SSL 3.0 refused."
    assert lines[-1].startswith("TLS versions and suites were not asked for on 25 of mx2.lab.example: ")


async def test_the_ports_whose_tls_versions_were_not_asked_for_are_named():
    async with probing() as (_, prober):
        all_four = to_document(await deep(prober, (25, 465, 587, 2525), "mail.lab.example"))
        alone = to_document(await deep(prober, (587,), "mail.lab.example"))
    assert version_lines(all_four)[-1].startswith("TLS versions and suites were not asked for on 587, 2525: ")
    assert [line.split(" ")[1] for line in version_lines(alone)] == ["587:", "587,"]
