"""Which TLS versions a server accepts, on real servers with limited versions and in the table of what follows."""

import ssl

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.quirk import HOST
from bot.demo.lab.quirks_tls import serving
from bot.demo.lab.scripts import well_behaved
from commands.smtpcheck.deep.tls_versions import VERSIONS, accepted, context_up_to, next_newest, offerable
from commands.smtpcheck.result.sentences.choice import versions_line
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import GREETING, STARTTLS, Handshake, Record, Step
from commands.smtpcheck.wire.session import Session
from tests.smtpcheck.speaking import ADDRESS, CONTEXT, EHLO_NAME, QUICK, STAGE

ALL = tuple(VERSIONS)
TLS = ssl.TLSVersion


def limited(oldest, newest):
    """A server's context with these versions alone."""
    context = STAGE.authority.issue(HOST).context(newest=newest)
    context.minimum_version = oldest
    return context


async def swept(script, mode="starttls"):
    """What a sweep of a real server tells, and how many connections it took."""
    records = []
    async with Peer(script) as peer:
        newest = ""
        while newest is not None:
            endpoint = Endpoint(HOST, ADDRESS, 465 if mode == "implicit" else 25, mode, newest=newest)
            context = context_up_to(newest) if newest else CONTEXT
            how = {"context": context, "ehlo_name": EHLO_NAME, "limits": QUICK, "route": lambda *_: peer.address}
            dialogue = Session(endpoint, **how)
            records.append(await dialogue.run())
            await dialogue.farewell()
            newest = next_newest(records, offerable())
    return accepted(records, offerable()), len(records)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("oldest", "newest", "yes", "connections"),
    [
        (TLS.TLSv1_2, TLS.TLSv1_3, ["TLSv1.2", "TLSv1.3"], 3),
        (TLS.TLSv1_2, TLS.TLSv1_2, ["TLSv1.2"], 2),
        (TLS.TLSv1_3, TLS.TLSv1_3, ["TLSv1.3"], 2),
        (TLS.TLSv1, TLS.TLSv1, ["TLSv1"], 1),
        (TLS.TLSv1, TLS.TLSv1_2, ["TLSv1", "TLSv1.1", "TLSv1.2"], 3),
        (TLS.TLSv1, TLS.TLSv1_3, list(ALL), 4),
    ],
)
async def test_real_servers_accept_what_they_are_limited_to_and_nothing_else(mode, oldest, newest, yes, connections):
    context = limited(oldest, newest)
    script = serving(context) if mode == "starttls" else well_behaved(HOST, context=context, implicit=True)
    told, made = await swept(script, mode)
    assert told == {version: "yes" if version in yes else "no" for version in ALL}
    assert made == connections


def record(newest="", version="", detail="", error="tls", mode="starttls"):
    name = STARTTLS if mode == "starttls" else GREETING
    steps = () if version else (Step(name, 0, 1, None, "", error, detail),)
    shake = Handshake(version, "", ()) if version else None
    return Record(HOST, ADDRESS, 25, mode, "connected", 1.0, steps=steps, handshake=shake, newest=newest)


AGREED = record(version="TLSv1.3")


@pytest.mark.parametrize(
    "broken",
    [
        record("TLSv1.2", error="closed"),
        record("TLSv1.2", error="timeout"),
        record("TLSv1.2", detail="NO_CIPHERS_AVAILABLE"),
        record("TLSv1.2", detail="NO_PROTOCOLS_AVAILABLE"),
        record("TLSv1.2", detail="TLSV1_ALERT_INTERNAL_ERROR"),
        record("TLSv1.2", detail="SSLV3_ALERT_HANDSHAKE_FAILURE"),
        record("TLSv1.2", detail="TLSV1_ALERT_INSUFFICIENT_SECURITY"),
    ],
)
def test_what_broke_or_failed_on_our_side_is_unknown_and_never_no(broken):
    told = accepted([AGREED, broken], ALL)
    assert told == {"TLSv1": "unknown", "TLSv1.1": "unknown", "TLSv1.2": "unknown", "TLSv1.3": "yes"}
    assert next_newest([AGREED, broken], ALL) == "TLSv1.1"


def test_a_refusal_speaks_for_all_that_was_offered_and_for_nothing_else():
    refused = record("TLSv1.2", detail="TLSV1_ALERT_PROTOCOL_VERSION")
    assert accepted([AGREED, refused], ("TLSv1.2", "TLSv1.3"))["TLSv1.1"] == "unknown"
    assert accepted([AGREED, refused], ALL)["TLSv1.1"] == "no"


def test_what_was_accepted_once_stays_accepted():
    records = [AGREED, record("TLSv1.2", version="TLSv1.2"), record("TLSv1.2", detail="TLSV1_ALERT_PROTOCOL_VERSION")]
    assert accepted(records, ALL)["TLSv1.2"] == "yes"


def test_a_sweep_ends_after_every_version_was_offered_once():
    broken = [record(version, error="closed") for version in ALL]
    assert next_newest([AGREED, *broken], ALL) is None
    assert next_newest([AGREED], ()) is None


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (("no", "no", "yes", "yes"), "TLS 1.2, 1.3 accepted; 1.0, 1.1 refused"),
        (("unknown", "no", "yes", "yes"), "TLS 1.2, 1.3 accepted; 1.1 refused; 1.0 not known"),
        (("yes",) * 4, "TLS 1.0, 1.1, 1.2, 1.3 accepted"),
        (("no",) * 4, "TLS 1.0, 1.1, 1.2, 1.3 refused"),
    ],
)
def test_the_versions_in_a_line(answers, words):
    assert versions_line("Port 587", dict(zip(ALL, answers, strict=True))) == f"Port 587: {words}."
