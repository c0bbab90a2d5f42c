"""What goes through the pipe comes out of it as it was."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from commands.contract import Attachment
from commands.pmta.checking import (
    LONG,
    Order,
    answer_of,
    answer_parts,
    mending,
    order_of,
    order_parts,
    studied,
    unpacked,
)
from commands.pmta.fixes import safe_fixes
from commands.pmta.linter import study
from commands.pmta.masking import masked
from commands.pmta.paste import Message, Pasted
from tests.pmta.shapes import configs

files = st.builds(Attachment, st.text(max_size=20), st.binary(max_size=200))
texts = st.builds(Pasted, st.text(max_size=200), st.text(max_size=20), st.just(("links", "quotes")))
messages = st.builds(Message, st.text(max_size=200), st.text(max_size=20))
lone = st.builds(Pasted, st.just("max-smtp-out \ud800\n"), st.just("\udfff"))


@given(
    st.one_of(files, texts, messages, lone),
    st.sampled_from(["4.0", "5.0"]),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
def test_an_order(given, version, fragment, keep):
    order = Order(given, version, fragment, keep, mend=not keep)

    assert order_of(*order_parts(order)) == order


@given(configs)
@settings(max_examples=50, deadline=None)
def test_an_answer_with_its_lines_and_parameters(text):
    made = studied(Order(Pasted(text, "x"), keep=True))
    said = answer_of(*answer_parts(made))

    assert said == made
    for one, other in zip(said.report.findings, made.report.findings, strict=True):
        for name in ("marked", "quoted", "says", "params"):
            assert getattr(one, name) == getattr(other, name)


def test_a_long_text_that_is_to_be_mended_later():
    made = studied(
        Order(Pasted("<domain a.example>\nmax-smpt-out 20\n</domain>\n" + "# x\n" * LONG, "x"), "4.5", fragment=False)
    )

    assert answer_of(*answer_parts(made)) == made
    assert mending(made, "y") == Order(Pasted(unpacked(made.unmended).decode(), "y"), "4.5", False, mend=True)
    assert made.is_fixable
    assert not made.packed


def test_the_mended_text_is_the_one_that_the_terminal_writes_with_its_secrets_covered():
    text = "<domain x.example>\nmax-smpt-out 20\nauth-password geheim\n</domain>\n"

    made = studied(Order(Pasted(text, "x")))

    assert unpacked(made.packed).decode() == masked(safe_fixes(text, study(text)[0]))
    assert "max-smtp-out 20" in unpacked(made.packed).decode()


def test_what_is_carried_is_small_and_counts_the_rest():
    text = "".join(f"no-such-setting-{number} 1\n<nothing{number}>\nmax-smtp-out x{number}\n" for number in range(1500))

    made = studied(Order(Pasted(text, "x")))
    whole, _ = study(text)

    assert len(made.report.findings) == 2000
    assert made.report.counts == whole.counts
    assert made.report.total == whole.total > 4000
    assert sum(made.report.counts.values()) == whole.total
    assert replace(made.report, findings=(), more=()) == replace(whole, findings=(), more=())


def test_no_word_makes_an_answer_long():
    word = "x" * 100_000
    text = f"smtp-source-host 203.0.113.9 {word}\nmax-smtp-out {word}\n{word} 1\nuse-starttls on,{word}\n"

    parts = answer_parts(studied(Order(Pasted(text, "x"))))

    assert sum(map(len, parts)) < 20_000
