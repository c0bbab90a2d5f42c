"""Mutated records for `tests.fuzz`: bytes of the file, and values, members and lists of what stands in it.

Each goes the whole way of `portero check --replay`: it has to end with a status, and what is printed may hold nothing
that a terminal obeys.
"""

import atexit
import base64
import contextlib
import copy
import functools
import io
import json
import os
import random
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import get_args

from bot.cli import parser, run
from bot.console.characters import visible
from bot.demo.lab.certificates import Authority
from commands.smtpcheck.deep.tls_versions import VERSIONS
from commands.smtpcheck.egress.control_hosts import Attempt, Greeting
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.record_file.writer import as_file
from commands.smtpcheck.report.model import Check, Facts, Finding, Severity
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.wire.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    STARTTLS,
    STEP_ENDS,
    STEP_NAMES,
    Chunk,
    Connect,
    Ended,
    Further,
    Handshake,
    Mode,
    Purpose,
    Record,
    Sender,
    Step,
)
from commands.smtpcheck.wire.session_facts import TLS_ALERTS
from tests.smtpcheck.labs import AT
from tests.smtpcheck.speaking import ADDRESS

AUTHORITY = Authority()
STORE = TrustStore.from_pem(AUTHORITY.pem.encode())
SIX = "2001:db8::25"
HOST = "mail.example.com"
STEERING = "\x1b]8;;https://evil.example\x1b\\login\x1b]8;;\x1b\\\x1b[2J\x9b31m\u202e\u200b\u2028\x7f\r\x00"
WRONG_VALUES = (
    None, True, False, 0, -1, 25, 70_000, 10**30, 0.5, float("nan"), float("inf"), "", "x", STEERING, "0" * 5000,
    "\ud800", "2026-11-24T10:00:00Z", "mail.example.com", "198.51.100.25", "TLSv1.3", "timeout", "tls", "implicit",
    "starttls", "AAAA", [], {}, [[]], {"port": 25}, [None] * 50, "dns_loop", "mta_sts_enforce", "forbidden", "%s{port}",
)  # fmt: skip


WORDS = {
    "name": STEP_NAMES, "error": STEP_ENDS, "connect": get_args(Connect), "mode": get_args(Mode),
    "ended": get_args(Ended), "purpose": get_args(Purpose), "outcome": get_args(Connect), "from": get_args(Sender),
    "version": tuple(VERSIONS), "newest": tuple(VERSIONS), "code": (None, 220, 250, 421, 450, 500, 530, 554, -22),
    "text": ("", "go", STEERING, "a\nSTARTTLS\nAUTH=LOGIN"), "detail": (*TLS_ALERTS, "Malformed: HTTP/1.1 400"),
    "port": (25, 465, 587, 2525), "address": ("2001:db8::25", "198.51.100.26"), "why": ("", "refused", STEERING),
}  # fmt: skip
"""Names of members, and values that may stand there."""

SAID = (
    b"220", b"220-x\r\n", b"421 busy\r\n", b"554 no\r\n", b"250-STARTTLS\r\n250 X\r\n", b"\x15\x03\x01\x00\x02\x02\x28",
    b"HTTP/1.1 400\r\n", b"220 ********\r\n", b"\x1b[2J\x9b1m\r\n", b"\n", b"220 go\r\n250 more\r\n", b"EHLO x\r\n",
)  # fmt: skip

PARSER = parser()
FOLDER = Path(tempfile.mkdtemp(prefix="portero-fuzz-"))
(FOLDER / "roots.pem").write_text(AUTHORITY.pem)
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def _record(port: int, host: str = HOST, **more) -> Record:
    """A session with STARTTLS that went well, and was greeted with what steers terminals."""
    said = f"{HOST} {STEERING}"
    steps = (
        Step(GREETING, 1, 2, 220, said), Step(EHLO, 2, 3, 250, f"{said}\nSTARTTLS\nAUTH PLAIN\nSIZE 1"),
        Step(STARTTLS, 3, 4, 220, "go"), Step(EHLO_AFTER_TLS, 4, 5, 250, f"{said}\nAUTH PLAIN LOGIN"),
    )  # fmt: skip
    greeting = f"220 {said}\r\n".encode("utf-8", "surrogatepass")
    chunks = (
        Chunk(2, "server", greeting), Chunk(2, "client", b"EHLO x\r\n"),
        Chunk(3, "server", b"250-a\r\n250-STARTTLS\r\n250 SIZE 1\r\n"), Chunk(3, "client", b"STARTTLS\r\n"),
        Chunk(4, "server", b"220 go\r\n"), Chunk(4, "client", b"\x16\x03\x01\x00\x05hello"),
    )  # fmt: skip
    leaf = AUTHORITY.issue(host)
    shake = Handshake("TLSv1.3", "TLS_AES_256_GCM_SHA384", (leaf.der,))
    return Record(host, ADDRESS, port, "starttls", "connected", 1.0, steps, chunks, shake, elapsed_ms=9.0, **more)


def _check(records: list[Record], **more) -> Check:
    hosts = (HostAddresses(HOST, (ADDRESS, SIX), "mx", ("alias.example",)), HostAddresses("b.example", (), "mx"))
    found = ((Code.MX_IS_CNAME, {"host": HOST, "alias_of": "x.example"}), (Code.MX_SERVFAIL, {"host": "b.example"}))
    dns = Dns("example.com", "domain", ((10, HOST), (20, "b.example")), hosts=hosts, findings=found)
    facts = Facts("0123", "example.com", "local", AT, 1.0, dns, **more)
    return conclude(facts, [judge(record, at=AT, store=STORE) for record in records], store=STORE)


@functools.cache
def seeds() -> tuple[bytes, ...]:
    """A plain check, a deep one with a policy, and one of ports that are silent or refused."""
    policy = (
        (Code.MTA_STS_ENFORCE, {"name": "example.com", "host": "", "detail": "", "why": "", "days": 7, "mx": "*.x"}),
        (Code.TLS_RPT_VALID, {"name": "example.com", "rua": f"mailto:{STEERING}", "said": ""}),
        (Code.DANE_UNSIGNED, {"host": HOST, "port": 25, "resolver": "", "vouched": True, "count": 1, "why": ""}),
    )
    purposes = ("hidden", "versions", "again", "no_name", "family")
    further = Further(
        ("TLSv1.2", "TLSv1.3"), tuple(replace(_record(25), purpose=one, newest="TLSv1.2") for one in purposes)
    )
    silent = [
        Record(HOST, ADDRESS, port, "starttls", end, 8000.0) for port, end in ((25, "no_answer"), (587, "refused"))
    ]
    tried = {25: (Attempt("mx.a.example", 25, "no_answer", 8.0, 40.0), Attempt("mx.b.example", 25, "connected", 1.0))}
    heard = {25: tuple(Greeting(f"mx.{one}.example", 25, f"220 {HOST} {STEERING}") for one in "ab")}
    denied = (Finding("forbidden", Severity.error, {"host": "b.example", "reason": "private"}),)
    checks = (
        _check([_record(25), _record(587)]),
        _check([_record(25)], policy=policy, further=further, greetings=heard),
        _check(silent, controls=tried, denied=denied),
    )
    return tuple(as_file(check, store=STORE) for check in checks)


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """One to three values, members or places in lists changed."""
    document = json.loads(seed)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        _change(document, dice)
    text = json.dumps(document)
    if dice.random() < 0.05:
        text = text.replace('"port":', '"port": 1, "port":', 1)
    return text.encode()


def _change(document, dice):
    """A walk to some place inside, and something else in it: wrong, or right and unheard of."""
    inner, key = _place(document, dice)
    if key is None:
        return
    if dice.random() < 0.5 and key in WORDS:
        inner[key] = dice.choice(WORDS[key])
    elif dice.random() < 0.5 and key == "data" and isinstance(inner[key], str):
        inner[key] = base64.b64encode(dice.choice(SAID)).decode()
    else:
        dice.choice((_drop, _double, _add, _insert, _shift, _replace))(inner, key, dice)


def _place(document, dice):
    """An object or list, and one of its names or places; None where there is none."""
    inner = document
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = dice.choice(keys) if keys else None
        if key is None or not isinstance(inner[key], dict | list) or dice.random() < 0.2:
            return inner, key
        inner = inner[key]


def _drop(inner, key, _dice):
    del inner[key]


def _double(inner, key, dice):
    inner.insert(key, copy.deepcopy(inner[key])) if isinstance(inner, list) else _replace(inner, key, dice)


def _add(inner, key, dice):
    if isinstance(inner, dict):
        inner[dice.choice(["x", STEERING, "port", "99999", "code"])] = dice.choice(WRONG_VALUES)
    else:
        inner.append(copy.deepcopy(dice.choice(WRONG_VALUES)))


def _insert(inner, key, dice):
    text = inner[key]
    if isinstance(text, str):
        at = dice.randrange(len(text) + 1)
        inner[key] = text[:at] + dice.choice([STEERING, "\n", "{", "A", "0"]) + text[at:]


def _shift(inner, key, dice):
    if isinstance(inner[key], int | float):
        inner[key] = dice.choice([-inner[key], inner[key] * 1000, inner[key] + 1, 465, 2525])


def _replace(inner, key, dice):
    inner[key] = copy.deepcopy(dice.choice(WRONG_VALUES))


@contextlib.contextmanager
def _environment():
    """No settings but the lab's roots."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({"HOME": str(FOLDER), "SSL_CERT_FILE": str(FOLDER / "roots.pem")})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


OPTIONS = ([], ["--json"], ["--transcript"], ["--trust-record", "--transcript"])


def replayed(data: bytes, options=None) -> int:
    """`portero check --replay` on these bytes; the exit status."""
    options = OPTIONS[sum(data) % len(OPTIONS)] if options is None else options
    printed, file = io.StringIO(), FOLDER / "record.json"
    file.write_bytes(data)
    with _environment(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        status = run(PARSER.parse_args(["check", "--replay", str(file), *options]))
    text = printed.getvalue()
    assert visible(text) == text, "a character that steers terminals was printed"
    assert text
    assert status in {0, 1, 2}
    return status
