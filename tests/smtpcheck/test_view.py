"""The messages of a check: what Slack takes, what it must not parse, what stands where."""

import json
import re

import pytest

from bot.demo.lab.hosts import HOSTS, sound_ports
from bot.demo.workspace.blockkit import problems
from commands.smtpcheck.places.view import result as from_places
from commands.smtpcheck.result.sentences.choice import message_of, spoken, version_lines
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view import parts
from commands.smtpcheck.view.details import details
from commands.smtpcheck.view.parts import client_settings
from commands.smtpcheck.view.told_findings import SEVERITY_ORDER, Told, worst_findings
from tests import moving
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.messages import MENTION, mrkdwn
from tests.smtpcheck.test_pool import BUSY, NAME, ONE, REFUSES, TWO, WELL, check_of, pool

FAST = [host.name for host in HOSTS if host.name != "slow.lab.example"]


@pytest.fixture(scope="module")
def documents():
    """The documents of all lab hosts by name."""
    return moving.run(_documents())


async def _documents():
    async with probing() as (_, prober):
        names = [*FAST, "lab.example", "null.lab.example", "nosuch.lab.example", "10.0.0.5"]
        return {name: to_document(await checked(prober, name)) for name in names}


def buttons(blocks):
    return {it["action_id"]: it for block in blocks if block["type"] == "actions" for it in block["elements"]}


def texts(blocks):
    return "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")


def test_slack_takes_the_messages_and_the_dialogue_of_every_lab_host(documents):
    for document in documents.values():
        for reply in (
            view.result(document, logged=True),
            view.result(document, logged=False),
            view.shared(entry_of(document), pressing()),
        ):
            assert problems(reply.blocks, "message") == []
            assert reply.text
        assert problems(details(entry_of(document), pressing().actor).blocks, "modal") == []


def test_no_markup_of_a_server_reaches_what_slack_parses(documents):
    for document in documents.values():
        reply, modal = view.result(document, logged=True), details(entry_of(document), pressing().actor)
        assert not any(MENTION.search(text) for text in (reply.text, *mrkdwn(reply.blocks), *mrkdwn(modal.blocks)))


def test_the_first_line_says_verdict_host_and_what_to_do(documents):
    first = view.result(documents["mail.lab.example"], logged=True).blocks[0]["text"]["text"]
    assert first.startswith(":white_check_mark: *mail.lab.example* works. Use port 465 with implicit TLS")


def of_ports(document):
    """The cells of the table, and what stands above it."""
    blocks = view.result(document, logged=True).blocks
    place = next(place for place, block in enumerate(blocks) if block["type"] == "table")
    above = [block["elements"][0]["text"] for block in blocks[1:place]]
    return [[cell["text"] for cell in row] for row in blocks[place]["rows"]], above


def test_the_table_has_a_row_for_every_port_and_columns_for_what_differs(documents):
    cells, above = of_ports(documents["mail.lab.example"])
    assert cells[0] == ["Port", "Login"]
    assert cells[1:] == [["✓ 25", "–"], *([f"✓ {port}", "PLAIN LOGIN"] for port in (465, 587, 2525))]
    assert re.fullmatch(r"On all of these: open, TLS 1.3, cert \d+ days.", *above)


def test_what_all_ports_with_tls_share_stands_above_the_table_once(documents):
    cells, above = of_ports(documents["filtered.lab.example"])
    assert cells[:2] == [["Port", "State", "Login"], ["✗ 25", "no answer", "–"]]
    assert re.fullmatch(r"Where TLS works: TLS 1.3, cert \d+ days.", *above)
    cells, above = of_ports(documents["plain.lab.example"])
    assert (cells[0], above) == (["Port", "State", "TLS"], [])


async def test_a_wide_table_fits_a_telephone_and_tells_how_tls_begins():
    odd = {**WELL, 587: WELL[465]}
    old = sound_ports(NAME, days=(-100, -10))
    check, _ = await check_of(pool(ONE=WELL, TWO=odd, THREE=old, FOUR=REFUSES, SIX=BUSY), (25, 465, 587))
    document = to_document(check)
    cells, above = of_ports(document)
    assert above == ["Login on 465, 587: PLAIN LOGIN."]
    assert cells[0] == ["Port", "State", "TLS, cert"]
    tls = [row[2] for row in cells if row[0] in {f"✓ 587 {ONE}", f"✓ 587 {TWO}"}]
    assert [one.rpartition(",")[0] for one in tls] == ["1.3", "1.3 implicit"]
    told = [found["message"] for found in worst_findings(document)]
    assert sum("too many connections" in one for one in told) == 1
    assert any(one.startswith("25, 465, 587 IPv6: ") for one in told)


async def test_a_login_that_a_port_offers_at_some_addresses_alone_stands_with_their_state():
    odd = {**WELL, 587: sound_ports(NAME)[25]}
    old = sound_ports(NAME, days=(-100, -10))
    check, _ = await check_of(pool(ONE=WELL, TWO=odd, THREE=old, FOUR=REFUSES), (25, 465, 587))
    cells, above = of_ports(to_document(check))
    assert "Where a row says login: PLAIN LOGIN." in above
    assert cells[0] == ["Port", "State", "Cert"]
    assert {row[1] for row in cells if " 587 " in row[0]} == {"open", "open, login", "refused"}


def test_a_single_port_has_all_columns_that_say_something(documents):
    cells, above = of_ports(
        {**documents["mail.lab.example"], "endpoints": documents["mail.lab.example"]["endpoints"][:1]}
    )
    assert (cells[0], above) == (["Port", "State", "TLS", "Cert"], [])


def test_the_text_without_blocks_has_everything(documents):
    text = view.result(documents["expired.lab.example"], logged=True).text
    assert re.search(r"^! 465 · open · TLS 1.3 · cert expired · login PLAIN LOGIN · \d+ ms$", text, re.MULTILINE)
    assert "\nClient settings, once clients accept the certificate: expired.lab.example, port 465" in text


def test_the_same_finding_at_two_severities_is_one_line(documents):
    found = [one["message"] for one in worst_findings(documents["plain.lab.example"]) if one["severity"] != "info"]
    assert found == [
        "Port 587 offers no STARTTLS to us: everything would cross in the clear. The same on 25.",
    ]


def test_ports_of_one_address_are_named_together():
    labels = ["25 192.0.2.7", "465 192.0.2.7", "25", "587", "25, 2 of 3 addresses", "465, 2 of 3 addresses"]
    assert Told({"code": "cert_self_signed"}, labels, [], {}).places == [
        "25, 465 192.0.2.7",
        "25, 587",
        "25, 465, 2 of 3 addresses",
    ]


def test_several_hosts_are_named_in_the_table(documents):
    found = parts.rows(documents["lab.example"])
    assert {"✓ 25 mail.lab.example", "✓ 25 mx2.lab.example"} <= {row[0] for row in found}


def test_every_row_has_a_mark_of_what_its_port_comes_to(documents):
    marks = {row[0].partition(" ")[0] for document in documents.values() for row in parts.rows(document)}
    assert marks == {"✓", "!", "✗", "?"}
    assert [row[0] for row in parts.rows(documents["expired.lab.example"])] == ["✓ 25", "! 465", "! 587", "! 2525"]


def test_a_message_shows_five_findings_at_most_and_points_to_the_rest(documents):
    document = dict(documents["mail.lab.example"])
    document["findings"] = [{"code": "x", "severity": "notice", "message": f"Line {n}."} for n in range(9)]
    shown = json.dumps(view.result(document, logged=True).blocks)
    assert shown.count("Line ") == 5
    assert "4 findings more behind Details" in shown


def test_findings_stand_worst_first_and_each_sentence_once(documents):
    found = worst_findings(documents["expired.lab.example"])
    order = [SEVERITY_ORDER.index(finding["severity"]) for finding in found]
    assert order == sorted(order)
    assert len({message_of(finding) for finding in found}) == len(found)


def test_a_result_that_was_not_logged_says_so_and_has_no_buttons_that_need_it(documents):
    reply = view.result(documents["mail.lab.example"], logged=False)
    assert "Not logged" in json.dumps(reply.blocks)
    assert "Not logged" in reply.text
    assert buttons(reply.blocks).keys().isdisjoint({"smtpcheck.share", "smtpcheck.details"})


def test_the_buttons_carry_the_id_and_what_to_run_again(documents):
    found = buttons(view.result(documents["mail.lab.example"], logged=True).blocks)
    assert found["smtpcheck.share"]["value"] == found["smtpcheck.details"]["value"] == "0123"
    assert found["smtpcheck.run"]["value"] == "mail.lab.example 25 465 587 2525"


def test_what_is_shared_says_by_whom_and_cannot_be_shared_again(documents):
    reply = view.shared(entry_of(documents["mail.lab.example"]), pressing("U7"))
    assert reply.public
    assert "Shared by <@U7>; asked by <@U1>" in json.dumps(reply.blocks)
    assert "smtpcheck.share" not in buttons(reply.blocks)


def test_details_show_the_transcript_the_certificate_and_the_times(documents):
    shown = json.dumps(details(entry_of(documents["mail.lab.example"]), pressing().actor).blocks)
    for words in (
        "S: 220 mail.lab.example",
        "C: EHLO probe.example",
        "CN=Portero Lab CA",
        "SHA-256",
        "Milliseconds: connect",
    ):
        assert words in shown


def test_bad_news_is_bad_news_for_the_exit_status(documents):
    good = {name: view.result(document, logged=True).good for name, document in documents.items()}
    assert good["mail.lab.example"]
    assert good["expired.lab.example"]
    assert not any(good[name] for name in ("null.lab.example", "nosuch.lab.example", "10.0.0.5", "busy.lab.example"))


def test_progress_names_the_ports_that_are_done():
    first = view.progress("mail.lab.example", {}, (25, 587), {}, public=False).text
    assert first.endswith("Checking *mail.lab.example* …")
    text = view.progress("mail.lab.example", {587: "open", 25: "no_answer"}, (25, 465, 587), {}, public=True).text
    assert text.endswith("2 of 3 ports done (25: no answer, 587: open)")


def test_progress_says_what_is_waited_for():
    first = view.progress("mail.lab.example", {}, (25, 587), {25: 3}, public=False).text
    assert first.endswith("… Port 25 waits for its turn: 3 other connections of ours to it first.")
    text = view.progress("mail.lab.example", {587: "open"}, (25, 587), {25: 1}, public=False).text
    assert text.endswith("(587: open). Port 25 waits for its turn: 1 other connection of ours to it first.")


def test_a_certificate_is_put_into_a_word_or_two():
    sound = {"days_left": 80, "name_matches": True, "trusted": True}
    other = ({"days_left": -3}, {"name_matches": False}, {"trusted": False}, {"days_left": None})
    told = [parts._certificate_words({"tls": {"state": "ok", "certificate": sound | more}}) for more in ({}, *other)]
    assert told == ["80 days", "expired", "not for this name", "not trusted", "unreadable"]


async def test_the_client_settings_that_work_are_named():
    async with probing() as (_, prober):
        both = to_document(await checked(prober, "mail.lab.example"))
        relay = to_document(await checked(prober, "mx2.lab.example", (25,)))

    assert client_settings(both) == ("Client settings: mail.lab.example, port 465, SSL/TLS, login PLAIN or LOGIN")
    assert client_settings(relay) == ""


async def test_an_address_that_the_certificate_does_not_name_is_not_recommended_as_if_it_worked():
    async with probing() as (_, prober):
        found = to_document(await checked(prober, "198.51.100.25"))

    assert client_settings(found) == (
        "No client settings for 198.51.100.25: its certificate does not name the address. "
        "Use the host's name, and check that one: mail.lab.example, if that leads here."
    )
    assert "Connect by name: mail.lab.example, if that leads to this host." in message_of(
        found["endpoints"][1]["findings"][0]
    )
    assert "Client settings:" not in view.result(found, logged=True).text


async def test_settings_that_clients_refuse_for_the_certificate_say_so(documents):
    line = client_settings(documents["expired.lab.example"])

    assert line.startswith("Client settings, once clients accept the certificate: expired.lab.example, port 465")


@pytest.mark.parametrize(
    ("names", "trusted", "end"),
    [
        ((), True, "It names no host either: clients that verify refuse it under any name."),
        (("198.51.100.9",), True, "It names no host either: clients that verify refuse it under any name."),
        (("a.example", "b.example", "c.example"), True, "check that one: a.example or b.example, if that leads here."),
        (("a.example",), False, "Even so clients that verify the certificate refuse it (see the findings)."),
    ],
)
def test_the_names_of_a_certificate_are_what_to_connect_by(names, trusted, end):
    shown = {"names": list(names), "trusted": trusted, "name_matches": False}
    tls = {"state": "ok", "certificate": shown}
    endpoint = {"host": "198.51.100.25", "port": 587, "tls": tls, "findings": [], "auth": {"after_tls": []}}
    found = client_settings({"recommended": {"port": 587, "tls": "starttls"}, "endpoints": [endpoint]})

    assert found.endswith(end)


def test_the_first_line_is_not_said_again(documents):
    cells, above = of_ports(documents["busy.lab.example"])
    assert (cells[0], above) == (["Port", "TLS"], [])
    first = view.result(documents["busy.lab.example"], logged=True).blocks[0]["text"]["text"]
    assert first.endswith("could not be judged. 25, 465, 587, 2525: turned away. Run it again in a few minutes.")


def test_a_host_is_named_once_where_the_reason_names_it():
    params = {"target": "mail.example.com", "host": "mail.example.com", "name": "mail.example.com"}
    for code, begins in (
        ("forbidden", "mail.example.com leads to"),
        ("see_findings", "mail.example.com is not usable."),
    ):
        said = spoken([{"code": "verdict.failed", "params": params}, {"code": code, "params": params}])
        assert said.startswith(begins)
    assert spoken([]) == ""


def test_ports_that_were_swept_with_the_same_answers_are_one_line():
    tls = {"state": "ok", "versions": {"TLSv1.2": "yes", "TLSv1": "no"}, "suites": {"rc4": "no"}}
    points = [{"host": "a.example", "port": port, "tls": tls} for port in (25, 465)]
    assert version_lines({"endpoints": points}) == [
        "Ports 25, 465: TLS 1.2 accepted; 1.0 refused.",
        "Ports 25, 465, older cipher suites refused: RC4.",
    ]
    assert version_lines({"endpoints": [*points, {**points[0], "host": "b.example"}]})[0].startswith(
        "Ports 25 of a.example, 465 of a.example, 25 of b.example: "
    )


def test_what_is_wrong_from_all_places_stands_below_the_table_and_of_a_deep_check_the_details(documents):
    name = "expired.lab.example"
    seen = dict.fromkeys(("local", "fra-1"), documents[name])
    usual, deep = (from_places(name, seen, {}, name, public=False, deep=deep) for deep in (False, True))
    assert usual.text.startswith(f":warning: {name} works from both places (local and fra-1).")
    for answer in (usual, deep):
        assert (
            answer.text.count("The certificate expired") == json.dumps(answer.blocks).count("certificate expired") == 1
        )
    assert [f"Details: {place}" in json.dumps(deep.blocks) for place in seen] == [True, True]
    assert "Details" not in json.dumps(usual.blocks)
