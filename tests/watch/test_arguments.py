from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watches.notifiers.registry import routes_of
from commands.contract import UserError
from commands.spoken_times import take_duration
from commands.times import instant_of, shown
from commands.watch.state.limits import Rules
from commands.watch.state.model import Incident, Second, Silence, State
from commands.watch.state.selector import Selector, selected
from commands.watch.state.windows import Digest, Window
from commands.watch.typed.arguments import VERBS, parse
from commands.watch.typed.asked import (
    Add,
    Context,
    Edit,
    Form,
    Help,
    List,
    Named,
    Note,
    Quiet,
    SetDigest,
    Tag,
    WhichWatchError,
)
from commands.watch.typed.ends import take_until
from commands.watch.typed.selectors import read_selector
from commands.watch.verbs.lookup import find
from commands.words import slip_of
from tests.every import every

from .samples import DAY, HOUR, MINUTE, NOON, a_watch


def target(text):
    """A small stand-in for the target parser of `/smtpcheck`."""
    _, at, host = text.lower().rpartition("@")
    name, _, port = host.partition(":")
    if "." not in name:
        raise UserError(f"{text} is not a full name.")
    return name, int(port) if port else None, bool(at)


NINE_TOMORROW = NOON + 20 * HOUR
"""In Madrid."""
CONTEXT = Context(NOON, target, "Europe/Madrid", Rules(routes=routes_of()))


def asked(text):
    return parse(text, CONTEXT)


def refused(text):
    with pytest.raises(UserError) as error:
        asked(text)
    return f"{error.value.message} {error.value.hint}"


def test_a_watch_with_everything_that_can_be_said():
    text = "add mail.example.com 25 587/tcp every 15m in <#C123|ops> notify <!subteam^S12|@mta> after 3 failures"
    said = {"ports": (25, 587), "every": 15 * MINUTE, "channel": "C123", "notify": "S12", "fail_after": 3}
    assert asked(text) == Add("check", "mail.example.com", said)


def test_options_may_stand_anywhere_behind_the_verb():
    assert asked("add every 2 hours mail.example.com recover after 3 587") == Add(
        "check", "mail.example.com", {"every": 2 * HOUR, "recover_after": 3, "ports": (587,)}
    )


def test_a_mail_address_stands_for_its_domain_and_stays_one():
    assert asked("add ops@example.com 25") == Add("check", "example.com", {"ports": (25,)}, mail_domain=True)


def test_a_port_that_is_glued_to_the_target_is_watched():
    assert asked("add mail.example.com:465 587") == Add("check", "mail.example.com", {"ports": (465, 587)})


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("add certificate mail.example.com", "certificate", "mail.example.com"),
        ("add cert mail.example.com", "certificate", "mail.example.com"),
        ("add dns example.com", "dns", "example.com"),
        ("add network", "network", "network"),
    ],
)
def test_other_kinds_are_named_before_the_target(text, kind, name):
    assert asked(text) == Add(kind, name, {})


def test_people_are_named_by_what_slack_made_of_them():
    assert asked("add a.example.com notify <@U42|ana>").said == {"notify": "U42"}
    assert asked("add a.example.com notify nobody").said == {"notify": ""}
    for said in ("and tell <@U42>", "tell <@U42>", "and also alert <@U42>", "y avisa <@U42>"):
        assert asked(f"add a.example.com every 5 min {said}").said == {"every": 5 * MINUTE, "notify": "U42"}
    assert "becomes a link" in refused("add a.example.com notify @mail-ops")
    assert "becomes a link" in refused("add a.example.com in #mailops")


@pytest.mark.parametrize("everybody", ["<!channel>", "<!here|here>", "<!everyone>", "@channel", "@HERE", "@everyone"])
def test_everybody_is_never_mentioned(everybody):
    assert "never mentions everybody" in refused(f"add a.example.com notify {everybody}")
    assert "never mentions everybody" in refused(f"mute w-1 because {everybody} said so")


def test_what_is_missing_opens_a_dialogue():
    assert asked("add") == Form("add")
    assert asked("add cert") == Form("add")
    assert asked("edit w-1") == Form("edit", "w-1")
    assert asked("snooze w-1") == Form("snooze", "w-1")
    assert asked("mute w-1") == Form("mute", "w-1")


@pytest.mark.parametrize("text", ["", "  ", "help", "?"])
def test_nothing_asks_for_help(text):
    assert asked(text) == Help()


def test_lists_are_of_this_channel_of_mine_of_all_or_of_another_channel():
    scopes = {text: asked(text) for text in ("list", "ls mine", "list all", "list <#C9|x>")}
    assert list(scopes.values()) == [List(), *(List(Selector(scope)) for scope in ("mine", "all", "C9"))]


def test_a_name_that_is_not_there_is_watched_where_that_is_said():
    assert asked("add ports.example.com 25 ANYWAY every 5m") == asked("add ports.example.com anyway 25 every 5m")
    assert asked("add dns ports.example.com anyway").anyway
    assert not asked("add ports.example.com").anyway


def test_what_chooses_watches_lists_them_without_the_verb():
    for text in ("down", "paused", "mine", "all", "tag:prod", "*.example.com", "<#C9|x>"):
        assert asked(text) == asked(f"list {text}"), text
    assert "add ports.example.com" in refused("ports.example.com")


@pytest.mark.parametrize("text", ["mute", "mute 2h", "mute until monday", "mute forever", "snooze 2h", "ack"])
def test_a_line_without_a_watch_is_completed_by_whoever_knows_the_watches(text):
    with pytest.raises(WhichWatchError) as caught:
        asked(text)
    caught.value.offer(["mail.example.com"])
    verb, _, rest = text.partition(" ")
    assert caught.value.try_instead == (f"{verb} mail.example.com {rest}".strip(),)


def test_what_stands_behind_an_acknowledgement_is_a_note():
    assert asked("ack mail.example.com 587 I am on it, soon") == Named(
        "ack", "mail.example.com", (587,), note="I am on it, soon"
    )
    assert asked("ack tag:prod the switch, again").note == "the switch, again"
    assert asked("ack mail.example.com").note == ""


@pytest.mark.parametrize("verb", ["show", "resume", "unmute", "run", "test", "delete", "undo"])
def test_what_needs_nothing_but_a_watch(verb):
    assert asked(f"{verb} w-7k3fq") == Named(verb, "w-7k3fq")
    assert "Which watch?" in refused(verb)
    assert "one word too many" in refused(f"{verb} w-1 w-2")


@every(
    [
        ("snooze w-1 2h", NOON + 2 * HOUR),
        ("snooze 2h w-1", NOON + 2 * HOUR),
        ("snooze w-1 for 90 minutes", NOON + 90 * MINUTE),
        ("snooze w-1 1h30m", NOON + 90 * MINUTE),
        ("snooze w-1 tomorrow", datetime(2026, 11, 25, 8, tzinfo=UTC)),
        ("snooze w-1 until monday", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("snooze w-1 until tue", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("snooze w-1 18:00", datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("snooze w-1 until 9:30", datetime(2026, 11, 25, 8, 30, tzinfo=UTC)),
        ("snooze w-1 9pm", datetime(2026, 11, 24, 20, tzinfo=UTC)),
        ("snooze w-1 for a week", NOON + 7 * DAY),
        ("snooze w-1 until dec 1", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("snooze w-1 until monday 14:30", datetime(2026, 11, 30, 13, 30, tzinfo=UTC)),
        ("snooze w-1 until 2026-12-24 at 6pm", datetime(2026, 12, 24, 17, tzinfo=UTC)),
    ]
)
def test_a_snooze_ends_after_a_while_or_in_the_askers_morning(text, until):
    assert asked(text) == Quiet("snooze", "w-1", until)


@every(
    [
        *(
            (text, NOON, datetime(2026, 11, 24, 23, tzinfo=UTC))
            for text in (
                *("today", "for today", "for the rest of today", "for the rest of the day", "all day", "for the day"),
                *("hoy", "por hoy", "el resto del día", "durante todo el día", "lo que queda de día"),
            )
        ),
        ("tonight", NOON, datetime(2026, 11, 25, 8, tzinfo=UTC)),
        ("over night", NOON, datetime(2026, 11, 25, 8, tzinfo=UTC)),
        ("tonight", datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        ("today", datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 25, 23, tzinfo=UTC)),
        ("today until 18:00", NOON, datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("tonight until 6am", NOON, datetime(2026, 11, 25, 5, tzinfo=UTC)),
        ("this week", NOON, datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("for the weekend", datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("this weekend", datetime(2026, 11, 29, 12, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
    ]
)
def test_a_time_that_is_named_whole_ends_at_midnight_or_on_the_morning_behind_it(text, now, until):
    context = replace(CONTEXT, now=now)
    assert parse(f"snooze w-1 {text}", context) == Quiet("snooze", "w-1", until)
    assert parse(f"mute w-1 {text} works", context) == Quiet("mute", "w-1", until, "works")


@every(
    [
        ("hoy", "today"),
        ("esta noche", "tonight"),
        ("hasta mañana", "until tomorrow"),
        ("hasta el lunes", "until monday"),
        ("esta semana", "this week"),
    ]
)
def test_an_end_in_spanish_is_the_same_in_english(spanish, english):
    assert asked(f"silencia w-1 {spanish} obras") == asked(f"mute w-1 {english} obras")


def test_a_mute_has_a_reason_and_perhaps_an_end():
    assert asked("mute w-1 for 2d because of the move") == Quiet("mute", "w-1", NOON + 2 * DAY, "of the move")
    commas = "moving, slowly; back on monday"
    assert asked(f"mute w-1, 2d,  {commas} ") == Quiet("mute", "w-1", NOON + 2 * DAY, commas)
    assert asked(f"pause w-1 because {commas}").why == commas
    assert asked(f"mute tag:prod 2d {commas}").why == commas
    assert asked("mute w-1 known noise") == Quiet("mute", "w-1", NOON + 7 * DAY, "known noise")
    assert asked("mute w-1 forever known noise") == Quiet("mute", "w-1", None, "known noise")
    assert asked("mute w-1 til monday x") == asked("mute w-1 until monday x")
    assert asked("mute w-1 until forever") == Form("mute", "w-1", "forever")
    assert asked("mute w-1 because 2dd of mail") == Quiet("mute", "w-1", NOON + 7 * DAY, "2dd of mail")
    assert asked("mute w-1 because of the move") == Quiet("mute", "w-1", NOON + 7 * DAY, "of the move")
    assert asked("mute w-1, for the move").why == asked("mute w-1: for the move").why == "for the move"
    assert asked("mute w-1, 3 servers move") == Quiet("mute", "w-1", NOON + 7 * DAY, "3 servers move")
    assert asked("mute w-1 a day of tests") == Quiet("mute", "w-1", NOON + 7 * DAY, "a day of tests")
    assert asked("mute w-1 mx:25 moves") == Quiet("mute", "w-1", NOON + 7 * DAY, "mx:25 moves")
    assert asked("mute w-1 money") == Quiet("mute", "w-1", NOON + 7 * DAY, "money")


@every(
    [
        ("mute w-1 2dd moving", "`2dd`", "Did you mean `2d`?"),
        ("mute w-1 for 2dd moving", "`2dd`", "Did you mean `2d`?"),
        ("mute w-1 2 weks moving", "`2 weks`", "Did you mean `2 weeks`?"),
        ("mute w-1 until mondy x", "`mondy`", "Did you mean `monday`?"),
        ("mute w-1 mondy x", "`mondy`", "Did you mean `monday`?"),
        ("mute w-1 tomorow", "`tomorow`", "Did you mean `tomorrow`?"),
        ("mute w-1 for the weekend", "When does `for the weekend` end?", "until monday"),
        ("mute w-1 this evening", "When does `this evening` end?", "until tomorrow"),
        (
            "snooze w-1 until the weekend",
            "When does `until the weekend` end?",
            "`until saturday 00:00` or `until monday`",
        ),
        ("mute w-1 hasta el finde", "When does `hasta el finde` end?", "`until saturday 00:00` or `until monday`"),
        ("mute w-1 until the end of the day", "`until the end of the day`", "`until 18:00` or `until midnight`"),
        ("mute w-1 until one this afternoon x", "13:00 of today is over", "until monday"),
        ("mute w-1 until the move is done", "`the move is done`", "because"),
        ("mute w-1 till the 31st of november", "`the 31st of november`", "because"),
        ("mute w-1 4xx all day", "`4xx all day`", "because"),
        ("mute w-1 25:00", "`25:00`", "`18:00`"),
        ("mute w-1 until 2026-01-01", "too short", "`366d`"),
        ("mute w-1 until", "Until when?", "`until monday`"),
        ("snooze w-1 until yesterday", "`yesterday`", "`until monday`"),
        ("snooze w-1 until mondy", "`mondy`", "Did you mean `monday`?"),
        ("snooze w-1 2hh", "`2hh`", "Did you mean `2h`?"),
        ("snooze w-1 blue", "`blue`", "`tomorrow`"),
    ]
)
def test_an_end_that_cannot_be_read_makes_nothing_quiet(text, message, hint):
    told = refused(text)
    assert message in told
    assert hint in told
    assert asked("stop w-1 old host") == Quiet("pause", "w-1", None, "old host")


def test_an_acknowledgement_of_one_alone_may_have_a_note():
    alone = Selector(named=("mail.example.com",))
    assert asked("ack mail.example.com only") == Named("ack", "mail.example.com", chosen=alone)
    for mark in (": ", ", ", " - "):
        found = asked(f"ack mail.example.com only{mark}the disk, again")
        assert found == Named("ack", "mail.example.com", chosen=alone, note="the disk, again")
    assert "may say that not all are meant" in refused("ack mail.example.com only ben knows")


@every(
    [
        ("add mail.example.com every ten minutes and tell us here", {"every": 10 * MINUTE}),
        ("add mail.example.com 587 and 465 only, twice an hour", {"ports": (587, 465), "every": 30 * MINUTE}),
        ("add mail.example.com hourly, let us know", {"every": HOUR}),
        ("vigila mail.example.com y avisa a <@U2|bo>", {"notify": "U2"}),
        ("vigila mail.example.com dos veces por hora y avisanos aquí", {"every": 30 * MINUTE}),
        ("watch mail.example.com once a day, ping <@U2|bo>", {"every": DAY, "notify": "U2"}),
        ("add mail.example.com tag producción eu", {"tags": ("eu", "produccion")}),
    ]
)
def test_a_new_watch_is_read_as_people_say_it(text, said):
    assert asked(text) == Add("check", "mail.example.com", said)


@every(
    [
        ("add mail.example.com except port 25", "add mail.example.com 465 587"),
        ("add mail.example.com every 5m but not 587", "add mail.example.com 25 465"),
        ("add mail.example.com menos el 25", "add mail.example.com 465 587"),
    ]
)
def test_ports_that_are_left_out_are_asked_back_with_those_that_are_left(text, line):
    with pytest.raises(UserError) as error:
        asked(text)
    assert error.value.try_instead == (line,)


def test_a_note_is_the_words_as_they_were_typed():
    assert asked("note w-1, the relay, rebooted;\n wait") == Note("w-1", "the relay, rebooted; wait")
    assert asked("Note  mail.example.com  5 < 6, ok") == Note("mail.example.com", "5 < 6, ok")
    assert asked("note tag:prod, down is the SAN, 3rd time") == Note(
        "tag:prod", "down is the SAN, 3rd time", Selector(tags=("prod",))
    )
    assert asked("note *.example.com tag:eu  wait") == Note(
        "tag:eu *.example.com", "wait", Selector(tags=("eu",), pattern="*.example.com")
    )
    for text in ("note", "note w-1", "note w-1  ", "note tag:prod"):
        assert "What is the note? Type `/smtpwatch note " in refused(text)
    assert "never mentions everybody" in refused("note w-1 look <!channel>")


def test_an_id_alone_opens_what_it_names():
    assert asked("w-7k3fq") == asked("show w-7k3fq") == Named("show", "w-7k3fq")
    for name in ("W-7k3fq.12", "w-7k3fq.12.3"):
        assert asked(f"{name} csv") == asked(f"incidents {name} csv")


def test_a_digest_has_a_rhythm_a_time_and_a_zone():
    assert asked("digest daily") == SetDigest(Digest(time(9), "Europe/Madrid"))
    assert asked("digest daily 18") == SetDigest(Digest(time(18), "Europe/Madrid"))
    assert asked("digest monday 07:30 utc in <#C2|x>") == SetDigest(Digest(time(7, 30), "UTC", 0), "C2")
    assert asked("digest weekly monday 07:30 utc in <#C2|x>") == asked("digest monday 07:30 utc in <#C2|x>")
    assert asked("digest weekly friday") == SetDigest(Digest(time(9), "Europe/Madrid", 4))
    assert asked("digest off") == SetDigest(None)
    assert asked("digest cada lunes 9") == asked("digest mondays 9") == SetDigest(Digest(time(9), "Europe/Madrid", 0))
    assert asked("digest daily 09:00 hora de London") == SetDigest(Digest(time(9), "Europe/London"))
    for text in (
        "daily 09:00 except sundays",
        "weekdays 09:00",
        "daily 9 not saturdays",
        "cada dia a las 9 menos sabados",
    ):
        assert "leaves no day out" in refused(f"digest {text}"), text
    assert "Europe/Madrid" in refused("digest daily 09:00 Europe/Atlantis")


def test_everything_else_about_a_watch_can_be_edited():
    text = (
        "edit w-1 mail <mailto:a@b.example|a@b.example> webhook <https://h.example.com/x> maintenance sun 02:00-04:00"
    )
    window = Window(time(2), time(4), "UTC", frozenset({6}))
    assert asked(text) == Edit(
        "w-1",
        {"routes": {"mail": ("a@b.example",), "webhook": ("https://h.example.com/x",)}, "windows": (window,)},
    )
    assert asked("move w-1 to <#C0000000005|mailops>") == Edit("w-1", {"channel": "C0000000005"})
    assert asked("edit w-1 mail none webhook off maintenance none ports all") == Edit(
        "w-1", {"routes": {"mail": (), "webhook": ()}, "windows": (), "ports": ()}
    )


@every(
    [
        ("ad mail.example.com", "Did you mean `/smtpwatch add mail.example.com`?"),
        ("snoze w-1 2h", "Did you mean `/smtpwatch snooze w-1 2h`?"),
        ("remvoe w-1", "Did you mean `/smtpwatch remove w-1`?"),
        ("prove w-1", "`digest`, `note`."),
        ("prove w-1", "I know `add`"),  # what deletes is never guessed from another word
        ("mail.example.com", "Did you mean `/smtpwatch add mail.example.com`?"),
        ("add mail.example.com evry 5m", "Did you mean `every`?"),
        ("add mail.example.com 22", "Allowed ports: 25, 465, 587, 2525."),
        ("add mail.example.com every 10s", "Between 1m and 1w"),
        ("add mail.example.com every blue", "Type `15m`"),
        ("add mail.example.com every", "Type `every 15m`."),
        ("add mail.example.com after 99", "From 1 to 10"),
        ("add mail.example.com after 1 after 2", "Say each once."),
        ("add mail.example.com mail nobody@", "mail ops@example.com"),
        ("add mail.example.com webhook http://a.example.com", "https"),
        ("add mail.example.com webhook https://u:p@a.example.com/", "without a login"),
        ("add mail.example.com webhook https://a.example.com:99999/x", "https://hooks.example.com"),
        ("add mail.example.com webhook https://a.example.com:0/x", "https://hooks.example.com"),
        ("add mail.example.com webhook https://a.example.com:\u0664\u0664\u0663/x", "https://hooks.example.com"),
        ("add mail.example.com webhook http\u017f://a.example.com/x", "https://hooks.example.com"),
        (f"add mail.example.com webhook https://{'a' * 64}.example.com/x", "https://hooks.example.com"),
        ("edit w-1 maintenance 25:00-26:00", "18:00"),
        ("edit w-1 maintenance always", "maintenance sun 02:00-04:00"),
        ("edit w-1 maintenance 02:00-04:00 Europe/Nowhere", "maintenance sun 02:00-04:00 Europe/Madrid"),
        ("snooze w-1 9999d", "366d"),
    ]
)
def test_what_cannot_be_read_says_what_can(text, hint):
    assert hint in refused(text)


def test_a_hostile_word_is_repeated_harmlessly():
    told = refused("add mail.example.com `<https://evil.example|x>`\u202e")
    assert "<" not in told
    assert "\u202e" not in told


WORD = st.sampled_from([*VERBS, "w-1", "every", "in", "15m", "25", "mail.example.com", "<!here>", "<#C1|x>", "until", "for", "mon"])  # fmt: skip # noqa: E501


@given(st.lists(WORD | st.text(max_size=12), max_size=8).map(" ".join))
def test_any_text_is_understood_or_refused(text):
    try:
        asked(text)
    except UserError as error:
        assert error.message
        assert len(error.message + error.hint) < 1200


@given(st.integers(0, 10**8))
def test_a_length_of_time_that_is_shown_can_be_typed(seconds):
    length = timedelta(seconds=seconds)
    back, used = take_duration([shown(length).replace(" ", "")])
    assert used == 1
    assert timedelta() <= length - back < max(length / 10, timedelta(hours=1))


def test_a_watch_is_found_by_id_or_by_target():
    watches = [a_watch(id="w-1"), a_watch(id="w-2", target="b.example.com"), a_watch(id="w-3", channel="C2")]
    assert find("W-2", watches).id == "w-2"
    assert find("b.example.com.", watches).id == "w-2"
    assert find("mail.example.com", watches, "C2").id == "w-3"
    with pytest.raises(UserError, match="Several watches") as several:
        find("mail.example.com", watches, "C9")
    assert "`w-1`" in several.value.hint
    with pytest.raises(UserError) as none:
        find("b.exampel.com", watches)
    assert none.value.hint == "Did you mean `b.example.com`?"
    with pytest.raises(UserError) as none:
        find("mx.example.com", watches)
    assert none.value.try_instead == (), "only the domain is shared"


@every(
    [
        ("mial.lab.example", "mail.lab.example"),
        ("mail.lab.exmple", "mail.lab.example"),
        ("maillab.example", "mail.lab.example"),
        ("mx2.exmple.com", "mx2.example.com"),
        ("W-7K3QF", "w-7k3fq"),
        ("mta03", "mta-03"),
        ("dead.lab.example", ""),
        ("mx1.example.com", ""),
        ("a.example.com", ""),
        ("mta-33", ""),
        ("everything", ""),
        ("", ""),
    ]
)
def test_what_is_offered_for_a_name_differs_by_a_slip_of_the_keys_alone(name, meant):
    known = ("expired.lab.example", "mail.lab.example", "mx2.example.com", "b.example.com", "w-7k3fq", "mta-03")
    assert slip_of(name, known) == meant


def test_words_that_choose_several_watches():
    chosen = {
        "tag:prod": Selector(tags=("prod",)),
        "open": Selector(standing="down"),
        "down tag:PROD": Selector(standing="down", tags=("prod",)),
        "mine *.example.com": Selector("mine", pattern="*.example.com"),
        "<#C123|ops> not seen": Selector("C123", "unseen"),
    }
    assert [asked(f"list {words}") for words in chosen] == [List(each) for each in chosen.values()]
    prod, every = Selector(tags=("prod",)), Selector("all")
    assert asked("mute tag:prod until monday").chosen == prod
    assert asked("mute all 2h") == Quiet("mute", "all", NOON + 2 * HOUR, "", every)
    tagged = asked("mute all tag:prod 2h")
    assert asked("mute all with tag:prod 2h") == tagged  # never all of them
    assert asked("mute all tagged tag:prod 2h") == tagged
    assert asked("mute tag:prod 2h all switches go").why == "all switches go"
    assert (
        asked("snooze 2h tag:prod")
        == asked("snooze tag:prod 2h")
        == Quiet("snooze", "tag:prod", NOON + 2 * HOUR, chosen=prod)
    )
    assert asked("unmute tag:prod tag:eu") == Named("unmute", "tag:prod tag:eu", chosen=Selector(tags=("prod", "eu")))
    assert asked("tag mail.example.com prod,eu-west") == Tag("mail.example.com", ("prod", "eu-west"))
    assert asked("untag tag:prod prod") == Tag("tag:prod", remove=("prod",), chosen=prod)
    for often in ("every hour", "every 1 hour", "every 1h", "cada hora"):
        assert asked(f"add mail.example.com {often}").said == {"every": HOUR}
    assert asked("add mail.example.com tags prod eu every 5m").said == {"tags": ("eu", "prod"), "every": 5 * MINUTE}


def test_names_in_a_row_choose_each_of_them_and_what_begins_a_note_or_stands_behind_because_is_none():
    both = Selector(named=("mail.example.com", "mx2.example.com"))
    for names in (
        "mail.example.com mx2.example.com",
        "mail.example.com, MX2.example.com",
        "mail.example.com and mx2.example.com",
    ):
        assert asked(f"mute {names} 2h noisy") == Quiet("mute", both.text, NOON + 2 * HOUR, "noisy", both)
        assert asked(f"ack {names}") == Named("ack", both.text, chosen=both)
        assert asked(f"snooze 2h {names}").chosen == asked(f"tag {names} prod").chosen == both
    assert asked("ack w-7k3fq mx2.example.com").chosen == Selector(named=("w-7k3fq", "mx2.example.com"))
    assert asked("note mail.example.com mx2.example.com is moving").text == "mx2.example.com is moving"
    assert asked("mute mail.example.com because mx2.example.com moves").why == "mx2.example.com moves"
    assert asked("pause mail.example.com because 3.5 hours of work").why == "3.5 hours of work"


DOUBTFUL = (
    *("mute w-1 from 22:00 to 23:00", "mute w-1 18-20", "mute w-1 after 18:00", "mute w-1 in 2 hours", "mute w-1 30"),
    *("mute w-1 for a bit", "mute w-1 587 for 1h", "mute w-1 tonight 22-23", "mute w-1 1h starting 18:00"),
    *(
        "mute w-1 every night",
        "mute w-1 not w-2 1h",
        "pause w-1 for 1h",
        "pause w-1 until 20:00",
        "snooze w-1 1h from 18:00",
    ),
    *("mute all except w-2 1h", "mute all but w-2", "mute all of bruno 1h", "mute all other watches 1h"),
    *("mute all prod hosts 1h", "pause all not prod", "pause all watches of bruno"),
)
UNREAD = (
    *("until tomorrow evening", "until monday afternoon", "until monday 8", "until monday midnight"),
    *("until tomorrow a quarter to six", "until monday or tuesday", "until monday and tuesday", "until monday at 5"),
    *("until tomorrow por la tarde", "hasta el lunes a las 5", "until next monday", "until friday the 4th"),
    *("until friday but not at night", "2h except port 587", "2h if nobody minds", "forever unless it rains"),
    *("2h salvo el 587", "1h thirty", "2h on weekdays", "hasta el lunes que viene", "hasta el lunes a primera hora"),
    *("2h without telling anyone", "2h and a half hours", "except port 587", "if nobody minds", "18:00 - 20:00"),
    *("until monday half-past seven", "2h when it breaks", "until friday inclusive", "until friday at noon sharp"),
    *("at 22:00 for 2h", "a las 22:00", "at 8 because of it", "18:00 for 2h"),
    *("for 1 to 2 hours", "5 to 6", "for 2-3 hours", "until in two hours", "for a day or two", "2h30 or so"),
    *("2h media server", "2h a half rack moves", "2h, but only port 25", "587 for 1h", "on port 25 for 1h"),
    *("2h, from 23:00", "2h, starting tomorrow", "2h, a partir de las 23", "2h, later tonight", "2h, from ten pm"),
)
"""Behind what is quiet: an end that is not all read, and what is asked for under a condition."""

READ = {
    **dict.fromkeys(("2h and a half", "2 and a half hours", "2.5h", "2h30", "2 horas y media"), NOON + 2.5 * HOUR),
    **dict.fromkeys(("for an hour and a half", "hora y media", "1h 30m", "1 hour and 30 minutes"), NOON + 1.5 * HOUR),
    **dict.fromkeys(("half an hour", "media hora", "for thirty minutes", "durante media hora"), NOON + 0.5 * HOUR),
    **dict.fromkeys(("half a day", "for half a day", "medio día", "twelve hours"), NOON + 12 * HOUR),
    **dict.fromkeys(
        ("for two hours", "for a couple of hours", "dos horas", "durante un par de horas"), NOON + 2 * HOUR
    ),
    **dict.fromkeys(("una hora y cuarto", "an hour and a quarter"), NOON + 1.25 * HOUR),
    **dict.fromkeys(("2 and a half days", "2d and a half", "dos días y medio"), NOON + 60 * HOUR),
    **dict.fromkeys(
        ("until 18:00", "until 18.00", "until 6pm", "hasta las 18:00", "until six o'clock"), NOON + 5 * HOUR
    ),
    **dict.fromkeys(("hoy a las seis", "hasta las 6 de la tarde", "today at 6", "until 6"), NOON + 5 * HOUR),
    **dict.fromkeys(("until half past six", "hasta las seis y media", "till six thirty"), NOON + 5.5 * HOUR),
    **dict.fromkeys(("until a quarter to six", "hasta las 6 menos cuarto", "until 16:45 UTC"), NOON + 4.75 * HOUR),
    **dict.fromkeys(("until tomorrow at 7:30", "until tomorrow half past seven"), NINE_TOMORROW - 1.5 * HOUR),
    **dict.fromkeys(("until mañana a las 7:30", "hasta mañana a las 7 y media"), NINE_TOMORROW - 1.5 * HOUR),
    **dict.fromkeys(("until tomorrow at 7pm", "until tomorrow 7 in the evening"), NINE_TOMORROW + 10 * HOUR),
    **dict.fromkeys(("until tomorrow noon", "until tomorrow at midday", "mañana a mediodía"), NINE_TOMORROW + 3 * HOUR),
    **dict.fromkeys(("until mañana a las 8", "until tomorrow at 8", "until 8 tomorrow"), NINE_TOMORROW - HOUR),
    **dict.fromkeys(("until the day after tomorrow", "hasta pasado mañana"), NINE_TOMORROW + 24 * HOUR),
    **dict.fromkeys(("until nine tonight", "hasta las nueve de esta noche", "tonight until 9"), NOON + 8 * HOUR),
    "until quarter past nine tonight": NOON + 8.25 * HOUR,
    **dict.fromkeys(("for the next 2 hours", "next two hours", "las próximas dos horas"), NOON + 2 * HOUR),
    **dict.fromkeys(("for the next hour", "durante la próxima hora", "an hour"), NOON + HOUR),
    **dict.fromkeys(("until tomorrow morning", "hasta mañana por la mañana"), NINE_TOMORROW),
    **dict.fromkeys(("until 7 tomorrow evening", "hasta las 7 de la tarde mañana"), NINE_TOMORROW + 10 * HOUR),
    **dict.fromkeys(("until midnight", "hasta medianoche", "today", "for the rest of the day"), NOON + 11 * HOUR),
}
SPOKEN = (
    *DOUBTFUL,
    *("mute w-1 maybe", "mute w-1 prod hosts 1h", "mute w-1 my watches", "pause w-1 new disks", "mute w-1 tomorrow"),
    *("mute w-1 tomorrow morning", "mute w-1 mañana por la mañana", "mute w-1 lunes", "mute w-1 next week"),
    *("mute w-1 1h and ack", "ack w-1 and mute 1h"),
)


@every(READ)
def test_a_time_of_the_day_and_a_half_hour_are_read_in_english_and_in_spanish(text):
    for context in (CONTEXT, replace(CONTEXT, spoken=True)):
        assert parse(f"mute w-1 {text} because new disks", context) == Quiet("mute", "w-1", READ[text], "new disks")
        assert parse(f"snooze w-1 {text}", context) == Quiet("snooze", "w-1", READ[text])


@given(st.datetimes(datetime(2026, 11, 24, 14), datetime(2027, 10, 1)))  # noqa: DTZ001 - of the wall
def test_a_time_that_is_shown_is_read_back(local):
    """However a clock on the wall is written or said."""
    local = local.replace(second=0, microsecond=0)
    due = instant_of(local, CONTEXT.zone)
    half = "am" if local.hour < 12 else "pm"
    clocks = [f"{local:%H:%M}", f"at {local:%I:%M}{half}", f"{local:%I:%M} {half}", f"a las {local:%H:%M}"]
    days = [f"{local:%Y-%m-%d}", f"{local:%b} {local.day} {local.year}", f"{local.day} {local:%B} {local.year}"]
    for day in days:
        for clock in clocks:
            for text in (f"until {day} {clock}", f"hasta el {day} {clock}", f"until {clock} {day}"):
                assert asked(f"snooze w-1 {text}").until == due, text


@given(st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
def test_a_length_that_is_shown_or_said_is_read_back(hours, minutes):
    length = timedelta(hours=hours, minutes=minutes)
    part = {15: ("a quarter", "cuarto"), 30: ("a half", "media"), 45: ("three quarters", "tres cuartos")}
    said = [shown(length).replace(" ", ""), f"{hours}h {minutes}m", f"{hours} hours and {minutes} minutes"]
    said += [f"{hours} hours and {part[minutes][0]}", f"{hours} horas y {part[minutes][1]}"] if minutes else []
    assert [take_duration(text.split())[0] for text in said] == [length] * len(said)


@every([*READ, "for an hour", "for a week", "until one day", "for tonight", "until nov 30", "tonight", "until 18:00"])
def test_a_dialogue_knows_the_same_end_that_was_typed(text):
    asked_of = asked(f"mute w-1 {text}")
    assert isinstance(asked_of, Form)
    assert take_until(asked_of.until.split(), NOON, CONTEXT.zone)[0] == asked(f"snooze w-1 {text}").until


@every(UNREAD)
def test_what_is_left_behind_an_end_is_no_reason_where_it_says_when_or_under_which_condition(text):
    for line in (f"mute w-1 {text}", f"snooze w-1 {text}", f"mute all {text}"):
        for context in (CONTEXT, replace(CONTEXT, spoken=True)):
            with pytest.raises(UserError):
                parse(line, context)


@every(
    (
        *("mute all except w-2 1h", "pause w-1 for 0 minutes", "unmute everything but w-2"),
        *("mute w-1 until monday or tuesday", "snooze 2h w-1 except 587"),
        *("ack all but w-2", "unmute w-1 except 587", "delete w-1 tomorrow"),
        "mute a.example.com and b.example.com but not c.example.com 2h",
    )
)
def test_no_button_does_more_than_was_asked(text):
    for context in (CONTEXT, replace(CONTEXT, spoken=True)):
        with pytest.raises(UserError) as raised:
            parse(text, context)
        assert {line.split()[0] for line in raised.value.try_instead} <= {"list", "show"}


@every(
    (
        *("for 2 hours, from 23:00", "2h, starting tomorrow", "1h, at 22:00", "2h, a partir de las 23", "2h; no, 3h"),
        *(
            "2 hours, later tonight",
            "2h, no, 3h",
            "for an hour, no an hour and a half",
            "2h, no, mejor 3",
            "2h - no, 3h",
        ),
        *("until 9pm, make it 10", "2h, wait, not now", "1h, not the cert though", "for 2 hours, 3 if they are slow"),
        *("1h, leave mx2.example.com on", "una hora, deja mx2.example.com", "2h, or til they call", "2h - from 23:00"),
        *(
            "1h, tomorrow morning",
            "2h, only 587",
            "1h: from ten pm",
            "2h, keep 465 alerting",
            "2h, unless it gets worse",
        ),
    )
)
def test_behind_a_comma_what_says_when_or_takes_something_back_is_no_reason(text):
    for line in (f"mute w-1 {text}", f"snooze w-1 {text}", f"mute all {text}"):
        for context in (CONTEXT, replace(CONTEXT, spoken=True)):
            with pytest.raises(UserError):
                parse(line, context)


def test_words_of_a_sentence_are_no_tags():
    assert asked("tag w-1 with dc1 and linux").add == ("dc1", "linux")
    for said in ("not prod", "prod, not staging", "prod instead of staging", "no prod", "without prod", "only prod"):
        assert "is not a tag" in refused(f"tag w-1 {said}")
    with pytest.raises(UserError) as raised:
        asked("tag w-1 not prod")
    assert raised.value.try_instead == ("untag w-1 prod", "show w-1")


@every(("from tomorrow", "desde mañana", "at 22:00", "not mx2.example.com"))
def test_a_pause_begins_now_or_not_at_all(text):
    for mark in (", ", "; ", " - ", ": "):
        with pytest.raises(UserError):
            asked(f"pause w-1{mark}{text}")


@every(DOUBTFUL)
def test_a_time_that_is_none_and_what_limits_all_are_no_reason(text):
    with pytest.raises(UserError):
        asked(text)


@every(SPOKEN)
def test_in_a_sentence_a_reason_has_a_mark_or_a_time_before_it(text):
    with pytest.raises(UserError) as raised:
        parse(text, replace(CONTEXT, spoken=True))
    assert raised.value.try_instead
    for line in raised.value.try_instead:
        parse(line, CONTEXT)  # each button can be pressed


def test_a_reason_that_is_marked_or_follows_a_time_is_kept_in_a_sentence_too():
    for text in ("mute w-1 because new disks", "mute w-1, new disks", "mute w-1 2h, new disks", "pause w-1: new disks"):
        assert parse(text, replace(CONTEXT, spoken=True)).why == "new disks"
    assert asked("mute w-1 2h new disks").why == "new disks"
    for text in ("since half of it fails", "because if it fails", ", still used", "- new rack", "reason: evening"):
        assert parse(f"mute w-1 2h {text}", CONTEXT).why == text.partition(" ")[2]
    for why in ("from the vendor: a disk", "at the wish of Ana", "after the move", "it is not our disk"):
        assert asked(f"mute w-1 2h, {why}").why == why
    assert asked("mute w-1 2h for the disk swap").why == "for the disk swap"


def test_what_chooses_no_watches_is_said():
    said = {
        "list dwon": "Did you mean `down`?",
        "list mine all": "`mine` or `all`: which?",
        "list tag:no.tag": "is not a tag",
        "delete mail.example.com mx2.example.com": "one watch at a time. Each has its button.",
        "delete tag:prod": "one watch at a time. `/smtpwatch list tag:prod`",
        "snooze tag:prod": "Type `/smtpwatch snooze tag:prod 2h`.",
        "tag mail.example.com": "Type `/smtpwatch tag mail.example.com prod`.",
    }
    for text, words in said.items():
        assert words in refused(text), text


def test_watches_are_chosen_by_where_how_and_what_they_are_in_natural_order():
    down = State(phase="down", incident=Incident("w-1.1", NOON))
    known = [
        a_watch(id="w-1", target="mx10.example.com", tags=("prod",), state=down),
        a_watch(id="w-2", target="mx2.example.com", tags=("eu", "prod"), owner="U2"),
        a_watch(id="w-3", target="mail.example.org", channel="C2", muted=Silence("U1", NOON)),
    ]
    chosen = {
        "tag:prod": ["w-2", "w-1"], "tag:prod tag:eu": ["w-2"], "down": ["w-1"], "muted": ["w-3"],
        "here": ["w-2", "w-1"],
        "mine *.example.com": ["w-1"], "#C2": ["w-3"], "all": ["w-3", "w-2", "w-1"], "unseen": [],
        "mx10.example.com mx2.example.com": ["w-2", "w-1"],
    }  # fmt: skip
    for words, ids in chosen.items():
        selector, _ = read_selector(words.split(), freely=True)
        assert [one.id for one in selected(selector, known, "U1", "C1", NOON)] == ids, words


def test_a_second_mention_and_a_runbook_are_typed_and_taken_off_and_a_link_keeps_its_commas():
    url = "https://wiki.example.com/mail,25?a=1&b=2"
    added = asked(f"add mail.example.com then @U123ABCD4 after 45m runbook {url}, every 5m").said
    assert (added["then"], added["runbook"], added["every"]) == (Second("U123ABCD4", 45 * MINUTE), url, 5 * MINUTE)
    assert asked("edit w-1 then @S123ABCD4").said == {"then": Second("S123ABCD4", 30 * MINUTE)}
    assert asked("edit w-1 then nobody runbook none").said == {"then": None, "runbook": ""}
    for wrong, words in (
        ("then @U123ABCD4 after 10s", "too short"),
        ("then nowhere", "nobody whom I can mention"),
        ("runbook ftp://wiki.example.com/", "http or https"),
        ("runbook https://ana:hunter2@wiki.example.com/", "without a login"),
        ("runbook https://wiki.example.com/?password=hunter2hunter2", "a secret"),
        ("runbook https://wiki.example.com/<b>", "http or https"),
        (f"runbook https://wiki.example.com/{'x' * 500}", "http or https"),
        ("runbook javascript:alert(1)", "http or https"),
    ):
        assert words in refused(f"edit w-1 {wrong}")


@pytest.mark.parametrize(
    ("typed", "vantage"),
    [
        ("from MTA-03", "mta-03"),
        ("from mta-03/2001:DB8::1 every 5m", "mta-03/2001:db8::1"),
        ("from any 2 every 5m", "any"),
        ("from any", "any"),
    ],
)
def test_a_watch_may_run_from_another_machine(typed, vantage):
    found = asked(f"add mail.example.com 25 {typed}")
    assert (found.target, found.said["vantage"]) == ("mail.example.com", vantage)


@pytest.mark.parametrize("typed", ["from", "from mta_3", "from mta-03/x", "from a.example"])
def test_what_is_no_place_to_watch_from_is_refused(typed):
    with pytest.raises(UserError):
        asked(f"add mail.example.com {typed}")


def test_the_incidents_of_this_week_are_those_until_now():
    found = asked("incidents this week")
    assert (found.since, found.until, found.when) == (asked("incidents since this week").since, NOON, "this week")


@every(
    (
        ("all since nov 2", ("all", "")),
        ("since nov 2 all", ("all", "")),
        ("tag:prod since nov 2 down", ("down tag:prod", "")),
        ("all mail.example.com since nov 2", ("all", "mail.example.com")),
        ("mail.example.com mine", ("mine", "mail.example.com")),
        ("of mail.example.com", ("", "mail.example.com")),
    )
)
def test_no_word_that_chooses_incidents_is_dropped_wherever_it_stands(text, chosen):
    found = asked(f"incidents {text}")
    assert (found.chosen.text if found.chosen else "", found.ref) == chosen


EVERYDAY = {
    "add a.example.com 25 587 every 10m in #C0000000005": (
        "add a.example.com on 25 and 587 every 10 minutes, alert in #C0000000005",
        "add a.example.com on ports 25 and 587 every ten minutes, alerts to #C0000000005",
        "vigila a.example.com en los puertos 25 y 587 cada 10 minutos y avisa en #C0000000005",
    ),
    "add a.example.com 25 every 30m": (
        "vigila a.example.com en el 25 cada media hora",
        "add a.example.com on 25 every half an hour",
    ),
    "add a.example.com 25 every 90m": (
        "add a.example.com on port 25 every hour and a half",
        "vigila a.example.com en el puerto 25 cada hora y media",
    ),
    "edit w-1 every 3m": ("edit w-1 every every 3 minutes", "edit w-1 every cada 3 minutos"),
    "digest monday 08:30": (
        "digest every monday at half past eight",
        "digest on mondays 8:30",
        "digest cada lunes a las ocho y media",
    ),
    "digest daily 09:00": ("digest every day at 9", "digest every morning", "digest cada día a las 9"),
}


@every([(line, said) for line, texts in EVERYDAY.items() for said in texts])
def test_a_small_word_of_everyday_speech_refuses_no_order(line, said):
    assert asked(said) == asked(line), said


def test_what_is_left_out_of_a_new_watch_is_never_left_out_of_a_quiet():
    for text in ("mute w-1 2h and w-2", "mute w-1 2h on w-2", "mute w-1 2h y w-2", "mute w-1 2h, then pause it"):
        with pytest.raises(UserError):
            parse(text, replace(CONTEXT, spoken=True))
