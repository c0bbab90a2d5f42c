"""Questions as people ask them in threads, and that what is stated firmly is of today."""

import tomllib
from datetime import UTC, date, datetime
from importlib import resources

from commands.smtpport.advise import advise
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.document import document
from commands.smtpport.question.reader import read
from commands.smtpport.snippets import host_of

THREADS = tomllib.loads(resources.files(__package__).joinpath("threads.toml").read_text("utf-8"))["threads"]
TOP = (
    *("sendgrid", "mailgun", "ses", "postmark", "brevo", "resend", "sparkpost", "mandrill", "mailjet", "smtp2go"),
    *("m365", "gmail", "workspace-relay", "zoho", "outlook", "yahoo", "icloud"),
    *("gce", "ec2", "digitalocean", "hetzner"),
)
"""What is asked about most."""

LAST = (12, 28)
"""Month and day where a date names none."""


def test_a_question_of_a_thread_gets_what_was_judged_right():
    answered = {row["text"]: said(row["text"]) for row in THREADS}
    assert answered == {row["text"]: {key: it for key, it in row.items() if key != "text"} for row in THREADS}


def said(text):
    question = read(text)
    advice = advise(question)
    found = {
        "role": question.role,
        "provider": advice.provider.key if advice.provider else None,
        "network": question.network,
        "port": advice.recommended.port if advice.recommended else None,
        "diagnosis": question.symptom,
    }
    return {key: value for key, value in found.items() if value is not None}


def test_an_unknown_place_or_product_is_tried_and_the_region_comes_from_the_question():
    for text in ("brevo from zimacloud", "zoho campaigns smtp port"):
        assert not document(advise(read(text)))["certain"]
    assert host_of(advise(read("ses in eu-west-3"))) == "email-smtp.eu-west-3.amazonaws.com"
    assert host_of(advise(read("workmail port, oregon"))) == "smtp.mail.us-west-2.awsapps.com"
    assert host_of(advise(read("workmail in europe"))) == "smtp.mail.eu-west-1.awsapps.com"
    assert host_of(advise(read("host for a zoho account in the european data center"))) == "smtp.zoho.eu"
    assert host_of(advise(read("zoho mail, which port in python"))) == "smtp.zoho.com"


def test_a_host_that_was_typed_is_not_replaced():
    for host in ("smtp.ionos.es", "ex3.mail.ovh.net", "smtp.eu.mailgun.org", "mail.mydomain.com", "smtp.corp.example"):
        assert host_of(advise(read(f"{host} 587, from gmail users on hetzner"))) == host
    assert host_of(advise(read("el servidor de 1and1 auth.smtp.1and1.fr por el 465"))) == "auth.smtp.1and1.fr"


def test_the_rows_that_are_asked_about_most_were_read_in_the_last_twelve_months():
    rows = {**networks(), **providers()}
    old = {key for key in TOP if max(map(last_read, sources_of(rows[key]))) < twelve_months_ago()}
    assert old == set(), "look the facts up again and date their sources"


def twelve_months_ago():
    today = datetime.now(tz=UTC).date()
    return today.replace(year=today.year - 1, day=min(today.day, 28))


def sources_of(row):
    return [*row.sources, *(source for cited in row.evidence.values() for source in cited)]


def last_read(source):
    """The last day of what the date names; of an undated page the month in which it was read."""
    digits = source.date.removeprefix("undated (read ").removesuffix(")")
    year, month, day = (*map(int, digits.split("-")), *LAST[digits.count("-") :])
    return date(year, month, day)
