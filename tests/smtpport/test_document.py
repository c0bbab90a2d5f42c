"""The JSON is the one that is promised."""

import json
import re

from commands.smtpport.advise import advise
from commands.smtpport.document import document, explained
from commands.smtpport.question.reader import read
from tests.every import every
from tests.smtpport.questions import QUESTIONS


def document_of(text):
    return document(advise(read(text)), "2026-11-28")


@every(row[0] for row in QUESTIONS)
def test_the_json_has_the_promised_keys_and_survives_a_round_trip(text):
    made = document_of(text)
    assert made["schema"] == "portero.port/1"
    assert {"role", "provider", "network"} <= set(made["understood"])
    assert made["recommended"] is None or set(made["recommended"]) == {"port", "tls"}
    assert all(set(fallback) - {"host"} == {"port", "tls", "reason"} for fallback in made["fallbacks"])
    assert all(set(avoided) == {"port", "reason"} for avoided in made["avoid"])
    assert made["reasons"]
    assert made["sources"]
    assert json.loads(json.dumps(made)) == made


def test_second_hand_evidence_is_called_reported_with_its_date():
    reasons = document_of("sparkpost from exoscale")["reasons"]
    assert any("blocks outbound 25" in reason and "(reported, 2024-03-11, 2 years old)" in reason for reason in reasons)


def test_what_a_network_does_carries_its_date_even_when_documented():
    assert any("(as of 2023-04-28, 3 years old)" in reason for reason in document_of("ses from linode")["reasons"])


def test_a_reason_ends_with_the_numbers_of_its_sources():
    made = document_of("sparkpost")
    assert made["reasons"][1] == "SparkPost lists 587 and 2525 (as of 2026-06-23) [1]."
    assert made["sources"][0].startswith("SparkPost SMTP API, 2026-06-23, documented: https://")


@every(row[0] for row in QUESTIONS)
def test_every_number_leads_to_a_source_and_every_source_is_cited(text):
    made = document_of(text)
    cited = {int(number) for group in re.findall(r"\[([\d, ]+)\]", json.dumps(made)) for number in group.split(",")}
    cited -= {*made["understood"]["tried"], *made["understood"]["barred"], *made["understood"]["only"]}
    assert cited - {0} == set(range(1, len(made["sources"]) + 1))


def test_a_source_is_listed_once():
    sources = document_of("sendgrid from google cloud, why not 25")["sources"]
    assert len(sources) == len(set(sources))


def test_ports_in_a_sentence_are_joined_as_people_do():
    assert "lists 587 and 2525" in document_of("sparkpost")["reasons"][1]


def test_the_explanation_names_who_offers_a_port():
    assert "Amazon SES" in explained(2587)["offered_by"]
    assert explained(4711)["registered"] is None


@every(
    [
        ("telnet smtp.gmail.com 587 works, which port do I set?", []),
        ("telnet smtp.gmail.com 587", ["telnet", "nc", "powershell"]),
        ("which port do other servers use to deliver to my postfix?", []),
        ("postfix with sendgrid", ["postfix"]),
    ]
)
def test_lines_stand_in_the_answer_for_who_asks_for_them(text, shown):
    assert document(advise(read(text)))["shown"] == shown
