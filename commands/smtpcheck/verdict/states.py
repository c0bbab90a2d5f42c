"""What an endpoint is: `open`, or what was there instead. The first row of `STATES` that knows one decides."""

from collections.abc import Callable, Mapping

from commands.smtpcheck.verdict.reply_codes import (
    ABOUT_US,
    DONE_ALREADY,
    GREETING_REFUSALS,
    HELLO_REFUSALS,
    NAME_WORDS,
    by_code,
)
from commands.smtpcheck.wire.failures import BUSY
from commands.smtpcheck.wire.record import EHLO_AFTER_TLS, Step
from commands.smtpcheck.wire.session_facts import Reading

CONNECT_STATES: Mapping[str, str] = {
    "refused": "refused",
    "no_answer": "no_answer",
    "unreachable": "unreachable",
    "not_permitted": "blocked_here",
    "forbidden": "forbidden",
    "not_finished": "not_finished",
    "held_up": "held_up",
}

OURS = frozenset({"not_finished", "held_up"})
"""States that say nothing of the server: we did not listen long enough."""


def _by_connection(reading: Reading) -> str | None:
    return CONNECT_STATES.get(reading.record.connect)


def _by_our_own_time(reading: Reading) -> str | None:
    """The dialogue ended because our time did, or in the middle of a pause of ours. What was dripped before counts."""
    step = reading.record.last
    if step is None or step.error not in OURS:
        return None
    return "tarpit" if step.error == "not_finished" and reading.is_dripped(step) else step.error


def _by_silence(reading: Reading) -> str | None:
    """Nothing came before the connection ended or our patience did."""
    step = reading.greeting
    if step is None or step.code is not None or reading.first_bytes or step.error in {"tls", "malformed", "too_long"}:
        return None
    if reading.record.mode == "implicit" and step.error == "timeout" and not reading.inside_tls:
        return "tls_failed"
    if step.error in {"closed", "reset"}:
        return f"{reading.how_it_ended or step.error}_before_greeting"
    return "tarpit" if reading.inside_tls and reading.is_dripped(step) else "no_greeting"


def _by_tls(reading: Reading) -> str | None:
    """A port for implicit TLS on which the handshake failed."""
    if reading.record.mode != "implicit" or reading.inside_tls:
        return None
    if reading.looks_like_smtp:
        busy = reading.first_bytes.startswith(b"%d" % BUSY)  # too busy for a handshake, perhaps
        return "rate_limited" if busy else "plain_on_tls_port"
    return "not_smtp" if reading.protocol not in {"", "TLS"} else "tls_failed"


def _by_first_bytes(reading: Reading) -> str | None:
    """Not a reply of RFC 5321 section 4.2, or one that never ended."""
    step = reading.greeting
    if step is None:
        return "no_greeting"
    if step.error == "too_long":
        return "response_too_large"
    went_on = reading.ehlo is not None and reading.ehlo.code == 250
    if reading.record.mode == "starttls" and not went_on and _cannot_be_reply(reading.first_bytes):
        return "not_smtp"
    if step.error in {"timeout", "closed", "reset"}:
        return "tarpit" if reading.is_dripped(step) else "incomplete_greeting"
    if step.error == "malformed" and reading.looks_like_smtp:
        return "unexpected_reply"
    return "not_smtp" if step.error else None


def _cannot_be_reply(first: bytes) -> bool:
    head = first.split(b"\n", 1)[0][:4]
    return (
        not (head[:3].isdigit() and head[:3].isascii() if len(head) >= 3 else head.isdigit())
        or head[3:4] not in b" -\r"
    )


def _by_greeting(reading: Reading) -> str | None:
    return by_code(reading.greeting.code if reading.greeting else None, GREETING_REFUSALS)


def _by_hello(reading: Reading) -> str | None:
    """EHLO before TLS, or inside it."""
    step = reading.record.step(EHLO_AFTER_TLS) or reading.ehlo
    if step is None or step.code == 250 or reading.helo_works:
        return None
    if step.error:
        return _hello_error(reading, step)
    if reading.protocol == "FTP":
        return "not_smtp"
    if step.name == EHLO_AFTER_TLS and step.code in DONE_ALREADY:
        return "unexpected_reply"
    state = by_code(step.code, HELLO_REFUSALS)
    if reading.talks_early and state in {"not_smtp", "unexpected_reply"}:
        return None  # it may be the answer to another question
    if state == "not_smtp" and reading.hello_looks_like_smtp:
        return "unexpected_reply"  # aiosmtplib has read the code from the wrong place
    return "ehlo_name_rejected" if state in ABOUT_US and NAME_WORDS.search(step.text) else state


def _hello_error(reading: Reading, step: Step) -> str:
    if step.error == "malformed" and (step.name == EHLO_AFTER_TLS or reading.hello_looks_like_smtp):
        return "unexpected_reply"
    if reading.broken_tls is not None:
        return "tls_failed"
    if step.error in _HELLO_ERRORS:
        return _HELLO_ERRORS[step.error]
    if not reading.is_dripped(step):
        return "no_ehlo_reply"
    pieces = reading.pieces(step)
    return "tarpit_spamd" if sum(len(piece.data) for piece in pieces) < 3 * len(pieces) else "tarpit"


def _by_starttls(reading: Reading) -> str | None:
    said = {reading.starttls.code if reading.starttls else None, reading.plain_code}
    return "rate_limited" if BUSY in said else None


_HELLO_ERRORS: Mapping[str, str] = {"too_long": "response_too_large", "malformed": "not_smtp"}

STATES: tuple[Callable[[Reading], str | None], ...] = (
    _by_connection,
    _by_our_own_time,
    _by_silence,
    _by_tls,
    _by_first_bytes,
    _by_greeting,
    _by_hello,
    _by_starttls,
)


def state_of(reading: Reading) -> str:
    return next((state for state in (rule(reading) for rule in STATES) if state), "open")
