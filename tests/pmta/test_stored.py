"""What is stored of a config: through the real handler into a real SQLite file, whose bytes are searched."""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass, field

import pytest

from commands.contract import Attachment
from commands.pmta.checking import InThread
from commands.pmta.handler import COMMAND
from commands.pmta.kept import COMMENT, NOT_UNDERSTOOD, kept
from commands.pmta.linter import lint
from commands.pmta.reports import GONE, document, report_of, summary, summary_in, told
from commands.pmta.view import headline
from storage.history import OPERATOR, Query
from storage.queries import Viewer
from tests.every import every
from tests.histories import history_at
from tests.pmta.cases import FIXTURES, options
from tests.pmta.holders import NAMED, pastes, secrets
from tests.pmta.test_handler import request

PASTES = dict(pastes())
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
MARKER = "zq7wx9kv3tp"
TEXTS = [*sorted(FIXTURES.glob("*/fires_*.conf")), *sorted((FIXTURES.parent / "configs").glob("*.conf"))]


@dataclass
class Services:
    history: object
    keep_configs: bool = False
    lookups: object = None
    ports: tuple = ()
    checks: object = field(default_factory=InThread)
    made: list = field(default_factory=list)

    async def viewer(self):
        return Viewer("T1", admin=True)

    async def sources(self, channel):
        return {}

    def wait_for_asker(self, user, times):
        return 0.0

    def new_id(self):
        self.made.append(f"id-{len(self.made)}")
        return self.made[-1]


def everything(folder):
    """All bytes of the database, its log and its index; case does not matter."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("portero.db*"))).lower()


async def keep(folder, texts, *, keep_configs=False):
    """Check each, leave the file as a bot that runs leaves it, and give all its bytes."""
    history = await history_at(folder / "portero.db")
    services = Services(history, keep_configs)
    for text in texts:
        asked = request(surface="modal", attachments=(Attachment("config", text.encode()),))
        [_ async for _ in COMMAND.forms["check"](asked, services)]
    running = everything(folder)
    rows = await history.entries(Query(OPERATOR), limit=len(texts))
    await history.close()
    return running + everything(folder), rows


@pytest.mark.parametrize("keep_configs", [False, True], ids=["", "configs kept"])
async def test_no_shape_of_a_secret_in_any_notation_is_in_the_file(tmp_path, keep_configs):
    held = {name: text for name, text in PASTES.items() if not (keep_configs and name.startswith(NAMED))}
    found, rows = await keep(tmp_path, held.values(), keep_configs=keep_configs)

    assert len(rows) == len(held) > 180
    assert all(bool(row.document.get("config")) == keep_configs for row in rows)
    hidden = {secret for name in held for secret in secrets(name)}
    assert [secret for secret in hidden if secret.lower().encode() in found] == []


async def test_no_hash_of_a_text_is_in_the_file(tmp_path):
    """With one, whoever reads the file could try what a short text said."""
    texts = [f"auth-password {word}\n" for word in ("hunter2", "letmein", "swordfish")]
    found, _ = await keep(tmp_path, texts, keep_configs=True)

    forms = {form.encode() for text in texts for form in (text, text.strip(), text.split()[1], text.rstrip() + "\r\n")}
    digests = [hashlib.new(name, form, usedforsecurity=False).digest() for name in HASHES for form in forms]
    written = {way(digest).lower()[:16] for digest in digests for way in (bytes.hex, as_base64)}
    assert len(written) == 2 * len(HASHES) * len(forms)
    assert [one for one in written if one.encode() in found] == []


def as_base64(digest):
    return b64encode(digest).decode()


@every(TEXTS)
def test_whichever_word_of_a_config_is_a_secret_it_is_not_stored(path):
    text = path.read_text(encoding="utf-8")
    words = [found for found in re.finditer(r"[\w.+-]{3,}", text) if not text.startswith("#") or found.start() > 12]
    for word in words[:: 1 + len(words) // 12]:
        changed = text[: word.start()] + MARKER + text[word.end() :]
        row = document(lint(changed, **options(changed)), "1", "config")
        assert MARKER not in json.dumps(row).lower(), changed


def test_a_stored_report_reads_as_sentences_without_words_of_the_config():
    text = f"{MARKER} yes\n<{MARKER}>\n</{MARKER}>\npasword {MARKER}\n<domain *>\nmax-smtp-out {MARKER}\n</domain>\n"
    said = [(one.message, one.suggestion) for one in report_of(document(lint(text), "1", "config")).findings]
    assert set(said) >= {
        ("This setting is not in the 5.0 guide: PowerMTA does not load a setting that it does not know.", None),
        ("This tag is unknown: it is not in the 5.0 guide.", None),
        ("max-smtp-out does not take this: it takes a whole number or unlimited.", "a whole number or unlimited"),
    }


def test_what_is_harmless_is_said_as_it_was():
    text = "<source 0/0>\nalways-allow-relaying yes\n</source>\n<domain *>\nretry-after 30s\n</domain>\nsmtp-port 25\n"
    report = lint(text)
    row = document(report, "1", "config")
    assert [one.message for one in report_of(row).findings] == [one.message for one in report.weightiest]
    assert told(row)["summary"] == summary_in(summary(row)) == headline(report)


def test_a_printed_row_has_sentences_and_a_stored_one_has_none():
    row = document(lint("max-smtp-uot 10"), "1", "config")
    (stored,), (printed,) = row["findings"], told(row)["findings"]
    assert not {"message", "suggestion"} & stored.keys()
    assert printed == {
        **stored,
        "message": "This setting is not in the 5.0 guide. Did you mean max-smtp-out?",
        "suggestion": "max-smtp-out",
    }


def test_a_row_that_quotes_is_read_by_its_code_alone():
    """Its words stay where they are: it may come out of a backup that somebody put beside a newer version."""
    place = {"rule": "unknown-directive", "severity": "warning", "line": 1, "column": 1, "end_column": 2}
    quoting = {"code": "PMTA201", **place, "message": f"{MARKER} is odd.", "suggestion": MARKER, "basis": "inferred"}
    row = {"findings": [quoting, {**quoting, "code": "PMTA999"}], "secrets_masked": 0, "reflowed": False}
    assert MARKER not in json.dumps(told(row))
    assert [one.message for one in report_of(row).findings] == ["The guide does not know this setting.", GONE]


def test_a_kept_text_has_the_lines_that_are_understood_under_their_numbers():
    text = (
        "# the relay\nsmtp-source-host 192.0.2.1 a.example.com # pwd: x\n\n<domain *>\nmax-smtp-out ten\n"
        "http-delivery-url https://a.example.com/in/x?y\nauth-password x\nauth-username x\nretry-after 10m\n</domain>\n"
        "password = x\nodd x\n"
    )
    assert kept(text).splitlines() == [
        COMMENT,
        "smtp-source-host 192.0.2.1 a.example.com",
        "",
        "<domain *>",
        NOT_UNDERSTOOD,
        "http-delivery-url https://a.example.com/********",
        "auth-password ********",
        "auth-username ********",
        "retry-after 10m",
        "</domain>",
        NOT_UNDERSTOOD,
        NOT_UNDERSTOOD,
    ]
