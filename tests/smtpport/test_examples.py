"""What a question is like decides where words do, and leaves alone what a machine says or a product is known for."""

import re
import tomllib
from importlib import resources

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.catalogue.lookup import providers
from commands.smtpport.document import document
from commands.smtpport.evidence import examples as source
from commands.smtpport.evidence.examples import ADVICE, CIRCUMSTANCE, examples, read_examples
from commands.smtpport.evidence.situations import administration, situations
from commands.smtpport.main_reasons import CIRCUMSTANCES
from commands.smtpport.question.reader import read
from commands.smtpport.text import printed
from tests.every import every

FILE = tomllib.loads(resources.files(source.__package__).joinpath("examples.toml").read_text("utf-8"))
TOPICS = {
    f"{prefix}{code}": said.split("\n")
    for section, prefix in (("answers", ""), ("errors", ""), ("advice", ADVICE), ("circumstances", CIRCUMSTANCE))
    for code, said in FILE[section].items()
} | {code: row["examples"].split("\n") for code, row in administration().items()}

ASKED = [
    ("how many sessions may our mta open to outlook at the same time?", "connections_at_once"),
    ("our postfix hands all mail to a smart host: whose address has to be in spf?", "spf_with_smarthost"),
    ("may our mx insist on tls for incoming mail on 25?", "demand_tls_inbound"),
    ("for how many days does a server keep trying a mail?", "how_long_queued"),
    ("¿cuántas conexiones a la vez admite un servidor smtp?", "connections_at_once"),
    ("one public address and two mail servers, who gets port 25?", "one_public_ip"),
    ("may exim deliver to hotmail and yahoo on 465 so that everything goes encrypted?", "delivery_on_587"),
    ("my home line has a changing ip: can mail for my domain come to a box there?", "receive_at_home"),
    ("does aws let mail in on 25 or is that closed as well?", "inbound_at_cloud"),
    ("is incoming 25 closed at azure, too?", "inbound_at_cloud"),
    ("our support desk pulls its mails out of a mailbox: does a port have to be open?", "fetches_mail"),
    ("drupal without any smtp settings: on which port does its mail go out?", "php_mail_port"),
    ("does mailgun have the same host in europe as in the us?", "regions_of_provider"),
    ("which cloud hosters keep port 25 open?", "who_leaves_25"),
    ("I go from 465 to 587: does the encryption setting have to change?", "mode_with_port"),
    ("in which place of plesk do I open 587?", "open_in_panel"),
    ("¿dónde abro el 25 en el router de mi operador?", "router_forward"),
    ("nodemailer: secure true or false for 587?", "modes_of_apps"),
    ("mailgun hands incoming mails to our api: which port has to be open here?", "mail_into_app"),
    ("our line has only ipv6: can we have a mail server?", "ipv6_only"),
    ("main line down, lte takes over: does mail still come in?", "second_line"),
    ("a domain that takes mail and never sends any: ports and spf?", "only_receives"),
    ("mailbox at dinahosting in outlook, which outgoing server?", "unrecorded_hoster"),
    ("mail comes in at my own server and goes out by mailjet: does that go together?", "receive_here_send_there"),
    ("I own no domain: can I send alerts all the same?", "without_domain"),
    ("may an app at another cloud use the smtp of my web host?", "from_anywhere"),
    ("may web site and mail server be the same machine?", "mail_beside_web"),
    ("telnet to 465 stays blank, no 220 greeting", "telnet_465"),
    ("the panel gave the site a certificate but outlook on 465 sees another one", "mail_service_certificate"),
    ("how do I have postfix try all that is in the queue again at once?", "queue_retry"),
    ("which setting keeps our users from writing mails in a colleague's name?", "sender_forging"),
    ("does a copier with direct send reach people outside our tenant?", "direct_send_external"),
    ("we sit behind a sophos and mail goes out by the wrong public address", "outgoing_nat"),
    ("how many lookups may an spf record have?", "spf_lookups"),
]


@every(ASKED)
def test_a_question_in_other_words_than_the_examples_is_understood(text, code):
    assert (read(text).symptom, read(text).certain) == (code, True)


def test_nearly_every_example_is_most_like_its_own_topic():
    said = [(code, line) for code, lines in TOPICS.items() for line in lines if line]
    strays = [line for code, line in said if examples().ranked(line, 1)[0].topic != code]
    assert len(strays) < len(said) / 50, strays


def test_what_administrators_ask_has_eight_examples_or_nearly_and_stands_once():
    few = [code for code, row in administration().items() if len(row["examples"].split("\n")) < EXAMPLES]
    assert few == []
    assert administration().keys().isdisjoint(FILE["answers"])


EXAMPLES = 6


def test_circumstances_of_the_examples_are_ones_that_are_told():
    assert {code.removeprefix(CIRCUMSTANCE) for code in TOPICS if code.startswith(CIRCUMSTANCE)} <= CIRCUMSTANCES


def test_who_offers_a_port_is_as_the_catalogue_has_it():
    said = situations()["who_offers"].says
    parts = dict(zip((2525, 2587, 443), re.split(r"; on (?:2587|443) ", said.partition(". Of some")[0]), strict=True))
    for port, part in parts.items():
        have = {
            it.name.split(" (")[0].removeprefix("Twilio ")
            for it in providers().values()
            if it.key not in _BESIDE and any(offer.port == port and offer.sure for offer in it.offers)
        }
        assert {name for name in have if _CALLED.get(name, name) not in part} == set()
        assert part.replace(" and ", ", ").count(",") == len(have) - 1


_BESIDE = {"sparkpost-eu", "mailtrap-sandbox", "ses-fips", "mailgun-eu"}
_CALLED = {"Mailchimp Transactional": "Mandrill", "Scaleway Transactional Email": "Scaleway"}


@every([("535 5.7.8 Authentication failed. may I close 25 on the server?", "login_refused")])
def test_what_a_machine_is_quoted_with_stands(text, code):
    assert read(text).symptom == code


def test_a_general_answer_by_signs_that_a_question_is_not_like_is_a_reading():
    question = read("what is the difference between relayhost and transport_maps of our own mta?")
    assert (question.symptom, question.certain) != ("smarthost", True)


def test_what_is_little_like_a_topic_is_a_reading_where_nothing_else_is_known():
    made = document(advise(read("our newsletters were accepted and vanished")))
    assert made["diagnosis"] is None or made["diagnosis"]["certain"] is False
    assert "Use " not in printed(made)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"answers": {"no_such_code": "a line"}}, "no_such_code"),
        ({"answers": {"smarthost": "\n"}}, "smarthost"),
        ({"answers": {"veeam_ssl": "a line"}}, "veeam_ssl"),
    ],
)
def test_a_mistake_in_the_examples_is_told_with_its_row(rows, said):
    with pytest.raises(ValueError, match=rf"examples\.toml, .*{said}"):
        read_examples(rows)


def test_below_what_was_asked_in_general_stands_no_port_that_nobody_asked_for():
    lines = printed(document(advise(read("what is the difference between 25 and 587"))))
    assert "Use " not in lines
    assert "Avoid " not in lines


def test_what_lies_between_two_topics_is_a_reading_with_the_other_one_beside_it():
    made = document(advise(read("who lets me use 2525 for smtp?")))
    said = [made["diagnosis"]["code"], *(it["code"] for it in made["readings"])]
    assert (said, made["diagnosis"]["certain"]) == (["who_offers", "alternate_2525"], False)


def test_beside_a_provider_what_is_asked_is_a_reading_where_it_is_no_port():
    made = document(advise(read("does brevo have a european smtp server?")))
    assert (made["diagnosis"]["code"], made["provider"]["name"]) == ("regions_of_provider", "Brevo (Sendinblue)")


@every(["nodemailer: secure true or false for 587", "rails: enable_starttls_auto or tls for 465"])
def test_which_of_two_switches_is_asked_and_none_of_them_is_set(text):
    assert "swapped" not in printed(document(advise(read(text))))


def test_what_a_network_closes_is_asked_and_no_failure():
    assert not read("does fly.io close outgoing mail ports?").fails


def test_a_network_by_name_goes_before_the_line_at_home():
    assert read("tengo fibra de digi en casa y un servidor, ¿me cierran el 25?").network == "digi"


@every(
    [
        ("my domain is at namecheap and email at zoho, which server for sending?", "zoho"),
        ("tengo el dominio en ionos y el correo en microsoft 365, ¿qué smtp pongo?", "m365"),
    ]
)
def test_who_has_the_mailboxes_sends_and_not_who_has_the_domain(text, key):
    assert read(text).provider == key


def test_what_a_network_by_name_closes_is_told_of_it_and_not_of_all():
    assert read("does netcup close 25 for new customers?").symptom is None


def test_of_two_topics_that_are_both_near_the_first_is_a_reading():
    question = read("My company's network only allows the proxy on 8080. How do I send mail by SMTP?")
    assert ({question.symptom, *question.readings}, question.certain) == ({"http_proxy", "only_web"}, False)


def test_the_choices_of_a_setting_are_none_that_is_set():
    assert "swapped" not in printed(document(advise(read("moodle: smtp security none, ssl, tls for 587?"))))
