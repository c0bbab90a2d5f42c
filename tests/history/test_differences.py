from commands.history.differences import differences
from commands.history.wording import sides
from tests.history.documents import document, endpoint

WARNING = {"code": "no_answer_target", "severity": "warning", "message": "Port 25 gives no answer."}
INFO = {"code": "control_probe", "severity": "info", "message": "Control probe of port 25."}


def silent(port):
    return {**endpoint(port, state="no_answer", tls="", shown=False), "findings": [WARNING, INFO]}


def shown(before, after):
    return [sides(change) for change in differences("check", before, after)]


def test_a_port_that_one_of_two_checks_looked_at_and_what_it_found_are_shown():
    few = document(endpoint(587), endpoint(2525))
    all_four = document(*(endpoint(port) for port in (465, 587, 2525)), silent(25), verdict="degraded")
    assert shown(few, all_four) == [
        ("Verdict", "works", "works, with faults"),
        ("25: Port", "not asked", "no answer"),
        ("465: Port", "not asked", "open"),
        ("25: Finding", "–", "Port 25 gives no answer."),
    ]
    assert shown(all_four, few)[1] == ("25: Port", "no answer", "not asked")


def test_ports_of_a_host_that_is_new_are_told_with_the_host():
    one, two = (document(*(endpoint(port, host=host) for host in hosts for port in (25, 587))) for hosts in ("a", "ab"))
    assert shown(one, two) == [("Host", "–", "b")]


def test_a_finding_of_several_hosts_is_told_with_its_host():
    well = document(endpoint(25, host="a"), endpoint(25, host="b"))
    ill = document(endpoint(25, host="a"), {**endpoint(25, host="b"), "findings": [WARNING]})
    assert shown(well, ill) == [("25 b: Finding", "–", "Port 25 gives no answer.")]


def test_a_finding_of_the_whole_target_has_no_port_and_one_that_is_no_news_is_not_told():
    assert shown(document(), {**document(), "findings": [WARNING, INFO]}) == [
        ("Finding", "–", "Port 25 gives no answer.")
    ]
    assert shown(document(silent(25)), document(silent(25))) == []


def test_results_of_other_kinds_have_no_ports():
    assert differences("pmta", {"findings": []}, {"findings": []}) == []
