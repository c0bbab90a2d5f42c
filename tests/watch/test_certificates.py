from datetime import time, timedelta, timezone

from commands.times import days_left
from commands.watch.state.accepting import accept, acceptable
from commands.watch.state.actions import decided, delete, mute
from commands.watch.state.certificates import DAYS, threshold
from commands.watch.state.condition import condition_of
from commands.watch.state.digest import to_note
from commands.watch.state.digest_rows import row_of
from commands.watch.state.endpoints import of_check
from commands.watch.state.model import State
from commands.watch.state.rows import of_event_row, to_row
from commands.watch.state.runs import conclude
from commands.watch.state.windows import Digest
from commands.watch.view.alert_words import text_of
from commands.watch.view.event_text import GREEN, YELLOW
from commands.watch.view.plain_text import plain
from commands.watch.view.thread_words import ending
from storage.queries import Viewer

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, document, endpoint, seen

WATCH = a_watch(kind="certificate", target="mail.example.com", every=12 * HOUR)


def certificate(ends, begins=None):
    begins = begins or ends - 90 * DAY
    return {"not_after": f"{ends:%Y-%m-%dT%H:%M:%SZ}", "not_before": f"{begins:%Y-%m-%dT%H:%M:%SZ}", "subject": "m"}


def run(watch, at, **certificates):
    named = {f"mail.example.com:{name[1:]}": value for name, value in certificates.items()}
    observation = seen("good", watch, certificates=named)
    watch, events, _ = conclude(watch, {}, observation, at, 1.0, "local")
    return watch, events


def through(watch, begin, days, **certificates):
    """Twice a day from `begin` on: what was told, as (kind, threshold, incident)."""
    told = []
    for half in range(days * 2):
        watch, events = run(watch, begin + half * 12 * HOUR, **certificates)
        told += [(event.kind, event.facts.get("threshold"), event.incident) for event in events]
    return watch, told


def test_each_threshold_is_told_once_in_one_incident():
    _, told = through(WATCH, NOON, 62, p25=certificate(NOON + 60 * DAY))
    assert told == [("certificate_ends", days, "w-1.1") for days in (*DAYS, 0)]


def test_one_that_ended_changes_its_warning_in_silence_and_stays_until_it_is_renewed():
    watch, told = through(WATCH, NOON, 3, p25=certificate(NOON + DAY))
    assert told == [("certificate_ends", 1, "w-1.1"), ("certificate_ends", 0, "w-1.1")]
    _, (event,) = run(watch, NOON + 4 * DAY, p25=certificate(NOON + 90 * DAY))
    assert event.kind == "certificate_renewed"


def test_the_news_that_it_ended_is_quiet_since_it_is_an_outage_of_its_own():
    watch, _ = run(WATCH, NOON, p25=certificate(NOON + DAY))
    _, (event,) = run(watch, NOON + 2 * DAY, p25=certificate(NOON + DAY))
    assert (event.kind, event.quiet, event.facts["days"]) == ("certificate_ends", True, -2)


def test_one_that_had_ended_before_it_was_first_seen_is_no_warning():
    assert run(WATCH, NOON, p25=certificate(NOON - 12 * DAY))[1] == ()


def test_one_that_was_replaced_by_a_wrong_one_is_not_renewed_and_the_outage_goes_on():
    watch, _ = through(WATCH, NOON, 3, p25=certificate(NOON + DAY))
    wrong = "cert_name_mismatch mail.example.com:25"
    other = seen("bad", watch, failing=(wrong,), certificates={"mail.example.com:25": certificate(NOON + 90 * DAY)})
    watch, events, _ = conclude(watch, {}, other, NOON + 4 * DAY, 1.0, "local")
    assert [(event.kind, event.facts["failing"]) for event in events] == [("certificate_replaced", [wrong])]
    assert text_of(events[0], watch).headline == (
        "mail.example.com: a certificate was replaced, and now 25 certificate for another name"
    )


def at_25(*shown):
    """A watch without a port whose port 25 shows one certificate after the other (days, what is wrong with it), twice

    each; what is told.
    """
    watch, told = a_watch(state=State("up")), []
    for number, (ends, wrong) in enumerate(one for one in shown for _ in range(2)):
        found = [{"code": wrong, "severity": "warning", "params": dict(NAMES)}] if wrong else []
        one = {**certificate(NOON + ends * DAY), "name_matches": not wrong, "names": NAMES["names"] if wrong else []}
        seen = of_check(watch, document(endpoint(certificate=one, findings=found)), {})
        watch, events, _ = conclude(watch, {}, seen, NOON + number * 15 * MINUTE, 1.0, "local")
        told += [event for event in events if event.kind != "certificate_ends"]
    return watch, told


NAMES = {"host": "mail.example.com", "names": ["relay.example.net"], "port": 25, "address": "192.0.2.25"}


def test_one_that_was_renewed_for_another_name_is_no_good_news_also_where_it_is_no_outage():
    watch, [event] = at_25((5, ""), (90, "cert_name_mismatch"))
    said = text_of(event, None)
    assert (event.kind, event.facts["mention"], said.icon) == ("certificate_renewed", True, YELLOW)
    assert said.headline == "mail.example.com: renewed, but wrong: 25 certificate for another name"
    assert "for relay.example.net, not for mail.example.com" in said.facts[1] and "mail still comes" in said.facts[2]
    assert ending(event) == f"{YELLOW} {said.headline}."
    assert row_of(a_watch(), condition_of(a_watch()), [event])["news"] == [{"kind": event.kind, "wrong": True}]
    assert condition_of(watch).differs == ("certificate",)


def test_one_that_gives_way_to_another_name_without_a_warning_before_is_told_as_what_it_is():
    watch, [event] = at_25((90, ""), (180, "cert_name_mismatch"))
    said = text_of(event, watch)
    assert (event.kind, said.icon) == ("dns_changed", YELLOW)
    assert said.headline == "mail.example.com: 25 certificate for another name"
    assert plain(said.facts[0]).replace("`", "") == (
        "• certificate of mail.example.com:25: sound → certificate for another name, relay.example.net"
    )
    assert "mail still comes" in said.facts[-1]
    assert acceptable(watch) and not acceptable(accept(watch, NOON).watch)
    assert at_25((90, ""), (180, ""))[1] == at_25((90, "cert_name_mismatch"), (180, "cert_name_mismatch"))[1] == []


def test_one_that_never_had_the_name_is_renewed_as_it_was():
    _, [event] = at_25((5, "cert_name_mismatch"), (90, "cert_name_mismatch"))
    said = text_of(event, None)
    assert (said.icon, said.headline) == (GREEN, "mail.example.com: the certificates were renewed")
    assert "mention" not in event.facts


def test_what_ends_soon_when_it_is_first_seen_is_told_once():
    _, told = through(WATCH, NOON, 1, p25=certificate(NOON + 5 * DAY))
    assert told == [("certificate_ends", 7, "w-1.1")]


def test_a_fresh_certificate_ends_the_incident_and_the_next_one_is_new():
    watch, _ = through(WATCH, NOON, 1, p25=certificate(NOON + 5 * DAY))
    watch, told = through(watch, NOON + DAY, 1, p25=certificate(NOON + 90 * DAY))
    assert told == [("certificate_renewed", None, "w-1.1")]
    _, told = through(watch, NOON + 70 * DAY, 1, p25=certificate(NOON + 90 * DAY))
    assert told == [("certificate_ends", 30, "w-1.2")]


def test_endpoints_are_told_together_and_a_second_one_is_told_too():
    near, far = certificate(NOON + 5 * DAY), certificate(NOON + 20 * DAY)
    watch, (event,) = run(WATCH, NOON, p25=near, p465=far)
    assert [(one["endpoint"], one["days"]) for one in event.facts["endpoints"]] == [
        ("mail.example.com:25", 5),
        ("mail.example.com:465", 20),
    ]
    assert event.facts["days"] == 5
    _, told = through(watch, NOON + 6 * DAY, 1, p465=far)
    assert told == [("certificate_ends", 14, "w-1.1")]


def test_a_port_that_shows_no_certificate_for_a_while_is_not_told_again_and_not_called_renewed():
    """Day by day what 465 and 587 show: `o` the old certificate, `n` another, `-` none."""
    end, fresh = NOON + 6 * DAY, certificate(NOON + 90 * DAY)
    for p465, p587, told in (
        ("o-oo", "oooo", [(0, 7), (3, 3)]),
        ("o--o", "oooo", [(0, 7), (3, 3)]),
        ("o-oo", "nnnn", [(0, 7), (3, 3)]),
        ("o---", "nnnn", [(0, 7)]),
        ("o-nn", "nnnn", [(0, 7), (2, None)]),
        ("o-oo", "onnn", [(0, 7), (1, None), (2, 7), (3, 3)]),
        ("o-nn", "onnn", [(0, 7), (1, None)]),
    ):
        watch, found = WATCH, []
        for day, shown in enumerate(zip(p465, p587, strict=True)):
            each = {
                name: certificate(end) if one == "o" else fresh
                for name, one in zip(("p465", "p587"), shown, strict=True)
                if one != "-"
            }
            watch, events = run(watch, NOON + day * DAY, **each)
            found += [(day, event.facts.get("threshold")) for event in events]
        assert found == told, (p465, p587)


def test_warnings_wait_while_the_watch_is_muted():
    muted = mute(WATCH, "U2", NOON, NOON + 3 * DAY, "new one is ordered").watch
    _, told = through(muted, NOON, 4, p25=certificate(NOON + 9 * DAY))
    assert told == [("certificate_ends", 7, "w-1.1")]


def test_a_certificate_that_is_made_for_days_is_not_always_about_to_end():
    week = certificate(NOON + 6 * DAY, NOON)
    assert threshold(week, NOON) is None
    assert threshold(week, NOON + 3 * DAY) == 3
    year = certificate(NOON + 30 * DAY, NOON - 335 * DAY)
    assert threshold(year, NOON) == 30


def test_days_are_those_of_the_calendar_down_to_below_zero():
    ended = NOON - timedelta(hours=1)
    assert (days_left(ended, NOON), threshold(certificate(ended), NOON)) == (-1, None)
    hours = (-37, -13, -1, 0, 11, 12, 35, 36)
    assert [days_left(NOON + timedelta(hours=each), NOON) for each in hours] == [-3, -2, -1, 0, 0, 1, 1, 2]
    ends = NOON + 14 * DAY + timedelta(hours=6)
    elsewhere = NOON.astimezone(timezone(timedelta(hours=13)))  # where it is the next day already
    assert (days_left(ends, elsewhere), threshold(certificate(ends), elsewhere)) == (14, 14)


def test_no_certificate_in_sight_is_no_news():
    watch, _ = through(WATCH, NOON, 1, p25=certificate(NOON + 5 * DAY))
    assert run(watch, NOON + DAY)[1] == ()


def test_a_watch_that_is_deleted_closes_the_incident_of_its_certificates():
    watch, _ = through(WATCH, NOON, 1, p25=certificate(NOON + 5 * DAY))
    [event] = delete(watch, NOON).events
    assert (event.kind, event.incident, event.id) == ("closed", "w-1.1", "w-1.1.2")


def test_every_watch_on_ports_tells_at_21_14_7_3_and_1_days_and_counts_as_people_do():
    watch, told = a_watch(every=12 * HOUR), []
    ends = NOON + 23 * DAY + HOUR
    for half in range(48):
        watch, events = run(watch, NOON + half * 12 * HOUR, p465=certificate(ends))
        told += [(event.facts["threshold"], event.facts["days"]) for event in events if not event.quiet]
    assert told == [(21, 21), (14, 14), (7, 7), (3, 3), (1, 1)]


def look(watch, at, sight, **ends):
    """A run of a watch that sees certificates: name of the host and port -> when it ends."""
    shown = {name.replace("_", "."): certificate(end) for name, end in ends.items()}
    named = {f"{name.rpartition('.')[0]}.example.com:{name.rpartition('.')[2]}": one for name, one in shown.items()}
    watch, events, sight = conclude(watch, sight, seen("good", watch, certificates=named), at, 1.0, "local")
    told = [(one.kind, one.incident, one.quiet, [row["endpoint"] for row in one.facts["endpoints"]]) for one in events]
    return watch, sight, told


def test_a_certificate_that_several_watches_of_a_channel_see_is_one_message_with_every_place_that_shows_it():
    """Another host with the same one, another channel; the next threshold goes on in that message, whoever sees it."""
    ends, later = NOON + 6 * DAY, NOON + 90 * DAY
    mail, relay = "mail.example.com:465", "relay.example.com:465"
    first, second, elsewhere = (a_watch(id=f"w-{n}", channel=f"C{n // 2}") for n in range(3))
    first, sight, told = look(first, NOON, {}, mail_465=ends)
    assert told == [("certificate_ends", "w-0.1", False, [mail])]
    second, sight, told = look(second, NOON, sight, relay_465=ends)
    assert told == [("certificate_ends", "w-0.1", True, [mail, relay])]
    assert look(elsewhere, NOON, sight, mail_465=ends)[2] == [("certificate_ends", "w-2.1", False, [mail])]
    second, sight, told = look(second, NOON + 3 * DAY, sight, relay_465=ends)
    assert told == [("certificate_ends", "w-0.1", False, [mail, relay])]
    first, sight, told = look(first, NOON + 3 * DAY, sight, mail_465=ends)
    assert told == [("certificate_ends", "w-0.1", True, [mail, relay])]
    first, sight, told = look(first, NOON + 4 * DAY, sight, mail_465=later)
    assert told == [("certificate_ends", "w-0.1", True, [relay])]
    second, sight, told = look(second, NOON + 4 * DAY, sight, relay_465=later)
    assert told == [("certificate_renewed", "w-0.1", False, [mail, relay])]
    assert sight["voices"] == {}


def test_the_message_of_a_watch_that_is_deleted_goes_on_for_the_others_that_see_the_same():
    ends, relay = NOON + 6 * DAY, "relay.example.com:465"
    first, sight, _ = look(a_watch(id="w-0"), NOON, {}, mail_465=ends)
    second, sight, _ = look(a_watch(id="w-1"), NOON, sight, relay_465=ends)
    for watch, kind, shown in ((first, "certificate_ends", [relay]), (second, "closed", [])):
        change = decided(lambda one: delete(one, NOON))(to_row(watch), sight)
        sight = change.sight
        [event] = map(of_event_row, change.events)
        rows = [row["endpoint"] for row in event.facts.get("endpoints", ())]
        assert (event.kind, event.incident, event.quiet, rows) == (kind, "w-0.1", kind != "closed", shown)
    assert not sight["voices"]["C1"]


async def test_whom_another_watch_names_is_mentioned_below_the_one_message_once_for_each_threshold(tmp_path):
    def ending(watch, at):
        return seen("good", watch, certificates={"mail.example.com:465": certificate(NOON + 6 * DAY)})

    async with room(tmp_path, ending) as here:
        names = {"w-0": "U777", "w-1": "U888", "w-2": "U888", "w-3": ""}
        await here.add(*(a_watch(id=name, notify=whom, every=HOUR) for name, whom in names.items()))
        await here.until(NOON + 2 * HOUR)
        assert sorted(here.mentions()) == ["U777", "U888"]
        await here.until(NOON + 3 * DAY + 3 * HOUR)
        assert sorted(here.mentions()) == ["U777", "U777", "U888", "U888"]
        assert [text.startswith("mail.example.com: a certificate ends in") for text in here.messages()] == [True, True]


async def test_what_has_a_day_left_waits_for_the_morning_of_its_channel_or_of_who_made_it_and_the_last_day_for_nothing(
    tmp_path,
):
    """Auckland: noon in UTC is one in the morning there."""
    ends = {"w-0": NOON + 34 * HOUR, "w-1": NOON + DAY - HOUR, "w-2": NOON + 6 * DAY, "w-3": NOON + 5 * DAY}

    def ending(watch, at):
        return seen("good", watch, certificates={f"{watch.id}.example.com:465": certificate(ends[watch.id])})

    async with room(tmp_path, ending) as here:
        await here.store.set_digest(
            "C1", to_note(Digest(time(9), "Pacific/Auckland"), "U1", NOON), Viewer("T1", admin=True)
        )
        await here.add(*(a_watch(id=name, target=f"{name}.example.com", every=HOUR) for name in ("w-0", "w-1")))
        for name, zone in (("w-2", ""), ("w-3", "Pacific/Auckland")):
            await here.add(a_watch(id=name, target=f"{name}.example.com", every=HOUR, channel="C2", zone=zone))
        await here.until(NOON + 6 * HOUR)
        assert [text.split(":")[0] for text in here.messages()] == ["w-1.example.com"]
        assert [text.split(":")[0] for text in here.messages("C2")] == ["w-2.example.com"]
        await here.until(NOON + 8 * HOUR)
        assert [text.split(":")[0] for text in here.messages()] == ["w-1.example.com", "w-0.example.com"]
        assert [text.split(":")[0] for text in here.messages("C2")] == ["w-2.example.com", "w-3.example.com"]
