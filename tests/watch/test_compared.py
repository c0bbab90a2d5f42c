"""What of a check is compared with how it was: logins, addresses, exchanges, TLS, policies; and what is accepted."""

from dataclasses import replace

import pytest

from commands.contract import DeclinedError
from commands.watch.state import beside_check
from commands.watch.state.accepting import accept, acceptable
from commands.watch.state.compared import records_of
from commands.watch.state.endpoints import of_check
from commands.watch.state.model import State
from commands.watch.state.runs import conclude
from commands.watch.state.story import stories
from commands.watch.view.alert import alert, details
from commands.watch.view.card import card
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import entries
from commands.watch.view.thread_words import ending
from commands.watch.view.wording import when

from .samples import HOUR, MINUTE, NOON, a_watch, document, endpoint

HOST = "mail.example.com"


def a_port(port=587, logins=("PLAIN", "LOGIN"), version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", **changes):
    codes = (*changes.pop("codes", ()), *(() if logins else ("auth_not_offered",)))
    one = endpoint(port, auth={"before_tls": [], "after_tls": list(logins)}, codes=codes, **changes)
    return {**one, "tls": one["tls"] and {**one["tls"], "version": version, "cipher": cipher}}


def a_check(*endpoints, mx=(), **changes):
    dns = {"mx": [{"preference": 10, "host": host} for host in mx]}
    return document(*endpoints, target=changes.pop("target", HOST), dns=dns, **changes)


GOOD = a_check(a_port(greeting={"code": 220, "text": "hi", "delay_ms": 9.0}))


def play(watch, *documents, records=None):
    """The events of each run, a quarter of an hour apart."""
    told = []
    for number, each in enumerate(documents):
        seen = of_check(watch, each, {})
        seen = replace(seen, records={**seen.records, **(records or {})})
        watch, events, _ = conclude(watch, {}, seen, NOON + number * 15 * MINUTE, 1.0, "local")
        told.append(events)
    return watch, told


def kinds(told):
    return [[event.kind for event in events] for events in told]


def lines(event, watch):
    return [plain(line) for line in alert(event, watch, NOON).text.splitlines()]


def test_logins_that_vanish_are_an_incident_and_one_that_never_had_any_is_none():
    gone = a_check(a_port(logins=()))
    watch, told = play(a_watch(), GOOD, gone, gone)
    assert kinds(told) == [[], [], ["opened"]]
    assert lines(told[2][0], watch)[0] == f"{HOST}: 587 no login offered any more"
    assert kinds(play(a_watch(), gone, gone, gone)[1]) == [[], [], []]


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (a_port(logins=("XOAUTH2",)), f"• logins of {HOST}:587: LOGIN, PLAIN → XOAUTH2"),
        (a_port(address="192.0.2.99"), f"• addresses of {HOST}: 192.0.2.25 → 192.0.2.99"),
        (
            a_port(version="TLSv1.2", cipher="AES128-SHA", codes=("tls_no_forward_secrecy",)),
            f"• TLS of {HOST}:587: TLSv1.3, TLS_AES_256_GCM_SHA384 → TLSv1.2, AES128-SHA, tls_no_forward_secrecy",
        ),
        (
            a_port(greeting={"code": 220, "text": "hi", "delay_ms": 18_000.0}, codes=("slow_greeting",)),
            f"• greeting of {HOST}:587: within 10 s → after more than 10 s",
        ),
    ],
)
def test_what_got_worse_or_moved_is_told_once_it_was_seen_twice_and_can_be_accepted(after, line):
    after = a_check(after)
    watch, told = play(a_watch(), GOOD, after, after, after)
    assert kinds(told) == [[], [], ["dns_changed"], []]
    assert lines(told[2][0], watch)[1].replace("`", "") == line
    assert "Accept as the new normal" in str(alert(told[2][0], watch, NOON).blocks)
    normal = accept(watch, NOON).watch
    assert not acceptable(normal)
    [said] = accept(watch, NOON, "U9").events
    assert said.quiet and said.incident == told[2][0].incident and said.id != told[2][0].id
    shown = alert(said, normal, NOON)
    assert plain(shown.text).splitlines()[-1] == "Accepted as the new normal by @U9 2026-11-24 12:00 UTC"
    assert lines(said, normal)[1].replace("`", "") == line
    assert "smtpwatch.accept" not in str(shown.blocks)
    at = plain(when(NOON + 15 * MINUTE))  # the first of the two
    shown = plain(card(watch, NOON, ()).text).replace("`", "")
    assert f"different from normal since {at}, not accepted" in shown.splitlines()[0]
    assert line in shown
    assert "Accept as the new normal" in str(card(watch, NOON, ()).blocks)
    assert "different" not in card(normal, NOON, ()).text


@pytest.mark.parametrize(
    "better",
    [
        a_port(logins=("PLAIN", "LOGIN", "XOAUTH2")),
        a_port(port=587, address="192.0.2.25"),
    ],
)
def test_what_got_better_is_learned_in_silence(better):
    old = a_check(a_port(version="TLSv1.2", cipher="ECDHE-RSA-AES256-GCM-SHA384"))
    assert kinds(play(a_watch(), old, a_check(better), a_check(better))[1]) == [[], [], []]


def test_the_set_of_exchanges_and_the_policies_of_a_domain_are_compared():
    watch = a_watch(target="example.com")
    before, after = (a_check(a_port(25), mx=[mx], target="example.com", kind="domain") for mx in ("mx1", "mx2"))
    watch, told = play(watch, before, after, after)
    assert [change["record"] for change in told[2][0].facts["changes"]] == ["mx"]
    watch, _ = play(watch, before, records={"spf example.com": ("v=spf1 -all",)})
    _, told = play(watch, before, before, records={"spf example.com": ("v=spf1 +all",)})
    assert [change["record"] for change in told[1][0].facts["changes"]] == ["spf"]


def test_an_address_that_goes_back_to_one_that_was_accepted_is_as_before():
    """What stood there before that stays known, and is neither needed there nor told as what stood there last."""

    def at(last):
        return a_check(a_port(address=f"192.0.2.{last}"))

    watch, _ = play(a_watch(), at(1), at(2), at(2))
    watch, told = play(accept(watch, NOON).watch, at(3), at(3), at(2), at(2))
    assert kinds(told)[1:4] == [["dns_changed"], [], ["changed_back"]]
    said = [event.facts["changes"][0] for event in (*told[1], *told[3])]
    two, three = ["192.0.2.2"], ["192.0.2.3"]
    assert [(one["before"], one["after"]) for one in said] == [(two, three), (three, two)]
    assert not acceptable(watch)


def test_what_stood_there_before_something_was_accepted_is_told_when_it_comes_back():
    """Somebody may have rolled back. A pool whose addresses take turns is told three times all the same, not more."""

    def at(last):
        return a_check(a_port(address=f"192.0.2.{last}"))

    watch, _ = play(a_watch(), at(1), at(2), at(2))
    watch, told = play(accept(watch, NOON).watch, at(2), at(1), at(1))
    assert kinds(told) == [[], [], ["dns_changed"]]
    [change] = told[2][0].facts["changes"]
    assert (change["before"], change["after"]) == (["192.0.2.2"], ["192.0.2.1"])
    assert acceptable(watch)
    messages = 0
    for last in (2, 1) * 10:
        watch = accept(watch, NOON).watch if acceptable(watch) else watch
        watch, told = play(watch, at(last), at(last))
        messages += sum(not event.quiet for events in told for event in events)
    assert messages == 1


def test_an_outage_and_a_card_tell_of_an_address_that_changed_what_stood_there_last_alone():
    """Not every address that ever did."""

    def at(last, state="open"):
        return a_check(a_port(address=f"192.0.2.{last}", state=state))

    watch, _ = play(a_watch(), at(1), at(2), at(2))
    watch, told = play(accept(watch, NOON).watch, at(3, "refused"), at(3, "refused"))
    opened = next(event for event in told[1] if event.kind == "opened")
    changed = "addresses of mail.example.com: 192.0.2.2 → 192.0.2.3"
    works, _ = play(watch, at(3), at(3))
    for said in (details(opened, watch), card(works, NOON + 15 * MINUTE, ())):
        assert changed in plain(said.text).replace("`", "")


def test_an_address_that_was_told_and_never_accepted_is_told_again_when_it_comes_again():
    """Both that went back, and that was followed by another one."""
    runs = [a_check(a_port(address=f"192.0.2.{n}")) for n in (1, 2, 2, 1, 1, 2, 2)]
    watch, told = play(a_watch(), *runs)
    assert kinds(told) == [[], [], ["dns_changed"], [], ["changed_back"], [], ["dns_changed"]]
    assert acceptable(watch)
    runs = [a_check(a_port(address=f"192.0.2.{n}")) for n in (1, 2, 2, 3, 3, 2, 2)]
    watch, told = play(a_watch(), *runs)
    said = [event.facts["changes"][0] for events in told for event in events if not event.quiet]
    assert [(one["before"][-1][-1], one["after"][0][-1]) for one in said] == [("1", "2"), ("2", "3"), ("3", "2")]


def test_addresses_that_rotate_are_told_three_times_at_most():
    pool = [a_check(a_port(address=f"192.0.2.{n}")) for n in (1, 2, 1, 1, 2, 2, 1, 1, 2, 2)]
    told = [kind for kinds_of_run in kinds(play(a_watch(), *pool)[1]) for kind in kinds_of_run]
    assert told == ["dns_changed", "changed_back", "dns_changed"]
    many = [a_check(a_port(address=f"192.0.2.{n // 2}")) for n in range(40)]
    assert sum(not event.quiet for events in play(a_watch(), *many)[1] for event in events) == 3


def test_an_outage_that_follows_a_move_names_it():
    moved = a_check(a_port(state="refused", address="192.0.2.99"))
    watch, told = play(a_watch(), GOOD, moved, moved)
    opened = next(event for event in told[2] if event.kind == "opened")
    assert "addresses of mail.example.com: 192.0.2.25 → 192.0.2.99" in plain(details(opened, watch).text).replace(
        "`", ""
    )


def test_an_address_that_changes_to_a_dead_one_is_one_message_and_told_by_itself_once_that_works():
    """The alert has it beside the outage; that it went back with the outage is no news. What changes later is."""
    shut, well = (a_check(a_port(address="192.0.2.99", state=state)) for state in ("refused", "open"))
    _, told = play(a_watch(), GOOD, shut, shut, shut, well, well, well)
    assert kinds(told) == [[], [], ["opened"], [], [], ["recovered", "dns_changed"], []]
    _, told = play(a_watch(), GOOD, shut, shut, GOOD, GOOD, GOOD)
    assert kinds(told) == [[], [], ["opened"], [], ["recovered"], []]
    other = a_check(a_port(address="192.0.2.98", state="refused"))
    _, told = play(a_watch(), GOOD, shut, shut, other, other)
    assert kinds(told)[3:] == [[], ["dns_changed"]]


@pytest.mark.parametrize(
    ("target", "before", "after", "gone", "again"),
    [
        (
            "example.com",
            [("mx1.example.com", "192.0.2.1", "open"), ("mx2.example.com", "192.0.2.2", "refused")],
            [("mx1.example.com", "192.0.2.1", "open")],
            "mx2.example.com is no longer one of its MX hosts",
            [("mx1.example.com", "192.0.2.1", "open"), ("mx2.example.com", "192.0.2.2", "open")],
        ),
        (
            HOST,
            [(HOST, "192.0.2.1", "open"), (HOST, "192.0.2.2", "refused")],
            [(HOST, "192.0.2.1", "open")],
            "192.0.2.2 is no longer one of its addresses",
            [(HOST, "192.0.2.1", "open"), (HOST, "192.0.2.2", "open")],
        ),
    ],
)
def test_what_is_taken_out_while_it_is_down_has_not_recovered(target, before, after, gone, again):
    kind = "host" if target == HOST else "domain"

    def check(them):
        hosts = list(dict.fromkeys(host for host, *_ in them)) if kind == "domain" else ()
        ports = [a_port(25, host=host, address=address, state=state) for host, address, state in them]
        return a_check(*ports, mx=hosts, target=target, kind=kind)

    good = check([(host, address, "open") for host, address, _ in before])
    watch, told = play(a_watch(target=target), good, check(before), check(before), check(after), check(after))
    end = told[-1][-1] if told[-1][-1].kind == "closed" else told[-1][0]
    assert (end.kind, end.facts["why"]) == ("closed", "gone")
    headline, since, *_ = lines(end, watch)
    assert headline == f"{target}: {gone}"
    assert "recovered" not in headline and since.startswith("Not recovered: ")
    assert gone in plain(ending(end))
    _, told = play(a_watch(target=target), good, check(before), check(before), check(again), check(again))
    assert [event.kind for event in told[-1]] == ["recovered"]


def test_of_several_that_are_down_one_that_is_taken_out_is_not_said_to_have_recovered():
    def check(*hosts, down):
        states = {host: "refused" if host in down else "open" for host in hosts}
        ports = [a_port(25, host=host, address=f"192.0.2.{host[2]}", state=state) for host, state in states.items()]
        return a_check(*ports, mx=hosts, target="example.com", kind="domain")

    one, two, three = (f"mx{number}.example.com" for number in (1, 2, 3))
    runs = [check(one, two, three, down=down) for down in ((), (one, two), (one, two))]
    watch, told = play(a_watch(target="example.com"), *runs, check(one, three, down=(one,)))
    [changed] = told[-1]
    assert changed.kind == "changed" and changed.facts["gone"] == [["mx", two]]
    entry = plain(ending(changed))
    assert f"{two} is no longer one of its MX hosts" in entry and "Recovered" not in entry
    [story] = stories([event for events in told for event in events])
    assert "is no longer one of its MX hosts. Still broken: mx1.example.com 25" in plain(entries(story)[-1][1])
    _, told = play(watch, check(one, three, down=()), check(one, three, down=()))
    assert "mx2" not in plain(ending(told[-1][0]))


def test_what_is_accepted_is_no_outage_while_it_lasts_and_is_one_when_it_comes_again():
    gone = a_check(a_port(logins=()))
    watch, _ = play(a_watch(), GOOD, gone, gone)
    done = accept(watch, NOON + HOUR, "U9")
    assert [event.kind for event in done.events] == ["closed"]
    assert lines(done.events[0], done.watch) == [
        f"{HOST}: accepted as the new normal",
        "What is normal now: 587 no login offered any more, since 2026-11-24 12:15 UTC",
        "Accepted by @U9 2026-11-24 13:00 UTC",
    ]
    watch, told = play(done.watch, gone, gone, gone, GOOD, gone, gone)
    assert kinds(told) == [[], [], [], [], [], ["opened"]]


def test_a_dead_port_cannot_be_accepted():
    watch, _ = play(a_watch(), GOOD, *[a_check(a_port(state="refused"))] * 2)
    assert not acceptable(watch)
    with pytest.raises(DeclinedError, match="nothing to accept"):
        accept(watch, NOON)


def test_of_several_addresses_the_weakest_tls_counts():
    both = a_check(a_port(), a_port(address="192.0.2.26", version="TLSv1.2"))
    assert records_of(both)[f"tls {HOST}:587"][0] == "TLSv1.2"


def test_policies_are_asked_for_once_an_hour_and_while_a_change_waits():
    assert beside_check.is_due(a_watch(), NOON)
    asked = a_watch(state=State(baseline={beside_check.ASKED: NOON.isoformat()}))
    assert not beside_check.is_due(asked, NOON + 59 * MINUTE)
    assert beside_check.is_due(asked, NOON + HOUR)
    waiting = {beside_check.ASKED: NOON.isoformat(), "pending": {"ptr 192.0.2.1": [["a"], 1]}}
    assert beside_check.is_due(a_watch(state=State(baseline=waiting)), NOON + MINUTE)
