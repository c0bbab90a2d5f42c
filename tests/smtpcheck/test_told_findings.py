"""One cause of several ports or hosts stands once, also where the findings differ in a detail."""

import pytest

from commands.smtpcheck.view.told_findings import told_once, worst_findings

ADDRESS = "192.0.2.7"


def found(name, severity="warning", **params):
    return {"code": name, "severity": severity, "params": params}


def document(*endpoints, findings=()):
    """A stored check of one host: ports with their findings."""
    of_all = {"host": "mail.example.com", "address": ADDRESS, "state": "open", "tls": None}
    of_all["auth"] = {"before_tls": [], "after_tls": []}
    points = [
        {**of_all, "port": port, "findings": [{**one, "params": {"port": port, **one["params"]}}]}
        for port, one in endpoints
    ]
    return {"summary": [], "endpoints": points, "findings": list(findings)}


def told(*endpoints, findings=()):
    return [one["message"] for one in worst_findings(document(*endpoints, findings=findings))]


def refusal(said):
    return found("refused_by_policy", "error", said=said, code=550)


def test_words_that_differ_in_times_and_process_ids_are_the_same_words():
    (said,) = told((25, refusal("No. Session 15086 at 20261129160336Z")), (587, refusal("No. Session 15087 at 1Z")))
    assert said.startswith("The server refuses us (550): 'No. Session 15086 at 20261129160336Z'.")


def test_other_words_stand_behind_the_port():
    (said,) = told((25, found("not_smtp", "error", said="hello")), (587, found("not_smtp", "error", said="who?")))
    assert said == "What answers on port 25 does not speak SMTP: 'hello'. The same on 587 (who?)."


@pytest.mark.parametrize(
    ("code", "detail", "one", "other"),
    [
        ("size_too_small", "octets", 1000, 2000),
        ("tls_weak_cipher", "cipher", "RC4-SHA", "DES-CBC3-SHA"),
        ("auth_before_tls", "mechanisms", "PLAIN", "PLAIN LOGIN"),
        ("tls_small_dh", "bits", 1024, 768),
    ],
)
def test_a_detail_that_differs_stands_behind_its_port(code, detail, one, other):
    (said,) = told(
        (25, found(code, **{detail: one})), (465, found(code, **{detail: other})), (587, found(code, **{detail: one}))
    )
    assert str(one) in said
    assert said.endswith(f"The same on 587, 465 ({other}).")


def test_what_is_another_thing_at_each_address_is_said_of_that_address_alone():
    first, second = (
        {**point, "address": address}
        for point, address in zip(
            document(
                (25, found("cert_name_mismatch", host="pool.example", names=["a.example"])),
                (25, found("cert_name_mismatch", host="pool.example", names=["b.example"])),
            )["endpoints"],
            ("192.0.2.1", "192.0.2.2"),
            strict=True,
        )
    )
    said = [one["message"] for one in worst_findings({**document(), "endpoints": [first, second]})]
    assert [one.partition(":")[0] for one in said] == ["25 192.0.2.1", "25 192.0.2.2"]


def test_times_that_differ_are_told_as_a_range():
    (first,) = told_once(
        document((25, found("slow_greeting", seconds=4.0)), (587, found("slow_greeting", seconds=5.1)))
    )
    assert first.message.startswith("The greeting took 4.0 to 5.1 s.")
    assert first.where == ["25", "587"]


def test_equal_times_are_no_range():
    (said,) = told((25, found("slow_greeting", seconds=4.0)), (587, found("slow_greeting", seconds=4.0)))
    assert "took 4.0 s." in said


def test_what_answers_in_another_protocol_is_something_else():
    one = found("not_smtp", "error", said="SSH-2.0-x", protocol="SSH")
    assert len(told((25, one), (587, found("not_smtp", "error", said="HTTP/1.1 400", protocol="HTTP")))) == 2


def test_what_is_said_of_port_25_alone_is_not_said_of_others():
    wants = found("tls_wants_certificate", "error", where="", said="")
    first, second = told((25, wants), (587, wants))
    assert "without TLS was not tried" in first
    assert "without TLS was not tried" not in second


def test_the_same_at_two_severities_stands_once_at_the_worst():
    (one,) = told_once(
        document((25, found("cert_expired", "notice", days=-3)), (465, found("cert_expired", "error", days=-3)))
    )
    assert (one.finding["severity"], one.places) == ("error", ["25, 465"])


def test_hosts_and_addresses_with_the_same_finding_stand_behind_the_first():
    idle = [found("mx_idle", host=host, other="mx3") for host in ("mx1", "mx2")]
    bare = [found("ptr_missing", "notice", address=f"192.0.2.{n}", ptr="") for n in (1, 2, 3)]
    first, second = told(findings=[*idle, *bare])
    assert first.endswith("The same of mx2.")
    assert second.endswith("The same of 192.0.2.2, 192.0.2.3.")


def test_a_broken_key_that_shows_on_three_ports_stands_once():
    broken = found("starttls_broken_temp", "error", said="454 4.7.0 TLS not available", where="starttls")
    closes = found("same_broken_tls", "error", others="25 and 587", said="454 4.7.0 TLS not available")
    (said,) = told((25, broken), (465, closes), (587, broken))
    assert said.startswith(
        "Port 465 ends each connection at once, while STARTTLS is offered and then refused on 25 and 587"
    )


def test_findings_of_the_first_schema_are_told_in_their_words():
    old = {"code": "x", "severity": "notice", "message": "Something."}
    assert [one.message for one in told_once({"summary": "x", "endpoints": [], "findings": [old, old]})] == [
        "Something."
    ]


def test_a_sentence_that_names_its_port_stands_behind_the_address_of_that_port():
    check = document((465, found("refused", "info")), (587, found("refused", "info")))
    first, second = check["endpoints"]
    first["state"] = second["state"] = "refused"
    beside = [{**one, "findings": [], "state": "open"} for one in (first, second)]
    beside[0]["address"] = second["address"] = "192.0.2.8"
    check["endpoints"] += beside
    (said,) = [told["message"] for told in worst_findings(check)]
    assert said.startswith(f"465 {ADDRESS}: Port 465 refuses connections")
    assert said.endswith("The same on 587 192.0.2.8.")
