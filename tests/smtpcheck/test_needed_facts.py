"""No finding without its evidence: arbitrary records, each finding held against what the table says it needs."""

from collections.abc import Callable, Mapping

from hypothesis import given, settings

from commands.smtpcheck.result.findings import row_of
from commands.smtpcheck.result.needed_facts import NEEDED, Fact
from commands.smtpcheck.result.states import TlsState
from commands.smtpcheck.verdict.endpoint_checks import TLS_FINDINGS
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, HELO, STARTTLS, Record, read_extensions
from tests.every import every
from tests.smtpcheck.arbitrary import records, times
from tests.smtpcheck.speaking import judged
from tests.smtpcheck.test_totality import CHAINS

ENDS = {"closed", "reset", "tls", "os", "local", "other", "malformed"}


def _replies(record: Record) -> list[int]:
    said = [step.code for step in record.steps if step.code is not None]
    lines = [chunk.data for chunk in record.chunks if chunk.sender == "server"]
    return [*said, *(int(data[:3]) for data in lines if data[:3].isdigit() and data[:3].isascii())]


def _has(record: Record, *names: str) -> bool:
    return any(record.step(name) is not None for name in names)


def _says(record: Record, code: int, *names: str) -> bool:
    return any((step := record.step(name)) is not None and step.code == code for name in names)


def _server_bytes(record: Record) -> bool:
    heard = any(chunk.sender == "server" for chunk in record.chunks)
    return heard or any(step.code is not None or step.text or step.detail for step in record.steps)


def _keywords(record: Record) -> bool:
    return any(read_extensions(record.step(name)).keywords for name in (EHLO, EHLO_AFTER_TLS))


def _handshake(record: Record) -> bool:
    """Its result, or a client that went on after its ClientHello."""
    return record.handshake is not None or sum(chunk.sender == "client" for chunk in record.chunks) > 1


SEEN: Mapping[Fact, Callable[[Record], bool]] = {
    Fact.TCP_REFUSED: lambda it: it.connect == "refused",
    Fact.TCP_SILENT: lambda it: it.connect == "no_answer",
    Fact.TCP_UNREACHABLE: lambda it: it.connect == "unreachable",
    Fact.OWN_REFUSAL: lambda it: it.connect in {"not_permitted", "forbidden"},
    Fact.CONNECTED: lambda it: it.connect == "connected",
    Fact.OUR_TIME: lambda it: (
        it.connect in {"not_finished", "not_begun", "held_up"}
        or (it.last is not None and it.last.error in {"not_finished", "held_up"})
    ),
    Fact.WAITED: lambda it: any(step.error == "timeout" for step in it.steps),
    Fact.ENDED: lambda it: bool(it.ended) or any(step.error in ENDS for step in it.steps),
    Fact.BYTES: _server_bytes,
    Fact.GREETING_REPLY: lambda it: (step := it.step(GREETING)) is not None and step.code is not None,
    Fact.REFUSAL: lambda it: any(code >= 400 or code < 200 for code in _replies(it)),
    Fact.EHLO_TAKEN: lambda it: _says(it, 250, EHLO, HELO),
    Fact.HELO_TAKEN: lambda it: _says(it, 250, HELO),
    Fact.EHLO_ASKED: lambda it: _has(it, EHLO, EHLO_AFTER_TLS),
    Fact.KEYWORDS: _keywords,
    Fact.KEYWORDS_IN_TLS: lambda it: bool(
        read_extensions(it.step(EHLO if it.mode == "implicit" else EHLO_AFTER_TLS)).keywords
    ),
    Fact.NO_STARTTLS: lambda it: "STARTTLS" not in read_extensions(it.step(EHLO)).keywords,
    Fact.TLS_TRIED: lambda it: it.mode == "implicit" or _has(it, STARTTLS, EHLO_AFTER_TLS),
    Fact.HANDSHAKE: _handshake,
    Fact.CHAIN: lambda it: it.handshake is not None and bool(it.handshake.chain),
    Fact.REPLY_TO_STARTTLS: lambda it: (
        (step := it.step(STARTTLS)) is not None
        and (step.code is not None or step.error == "malformed" or any(one.sender == "server" for one in it.chunks))
    ),
}


@settings(max_examples=times(150), deadline=None)
@given(records(CHAINS))
def test_no_finding_is_said_without_what_must_have_been_seen_for_it(record):
    for found in judged(record).findings:
        lacking = [fact for fact in NEEDED[found.code] if not SEEN[fact](record)]
        assert not lacking, f"{found.code} without: {', '.join(lacking)}"


def test_every_fact_can_be_looked_for():
    assert SEEN.keys() == set(Fact)


@every(sorted(set(TlsState) - {TlsState.OK}))
def test_every_state_of_tls_has_a_finding_with_a_row(state):
    assert (TLS_FINDINGS.get(state) or row_of(f"tls_{state}")) in NEEDED
