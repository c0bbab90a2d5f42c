"""Lines are read with short cuts, and an edited text is read where it was edited: with the same result as in full."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.settings import Catalogue
from commands.secrets.lines import NOTHING, read_form, read_line
from commands.secrets.masking import Edit, Mask, masked
from commands.secrets.reading import Reader
from commands.secrets.token_forms import form_of, tokens_in

PIECES = (
    "password", "auth-password", "max-smtp-out", "domain", " ", " ", "=", ": ", "\n", "\n", "\r", "\r\n", "\\\n",
    "# ", '"', "x7Kq", "hunter two", "20", "20\n", "<domain x>", "</domain>\n", "xoxb-1234-abc", "********",
    "https://a:b@c.example/x", "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\n",
)  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@st.composite
def edited(draw):
    """A text, another one, and the edits that make it."""
    kept = draw(st.lists(pieces, min_size=2, max_size=4))
    changed = [(draw(pieces), draw(pieces)) for _ in kept[1:]]
    old, new, edits = kept[0], kept[0], []
    for (before, after), between in zip(changed, kept[1:], strict=True):
        edits.append(Edit(len(old), len(old) + len(before), len(after)))
        old, new = old + before + between, new + after + between
    return old, new, edits


def state(lines):
    """What counts: at the very end there is nothing that could be open."""
    still_open = {at: waiting for at, waiting in lines.open.items() if at < len(lines.text)}
    return lines.spans, lines.tokens, still_open


@given(edited())
@settings(max_examples=150, deadline=None)
def test_an_edited_text_is_read_as_if_it_were_new(case):
    old, new, edits = case
    reader = Reader(Catalogue())
    assert state(reader.read_again(reader.read(old), edits, new)) == state(Reader(Catalogue()).read(new))


@given(edited())
@settings(max_examples=80, deadline=None)
def test_the_mask_of_an_edited_text_is_that_of_a_new_one(case):
    old, new, edits = case
    for language in (Catalogue(), Mask("").settings):
        assert Mask(old, language).edited(new, edits).spans == Mask(new, language).spans


@pytest.mark.parametrize("value", ["0", "20", "10m", "123456789012345"])
def test_a_setting_with_a_number_is_skipped_where_the_rest_of_the_reading_finds_nothing(value):
    plain = [name for name in DIRECTIVES if Catalogue().plain_words(name) > 0]
    assert len(plain) > 300
    assert [name for name in plain if read_line(f"    {name} {value}", Catalogue()) is not NOTHING] == []
    assert [name for name in plain if read_line(f"    {name} {value} #", Catalogue()) is not NOTHING] == []
    assert [name for name in plain if tokens_in(name) or tokens_in(name.upper())] == []


@pytest.mark.parametrize("sign", ["key-", "sk-", "md-", "re_", "key-re_sk-md-"])
def test_what_a_token_begins_with_may_stand_in_a_line_a_hundred_thousand_times(sign):
    assert tokens_in(sign * 100_000) == []
    assert tokens_in(sign * 100 + "Kv3TpZq7Wx9") != []


@pytest.mark.parametrize("token", ["glsoat-Zq7Wx9", "glcbt-Zq7Wx9", "glagent-Zq7Wx9", "shpca_Zq7Wx9", "shpss_Zq7Wx9"])
def test_a_token_is_known_by_its_own_beginning_and_not_by_that_of_another_in_the_text(token):
    assert token not in masked(f"# {token}")


WORDS = (
    "max-smtp-out", "domain", "smtp-source-host", "auth-password", "auth-username", "domain-key", "http-access",
    "<domain ", "<virtual-mta ", ">", "# ", " ", " ", "\t", ",", ".", "-", ":", "/", "=", "_", "$", "{MD", "}", "@",
    "p", "s", "c", "ecr", "ass", "ya", "sq", "fo", "_v", "_", "v", ".local.", "atp-", "wpa", "bot", "AC", "key-", "s.",
    "mta", "relay", "example.com", "vmta", "pin", "Q~", "x", "Kv", "xoxb-", "-p ", "eyJ", "pop", "//", "(",
)  # fmt: skip
lines_with_digits = st.lists(
    st.one_of(st.sampled_from(WORDS), st.text("0123456789", min_size=1, max_size=3)), min_size=1, max_size=12
).map("".join)


@given(lines_with_digits, st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_what_is_known_of_a_line_by_its_form_is_so_whatever_its_digits_are(line, random):
    known = read_form(form_of(line), Catalogue())
    other = "".join(random.choice("0123456789") if "0" <= sign <= "9" else sign for sign in line)
    if known:
        assert holds(known) == holds(read_line(line, Catalogue())) == holds(read_line(other, Catalogue()))


def holds(reading):
    return sorted(reading.spans), reading.waiting, list(reading.tokens)


@pytest.mark.parametrize(
    "line",
    [
        "max-smtp-out 20",
        "smtp-source-host 203.0.113.7 mta-7.example.com",
        "<virtual-mta mta-17>",
        "domain-key s1,customer7.example,/etc/pmta/keys/7.pem",
        "auth-password s3cr3t-7",
    ],
)
def test_lines_that_large_configs_are_made_of_are_known_by_their_form(line):
    assert read_form(form_of(line), Catalogue()) is not None


@pytest.mark.parametrize("telling", ["s3cret", "p4ss", "$1$x", "sq0atp-", "fo1_", "ya29.", "{MD5}", "v2.local."])
def test_a_form_says_nothing_where_a_single_digit_makes_a_secret(telling):
    assert read_form(form_of(f"smtp-source-host 203.0.113.7 {telling}"), Catalogue()) is None
