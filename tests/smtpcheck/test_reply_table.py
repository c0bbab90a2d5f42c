"""The table of replies: what servers say is read as it is meant, and its data is sound."""

import re
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.smtpcheck.result.meanings import OF_OUR_ADDRESS, Meaning, Subject, Waiting
from commands.smtpcheck.result.replies.reading import MOST_READ, listing_in, meaning_of, read, read_line
from commands.smtpcheck.result.replies.table import CONFIDENCES, STAGES, blocklists, read_rows, rows
from commands.smtpcheck.result.scales import Side
from tests.every import every
from tests.smtpcheck.patterns import cost, sample, texts, tree
from tests.smtpcheck.reply_table import LISTINGS, PASTED, REPLIES
from tests.smtpcheck.speaking import EHLO_NAME

DATE = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?|undated \(read 20\d\d-\d\d\)")
RFC = "rfc"
MOST_WAYS = 8000


@every(REPLIES)
def test_a_reply_is_read_as_it_is_meant(stage, line, meaning):
    row = read_line(stage, line, ehlo_name=EHLO_NAME)
    assert (row.meaning if row else "") == meaning


@pytest.mark.parametrize(("line", "meaning"), PASTED)
def test_a_line_without_its_stage_is_read_by_its_words_alone(line, meaning):
    row = read_line(None, line)
    assert (row.meaning if row else "") == meaning


@every(LISTINGS)
def test_a_blocklist_is_told_with_its_own_page_and_with_no_other(text, name, look_up):
    found = listing_in(text)
    assert (found and found.name, found and found.look_up) == (name, look_up)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Client host [192.0.2.1] blocked using zen.spamhaus.org", "listed"),
        ("Client host [2001:db8::1] blocked using bl.example.net", "listed_somewhere"),
        ("Helo command [mail.example.com] blocked using dbl.spamhaus.org", "name_listed"),
        ("Unverified Client host [1.example.com] blocked using dbl.example.net", "name_listed_somewhere"),
        ("Sender address [a@example.com] blocked using dbl.example.net", "name_listed_somewhere"),
    ],
)
def test_a_name_that_is_listed_is_told_from_an_address(text, kind):
    assert listing_in(f"5.7.1 Service unavailable; {text}").kind == kind


def test_a_list_that_is_closed_has_no_page_to_look_up():
    found = listing_in("blocked using dnsbl.sorbs.net, see https://www.sorbs.net/lookup?1")
    assert (found.closed, found.look_up) == ("2024-06-05", "")


@every(product(range(400, 600), ["5.7.1", "5.7.30", "4.7.0", "5.1.1", "4.3.0", "5.7.25"]))
def test_an_enhanced_code_alone_never_decides(code, enhanced):
    assert meaning_of(None, code, f"{enhanced} nothing that anybody knows") is None


@every(rows())
def test_every_row_is_whole(row):
    assert row.codes
    assert row.confidence in CONFIDENCES
    assert DATE.fullmatch(row.source.date)
    assert row.source.url.startswith("https://")
    assert row.words or (row.software == RFC and row.stages < set(STAGES))
    assert not row.enhanced or re.fullmatch(r"[X45?]\.[0-9X.|?:()\[\]{},-]+", row.enhanced)
    assert cost(tree(row.words)) <= MOST_WAYS
    assert cost(tree(row.enhanced.replace("X", "[45]"))) <= MOST_WAYS


@every(rows())
def test_no_row_is_hidden_behind_an_earlier_one(row):
    """Each is reached with one of its codes, at one of its stages, by one of its wordings."""
    enhanced = sample(tree(row.enhanced.replace("X", "5").replace(".", r"\.")))
    said = [f"{enhanced} {text}".strip() for text in texts(tree(row.words))]
    tried = ((stage, code, text) for stage in STAGES if stage in row.stages for code in row.codes for text in said)
    assert any(read(stage, code, text, ehlo_name="") is row for stage, code, text in tried)


def test_known_software_stands_before_shared_words_and_these_before_the_rfcs():
    groups = list(dict.fromkeys(row.software.partition("-of-")[0] for row in rows()))
    assert groups[-2:] == ["shared", RFC]


@pytest.mark.parametrize("row", blocklists(), ids=lambda row: row.name)
def test_every_blocklist_is_whole(row):
    assert cost(tree(row.words)) <= MOST_WAYS
    assert DATE.fullmatch(row.date)
    assert not row.look_up or any(domain in row.look_up for domain in row.domains)
    assert not row.closed or (date.fromisoformat(row.closed), row.look_up) >= (date(2000, 1, 1), "")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"meaning": "of_no_such_row"}, "of_no_such_row"),
        ({"code": "4(", "meaning": "listed"}, "reply 1"),
        ({"stages": ["at_night"], "meaning": "listed"}, "at_night"),
        ({"wrods": "x", "meaning": "listed"}, "wrods"),
        ({"source": "nobody", "meaning": "listed"}, "nobody"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_row(mistake, told):
    source = {"label": "x", "url": "https://example.com", "date": "2026", "confidence": "documented"}
    software = {"name": "X", "source": "x", "replies": [{"code": "4..", "words": "x", **mistake}]}
    with pytest.raises(ValueError, match=r"software\.x, reply 1") as error:
        list(read_rows({"source": {"x": source}, "software": {"x": software}}))
    assert told in str(error.value)


def test_a_meaning_that_has_been_read_is_one_of_the_table():
    assert {row.meaning for row in rows()} == set(Meaning)
    assert all(
        meaning.subject in Subject and meaning.side in Side and meaning.waiting in Waiting for meaning in Meaning
    )
    assert all(meaning.side is Side.OURS for meaning in OF_OUR_ADDRESS)


@given(
    st.sampled_from([None, *STAGES]), st.integers(-99, 1100) | st.none(), st.text(max_size=2000), st.text(max_size=9)
)
def test_any_reply_is_read(stage, code, text, name):
    row = read(stage, code, text, ehlo_name=name)
    assert row is None or code in row.codes
    listing_in(text)


@pytest.mark.parametrize("piece", ["spamhaus.", "a.", "1", "blocked using a.", "https://", "listed ", "@OURS@ "])
def test_a_long_reply_is_read_up_to_its_bound(piece):
    text = "x " * MOST_READ + piece * 5000
    assert read("ehlo", 554, text) is None
    assert listing_in(text) is None
