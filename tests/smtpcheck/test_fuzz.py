"""Random bytes over a real socket: no server can crash the probe or hang it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS
from bot.demo.lab.scripts import dialogue, starttls
from bot.demo.lab.steps import Close, Hang, Raw, ReadBytes, Reset, Send
from commands.smtpcheck.result.sentences import english
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.wire.connection import Limits
from tests import moving
from tests.smtpcheck.arbitrary import times
from tests.smtpcheck.speaking import STAGE, judged, spoken

LIMITS = Limits(greeting=0.1, command=0.1, handshake=0.2, piece=0.1, reply=0.3, quit=0.05, check=1.0)
LONGEST = 1.5

RUBBISH = (
    b"220 a\r\n", b"220-a\r\n", b"250 a\r\n", b"250-STARTTLS\r\n", b"250-AUTH=\r\n", b"421 x\r\n", b"\r\n", b"\0",
    b"\xff" * 9, b"\x16\x03\x03\x40\x00", b"\x15\x03\x03\x00\x02\x02\x28", b"2_2 x\r\n", b"220", b"-", b" ", b"1\n",
    b"A" * 9000, b"250-\r\n" * 3000,
)  # fmt: skip
pieces = st.one_of(st.binary(max_size=300), st.sampled_from(RUBBISH))
replies = st.lists(pieces, max_size=5).map(b"".join)
endings = st.sampled_from([Close(), Reset(), Hang(0.3)])


def meet(*script, port=25):
    """The report on a server that plays this script, within the limits."""

    async def play():
        async with Peer(script) as peer, spoken(peer, port=port, limits=LIMITS) as record:
            return record

    report = judged(moving.run(play()))
    assert report.record.elapsed_ms < LONGEST * 1000
    assert report.state in english.STATES
    assert all(sentence(finding.code, finding.params) for finding in report.findings)
    return report


@pytest.mark.parametrize("port", [25, 465])
@settings(max_examples=times(40), deadline=None)
@given(data=replies, end=endings)
def test_any_greeting_ends_in_a_report(port, data, end):
    meet(Send(data), end, port=port)


@settings(max_examples=times(60), deadline=None)
@given(data=replies, end=endings)
def test_any_reply_to_ehlo_ends_in_a_report(data, end):
    meet(*dialogue({"EHLO": (Send(data), end), "HELO": (Send(data), end)}, banner=BANNER))


@settings(max_examples=times(60), deadline=None)
@given(data=replies, end=endings)
def test_any_reply_to_starttls_ends_in_a_report(data, end):
    meet(*dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": (Send(data), end)}, banner=BANNER))


@settings(max_examples=times(60), deadline=None)
@given(data=replies, end=endings)
def test_any_bytes_in_the_handshake_end_in_a_report(data, end):
    steps = (Send(b"220 go\r\n"), ReadBytes(5), Raw(data), end)
    meet(*dialogue({"EHLO": EHLO_STARTTLS, "STARTTLS": steps}, banner=BANNER))


@settings(max_examples=times(60), deadline=None)
@given(data=replies, end=endings)
def test_any_reply_inside_tls_ends_in_a_report(data, end):
    table = {"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(STAGE.context)}
    meet(*dialogue(table, secure={"EHLO": (Send(data), end)}, banner=BANNER))


@settings(max_examples=times(60), deadline=None)
@given(data=replies, end=endings)
def test_any_answer_to_quit_changes_nothing(data, end):
    table = {"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(STAGE.context)}
    report = meet(*dialogue(table, secure={"EHLO": b"250 a\r\n", "QUIT": (Send(data), end)}, banner=BANNER))
    assert (report.state, report.tls_state) == ("open", "ok")
