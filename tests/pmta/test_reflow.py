import pytest

from commands.pmta.formatter import formatted
from commands.pmta.language.parser import parse
from tests.pmta.seeds import FLATTENED, LISTENERS, SOURCE_HOST
from tests.pmta.shapes import shape


@pytest.mark.parametrize("name", FLATTENED)
def test_the_flattened_stanzas_of_the_article_get_their_line_breaks_back(name):
    flattened, as_written = FLATTENED[name]
    tree = parse(flattened)
    assert tree.reflowed
    assert tree.faults == []
    assert formatted(tree) == as_written


@pytest.mark.parametrize("name", FLATTENED)
def test_well_formed_stanzas_stay_as_they_are(name):
    _, as_written = FLATTENED[name]
    tree = parse(as_written)
    assert not tree.reflowed
    assert formatted(tree) == as_written


@pytest.mark.parametrize("line", [LISTENERS, SOURCE_HOST])
def test_single_lines_of_the_article_stay_as_they_are(line):
    assert formatted(parse(line)) == line


def test_a_value_that_happens_to_be_a_name_is_not_cut():
    tree = parse(
        "<smtp-user a>\nauthentication-method password\n</smtp-user>\n<domain x>\nsmtp-pattern-list type\n</domain>\n"
    )
    assert not tree.reflowed


def test_a_name_that_may_not_stand_there_is_not_cut_off():
    tree = parse("http-access 0/0 admin priority\n")
    assert shape(tree) == [("http-access", "0/0 admin priority")]


def test_patterns_and_quoted_texts_are_never_cut():
    text = "<smtp-pattern-list x>\nreply /<domain x> type smtp/ mode=backoff\n</smtp-pattern-list>\n"
    assert not parse(text).reflowed
    assert not parse('custom-dsn-from-header "x <domain *> y"\n').reflowed


def test_a_stanza_that_is_commented_out_stays_a_comment():
    text = "# <source 0/0>\n#   require-auth true\n# </source>\n# see <domain *> and </domain>\npostmaster a@b.c\n"
    assert shape(parse(text)) == [("postmaster", "a@b.c")]


def test_a_whole_flattened_config_of_many_stanzas_is_found():
    text = "".join(f"<virtual-mta m{i}> smtp-source-host 10.0.0.{i} m{i}.example.com</virtual-mta>" for i in range(50))
    assert [item[1] for item in shape(parse(text))] == [f"m{i}" for i in range(50)]


def test_settings_without_a_stanza_are_cut_when_they_may_stand_together():
    assert shape(parse("max-smtp-out 20 max-msg-rate 100/h\n")) == [("max-smtp-out", "20"), ("max-msg-rate", "100/h")]
    assert not parse("max-smtp-out 20 require-auth yes\n").reflowed
