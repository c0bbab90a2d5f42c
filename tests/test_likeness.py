"""Which topic a text is most like: what the scorer over examples promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.likeness import MOST_TEXT, Examples

TOPICS = {
    "close_25": ["can I close port 25 on my mail server?", "is it safe to shut 25?", "¿puedo cerrar el puerto 25?"],
    "blocked_25": [
        "hetzner blocks port 25, how do I get it opened?",
        "port 25 is blocked by my hoster",
        "25 bloqueado",
    ],
    "quota": ["how many mails may I send a day?", "what is the sending limit?", "¿cuántos correos al día?"],
}
WORDS = {"puerto": "port", "cerrar": "close", "shut": "close", "bloqueado": "block", "hetzner": "NETWORK hetzner"}
WORDS |= {"ovh": "NETWORK ovh", "correos": "mail"}
EXAMPLES = Examples(TOPICS, WORDS)

said = sorted({word for texts in TOPICS.values() for text in texts for word in text.split()})
texts = st.text(max_size=300) | st.lists(st.sampled_from(said)).map(" ".join)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("should port 25 be closed?", "close_25"),
        ("¿Debo cerrar el 25?", "close_25"),
        ("our hoster blocked port 25", "blocked_25"),
        ("what limit of mails a day", "quota"),
    ],
)
def test_a_text_is_like_the_topic_whose_examples_say_the_same_in_other_words(text, topic):
    assert EXAMPLES.most_like(text).topic == topic


def test_a_word_of_a_class_counts_for_the_others_of_it():
    assert EXAMPLES.most_like("ovh and opening it").topic == "blocked_25"


def test_accents_capitals_and_endings_make_no_difference():
    assert EXAMPLES.features("CERRAR los Puertos") == EXAMPLES.features("cerrár el puerto")


def test_what_is_denied_is_marked_up_to_the_end_of_its_clause():
    assert "NOT work" in EXAMPLES.features("it does not work")
    assert "NOT work" not in EXAMPLES.features("not so. works")


def test_hosts_and_addresses_count_as_that_and_by_the_name_in_them():
    assert EXAMPLES.features("mail.ovh.net 192.0.2.7") >= {"HOST", "NETWORK", "ovh", "ADDRESS"}


def test_words_that_stand_near_each_other_are_a_pair_in_either_order():
    assert EXAMPLES.features("port closed") == EXAMPLES.features("closed port")
    assert "block port" in EXAMPLES.features("is the port perhaps blocked")


def test_a_courtesy_counts_where_the_table_has_a_meaning_for_it():
    assert "help" not in EXAMPLES.features("please help me")
    assert "help" in Examples(TOPICS, {"ayuda": "help", "help": "help"}).features("ayuda por favor")


def test_a_text_that_has_nothing_of_any_example_is_like_none():
    assert EXAMPLES.most_like("zebra giraffe") is None
    assert EXAMPLES.most_like("") is None


def test_an_example_is_most_like_its_own_topic():
    for topic, said in TOPICS.items():
        for text in said:
            assert EXAMPLES.most_like(text).topic == topic


def test_nothing_behind_the_most_text_is_read():
    assert EXAMPLES.most_like("a " * MOST_TEXT + TOPICS["quota"][0]) is None


@given(texts)
def test_the_scores_of_any_text_fall_and_a_margin_is_what_a_topic_leads_by(text):
    found = EXAMPLES.ranked(text, len(TOPICS))
    scores = [it.score for it in found]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    assert [it.score * (1 - it.margin) for it in found] == pytest.approx([*scores[1:], 0][: len(scores)])
    assert [it.topic for it in EXAMPLES.ranked(text, 1)] == [it.topic for it in found[:1]]


@given(texts, st.permutations(list(TOPICS)))
def test_the_order_of_the_topics_changes_no_score(text, order):
    other = Examples({name: TOPICS[name] for name in order}, WORDS)
    one, two = (it.most_like(text) for it in (EXAMPLES, other))
    assert (one and one.score) == pytest.approx(two and two.score)
