from dataclasses import replace

from commands.watch.state.accepting import may_accept
from commands.watch.state.actions import snooze
from commands.watch.state.condition import condition_of
from commands.watch.state.dns_changes import differing
from commands.watch.state.observation import of_records
from commands.watch.state.runs import conclude
from commands.watch.view.alert import alert, details
from commands.watch.view.plain_text import plain
from commands.watch.view.thread_words import ending

from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

WATCH = a_watch(kind="dns", target="example.com", every=HOUR)
MX, NEW = ("10 mx.example.com",), ("10 mx.example.net",)


def play(watch, *answers, at=NOON):
    """What each run told, as the list of changes or nothing."""
    told = []
    for number, answer in enumerate(answers):
        observation = of_records(watch, {"mx example.com": answer, "mta-sts example.com": ("1",)}, 1.0)
        watch, events, _ = conclude(watch, {}, observation, at + number * HOUR, 1.0, "local")
        told.append([event.facts["changes"] for event in events])
    return watch, told


def test_the_first_answer_is_learned_silently():
    assert play(WATCH, MX, MX)[1] == [[], []]


def test_a_change_is_told_once_when_it_was_seen_twice():
    change = {"record": "mx", "name": "example.com", "before": list(MX), "after": list(NEW)}
    change["between"] = [(NOON + n * HOUR).isoformat() for n in (0, 1)]
    assert play(WATCH, MX, NEW, NEW, NEW)[1] == [[], [], [[change]], []]


def test_a_change_is_confirmed_a_quarter_of_an_hour_later_whatever_the_interval():
    """Not again while nobody answers, nor while it waits for the end of a quiet."""
    for quiet, answers, waits in [
        (False, (MX, NEW, NEW, NEW), [False, True, False, False]),
        (False, (MX, NEW, None, None, NEW), [False, True, True, False, False]),
        (True, (MX, NEW, NEW, NEW), [False, True, False, False]),
    ]:
        watch, at, soon = replace(WATCH, every=DAY), NOON, []
        watch = snooze(watch, "U1", NOON, NOON + 9 * DAY).watch if quiet else watch
        for answer in answers:
            told = of_records(watch, {"mx example.com": answer, "mta-sts example.com": ("1",)}, 1.0)
            watch, _, _ = conclude(watch, {}, told, at, 1.0, "local")
            soon.append(watch.due_at - at == 15 * MINUTE)
            at = watch.due_at if soon[-1] else at + DAY
        assert soon == waits


def test_what_is_as_it_was_before_it_was_told_is_normal_again():
    """Until that is confirmed it is not; told is both."""
    watch, told = play(WATCH, MX, NEW, NEW, MX)
    assert len(told[2]) == 1 and [one["before"] for one in differing(watch).values()] == [list(MX)]
    watch, told = play(WATCH, MX, NEW, NEW, MX, MX)
    assert [len(each) for each in told] == [0, 0, 1, 0, 1] and not differing(watch)
    assert not may_accept(watch) and condition_of(watch).healthy
    watch, _ = play(WATCH, MX, NEW, NEW, MX, MX, NEW, NEW)
    assert [(one["before"], one["after"]) for one in differing(watch).values()] == [(list(MX), list(NEW))]


def test_a_change_that_went_back_is_told_in_its_message_which_is_yellow_only_while_something_of_it_differs():
    both = {"mx example.com": NEW, "spf example.com": ("b",)}
    was = {"mx example.com": MX, "spf example.com": ("a",)}
    runs = [was, both, both, *[{**both, "mx example.com": MX}] * 2, *[was] * 2]
    watch, told = WATCH, []
    for number, records in enumerate(runs):
        seen_then = of_records(watch, records, 1.0)
        watch, events, _ = conclude(watch, {}, seen_then, NOON + number * HOUR, 1.0, "local")
        told += [(event, watch) for event in events]
    assert [event.kind for event, _ in told] == ["dns_changed", "changed_back", "changed_back"]
    assert len({event.incident for event, _ in told}) == 1 and len({event.id for event, _ in told}) == len(told)
    first, partly, over = [plain(alert(event, then, NOON).text).replace("`", "").splitlines() for event, then in told]
    assert first[0] == "example.com: MX, SPF changed"
    assert (partly[0], partly[1], partly[-1]) == (
        "example.com: SPF changed",
        "• SPF of example.com: a → b",
        "As before: MX",
    )
    assert over[:2] == ["example.com: SPF as before", "• SPF of example.com: b → a"]
    accepts = ["smtpwatch.accept" in str(alert(event, then, NOON).blocks) for event, then in told]
    assert accepts == [True, True, False]
    assert ending(told[1][0]) == ":large_green_circle: As before: MX."


def test_of_two_watches_that_told_a_change_in_one_message_one_says_that_it_went_back():
    watches = {name: replace(WATCH, id=name) for name in ("w-1", "w-2")}
    sight, told = {}, []
    for number, answer in enumerate([MX, NEW, NEW, MX, MX, NEW, NEW]):
        for name, watch in watches.items():
            seen_then = of_records(watch, {"mx example.com": answer}, 1.0)
            watches[name], events, sight = conclude(watch, sight, seen_then, NOON + number * HOUR, 1.0, "local")
            told += [(event.kind, name, event.incident) for event in events if not event.quiet]
    assert told == [
        ("dns_changed", "w-1", "w-1.1"),
        ("changed_back", "w-1", "w-1.1"),
        ("dns_changed", "w-1", "w-1.3"),
    ]


def test_an_outage_is_explained_by_what_changed_since_yesterday_alone():
    for hours, explained in ((20, True), (48, False)):
        watch, told = a_watch(target="example.com", every=HOUR), []
        for number in range(hours + 3):
            records = {"mx example.com": NEW if number else MX}
            run = seen("bad" if number > hours else "good", watch, records=records)
            watch, events, _ = conclude(watch, {}, run, NOON + number * HOUR, 1.0, "local")
            told += [event for event in events if event.kind == "opened"]
        [opened] = told
        assert bool(opened.facts.get("changes")) == explained


def test_name_servers_that_differ_for_a_while_are_no_change():
    assert play(WATCH, *[MX, NEW] * 5)[1] == [[]] * 10


def test_no_answer_is_no_change():
    assert play(WATCH, MX, None, None, MX)[1] == [[]] * 4
    assert len(play(WATCH, MX, NEW, None, NEW)[1][3]) == 1


def test_records_that_are_gone_are_a_change():
    assert play(WATCH, MX, (), ())[1][2][0][0]["after"] == []


def test_a_change_waits_while_the_watch_is_quiet():
    quiet = snooze(WATCH, "U2", NOON, NOON + 4 * HOUR).watch
    told = play(quiet, MX, NEW, NEW, NEW, NEW)[1]
    assert [len(changes) for changes in told] == [0, 0, 0, 0, 1]


def test_names_that_are_new_or_gone_come_with_another_change_and_are_learned_silently():
    watch, _ = play(WATCH, MX)
    for address in ("192.0.2.1", "192.0.2.2"):
        observation = of_records(watch, {"mx example.com": MX, f"ptr {address}": ("mx.example.com",)}, 1.0)
        watch, events, _ = conclude(watch, {}, observation, NOON, 1.0, "local")
        assert events == ()
    assert set(watch.state.baseline["records"]) == {"mx example.com", "mta-sts example.com", "ptr 192.0.2.2"}


def test_what_changes_again_and_again_is_told_three_times_and_once_more_after_it_was_quiet_for_days():
    """The third message says so; a change a week is told each time."""
    watch, told = play(WATCH, *[MX, MX, NEW, NEW] * 4)
    assert [len(changes) for changes in told] == [0, 0, 0, 1, 0, 1, 0, 1] + [0] * 8
    watch, told = play(watch, MX, MX, at=NOON + 2 * DAY)
    assert told == [[], []]
    assert [len(changes) for changes in play(watch, NEW, NEW, at=NOON + 6 * DAY)[1]] == [0, 1]
    watch = WATCH
    for week in range(8):
        watch, told = play(watch, *[(MX, NEW)[week % 2]] * 2, at=NOON + week * 7 * DAY)
        assert len(told[1]) == (week > 0)


def test_the_last_message_of_what_changes_again_and_again_says_that_it_is():
    watch = WATCH
    texts = []
    for number, answer in enumerate([MX, MX, NEW, NEW, MX, MX, NEW, NEW]):
        seen = of_records(watch, {"mx example.com": answer}, 1.0)
        watch, events, _ = conclude(watch, {}, seen, NOON + number * HOUR, 1.0, "local")
        texts += [alert(event, watch, NOON).text for event in events]
    assert ["MX changed 3 times in a short time" in text for text in texts] == [False, False, True]


def test_a_change_was_made_between_the_last_run_that_saw_it_as_before_and_the_first_that_did_not():
    """No answer, no records at all, a record that is not asked for in each run: none of these saw it as before."""
    watch, told = a_watch(target="example.com", every=HOUR), []
    spf, mx = "spf example.com", "mx example.com"
    runs = [{spf: ("a",), mx: MX}, {mx: MX}, {}, {mx: None}, {spf: ("b",), mx: NEW}, {spf: ("b",), mx: NEW}]
    for number, records in enumerate(runs):
        seen_then = seen("good" if records else "unknown", watch, records=records)
        watch, events, _ = conclude(watch, {}, seen_then, NOON + number * HOUR, 1.0, "local")
        told += [event for event in events if event.kind == "dns_changed"]
    assert watch.state.baseline.keys() >= {"records"} and "silent" not in watch.state.baseline
    [event] = told
    hours = {one["record"]: [at[11:13] for at in one["between"]] for one in event.facts["changes"]}
    assert hours == {"spf": ["12", "16"], "mx": ["13", "16"]}
    text = plain(alert(event, watch, NOON).text)
    assert "mx.example.net, between 2026-11-24 13:00 UTC and 2026-11-24 16:00 UTC" in text.replace("`", "")
    same = replace(event, facts={"changes": event.facts["changes"][:1]})
    assert "\nChanged between 2026-11-24 13:00 UTC and 2026-11-24 16:00 UTC" in plain(alert(same, watch, NOON).text)


def test_what_a_run_does_not_ask_keeps_its_value_and_a_change_waits_for_two_runs_that_asked():
    """Reverse DNS is asked once an hour, by a watch that looks every ten minutes."""
    old, new, between = ("a.example.com",), ("b.example.com",), [{"mx example.com": MX}] * 5
    lost = [(f"{one} x", asked) for one in ("ptr", "tlsa", "spf") for asked in (between, [{}] * 5, [])]
    for key, others in lost:
        watch, told = a_watch(target="example.com", every=10 * MINUTE), []
        for number, records in enumerate([{key: old}, *others, {key: new}, *others, {key: new}, *others, {key: new}]):
            seen_then = seen("good", watch, records={"mx example.com": MX, **records} if records else {})
            watch, events, _ = conclude(watch, {}, seen_then, NOON + number * 10 * MINUTE, 1.0, "local")
            told += [(number, one["before"], one["after"]) for each in events for one in each.facts["changes"]]
        assert told == [(2 * len(others) + 2, [*old], [*new])], (key, others)


def test_a_name_that_was_there_has_vanished_and_is_not_misspelt():
    """Said with the last run that found it; where it never was in DNS the check says what it is likely to be."""
    key, gone = "address mail.example.com", {"failing": ("dns_nxdomain mail.example.com",)}
    gone["findings"] = ({"code": "dns_nxdomain", "severity": "error", "params": {"name": "mail.example.com"}},)
    for before, words in [(("192.0.2.7",), True), (None, False)]:
        watch, told, records = a_watch(target="mail.example.com"), [], {key: before} if before else {}
        for minutes, outcome in [(0, "good"), (15, "good"), (30, "bad"), (31, "bad"), (46, "bad")]:
            looked = seen(outcome, watch, **({"records": records} if outcome == "good" else gone))
            watch, events, _ = conclude(watch, {}, looked, NOON + minutes * MINUTE, 1.0, "local")
            told += events
        message, thread = plain(alert(told[0], watch, NOON).text), str(details(told[0], watch))
        said = "Its name has vanished from DNS: it was there 2026-11-24 12:15 UTC, with 192.0.2.7."
        assert (said in message.replace("`", ""), "check the spelling" in thread) == (words, not words)


def test_a_name_without_an_address_is_not_as_before():
    told = []
    watch = WATCH
    for number, addresses in enumerate((("192.0.2.1",), ("192.0.2.2",), ("192.0.2.2",), (), ())):
        observation = of_records(watch, {"mx example.com": MX, "address mx.example.com": addresses}, 1.0)
        watch, events, _ = conclude(watch, {}, observation, NOON + number * HOUR, 1.0, "local")
        told += [event.kind for event in events]
    assert told == ["dns_changed"]


def test_what_changes_once_more_ends_the_message_of_the_change_before_it():
    """It has no button any more, and says where the last word is; what else stands in it and differs still keeps it."""
    runs = [("1", "a"), ("2", "b"), ("2", "b"), ("3", "b"), ("3", "b"), ("3", "c"), ("3", "c")]
    watch, told = WATCH, []
    for number, (policy, spf) in enumerate(runs):
        records = {"mta-sts example.com": (policy,), "spf example.com": (spf,)}
        watch, events, _ = conclude(watch, {}, of_records(watch, records, 1.0), NOON + number * HOUR, 1.0, "local")
        told += [(event, watch) for event in events]
    assert [(event.kind, event.incident) for event, _ in told] == [
        ("dns_changed", "w-1.1"),
        ("dns_changed", "w-1.2"),
        ("overtaken", "w-1.1"),
        ("dns_changed", "w-1.4"),
        ("overtaken", "w-1.1"),
    ]
    said = [plain(alert(event, then, NOON).text).replace("`", "").splitlines() for event, then in told]
    assert said[2][0] == "example.com: SPF changed"
    assert said[2][-1] == "MTA-STS id changed again: another message has it."
    assert said[4][0] == "example.com: SPF changed" and said[4][-1] == "It changed again: another message has it."
    accepts = ["smtpwatch.accept" in str(alert(event, then, NOON).blocks) for event, then in told]
    assert accepts == [True, True, True, True, False]
    assert all(event.quiet == (event.kind == "overtaken") for event, _ in told)
