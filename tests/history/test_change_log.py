"""The log of changes: across checks of other ports, within the time that was asked for, each with before and after."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from commands.contract import Actor, Request
from commands.history.about import about
from commands.history.about_view import availability_rows, changed_lines
from commands.history.change_log import change_log, steps
from commands.history.changes import changes
from commands.history.changes_reply import changed
from commands.history.compare import compared
from commands.history.compare_reply import compared_days
from commands.history.filters import Filters
from commands.history.listing import Place
from commands.history.wording import sentences
from commands.smtpcheck.stored.document import outcome_of
from storage.history import Run
from storage.queries import OPERATOR, Query
from storage.watches import StoredEvent
from tests.histories import history_at
from tests.history.documents import AT, HOST, certificate, document, endpoint, entry, reading

DAY = timedelta(days=1)


@pytest.fixture
async def history(tmp_path):
    kept = await history_at(tmp_path / "history.db")
    yield kept
    await kept.close()


async def checked(history, day, deep="", **states):
    """A check of ports (`p25="open"`) on a day; its id is the day's number."""
    by_port = {int(name[1:]): state for name, state in states.items()}
    made = document(*(_endpoint(port, state) for port, state in by_port.items()), id=str(day))
    kept = entry(str(day), made, started_at=AT + day * DAY)
    scope = ",".join(map(str, by_port)) + deep
    readings = [reading(port, state=state, ok=state == "open") for port, state in by_port.items()]
    await history.add(replace(kept, scope=scope, outcome=outcome_of(made)), readings)


def _endpoint(port, state):
    is_open = state == "open"
    return endpoint(port, state=state, tls="ok" if is_open else "", shown=is_open)


async def said(history):
    known = await about(Query(OPERATOR, HOST), AT + 9 * DAY, history, history.watches)
    return list(changed_lines(known))


async def test_a_port_that_other_checks_saw_otherwise_has_changed(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="open", p587="open", p2525="open")
    await checked(history, 3, p25="refused")
    head, change = await said(history)
    assert "Changed" in head and "2026-11-27" in head and "2026-11-26" in head
    assert change == "• 25: refused (before: open)"
    dialogue = await compared("3", history, OPERATOR, AT.tzinfo, lambda line: line)
    assert "2026-11-26" in str(dialogue.blocks[1])


async def test_a_longer_wait_that_hears_an_answer_is_a_change(history):
    await checked(history, 1, p25="no_greeting")
    await checked(history, 2, deep=" deep", p25="open")
    assert (await said(history))[1].startswith("• 25: open")


async def test_it_changed_when_that_port_was_first_seen_so(history):
    await checked(history, 1, p25="open", p2525="open")
    await checked(history, 2, p587="open")
    await checked(history, 3, p25="refused", p2525="open")
    await checked(history, 4, p25="refused", p587="open")
    head, _ = await said(history)
    assert "*Changed" in head and "2026-11-27" in head and "2026-11-25" in head


async def test_what_differed_last_counts_and_of_the_same_ports_all_that_did(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="refused", p587="refused")
    await checked(history, 3, p25="open", p587="open")
    assert "2026-11-26" in (await said(history))[0]
    await checked(history, 4, p25="refused", p465="open")
    await checked(history, 5, p25="open", p587="open")
    head, change = await said(history)
    assert "2026-11-29" in head and "2026-11-28" in head and change.startswith("• 25: open")


async def test_ports_that_nobody_saw_otherwise_have_not_changed(history):
    await checked(history, 1, p25="refused", p587="open")
    await checked(history, 2, p587="open")
    [words] = await said(history)
    assert "No change is known" in words and "2026-11-25" in words and "in 2 results" in words


async def test_of_one_port_that_was_asked_for_nothing_is_said_of_others(history):
    await checked(history, 1, p25="open", p587="open")
    await checked(history, 2, p25="refused", p587="open")
    of_25, of_587 = [
        await about(Query(OPERATOR, HOST, port=port), AT + 9 * DAY, history, history.watches) for port in (25, 587)
    ]
    assert [change.place for change in of_25.log.steps[-1].changes] == ["25"]
    assert of_587.log.steps == []
    assert [one.port for one in of_587.availability["90 d"]] == [587]
    assert set(of_587.trend) <= {587}
    assert await about(Query(OPERATOR, HOST, port=465), AT + 9 * DAY, history, history.watches) is None


MONTH = [
    *((day, {"p25": "open"}) for day in range(9)),
    *((day, {"p25": "refused", "p587": "open"}) for day in (9, 10)),
    (11, {"p25": "open"}),
    *((day, {"p25": "open", "p587": "refused"}) for day in range(12, 15)),
]
LOGGED = {
    (0, 20): [
        ("12-03", "12-02", ["25: refused (before: open)"], 2),
        ("12-05", "12-04", ["25: open (before: refused)"], 1),
        ("12-06", "12-04", ["587: refused (before: open)"], 3),
    ],
    (10, 20): [
        ("12-05", "12-04", ["25: open (before: refused)"], 1),
        ("12-06", "12-04", ["587: refused (before: open)"], 3),
    ],
    (0, 11): [("12-03", "12-02", ["25: refused (before: open)"], 2)],
    (9.5, 11): [],
    (18, 20): [],
}


async def test_a_log_has_each_change_of_its_time_once_whatever_ports_were_asked(history):
    for day, states in MONTH:
        await checked(history, day, **states)
    for (first, last), there in LOGGED.items():
        query = Query(OPERATOR, HOST, "check", since=AT + first * DAY, until=AT + last * DAY)
        log = await change_log(query, history)
        told = [
            (f"{step.at:%m-%d}", f"{step.before_at:%m-%d}", sentences(step.changes), step.count) for step in log.steps
        ]
        assert told == there, (first, last)
        assert log.results == sum(first <= day < last for day, _ in MONTH)
        known = await about(query, AT + 30 * DAY, history, history.watches)
        lines = "\n".join([*changed_lines(known), *map(str, availability_rows(known, UTC))]) if known else ""
        outside = {f"2026-{AT + day * DAY:%m-%d}" for day in (20, 29)}
        assert not any(day in lines for day in outside)
        counted = {row[0]: row[1] for row in availability_rows(known, UTC)[1:]} if known else {}
        of_25 = [states["p25"] for day, states in MONTH if first <= day < last and "p25" in states]
        assert "open" not in of_25 or counted["25"].endswith(f"({of_25.count('open')} of {len(of_25)})")


async def test_what_else_a_host_shows_changes_by_itself_too(history):
    """Addresses and the set of MX hosts, the policy only between checks that looked it up."""
    policies = (["mta_sts_enforce", "tls_rpt_absent"], [], ["mta_sts_none", "tls_rpt_absent"], ["tls_rpt_unknown"])
    for day, codes in enumerate(policies):
        made = document(endpoint(), mx=[f"mx{day // 2}.x"], id=str(day))
        made["dns"]["addresses"] = [f"192.0.2.{day // 3}"]
        made["findings"] = [{"code": code, "severity": "info"} for code in codes]
        await history.add(
            replace(entry(str(day), made, started_at=AT + day * DAY), scope="587", outcome=outcome_of(made))
        )
    log = await change_log(Query(OPERATOR, HOST), history)
    assert [sentences(step.changes) for step in log.steps] == [
        [
            "MX hosts mx1.x (before: mx0.x)",
            "mail policy mta sts none (before: mta sts enforce)",
        ],
        ["addresses 192.0.2.1 (before: 192.0.2.0)"],
    ]


def run_of(day, made, scope="587", vantage="local"):
    at = AT + day * DAY
    return Run("T1", vantage, scope, str(day), at, str(day), at, str(day), 1), made


def logged(*segments):
    return [(step.id, sentences(step.changes)) for step in steps(segments)]


def with_findings(made, *codes, **changes):
    return {**made, **changes, "findings": [{"code": code, "severity": "error"} for code in codes]}


@pytest.mark.parametrize("code", ["mx_unknown", "dns_servfail", "dns_timeout"])
def test_what_a_dead_resolver_did_not_say_is_unknown_and_no_change(code):
    """And in the comparison of two: an empty set that was seen is one."""
    known = with_findings(document(endpoint(host="mx1.x"), mx=["mx1.x"], target="x"), kind="domain")
    blind = document(verdict="unknown", recommended=None, target="x")
    unseen, none = with_findings(blind, code, kind="domain"), with_findings(document(), kind="domain")
    assert logged(run_of(1, known), run_of(2, unseen), run_of(3, known)) == []
    assert [one.code for one in changes("check", known, unseen)] == ["verdict", "recommended"]
    assert logged(run_of(1, known), run_of(3, none)) == [("3", ["MX hosts none (before: mx1.x)"])]


async def test_a_name_that_goes_and_comes_is_a_change_with_its_time_also_of_each_port(history):
    """Nothing was connected to, so no port says it, and results of no ports have no earlier verdict."""
    gone = with_findings(document(verdict="failed", recommended=None), "dns_nxdomain", id="2")
    await checked(history, 1, p25="open")
    await history.add(replace(entry("2", gone, started_at=AT + 2 * DAY), scope="none", outcome=outcome_of(gone)))
    for port in (None, 25):
        log = await change_log(Query(OPERATOR, HOST, "check", port=port), history)
        assert [(step.id, step.before, sentences(step.changes)) for step in log.steps] == [
            ("2", "1", ["no such name in DNS (before: the name was found)"])
        ]
    await checked(history, 3, p25="open")
    assert (await said(history))[1] == "• the name is found again (before: no such name in DNS)"


@pytest.mark.parametrize("code", ["dns_servfail", "dns_timeout"])
def test_a_name_that_nobody_answers_for_is_not_gone(code):
    gone = with_findings(document(verdict="failed", recommended=None), "dns_nxdomain")
    unknown = with_findings(document(verdict="unknown", recommended=None), code)
    told = logged(run_of(1, document(endpoint())), run_of(2, unknown, "none"), run_of(3, gone, "none"))
    assert told == [("3", ["no such name in DNS (before: the name was found)"])]


def test_what_we_could_not_see_ourselves_changes_no_port():
    seen, blocked = document(endpoint()), document(endpoint(state="not_heard"), verdict="blocked_here")
    shut = document(endpoint(state="refused"), verdict="failed", recommended=None)
    assert logged(run_of(1, seen), run_of(2, blocked), run_of(3, seen)) == []
    assert logged(run_of(1, seen), run_of(2, blocked), run_of(3, shut))[0][0] == "3"


def test_a_verdict_that_another_set_of_ports_came_to_already_is_not_told_again():
    good, bad = document(endpoint()), document(endpoint(findings=["warning"]), verdict="degraded")
    told = logged(run_of(1, bad), run_of(1.1, bad, "465"), run_of(2, good), run_of(2.5, good, "465"))
    assert told == [("2", ["it works (before: it works, with faults)"])]
    again = (run_of(3, bad), run_of(3.5, bad, "465"), run_of(4, good))
    assert len(logged(run_of(1, bad), run_of(2, good), run_of(2.5, good, "465"), *again)) == 3


def test_what_another_place_saw_change_too_is_told_once_and_what_it_alone_saw_with_its_name():
    well, shut = document(endpoint()), document(endpoint(state="refused"), verdict="failed", recommended=None)
    both = [
        run_of(day, made, vantage=place)
        for day, made in ((1, well), (2, shut), (3, well))
        for place in ("local", "fra-1")
    ]
    assert [(step.id, step.vantage) for step in steps(both)] == [("2", "local"), ("3", "local")]
    alone = [run_of(1, well), run_of(1, well, vantage="fra-1"), run_of(2, well), run_of(2, shut, vantage="fra-1")]
    assert [step.vantage for step in steps(alone)] == ["fra-1"]


def test_a_certificate_that_ended_is_told_as_ended_and_a_part_of_the_policy_changes_by_itself():
    shown = [certificate(ends="2026-11-20T03:00:00Z", trusted=trusted) for trusted in (True, False)]
    before = {**document(endpoint(shown=shown[0])), "started_at": "2026-11-20T02:46:00Z"}
    after = {**document(endpoint(shown=shown[1])), "started_at": "2026-11-20T03:01:00Z"}
    assert logged(run_of(1, before), run_of(2, after)) == [("2", ["587: the certificate has ended (2026-11-20)"])]
    unsure = ("mta_sts_unknown", "tls_rpt_absent")
    valid, broken = (with_findings(document(endpoint()), code, *unsure) for code in ("dane_valid", "dane_mismatch"))
    assert logged(run_of(1, valid), run_of(2, broken)) == [("2", ["mail policy dane mismatch (before: dane valid)"])]


class Told:
    """What watches told, as far as the log of changes asks."""

    def __init__(self, *records, before=("-all",), after=("~all",)):
        changes = [{"record": one, "name": HOST, "before": [*before], "after": [*after]} for one in records]
        document = {"target": HOST, "facts": {"changes": changes}}
        self._rows = [
            StoredEvent(f"{one}.1.1", one, f"{one}.1", "dns_changed", AT + 3 * DAY, document, ())
            for one in ("w-1", "w-2")
        ]

    async def events(self, viewer, *, since=None):
        return self._rows


def test_a_verdict_that_nothing_else_explains_names_what_was_found():
    weak = [{"code": "cert_weak_key", "severity": "error", "params": {}}]
    good, bad = document(endpoint(), endpoint(465)), document(endpoint(), endpoint(465), verdict="degraded")
    bad["endpoints"][1]["findings"] = weak
    assert logged(run_of(1, good), run_of(2, bad), run_of(3, good)) == [
        (
            "2",
            ["it works, with faults (before: it works)", "465: certificate with a weak key (not before)"],
        ),
        (
            "3",
            [
                "it works (before: it works, with faults)",
                "465: no longer: certificate with a weak key",
            ],
        ),
    ]


STOPPED = {"code": "dane_mismatch", "severity": "error", "params": {"host": HOST, "port": 25}}
DANE = "gets no mail from senders with DANE (no TLSA holds)"


def of_mail(*findings, sha256="aa", verdict="ok", **changes):
    shown = endpoint(25, shown=certificate(sha256), **changes)
    return document(shown, verdict=verdict) | {"findings": list(findings)}


def test_what_is_wrong_with_what_changed_is_named_where_it_begins_and_where_it_ends():
    broken = of_mail(STOPPED, sha256="bb", verdict="degraded")
    begins, ends = logged(run_of(1, of_mail()), run_of(2, broken), run_of(3, of_mail(sha256="bb")))
    assert begins[0] == "2" and f"{DANE} (not before)" in begins[1] and any("certificate" in one for one in begins[1])
    assert ends == ("3", ["it works (before: it works, with faults)", f"no longer: {DANE}"])


def test_mail_that_stops_is_told_also_where_the_host_had_faults_before():
    slow = {"code": "cert_weak_key", "severity": "error", "params": {}}
    had, has = of_mail(slow, verdict="degraded"), of_mail(slow, STOPPED, verdict="degraded")
    assert logged(run_of(1, had), run_of(2, has)) == [("2", [f"{DANE} (not before)"])]


def test_a_finding_is_not_over_where_nothing_was_judged():
    broken, unknown = of_mail(STOPPED, verdict="degraded"), of_mail(verdict="unknown", state="rate_limited")
    told = logged(run_of(1, of_mail()), run_of(2, broken), run_of(3, unknown), run_of(4, broken))
    assert "no longer" not in str(told) and str(told).count(DANE) == 1


def test_what_a_change_says_already_is_no_finding_beside_it():
    bad = [{"code": "tls_not_offered", "severity": "error", "params": {}}]
    without = document(endpoint(tls="not_offered", shown=False) | {"findings": bad}, verdict="degraded")
    [(_, said)] = logged(run_of(1, document(endpoint())), run_of(2, without))
    assert "587: STARTTLS gone (before: it worked)" in said and "(not before)" not in str(said)


async def test_changes_of_a_pattern_are_those_of_the_hosts_that_match(history):
    for day, state in ((1, "open"), (2, "refused")):
        await checked(history, day, p25=state)
    request = Request("smtphistory", Actor("U1", "T1"), AT + 9 * DAY)
    for pattern, told in (
        ("*.example.com", "1 change of 1 host in 2 results"),
        ("mx*", "No result is known to compare."),
    ):
        place = Place(Filters(target=pattern, ask="changes"))
        reply = await changed(place, request, history, OPERATOR, watches=Told(), in_place=False)
        assert told in reply.text


async def test_two_days_with_the_same_last_result_are_not_compared(history):
    await checked(history, 1, p25="open")
    place = Place(Filters(target=HOST, ask="compare", since="2026-11-26", until="2026-11-27"))
    request = Request("smtphistory", Actor("U1", "T1"), AT + 9 * DAY)
    reply = await compared_days(place, request, history, OPERATOR)
    assert reply.text.startswith(f"Nothing to compare: no check of *{HOST}* lies between them")


async def test_of_what_no_check_looked_at_everything_is_told_that_a_watch_saw(history):
    place = Place(Filters(target=HOST, ask="changes"))
    request = Request("smtphistory", Actor("U1", "T1"), AT + 9 * DAY)
    reply = await changed(place, request, history, OPERATOR, watches=Told("spf", "address"), in_place=False)
    assert f"• SPF, addresses {HOST}: ~all (before: -all)" in reply.text
    assert reply.text.splitlines()[1] == "1 change, newest first."
    place = Place(Filters(ask="changes"))
    reply = await changed(place, request, history, OPERATOR, watches=Told("mx"), in_place=False)
    assert "1 change of 1 host, newest first." in reply.text and f"• MX {HOST}: ~all" in reply.text


@pytest.mark.parametrize(("port", "told"), [(None, True), (25, False)])
async def test_records_that_only_a_watch_looked_at_are_in_the_log(history, port, told):
    """Addresses are in results, and would be there twice."""
    await checked(history, 1, p25="open")
    place = Place(Filters(target=HOST, ask="changes", port=port))
    request = Request("smtphistory", Actor("U1", "T1"), AT + 9 * DAY)
    reply = await changed(place, request, history, OPERATOR, watches=Told("spf", "address"), in_place=False)
    assert (f"• SPF {HOST}: ~all (before: -all)" in reply.text) == told
    assert "address" not in reply.text
    assert [(fact["id"], fact["before_at"]) for fact in reply.facts] == ([("", None)] if told else [])


async def test_the_preferences_of_mx_hosts_are_in_the_log_as_a_watch_told_them(history):
    """Results tell which hosts there are."""
    await checked(history, 1, p25="open")
    place = Place(Filters(target=HOST, ask="changes"))
    request = Request("smtphistory", Actor("U1", "T1"), AT + 9 * DAY)
    before = ("10 mx1.example.com", "20 mx2.example.com")
    for after, told in (
        (("10 mx2.example.com", "20 mx1.example.com"), True),
        (("10 mx1.example.com", "20 mx3.example.com"), False),
    ):
        watches = Told("mx", before=before, after=after)
        reply = await changed(place, request, history, OPERATOR, watches=watches, in_place=False)
        said = f"• MX {HOST}: {', '.join(after)} (before: {', '.join(before)})"
        assert (said in reply.text) == told
        assert reply.text.count("MX") == told


def test_an_address_of_a_pool_that_breaks_and_comes_back_is_a_change():
    def pool(day, state):
        unlike = {} if state == "open" else {"shown": False, "tls": ""}
        there = [endpoint(port, address="192.0.2.25") for port in (465, 587)]
        there += [endpoint(port, address="192.0.2.26", state=state, **unlike) for port in (465, 587)]
        finding = {"code": "address_down", "severity": "warning", "params": {}}
        found = [] if state == "open" else [finding]
        return run_of(day, document(*there, verdict="degraded" if found else "ok") | {"findings": found})

    down, back = logged(pool(1, "open"), pool(2, "refused"), pool(3, "open"))
    assert down[1][1:] == ["465, 587 192.0.2.26: refused (before: like the others)"]
    assert back[1][1:] == ["465, 587 192.0.2.26: like the others (before: refused)"]
