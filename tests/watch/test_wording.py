"""The words of watches, where codes and numbers once showed through."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.times import ends_in
from commands.watch.state.actions import acknowledge, cannot_post, note, pause
from commands.watch.state.baseline import AMISS
from commands.watch.state.condition import condition_of, to_json
from commands.watch.state.events import event_of
from commands.watch.state.model import Incident, State
from commands.watch.state.observation import UNASKED
from commands.watch.state.rows import of_row, to_row
from commands.watch.state.traits import shared_by
from commands.watch.state.unseen import CAUSES, DNS
from commands.watch.verbs.forgetting import without
from commands.watch.view.alert import alert
from commands.watch.view.alert_lines import certificate_lines, endpoint_lines
from commands.watch.view.alert_words import text_of
from commands.watch.view.card import card
from commands.watch.view.channel import lost_digest, unposted_words
from commands.watch.view.condition import care_words, icon, standings, state_of, state_words, with_certificate
from commands.watch.view.digest import digest_lines
from commands.watch.view.listing import row
from commands.watch.view.plain_text import plain
from commands.watch.view.wording import alert_rule, between, broken, looks_at, why_unseen

from .samples import HOUR, NOON, a_watch

NAME = "mail.example.com"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ports": (587,)}, "mail port 587"),
        ({"ports": (587, 25)}, "mail ports 25, 587"),
        ({}, "mail ports that answer"),
        ({"kind": "certificate", "ports": (465,)}, "certificates on port 465"),
        ({"kind": "certificate"}, "certificates of the ports that answer"),
        ({"kind": "network", "ports": (25, 465)}, "outbound ports 25, 465 of our network"),
        ({"kind": "dns"}, "DNS records"),
    ],
)
def test_what_a_watch_looks_at(changes, words):
    assert looks_at(a_watch(**changes)) == words


@pytest.mark.parametrize(
    ("state", "mark", "words"),
    [
        (State("up"), "large_green_circle", "healthy"),
        (State("up", held="cannot_see"), "large_yellow_circle", "was healthy; its ports are blocked on our network"),
        (State("up", held="unknown"), "large_green_circle", "was healthy; the last run was inconclusive"),
        (
            State("up", held="rate_limited"),
            "large_green_circle",
            "was healthy; the last run was inconclusive: 421",
        ),
        (
            State(held="dns_timeout"),
            "white_circle",
            "nothing known yet; the last run was inconclusive: DNS fails",
        ),
        (
            State(held="forbidden"),
            "white_circle",
            "nothing known yet; the last run was inconclusive: its address is not public, so nothing is connected to",
        ),
        (
            State("up", baseline={AMISS: ["refused down.example.com:25"]}),
            "large_yellow_circle",
            "healthy; down.example.com 25 refused from the start, watched as it is",
        ),
        (
            State("failing", failing=(f"dns_nxdomain {NAME}",)),
            "large_yellow_circle",
            "failed, waiting for confirmation: no such name in DNS",
        ),
    ],
)
def test_the_state_of_a_watch(state, mark, words):
    watch = a_watch(state=state)
    assert (icon(watch, NOON), state_of(watch)) == (f":{mark}:", words)


def test_what_answers_again_is_down_since_it_broke():
    incident = Incident("w-1.1", NOON, failing=(f"refused {NAME}:25",))
    said = plain(state_of(a_watch(state=State("recovering", incident=incident))))
    assert said == "down since 2026-11-24 12:00 UTC: 25 refused; answers again, waiting for confirmation"


def test_a_paused_watch_is_counted_as_paused_and_was_healthy():
    paused = condition_of(pause(a_watch(state=State("up")), "U1", NOON).watch, NOON)
    assert (paused.standing, state_words(paused)) == ("paused", "was healthy")
    assert standings({"healthy": 1, "paused": 2}) == "1 healthy, 2 paused"


def test_codes_are_put_in_words_and_in_the_order_of_ports():
    failing = [f"tls_broken_temp {NAME}:2525", f"refused {NAME}:587", f"refused {NAME}:25"]
    assert broken(sorted(failing), NAME) == "25, 587 refused; 2525 TLS not now (454)"
    assert endpoint_lines(sorted(failing)) == endpoint_lines(failing, dict.fromkeys(failing, NOON.isoformat())) == []
    began = {code: (NOON + number * HOUR).isoformat() for number, code in enumerate(reversed(failing))}
    assert [plain(line) for line in endpoint_lines(sorted(failing), began)] == [
        f"• {NAME} 25 refused, since 2026-11-24 12:00 UTC",
        f"• {NAME} 587 refused, since 2026-11-24 13:00 UTC",
        f"• {NAME} 2525 TLS not now (454), since 2026-11-24 14:00 UTC",
    ]


def test_a_certificate_is_listed_once_with_all_its_ports():
    shown = {"not_after": "2026-11-12T12:00:00Z", "days": -13, "subject": "CN=mail"}
    lines = certificate_lines([{**shown, "endpoint": f"{NAME}:{port}"} for port in (2525, 25, 465)])
    assert lines == [f"• `CN=mail` ended 12 days ago (2026-11-12): {NAME} ports 25, 465, 2525"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (13, "ends in 13 days"),
        (1, "ends tomorrow"),
        (0, "ends today"),
        (-1, "ended today"),
        (-2, "ended yesterday"),
        (-3, "ended 2 days ago"),
    ],
)
def test_days_until_and_since_the_end(days, words):
    assert ends_in(days) == words


def test_a_certificate_that_ended_is_not_said_to_be_good_until_then():
    watch = a_watch(kind="certificate", state=State(baseline={"certificate_ends": NOON.isoformat()}))
    assert with_certificate(watch, NOON - timedelta(days=1)) == "not checked yet, certificate until 2026-11-24"
    assert with_certificate(watch, NOON + timedelta(days=1)) == "not checked yet, certificate ended 2026-11-24"


@pytest.mark.parametrize(
    ("kind", "runs", "words"),
    [
        ("dns", 2, "Alerts when records change, once 2 runs in a row have seen it"),
        ("dns", 1, "Alerts when records change, as soon as a run sees it"),
        ("check", 1, "Alerts after the first failed run"),
        (
            "certificate",
            2,
            "Alerts 30, 14, 7, 3 and 1 days before a certificate ends, and after 2 failed runs in a row",
        ),
    ],
)
def test_when_a_watch_alerts(kind, runs, words):
    assert alert_rule(replace(a_watch(kind=kind), fail_after=runs)) == words


@pytest.mark.parametrize(
    ("code", "way"), [("is_archived", "Unarchive it"), ("not_in_channel", "Type `/invite @portero`")]
)
def test_who_cannot_be_told_in_a_channel_is_told_what_is_possible_there(code, way):
    watch = a_watch(notify="S1")
    event = event_of(watch, Incident("w-1.1", NOON), "opened", NOON, {"failing": []}, quiet=False)
    words = unposted_words(event, code, watch, ["U1", "U2"])
    assert way in words and "Told this way: <@U1>, <@U2>. The user group" in words
    assert "goes on looking" in words
    again = unposted_words(event, code, cannot_post(watch, NOON, code).watch, ["U1"])
    assert "By direct message, since nothing can be posted" in again and way not in again
    assert way in lost_digest(event, code)


def test_a_direct_message_about_several_names_them():
    row = {"failing": [], "since": NOON.isoformat(), "ended": NOON.isoformat()}
    for still, count, named in ((0, 2, "mx0.example, mx1.example"), (1, 3, "mx0.example"), (12, 12, "and 4 more")):
        rows = [
            {**row, "target": f"mx{n}.example", "watch": f"w-{n}", "open": n < still} for n in range(min(count, 10))
        ]
        group = {"rows": rows, "count": count, "open": still, "shared": [], "since": NOON.isoformat(), "quiet": []}
        kind = "changed" if still else "recovered"
        event = event_of(a_watch(), Incident("w-1.1", NOON), kind, NOON, {"group": group, "failing": []}, quiet=False)
        line = unposted_words(event, "is_archived", a_watch(), ["U1"]).splitlines()[3]
        assert line.endswith(named)


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        (("address 192.0.2.1", f"host {NAME}", "network 192.0.2.0/24"), [NAME]),
        (("address 192.0.2.1", "network 192.0.2.0/24", "tag prod"), ["192.0.2.1", "tag:prod"]),
        (("cause refused", "network 192.0.2.0/24"), ["192.0.2.0/24"]),
        (("cause refused",), []),
    ],
)
def test_of_what_several_share_the_nearest_is_said(traits, said):
    assert shared_by(traits) == said


@pytest.mark.parametrize(
    ("since", "until", "less", "said"),
    [
        (timedelta(seconds=50), timedelta(minutes=40, seconds=10), timedelta(), "40m"),
        (timedelta(seconds=10), timedelta(minutes=40, seconds=50), timedelta(minutes=5), "35m"),
        (timedelta(seconds=10), timedelta(seconds=50), timedelta(), "less than a minute"),
    ],
)
def test_a_length_is_what_lies_between_its_times_as_they_are_shown(since, until, less, said):
    assert between(NOON + since, NOON + until, less) == said


def test_of_several_watches_of_one_host_each_has_its_place_or_its_id_and_what_flaps_says_so():
    at = NOON.isoformat()
    row = {"target": NAME, "failing": [f"refused {NAME}:25"], "since": at, "open": True}
    rows = [
        {**row, "watch": "w-1"},
        {**row, "watch": "w-2", "flapping": 3},
        {**row, "watch": "w-3", "from": "fra-1"},
    ]
    group = {"count": 3, "open": 3, "rows": rows, "shared": [NAME], "since": at, "quiet": []}
    event = event_of(a_watch(), Incident("w-1.1", NOON), "opened", NOON, {"group": group}, quiet=False)
    lines = plain("\n".join(text_of(event, None).facts)).replace("`", "").splitlines()
    since = "since 2026-11-24 12:00 UTC"
    assert lines[1:] == [
        f"They share {NAME}.",
        f"• {NAME} (w-1): 25 refused, {since}",
        f"• {NAME} (w-2): up and down: 25 refused, {since}",
        f"• {NAME} from fra-1: 25 refused, {since}",
    ]
    over = replace(event, kind="recovered", facts={"group": {**group, "open": 0}})
    assert ["list down" in alert(one, None, NOON).blocks[1]["elements"][0]["text"] for one in (event, over)] == [
        True,
        False,
    ]


def test_who_looks_after_what_is_down_and_the_last_note_stand_in_lists_digests_and_cards():
    open_ = Incident("w-1.1", NOON, (f"refused {NAME}:25",), told=True)
    watch = a_watch(state=State("down", incident=open_, failing=open_.failing, last_at=NOON))
    assert care_words(condition_of(watch)) == ""
    for step in (lambda one: acknowledge(one, "U9", NOON), lambda one: note(one, "U8", NOON, "the *disk*")):
        watch = step(watch).watch
    said = "acknowledged by @U9 · @U8: the *disk*"
    row_ = {"watch": "w-1", "condition": to_json(condition_of(watch)), "incidents": 0, "seconds": 0, "news": []}
    facts = {"period": "day", "watches": 1, "healthy": 0, "named": [row_], "more": 0}
    digest = replace(event_of(watch, open_, "opened", NOON, facts, quiet=False), kind="digest")
    for text in (row(watch, NOON), card(watch, NOON, ()).text, digest_lines(digest)[1]):
        assert said in plain(text)
    assert of_row(to_row(watch)) == watch
    assert "U8" not in str(without(to_row(watch).document, "U8"))


def test_name_servers_that_fail_are_one_cause_in_one_set_of_words():
    """Control hosts that nobody could ask are the same cause, and not known to be one."""
    codes = [code for code, cause in CAUSES.items() if cause == DNS and "loop" not in code and code != UNASKED]
    assert set(map(why_unseen, codes)) == {"DNS fails"}


def test_how_long_something_lasted_is_told_to_the_minute_also_where_it_was_days():
    assert between(NOON, NOON + 25 * HOUR + timedelta(minutes=30)) == "1d 1h 30m"
    assert between(NOON, NOON + 25 * HOUR) == "1d 1h"
