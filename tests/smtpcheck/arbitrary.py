"""Arbitrary records for Hypothesis: anything that a server could make of a session, and much that none ever will."""

import os

from hypothesis import strategies as st

from commands.smtpcheck.egress.control_hosts import Attempt
from commands.smtpcheck.lookup.resolve import Dns, HostAddresses
from commands.smtpcheck.report.model import Facts
from commands.smtpcheck.verdict.conclusion import conclude
from commands.smtpcheck.wire.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    HELO,
    STARTTLS,
    Chunk,
    Handshake,
    Record,
    Step,
)
from tests.smtpcheck.labs import AT
from tests.smtpcheck.speaking import ADDRESS, STORE, judged

HOSTILE = (
    b"220 x <!channel> <@U123> *b* `code` <https://evil.example|login> \x1b[31m\x00\r\n",
    b"250-a\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 X\r\n", b"220-a\r\n", b"220 go\r\n250 evil\r\n",
    b"\x16\x03\x03\x00\x02", b"\x15\x03\x03\x00\x02\x02\x28", b"SSH-2.0-x\r\n", b"HTTP/1.1 400\r\n", b"421 busy\r\n",
    b"22", b"\r\n", b"EHLO x\r\n", b"STARTTLS\r\n", b"<!here>\r\n" * 200, b"&lt;!channel&gt; {said} {0} %s\r\n",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from([data.decode("utf-8", "surrogateescape").strip() for data in HOSTILE]),
    st.text(st.characters(codec=None), max_size=60),
    st.binary(max_size=60).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.lists(st.text(max_size=12), max_size=30).map("\n".join),
)
moments = st.floats(0, 90_000)
codes = st.one_of(
    st.none(), st.integers(-10, 1200), st.sampled_from([220, 250, 421, 450, 454, 500, 501, 521, 530, 554])
)
errors = st.sampled_from(["", "timeout", "closed", "reset", "malformed", "too_long", "tls", "os", "local", "other"])
details = st.one_of(texts, st.sampled_from(["WRONG_VERSION_NUMBER", "TLSV1_UNRECOGNIZED_NAME", "Malformed: HTTP/1.1"]))
chunks = st.lists(
    st.builds(Chunk, moments, st.sampled_from(["server", "client"]), st.one_of(st.sampled_from(HOSTILE), st.binary())),
    max_size=8,
)


@st.composite
def steps(draw):
    names = draw(st.lists(st.sampled_from([GREETING, EHLO, HELO, STARTTLS, EHLO_AFTER_TLS]), unique=True))
    return tuple(
        Step(name, begun := draw(moments), begun + draw(moments), draw(codes), draw(texts), draw(errors), draw(details))
        for name in names
    )


def times(examples):
    """How many examples: so many, times what PORTERO_FUZZ says (`PORTERO_FUZZ=50 pytest ...`)."""
    return examples * int(os.environ.get("PORTERO_FUZZ", "1"))


def records(chains=()):
    """Records of one endpoint; a finished handshake has one of these chains, or rubbish."""
    made = st.lists(st.binary(max_size=20), max_size=2).map(tuple)
    if chains:
        made = st.one_of(made, st.sampled_from(list(chains)))
    return st.builds(
        Record,
        host=st.sampled_from(["mail.example.com", "198.51.100.25", "xn--fa-hia.example", "a" * 63 + ".example"]),
        address=st.sampled_from([ADDRESS, "2001:db8::25"]),
        port=st.sampled_from([25, 465, 587, 2525, 2465, 1, 65535]),
        mode=st.sampled_from(["starttls", "implicit"]),
        connect=st.sampled_from(
            ["connected", "connected", "connected", "refused", "no_answer", "unreachable", "not_permitted", "forbidden"]
        ),
        connect_ms=moments,
        steps=steps(),
        chunks=chunks.map(tuple),
        handshake=st.one_of(st.none(), st.builds(Handshake, texts, texts, made)),
        ended=st.sampled_from(["", "fin", "reset"]),
        elapsed_ms=moments,
        ehlo_name=st.just("probe.example"),
    )


def checks(chains=()):
    """Whole checks of up to six arbitrary endpoints."""
    return st.lists(records(chains), max_size=6).map(check_of)


def check_of(found):
    hosts = (HostAddresses("mail.example.com", (ADDRESS,), "host"),)
    dns = Dns("mail.example.com", "host", hosts=hosts)
    controls = {25: (Attempt("mx.alpha.example", 25, "no_answer", 8000.0), Attempt("mx.beta.example", 25, None, 1.0))}
    facts = Facts("0123", "mail.example.com", "local", AT, 1000.0, dns, controls=controls)
    return conclude(facts, [judged(record) for record in found], store=STORE)
