"""What people type as a target, and what they are told when it is none."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.contract import UserError
from commands.slack_text import in_mrkdwn
from commands.smtpcheck.address.target import Target, parse_target
from tests.every import every


@every(
    [
        ("mail.example.com", "mail.example.com", "name", None),
        ("MAIL.Example.COM.", "mail.example.com", "name", None),
        ("  mail.example.com\u00a0", "mail.example.com", "name", None),
        ("“mail.example.com”", "mail.example.com", "name", None),
        ("`mail.example.com`,", "mail.example.com", "name", None),
        ("<http://mail.example.com|mail.example.com>", "mail.example.com", "name", None),
        ("<https://mail.example.com>", "mail.example.com", "name", None),
        ("https://mail.example.com/", "mail.example.com", "name", None),
        ("smtp://mail.example.com:587", "mail.example.com", "name", 587),
        ("smtps://user@mail.example.com:465/", "mail.example.com", "name", 465),
        ("mail.example.com:25", "mail.example.com", "name", 25),
        ("mail.example.com.:25", "mail.example.com", "name", 25),
        ("a--b.example", "a--b.example", "name", None),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "name", None),
        ("faß.example", "xn--fa-hia.example", "name", None),
        ("BÜCHER.example", "xn--bcher-kva.example", "name", None),
        ("mail。example。com", "mail.example.com", "name", None),
        ("ｍａｉｌ.example.com", "mail.example.com", "name", None),
        ("1and1.com", "1and1.com", "name", None),
        ("3com.com", "3com.com", "name", None),
        ("0xbad.example", "0xbad.example", "name", None),
        ("postmaster@example.com", "example.com", "domain", None),
        ("<mailto:Bob@Example.com|Bob@Example.com>", "example.com", "domain", None),
        ("mailto:bob@example.com", "example.com", "domain", None),
        ("<bob@example.com>", "example.com", "domain", None),
        ("bob@faß.example", "xn--fa-hia.example", "domain", None),
        ("o'neil+tag@example.com", "example.com", "domain", None),
        ("@example.com", "example.com", "name", None),
        ("192.0.2.25", "192.0.2.25", "address", None),
        ("192.0.2.25.", "192.0.2.25", "address", None),
        ("192.0.2.25:587", "192.0.2.25", "address", 587),
        ("[192.0.2.25]:587", "192.0.2.25", "address", 587),
        ("bob@[192.0.2.25]", "192.0.2.25", "address", None),
        ("2001:DB8:0::25", "2001:db8::25", "address", None),
        ("[2001:db8::25]", "2001:db8::25", "address", None),
        ("mail.example.com[2001:db8::25]:25", "mail.example.com", "name", 25),
        ("[2001:db8::25]:587", "2001:db8::25", "address", 587),
        ("[IPv6:2001:db8::25]", "2001:db8::25", "address", None),
        ("bob@[IPv6:2001:db8::25]", "2001:db8::25", "address", None),
        ("::ffff:192.0.2.25", "192.0.2.25", "address", None),
        ("smtp://[2001:db8::25]:25", "2001:db8::25", "address", 25),
        ("mail.example.com:smtp", "mail.example.com", "name", 25),
        ("mail.example.com:SMTPS", "mail.example.com", "name", 465),
        ("[2001:db8::25]:submissions", "2001:db8::25", "address", 465),
        ("192.0.2.25:submission", "192.0.2.25", "address", 587),
        ("mail.example.com:", "mail.example.com", "name", None),
        ("mail.example.com!", "mail.example.com", "name", None),
        ("mail.example.com?!…", "mail.example.com", "name", None),
        ("mail.example.com...", "mail.example.com", "name", None),
        ("*mail.example.com*", "mail.example.com", "name", None),
        ("_mail.example.com_", "mail.example.com", "name", None),
        ("~mail.example.com~", "mail.example.com", "name", None),
        ("_*mail.example.com*_!", "mail.example.com", "name", None),
        ("*`mail.example.com`*", "mail.example.com", "name", None),
        ("```mail.example.com```", "mail.example.com", "name", None),
        ("«mail.example.com»", "mail.example.com", "name", None),
        ("(mail.example.com)", "mail.example.com", "name", None),
        ("https://mail.example.com/webmail?x=1#y", "mail.example.com", "name", None),
        ("<https://mail.example.com/a|https://mail.example.com/a>", "mail.example.com", "name", None),
        ("<https://mail.example.com|mail.example.com>", "mail.example.com", "name", None),
        ("https://user@mail.example.com:587/a", "mail.example.com", "name", 587),
        ("mail.example.com/inbox", "mail.example.com", "name", None),
        ("mail.example.com:587/tls", "mail.example.com", "name", 587),
        ("mail.example.com\\share", "mail.example.com", "name", None),
        ("mailto:postmaster@example.com?subject=x", "example.com", "domain", None),
        ("mail．example｡com", "mail.example.com", "name", None),
        ("198。51．100｡25", "198.51.100.25", "address", None),
        ("198.51.100.25/32", "198.51.100.25", "address", None),
        ("2001:db8::25/128", "2001:db8::25", "address", None),
    ]
)
def test_every_usual_form_is_understood(typed, name, kind, port):
    target = parse_target(typed)
    assert (target.name, target.kind, target.port) == (name, kind, port)
    assert target.is_email_domain is (kind == "domain")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("MAIL.Example.com.:25", "MAIL.Example.com."),
        ("faß.example", "faß.example"),
        ("Bob@Example.com", "Example.com"),
        ("[IPv6:2001:DB8::25]:25", "2001:DB8::25"),
    ],
)
def test_what_was_typed_is_shown_without_anybodys_name(typed, shown):
    assert parse_target(typed).shown == shown


def refusal(typed):
    with pytest.raises(UserError) as refused:
        parse_target(typed)
    return refused.value


@every(
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("010.0.0.1", "8.0.0.1"),
        ("192.0.2.025", "192.0.2.21"),
        ("①②⑦.0.0.1", "127.0.0.1"),
        ("１２７.０.０.１", "127.0.0.1"),
        ("127.0.0.１", "127.0.0.1"),
        ("１２７．１", "127.0.0.1"),
        ("2130706433:25", "127.0.0.1"),
        ("bob@2130706433", "127.0.0.1"),
        ("bob@[127.1]", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
    ]
)
def test_an_odd_form_of_ipv4_is_refused_with_the_usual_one(typed, meant):
    error = refusal(typed)
    assert error.hint == f"Type `{meant}` if you mean that."


@every(
    [
        ("", "no target", "mail.example.com"),
        (" <> ", "no target", "mail.example.com"),
        ("256.1.1.1", "no IPv4 address", "198.51.100.25"),
        ("1.2.3.4.5", "no IPv4 address", "198.51.100.25"),
        ("08.1.1.1", "no IPv4 address", "198.51.100.25"),
        ("4294967296", "no IPv4 address", "198.51.100.25"),
        ("1.2.3.4/24", "a network", "up to five hosts"),
        ("1.2.3.4/255.255.255.0", "a network", "up to five hosts"),
        ("2001:db8::/32", "a network", "up to five hosts"),
        ("198.51.100.1-20", "many addresses", "up to five hosts"),
        ("198.51.100.1-198.51.100.20", "many addresses", "up to five hosts"),
        ("<@U0123ABCD|ana>", "a person", "a host"),
        ("@ana", "a person", "/smtphistory by @"),
        ("<!subteam^S1|@mail-team>", "a group", "a host"),
        ("<#C0123|ops>", "a channel", "/smtphistory here"),
        ("fe80::1%eth0", "scope id", "`fe80::1`"),
        ("[fe80::1%25eth0]:25", "scope id", "`fe80::1`"),
        ("::1%lo", "scope id", "`::1`"),
        ("2001:db8:0:0:0:0:0:1:25", "no IPv6", "`[2001:db8::25]:587`"),
        ("[2001:db8::zz]", "no IPv6", "`[2001:db8::25]:587`"),
        ("[mail.example.com]", "no IPv6", "`[2001:db8::25]:587`"),
        ("2001:db8::２５", "no IPv6", "`[2001:db8::25]:587`"),
        ("_mx.example.com", "underscore", "`mx.example.com`"),
        ("my_host.example.com", "underscore", "`my-host.example.com`"),
        ("my_host", "underscore", "`mail.example.com`"),
        ("gmail", "not a full name", "`gmail.example.com`"),
        ("localhost", "this machine", "`mail.example.com`"),
        ("-bad.example", "not a host name", "`bad.example`"),
        ("bad-.example", "not a host name", "`bad.example`"),
        ("a..b.example", "not a host name", "`a.b.example`"),
        (".example.com", "not a host name", "`example.com`"),
        ("ex!ample.com", "not a host name", "`example.com`"),
        ("ex ample.com", "not a host name", "`example.com`"),
        ("!!!.???", "not a full name", "example.com"),
        ("*.!", "not a full name", "example.com"),
        ("mail.example.com:http", "not a port", "`mail.example.com:587`"),
        ("mail.example.com:25:587", "one by one", "`mail.example.com 25 587`"),
        ("smtp://mail.example.com:25:465:587/", "one by one", "`mail.example.com 25 465 587`"),
        ("mail.example.com:0", "not a port", "65535"),
        ("mail.example.com:65536", "not a port", "65535"),
        ("mail.example.com:٢٥", "not a port", "65535"),
        ("mail.example.com:" + "9" * 5000, "not a port", "65535"),
        ("bob@", "behind the @", "mail.example.com"),
        ("i❤.example", "international", "mail.example.com"),
        ("xn--\u00fc.example", "international", "mail.example.com"),
        ("a" * 64 + ".example", "too long", "63"),
        ("a." * 127 + "example", "too long", "253"),
        ("a\x00b.example", "not a host name", "`ab.example`"),
    ]
)
def test_what_is_no_target_is_refused_with_the_nearest_form(typed, message, hint):
    error = refusal(typed)
    assert message in error.message
    assert hint in error.hint
    assert all(error.try_instead)


@pytest.mark.parametrize(
    "typed",
    [
        "user:hunter2@mail.example.com",
        "smtp://user:hunter2@mail.example.com:587",
        "user:hun@ter2@mail.example.com",
        "user:hunter2/@mail.example.com/x",
        "<mailto:user:hunter2@mail.example.com|user:hunter2@mail.example.com>",
        "user:hunter2@[192.0.2.1]:25",
        ":hunter2@mail.example.com",
        "user:hunter2@",
    ],
)
def test_a_password_is_refused_and_never_repeated(typed):
    error = refusal(typed)
    assert "password" in error.message
    assert "Change that password" in error.hint
    assert "hunter2" not in error.message + error.hint
    assert "user" not in error.message + error.hint


def test_an_error_repeats_nothing_that_slack_acts_on():
    error = refusal("<!channel>`\x1b[31m<@U1>.&lt;!here&gt;.example")
    shown = in_mrkdwn(error.message) + in_mrkdwn(error.hint)
    assert not set(shown) & set("<>\x1b")
    assert shown.count("`") == 4


@given(st.text(st.characters(), max_size=80) | st.from_regex(r"[0-9a-fx.:%\[\]@/_ -]{0,40}", fullmatch=True))
@example("1.2.3.4.")
@example("a@b@c.example")
@example("[")
@example("\u3002")
def test_any_text_is_a_sound_target_or_a_user_error(text):
    try:
        target = parse_target(text)
    except UserError as error:
        assert error.message
        assert error.hint
        return
    assert isinstance(target, Target)
    assert len(target.name) <= 253
    if target.kind != "address":
        assert re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z-][a-z0-9-]*", target.name)
        assert not target.name.rpartition(".")[2].startswith("0x")


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6, network="2000::/3"))
def test_an_address_comes_back_in_its_canonical_form(address):
    assert parse_target(str(address)).name == str(address)
    assert parse_target(f"[{address}]:25") == Target(str(address), "address", str(address), 25)
