import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.pmta.fixes import safe_fixes
from commands.pmta.language.catalogue import DIRECTIVES, URL
from commands.pmta.linter import lint
from commands.pmta.masking import STARS, masked
from commands.pmta.sarif import sarif
from commands.pmta.view import listing
from tests.every import every
from tests.pmta.shapes import configs

SECRET = "Zq7Wx9Kv3Tp"
HOLDERS = [
    "password {}",
    "  password   {}",
    "Password {}",
    "auth-password {}",
    'auth-password "{}"',
    'auth-password "pre fix {}"',
    "api-key {}",
    "http-api-key {}",
    "access-token {}",
    "volume-audit-api-key {}",
    "smtp-server-tls-certificate /etc/pmta/cert.pem {}",
    'smtp-server-tls-certificate "c:\\my certs\\cert.pem" {}',
    "tls-certificate /etc/pmta/cert.pem {}",
    "smtp-client-certificate /etc/pmta/cert.pem {}",
    "privacy-policy hmac-sha256 {}",
    "privacy-policy siphash-hexkey {}",
    "include https://user:{}@config.example.com/pmta",
    "# password {}",
    "#auth-password {}",
    "password = {}",
    "password: {}",
    "password={}",
    "smtp-auth-password {}",
    "my-secret {}",
    "bearer_token {}",
    "<smtp-user foo> password {} authentication-method password</smtp-user>",
    "<smtp-user foo> password {}</smtp-user>",
    "auth-password x#{}",
    "auth-password one {} two",
    "password {} {}",
    "password {}# note",
    "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n{}\n",
    "passwd\t{}",
    'password "{}',
    "password \\{}",
    "max-smtp-out 5\r\nauth-password {}\r\n",
]  # fmt: skip


@every(HOLDERS)
def test_no_secret_is_left(holder):
    text = f"<domain x>\n{holder.format(SECRET, SECRET)}\nmax-smtp-out x\n</domain>\n"
    covered = masked(text)
    assert SECRET not in covered
    assert STARS in covered
    assert masked(covered) == covered


@every(HOLDERS)
def test_no_secret_reaches_any_output(holder):
    text = f"{holder.format(SECRET, SECRET)}\n"
    report = lint(text)
    outputs = (listing(report), json.dumps(report.to_json()), json.dumps(sarif(report)), repr(report))
    assert not [output for output in outputs if SECRET in output]
    assert SECRET not in masked(safe_fixes(text, report))
    assert report.secrets_masked


@pytest.mark.parametrize(
    "line",
    [
        "domain-key s1,example.com,/etc/pmta/s1.pem",
        "retain-x-dkim-key no",
        "authentication-method password",
        "authentication-method password # the default",
        "<smtp-user a> authentication-method password</smtp-user>",
        "smtp-server-tls-certificate /etc/pmta/cert.pem",
        "postmaster abuse@example.com",
        "privacy-policy redact",
    ],
)
def test_what_is_no_secret_stays(line):
    assert masked(line) == line


def test_a_setting_behind_a_secret_on_one_line_stays():
    line = "<smtp-user foo> password barbaz authentication-method password #certificate"
    assert masked(line) == f"<smtp-user foo> password {STARS} authentication-method password #certificate"


@given(configs, st.sampled_from(HOLDERS), st.text(alphabet="abcDEF0123456789!$%&", min_size=12, max_size=30))
@settings(max_examples=80, deadline=None)
def test_masking_is_complete_and_changes_nothing_the_second_time(around, holder, secret):
    text = f"{around}\n{holder.format(secret, secret)}\n{around}"
    covered = masked(text)
    assert secret not in covered
    assert masked(covered) == covered


@pytest.mark.parametrize(
    "text",
    [
        "pass<word baz # /note",
        "http-w[eb-auth user:5Tp",
        "# volume-audit-kx<\rb>9Kv",
        "http-api-kekcd#KT # note",
        "password\npassword\npassword password \n",
    ],
)
def test_stars_that_stick_to_what_stood_beside_them_change_nothing(text):
    assert masked(masked(text)) == masked(text)


def test_the_length_of_a_secret_is_not_shown():
    assert masked("password ab") == masked("password abcdefghijklmnop")


def test_markers_stand_under_their_place_in_the_masked_line():
    report = lint("<domain x>\nauth-password abc extra-word\n</domain>\n")
    finding = next(one for one in report.findings if one.code == "PMTA207")
    start, stop = finding.marked
    assert finding.quoted[start:stop] == STARS


URL_PARTS = ("/{}", "/{}?to=bob@x.org", "/services/{}/@bob", "?to=bob@x.org&x={}", "/a?x=1@{}", "#{}@b", ":443/{}@x")
URL_NOTATIONS = ("{} {}", '{} "{}"', "# {} {}", "{}: {}", "{} = {}", "{}\n  {}", "<acct-file x>\n{} {}\n</acct-file>")


@every(product([key for key, rows in DIRECTIVES.items() if any(row.secret == URL for row in rows)], URL_PARTS))
def test_of_a_secret_url_no_more_is_shown_than_its_host(name, part):
    url = f"https://h.example.com{part.format(SECRET)}"
    for notation in URL_NOTATIONS:
        covered = masked(notation.format(name, url))
        assert SECRET not in covered
        assert "bob" not in covered
        assert masked(covered) == covered


def test_a_secret_url_that_is_none_is_covered_whole():
    assert masked(f"http-webhook-url {SECRET}.example.com/x") == f"http-webhook-url {STARS}"
    assert masked("# http-webhook-url is set below") == "# http-webhook-url is set below"


def test_what_is_glued_to_a_quoted_secret_is_covered_too():
    text = 'password "cor"rect horse battery staple"\n'

    assert masked(text).split() == ["password", *["********"] * (len(masked(text).split()) - 1)]
    assert masked(masked(text)) == masked(text)
