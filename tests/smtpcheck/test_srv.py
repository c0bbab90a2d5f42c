from bot.demo.lab.zone import Fault
from commands.smtpcheck.result.sentences.choice import sentence
from tests.smtpcheck.policies import BASE, codes, examined

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
