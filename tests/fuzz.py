"""`make fuzz SECONDS=600`: mutated bytes at everything that reads bytes, until the time is up.

Every target takes bytes and must neither raise nor give an answer that Slack would refuse. A failure prints the target
and the input in base64; put it into a test before you fix it: `python -m tests.fuzz --replay TARGET BASE64`. So many
inputs for one target: `python -m tests.fuzz --only record 50000`.
"""

import asyncio
import base64
import itertools
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bot.demo.lab.certificates import Authority
from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS
from bot.demo.lab.scripts import dialogue, starttls
from bot.demo.lab.steps import Close, Raw, ReadBytes, Send
from bot.demo.workspace.blockkit import problems
from commands.pmta.dkim import judge, read_private
from commands.pmta.fixes import changes, listing, safe_fixes
from commands.pmta.linter import lint
from commands.pmta.masking import masked
from commands.slack_text import escape, undo
from commands.smtpcheck.deep.tls_versions import VERSIONS
from commands.smtpcheck.egress.control_hosts import Greeting
from commands.smtpcheck.lookup.question import ask, stub_resolver
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.reader import read_record
from commands.smtpcheck.record_file.writer import as_file
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.tls.certificate_findings import analyse
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict import endpoint_checks as verdict
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.view.details import details
from commands.smtpcheck.view.message import result
from commands.smtpcheck.view.terminal import show
from commands.smtpcheck.wire.connection import Limits
from commands.smtpcheck.wire.record import EHLO, GREETING, Chunk, Further, Record, Step
from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.reader import read
from tests import fuzz_records, moving
from tests.entries import entry_of, pressing
from tests.smtpcheck.labs import AT
from tests.smtpcheck.speaking import ADDRESS, spoken

LIMITS = Limits(greeting=0.1, command=0.1, handshake=0.2, piece=0.1, reply=0.3, quit=0.05, check=1.0)
AUTHORITY = Authority()
SIX = "2001:db8::25"
STORE, ELSEWHERE = TrustStore.from_pem(AUTHORITY.pem.encode()), TrustStore([])

SMTP_SEEDS = (
    b"220 mail.example.com ESMTP\r\n", b"220-a\r\n220 b\r\n", b"421 4.7.0 busy\r\n", b"\x16\x03\x03\x00\x02",
    b"250-a\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 SIZE 1\r\n", b"\x15\x03\x03\x00\x02\x02\x28",
    b"220 <!channel> `x` \x1b[31m\x00\r\n",
)  # fmt: skip
DER_SEEDS = tuple(
    AUTHORITY.issue("mail.example.com", **how).der for how in ({}, {"self_signed": True}, {"days": (-9, -1)})
)
PMTA_SEEDS = tuple(path.read_bytes()[:4000] for path in sorted(Path("tests/pmta").rglob("*.conf"))[:200])
DNS_SEEDS = (
    b"\x00\x00\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x04mail\x07example\x00\x00\x0f\x00\x01\xc0\x0c\x00\x0f",
)


HALF = 0.5
PURPOSES = ("hidden", "versions", "again", "no_name", "family")


def shown(record: Record) -> None:
    """Judge a record, alone and as all that a deep check saw; see that Slack and a terminal would take the answer."""
    dns = Dns("mail.example.com", "host", hosts=(HostAddresses("mail.example.com", (ADDRESS, SIX), "host"),))
    greeting = record.step(GREETING)
    said = f"220 {greeting.text if greeting else ''}"
    heard = tuple(Greeting(host, record.port, said) for host in ("mx.one.test", "mx.two.example"))
    further = Further(tuple(VERSIONS), tuple(replace(record, purpose=purpose) for purpose in PURPOSES))
    facts = Facts("0123", "mail.example.com", "local", AT, 1.0, dns)
    deep = replace(facts, further=further, greetings={record.port: heard})
    other = replace(record, address=SIX, purpose="family")
    for seen, records in ((facts, [record]), (deep, [record, other])):
        check = conclude(seen, [verdict.judge(one, at=AT, store=STORE) for one in records], store=STORE)
        answer = to_document(check)
        assert not problems(list(result(answer, logged=True).blocks), "message")
        assert not problems(list(details(entry_of(answer), pressing().actor).blocks), "modal")
        show(answer, Console(quiet=True), transcripts=True)
        saved = read_record(as_file(check, store=STORE))
        assert to_document(replay(saved, store=ELSEWHERE, trust_record=True)) == answer


def session(data: bytes) -> None:
    """The bytes as a greeting and an EHLO reply, without a socket."""
    text = data.decode("utf-8", "surrogateescape")
    code = int(data[:3]) if data[:3].isdigit() else None
    steps = (Step(GREETING, 1, 2, 220, "mail.example.com"), Step(EHLO, 2, 3, code or 250, text))
    data = data or b"\n"  # a chunk is what came, so it is never empty
    chunks = (Chunk(1, "server", data), Chunk(2, "client", b"EHLO x\r\n"), Chunk(3, "server", data))
    shown(Record("mail.example.com", ADDRESS, 587, "starttls", "connected", 1.0, steps, chunks))


def socket(data: bytes) -> None:
    """The bytes as what a real server says first, to EHLO, to STARTTLS, to the ClientHello, or inside TLS."""
    said = (Send(data), Close())
    shaken = (Send(b"220 go\r\n"), ReadBytes(5), Raw(data), Close())
    context = AUTHORITY.context("mail.example.com")
    scripts = (
        said,
        dialogue({"EHLO": said}, banner=BANNER),
        dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": said}, banner=BANNER),
        dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": shaken}, banner=BANNER),
        dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(context)}, secure={"EHLO": said}, banner=BANNER),
    )

    async def play() -> Record:
        script = scripts[len(data) % len(scripts)]
        async with Peer(script) as peer, spoken(peer, port=25, limits=LIMITS) as record:
            return record

    shown(moving.run(play()))


def certificate(data: bytes) -> None:
    analyse([data], host="mail.example.com", at=AT, store=STORE)


class Babbler(asyncio.DatagramProtocol):
    """A name server that answers every question with the same bytes behind the right id."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        self._transport.sendto(data[:2] + self._data[2:], addr)


def dns_answer(data: bytes) -> None:
    async def play() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: Babbler(data), ("127.0.0.1", 0))
        address = transport.get_extra_info("sockname")
        await ask(stub_resolver((address,), 0.05), "mail.example", "MX")
        transport.close()

    asyncio.run(play())


def pmta(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    report = lint(text)
    safe_fixes(text, report)
    listing(changes(text, report))
    judge([text], {"sha256"})
    read_private(data)
    assert masked(masked(text)) == masked(text)


def words(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert "<" not in escape(text)
    undo(text)
    document(advise(read(text)))


def record(data: bytes) -> None:
    """A record of a stranger, the whole way to the terminal."""
    fuzz_records.replayed(data)


Target = tuple[Callable[[bytes], None], tuple[bytes, ...], int]
TARGETS: dict[str, Target] = {
    "session": (session, SMTP_SEEDS, 40),
    "socket": (socket, SMTP_SEEDS, 6),
    "certificate": (certificate, DER_SEEDS, 40),
    "dns": (dns_answer, DNS_SEEDS, 1),
    "pmta": (pmta, PMTA_SEEDS, 4),
    "words": (words, SMTP_SEEDS, 10),
    "record": (record, fuzz_records.seeds(), 40),
}
"""Name -> what is called, with what it begins, and how many inputs a round."""


MUTATIONS = {"record": fuzz_records.mutated}
"""Targets whose inputs are also changed by what they mean, as often as by their bytes."""


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, cut, doubled, swapped or put in."""
    data = bytearray(seed)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0 if data:
                data[at % len(data)] = dice.randrange(256)
            case 1:
                del data[at : at + dice.randint(1, 8)]
            case 2:
                data[at:at] = dice.randbytes(dice.randint(1, 8))
            case 3:
                data[at:at] = data[at : at + dice.randint(1, 64)] * dice.randint(1, 4)
            case _:
                data[at:at] = dice.choice((b"\r\n", b"\0", b"<", b">", b"<!channel>", b"`", b'"', b"#", b"\xff", b" "))
    return bytes(data[:20_000])


def tried(name: str, dice: random.Random) -> None:
    """One input for one target."""
    call, seeds, _ = TARGETS[name]
    mutate = MUTATIONS.get(name, mutated) if dice.random() < HALF else mutated
    data = mutate(dice.choice(seeds), dice)
    try:
        call(data)
    except Exception:
        print(f"{name} fails on {base64.b64encode(data).decode()}", flush=True)
        raise


def main() -> int:
    match sys.argv[1:]:
        case ["--replay", name, data]:
            TARGETS[name][0](base64.b64decode(data))
            return 0
        case ["--only", name, times]:
            rounds, ends = itertools.repeat({name: 1}, int(times)), math.inf
        case given:
            rounds = itertools.repeat({name: times for name, (_, _, times) in TARGETS.items()})
            ends = time.monotonic() + float(given[0] if given else 60)
    seed, began = random.randrange(2**32), time.monotonic()
    print(f"fuzzing with seed {seed}", flush=True)
    dice, done = random.Random(seed), Counter()
    for name in (name for turn in rounds for name, times in turn.items() for _ in range(times)):
        if time.monotonic() >= ends:
            break
        tried(name, dice)
        done[name] += 1
    counts = ", ".join(f"{name} {count}" for name, count in done.items())
    print(f"nothing found in {time.monotonic() - began:.0f} s: {counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
