"""`portero pmta try`: which line catches a reply, what follows, and which lines and lists are of no use."""

import json

import pytest

from bot.cli import main
from bot.terminal import pmta_try
from commands.pmta.configuration.origin import ALONE
from commands.pmta.language.config import Config
from commands.pmta.masking import Mask
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.wording import Words
from commands.pmta.replies.patterns import Pattern
from commands.pmta.replies.trial import tried
from commands.pmta.replies.wording import document, lines
from tests.every import every
from tests.pmta.secret_pastes import shown_of, some

CONFIG = r"""
<smtp-pattern-list slow>
 reply /too many/ mode=backoff
 reply /too many connections/ mode=normal
 reply /4\.7\.\d+ too many/ skip-mx
 reply /TS03/ mode=backoff,disable-source-ip,reenable-after=1h
 reply /(?-i)BLOCKED/ defer-queue
 reply /^550/ mode=backoff
</smtp-pattern-list>
<domain *>
 smtp-pattern-list slow
 backoff-max-msg-rate 1/m
</domain>
<domain gmail.com>
 backoff-to-normal-after 2h
</domain>
<domain yahoo.com>
 smtp-pattern-list slow
 backoff-to-normal-after 1h
</domain>
<bounce-category-patterns>
 /mailbox/ bad-mailbox
 /^4\.7/ policy-related
 /full mailbox/ quota-issues
 // other
</bounce-category-patterns>
"""


LIST = "<smtp-pattern-list x>\nreply /x/ mode=backoff\n"


def trial(reply, text=CONFIG):
    stanzas = Stanzas(Config(text))
    return document(tried(stanzas, reply), Words(text, ALONE, Mask(text)))


@pytest.mark.parametrize(
    ("reply", "happens", "decided"),
    [
        ("421 Too Many connections", ["mode=backoff"], ["mode=normal"]),  # the first of those that conflict
        ("421 4.7.0 too many", ["mode=backoff", "skip-mx"], []),  # those that do not happen together
        ("421 [TS03] All messages", ["mode=backoff", "disable-source-ip", "reenable-after=1h"], []),
        ("421 blocked", [], []),
        ("421 BLOCKED", ["defer-queue"], []),
        ("  550  no\nsuch user", ["mode=backoff"], []),
    ],
)
def test_the_lines_that_catch_a_reply_and_what_they_do(reply, happens, decided):
    (found,) = trial(reply)["lists"]
    assert [one for line in found["caught_by"] for one in line["happens"]] == happens
    assert [one for line in found["caught_by"] for one in line["decided_above"]] == decided


@every(
    [
        ("too many", "too many connections", True),
        ("too many", r"421 .* too many \(\d+\)", True),
        ("too many", "too (many)?", False),
        ("too many", "too many|slow", False),
        ("too many", "to+ many", False),
        ("many", "manys?", True),
        ("manys", "manys?", False),
        ("^451", r"^451 4\.7\.652", True),
        ("^451", r"451 4\.7\.652", False),
        (r"4\.7", r"4\.7\.652", True),
        (r"4.7", r"4.7.652", False),
        ("", "anything", True),
        (".*", "(a|b)", True),
        ("a|b", "a|b", True),
        ("Too Many", "too many connections", True),
        ("(?-i)A", "A", False),
        ("[TS01]", r"\[TS01\]", False),
    ]
)
def test_whether_a_pattern_takes_all_that_another_could_catch(above, below, takes_all):
    assert Pattern(f"/{above}/").takes_all_of(Pattern(f"/{below}/")) is takes_all


def test_a_line_below_that_says_something_else_is_reached():
    (found,) = trial("x")["lists"]
    assert [one["line"] for one in found["unreachable"]] == [4]


def test_what_a_list_misses_of_todays_replies_and_what_it_slows_for_one_mailbox():
    (found,) = trial("x")["lists"]
    missed = {one["provider"] for one in found["misses"]}
    assert {"Gmail 4.7.28", "Yahoo TSS04", "Microsoft RP-001"} <= missed
    assert "Microsoft S3150" not in missed  # by /^550/
    assert {one["provider"] for one in found["slowed_by_one_mailbox"]} == {"Gmail 5.1.1", "Microsoft 5.5.0"}


def test_the_category_and_that_it_is_not_documented_what_the_text_begins_with():
    assert trial("452 full mailbox")["bounce"]["category"] == "bad-mailbox"
    found = trial("421 4.7.0 slow down")["bounce"]
    assert (found["category"], found["by_code"]["line"], found["by_status"]["line"]) == (None, 25, 23)
    assert [one["line"] for one in found["unreachable"]] == [24]


def test_how_backoff_ends_is_told_for_each_domain_that_names_the_list():
    said = lines(tried(Stanzas(Config(CONFIG)), "421 too many"), Words(CONFIG, ALONE, Mask(CONFIG)))
    assert [line.strip() for line in said if line.startswith("  in ")] == [
        "in <domain *>: backoff-max-msg-rate 1/m (line 12); nothing ends it: no backoff-to-normal-after holds",
        "in <domain yahoo.com>: backoff-max-msg-rate 1/m (line 12), backoff-to-normal-after 1h (line 19)",
    ]


def test_never_and_no_end_no_backoff_and_the_time_of_a_line_beats_that_of_the_domain():
    text = CONFIG.replace("after 1h", "after never\n backoff-to-normal-after-delivery no")
    said = lines(tried(Stanzas(Config(text)), "421 too many"), Words(text, ALONE, Mask(text)))
    assert sum("; nothing ends it" in line for line in said) == 2

    text = CONFIG.replace("/too many/ mode=backoff", "/too many/ mode=backoff,backoff-to-normal-after=30m")
    said = lines(tried(Stanzas(Config(text)), "421 too many"), Words(text, ALONE, Mask(text)))
    assert [line.rpartition(";")[2] for line in said if "yahoo" in line] == [" the time in the line beats its own"]
    assert not any("nothing ends it" in line for line in said)


def test_status_says_whether_a_line_catches_it(tmp_path, monkeypatch, capsys):
    path = tmp_path / "config"
    path.write_text(CONFIG, encoding="utf-8")
    assert main(["pmta", "try", "421 too many", str(path)]) == 0
    assert main(["pmta", "try", "421 something", str(path), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out.rpartition("\n{\n")[2].join(["{\n", ""]))["caught"] is False
    assert main(["pmta", "try", "421 x", str(path), "--list", "fast"]) == 2
    assert main(["pmta", "try", "421 x"]) == 2
    assert main(["pmta", "try", " ", str(path)]) == 2

    monkeypatch.setattr(pmta_try, "SECONDS", 0.05)
    path.write_text("<smtp-pattern-list x>\nreply /(a+)+b/ mode=backoff\n</smtp-pattern-list>\n", encoding="utf-8")
    assert main(["pmta", "try", "a" * 900, str(path)]) == 2
    assert "The patterns take more than" in capsys.readouterr().err


def test_no_secret_is_shown():
    shown = []
    for paste, secret in list(some())[2::5]:
        text = f"{LIST}{paste}\n</smtp-pattern-list>\n<domain x>\n{paste}\nsmtp-pattern-list x\n</domain>\n"
        made = tried(Stanzas(Config(text)), "421 x")
        told = "\n".join(lines(made, Words(text, ALONE, Mask(text)))) + json.dumps(
            document(made, Words(text, ALONE, Mask(text)))
        )
        shown += [paste] if shown_of(secret, told) else []
    assert shown == []
