"""The JSON is the one that is promised."""

import json

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.model import document, explained
from commands.smtpport.reader import read
from tests.smtpport.questions import QUESTIONS


def document_of(text):
    return document(advise(read(text)))


@pytest.mark.parametrize("text", [row[0] for row in QUESTIONS])
def test_the_json_has_the_promised_keys_and_survives_a_round_trip(text):
    made = document_of(text)
    assert made["schema"] == "portero.port/1"
    assert {"role", "provider", "network"} <= set(made["understood"])
    assert made["recommended"] is None or set(made["recommended"]) == {"port", "tls"}
    assert all(set(fallback) == {"port", "tls", "reason"} for fallback in made["fallbacks"])
    assert all(set(avoided) == {"port", "reason"} for avoided in made["avoid"])
    assert made["reasons"]
    assert made["sources"]
    assert json.loads(json.dumps(made)) == made


def test_second_hand_evidence_is_called_reported():
    assert any("reported: Thunderbird" in reason for reason in document_of("fastmail")["reasons"])


def test_a_reason_ends_with_its_source_and_date():
    assert "[SparkPost SMTP API, 2026-06-23]." in document_of("sparkpost")["reasons"][1]


def test_a_source_is_listed_once():
    sources = document_of("sendgrid from google cloud, why not 25")["sources"]
    assert len(sources) == len(set(sources))


def test_ports_in_a_sentence_are_joined_as_people_do():
    assert "lists 587 and 2525" in document_of("sparkpost")["reasons"][1]


def test_the_explanation_names_who_offers_a_port():
    assert "Amazon SES" in explained(2587)["offered_by"]
    assert explained(4711)["registered"] is None
