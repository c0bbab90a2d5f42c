"""Names in a certificate are written by strangers: in Slack, in a terminal and in JSON they stay text, and short."""

import io
import json
import re
import ssl
import tempfile
import unicodedata
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from rich.console import Console

from bot.demo.lab.hosts import LOGIN
from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from bot.demo.workspace.blockkit import problems
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view.details import details
from commands.smtpcheck.view.terminal import show
from tests import moving
from tests.entries import entry_of, pressing
from tests.smtpcheck.certificates import make, san
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.messages import MENTION, mrkdwn, strings

TARGET = "mail.lab.example"
SUBJECTS = {
    "markup": "<!channel> <@U123> *b* `code` <https://evil.example|login> & co",
    "fence": "```\n> quote\n```",
    "terminal": "\x1b[31m\x1b]0;title\x07\x9b2J\x00\x08",
    "overrides": "\u202egnp.exe\u2066\u200b\ufeff",
    "length": "A" * 5000,
    "lines": "mail\r\n250 OK\nfake: line",
}
UNSEEN = {"\u202e", "\u2066", "\u200b", "\ufeff"}


def context_of(subject, sans):
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # RFC 5280 allows 64 characters
        name = x509.Name([x509.NameAttribute(kind, subject, _validate=False) for kind in kinds])
    made = make("", subject=name, extensions=[(san(*sans), False)] if sans else [])
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(key + made.pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


@pytest.fixture(scope="module", params=[(kind, named) for kind in SUBJECTS for named in (True, False)], ids=str)
def document(request):
    kind, named = request.param
    text = "".join(character for character in SUBJECTS[kind] if 0x20 < ord(character) < 0x7F)
    return moving.run(_checked(SUBJECTS[kind], [text[:200], "*.evil.example"] if named else []))


async def _checked(subject, sans):
    context = context_of(subject, sans)
    scripts = (well_behaved(TARGET, context=context, implicit=implicit, auth=LOGIN) for implicit in (False, True))
    async with Peer(next(scripts)) as clear, Peer(next(scripts)) as implicit, probing() as (_, prober):
        prober.route = lambda _address, port: implicit.address if port == 465 else clear.address
        return to_document(await checked(prober, TARGET))


def surfaces(document):
    """What Slack is given: message, shared message and details."""
    return view.result(document, logged=True), view.shared(entry_of(document), pressing()), details(
        entry_of(document), pressing().actor
    )  # fmt: skip


def test_nothing_of_a_subject_becomes_bold_or_code(document):
    for surface in surfaces(document):
        assert not any("*b*" in text.replace("\n", "") for text in mrkdwn(surface.blocks))


def test_it_was_the_hostile_certificate_that_was_seen(document):
    assert all(endpoint["tls"]["certificate"]["subject"] for endpoint in document["endpoints"])
    assert not any(endpoint["tls"]["certificate"]["trusted"] for endpoint in document["endpoints"])


def test_slack_takes_it_and_parses_nothing_of_it(document):
    answer, shared, modal = surfaces(document)
    assert problems(answer.blocks, "message") == problems(shared.blocks, "message") == []
    assert problems(modal.blocks, "modal") == []
    for text in (answer.text, shared.text, *mrkdwn([answer.blocks, shared.blocks, modal.blocks])):
        assert not MENTION.search(text)
        assert "`code`" not in text
        assert "```" not in text


def test_no_character_that_hides_or_moves_gets_through(document):
    answer, shared, modal = surfaces(document)
    for text in strings([document, answer.blocks, answer.text, shared.blocks, shared.text, modal.blocks]):
        assert not UNSEEN & set(text)
        assert not [character for character in text if unicodedata.category(character) == "Cc" and character != "\n"]


def test_the_terminal_gets_no_codes_and_no_lines_of_its_own(document):
    out = io.StringIO()
    show(document, Console(file=out, width=10_000, force_terminal=False), transcripts=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", out.getvalue())
    assert not re.search(r"^(?:250 OK|fake: line)", out.getvalue(), re.MULTILINE)


def test_the_json_is_bounded(document):
    assert len(json.dumps(document)) < 40_000
    certificate = document["endpoints"][0]["tls"]["certificate"]
    assert len(certificate["subject"]) <= 1000
    assert len(certificate["issuer"]) <= 1000
    assert all(len(name) <= 255 for name in certificate["names"])
