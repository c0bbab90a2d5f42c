"""Which TLS versions a server accepts, told by as few handshakes as possible.

A server picks the highest version that both sides have (RFC 8446 section 4.2.1, RFC 5246 appendix E.1). So each
handshake offers everything up to a version: what it comes to is accepted, what stands above is not, and a refusal
speaks for all that was offered. Two or three handshakes tell what four single ones would.

Rule: only what the server said counts. What our own OpenSSL cannot offer is unknown, and so is a version at which the
connection broke. SSL 3.0, which OpenSSL no longer has, is asked for with a hello of our own.
"""

import functools
import ssl
import warnings
from collections.abc import Iterable, Mapping, Sequence

from commands.smtpcheck.deep.suites import SSL3, takes_ssl3
from commands.smtpcheck.wire.record import GREETING, STARTTLS, Record

VERSIONS: Mapping[str, ssl.TLSVersion] = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
"""Oldest first, by the names that `ssl` gives to a handshake's version."""

OLD = ("TLSv1", "TLSv1.1", SSL3)
"""Forbidden by RFC 7568 and RFC 8996."""

NEWEST = "TLSv1.3"
"""Offered in another way than those before it (RFC 8446 section 4.2.1)."""

ALERT = "TLSV1_ALERT_PROTOCOL_VERSION"
REFUSALS = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION"})
"""OpenSSL's reasons that mean that the server takes none of the versions: its alert, or another version in its answer.

handshake_failure is none of them: it speaks of ciphers, and ours are not all there are (most builds lack RC4).
"""


def accepted(records: Iterable[Record], offerable: Sequence[str]) -> dict[str, str]:
    """Every version with `yes`, `no` or `unknown`, from all that was said on one (address, port)."""
    told = dict.fromkeys(VERSIONS, "unknown")
    for record in records:
        offered = _offered(record, offerable)
        agreed = record.handshake.version if record.handshake else ""
        refused = offered if is_refusal(record) else []
        if agreed in offered:
            refused = offered[offered.index(agreed) + 1 :]
            told[agreed] = "yes"
        told |= {version: "no" for version in refused if told[version] != "yes"}
    return told


def with_ssl3(records: Sequence[Record], offerable: Sequence[str]) -> dict[str, str]:
    """The same, and SSL 3.0.

    A hello names its highest version alone: who refuses one of up to TLS 1.2 by alert speaks no SSL 3.0 either.
    """
    told = takes_ssl3(records)
    below = (record for record in records if record.newest and record.newest != NEWEST and is_refusal(record))
    alerted = any(step.detail == ALERT for record in below for step in record.steps)
    return {**accepted(records, offerable), SSL3: "no" if told == "unknown" and alerted else told}


def next_newest(records: Sequence[Record], offerable: Sequence[str]) -> str | None:
    """The version to offer at most in the next handshake, or None when there is no more to learn."""
    told = accepted(records, offerable)
    tried = {record.newest for record in records} | {offerable[-1] if offerable else ""}
    return next(
        (version for version in reversed(offerable) if told[version] == "unknown" and version not in tried), None
    )


def _offered(record: Record, offerable: Sequence[str]) -> list[str]:
    if record.newest not in offerable:
        return [] if record.newest else list(offerable)
    return list(offerable[: offerable.index(record.newest) + 1])


def is_refusal(record: Record) -> bool:
    """Whether the server said that it takes none of the versions that were offered."""
    step = record.step(STARTTLS if record.mode == "starttls" else GREETING)
    return record.handshake is None and step is not None and step.error == "tls" and step.detail in REFUSALS


@functools.cache
def context_up_to(newest: str) -> ssl.SSLContext:
    """The context that offers every version up to this one, with every cipher that OpenSSL has. Made once."""
    return _context(next(iter(VERSIONS.values())), VERSIONS[newest])


@functools.cache
def offerable() -> tuple[str, ...]:
    """The versions that our own OpenSSL can offer, oldest first: builds and system policies leave some out."""
    return tuple(name for name, version in VERSIONS.items() if _can_offer(_context(version, version)))


def _context(oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = oldest
        context.maximum_version = newest
    return context


def _can_offer(context: ssl.SSLContext) -> bool:
    """Whether a ClientHello can be made; nothing is sent."""
    try:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()).do_handshake()
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        return False
    return True
