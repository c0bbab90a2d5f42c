"""What an endpoint is: `open`, or what was there instead. The first row of `STATES` that knows one decides."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from commands.smtpcheck.reading import Reading

CONNECT_STATES: Mapping[str, str] = {
    "refused": "refused",
    "no_answer": "no_answer",
    "unreachable": "unreachable",
    "not_permitted": "blocked_here",
    "forbidden": "forbidden",
}


def _by_connection(reading: Reading) -> str | None:
    return CONNECT_STATES.get(reading.record.connect)


def _by_silence(reading: Reading) -> str | None:
    """Nothing came before the connection ended or our patience did."""
    step = reading.greeting
    if step is None or step.code is not None or reading.first_bytes or step.error in {"tls", "malformed", "too_long"}:
        return None
    return {"closed": _ended(reading), "reset": "reset_before_greeting"}.get(step.error, "no_greeting")


def _ended(reading: Reading) -> str:
    return "reset_before_greeting" if reading.record.ended == "reset" else "closed_before_greeting"


def _by_tls(reading: Reading) -> str | None:
    """A port for implicit TLS on which the handshake failed."""
    if reading.record.mode != "implicit" or reading.inside_tls:
        return None
    if reading.looks_like_smtp:
        return "plain_on_tls_port"
    return "not_smtp" if reading.protocol not in {"", "TLS"} else "tls_failed"


def _by_first_bytes(reading: Reading) -> str | None:
    """Not a reply of RFC 5321 section 4.2, or one that never ended."""
    step = reading.greeting
    if step is None:
        return "no_greeting"
    if step.error == "too_long":
        return "response_too_large"
    if reading.record.mode == "starttls" and _cannot_be_reply(reading.first_bytes):
        return "not_smtp"
    if step.error in {"timeout", "closed", "reset"}:
        return "tarpit" if _drips(reading) else "incomplete_greeting"
    return "not_smtp" if step.error else None


def _cannot_be_reply(first: bytes) -> bool:
    head = first.split(b"\n", 1)[0][:4]
    return (
        not (head[:3].isdigit() and head[:3].isascii() if len(head) >= 3 else head.isdigit())
        or head[3:4] not in b" -\r"
    )


def _drips(reading: Reading) -> bool:
    """At least three pauses of a second or more inside one reply."""
    times = [chunk.at_ms for chunk in reading.clear if chunk.sender == "server"]
    return sum(later - sooner >= 1000 for sooner, later in pairwise(times)) >= 3


def _by_greeting(reading: Reading) -> str | None:
    return _by_code(reading.greeting.code if reading.greeting else None, _REFUSALS)


def _by_ehlo(reading: Reading) -> str | None:
    step = reading.ehlo
    if step is None or step.code == 250 or (reading.record.step("helo") is not None and _helo_worked(reading)):
        return None
    if step.error:
        return _ehlo_error(reading, step.error)
    if "USER" in step.text.upper().split() and step.code == 530:
        return "not_smtp"
    return _by_code(step.code, _EHLO_REFUSALS)


def _helo_worked(reading: Reading) -> bool:
    helo = reading.record.step("helo")
    return helo is not None and helo.code == 250


def _ehlo_error(reading: Reading, error: str) -> str:
    if error == "too_long":
        return "response_too_large"
    if error == "malformed":
        return "not_smtp"
    return "tarpit" if error == "timeout" and _drips(reading) else "no_ehlo_reply"


def _by_code(code: int | None, rows: Sequence[tuple[range, str]]) -> str | None:
    return next((state for codes, state in rows if code is not None and code in codes), None)


_REFUSALS = (
    (range(421, 422), "rate_limited"),
    (range(400, 500), "temp_refused"),
    (range(521, 522), "no_mail_service"),
    (range(500, 600), "refused_by_policy"),
    (range(220), "not_smtp"),
    (range(221, 400), "not_smtp"),
)
_EHLO_REFUSALS = (
    (range(421, 422), "rate_limited"),
    (range(400, 500), "temp_refused"),
    (range(502, 503), "ehlo_not_understood"),
    (range(500, 501), "ehlo_not_understood"),
    (range(500, 600), "ehlo_name_rejected"),
    (range(400), "not_smtp"),
)

STATES: tuple[Callable[[Reading], str | None], ...] = (
    _by_connection,
    _by_silence,
    _by_tls,
    _by_first_bytes,
    _by_greeting,
    _by_ehlo,
)


def state_of(reading: Reading) -> str:
    return next((state for state in (rule(reading) for rule in STATES) if state), "open")
