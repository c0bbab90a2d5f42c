"""The log of changes: what may be typed, what it says, and what programs are given."""

import csv
import io
import json
from datetime import UTC, datetime
from itertools import product

import pytest

from commands.audited import GROUPS, Deed
from commands.contract import Actor, Request, UserError
from commands.history.log_filters import GROUP_OF, parse_log, query_of
from commands.history.log_formats import FIELDS, FORMATS
from commands.history.log_reply import Place, read_place
from commands.history.log_words import PLAIN, SAID, SLACK, sentence
from storage.audit import AuditEntry
from storage.history import Viewer
from tests.every import every

NOW = datetime(2026, 11, 29, 12, 31, tzinfo=UTC)
ANA = Viewer("T1", "U0ANA0001")
ASKED = Request("portero", Actor("U0ANA0001"), NOW, channel="C1")


def query(text):
    return query_of(parse_log(text), ASKED, ANA, UTC)


def test_filters_are_those_of_the_history_with_what_kind_of_change():
    asked = query("mail.example.com by <@U0BRUNO01|bruno> since monday mutes ack")
    assert (asked.target, asked.actor) == ("mail.example.com", "U0BRUNO01")
    assert asked.since == datetime(2026, 11, 23, tzinfo=UTC)
    assert asked.actions == (*GROUPS["mutes"], *GROUPS["acknowledgements"])
    assert (query("mine").actor, query("here").channel, query("").actions) == ("U0ANA0001", "C1", ())
    assert query("portero_ports settings").target == "PORTERO_PORTS"
    assert query("W-7K3FQ").target == "w-7k3fq"


@pytest.mark.parametrize("text", ["failed", "port 587", "pmta", "changes", "tag:prod", "provider ses"])
def test_what_the_log_does_not_know_is_said(text):
    with pytest.raises(UserError, match="knows nothing of"):
        parse_log(text)


def test_errors_of_filters_say_what_to_type_here():
    with pytest.raises(UserError) as caught:
        parse_log("by ana")
    assert "/smtphistory" not in f"{caught.value.message}{caught.value.hint}"
    assert "/portero log by @" in caught.value.hint


def test_every_deed_has_a_group_and_a_sentence():
    assert {deed for deeds in GROUPS.values() for deed in deeds} == set(Deed) == set(SAID)
    assert set(GROUP_OF.values()) == set(GROUPS)


SENTENCES = {
    "watch_added": ({"kind": "check", "ports": [25, 587]}, "U1A added a watch on mail.example.com, ports 25, 587."),
    "watch_edited": (
        {
            "old": {"every_s": 900, "notify": "", "windows": []},
            "new": {"every_s": 300, "notify": "U9A", "windows": [1]},
        },
        "U1A changed the watch on mail.example.com: interval 15m → 5m; who is mentioned nobody → U9A; maintenance.",
    ),
    "watch_deleted": ({}, "U1A deleted the watch on mail.example.com."),
    "watch_restored": ({}, "U1A brought back the watch on mail.example.com."),
    "paused": ({"why": "moving", "who": "U1"}, "U1A paused the watch on mail.example.com: moving."),
    "resumed": ({}, "U1A resumed the watch on mail.example.com."),
    "muted": (
        {"until": "2026-12-01T09:00:00+00:00", "why": "works"},
        "U1A muted mail.example.com until 2026-12-01 09:00Z: works.",
    ),
    "unmuted": ({}, "U1A unmuted mail.example.com."),
    "snoozed": ({"until": "2026-12-01T09:00:00+00:00"}, "U1A snoozed mail.example.com until 2026-12-01 09:00Z."),
    "unsnoozed": ({}, "U1A ended the snooze of mail.example.com."),
    "acknowledged": ({"incident": "w-1.1"}, "U1A acknowledged the incident of mail.example.com."),
    "accepted": ({}, "U1A accepted as normal what differs at mail.example.com."),
    "tagged": (
        {"added": ["prod"], "removed": ["old"]},
        "U1A changed the tags of mail.example.com: tagged it prod and took off old.",
    ),
    "digest_set": ({"day": 0, "time": "09:00", "zone": "UTC"}, "U1A set the digest of C1: every Monday at 09:00 UTC."),
    "digest_ended": ({}, "U1A ended the digest of C1."),
    "result_deleted": (
        {"kind": "check", "made_at": "2026-11-20T10:00:00+00:00", "owner": "U2B"},
        "U1A deleted a check by U2B of 2026-11-20 10:00Z.",
    ),
    "results_pruned": ({"days": 90, "count": 12}, "U1A deleted 12 results older than 90 days."),
    "person_forgotten": ({"count": 3}, "U1A forgot a person: 3 results deleted."),
    "vantage_added": ({}, "U1A let the machine mail.example.com check for Portero."),
    "vantage_rotated": ({}, "U1A gave the machine mail.example.com another key."),
    "vantage_revoked": ({}, "U1A cut off the machine mail.example.com."),
    "vantage_pinned": (
        {"sources": ["192.0.2.1", "2001:db8::1"]},
        "U1A said which addresses are the machine mail.example.com's: 192.0.2.1, 2001:db8::1.",
    ),
    "vantage_refused": (
        {"asked_in": "C0A"},
        "U1A asked in C0A for the machine mail.example.com, which is not for them there.",
    ),
    "vantage_unpinned": ({}, "U1A let the machine mail.example.com say itself which addresses are its own."),
    "setting_changed": ({"old": "", "new": "25"}, "U1A was started with another mail.example.com: nothing → 25."),
}


@every(list(Deed))
def test_each_deed_is_a_sentence(deed):
    facts, said = SENTENCES[deed]
    entry = AuditEntry(NOW, deed, "mail.example.com", "T1", "U1A", "C1", facts)
    assert sentence(entry, PLAIN) == said
    assert sentence(entry, SLACK).startswith("<@U1A> ")


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("", "Portero unmuted h."),
        ("forgotten", "Somebody who was forgotten unmuted h."),
        ("root", "root (terminal) unmuted h."),
    ],
)
def test_who_is_nobody_of_slack_is_told_as_what_they_are(actor, said):
    assert sentence(AuditEntry(NOW, Deed.UNMUTED, "h", actor=actor), PLAIN) == said


@every(
    product(
        [*Deed, "of_a_later_version"],
        [{}, {"until": "x", "made_at": 3, "day": "y", "new": {"every_s": None}, "ports": 5}],
    )
)
def test_facts_that_are_damaged_or_of_a_later_version_break_nothing(action, facts):
    assert sentence(AuditEntry(NOW, action, "h", actor="U1A", document=facts), SLACK).endswith(".")


def test_nothing_that_somebody_typed_is_drawn_as_formatting():
    entry = AuditEntry(NOW, Deed.MUTED, "<!channel>", actor="<script>", document={"why": "<!here> `x`"})
    assert "<!" not in sentence(entry, SLACK).replace("<!date", "")
    assert "<script>" not in sentence(entry, SLACK)


def test_a_page_is_carried_by_its_button():
    assert parse_log("who muted mail.example.com since 7d") == parse_log("mail.example.com mutes since 7d")
    place = Place(parse_log("mail.example.com mutes since 7d"))
    second = read_place(place.older("a 1"))
    third = read_place(second.older("b 2"))
    assert (third.number, third.trail, third.filters) == (3, ("a 1", "b 2"), place.filters)
    assert read_place(third.newer()) == second
    assert read_place(second.newer()) == place
    with pytest.raises(UserError, match="cannot be turned"):
        read_place("{}")


def test_programs_are_given_codes_and_the_sentence():
    entry = AuditEntry(NOW, Deed.TAGGED, "h", "T1", "U1A", "C1", {"added": ["=prod"], "removed": []})
    made = {name: io.StringIO(newline="") for name in FORMATS}
    for name, out in made.items():
        writer = FORMATS[name](out)
        writer.write(entry)
        writer.write(entry)
        writer.close()
    head, row, _ = csv.reader(io.StringIO(made["csv"].getvalue()))
    assert (tuple(head), row[:4], json.loads(row[-1])) == (
        FIELDS,
        ["2026-11-29T12:31:00Z", "U1A", "tagged", "h"],
        entry.document,
    )
    lines = [json.loads(line) for line in made["jsonl"].getvalue().splitlines()]
    whole = json.loads(made["json"].getvalue())
    assert whole == {"schema": "portero.log/1", "changes": lines}
    assert lines[0]["facts"] == entry.document
    nothing = io.StringIO()
    FORMATS["json"](nothing).close()
    assert json.loads(nothing.getvalue())["changes"] == []
