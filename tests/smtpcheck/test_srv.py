"""Where DNS sends the mail programs of a domain (SRV): looked up before it is named, and offered to be checked."""

import io

from rich.console import Console

from bot.demo.lab.hosts import ZONE
from bot.demo.lab.zone import Fault
from commands.smtpcheck.policy.mail_policy import policy_findings
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view.terminal import show
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.policies import BASE, STORE, codes, examined

SUBMISSIONS = "_submissions._tcp.example.com"
HERE = {"a.example": {"A": ["192.0.2.1"]}, "b.example": {"AAAA": ["2001:db8::1"]}}


async def test_announced_services_are_listed_best_first_and_a_dot_denies():
    found, _ = await examined(
        BASE
        | HERE
        | {
            "_submission._tcp.example.com": {"SRV": ["0 0 0 ."]},
            SUBMISSIONS: {"SRV": ["10 0 465 b.example.", "0 1 465 a.example."]},
        }
    )
    denied, offered = found.services
    assert denied.state == "denied"
    assert offered.targets == ((0, 1, 465, "a.example"), (10, 0, 465, "b.example"))
    assert {"srv_denied", "srv_offered"} <= codes(found)


async def said_of(*targets, **how):
    records = [f"{priority} 0 465 {host}." for priority, host in enumerate(targets)]
    found, _ = await examined(BASE | HERE | {SUBMISSIONS: {"SRV": records}}, **how)
    return {code: sentence(code, params) for code, params in found.findings if code.startswith("srv_")}


async def test_clients_are_not_said_to_connect_to_a_name_that_does_not_exist():
    said = await said_of("gone.example")
    assert set(said) == {"srv_no_host"}
    assert "at gone.example:465, which has no address in DNS" in said["srv_no_host"]


async def test_of_several_targets_those_that_are_gone_are_told_apart():
    said = await said_of("gone.example", "a.example", "b.example")
    assert set(said) == {"srv_no_host", "srv_offered"}
    assert "a.example:465, b.example:465. Clients" in said["srv_offered"]
    assert "gone.example:465," in said["srv_no_host"]


async def test_a_target_that_dns_gave_no_answer_for_is_neither_there_nor_gone():
    said = await said_of("a.example", faults={"a.example": Fault(rcode="SERVFAIL")})
    assert set(said) == {"srv_host_unknown"}


async def test_a_target_without_its_final_dot_and_a_port_for_another_service_are_told_as_such():
    said = await said_of("mail.example.com.example.com")
    assert "Most likely the final dot is missing" in said["srv_no_host"]
    assert "write mail.example.com. with" in said["srv_no_host"]
    found, _ = await examined(BASE | HERE | {"_submission._tcp.example.com": {"SRV": ["0 0 465 a.example."]}})
    assert {code for code in codes(found) if code.startswith("srv_")} == {"srv_odd_port"}


SENT_AWAY = {
    "_submission._tcp.lab.example": {"SRV": ["0 0 587 smtp.away.example."]},
    "_submissions._tcp.lab.example": {"SRV": ["0 0 465 smtp.away.example.", "5 0 465 mail.lab.example."]},
    "smtp.away.example": {"A": ["198.51.100.77"]},
}


async def test_a_check_of_where_dns_sends_clients_is_offered_and_not_made():
    reached = set()
    async with probing(zone={**ZONE, **SENT_AWAY}) as (_, prober):
        route = prober.route
        prober.route = lambda address, port: reached.add(address) or route(address, port)
        document = to_document(await checked(prober, "lab.example"))
    reply = view.result(document, logged=True)
    buttons = [(it["text"]["text"], it["value"]) for it in reply.blocks[-1]["elements"]]
    assert ("Check smtp.away.example", "smtp.away.example 587 465") in buttons
    assert "To check it: `/smtpcheck smtp.away.example 587 465`." in reply.text
    assert "198.51.100.77" not in reached
    out = io.StringIO()
    show(document, Console(file=out, width=10_000))
    assert "To check it: portero check smtp.away.example 587 465." in out.getvalue()


async def test_a_check_is_offered_of_ports_that_may_be_checked_alone():
    found, _ = await examined(BASE | HERE | {SUBMISSIONS: {"SRV": ["0 1 5465 a.example.", "1 1 465 b.example."]}})
    offered = {
        ports: dict(policy_findings(found.policy, STORE, (), ports))["srv_offered"]["to_check"]
        for ports in ((25, 465), (25, 5465), (25,))
    }
    assert offered == {(25, 465): "b.example:465", (25, 5465): "a.example:5465", (25,): ""}


async def test_where_dns_sends_clients_to_what_was_checked_nothing_is_offered():
    zone = {"_submissions._tcp.lab.example": {"SRV": ["0 0 465 mail.lab.example."]}}
    async with probing(zone={**ZONE, **zone}) as (_, prober):
        document = to_document(await checked(prober, "lab.example"))
    assert "To check it" not in view.result(document, logged=True).text


async def test_a_target_that_is_no_host_name_is_not_offered():
    zone = {
        "_submissions._tcp.lab.example": {"SRV": ["0 0 465 a\\032b.example."]},
        "a\\032b.example": {"A": ["192.0.2.1"]},
    }
    async with probing(zone={**ZONE, **zone}) as (_, prober):
        document = to_document(await checked(prober, "lab.example"))
    assert "To check it" not in view.result(document, logged=True).text
