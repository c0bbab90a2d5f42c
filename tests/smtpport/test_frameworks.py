"""What to put into an app: each framework's lines are what its own parser takes, and say what it knows."""

import ast
import configparser
import json
import re
import shlex
import tomllib
from importlib import resources
from itertools import product

import pytest
import yaml

from commands.pmta.linter import lint
from commands.smtpport.advise import advise
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.catalogue.table import CatalogueError
from commands.smtpport.document import document, lines_for
from commands.smtpport.evidence.peers import is_exchanger
from commands.smtpport.frameworks.names import called, framework_named, likely
from commands.smtpport.frameworks.reader import NOTATIONS, frameworks, read_frameworks
from commands.smtpport.question.lexicon import lexicon, plain, tokens
from commands.smtpport.question.reader import discreet, read
from commands.smtpport.snippets import snippets
from tests.smtpport.pastes import PASTES

FILE = resources.files("commands.smtpport.frameworks").joinpath("frameworks.toml")
NOT_CHECKED_HERE = {"csharp", "exim", "javascript", "m4", "msmtp", "opensmtpd", "php", "php-array", "postfix", "ruby"}
"""Notations whose parsers are programs: `tests/real/test_frameworks.py` has them. Here they are well bracketed."""

IN_ISSUE = {
    *("nodemailer", "ghost", "n8n", "uptime-kuma", "django", "authentik", "laravel", "symfony", "rails", "gitlab"),
    *("mastodon", "discourse", "nextcloud", "home-assistant", "keycloak", "spring", "gitea", "grafana", "alertmanager"),
    *("wordpress", "phpmailer", "msmtp", "dotnet", "mailkit", "exim", "sendmail", "opensmtpd", "odoo", "swaks"),
}


def env(text):
    return dict(re.fullmatch(r"(\w+)=(\S*)", line).groups() for line in text.splitlines())


def form(text):
    return dict(line.split(": ", 1) for line in text.splitlines())


def ini(text):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def properties(text):
    return dict(re.fullmatch(r"([\w.]+)=(\S+)", line).groups() for line in text.splitlines())


def powermta(text):
    assert [it for it in lint(text).findings if it.severity != "notice"] == []
    return text


def bracketed(text):
    open_ones = []
    for char in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|`[^'\n]*'", "", text):
        if char in "([{":
            open_ones.append(")]}"["([{".index(char)])
        elif char in ")]}":
            assert open_ones.pop() == char
    assert open_ones == []
    return text


PARSERS = {
    "python": ast.parse,
    "env": env,
    "form": form,
    "ini": ini,
    "json": json.loads,
    "powermta": powermta,
    "properties": properties,
    "shell": shlex.split,
    "yaml": yaml.safe_load,
    **dict.fromkeys(NOT_CHECKED_HERE, bracketed),
}
QUESTIONS = (
    "sparkpost",
    "mailgun",
    "ses from linode",
    "gmail",
    "orange.fr",
    "smtp.example.net 587",
    "printer to sendgrid",
)
OTHER_ROLES = ("receive bounces", "pmta listener", "local development", "lmtp to dovecot", "direct to mx", "25")


def lines_of(text):
    return {key: lines for key, lines in snippets(advise(read(text))).items() if key in frameworks()}


@pytest.mark.parametrize("text", [*QUESTIONS, *OTHER_ROLES])
def test_lines_pass_the_parser_of_what_they_are_written_in(text):
    assert PARSERS.keys() == set(NOTATIONS)
    found = lines_of(text)
    assert found
    for key, lines in found.items():
        assert PARSERS[frameworks()[key].notation](lines) is not None, key
        assert not re.search(r"<(host|port|user|user_url)>", lines), key


def test_every_framework_of_the_issue_has_lines_for_both_modes_that_it_knows():
    assert frameworks().keys() >= IN_ISSUE | {"powermta", "postfix", "python"}
    without = {key for key, row in frameworks().items() if "implicit" not in row.lines}
    assert without == {"powermta", "sendmail", "dotnet"}
    assert all("starttls" in row.lines for row in frameworks().values())
    assert without == {key for key, row in frameworks().items() if not row.implicit}


SETS = {
    "django": ({"EMAIL_USE_TLS": True}, {"EMAIL_USE_SSL": True}),
    "authentik": ({"AUTHENTIK_EMAIL__USE_TLS": "true"}, {"AUTHENTIK_EMAIL__USE_SSL": "true"}),
    "n8n": ({"N8N_SMTP_SSL": "false"}, {"N8N_SMTP_SSL": "true"}),
    "ghost": ({"mail__options__secure": "false"}, {"mail__options__secure": "true"}),
    "laravel": ({"MAIL_SCHEME": "smtp"}, {"MAIL_SCHEME": "smtps"}),
    "mastodon": ({}, {"SMTP_TLS": "true", "SMTP_ENABLE_STARTTLS_AUTO": "false"}),
    "vaultwarden": ({"SMTP_SECURITY": "starttls"}, {"SMTP_SECURITY": "force_tls"}),
    "home-assistant": ({"encryption": "starttls"}, {"encryption": "tls"}),
    "discourse": ({"DISCOURSE_SMTP_ENABLE_START_TLS": True}, {"DISCOURSE_SMTP_FORCE_TLS": True}),
    "keycloak": ({"starttls": "true", "ssl": "false"}, {"starttls": "false", "ssl": "true"}),
    "gitea": ({"protocol": "smtp+starttls"}, {"protocol": "smtps"}),
}
"""What the words mean in each: `tls` is STARTTLS in Django and TLS from the first byte in Home Assistant."""


@pytest.mark.parametrize("key", SETS)
def test_the_mode_is_set_in_the_words_of_each_framework(key):
    for text, wanted in zip(("mailgun starttls", "mailgun ssl"), SETS[key], strict=True):
        found = settings(key, lines_of(text)[key])
        assert wanted.items() <= found.items(), text


def settings(key, lines):
    """All settings of some lines, those of nested tables among them."""
    parsed = PARSERS[frameworks()[key].notation](lines)
    if isinstance(parsed, ast.Module):
        named = {node.targets[0].id: node.value for node in parsed.body if isinstance(node, ast.Assign)}
        return {name: node.value for name, node in named.items() if isinstance(node, ast.Constant)}
    return flat(parsed)


def flat(value):
    if isinstance(value, list):
        return {name: it for each in value for name, it in flat(each).items()}
    nested = [flat(it) for it in value.values() if isinstance(it, dict | list)]
    return {**value, **{name: it for each in nested for name, it in each.items()}}


def test_no_line_holds_a_secret_that_was_typed_and_each_password_is_a_placeholder():
    for text in (
        "sendgrid django password tulip",
        "587 login bob:tulip rails",
        "smtp://bob:tulip@smtp.sendgrid.net:587",
    ):
        assert "tulip" not in json.dumps(document(advise(discreet(read(text), text))))
    for key, line in ((key, line) for key, text in lines_of("mailgun").items() for line in text.splitlines()):
        if re.search(r"pass(word|wd)?\W", line.replace("sasl_passwd", ""), re.IGNORECASE):
            assert re.search(r"YOUR-PASSWORD|SMTP_PASSWORD|EMAIL_HOST_PASSWORD", line), (key, line)


MX_QUESTIONS = (
    *(f"{host} {port} django" for host, port in product(("mx1.example.com", "aspmx.l.google.com"), (25, 587))),
    "office 365 direct send with postfix",
    *(row[0] for row in PASTES),
)


def test_no_lines_submit_to_a_mail_exchanger():
    for text in MX_QUESTIONS:
        for key, lines in lines_of(text).items():
            if key != "swaks":  # a test: it may connect to any MX
                hosts = re.findall(r"[\w-]+(?:\.[\w-]+)+", lines.lower())
                assert [host for host in hosts if is_exchanger(host)] == [], (text, key)


def test_powermta_gets_no_lines_on_an_unconfirmed_port_and_none_that_take_tls_without_a_certificate():
    for key, row in providers().items():
        sure = {offer.port for offer in row.offers if offer.sure}
        for name in (None, "linode", "digitalocean"):
            text = f"{row.names[0]} {'from ' + networks()[name].names[0] if name else ''} pmta"
            lines = snippets(advise(read(text))).get("powermta", "")
            found = re.search(r"smtp-hosts (\S+):(\d+)", lines)
            if found and found[1] in row.hosts:
                assert int(found[2]) in sure - {465}, (key, lines)
    for lines in frameworks()["powermta"].lines.values():
        if "allow-starttls yes" in lines or "immediate-tls yes" in lines:
            assert "smtp-server-tls-certificate" in lines
    assert {"<bounce-processor>", "<feedback-loop-processor>"} <= set(lines_of("receive bounces")["powermta"].split())
    assert "<smtp-listener 0/0:465>\n    immediate-tls yes\n    source apps" in lines_of("pmta listener")["powermta"]


@pytest.mark.parametrize(
    ("text", "key", "port", "said"),
    [
        (
            "mailgun",
            "powermta",
            "587",
            "The lines for PowerMTA use 587 with STARTTLS: it is not known to do SSL/TLS on 465",
        ),
        ("mailgun", "dotnet", "587", "The lines for .NET SmtpClient use 587 with STARTTLS"),
        ("orange.fr", "powermta", None, "There are no lines for PowerMTA: it is not known to do SSL/TLS on 465"),
        ("ses from linode", "grafana", "2587", "The lines for Grafana use 2587 with STARTTLS"),
        ("mailgun", "django", "465", None),
    ],
)
def test_where_lines_and_headline_differ_the_reason_is_said(text, key, port, said):
    told = lines_for(advise(read(text)), frameworks()[key])
    assert (told["remark"] or "").startswith(said or "")
    assert (said is None) == (told["remark"] is None)
    assert (port is None) == (told["lines"] is None)
    assert port is None or port in told["lines"]


def test_the_answer_itself_says_why_its_lines_differ_from_its_first_line():
    for text in ("mailgun ssl with powermta", "ses ssl from linode with grafana"):
        told = document(advise(read(text)))
        (shown,) = told["shown"]
        assert told["recommended"]["tls"] == "implicit"
        assert any(reason.startswith(f"The lines for {frameworks()[shown].name} use ") for reason in told["why"]), text


def test_the_framework_that_is_named_comes_first_and_none_is_shown_where_none_is():
    for name, key in (
        ("django", "django"),
        ("Home Assistant", "home-assistant"),
        ("asp.net", "dotnet"),
        ("n8n", "n8n"),
    ):
        told = document(advise(read(f"sendgrid with {name}")))
        assert next(iter(told["snippets"])) == key
        assert told["shown"] == [key]
    assert document(advise(read("sendgrid")))["shown"] == []


def test_facts_have_sources_and_what_is_second_hand_or_disputed_says_so():
    told = {key: lines_for(advise(read("mailgun")), row)["facts"] for key, row in frameworks().items()}
    assert all(re.search(r"\[\d", fact) for facts in told.values() for fact in facts)
    assert all("(reported, " in fact for fact in told["gitlab"])
    assert "(disputed, " in next(fact for fact in told["wordpress"] if fact.startswith("STARTTLS"))
    assert {source.confidence for row in frameworks().values() for source in row.sources} == {"documented", "reported"}


def test_names_belong_to_one_framework_and_are_words_of_questions():
    known = {}
    for row in frameworks().values():
        for name in called(row):
            phrase = " ".join(tokens(plain(name)))
            assert known.setdefault(phrase, row.key) == row.key, name
            assert ("software", row.key) in [(it.slot, it.value) for it in lexicon()[phrase]]


def test_a_framework_is_found_by_its_name_and_a_misspelt_one_is_proposed():
    assert framework_named("Home-Assistant") is frameworks()["home-assistant"]
    assert framework_named("asp.net") is frameworks()["dotnet"]
    assert likely("djnago")[0] == "django"
    assert likely("nodemailr")[0] == "nodemailer"
    assert framework_named("postgres") is None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('notation = "python"', 'notation = "pyton"', "notation: must be one of"),
        ("[framework.django.lines]\nstarttls", "[framework.django.lines]\nstartls", "lines.startls: must be one of"),
        ('sources = ["django-smtp"', 'sources = ["djnago-smtp"', "no [source.djnago-smtp] stands in"),
        ('starttls = "EMAIL_USE_TLS', 'startls = "EMAIL_USE_TLS', "framework.django, starttls: is missing"),
        ("evidence.starttls = [", "evidence.lines = [", "evidence.lines: the row does not state that"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_row_and_field(before, after, told):
    text = FILE.read_text("utf-8")
    assert tomllib.loads(text)
    with pytest.raises(CatalogueError, match=re.escape(told)):
        read_frameworks(text.replace(before, after, 1))
