"""What machines say is understood: whose side it is on, whether another port helps, and nothing of it is a wish."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.workspace.blockkit import problems
from commands.contract import UserError
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport import view
from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.evidence.messages import Group, messages, read_messages
from commands.smtpport.evidence.reader import evidence
from commands.smtpport.evidence.situations import situations
from commands.smtpport.evidence.symptoms import Symptom, fact_of
from commands.smtpport.question.reader import discreet, read
from commands.smtpport.text import full, headline
from commands.smtpport.wording import HARDLY_THE_PORT, NOT_THE_PORT, READS_LIKE, SIDES, UNDECIDED, diagnosis_words
from tests.every import every
from tests.smtpport.pastes import PASTES
from tests.work import calls

TEXTS = [row[0] for row in PASTES]
PORTS = (25, 465, 587, 2525)


def answered(text):
    return {"id": "0" * 28, **document(advise(discreet(read(text), text)))}


@every(PASTES)
def test_a_pasted_error_is_understood(text, role, port, diagnosis):
    made = answered(text)
    assert (made["understood"]["role"], made["diagnosis"]["code"]) == (role, diagnosis)
    assert (made["recommended"]["port"] if made["recommended"] else None) == port


@every(TEXTS)
def test_the_first_line_says_what_it_means_and_whose_side_it_is(text):
    made = answered(text)
    found = made["diagnosis"]
    assert set(found) == {"code", "side", "port_problem", "certain", "title", "message"}
    sure, reading = f"{found['message']} {SIDES[found['side']]}", READS_LIKE.format(found["title"])
    if found["side"] == "network" and made["network"] and (made["lead"] or "").startswith(made["network"]["name"]):
        assert headline(made).startswith(f"{made['lead']} {sure}")  # what is known of the network explains it
        return
    assert headline(made).startswith(sure if found["certain"] else UNDECIDED if made["undecided"] else reading)
    is_told = any(said in headline(made) for said in (NOT_THE_PORT, HARDLY_THE_PORT))
    is_named = found["code"] in situations() and situations()[found["code"]].named  # it says itself what helps
    assert is_told == (found["certain"] and not (found["port_problem"] or made["recommended"] or is_named))
    reply = view.answer(made, PORTS)
    assert headline(made).split(":")[0] in reply.text.splitlines()[0].replace("&lt;", "<")
    assert problems(reply.blocks, "message") == []


@every(TEXTS)
def test_no_exchanger_and_no_address_of_ones_own_gets_into_the_lines_to_paste(text):
    lines = "".join(lines for tool, lines in answered(text)["snippets"].items() if tool not in {"telnet", "nc"})
    lines = re.sub(r"Test-NetConnection .*|YOUR-TENANT\.mail\.protection\.outlook\.com", "", lines)
    assert not re.search(r"gmail-smtp-in|aspmx|yahoodns|protection\.outlook|mx\d|localhost|127\.0|172\.17|10\.0", lines)


@every(TEXTS)
def test_numbers_of_machines_are_no_ports(text):
    question = read(text)
    ports = {question.port, *question.also, *question.tried, *question.barred, *question.only} - {None}
    assert ports <= {25, 465, 587, 1025, 10024}


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("dsn=4.4.1, status=deferred (connect to mx1.example.org[203.0.113.9]:25: Connection timed out)", "relay"),
        ("nodemailer works locally but not on heroku", "submission"),
        ("home assistant with gmail", "submission"),
        ("454 4.7.0 TLS not available due to local problem", "submission"),
        ("conversation with smtp.sendgrid.net[192.0.2.4] timed out while receiving the initial greeting", "submission"),
    ],
)
def test_words_of_machines_are_no_purpose(words, role):
    question = read(words)
    assert (question.role, question.network) == (role, "heroku" if "heroku" in words else None)


def test_odd_words_beside_an_error_are_no_names_that_were_mistyped():
    assert read("Error: Client network socketlab hetzer closed, ETIMEDOUT").provider is None
    assert read("Error: Client network socketlab hetzer closed, ETIMEDOUT").network is None
    assert read("sendgrid from hetzner ETIMEDOUT").provider == "sendgrid"


def test_delivery_on_25_is_told_how_to_go_on_and_never_sent_to_587():
    made = answered(
        "postfix: connect to gmail-smtp-in.l.google.com[142.250.27.26]:25: Connection timed out from linode"
    )
    assert made["recommended"] is None
    assert "have 25 opened, or hand everything to a relay service" in headline(made)
    assert {it["port"] for it in made["fallbacks"]} <= {465, 587, 2525}
    assert "To lift it" in full(made)
    assert _checks(made) == ["gmail-smtp-in.l.google.com 25"]


def test_delivery_is_on_25_only_whatever_other_port_is_asked_about():
    made = answered("can postal deliver on 587 or 2525 because my host blocked 25")
    assert "on 25 alone" in headline(made)


def test_calls_and_odd_words_are_no_hosts():
    assert answered('5.7.1 Unable to relay, client.Connect("mail.example", 25, false)')["host"] == "mail.example"
    for text in ("el servidor devuelve 554 5.7.1 Relay access denied", "plausible cannot reach 465 from hetzner cloud"):
        assert "I do not know" not in full(answered(text))
    assert not answered("hostinger smtp settings")["shown"]


def test_a_port_that_the_provider_does_not_serve_is_no_fault_of_the_network():
    made = answered("connect ETIMEDOUT 52.98.16.210:465 host: smtp.office365.com")
    assert (made["diagnosis"]["code"], made["diagnosis"]["side"]) == ("not_served", "you")
    assert answered("connect ETIMEDOUT smtp.gmail.com:465")["diagnosis"]["code"] == "no_answer"


def test_what_is_behind_another_ports_failure_is_another_port():
    made = answered("Connection refused (111) connecting to smtp.sendgrid.net:587")
    assert made["understood"]["tried"] == [587]
    assert made["recommended"] == {"port": 465, "tls": "implicit"}
    assert made["diagnosis"]["port_problem"]


def test_who_talks_to_itself_gets_the_host_and_port_of_the_provider():
    made = answered("nodemailer with sendgrid: connect ECONNREFUSED 127.0.0.1:587")
    assert made["diagnosis"]["code"] == "talks_to_itself"
    assert (made["host"], made["recommended"]["port"], made["understood"]["tried"]) == ("smtp.sendgrid.net", 587, [])
    assert answered("connect ECONNREFUSED 127.0.0.1:587")["recommended"] is None


def test_where_no_port_is_at_fault_none_is_told_about():
    made = answered("smtp.gmail.com:465 535-5.7.8 Username and Password not accepted")
    assert (made["about"], made["fallbacks"], made["snippets"]) == ([], [], {})
    assert "app password" in full(made)
    assert "Sources:" not in full(answered("535 5.7.8 authentication failed"))


def test_a_host_that_was_named_can_be_checked():
    made = answered("smtp.gmail.com:465 535-5.7.8 Username and Password not accepted")
    pressed = [
        it for block in view.answer(made, PORTS).blocks if block["type"] == "actions" for it in block["elements"]
    ]
    check = next(it for it in pressed if it["action_id"] == "smtpcheck.check")
    assert (check["text"]["text"], check["value"]) == ("Check smtp.gmail.com", "smtp.gmail.com")


def test_a_destination_is_checked_on_25_and_on_no_port_for_submission():
    made = answered("connect to mail.example.org[198.51.100.7]:25: Connection refused")
    assert _checks(made) == ["mail.example.org 25"]


def _checks(made):
    rows = [it for block in view.answer(made, PORTS).blocks if block["type"] == "actions" for it in block["elements"]]
    return [it["value"] for it in rows if it["action_id"] == "smtpcheck.check"]


@every([*Symptom, *Meaning])
def test_every_diagnosis_has_words_and_a_side(code):
    assert fact_of(code).side in SIDES
    assert diagnosis_words(code).endswith(".")


def test_a_mistake_in_the_messages_is_told_with_its_row():
    row = {"words": "x", "diagnosis": "nothing_known"}
    table = {"source": "us", "date": "2026", "messages": [row]}
    with pytest.raises(ValueError, match=r"client\.tls, message 1: .*nothing_known is no diagnosis"):
        list(read_messages({group: {"tls": table} if group == "client" else {} for group in get_args(Group)}, "client"))


def test_no_message_repeats_without_end():
    patterns = [
        row.pattern.pattern.pattern for group in ("before-replies", "replies", "client") for row in messages(group)
    ]
    assert [it for it in patterns if re.search(r"(?<!\\)[)\].](?:\*|\+|\{\d+,\})", it)] == []


SECRET = "hunter2Xq9"


@pytest.mark.parametrize(
    "text",
    [
        f"535 5.7.8 authentication failed user=bob password={SECRET} smtp.example.com:587",
        f"EAUTH Invalid login bob:{SECRET} at 587",
        f"connect to smtp.example.com[192.0.2.9]:587: Connection refused, login bob pass {SECRET}",
        f"550 5.7.1 relaying denied {SECRET}",
    ],
)
def test_nothing_that_was_pasted_is_repeated(text):
    try:
        made = answered(text)
    except UserError as error:
        assert SECRET not in f"{error.message} {error.hint}"
        return
    assert SECRET not in str(made)
    assert SECRET not in full(made)


@given(st.lists(st.sampled_from(sorted({word for text in TEXTS for word in text.split()})), max_size=40))
def test_any_mix_of_what_machines_say_gives_an_answer(words):
    made = answered(" ".join(words))
    assert problems(view.answer(made, PORTS).blocks, "message") == []


@given(st.text(alphabet=":.[]()=1af25 \n-", max_size=400))
def test_any_row_of_signs_is_read(text):
    assert evidence(text).symptom is None or fact_of(evidence(text).symptom)


@pytest.mark.parametrize("piece", ["a.", "a-", "1:", "::", "1.1.1.", "[", "a[1.", "mx1.", "(1", "550 ", "not ", "x::"])
def test_twice_a_hostile_text_is_at_most_about_twice_the_work(piece):
    read(piece)  # what is read once for all
    once, twice = (calls(read, piece * (length // len(piece))) for length in (900, 1800))
    assert twice < 2.5 * once


def test_what_a_server_says_of_an_isp_is_nothing_of_the_askers_line():
    said = (
        "host mx.example.com said: 550 5.7.1 Please contact your ISP since part of their network is on our block list"
    )
    assert (read(said).network, read(said).symptom) == (None, "own_list")
