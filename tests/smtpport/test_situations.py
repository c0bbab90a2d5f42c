"""What people are in who ask is recognised by symptom and context, and names no port where none is at fault."""

import re
import tomllib
from importlib import resources

import pytest

from commands.smtpcheck.result.meanings import BY_NAME
from commands.smtpport.advise import advise
from commands.smtpport.choices import chosen
from commands.smtpport.document import document
from commands.smtpport.evidence.examples import examples
from commands.smtpport.evidence.phrases import Phrases, words_of
from commands.smtpport.evidence.situations import FILES, read_table, remarks, situations, table
from commands.smtpport.evidence.symptoms import Symptom, fact_of
from commands.smtpport.question.reader import read
from commands.smtpport.text import printed
from tests.every import every
from tests.work import calls

ROWS = tomllib.loads(resources.files(__package__).joinpath("situations.toml").read_text("utf-8"))
MOST_CHARACTERS = 480
"""Of a sentence: it stands in one line of an answer."""


@every([(text, code) for code, texts in ROWS["seen"].items() for text in texts])
def test_a_situation_is_recognised(text, code):
    assert read(text).symptom == code


@every(list(ROWS["other"].items()))
def test_what_only_resembles_a_situation_is_none(text, code):
    assert read(text).symptom == (code or None)


def test_every_situation_has_a_question_and_a_short_sentence():
    assert set(ROWS["seen"]) | examples().topics >= set(situations())
    assert [code for code, it in situations().items() if len(it.says) > MOST_CHARACTERS] == []
    assert [code for code, it in situations().items() if "`" in it.says] == []  # what is drawn as text shows them


def test_where_no_port_is_at_fault_none_is_named():
    named = {code: advise(read(texts[0])).recommended for code, texts in ROWS["seen"].items()}
    assert {code for code, port in named.items() if port} <= {
        code for code, it in situations().items() if it.fact.effect != "not_the_port"
    }


def test_words_alone_are_one_reading_with_the_next_ones_beside_it():
    made = document(advise(read("fail2ban and dkim")))
    assert (made["undecided"], [it["code"] for it in made["readings"]]) == (True, ["about_ban", "about_signatures"])
    made = document(advise(read("535 5.7.8 although the same password works in thunderbird")))
    assert (made["undecided"], made["diagnosis"]["certain"]) == (False, False)
    assert [it["code"] for it in made["readings"]] == ["login_refused"]


def test_a_last_resort_makes_nothing_undecided():
    question = read("since eset was installed on one PC outlook cannot send, the other PCs are fine")
    assert (question.symptom, question.undecided) == ("antivirus", False)


def test_a_reading_names_no_side_no_port_and_nothing_to_avoid():
    lines = printed(document(advise(read("fail2ban banned our office, 587"))))
    assert lines.startswith("This reads like: an address is banned there.")
    assert not re.search(r"Avoid|side|STARTTLS|[Pp]ort\b", lines.partition("\nMore:")[0])


@every(["can I receive mail on 587, but only for one domain?", "is 465 or 587 safer, without other changes"])
def test_what_is_asked_in_general_is_answered_whatever_is_said_beside_it(text):
    question = read(text)
    assert (question.certain, fact_of(question.symptom).side) == (True, "nobody")


def test_an_error_that_somebody_met_is_not_asked_about_in_general():
    assert read("535 5.7.8 on 587, do I need a password?").symptom == "login_refused"


def test_of_a_situation_that_holds_beside_a_contrast_one_half_only_may_be_meant():
    assert read("selinux: connection to 587 fails with permission denied").certain
    assert not read("selinux: 587 permission denied, but only since we use another relay").certain


def test_where_nothing_tells_what_is_meant_it_is_asked():
    made = document(advise(read("baikal: sending fails")))
    assert (made["undecided"], made["recommended"], made["avoid"]) == (True, None, [])
    assert [it["code"] for it in made["readings"]] == ["no_answer", "login_refused", "handshake_failed"]


@every(
    [
        it["code"]
        for text in ("baikal: sending fails", "fail2ban and dkim")
        for it in document(advise(read(text)))["readings"]
    ]
)
def test_what_is_chosen_is_answered_as_said(code):
    made = document(advise(chosen(read("fail2ban and dkim"), code)))
    assert (made["undecided"], made["readings"], made["diagnosis"]["certain"]) == (False, [], True)


def test_what_is_particular_weighs_more_than_what_is_said_of_any_mail_server():
    question = read("how to make postfix listen on 2525, my isp blocks 25 inbound")
    assert (question.role, question.fails, question.symptom) == ("receive", True, "receive_elsewhere")


def test_no_situation_is_called_as_a_symptom_or_a_reply():
    assert set(situations()).isdisjoint({*BY_NAME, *map(str, Symptom)})


def test_every_sign_is_used():
    used = {sign for case in (*table().cases, *table().remarked) for sign in (*case.seen, *case.absent)}
    assert {sign for name in FILES for sign in tomllib.loads(file(name))["signs"]} - used == set()


def test_no_row_and_no_sign_stands_in_two_files():
    files = [tomllib.loads(file(name)) for name in FILES]
    rows = [
        code for it in files for kind in ("situations", "answers", "products", "remarks") for code in it.get(kind, {})
    ]
    signs = [sign for it in files for sign in it["signs"]]
    assert (len(rows), len(signs)) == (len(set(rows)), len(set(signs)))


@every([(text, code) for code, texts in ROWS["remarked"].items() for text in texts])
def test_what_is_known_of_a_product_is_told_beside_the_answer(text, code):
    made = document(advise(read(text)))
    assert code in read(text).remarks
    assert remarks()[code].says.removesuffix(".") in " ".join([made["lead"] or "", *made["why"]])


def test_every_remark_has_a_question_and_a_short_sentence():
    assert set(ROWS["remarked"]) == set(remarks())
    assert [code for code, it in remarks().items() if len(it.says) > MOST_CHARACTERS // 2] == []


def test_what_is_known_of_a_product_is_stated_whatever_else_is_told_with_its_source():
    made = document(advise(read("my form works in xampp, but not on godaddy: Connection refused (111)")))
    assert (made["diagnosis"]["code"], made["diagnosis"]["certain"]) == ("godaddy_bars", True)
    assert re.search(r"\(reported, 2026-07-01\) \[\d, \d]\.", made["diagnosis"]["message"])
    assert printed(made).partition("\n")[0].endswith("It is the network on the way.")  # it says itself what helps


def test_a_port_beside_which_something_is_set_wrong_is_kept():
    made = document(advise(read("nodemailer Greeting never received, secureConnection: true, port: 465, smtp.qq.com")))
    assert (made["recommended"]["port"], [it["port"] for it in made["avoid"]]) == (465, [25])


def test_that_a_product_is_named_says_nothing_of_what_fails():
    assert read("535 5.7.8 authentication failed, phpmailer on godaddy with gmail 465").symptom == "login_refused"
    assert read("which port for gmail from a speedport?").symptom != "godaddy_bars"


def file(name):
    return resources.files("commands.smtpport.evidence").joinpath(name).read_text("utf-8")


PHRASES = Phrases(
    {"gap": ["no .. mail"], "begin": ["deliver* late"], "list": ["{fish} swims"], "end": ["over |"]},
    {"fish": "cod eel"},
)


@every(
    [
        ("no new mail", {"gap"}),
        ("No mail!", {"gap"}),
        ("no, mail", set()),
        ("no a b c d e f mail", set()),
        ("delivered late", {"begin"}),
        ("an eel swims, the cod-swims", {"list"}),
        ("it is over. again", {"end"}),
        ("overt", set()),
    ]
)
def test_a_phrase_is_words_of_one_clause(text, signs):
    assert set(PHRASES.places_in(words_of(text))) == signs


ROW = {"title": "it", "says": "It is so.", "side": "you", "when": ["sign"], "firm": True}


@every(
    [
        ({**ROW, "when": ["other"]}, "are no signs"),
        ({**ROW, "side": "them"}, "them is no side"),
        ({**ROW, "says": "it is"}, "no whole sentence"),
        ({**ROW, "port": "any"}, "any"),
        ({**ROW, "more": 1}, "unknown fields"),
        ({"title": "it", "when": ["sign"]}, "says"),
        ({**ROW, "firm": False}, "you is no side"),
    ]
)
def test_a_mistake_in_the_table_is_told_with_its_row(row, said):
    with pytest.raises(ValueError, match=rf"situations\.toml, it: .*{said}"):
        read_table({"words": {}, "signs": {"sign": "some words"}, "situations": {"it": row}})


def test_a_phrase_needs_letters_to_be_found_by():
    with pytest.raises(ValueError, match="less than 4 letters"):
        Phrases({"sign": ["so*"]}, {})


@pytest.mark.parametrize("piece", ["no no ", "mail ", "not .. ", "error: ", "test test mail "])
def test_twice_a_hostile_text_is_about_twice_the_work(piece):
    read(piece)
    once, twice = (calls(read, piece * (length // len(piece))) for length in (900, 1800))
    assert twice < 2.5 * once
