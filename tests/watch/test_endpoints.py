from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.contract import DeclinedError
from commands.smtpcheck.result.sentences.choice import message_of
from commands.watch.state.accepting import accept
from commands.watch.state.baseline import ACCEPTED, AMISS, ENDPOINTS, FITTING, LEFT_OUT, TARGET_KIND
from commands.watch.state.certificates import ENDS
from commands.watch.state.condition import condition_of
from commands.watch.state.endpoints import of_check
from commands.watch.state.fitting import of_certificates
from commands.watch.state.model import State
from commands.watch.state.runs import conclude
from commands.watch.view.alert_words import text_of
from commands.watch.view.card import card
from commands.watch.view.event_text import RED, YELLOW
from commands.watch.view.listing import row
from commands.watch.view.wording import watched_and_left_out

from .samples import HOUR, NOON, a_watch, document, endpoint

NAME = "mail.example.com"


def knowing(watch=None, **endpoints):
    """A watch that saw these endpoints before, `p25="tls"`."""
    known = {f"{NAME}:{name[1:]}": tls for name, tls in endpoints.items()}
    return replace(watch or a_watch(), state=State(phase="up", baseline={ENDPOINTS: known}))


def test_the_first_good_run_learns_what_answers():
    seen = of_check(a_watch(), document(endpoint(25, tls="not_offered"), endpoint(587), endpoint(465, "refused")), {})
    assert seen.outcome == "good"
    learned = {f"{NAME}:25": "plain", f"{NAME}:587": "sound"}
    assert seen.learned == {ENDPOINTS: learned, LEFT_OUT: [f"refused {NAME}:465"]}


def test_what_the_first_good_run_learns_it_has_looked_at_too():
    seen = of_check(a_watch(), document(endpoint(25, tls="not_offered"), endpoint(587), endpoint(465, "refused")), {})
    assert seen.places == (f"{NAME}:25", f"{NAME}:587")


def test_what_never_answered_is_not_missed():
    seen = of_check(knowing(p587="tls"), document(endpoint(587), endpoint(25, "refused")), {})
    assert (seen.outcome, seen.failing, seen.learned) == ("good", (), {LEFT_OUT: [f"refused {NAME}:25"]})


def test_what_is_left_out_is_said_in_list_and_card_with_why():
    """Not of a watch that names its ports, nor of one that all of them answered."""
    shut = document(endpoint(465), endpoint(587), endpoint(25, "no_answer"), endpoint(2525, "refused"))
    for watch, found, egress, said in (
        (a_watch(), shut, {}, "25 no answer; 2525 refused"),
        (a_watch(), shut, {25: "blocked"}, "25 blocked on our network; 2525 refused"),
        (a_watch(ports=(465, 587)), shut, {}, ""),
        (a_watch(), document(endpoint(465), endpoint(587)), {}, ""),
    ):
        after, _, _ = conclude(watch, {}, of_check(watch, found, egress), NOON, 1.0, "local")
        line = f"looks at 465, 587 · not watched: {said} (so when it began)"
        assert watched_and_left_out(after) == (line if said else "")
        assert (line in row(after, NOON)) == bool(said)
        assert (f"• {line[:1].upper()}{line[1:]}" in card(after, NOON, ()).text) == bool(said)
    before = card(a_watch(), NOON, ()).text
    assert "Ports that do not answer at its first run are left out: `/smtpwatch show w-1`" in before


def test_what_answered_once_is_missed():
    seen = of_check(knowing(p25="tls", p587="tls"), document(endpoint(587), endpoint(25, "refused")), {})
    assert (seen.outcome, seen.failing) == ("bad", (f"refused {NAME}:25",))


def test_a_port_that_was_named_is_watched_from_the_start():
    seen = of_check(a_watch(ports=(25, 587)), document(endpoint(25), endpoint(587, "refused")), {})
    assert (seen.outcome, seen.failing) == ("bad", (f"refused {NAME}:587",))


def test_a_port_that_was_named_and_never_open_is_told_as_such_until_it_was():
    """Beside one that answers. Once it was open it is down like any other."""
    watch, heads = a_watch(ports=(25, 2525)), []
    for number, state in enumerate(["refused"] * 3 + ["open"] * 2 + ["refused"] * 2):
        seen = of_check(watch, document(endpoint(25), endpoint(2525, state)), {})
        watch, events, _ = conclude(watch, {}, seen, NOON + number * HOUR, 1.0, "local")
        heads += [text_of(event, watch) for event in events if event.kind == "opened"]
    assert [(one.icon, one.headline) for one in heads] == [(icon, f"{NAME}: 2525 refused") for icon in (YELLOW, RED)]
    assert heads[0].facts[1].startswith("Port 2525 has not been open since it is watched:")
    assert "has not been open" not in " ".join(heads[1].facts)


def test_for_a_port_that_was_named_one_host_is_enough_until_another_was_seen_good():
    both = document(endpoint(25, host="mx1.example.com"), endpoint(25, "refused", host="mx2.example.com"))
    watch = a_watch(ports=(25,))
    assert of_check(watch, both, {}).outcome == "good"
    known = replace(
        watch, state=State(baseline={ENDPOINTS: {"mx1.example.com:25": "tls", "mx2.example.com:25": "tls"}})
    )
    assert of_check(known, both, {}).failing == ("refused mx2.example.com:25",)


@pytest.mark.parametrize("state", ["rate_limited", "temp_refused"])
def test_a_server_that_asks_us_to_come_later_is_not_down(state):
    seen = of_check(knowing(p25="tls"), document(endpoint(25, state), verdict="unknown"), {})
    assert (seen.outcome, seen.held, seen.later) == ("unknown", (f"{NAME}:25",), True)


def test_a_port_that_our_network_blocks_is_not_down():
    seen = of_check(knowing(p25="tls"), document(endpoint(25, "blocked_here"), verdict="blocked_here"), {})
    assert (seen.outcome, seen.shut, seen.failing) == ("blind", (25,), ())


@pytest.mark.parametrize(("way", "outcome"), [("open", "bad"), ("blocked", "blind"), ("unknown", "unknown")])
@pytest.mark.parametrize("state", ["no_answer", "unreachable"])
def test_silence_counts_only_when_a_control_host_answers(state, way, outcome):
    seen = of_check(knowing(p25="tls"), document(endpoint(25, state), verdict="failed"), {25: way})
    assert seen.outcome == outcome
    assert (25 in seen.free) == (way == "open")


def test_a_stored_result_remembers_the_controls_in_its_findings():
    silent, certain = endpoint(25, "no_answer"), endpoint(25, "no_answer", codes=["no_answer_target"])
    assert of_check(knowing(p25="tls"), document(silent, verdict="failed"), {}).outcome == "unknown"
    assert of_check(knowing(p25="tls"), document(certain, verdict="failed"), {}).outcome == "bad"


def test_ipv6_without_a_route_says_nothing_of_the_target():
    six = endpoint(25, "unreachable", address="2001:db8::25")
    assert of_check(knowing(p25="tls"), document(six, endpoint(25)), {}).outcome == "good"
    assert of_check(knowing(p25="tls"), document(six, endpoint(25, "refused")), {}).outcome == "bad"
    assert of_check(knowing(p25="tls"), document(six, verdict="failed"), {25: "open"}).outcome == "unknown"


def test_tls_that_went_away_is_a_failure_also_on_25():
    seen = of_check(knowing(p25="tls"), document(endpoint(25, tls="not_offered")), {})
    assert seen.failing == (f"tls_not_offered {NAME}:25",)
    assert of_check(knowing(p25="plain"), document(endpoint(25, tls="not_offered")), {}).outcome == "good"


def test_a_submission_port_without_tls_is_a_failure():
    seen = of_check(a_watch(ports=(587,)), document(endpoint(587, tls="not_offered")), {})
    assert seen.failing == (f"tls_not_offered {NAME}:587",)


OUT_OF_DATE = ["cert_expired", "cert_chain_expired", "cert_not_yet_valid"]
FLAWED = [(code, was, "bad") for code in OUT_OF_DATE for was in ("sound", "tls", "")] + [
    (code, was, "bad" if was == "sound" else "good")
    for code in ("cert_self_signed", "cert_untrusted", "cert_name_mismatch", "cert_chain_incomplete")
    for was in ("sound", "tls", "")
]


@pytest.mark.parametrize(("code", "was", "outcome"), FLAWED)
@pytest.mark.parametrize("port", [465, 587])
def test_what_mail_programs_refuse_is_a_failure_when_time_did_it_or_when_it_was_sound_before(port, code, was, outcome):
    watch = knowing(**{f"p{port}": was}) if was else a_watch()
    seen = of_check(watch, document(endpoint(port, codes=[code])), {})
    assert (seen.outcome, seen.failing) == (outcome, (f"{code} {NAME}:{port}",) if outcome == "bad" else ())


@pytest.mark.parametrize("code", [*OUT_OF_DATE, "cert_self_signed"])
@pytest.mark.parametrize("was", ["sound", "tls"])
def test_on_25_no_certificate_is_a_failure(code, was):
    assert of_check(knowing(p25=was), document(endpoint(25, codes=[code])), {}).outcome == "good"


@pytest.mark.parametrize("code", ["cert_expires_soon", "cert_expires_in_weeks", "cert_weak_key"])
def test_what_is_only_about_to_end_is_for_a_watch_on_certificates(code):
    assert of_check(knowing(p465="sound"), document(endpoint(465, codes=[code])), {}).outcome == "good"


def test_an_expired_certificate_of_an_exchange_counts_where_its_port_is_watched():
    expired = document(endpoint(25), endpoint(587, codes=["cert_expired"]), kind="domain")
    assert of_check(a_watch(), expired, {}).outcome == "good"
    assert of_check(a_watch(ports=(25, 587)), expired, {}).failing == (f"cert_expired {NAME}:587",)
    assert of_check(knowing(p25="sound", p587="sound"), expired, {}).failing == (f"cert_expired {NAME}:587",)
    assert of_check(a_watch(), {**expired, "kind": "host"}, {}).failing == (f"cert_expired {NAME}:587",)


def test_a_host_is_learned_although_its_certificate_is_out_of_date():
    seen = of_check(a_watch(), document(endpoint(25), endpoint(465, codes=["cert_expired"]), kind="host"), {})
    assert (seen.outcome, seen.learned) == ("bad", {ENDPOINTS: {f"{NAME}:25": "sound", f"{NAME}:465": "tls"}})


def test_what_was_seen_to_be_a_mail_domain_stays_one():
    good = document(endpoint(25, host="mx1.example.com"), kind="domain")
    assert of_check(a_watch(), good, {}).learned == {ENDPOINTS: {"mx1.example.com:25": "sound"}, TARGET_KIND: "domain"}
    assert TARGET_KIND not in of_check(a_watch(), {**good, "kind": "host"}, {}).learned
    assert TARGET_KIND not in of_check(a_watch(), document(endpoint(25, "refused"), kind="domain"), {}).learned
    assert of_certificates(a_watch(kind="certificate"), good, {}).learned == {TARGET_KIND: "domain"}


def test_when_the_first_certificate_ends_is_noted_of_a_watch_on_ports_too():
    first, second = ({"not_after": f"2026-12-{day}T12:00:00Z"} for day in (24, 29))
    both = document(endpoint(465, certificate=second), endpoint(587, certificate=first))
    assert of_check(a_watch(), both, {}).learned[ENDS] == "2026-12-24T12:00:00Z"


def test_one_address_with_a_sound_certificate_is_enough():
    both = document(endpoint(465, codes=["cert_expired"]), endpoint(465, address="192.0.2.26"))
    assert of_check(knowing(p465="sound"), both, {}).outcome == "good"


def test_what_was_not_sound_at_first_is_learned_as_tls():
    seen = of_check(a_watch(), document(endpoint(465, codes=["cert_self_signed"])), {})
    assert seen.learned == {ENDPOINTS: {f"{NAME}:465": "tls"}, AMISS: [f"cert_self_signed {NAME}:465"]}


def test_a_name_that_leads_nowhere_is_a_failure_and_a_silent_name_server_is_not():
    gone = document(verdict="failed", findings=[("dns_nxdomain", "error")])
    assert of_check(a_watch(), gone, {}).failing == (f"dns_nxdomain {NAME}",)
    silent = document(verdict="unknown", findings=[("dns_timeout", "error")])
    assert of_check(a_watch(), silent, {}).outcome == "unknown"


def test_hosts_that_dns_names_no_more_are_learned_anew():
    watch = replace(a_watch(), state=State(baseline={ENDPOINTS: {"old.example.com:25": "tls"}}))
    seen = of_check(watch, document(endpoint(25)), {})
    assert (seen.outcome, seen.learned) == ("good", {ENDPOINTS: {f"{NAME}:25": "sound"}})


def test_a_watch_on_certificates_is_good_when_it_sees_one():
    certificate = {"not_after": "2026-12-24T12:00:00Z", "subject": NAME}
    watch = a_watch(kind="certificate")
    seen = of_certificates(watch, document(endpoint(25, "refused"), endpoint(465, certificate=certificate)), {})
    assert (seen.outcome, dict(seen.certificates)) == ("good", {f"{NAME}:465": certificate})
    assert of_certificates(watch, document(endpoint(25, "refused"), verdict="failed"), {}).outcome == "bad"
    assert of_certificates(watch, document(endpoint(25, "rate_limited"), verdict="unknown"), {}).outcome == "unknown"


def domain_of(**exchanges):
    """A check of a domain whose exchanges have these states on 25."""
    each = [endpoint(25, state, host=f"{name}.example.com") for name, state in exchanges.items()]
    return document(*each, kind="domain")


def test_an_exchange_that_was_dead_from_the_start_is_no_alarm_and_is_remembered():
    seen = of_check(a_watch(), domain_of(mx1="open", mx2="refused"), {})
    assert (seen.outcome, seen.failing) == ("good", ())
    assert seen.learned[AMISS] == ["refused mx2.example.com:25"]


def test_what_answers_but_could_never_be_used_is_no_alarm_and_is_remembered_until_it_works():
    watch, told = a_watch(), []
    for tls, codes, p25 in (
        ("not_offered", ["cert_name_mismatch"], "not_smtp"),
        ("ok", ["cert_name_mismatch"], "refused"),
        ("ok", [], "open"),
    ):
        seen = of_check(watch, document(endpoint(587, tls=tls), endpoint(465, codes=codes), endpoint(25, p25)), {})
        watch = replace(watch, state=replace(watch.state, baseline={**watch.state.baseline, **seen.learned}))
        told.append((seen.outcome, [code.partition(" ")[0] for code in watch.state.baseline[AMISS]]))
    assert told == [
        ("good", ["cert_name_mismatch", "not_smtp", "tls_not_offered"]),
        ("good", ["cert_name_mismatch"]),
        ("good", []),
    ]


def test_a_certificate_of_ones_own_is_accepted_once_and_is_no_doubt_from_then_on():
    own = document(endpoint(465, codes=["cert_self_signed"]), endpoint(587, tls="not_offered"))

    def after_a_run(watch):
        learned = of_check(watch, own, {}).learned
        return replace(watch, state=replace(watch.state, phase="up", baseline={**watch.state.baseline, **learned}))

    watch = after_a_run(a_watch())
    assert [code.partition(" ")[0] for code in condition_of(watch).amiss] == ["cert_self_signed", "tls_not_offered"]
    meant = after_a_run(accept(watch, NOON, "U1").watch)
    assert condition_of(meant).amiss == (f"tls_not_offered {NAME}:587",), "what cannot be used is meant by nobody"
    with pytest.raises(DeclinedError, match="nothing to accept"):
        accept(meant, NOON, "U1")


def test_an_exchange_that_takes_mail_later_is_watched_from_then_on():
    watch, told = a_watch(), []
    for mx2 in ("refused", "open", "refused"):
        seen = of_check(watch, domain_of(mx1="open", mx2=mx2), {})
        watch = replace(watch, state=replace(watch.state, baseline={**watch.state.baseline, **seen.learned}))
        told.append((seen.outcome, watch.state.baseline[AMISS]))
    assert told == [("good", ["refused mx2.example.com:25"]), ("good", []), ("bad", [])]


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (document(endpoint(25, "rate_limited"), verdict="unknown"), "rate_limited"),
        (document(endpoint(25, "no_answer"), verdict="unknown"), "no_answer"),
        (document(verdict="unknown", findings=[("forbidden", "error")]), "forbidden"),
        (document(verdict="unknown", findings=[("dns_timeout", "warning")]), "dns_timeout"),
        (document(endpoint(25)), ""),
    ],
)
def test_a_run_that_says_nothing_says_why(seen, why):
    assert of_check(a_watch(), seen, {}).why == why


def test_the_findings_about_what_is_broken_are_kept_the_worst_first_and_once():
    def saying(port, *told, **changes):
        found = [{"code": "x", "severity": severity, "message": message} for severity, message in told]
        return endpoint(port, "refused", **changes) | {"findings": found}

    told = [("notice", "n"), ("warning", "w"), ("error", "e")]
    both = document(
        saying(25, *told), saying(25, ("error", "e"), address="192.0.2.26"), saying(587, ("error", "other"))
    )
    kept = of_check(knowing(p25="tls"), both, {}).findings
    assert [message_of(one) for one in kept] == ["e", "w"]
    gone = document(verdict="failed", findings=[("dns_nxdomain", "error")])
    assert [one["code"] for one in of_check(a_watch(), gone, {}).findings] == ["dns_nxdomain"]


@pytest.mark.parametrize("code", ["cert_expired", "cert_chain_expired", "cert_not_yet_valid"])
def test_a_watch_on_certificates_is_bad_when_one_is_out_of_date_on_whatever_port(code):
    sound, stale = {"not_after": "2026-12-24T12:00:00Z"}, {"not_after": "2026-11-12T12:00:00Z"}
    both = document(endpoint(25, certificate=stale, codes=[code]), endpoint(465, certificate=sound))
    seen = of_certificates(a_watch(kind="certificate"), both, {})
    assert (seen.outcome, seen.failing) == ("bad", (f"{code} {NAME}:25",))


@pytest.mark.parametrize("code", ["cert_name_mismatch", "cert_self_signed", "cert_chain_incomplete"])
@pytest.mark.parametrize("port", [25, 465])
def test_a_certificate_that_fitted_and_fits_no_more_is_bad_for_a_watch_on_certificates(code, port):
    sound = {"not_after": "2026-12-24T12:00:00Z"}
    fits, wrong = (document(endpoint(port, certificate=sound, codes=codes)) for codes in ((), [code]))
    watch = a_watch(kind="certificate")
    at_first = of_certificates(watch, wrong, {})
    assert (at_first.outcome, at_first.learned[FITTING]) == ("good", [])
    watch = replace(watch, state=State(baseline=dict(of_certificates(watch, fits, {}).learned)))
    assert watch.state.baseline[FITTING] == [f"{NAME}:{port}"]
    seen = of_certificates(watch, wrong, {})
    assert (seen.outcome, seen.failing, seen.learned[FITTING]) == (
        "bad", (f"{code} {NAME}:{port}",), [f"{NAME}:{port}"],
    )  # fmt: skip
    watch = replace(watch, state=replace(watch.state, baseline={**watch.state.baseline, ACCEPTED: [*seen.failing]}))
    assert of_certificates(watch, wrong, {}).outcome == "good"
    assert of_certificates(watch, fits, {}).learned[ACCEPTED] == []


def test_whether_one_was_renewed_that_is_not_shown_now_is_not_known():
    stale = f"cert_expired {NAME}:25"
    watch = a_watch(kind="certificate", state=State("down", failing=(stale, "cert_expired mx.example.com:25")))
    sound = endpoint(465, certificate={"not_after": "2026-12-24T12:00:00Z"})
    seen = of_certificates(watch, document(endpoint(25, "no_answer"), sound), {})
    assert (seen.outcome, seen.held) == ("good", (f"{NAME}:25",))


STATES = st.sampled_from(["open", "refused", "no_answer", "unreachable", "blocked_here", "rate_limited", "not_smtp"])
ENDPOINT = st.builds(
    endpoint,
    st.sampled_from([25, 465, 587]),
    STATES,
    st.sampled_from([NAME, "mx.example.com"]),
    st.sampled_from(["ok", "not_offered", "masked", ""]),
    st.sampled_from(["192.0.2.25", "2001:db8::25"]),
)
EGRESS_OF_STATE = st.dictionaries(st.sampled_from([25, 465, 587]), st.sampled_from(["open", "blocked", "unknown"]))


@given(st.lists(ENDPOINT, max_size=6), EGRESS_OF_STATE, st.sampled_from([(), (25,), (25, 587)]), st.booleans())
def test_any_check_gives_an_observation_that_is_bad_exactly_when_something_fails(endpoints, egress, ports, known):
    watch = knowing(a_watch(ports=ports), p25="tls", p587="tls") if known else a_watch(ports=ports)
    seen = of_check(watch, document(*endpoints, verdict="unknown"), egress)
    assert (seen.outcome == "bad") == bool(seen.failing)
    assert not {code.partition(" ")[2] for code in seen.failing} & set(seen.held)
    if all(each["state"] in {"rate_limited", "blocked_here"} for each in endpoints):
        assert seen.outcome in {"unknown", "blind"}


def test_a_word_that_was_not_waited_for_is_no_addition_to_an_outage_until_a_patient_run_was_silent_too():
    both = document(endpoint(587, "refused"), endpoint(25, "no_greeting", codes=["greeting_awaited"]))
    watch = knowing(p25="tls", p587="tls")
    silent = f"no_greeting {NAME}:25"
    seen = of_check(watch, both, {})
    assert (seen.failing, seen.held, seen.awaited) == ((f"refused {NAME}:587",), (f"{NAME}:25",), ())
    patient = replace(watch, state=replace(watch.state, slow=True))
    assert silent in of_check(patient, both, {}).failing
    alone = of_check(watch, document(endpoint(25, "no_greeting", codes=["greeting_awaited"])), {})
    assert (alone.failing, alone.awaited) == ((silent,), (f"{NAME}:25",))


def test_tls_that_was_not_seen_is_unknown_and_no_outage():
    seen = of_check(knowing(p587="sound"), document(endpoint(587, tls="")), {})
    assert (seen.outcome, seen.failing) == ("unknown", ())


def test_port_25_that_speaks_tls_from_the_first_byte_takes_no_mail():
    wrong = endpoint(25)
    wrong["tls"]["mode"] = "implicit"
    seen = of_check(knowing(p25="tls"), document(wrong), {})
    assert (seen.outcome, seen.failing) == ("bad", (f"implicit_tls {NAME}:25",))


def test_a_server_that_asks_us_to_come_later_is_quoted():
    greeting = {"code": 421, "text": "4.7.0 too\nmany", "delay_ms": 1.0}
    seen = of_check(a_watch(), document(endpoint(25, "rate_limited", greeting=greeting), verdict="unknown"), {})
    assert seen.said == "421 4.7.0 too many"
    assert of_check(a_watch(), document(endpoint(25, "rate_limited"), verdict="unknown"), {}).said == ""
