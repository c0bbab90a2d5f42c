"""How many secrets get out of pastes: through the real handler into a real SQLite file, with the log at DEBUG."""

import json
import logging
import re
from itertools import islice, product

import pytest

from commands.contract import Attachment, Share, UserError
from commands.pmta.handler import COMMAND
from commands.pmta.language import catalogue, names
from commands.pmta.language.catalogue import DIRECTIVES, Directive
from commands.pmta.linter import lint
from commands.pmta.masking import Mask, masked, masked_name
from commands.pmta.sarif import sarif
from commands.pmta.view import listing
from commands.secrets.masking import STARS
from tests.every import every
from tests.histories import history_at
from tests.pmta.cases import FIXTURES
from tests.pmta.secret_pastes import OF_A_FILE, OF_A_NAME, OF_PROGRAMS, misspelt, pastes, shown_of, some
from tests.pmta.test_handler import request
from tests.pmta.test_stored import Services, everything

PASTES = list(some())
CONFIGS = [*sorted((FIXTURES.parent / "configs").glob("*.conf")), *sorted(FIXTURES.glob("*/*.conf"))]
HOLDS = re.compile(
    r"password|api-key|access-token|certificate\s+\S+\s+\S|privacy-policy \S+ \S|(?:webhook|delivery)-url|://\w+:\w+@|PRIVATE"
    r"|^MIIB$"
)
"""Lines of our configs that hold a secret."""


async def answers(services, text):
    """All that one paste makes the bot say: the answer, its files, and what its buttons show."""
    asked = request(surface="modal", attachments=(Attachment("config", text.encode()),))
    try:
        first = [step async for step in COMMAND.forms["check"](asked, services)][-1]
    except UserError as error:
        return f"{error.message} {error.hint}"
    said = [first]
    buttons = [one for block in first.blocks if block["type"] == "actions" for one in block["elements"]]
    for one in buttons:
        if one["action_id"] in ("pmta.fixed", "pmta.details", "pmta.share"):
            handle = COMMAND.actions[one["action_id"].partition(".")[2]].handle
            said += [step async for step in handle(request(value=one["value"], surface="button"), services)]
    said = [one.post if isinstance(one, Share) else one for one in said]
    blocks = json.dumps([[one.text, list(one.blocks)] for one in said], ensure_ascii=False)
    return blocks + "".join(file.content.decode() for one in said for file in one.files)


async def test_of_hundreds_of_pastes_no_secret_is_shown_stored_or_logged(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    history = await history_at(tmp_path / "portero.db")
    services = Services(history, keep_configs=True)
    shown = [(text, secret) for text, secret in PASTES if shown_of(secret, await answers(services, text))]
    stored = everything(tmp_path).decode("utf-8", "replace")
    await history.close()
    stored += everything(tmp_path).decode("utf-8", "replace")

    assert len(PASTES) > 400
    assert shown == []
    secrets = {secret for _, secret in PASTES}
    assert [secret for secret in secrets if shown_of(secret.lower(), stored)] == []
    assert [secret for secret in secrets if shown_of(secret, caplog.text)] == []


def test_of_thousands_of_pastes_no_secret_is_left_in_the_covered_text():
    tried = list(islice(pastes(), 0, None, 13))
    assert len(tried) > 3000
    assert [text for text, secret in tried if shown_of(secret, masked(text))] == []


@every(product(OF_PROGRAMS, ["limzadala", "Gapzikufa2026", "barbazine"]))
def test_what_other_programs_have_is_covered_where_it_stands_and_commented_out(line, secret):
    written = line.replace("{x}", secret)
    for text in (written, "# " + written.replace("\n", "\n# "), "    #" + written.replace("\n", "\n    #")):
        whole = f"<domain x.com>\n{text}\nmax-smtp-out 4\n</domain>\n"
        assert secret not in Mask(whole).apply(0, len(whole))


PROSE = """\
warm up plan: 500 a day from May
ask the key account manager first
Yahoo wants fewer connections, see ticket 4411
token bucket is not used here
passes mail to the relay in Madrid
pass through what the relay sends
keys are in /etc/pmta/keys
the authentication happens on 587
code 421 means slow down
bearer of bad news: hotmail blocks us
pool for password reset mails
password reset mails go by vmta2
transactional: receipts, password resets, welcome mails
user bob left in March, see OPS-1233
author: Ana Ruiz, 2026-03-01
rotate DKIM keys every 6 months
this auth is for the inbound listener
cookie banner mails
secret santa campaign 2025
max 20 connections for Microsoft (S3150 errors)
api mails come from 10.0.0.4
no token needed here
pin the version to 5.0r8
key point: keep it slow"""


@every(PROSE.split("\n"))
def test_prose_that_only_has_the_word_for_a_secret_stays(said):
    line = f"# {said}"
    assert Mask(line).apply(0, len(line)) == line


NAMES_OF_FILES = (
    "password-{}.txt", "clave {}.conf", "パスワード{}.txt", "pass{}.txt", "pwd{}.txt", "chiave-{}.conf",
    "wagwoord {}.txt", "pasword{}.conf", "SMTP_PASS {}",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES_OF_FILES)
def test_of_a_files_name_that_has_a_secret_it_is_covered(name):
    assert [one for one in ("limzadala", "Gapzikufa2026") if one in masked_name(name.format(one))] == []
    assert masked_name("passwords.txt") == "passwords.txt"


@pytest.mark.parametrize("name", ["auth-pasword{}", "auth-password{}", "smtp-passwort{}", "relay-pwd{}"])
def test_what_is_glued_to_a_misspelt_name_is_not_shown_with_it(name):
    for secret in ("limzadala", "Gapzikufa2026"):
        line = name.format(secret)
        assert secret not in Mask(line).apply(0, len(line))


def test_no_format_of_the_terminal_shows_a_secret():
    shown = []
    for text, secret in PASTES[::3]:
        report = lint(text)
        said = listing(report) + json.dumps([report.to_json(), sarif(report)], ensure_ascii=False) + repr(report)
        shown += [text] if shown_of(secret, said) else []
    assert shown == []


def test_what_holds_no_secret_is_covered_in_at_most_two_of_a_thousand_lines():
    lines, wrong = 0, []
    for path in CONFIGS:
        text = path.read_text(encoding="utf-8")
        mask, at = Mask(text), 0
        for line in text.splitlines(keepends=True):
            lines += 1
            wrong += [line] if mask.hidden(at, at + len(line)) and not HOLDS.search(line.strip()) else []
            at += len(line)
    assert lines > 3000
    assert len(wrong) * 1000 <= 2 * lines, wrong


@pytest.fixture
def mailbox_word(monkeypatch):
    """A directive whose name tells nothing; what of it is secret says the catalogue alone."""

    def add(secret):
        row = Directive("mailbox-words", ("domain",), "word word?", "", "", "", "", secret, "", "1.1")
        monkeypatch.setitem(catalogue.DIRECTIVES, row.name, (row,))
        monkeypatch.setattr(names, "_KNOWN", (*names._KNOWN, row.name))

    return add


@pytest.mark.parametrize("notation", OF_A_NAME)
def test_a_new_row_that_is_secret_is_covered_in_every_notation(mailbox_word, notation):
    mailbox_word("value")
    assert "barbaz" not in masked(notation.replace("{n}", "mailbox-words").replace("{x}", "barbaz"))


@pytest.mark.parametrize("notation", OF_A_FILE)
def test_a_new_row_whose_second_argument_is_secret_is_covered_in_every_notation(mailbox_word, notation):
    mailbox_word("second")
    text = notation.replace("{n}", "mailbox-words").replace("{f}", "/etc/x").replace("{x}", "barbaz")
    assert "barbaz" not in masked(text)


def test_a_misspelt_new_row_is_covered_too(mailbox_word):
    mailbox_word("value")
    assert [name for name in misspelt("mailbox-words") if "barbaz" in masked(f"{name} barbaz")] == []


def test_without_the_mark_in_the_catalogue_the_same_row_is_shown(mailbox_word):
    mailbox_word("")
    assert masked("mailbox-words barbaz") == "mailbox-words barbaz"


def test_every_form_with_a_secret_is_marked_in_the_catalogue():
    """A form that takes a password, and a name that says one, cannot be forgotten."""
    rows = [row for rows in DIRECTIVES.values() for row in rows]
    forms = {row.name for row in rows if "secret" in row.form or "api-key" in row.form or "hex-key" in row.form}
    names = {row.name for row in rows if re.search(r"password|api-key|access-token", row.name)}
    assert [row.name for row in rows if row.name in forms | names and not row.secret and "secret" in row.form] == []
    assert {row.name for row in rows if row.secret} >= forms | names


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("<password>barbaz</password>", f"<password>{STARS}</password>"),
        (
            "auth-password barbaz use-starttls true max-smtp-out 5",
            f"auth-password {STARS} use-starttls true max-smtp-out 5",
        ),
        ("auth-password correct max-smtp-out horse", f"auth-password {STARS}"),
        ("http-access 10/8 admin key=barbaz", f"http-access 10/8 admin key={STARS}"),
        ("# Server=db;Pwd=barbaz;Database=x", f"# Server=db;Pwd={STARS};Database=x"),
        ("include https://bob:barbaz@h.example/x", f"include https://{STARS}@h.example/x"),
        ("http-webhook-url https://h.example/x", f"http-webhook-url https://h.example/{STARS}"),
        ("smtp-server-tls-certificate /c.pem barbaz", f"smtp-server-tls-certificate /c.pem {STARS}"),
    ],
)
def test_what_stands_around_a_secret_is_left_to_read(line, covered):
    assert masked(line) == covered
