"""What lists and digests say of several watches, and of several ports of one."""

import re
from datetime import time, timedelta

import pytest

from commands.contract import Actor, Request
from commands.slack_text import undo
from commands.uptime import DOWN, UNSEEN, UP
from commands.watch.state.digest import summary, to_note
from commands.watch.state.events import Event
from commands.watch.state.model import Incident, Silence, State, Unseen
from commands.watch.state.selector import Selector
from commands.watch.state.windows import Digest
from commands.watch.typed.asked import List
from commands.watch.verbs import showing
from commands.watch.view import digest, listing
from commands.watch.view.card import card
from commands.watch.view.home import now_bad
from commands.watch.view.plain_text import plain
from storage.watches import WatchSpan
from tests.every import every

from .room import room
from .samples import DAY, HOUR, NOON, a_watch
from .test_accepting import needs_of

TODAY = NOON + DAY


def test_ports_that_were_as_well_as_each_other_stand_together_in_a_digest():
    shares = [("mx.x:25", "100 %"), ("mx.x:465", "0 % (1h down)"), ("mx.x:587", "0 % (1h down)"), ("b.x:25", "100 %")]
    assert list(digest._by_place(shares, "mx.x")) == ["25, b.x:25: 100 %", "465, 587: 0 % (1h down)"]


def test_ports_that_were_as_well_as_each_other_stand_by_number():
    shares = [[f"mx.x:{port}", "82 % (30m down)"] for port in (2525, 465, 587)]
    assert list(digest._by_place(shares, "mx.x")) == ["465, 587, 2525: 82 % (30m down)"]


@every([("down", "down"), ("unseen", "unseen"), ("quiet", "kept quiet")])
def test_that_nothing_is_bad_is_good_news_of_a_list(typed, said):
    page = listing.Page(f"all {typed}", of=[a_watch()], criteria=f"(`{typed}`)")
    told = listing.overview((), "that you may see", NOON, page).text
    assert told == f"*Nothing is {said}*: 1 watch that you may see, 1 waiting for a run."


@every(
    [
        (0, 3, "*Nothing is down*: 3 watches that you may see, 3 waiting for a run."),
        (1, 3, "*1 of 3 watches that you may see* (`down`)"),
        (2, 2, "*2 of 2 watches that you may see* (`down`)"),
        (0, 0, "*No watches that you may see*"),
    ]
)
def test_a_list_of_what_was_chosen_says_of_how_many_it_is(shown, of, title):
    every = [a_watch(id=f"w-{one}") for one in range(of)]
    page = listing.Page("all down", of=every, criteria="(`down`)" if of else "")
    said = listing.overview(every[:shown], "that you may see", NOON, page)
    assert said.text.splitlines()[0] == title
    assert ("looks at a host and alerts" in said.text) == (of == 0)


async def test_a_list_says_whose_each_is_unless_they_are_yours_or_all_of_a_channel_would_be_alerted(tmp_path):
    async with room(tmp_path, None) as here:
        await here.add(a_watch(id="w-1", owner="U1"), a_watch(id="w-2", owner="U2"))
        for text, surface, owners in [("all", "slash", "U1 U2"), ("mine", "slash", ""), ("all", "mention", "")]:
            request = Request("smtpwatch", Actor("U1", "T1"), NOON, surface=surface, channel="C1")
            listed = await showing.listed(List(Selector(scope=text)), request, needs_of(here))
            assert re.findall(r"of @(\w+)", plain(listed.text)) == owners.split()


def test_a_list_begins_with_what_is_down_and_says_of_what_is_paused_what_it_was():
    states = {"w-1": "up", "w-2": "up", "w-3": "down", "w-4": "failing"}
    paused = Silence("U1", NOON)
    watches = [
        a_watch(id=name, state=State(phase), paused=paused if name == "w-2" else None) for name, phase in states.items()
    ]
    lines = plain(listing.overview(watches, "here", NOON).text).splitlines()
    assert [line.rpartition(" ")[2] for line in lines[2::2]] == ["`w-3`", "`w-4`", "`w-2`", "`w-1`"]
    assert lines[5] == "mail.example.com: was healthy"


def test_what_has_not_run_for_long_is_of_then():
    """No bot runs, as a terminal may see."""
    watches = [a_watch(id="w-1", due_at=NOON + HOUR, state=State("up", last_at=NOON)), a_watch(due_at=NOON + 3 * HOUR)]
    late, in_time = (plain(listing.overview(watches, "here", NOON + hours * HOUR).text) for hours in (2, 1))
    assert "One of them should have run since: what is said of it is of 2026-11-24 12:00 UTC." in late
    assert "should have run" not in in_time
    assert "Last checked 2026-11-24 12:00 UTC; was due 2026-11-24 13:00 UTC" in plain(card(watches[0], TODAY, ()).text)


def digested(watches, spans=(), events=()):
    """The lines of a digest of a day; `spans` are by id `[(what, since, until)]`, `events` those of the watches."""
    note = to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR)
    targets = {watch.id: watch.target for watch in watches}
    seen = [WatchSpan(name, targets[name], *times, what) for name, parts in spans for what, *times in parts]
    told = {watch.id: [event for event in events if event.watch == watch.id] for watch in watches}
    facts = summary(watches, told, seen, note, TODAY)
    said = Event("d", "digest", TODAY, "d", "T1", "C1", "", "", "", NOON, facts=facts)
    return [plain(line) for line in digest.digest_lines(said)]


def test_a_port_has_one_figure_in_a_digest_whichever_watches_of_whichever_targets_look_at_it():
    """A domain that is looked at hourly saw its exchange down later than the watch on that, and well later, too."""
    domain, exchange, other = "example.com", "mx2.example.com", "mx1.example.com:25"
    seen = {
        "w-1": (domain, 5 * HOUR, 8 * HOUR, [domain, f"{exchange}:25"]),
        "w-2": (exchange, 4 * HOUR, 7 * HOUR, [exchange, f"{exchange}:25"]),
    }
    spans = [WatchSpan("w-1", other, NOON, TODAY, UP)]
    for name, (_, begins, ends, places) in seen.items():
        times = ((UP, NOON, NOON + begins), (DOWN, NOON + begins, NOON + ends), (UP, NOON + ends, TODAY))
        spans += [WatchSpan(name, place, since, until, what) for place in places for what, since, until in times]
    watches = [
        a_watch(id="w-1", target=domain, state=State("up")),
        a_watch(id="w-2", target=exchange, ports=(25,), state=State("up")),
    ]
    facts = summary(watches, {}, spans, to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR), TODAY)
    shares = {row["watch"]: [row["uptime"]["share"], *row["uptime"]["ports"]] for row in facts["named"]}
    once = "83.3 % (4h down)"
    assert shares == {"w-1": [once, [f"{exchange}:25", once]], "w-2": [once]}


def test_what_several_watches_told_in_one_message_is_one_change():
    watches = [a_watch(id=f"w-{number}", state=State("up")) for number in range(3)]
    events = {
        watch.id: [Event(watch.id, "dns_changed", TODAY, message, "T1", "C1", watch.id, watch.target, "", TODAY)]
        for watch, message in zip(watches, ("w-0.1", "w-0.1", "w-2.1"), strict=True)
    }
    note = to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR)
    assert summary(watches, events, [], note, TODAY)["changes"] == len({"w-0.1", "w-2.1"})


def test_a_digest_tells_news_of_a_host_once_and_no_change_that_its_state_tells_already():
    """The watch on the whole host comes before those on parts of it."""
    moved = State("up", baseline={"records": {"mx a.x": ["2"]}, "differs": {"mx a.x": [["1"], NOON.isoformat(), "w"]}})
    watches = [
        a_watch(id="w-1", target="mail.x", ports=(587,), state=State("up")),
        a_watch(id="w-2", target="mail.x", state=State("up")),
        a_watch(id="w-3", target="a.x", kind="dns", state=moved),
    ]
    changes = {"changes": [{"record": "mx", "name": "a.x", "before": ["1"], "after": ["2"]}]}
    renewed = [("certificate_renewed", "w-1.1", {})] * 2
    events = {
        watch.id: [
            Event(f"{watch.id}.9", kind, TODAY, message, "T1", "C1", watch.id, watch.target, "", TODAY, facts=facts)
        ]
        for watch, (kind, message, facts) in zip(watches, [*renewed, ("dns_changed", "w-3.1", changes)], strict=True)
    }
    note = to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR)
    facts = summary(watches, events, [], note, TODAY)
    said = Event("d", "digest", TODAY, "d", "T1", "C1", "", "", "", NOON, facts=facts)
    _, *rows = map(plain, digest.digest_lines(said))
    assert rows == [
        "• a.x DNS records (`w-3`): healthy, but MX different from normal since 2026-11-24 12:00 UTC, not accepted",
        "• mail.x (`w-2`): healthy; its certificates were renewed",
        "• mail.x 587 (`w-1`): healthy",
    ]


def test_a_change_that_two_watches_of_a_host_saw_is_one_and_its_way_back_another():
    watches = [a_watch(id="w-1", state=State("up")), a_watch(id="w-2", ports=(587,), state=State("up"))]
    there, back = ([{"record": "auth", "name": "x:587", "before": [], "after": [now]}] for now in ("LOGIN", "PLAIN"))
    events = {
        one.id: [
            Event(f"{one.id}.{n}.1", "dns_changed", TODAY, f"{one.id}.{n}", "T1", "C1", one.id, one.target, "", TODAY,
                  facts={"changes": changes})
            for n, changes in enumerate((there, back))
        ]
        for one in watches
    }  # fmt: skip
    note = to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR)
    facts = summary(watches, events, [], note, TODAY)
    said = Event("d", "digest", TODAY, "d", "T1", "C1", "", "", "", NOON, facts=facts)
    head, *rows = map(plain, digest.digest_lines(said))
    assert head.endswith("; 2 changes.")
    assert rows == ["• mail.example.com (`w-1`): healthy; logins changed", "• mail.example.com 587 (`w-2`): healthy"]


def test_what_happened_alike_to_several_is_one_line_of_a_digest():
    """Their runs are not at once: the line has the earliest time and the worst figure."""
    watches, spans = [], []
    for number in range(40):
        since = TODAY - 6 * HOUR + timedelta(minutes=number)
        state = State("up", last_at=TODAY, unseen=Unseen(since, 9, "dns_servfail"))
        watches.append(a_watch(id=f"w-{number}", target=f"mx{number}.example.com", created_at=NOON - DAY, state=state))
        spans.append((f"w-{number}", [(UP, NOON - HOUR, since), (UNSEEN, since, TODAY)]))
    watches.append(a_watch(id="w-x", target="mail.example.org", created_at=NOON - DAY, state=State("up")))
    spans.append(("w-x", [(UP, NOON - HOUR, TODAY)]))
    head, line = digested(watches, spans)
    assert (
        head
        == "Daily digest: 41 watches, now 1 healthy, 40 not seen; 1 healthy all the time since 2026-11-24 12:00 UTC."
    )
    assert line.startswith("• mx0.example.com (`w-0`), mx1.example.com (`w-1`), mx2.example.com (`w-2`), ")
    assert line.endswith(
        "mx9.example.com (`w-9`), and 30 more: was healthy; not seen since 2026-11-25 06:00 UTC (DNS fails); "
        "usable 100 % (6h not seen) (40 watches: the earliest time, the worst figure)"
    )


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize(
    ("tags", "names"),
    [(("rack",), "12 watches (tag:rack)"), ((), "mx0.example.com (`w-0`), ")],
)
def test_what_one_cause_hid_is_one_line_that_says_which_and_from_when_whatever_they_look_at(tags, names, over):
    """Name servers that failed over night; two watches look at other ports, and one host was down beside it."""
    begins, ends = NOON + 10 * HOUR, NOON + 19 * HOUR
    watches, spans, events = [], [], []
    for number in range(13):
        since = begins + timedelta(minutes=number)
        unseen = None if over else Unseen(since, 9, "dns_servfail")
        ports = ((), (25,), (465, 587))[min(number, 2)]
        state = State("up", last_at=TODAY, unseen=unseen)
        fields = {"created_at": NOON - DAY, "state": state, "ports": ports, "tags": tags}
        watches.append(a_watch(id=f"w-{number}", target=f"mx{number}.example.com", **fields))
        after = [(UNSEEN, since, ends), (UP, ends, TODAY)] if over else [(UNSEEN, since, TODAY)]
        broken = [(DOWN, NOON, NOON + HOUR)] if number == 12 else [(UP, NOON, NOON + HOUR)]
        spans.append((f"w-{number}", [*broken, (UP, NOON + HOUR, since), *after]))
    for kind, at in (("unseen", begins + HOUR), *([("seen_again", ends)] if over else ())):
        facts = {"cause": "dns", "count": 13, "watches": []}
        events.append(Event(f"n.{kind}", kind, at, "n", "T1", "C1", "w-0", "", "", begins, facts=facts))
    _, *rows = digested(watches, spans, events)
    [one] = [row for row in rows if "12 watches" in row]
    assert len(rows) == 2 and one.startswith(f"• {names}"), rows
    state = "healthy" if over else "was healthy; not seen since 2026-11-24 22:00 UTC (DNS fails)"
    assert f": {state}; usable 100 % ({'9h' if over else '14h'} not seen)" in one
    assert ("; not seen from 2026-11-24 22:00 UTC on: names could not be resolved" in one) == over
    assert one.endswith("the earliest time, the worst figure)")


def test_why_it_was_not_seen_stands_beside_an_incident_too():
    begins, ends = NOON + 10 * HOUR, NOON + 19 * HOUR
    facts = {"cause": "dns", "count": 1, "watches": []}
    events = [
        Event(f"n.{kind}", kind, at, "n", "T1", "C1", "w-0", "", "", begins, facts=facts)
        for kind, at in (("unseen", begins + HOUR), ("seen_again", ends))
    ]
    spans = [(DOWN, NOON, NOON + HOUR), (UP, NOON + HOUR, begins), (UNSEEN, begins, ends), (UP, ends, TODAY)]
    watches = [a_watch(id="w-0", target="mx0.x", created_at=NOON - DAY, state=State("up", last_at=TODAY))]
    [_, line] = digested(watches, [("w-0", spans)], events)
    assert "(1h down, 9h not seen); not seen from 2026-11-24 22:00 UTC on: names could not be resolved" in line


def test_one_cause_that_hit_one_port_of_several_hosts_a_little_apart_is_one_line():
    watches, spans = [], []
    for number in range(5):
        since = TODAY - 6 * HOUR + timedelta(minutes=number)
        incident = Incident(f"w-{number}.1", since, failing=(f"refused mx{number}.x:25",), told=True)
        state = State("down", last_at=TODAY, incident=incident, failing=incident.failing)
        watches.append(a_watch(id=f"w-{number}", target=f"mx{number}.x", created_at=NOON - DAY, state=state))
        spans.append((f"mx{number}.x:25", since))
    known = [
        WatchSpan(watch.id, place, begin, end, what)
        for watch, (port, since) in zip(watches, spans, strict=True)
        for place in (watch.target, port, f"{watch.target}:587")
        for what, begin, end in ((UP, NOON - HOUR, since), (UP if place.endswith("587") else DOWN, since, TODAY))
    ]
    facts = summary(watches, {}, known, to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR), TODAY)
    [row] = facts["named"]
    assert (row["count"], row["uptime"]["ports"]) == (5, [["mx0.x:25", "75 % (6h down)"]])


def test_incidents_of_several_are_one_line_of_a_digest_where_one_message_told_them():
    for message, lines in (("w-0.1", 1), ("", 3)):
        watches = [a_watch(id=f"w-{n}", target=f"mx{n}.x", created_at=NOON - DAY, state=State("up")) for n in range(3)]
        events = {
            one.id: [Event(f"{one.id}.1.2", "recovered", TODAY - HOUR, message or f"{one.id}.1", "T1", "C1", one.id,
                           one.target, "", NOON, facts={"seconds": 600.0})]
            for one in watches
        }  # fmt: skip
        facts = summary(watches, events, [], to_note(Digest(time(12), "UTC"), "U1", TODAY - HOUR), TODAY)
        assert len(facts["named"]) == lines


def test_a_digest_tells_once_how_a_host_was_as_all_of_its_watches_know_it():
    watches = [
        a_watch(id=name, ports=(port,), state=State("up"), created_at=NOON - DAY)
        for name, port in (("w-1", 25), ("w-2", 465))
    ]
    downs = {"w-1": (NOON + 2 * HOUR, NOON + 4 * HOUR), "w-2": (NOON + 3 * HOUR, NOON + 5 * HOUR)}
    spans = [
        (name, [(UP, NOON - HOUR, since), (DOWN, since, until), (UP, until, TODAY)])
        for name, (since, until) in downs.items()
    ]
    _, *rows = digested(watches, spans)
    assert rows == [
        "• mail.example.com 25 (`w-1`): healthy; usable 87.5 % (3h down)",
        "• mail.example.com 465 (`w-2`): healthy",
    ]


def test_what_is_different_and_not_accepted_stands_in_each_digest_once():
    """Whether anything happened to its watch or not; two watches on one host have it once, others have their own."""

    def differs(*keys):
        since = (NOON - 3 * DAY).isoformat()
        baseline = {"records": {key: ["b"] for key in keys}, "differs": {key: [["a"], since, "w-1.1"] for key in keys}}
        return State("up", baseline=baseline)

    spf, mx = "spf corp.example", "mx corp.example"
    watches = [
        a_watch(id="w-1", target="corp.example", kind="dns", state=differs(spf), created_at=NOON - 9 * DAY),
        a_watch(id="w-2", target="corp.example", state=differs(spf, mx), created_at=NOON - 9 * DAY),
        a_watch(id="w-3", target="mail.example.com", state=State("up"), created_at=NOON - 9 * DAY),
    ]
    head, row = digested(watches)
    assert head == "Daily digest: 3 watches, all healthy since 2026-11-24 12:00 UTC."
    since = "different from normal since 2026-11-21 12:00 UTC, not accepted"
    assert row == f"• corp.example (`w-2`): healthy, but MX, SPF {since}"


def test_an_incident_of_a_day_has_no_length_that_is_longer_than_the_day():
    """It began before; how much of the day it was stands where the figure of its host does."""
    watches = [
        a_watch(id=name, ports=(port,), state=State("up"), created_at=NOON - 3 * DAY)
        for name, port in (("w-1", 25), ("w-2", 465))
    ]
    ends = NOON + 9 * HOUR
    spans = [(name, [(DOWN, NOON - 16 * HOUR, ends), (UP, ends, TODAY)]) for name in ("w-1", "w-2")]
    events = [
        Event(f"{one.id}.1.2", "recovered", ends, "w-1.1", "T1", "C1", one.id, one.target, "", NOON - 16 * HOUR,
              facts={"seconds": 25 * 3600.0})
        for one in watches
    ]  # fmt: skip
    _, *rows = digested(watches, spans, events)
    assert rows == [
        "• mail.example.com 25 (`w-1`): healthy; 1 incident, usable 62.5 % (9h down)",
        "• mail.example.com 465 (`w-2`): healthy; 1 incident",
    ]


def test_what_has_its_figure_on_another_line_is_no_line_with_those_that_have_theirs():
    """It would hide how long these were not seen, or have a figure that is not its own."""
    fields = {"created_at": NOON - DAY, "state": State("up")}
    watches = [a_watch(id=f"w-{n}", target=f"mx{n}.example.com", ports=(25,), **fields) for n in range(3)]
    watches += [a_watch(id=f"w-{port}", target="mail.example.org", ports=(port,), **fields) for port in (465, 25)]
    unseen = {f"w-{n}": timedelta(minutes=115 - n) for n in range(3)} | dict.fromkeys(("w-25", "w-465"), 2 * HOUR)
    begins = NOON + HOUR
    spans = [
        (name, [(UP, NOON - HOUR, begins), (UNSEEN, begins, begins + long), (UP, begins + long, TODAY)])
        for name, long in unseen.items()
    ]
    _, mail, other, hosts = digested(watches, spans)
    assert mail == "• mail.example.org 465 (`w-465`): healthy; usable 100 % (2h not seen)"
    assert other == "• mail.example.org 25 (`w-25`): healthy"
    assert hosts.endswith(
        "mx2.example.com (`w-2`): healthy; usable 100 % (1h 55m not seen) (3 watches: the worst figure)"
    )


def test_certificates_that_end_soon_are_one_line_and_no_fault():
    def ending(days, *endpoints):
        ends = (TODAY + days * DAY).isoformat()
        known = {"told": {one: [ends, 21] for one in endpoints}, "incident": None}
        return State("up", baseline={"certificates": known})

    watches = [
        a_watch(id="w-1", target="mx10.x", state=ending(1, "mx10.x:465", "mx10.x:587")),
        a_watch(id="w-2", target="mx2.x", state=ending(1, "mx2.x:465")),
        a_watch(id="w-3", target="mx3.x", state=ending(0.1, "mx3.x:465")),
        a_watch(id="w-4", target="mx4.x", state=ending(-1, "mx4.x:465")),
    ]
    head, line = digested(watches)
    assert head == "Daily digest: 4 watches, all healthy since 2026-11-24 12:00 UTC."
    assert line == "Certificates that end soon: mx3.x 465 today; mx2.x 465 tomorrow; mx10.x 465, 587 tomorrow"
    assert plain(listing.overview(watches, "here", TODAY).text).splitlines()[2] == line
    assert plain(card(watches[1], TODAY, ()).text).splitlines()[1] == "Certificate that ends soon: mx2.x 465 tomorrow"


def test_on_home_an_id_stays_in_one_piece_and_is_read_back_as_it_is_typed():
    down = a_watch(id="w-7k3fq", state=State("down", incident=Incident("w-7k3fq.1", NOON, told=True)))
    *_, row = now_bad([down], NOON)
    text = row["text"]["text"]
    assert "`w\u20117k3fq`" in text and "w-7k3fq" not in text
    assert "w-7k3fq" in undo(text) and row["accessory"]["value"] == "w-7k3fq"
