"""What Slack does to typed text, and what remote text must not do to Slack."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.slack_text import clean, code_span, escape, in_mrkdwn, undo, undone
from tests.every import every

ANY_TEXT = st.text(st.characters(), max_size=300)  # lone surrogates included
HOSTILE = (
    "<!channel> <@U0123|x> <http://evil.example|bank>",
    "``` out of the code `span`",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \x00\x08\x7f\x85",
    "\u202egnp.exe \u2066x\u2069 a\u200bb\ufeff",
    "220 a\r\n220-b\n\n\n250 c\u2028d",
    "\udcff\ud800 lone",
    "z" + "\u0301" * 60 + "algo",
    "&amp; &lt;!here&gt;",
    "\U000e0041\U000e0042 tags",
)


@every(
    [
        ("<http://mail.example.com|mail.example.com>", "mail.example.com"),
        ("<https://x.example|x.example> 587", "x.example 587"),
        ("<https://x.example>", "https://x.example"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<tel:+15550100|555 0100>", "555 0100"),
        ("<#C1|ops>", "#ops"),
        ("<#C1>", "#C1"),
        ("<#C1|>", "#C1"),
        ("<@U1|bob>", "@bob"),
        ("<@W1>", "@W1"),
        ("<!here>", "@here"),
        ("<!subteam^S1|@mail-team>", "@mail-team"),
        ("<!date^1700000000^{date}|14 November>", "14 November"),
        ("<domain gmail.com>", "<domain gmail.com>"),
        ("<domain <http://gmail.com|gmail.com>>", "<domain gmail.com>"),
        ("&lt;domain <http://gmail.com|gmail.com>&gt;", "<domain gmail.com>"),
        ("&lt;domain *&gt;\n&lt;/domain&gt;", "<domain *>\n</domain>"),
        ("<source 192.0.2.1>", "<source 192.0.2.1>"),
        ("<virtual-mta mta1>", "<virtual-mta mta1>"),
        ("&lt;http://typed.example|so&gt;", "<http://typed.example|so>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("a &amp; b &copy; &quot;", "a & b &copy; &quot;"),
        ("“mail.example.com”", '"mail.example.com"'),
        ("it’s ‘so’", "it's 'so'"),
        ("mail.example.com\u00a0587", "mail.example.com 587"),
        ("mail\u200b.example\u2060.com\ufeff", "mail.example.com"),
        ("\u202amail.example.com\u202c\u200e", "mail.example.com"),
        ("10–20 \u2014port", "10-20 --port"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("", ""),
        ("<", "<"),
        ("<http://>", "<http://>"),
        ("<>|<|>", "<>|<|>"),
    ]
)
def test_what_slack_did_is_undone(sent, typed):
    assert undo(sent) == typed


@pytest.mark.parametrize(
    ("sent", "kinds"),
    [
        ("plain <domain x> text", ()),
        ("<http://a.example|a.example>", ("links",)),
        ("<@U1|bob> in <#C1|ops>", ("mentions",)),
        ("&lt;domain <http://a.example|a.example>&gt;", ("links", "entities")),
        ("“a” ’b’", ("quotes",)),
        ("a\u00a0—\u200bb\r\n", ("dashes", "spaces", "invisible", "newlines")),
    ],
)
def test_each_kind_of_change_is_named_once(sent, kinds):
    assert undone(sent)[1] == kinds


@given(ANY_TEXT)
def test_undo_is_total(text):
    changed, kinds = undone(text)
    assert (changed == text) is not bool(kinds)


@given(st.text(st.characters(exclude_characters="<>&"), max_size=200))
def test_undo_twice_is_undo_once_where_slack_marked_nothing(text):
    assert undo(undo(text)) == undo(text)


@given(
    st.text(
        st.characters(exclude_categories=("Cc", "Cf", "Cs", "Pd", "Pi", "Pf", "Zs", "Zl", "Zp", "Sm", "Po"))
        | st.sampled_from("<>&;|@#! ./:-'\"\n"),
        max_size=200,
    )
)
@example("<http://a.example|b> &lt; <@U1>")
@example("&amp;lt; &gt")
def test_what_slack_encodes_comes_back_as_it_was(text):
    encoded = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert undo(encoded) == text


@every(
    [
        ("220 mail.example.com ESMTP", "220 mail.example.com ESMTP"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("a `b` ```c```", "a ˋbˋ ˋˋˋcˋˋˋ"),
        ("a\r\nb\n\n\tc", "a b c"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("a\x00b\x7fc", "a\u2400b\u2421c"),
        ("\x9b31m \udcff", "\ufffd31m \ufffd"),
        ("\u202eabc\u200b", "abc"),
        ('it\'s "quoted" *bold*', 'it\'s "quoted" ∗bold∗'),
        ("*a* _b_ ~c~ (*d*) **e** _*f*_ * g", "∗a∗ _bˍ ~c∼ (∗d∗) ∗∗e∗∗ _∗f∗ˍ * g"),
        ("*half", "∗half"),
        ("refused_by_policy 2*3*4 a~b", "refused_by_policy 2*3*4 a~b"),
        ("*.example.com _dmarc.example.com v=spf1 ~all", "*.example.com _dmarc.example.com v=spf1 ~all"),
        (":x: :+1: a:smile:b :100:", "∶x: ∶+1: a∶smile:b ∶100:"),
        ("2001:db8:25::1 12:30:45 host:587", "2001:db8:25::1 12:30:45 host:587"),
        ("2001:db8:a::1", "2001:db8∶a::1"),
        ("  ", ""),
    ]
)
def test_remote_text_is_made_harmless(remote, shown):
    assert escape(remote) == shown


@given(ANY_TEXT, st.integers(10, 400))
@example("<!channel>" * 10, 40)
@example("\x1b" * 50, 20)
@example("\x1b\x1b[[0mm<", 20)
def test_escaped_text_holds_nothing_that_slack_acts_on(text, limit):
    shown = escape(text, limit)
    assert len(shown) <= limit
    assert not set(shown) & set("<>`\n\r\t")
    assert {unicodedata.category(character) for character in shown}.isdisjoint({"Cc", "Cs"})
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    json.dumps(shown, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("`*HOST*` is not a host name.", "`*HOST*` is not a host name."),
        ("Did you mean `a_b` or `_c_`? *So*.", "Did you mean `a_b` or `_c_`? ∗So∗."),
        ("`<!channel>` & <b>", "`&lt;!channel&gt;` &amp; &lt;b&gt;"),
        ("one ` alone", "one ˋ alone"),
        ("`` is nothing", "`-` is nothing"),
        ("`:x:` and :x:", "`:x:` and ∶x:"),
    ],
)
def test_a_sentence_of_ours_shows_as_code_what_it_quotes(sentence, shown):
    assert in_mrkdwn(sentence) == shown


@given(st.text(st.sampled_from("*_~`:x a.<&\u200b"), max_size=40))
def test_what_is_shown_can_be_typed_again(text):
    assert undo(escape(text)) == clean(text)


@given(ANY_TEXT, st.integers(10, 400))
def test_a_code_span_cannot_be_left(text, limit):
    span = code_span(text, limit)
    assert span.count("`") == 2
    assert (span[0], span[-1]) == ("`", "`")
    assert 2 < len(span) <= limit


@given(ANY_TEXT, st.integers(1, 400))
def test_clean_text_is_one_bounded_line_and_stays_as_it_is(text, limit):
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert {unicodedata.category(character) for character in shown}.isdisjoint({"Cc", "Cs"})
    assert clean(shown, limit) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless_however_it_is_shown(text):
    for shown in (escape(text), code_span(text), clean(text)):
        shown.encode()
        assert not set(shown) & set("\x1b\x00\n\r\u202e\u200b\u2066\ufeff\u2028")
    assert "<" not in escape(text) + code_span(text)
    assert clean(text, 4).encode()


def test_piled_marks_are_capped():
    assert clean("z" + "\u0301" * 60) == "z" + "\u0301" * 3


def test_plain_elements_keep_what_mrkdwn_must_escape():
    assert clean("a < b & c > d `e`") == "a < b & c > d `e`"


def test_an_entity_is_never_cut():
    assert [escape("&&&&", limit) for limit in (20, 19, 15, 12)] == [
        "&amp;&amp;&amp;&amp;",
        "&amp;&amp;&amp;…",
        "&amp;&amp;…",
        "&amp;&amp;…",
    ]
