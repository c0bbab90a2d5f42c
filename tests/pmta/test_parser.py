from hypothesis import given, settings
from hypothesis import strategies as st

from commands.pmta.formatter import formatted
from commands.pmta.language.lexer import Scan
from commands.pmta.language.parser import parse
from tests.pmta.shapes import configs, shape, written


class SlowScan(Scan):
    """Every line is taken apart by the whole grammar."""

    def take_line(self, line, position):
        return False


@given(st.one_of(configs, st.text()))
@settings(max_examples=120, deadline=None)
def test_any_text_gives_statements_that_tile_it(text):
    tree = parse(text)
    assert "".join(text[one.start : one.end] for one in tree.statements) == text
    for one in tree.statements:
        assert one.start <= one.at <= one.stop <= one.end or one.kind == "more"
        assert one.block is not None


@given(st.one_of(configs, st.text()))
@settings(max_examples=120, deadline=None)
def test_a_line_that_is_simple_or_known_already_is_read_like_any_other(text):
    for twice in (text + text, text.replace(" ", "\n") + text):
        assert list(map(fields_of, Scan(twice).run())) == list(map(fields_of, SlowScan(twice).run()))


def fields_of(one):
    return [getattr(one, name) for name in one.__dataclass_fields__]


@given(configs)
@settings(max_examples=120, deadline=None)
def test_formatting_and_parsing_again_gives_the_same_tree(text):
    tree = parse(text)
    again = parse(formatted(tree))
    assert shape(again) == shape(tree)
    assert formatted(again) == formatted(tree)


@given(written)
@settings(max_examples=80, deadline=None)
def test_comments_and_blank_lines_do_not_change_the_tree(text):
    noisy = "# before\n\n" + text.replace("\n", "\n\n    # note\n\n")
    assert shape(parse(noisy)) == shape(parse(text))


@given(written)
@settings(max_examples=100, deadline=None)
def test_line_ends_do_not_change_the_tree(text):
    assert shape(parse(text.replace("\n", "\r\n"))) == shape(parse(text))


def test_a_comment_begins_anywhere_on_a_line():
    tree = parse("<domain x.com># host\nmax-smtp-out 5#five\n</domain> # end\n")
    assert shape(tree) == [("<domain>", "x.com", True, [("max-smtp-out", "5")])]


def test_an_unclosed_stanza_ends_where_the_next_of_its_level_begins():
    tree = parse("<virtual-mta a>\nhost-name a.com\n<virtual-mta b>\nhost-name b.com\n</virtual-mta>\n")
    assert shape(tree) == [
        ("<virtual-mta>", "a", False, [("host-name", "a.com")]),
        ("<virtual-mta>", "b", True, [("host-name", "b.com")]),
    ]
    assert [(fault.kind, fault.at.line) for fault in tree.faults] == [("unclosed", 1)]


def test_an_unclosed_domain_does_not_swallow_the_domains_after_it():
    tree = parse("<domain a.com>\n<domain b.com>\n</domain>\n<domain c.com>\n</domain>\n")
    assert [item[:3] for item in shape(tree)] == [
        ("<domain>", "a.com", False),
        ("<domain>", "b.com", True),
        ("<domain>", "c.com", True),
    ]


def test_a_stanza_in_the_wrong_place_stays_where_it_stands_when_the_outer_one_is_closed():
    tree = parse("<source 0/0>\n<domain *>\n</domain>\nallow-auth yes\n</source>\n")
    assert shape(tree) == [("<source>", "0/0", True, [("<domain>", "*", True, []), ("allow-auth", "yes")])]
    assert tree.faults == []


def test_a_closing_tag_of_another_name_closes_what_is_open():
    tree = parse("<source 0/0>\nallow-auth yes\n</domain>\n<domain *>\n</domain>\n")
    assert [(fault.kind, fault.at.line, fault.expected) for fault in tree.faults] == [("mismatched", 3, "source")]
    assert [item[0] for item in shape(tree)] == ["<source>", "<domain>"]


def test_a_closing_tag_may_repeat_the_argument():
    assert parse("<domain-key-list k>\ndomain-key s,a.com,/k\n</domain-key-list k>\n").faults == []


def test_an_unknown_tag_that_nothing_closes_swallows_nothing():
    tree = parse("<foo@example.com>\npostmaster a@b.c\n")
    assert shape(tree) == [("open", "foo"), ("postmaster", "a@b.c")]


def test_unknown_tags_close_also_where_the_last_one_is_cut_off():
    stanza = "<route a>\nmax-smtp-out 1\n</route>\n"
    assert parse(f"{stanza}{stanza}<route z>\n").faults == []
    assert parse(f"<route b>\n{stanza}</route>\n").faults == []


def test_lists_of_a_domain_macro_go_on_after_a_comma_and_after_its_bare_name():
    tree = parse("domain-macro a x.com, y.com,\n  z.com\ndomain-macro b\nv.com,w.com\npostmaster p@x.com\n")
    assert shape(tree) == [
        ("domain-macro", "a x.com, y.com, z.com"),
        ("domain-macro", "b v.com,w.com"),
        ("postmaster", "p@x.com"),
    ]


def test_a_pattern_that_a_terminal_wrapped_is_one_line():
    tree = parse("<smtp-pattern-list x>\nreply /too\nmany/ mode=backoff\n</smtp-pattern-list>\n")
    assert tree.root.blocks[0].settings[0].value == "/too *many/ mode=backoff"


def test_patterns_keep_their_blanks_and_quotes_hold_together():
    tree = parse('<pattern-list x>\nheader X-A /a b/ virtual-mta=m\n</pattern-list>\npickup "/a b" /c\n')
    header, pickup = tree.root.blocks[0].settings[0], tree.root.named["pickup"][0]
    assert [word.text for word in header.words] == ["X-A", "/a b/", "virtual-mta=m"]
    assert [word.text for word in pickup.words] == ['"/a b"', "/c"]


def test_a_nested_pattern_list_may_end_a_line():
    text = "<pattern-list x>\nrcpt-to /@a\\.com$/ <pattern-list>\n* virtual-mta=m\n</pattern-list>\n</pattern-list>\n"
    tree = parse(text)
    assert not tree.reflowed
    assert tree.faults == []
    assert formatted(tree).count("pattern-list>") == 3


def test_names_are_matched_without_regard_to_case():
    assert shape(parse("<Domain *>\nMax-SMTP-Out 5\n</DOMAIN>\n")) == [("<domain>", "*", True, [("max-smtp-out", "5")])]


def test_a_pasted_private_key_is_no_setting():
    tree = parse("-----BEGIN PRIVATE KEY-----\nMIIEvQ\nAgEA: x\n-----END PRIVATE KEY-----\npostmaster a@b.c\n")
    assert shape(tree) == [("postmaster", "a@b.c")]
