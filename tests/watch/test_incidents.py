"""`/smtpwatch incidents`: what there was, one whole, as files; the same minutes as availability."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commands.contract import Actor, DeclinedError, Request, UserError
from commands.uptime import DOWN, uptimes
from commands.watch.handler import handle
from commands.watch.state.actions import acknowledge, decided, delete, edit, mute, note, pause, resume
from commands.watch.state.events import Event
from commands.watch.state.limits import Rules
from commands.watch.state.model import Second
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import Story, Together, measured, stories
from commands.watch.verbs.needs import NoSlack
from commands.watch.view.alert_words import text_of
from commands.watch.view.incident_files import document, markdown
from commands.watch.view.incidents import past
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import entries, entry, facts, row
from storage.queries import OPERATOR, Viewer
from storage.watches import WatchSpan

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

THEN = Second("U333", 30 * MINUTE)
DOWN_AT = ((20, 100), (300, 310), (400, 2000))
"""Minutes: one that is long, one while it is muted, one that goes on."""


def look(watch, at):
    minutes = (at - NOON) / MINUTE
    bad = watch.id == "w-aaaaa" and any(begin <= minutes < end for begin, end in DOWN_AT)
    return seen("bad", watch, failing=("no_answer mail.example.com:25",)) if bad else seen("good", watch)


class Services:
    def __init__(self, here, viewer):
        self.watches, self._viewer, self.at = here.store, viewer, here.clock.at
        self.watch_rules, self.channel_posts = Rules(), NoSlack()

    async def viewer(self):
        return self._viewer

    def target_of(self, text):
        return text, None, False

    def now(self):
        return self.at

    def watches_changed(self):
        """Nobody waits here."""


async def lived(folder):
    """Ten hours of two watches, the second in another channel."""
    here = await folder.__aenter__()
    await here.add(
        a_watch(id="w-aaaaa", every=10 * MINUTE, notify="U777", then=THEN, runbook="https://wiki.example.com/25"),
        a_watch(id="w-bbbbb", every=HOUR, target="mx_2.example.com", channel="C2", owner="U2"),
    )
    for minutes, action in (
        (80, lambda one, at: acknowledge(one, "U9", at)),
        (82, lambda one, at: note(one, "U9", at, "=cmd|rebooted, #1 waits [x](y)")),
        (290, lambda one, at: mute(one, "U9", at, NOON + 350 * MINUTE, "works, again")),
    ):
        await here.until(NOON + minutes * MINUTE)
        await here.store.change("w-aaaaa", decided(lambda one, do=action: do(one, here.clock.at)), OPERATOR)
    await here.until(NOON + 600 * MINUTE)
    return here


async def ask(here, words, viewer=OPERATOR, user="U1", channel="C1", verb="incidents", zone=""):
    request = Request(
        "smtpwatch", Actor(user, "T1", zone_name=zone), here.clock.at, text=f"{verb} {words}", channel=channel
    )
    [reply] = [step async for step in handle(request, Services(here, viewer))]
    return reply


@pytest.fixture
async def here(tmp_path):
    made = room(tmp_path, look)
    yield await lived(made)
    await made.__aexit__(None, None, None)


async def test_the_list_has_what_was_told_newest_first_and_all_the_minutes_that_availability_counts(here):
    reply = await ask(here, "since 1d")
    title, *rows = plain(reply.text).splitlines()
    assert not reply.good
    spans = await here.store.spans(OPERATOR, since=NOON, until=here.clock.at, target="mail.example.com")
    known = uptimes(spans, NOON, here.clock.at)["mail.example.com"]
    minutes, shown = known.of(DOWN), known.shown_of(DOWN)
    assert timedelta(hours=4) < minutes < timedelta(hours=5)
    told = stories(map(of_event_row, await here.store.events(OPERATOR)))
    assert sum((story.lasted(here.clock.at) for story in told), timedelta()) == minutes
    assert title == f"3 incidents in the last day in this channel, 1 open, 4h {shown // MINUTE - 240}m of downtime"
    assert ["goes on" in row for row in rows] == [True, False, False]
    menu = next(one for one in (await ask(here, "since 1d", zone="Europe/Madrid")).blocks[-1]["elements"])
    times = [one["text"]["text"][:16] for one in menu["options"]]
    assert times == [f"{one.since.astimezone(ZoneInfo('Europe/Madrid')):%Y-%m-%d %H:%M}" for one in told]
    assert "25 no answer, 10m · told nobody (mute) · w-aaaaa.2" in rows[1].replace("`", "")
    assert "25 no answer, 1h 20m · acknowledged by @U9 · w-aaaaa.1" in rows[2].replace("`", "")
    assert (await ask(here, "until 2026-11-24t13:00")).text.startswith("*1 incident until")
    assert plain((await ask(here, "mx_2.example.com")).text).startswith("No incidents in the last 90 days of")
    every = [(await ask(here, words, channel="C2")).text.splitlines()[0] for words in ("since 1d", "all since 1d")]
    assert every[0].startswith("*No incidents in the last day in this channel*")
    assert every[1].startswith("*3 incidents in the last day in every channel that you may see*, 1 open")
    now_down = (await ask(here, "down since 2026-11-24t18:00")).text
    assert "*1 incident* since 2026-11-24 18:00 of what is now `down`, 1 open" in now_down


async def test_of_one_host_the_last_is_found_however_long_ago_and_elsewhere_the_nearest_is_named(here):
    await here.until(NOON + 30 * HOUR)
    await here.store.change("w-aaaaa", decided(lambda one: delete(one, here.clock.at)), OPERATOR)
    here.clock.at = NOON + 20 * DAY
    title, *rows = plain((await ask(here, "mail.example.com")).text).splitlines()
    assert title.startswith("3 incidents in the last 90 days (none in the last 7) of `mail.example.com`")
    assert [row.rpartition(" ")[2].strip("`") for row in rows] == ["w-aaaaa.3", "w-aaaaa.2", "w-aaaaa.1"]
    assert json.loads((await ask(here, "mail.example.com as json")).files[0].content)["incidents"]
    title, nearest = plain((await ask(here, "mail.example.com since 3d")).text).splitlines()
    assert title == "No incidents in the last 3 days of `mail.example.com`"
    assert nearest.startswith("The nearest: ") and nearest.endswith("`w-aaaaa.3`")
    text = plain((await ask(here, "mail.example.com since 2026-11-20 until 2026-11-24t12:05")).text)
    assert text.splitlines()[1].startswith("The nearest: ") and text.endswith("`w-aaaaa.1`")
    [_, nothing] = plain((await ask(here, "mx_2.example.com")).text).splitlines()
    assert nothing.startswith("It has been watched since 2026-11-24 12:00")


async def test_one_incident_is_told_whole_and_files_of_it_are_escaped_and_agree(here):
    lines = plain((await ask(here, "w-aaaaa.1")).text).splitlines()
    assert lines[0] == "mail.example.com: 25 no answer"
    assert lines[1].startswith("• Down for 1h 20m: from 2026-11-24 12:2")
    assert lines[1].endswith("recovered")
    assert "after the alert" in lines[2]
    assert lines[3:5] == ["• Mentioned: @U777, @U333", "• Runbook: https://wiki.example.com/25"]
    words = [line.partition("UTC  ")[2] for line in lines[6:]]
    begins = ("Opened: 25 no answer, since 2026-11-24 12:2", "Nobody had acknowledged it for", "Acknowledged by @U9")
    assert [one.startswith(begin) for one, begin in zip(words, begins, strict=False)] == [True, True, True]
    assert [one.endswith(end) for one, end in zip(words, ("(mentioned @U777)", "(mentioned @U333)"), strict=False)] == [
        True,
        True,
    ]
    assert words[3:] == ["@U9: =cmd|rebooted, #1 waits [x](y)", words[4]]
    assert words[4].startswith("Recovered after 1h 20m. Works since 2026-11-24 13:4")
    with pytest.raises(DeclinedError, match="no incident"):
        await ask(here, "w-aaaaa.9")
    [text] = [(await ask(here, "w-aaaaa.1 as markdown")).files[0].content.decode()]
    assert text.startswith("# mail.example.com: 25 no answer\n\n- Down for 1h 20m")
    assert r"@U9: =cmd\|rebooted, \#1 waits \[x\](y)" in text
    assert text.count("\n## ") == 4
    [file] = (await ask(here, "all since 1d json")).files
    assert file.name == "portero-incidents-20261123-20261124.json"
    found = json.loads(file.content)["incidents"]
    [lines] = (await ask(here, "all since 1d jsonl")).files
    assert [json.loads(line) for line in lines.content.splitlines()] == found
    ended = [(one["id"], one["ending"], one["seconds"] // 60) for one in found][1:]
    assert ended == [("w-aaaaa.2", "recovered", 10), ("w-aaaaa.1", "recovered", 80)]
    assert [one["told"] for one in found[1:]] == [[], ["U777", "U333"]]
    assert [one["kind"] for one in found[1]["timeline"]] == ["broke", "recovered"]
    assert [one["kind"] for one in found[2]["timeline"]] == ["opened", "escalated", "acked", "noted", "recovered"]
    rows = list(
        csv.DictReader(io.StringIO((await ask(here, "all since 1d csv")).files[0].content.decode(), newline=""))
    )
    assert [(row["id"], int(row["seconds"])) for row in rows] == [(one["id"], one["seconds"]) for one in found]
    assert (rows[2]["acknowledged_by"], rows[1]["failing"]) == ("U9", "no_answer mail.example.com:25")


async def test_a_note_is_in_the_history_of_its_watch(here):
    lines = plain((await ask(here, "mail.example.com", verb="history")).text).splitlines()
    [at] = [number for number, line in enumerate(lines) if "rebooted" in line]
    assert "no answer, 1h 20m" in lines[at - 1] and lines[at].startswith("      @U9: =cmd|rebooted, #1 waits")


async def test_what_broke_and_ended_while_it_was_muted_has_a_story_too_and_says_that_nobody_was_told(here):
    lines = plain((await ask(here, "w-aaaaa.2")).text).splitlines()
    assert lines[2] == "• Nobody was told: it broke during the mute of @U9"
    assert "acknowledged" not in " ".join(lines)
    words = [line.partition("UTC  ")[2] for line in lines if "UTC  " in line]
    assert words[0] == "Broke during the mute of @U9: 25 no answer"
    assert words[1].startswith("Recovered after 10m")
    assert [text for text in here.replies() if "10m" in text] == []


async def test_a_note_goes_to_every_open_incident_that_is_chosen_and_says_of_the_others_why_not(here):
    said = plain((await ask(here, "all down again, 3rd time", verb="note")).text)
    assert "1 watch of `all` is marked with the note, in the thread of each incident: mail.example.com." in said
    assert said.endswith("The other one has no open incident.")
    assert "@U1: down again, 3rd time" in (await ask(here, "w-aaaaa.3")).text.replace("<@U1>", "@U1")
    for verb, words, why in (
        ("note", "mx* hello", "the only watch of `mx*` has no open incident."),
        ("unmute", "all", "all 2 watches of `all` are not muted."),
    ):
        assert plain((await ask(here, words, verb=verb)).text) == f"Nothing was done: {why}"


async def test_what_a_deleted_watch_saw_and_told_is_still_there_and_it_says_that_it_was_deleted(here):
    before = [plain((await ask(here, words)).text) for words in ("mail.example.com", "w-aaaaa.1")]
    await here.store.change("w-aaaaa", decided(lambda one: delete(one, here.clock.at)), OPERATOR)
    after = [plain((await ask(here, words)).text) for words in ("mail.example.com", "w-aaaaa.1")]
    title, goes_on, *rows = after[0].splitlines()
    assert [title, *rows, after[1]] == [
        one.replace(", 1 open", "") for one in (*before[0].splitlines(), before[1]) if "goes on" not in one
    ]
    assert "25 no answer, 3h 1" in goes_on and ", then no longer watched" in goes_on
    with pytest.raises(DeclinedError, match="That watch was deleted") as refused:
        await ask(here, "w-aaaaa", verb="show")
    assert refused.value.hint == "`/smtpwatch incidents w-aaaaa since 90d` has what it told."


async def test_nobody_reads_of_incidents_where_they_are_not_and_a_word_that_says_nothing_is_said(here):
    stranger = Viewer("T1", "U2", channels=frozenset({"C2"}))
    assert "No incidents" in (await ask(here, "all since 1d", stranger, "U2", "C2")).text
    assert (await ask(here, "all since 1d as json", stranger, "U2", "C2")).files == ()
    with pytest.raises(DeclinedError, match="no incident"):
        await ask(here, "w-aaaaa.1 as markdown", stranger, "U2", "C2")
    with pytest.raises(UserError, match="no watch"):
        await ask(here, "mail.example.com", stranger, "U2", "C2")
    for words, said in (
        ("mail.example.com sicne monday", "Did you mean `since`"),
        ("since nowhere", "not a time"),
        ("since 1h until 2h", "ends before it begins"),
        ("tag:prd since 1d", "No watch that you may see fits `tag:prd`."),
        ("down mx9*", "No watch that you may see fits `mx9*`."),
    ):
        with pytest.raises(UserError) as error:
            await ask(here, words)
        assert said in f"{error.value.message} {error.value.hint}"


def told(kind, number, minutes, incident="w-1", **facts):
    at = NOON + minutes * MINUTE
    about = {"team": "T1", "channel": "C1", "watch": "w-1", "target": "mail.example.com", "watch_kind": "check"}
    return Event(f"{incident}.{number}", kind, at, incident, since=NOON, facts=facts, **about)


def test_what_we_did_not_see_is_no_incident_of_a_watch_whoever_of_them_told_it_last():
    notices = [
        told("unseen_changed", 3, 5, "T1.local.C1.1", watches=[]),
        told("sight_changed", 2, 6, "T1.local.C1.2"),
        told("seen_again", 4, 9, "T1.local.C1.1"),
        told("dns_changed", 1, 20, "w-1.2"),
    ]
    outage = [told("opened", 1, 10, "w-1.1", failing=["refused mail.example.com:25"])]
    quiet, both = (past(a_watch(), events, NOON + HOUR).text for events in (notices, [*notices, *outage]))
    assert quiet.splitlines()[0] == "*mail.example.com*: no incidents in 90 days, 1 other alert"
    assert both.splitlines()[0] == "*mail.example.com*: 1 incident in 90 days, 1 other alert"
    assert [("goes on" in line, "not seen" in line) for line in both.splitlines()[1:]] == [
        (False, False),
        (True, False),
    ]


@pytest.mark.parametrize(
    ("why", "ending", "said"),
    [
        ("accepted", "accepted", "14m, then accepted as normal"),
        ("deleted", "no longer watched", "14m, then no longer watched"),
        ("edited", "no longer watched", "14m, then no longer watched"),
    ],
)
def test_what_was_accepted_is_still_watched(why, ending, said):
    opened = told("opened", 1, 2, "w-1.1", failing=["no_login mail.example.com:587"])
    [story] = stories([opened, told("closed", 2, 14, "w-1.1", why=why)])
    assert story.ending == ending
    assert said in row(story, NOON + HOUR)
    assert ("Accepted as the new normal" in entry(story.last)) == (why == "accepted")


def test_a_timeline_says_what_works_again_while_the_rest_is_broken():
    both, left = ["refused mail.example.com:465", "no_answer mail.example.com:587"], ["no_answer mail.example.com:587"]
    [story] = stories([told("opened", 1, 2, "w-1.1", failing=both), told("changed", 2, 14, "w-1.1", failing=left)])
    *_, (_, line) = entries(story)
    assert line.endswith("Recovered: 465. Still broken: 587 no answer")


def test_one_that_flaps_is_not_told_as_down_all_the_time():
    opened = told("opened", 1, 2, "w-1.1", failing=["refused mail.example.com:25"])
    [story] = stories([opened, told("recovered", 2, 160, "w-1.1", flapping=9, ended=(NOON + 160 * MINUTE).isoformat())])
    assert "refused, up and down for 2h 40m · " in row(story, NOON + DAY)
    down = ((-5, 5), (10, 40), (30, 50), (150, 160), (300, 310))
    spans = [
        WatchSpan("w-1", "mail.example.com", NOON + begin * MINUTE, NOON + end * MINUTE, DOWN) for begin, end in down
    ]
    whole = measured(story, spans, NOON + DAY)
    assert facts(whole, NOON + DAY)[0].startswith("Up and down for 2h 40m, down for 55m of it: from ")
    assert "refused, up and down for 2h 40m, down for 55m of it · " in row(whole, NOON + DAY)
    assert document(whole, NOON + DAY)["seconds"] == 55 * 60
    facts_of_it = {"flapping": 3, "first": (NOON - 2 * HOUR).isoformat()}
    [last] = stories([replace(opened, facts={**opened.facts, **facts_of_it}), told("recovered", 2, 20, "w-1.1")])
    all_of_it = [WatchSpan("w-1", "mail.example.com", NOON, NOON + 20 * MINUTE, DOWN)]
    said = plain(row(measured(last, all_of_it, NOON + DAY), NOON + DAY))
    assert "refused, down for 20m, the last of 3 since 2026-11-24 10:00 UTC · " in said
    ended = told("recovered", 2, 20, "w-1.1", **facts_of_it, ended=(NOON + 20 * MINUTE).isoformat())
    [last] = stories([replace(opened, facts={**opened.facts, **facts_of_it}), ended])
    before = [WatchSpan("w-1", "mail.example.com", NOON - 2 * HOUR, NOON - 110 * MINUTE, DOWN)]
    whole = measured(last, [*before, *all_of_it], NOON + DAY)
    went = "went up and down from 2026-11-24 10:00 UTC to 2026-11-24 12:20 UTC, down for 30m of it"
    assert f"The last of 3 incidents; in all it {went}" in plain("\n".join(facts(whole, NOON + DAY)))
    assert plain(text_of(whole.last, None).facts[0]) == f"It {went}, and has been quiet for an hour."
    [*_, (_, line)] = entries(whole)
    assert "after it went up and down for 2h 20m, down for 30m of it" in plain(line)
    [goes_on] = stories([replace(opened, facts={**opened.facts, "flapping": 3})])
    [said] = facts(measured(goes_on, spans, NOON + HOUR), NOON + HOUR)[:1]
    assert said.startswith("Up and down since ") and said.endswith(", for 1h so far, down for 45m of it")


ANA = "U0000000009"


async def test_the_seconds_of_an_incident_explain_the_time_from_its_beginning_to_its_end(tmp_path, monkeypatch):
    """And in its texts people have their names, in its fields their ids."""
    async with room(tmp_path, look) as here:
        await here.add(a_watch(id="w-aaaaa", every=10 * MINUTE))
        for minutes, do in (
            (35, lambda one, at: acknowledge(one, ANA, at)),
            (40, lambda one, at: pause(one, ANA, at)),
            (70, resume),
        ):
            await here.until(NOON + minutes * MINUTE)
            await here.store.change("w-aaaaa", decided(lambda one, do=do: do(one, here.clock.at)), OPERATOR)
        await here.until(NOON + 200 * MINUTE)
        monkeypatch.setattr(NoSlack, "names", _ana)
        [found] = json.loads((await ask(here, "as json")).files[0].content)["incidents"]
        whole = datetime.fromisoformat(found["ended"]) - datetime.fromisoformat(found["since"])
        assert found["unwatched_seconds"] >= 1800 and not found["well_seconds"]
        assert abs(found["seconds"] + found["unwatched_seconds"] - whole.total_seconds()) <= 1
        assert found["acknowledged_by"] == ANA
        assert "Paused by @ana" in str(found["timeline"]) and ANA not in str(found["timeline"])


async def _ana(_self, ids):
    return {ANA: "ana"} if ANA in ids else {}


async def test_a_channel_lists_what_was_told_in_it_also_of_a_watch_that_was_moved_since(here):
    moved = decided(lambda one: edit(one, {"channel": "C2"}, here.clock.at, "U9"))
    await here.store.change("w-aaaaa", moved, OPERATOR)
    await here.until(here.clock.at + 10 * MINUTE)
    ids = {}
    for channel in ("C1", "C2"):
        await here.add(a_watch(id=f"w-of{channel.lower()}1", channel=channel, target="other.example.com"))
        rows = plain((await ask(here, "since 1d", channel=channel)).text).splitlines()
        ids[channel] = [row.rpartition(" ")[2].strip("`") for row in rows[1:]]
    assert ids == {"C1": ["w-aaaaa.3", "w-aaaaa.2", "w-aaaaa.1"], "C2": ["w-aaaaa.3"]}


async def test_the_story_of_an_incident_has_the_move_of_its_watch(here):
    """In the timeline and above it, and in its Markdown."""
    moved_at = here.clock.at
    moved = decided(lambda one: edit(one, {"channel": "C2"}, moved_at, "U9"))
    await here.store.change("w-aaaaa", moved, OPERATOR)
    await here.until(moved_at + 10 * MINUTE)
    told = stories(map(of_event_row, await here.store.events(OPERATOR)))
    story = next(one for one in told if one.id == "w-aaaaa.3")
    for text in (plain((await ask(here, "w-aaaaa.3")).text), markdown([story], here.clock.at, {})):
        assert "from #C1 to #C2" in text.replace("\\", "")
        assert "Its watch was moved here from #C1" in text.replace("\\", "")


async def test_what_was_closed_on_our_own_network_is_no_downtime_of_a_host(tmp_path):
    def closed(watch, at):
        late = at >= NOON + 2 * HOUR
        if watch.kind == "network":
            return seen("good" if late else "bad", watch, failing=() if late else ("blocked network:25",))
        return look(watch, at)

    async with room(tmp_path, closed) as here:
        ours = a_watch(id="w-ccccc", kind="network", target="network", ports=(25,), every=10 * MINUTE)
        await here.add(a_watch(id="w-aaaaa", every=10 * MINUTE), ours)
        await here.until(NOON + 4 * HOUR)
        title = plain((await ask(here, "since 1d")).text).splitlines()[0]
    assert title == "2 incidents in the last day in this channel, 1h 20m of downtime"


async def test_who_sees_the_channel_to_which_a_watch_was_moved_sees_nothing_of_what_was_told_before(here):
    """Neither incidents nor notes, nor how long it was down; from the move on all of it."""
    secret, moved_at = "the contract with Acme", here.clock.at
    before = decided(lambda one: note(one, "U9", moved_at, secret))
    moved = decided(lambda one: edit(one, {"channel": "C2"}, moved_at, "U9"))
    for change in (before, moved):
        await here.store.change("w-aaaaa", change, OPERATOR)
    await here.until(moved_at + 20 * MINUTE)
    await here.store.change("w-aaaaa", decided(lambda one: note(one, "U5", here.clock.at, "seen")), OPERATOR)
    there = Viewer("T1", "U5", channels=frozenset({"C2"}))
    shown = [
        (await ask(here, words, there, "U5", "C2", verb)).text
        for verb, words in (
            *(("incidents", words) for words in ("since 1d", "all since 1d", "mail.example.com since 1d", "w-aaaaa.3")),
            *((verb, "w-aaaaa") for verb in ("show", "history")),
        )
    ]
    [listed] = (await ask(here, "mail.example.com since 1d as json", there, "U5", "C2")).files
    every = "\n".join([*shown, listed.content.decode()])
    assert [secret in every, "seen" in every] == [False, True]
    assert "w-aaaaa.3" in every
    assert not [name for name in ("w-aaaaa.1", "w-aaaaa.2") if name in every]
    known = await here.store.spans(there, since=NOON, until=here.clock.at, target="mail.example.com")
    assert min(span.since for span in known) == moved_at
    for name in ("w-aaaaa.1", "w-aaaaa.2"):
        with pytest.raises(DeclinedError, match="no incident"):
            await ask(here, name, there, "U5", "C2")
    owner = Viewer("T1", "U1")
    assert secret in (await ask(here, "w-aaaaa.3", owner, "U1", "C2")).text
    alert = [row for row in await here.store.events(there) if row.kind == "refired"]
    assert len(alert) == 1 and secret not in str(alert)


async def test_who_sees_an_incident_from_later_on_is_not_told_how_long_after_the_alert_it_was_acknowledged(here):
    events = [of_event_row(row) for row in await here.store.events(OPERATOR, incident="w-aaaaa.1")]
    told = [next(line for line in facts(one, here.clock.at) if "Acknowledged" in line) for one in stories(events)]
    acked = next(event.at for event in events if event.kind == "acked")
    later = [replace(event, facts={**event.facts, "acked_by": "U9", "acked_at": acked.isoformat()}) for event in events]
    later = [event for event in later if event.at > acked]
    told += [next(line for line in facts(one, here.clock.at) if "Acknowledged" in line) for one in stories(later)]
    assert ["after the alert" in line for line in told] == [True, False]


def test_of_several_in_one_message_it_lasted_while_one_of_them_was_seen_down():
    """One is over while another one is paused: in that time nobody saw anything down."""

    def story(number, since, ended, *paused):
        facts = {"unlooked": [[(NOON + at * MINUTE).isoformat() for at in time] for time in paused]}
        watch, at = a_watch(id=f"w-{number}"), NOON + since * MINUTE
        begun, over = (
            Event(f"w-{number}.{kind}", kind, when, "m", "T1", "C1", watch.id, watch.target, "check", at, False, more)
            for kind, when, more in (("opened", at, {}), ("recovered", NOON + ended * MINUTE, facts))
        )
        return Story(f"w-{number}.1", (begun, over))

    parts = (story(1, 0, 120), story(2, 10, 330, (60, 196)))
    both = Together("m", tuple(event for part in parts for event in part.events), parts=parts)
    found = document(both, NOON + DAY)
    minutes = [found[name] // 60 for name in ("seconds", "unwatched_seconds", "well_seconds")]
    assert minutes == [120 + 134, 76, 0]
    assert "4h 14m" in row(both, NOON + DAY)


def test_of_several_in_one_message_it_ended_as_the_last_of_them():
    """One was moved away at ten, the other one recovered an hour later: not "to eleven, then it was moved"."""

    def story(number, ended, **more):
        watch = a_watch(id=f"w-{number}")
        event = Event(
            f"w-{number}.o", "opened", NOON, "m", "T1", "C1", watch.id, watch.target, "check", NOON, False, {}
        )
        over = replace(event, kind="recovered", at=NOON + ended * MINUTE)
        return Story(f"w-{number}.1", (event,) if more else (event, over), **more)

    moved, well = story(1, 0, left=NOON + 30 * MINUTE), story(2, 90)
    both = Together("m", (*moved.events, *well.events), parts=(moved, well))
    assert (both.ending, both.ended) == ("recovered", NOON + 90 * MINUTE)
    later = story(3, 0, left=NOON + 2 * HOUR)
    assert Together("m", (*well.events, *later.events), parts=(well, later)).ending == "moved"
    assert Together("m", well.events, parts=(well, story(4, 0, left=None, was_down=MINUTE))).ending == ""


async def test_an_incident_in_which_the_clock_was_set_back_is_listed_with_its_end(tmp_path):
    bad = {"w-aaaaa": False}

    def now_bad(watch, _at):
        return seen("bad", watch, failing=("no_answer mail.example.com:25",)) if bad[watch.id] else seen("good", watch)

    async with room(tmp_path, now_bad) as here:
        await here.add(a_watch(id="w-aaaaa", every=10 * MINUTE))
        await here.until(NOON + HOUR)
        bad["w-aaaaa"] = True
        await here.until(NOON + 80 * MINUTE)
        here.clock.at -= HOUR
        await here.scheduler.run_due()
        bad["w-aaaaa"] = False
        await here.until(NOON + 75 * MINUTE)
        title, row = plain((await ask(here, "since 1d")).text).splitlines()
        assert title.startswith("1 incident in the last day") and "open" not in title, title
        assert "25 no answer, less than a minute" in row
        [found] = json.loads((await ask(here, "w-aaaaa.1 as json")).files[0].content)["incidents"]
        assert (found["ending"], found["seconds"], found["well_seconds"]) == ("recovered", 0, 0)
        assert [one["kind"] for one in found["timeline"]] == ["opened", "recovered"]
