"""Texts that nobody writes and everybody can send: they neither crash nor grow out of hand."""

import runpy
import sys
from pathlib import Path

import pytest

from commands.contract import Attachment, UserError
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import in_braces
from commands.pmta.paste import MOST_LINES, from_file
from tests.work import calls

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "pmta_shapes.py"))
SHAPES, WORK = BENCH["SHAPES"], BENCH["work"]


@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_is_at_most_about_twice_the_work(name):
    calls(WORK, SHAPES[name](500))  # what is loaded once

    once, twice = calls(WORK, SHAPES[name](2_000)), calls(WORK, SHAPES[name](4_000))

    assert twice <= 2.4 * once + 500


def test_the_text_is_searched_for_braces_once_whatever_number_of_lines_asks():
    class Text(str):
        __slots__ = ()
        asked = 0

        def __contains__(self, sign):
            Text.asked += 1
            return super().__contains__(sign)

    config = Config("domain-key a,b.example,/k\n" * 9)
    config.text = Text(config.text)

    assert [one for one in config.named("domain-key") if in_braces(config, one)] == []
    assert Text.asked <= 2


def test_a_file_of_nothing_but_line_breaks_and_tags_is_refused_before_it_is_read():
    for piece in ("\n", "\r", "<domain *>"):
        with pytest.raises(UserError, match="more than 800,000 lines and tags"):
            from_file(Attachment("config", b"max-smtp-out 20\n" + piece.encode() * (MOST_LINES + 1)))


def test_no_memory_of_the_validator_grows_for_ever_with_what_people_paste():
    forms = {
        "_any_of",
        "arguments",
        "most_words",
        "says",
        "_is_firm",
        "_is_strict",
        "_test",
        "_test_of",
    }  # asked about forms of the catalogue only
    loaded = [module for name, module in sys.modules.items() if name.startswith("commands.pmta.")]
    caches = {one.__name__: one.cache_info() for module in loaded for one in vars(module).values() if is_cache(one)}
    assert len(caches) > 10
    assert {name for name, info in caches.items() if info.maxsize is None} <= forms


def is_cache(one):
    return callable(one) and hasattr(one, "cache_info")
