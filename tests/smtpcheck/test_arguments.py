"""Everything behind `/smtpcheck`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.contract import UserError
from commands.smtpcheck.arguments import Arguments, OwnNetwork, parse_arguments, parse_network, parse_several
from commands.words import as_typed
from tests.every import every

ALLOWED = (25, 465, 587, 2525)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP", "--help", "-h", "?", "help me", "\u200b"])
def test_help_or_nothing_is_no_check(text):
    assert parse_arguments(text, ALLOWED) is None


@every(
    [
        ("mail.example.com", (), ()),
        ("<http://mail.example.com|mail.example.com> 587", (587,), ()),
        ("mail.example.com 587 25 587", (587, 25), ()),
        ("mail.example.com 587,25, 465", (587, 25, 465), ()),
        ("mail.example.com 587/tcp port 25 port:465", (587, 25, 465), ()),
        ("mail.example.com --port 587 --port=25 -p 465 -p2525", (587, 25, 465, 2525), ()),
        ("mail.example.com on ports 25 and 587", (25, 587), ()),
        ("mail.example.com:587 25 587", (587, 25), ()),
        ("587 mail.example.com", (587,), ()),
        ("here mail.example.com", (), ("here",)),
        ("mail.example.com HERE deep --again", (), ("here", "deep", "again")),
        ("mail.example.com deep deep", (), ("deep",)),
        ("check mail.example.com", (), ()),
        ("mail.example.com\u00a0587\u00a0here", (587,), ("here",)),
        ("mail.example.com —port 587", (587,), ()),
        ("mail.example.com submission", (587,), ()),
        ("mail.example.com smtps", (465,), ()),
        ("smtp mail.example.com", (25,), ()),
        ("mail.example.com 587/tls 465/ssl 25/smtp", (587, 465, 25), ()),
        ("mail.example.com 25-587", (25, 465, 587), ()),
        ("mail.example.com 587-25", (25, 465, 587), ()),
        ("mail.example.com 25/587", (25, 587), ()),
        ("mail.example.com 25+587", (25, 587), ()),
        ("mail.example.com :587", (587,), ()),
        ("mail.example.com 25, 587.", (25, 587), ()),
        ("mail.example.com all", (), ()),
        ("mail.example.com:25 all", (), ()),
        ("mail.example.com public", (), ("here",)),
        ("mail.example.com! 587! deep!", (587,), ("deep",)),
        ("*mail.example.com* *587* _deep_", (587,), ("deep",)),
        ("`mail.example.com 587`", (587,), ()),
        ("```mail.example.com```", (), ()),
        ("“mail.example.com” ‘587’", (587,), ()),
        ("check mail.example.com, please!", (), ()),
        ("<https://mail.example.com/inbox?a=1#b> 25", (25,), ()),
        ("<https://mail.example.com|mail.example.com>:587", (587,), ()),
        ("mail．example．com 587", (587,), ()),
    ]
)
def test_ports_and_words_are_taken_in_any_order(text, ports, flags):
    arguments = parse_arguments(text, ALLOWED)
    assert arguments.target.name == "mail.example.com"
    assert (arguments.ports, arguments.flags) == (ports, frozenset(flags))


def refusal(text, allowed=ALLOWED):
    with pytest.raises(UserError) as refused:
        parse_arguments(text, allowed)
    return refused.value


@every(
    [
        ("587", "no target", "`mail.example.com 587`"),
        ("here", "no target", "`mail.example.com`"),
        ("mail.example.com agian", "`agian`", "`again`"),
        ("mail.example.com heer", "`heer`", "`here`"),
        ("mail.example.com dep", "`dep`", "`deep`"),
        ("mail.example.com hepl", "`hepl`", "`help`"),
        ("hepl", "`hepl`", "`help`"),
        ("mail.example.com fast", "`fast`", "`again`, `deep`, `here`"),
        ("mail.example.com 26-30", "No port from 26 to 30", "25, 465, 587, 2525"),
        ("gmail.com yahoo.com", "One target", "`gmail.com` first"),
        ("gmail 587", "not a full name", "`gmail.example.com`"),
        ("foo bar", "not a full name", "`foo.example.com`"),
        ("netwrok", "`netwrok`", "Did you mean `network`?"),
        ("Netwrk 25", "`Netwrk`", "Did you mean `network`?"),
        ("mail.example.com network", "`network` has no place behind a host", "`network` alone"),
        ("mail.example.com help", "`help` has no place behind a host", "`help` alone"),
        ("localhost", "this machine", "`mail.example.com`"),
        ("mail.example.com 22", "Port 22", "25, 465, 587, 2525"),
        ("mail.example.com:22", "Port 22", "25, 465, 587, 2525"),
        ("mail.example.com 0", "`0`", "65535"),
        ("mail.example.com 99999", "`99999`", "65535"),
        ("2130706433 25", "127.0.0.1", "`127.0.0.1`"),
        ("0x7f000001 25", "127.0.0.1", "`127.0.0.1`"),
        ("mail.example.com <!channel>", "`@channel`", "a host"),
        ("a.example from", "a place", "`from mta-03`"),
        ("1.example 2.example 3.example 4.example 5.example 6.example", "Up to 5 hosts", "a second command"),
        ("198.51.100.0/24 25", "a network", "up to five hosts"),
    ]
)
def test_what_is_not_understood_is_refused_with_what_is(text, message, hint):
    error = refusal(text)
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    "text",
    [
        "user:hun,ter2@mail.example.com",
        "user:hun ter2@mail.example.com 587",
        "587 smtp://user:hun;ter2@mail.example.com",
    ],
)
def test_a_password_with_blanks_and_commas_is_not_repeated_either(text):
    error = refusal(text)
    assert "Change that password" in error.hint
    assert not any(part in error.message + error.hint for part in ("hun", "ter2"))


def test_the_words_that_are_known_can_be_more():
    arguments = parse_arguments("mail.example.com why", ALLOWED, flags={"why"})
    assert arguments.flags == {"why"}
    assert "`why`" in refusal_with("mail.example.com wy", {"why"}).hint


@every(
    [
        ("_mx.example.com 25 here", ("mx.example.com 25 here",)),
        ("*ex!ample.com* 25", ("example.com 25",)),
        ("<http://my_host.example.com|my_host.example.com> 587", ("my-host.example.com 587",)),
        ("198。51.0100.25:587 deep", ("198.51.64.25:587 deep",)),
        ("3325256729 25", ("198.51.100.25 25",)),
        ("2130706433", ()),
        ("mail.example.com agian", ("mail.example.com again",)),
        ("agian mail.example.com, 25", ("again mail.example.com, 25",)),
        ("netwrok 25", ("network 25",)),
        ("mail.example.com fast 25", ("mail.example.com 25",)),
        ("mail.example.com 22 25", ("mail.example.com 25",)),
        ("mail.example.com:22", ("mail.example.com",)),
        ("mail.example.com:http", ("mail.example.com",)),
        ("mail.example.com:25:587 here", ("mail.example.com 25 587 here",)),
        ("fe80::1%eth0 25", ("fe80::1 25",)),
        ("198.51.100.25/24 25", ("198.51.100.25 25",)),
        ("198.51.100.0/24", ()),
        ("198.51.100.7-20", ("198.51.100.7",)),
        ("1.example 2.example 3.example 4.example 5.example 6.example 25",
         ("1.example 2.example 3.example 4.example 5.example 25",)),
        ("<@U0123ABCD>", ("/smtphistory by @U0123ABCD",)),
        ("gmail", ()),
        ("localhost", ()),
        ("!!!", ()),
    ]
)  # fmt: skip
def test_what_was_meant_can_be_done_in_one_step(text, lines):
    with pytest.raises(UserError) as refused:
        parse_several(text, ALLOWED)
    assert refused.value.lines(as_typed(text)) == lines


@pytest.mark.parametrize("text", ["network mail.example.com", "network deep 25"])
def test_what_has_no_place_behind_network_is_left_out_in_one_step(text):
    with pytest.raises(UserError) as refused:
        parse_network(text, ALLOWED)
    assert parse_network(*refused.value.lines(text), ALLOWED) is not None


ODD_WORDS = ["a.example", "a_b.example", "*b.example*", "25", "22", "0x7f.1", "10.0.0.0/8", "agian", "@ana", "25:587"]


@given(
    st.lists(st.sampled_from([*ODD_WORDS, "c.example:26", "«d.example»", "1.2.3.4%x", "e.example:25:587"]), max_size=7)
)
def test_what_is_suggested_is_nearer_to_what_is_understood(words):
    """Each suggestion mends one thing, so that pressing goes on: it ends after as many as there were words."""
    text = " ".join(words)
    for _ in range(len(words) + 1):
        try:
            parse_several(text, ALLOWED)
        except UserError as error:
            lines = error.lines(text)
            if not lines:
                return
            assert lines[0] != text
            text = lines[0]
        else:
            return
    pytest.fail(text)


def refusal_with(text, flags):
    with pytest.raises(UserError) as refused:
        parse_arguments(text, ALLOWED, flags)
    return refused.value


@given(
    st.text(st.characters(), max_size=80)
    | st.lists(st.sampled_from(["a.example", "25", "here", "x", "99", "::1", ","])).map(" ".join)
)
def test_any_text_is_a_check_or_help_or_a_user_error(text):
    try:
        arguments = parse_arguments(text, ALLOWED)
    except UserError as error:
        assert error.message
        assert error.hint
        return
    assert arguments is None or isinstance(arguments, Arguments)
    assert arguments is None or set(arguments.ports) <= set(ALLOWED)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a.example b.example", [("a.example", ()), ("b.example", ())]),
        ("a.example, b.example; c.example 25", [("a.example", (25,)), ("b.example", (25,)), ("c.example", (25,))]),
        ("a.example:25 and b.example:587", [("a.example", (25,)), ("b.example", (587,))]),
        ("a.example:25 b.example 587", [("a.example", (25, 587)), ("b.example", (587,))]),
        ("a.example A.example.", [("a.example", ())]),
        ("a.example:25 a.example:587", [("a.example", (25, 587))]),
        ("x@a.example 198.51.100.25 [2001:db8::25]:587",
         [("a.example", ()), ("198.51.100.25", ()), ("2001:db8::25", (587,))]),
    ],
)  # fmt: skip
def test_up_to_five_targets_are_checked_at_once(text, asked):
    found = parse_several(text, ALLOWED)
    assert [(each.target.name, each.ports) for each in found] == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("network", OwnNetwork()),
        ("NETWORK 25", OwnNetwork((25,))),
        ("network 25,587 25 here", OwnNetwork((25, 587), here=True)),
        ("here network port 25", OwnNetwork((25,), here=True)),
        ("network 25 again", OwnNetwork((25,), again=True)),
        ("--network", OwnNetwork()),
        ("network 25 from MTA-03", OwnNetwork((25,), vantage="mta-03")),
        ("network.example.com", None),
        ("mail.example.com 25", None),
        ("", None),
    ],
)
def test_our_own_network_takes_ports_and_here(text, asked):
    assert parse_network(text, ALLOWED) == asked


@pytest.mark.parametrize("text", ["network mail.example.com", "network deep", "network 22"])
def test_what_has_no_place_behind_network_is_refused_and_not_ignored(text):
    with pytest.raises(UserError):
        parse_network(text, ALLOWED)


@pytest.mark.parametrize(
    ("text", "vantage"),
    [
        ("a.example 25", "local"),
        ("a.example from local 25", "local"),
        ("from MTA-03 a.example", "mta-03"),
        ("a.example 25 --from mta-03/192.0.2.11 here", "mta-03/192.0.2.11"),
        ("a.example from mta-03/2001:DB8:0::1", "mta-03/2001:db8::1"),
        ("a.example from all", "all"),
    ],
)
def test_a_check_may_be_asked_for_from_another_place(text, vantage):
    arguments = parse_arguments(text, ALLOWED)
    assert (arguments.target.name, arguments.vantage) == ("a.example", vantage)


@pytest.mark.parametrize("typed", ["from", "from a.b", "from mta_3", "from mta-03/host", "from mta-03/", "from -"])
def test_what_is_no_place_is_refused(typed):
    with pytest.raises(UserError, match="place"):
        parse_arguments(f"a.example {typed}", ALLOWED)


@pytest.mark.parametrize("word", ["a" * 100_000, "a." * 50_000, "a.b:1:" * 20_000, "//" * 50_000])
def test_a_word_of_a_hundred_thousand_characters_holds_nobody_up(word):
    """With a time that grows with the square of its length this would not end."""
    with pytest.raises(UserError):
        parse_several(word, range(65_536))


@pytest.mark.parametrize(
    "typed", ["is a.example up?", "does a.example work", "hey, is a.example down?", "¿está bien a.example?"]
)
def test_who_asks_how_a_host_is_has_it_checked(typed):
    [asked] = parse_several(typed, range(65_536))
    assert (asked.target.name, asked.ports) == ("a.example", ())
