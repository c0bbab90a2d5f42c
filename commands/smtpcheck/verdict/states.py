"""What an endpoint is: `open`, or what was there instead. The first row of `STATES` that knows one decides.

What a refusal in words is about (our name, our address, our rate, TLS) is told by the table of replies.
"""

from collections.abc import Callable, Mapping, Sequence

from commands.smtpcheck.result.meanings import OF_A_RULE, OF_OUR_ADDRESS, Meaning, Subject
from commands.smtpcheck.result.states import BY_NAME, UNJUDGED, State
from commands.smtpcheck.wire.record import BUSY, EHLO_AFTER_TLS, HELO, Step
from commands.smtpcheck.wire.session_facts import Reading, is_unknown, speaks_of_us


def by_code(code: int | None, rows: Sequence[tuple[range, State]]) -> State | None:
    """The state that a code stands for, or None."""
    return next((state for codes, state in rows if code is not None and code in codes), None)


GREETING_REFUSALS = (
    (range(421, 422), State.RATE_LIMITED),
    (range(400, 500), State.TEMP_REFUSED),
    (range(521, 522), State.NO_MAIL_SERVICE),
    (range(500, 600), State.REFUSED_BY_POLICY),
    (range(220), State.NOT_SMTP),
    (range(221, 1000), State.NOT_SMTP),
)
HELLO_REFUSALS = (
    (range(421, 422), State.RATE_LIMITED),
    (range(400, 500), State.TEMP_REFUSED),
    (range(521, 522), State.NO_MAIL_SERVICE),
    (range(500, 600), State.REFUSED_BY_POLICY),
    (range(200, 400), State.UNEXPECTED_REPLY),
    (range(1000), State.NOT_SMTP),
)
"""What codes stand for where the table of replies does not say more."""

HELLO_MEANINGS: Mapping[Meaning, State] = {
    Meaning.EHLO_NAME: State.EHLO_NAME_REJECTED,
    Meaning.COMMAND_UNKNOWN: State.EHLO_NOT_UNDERSTOOD,
    Meaning.BAD_SEQUENCE: State.UNEXPECTED_REPLY,
    Meaning.TLS_NEEDED: State.TLS_REQUIRED,
}
"""Refusals of EHLO that are states of their own."""

DONE_ALREADY = frozenset({500, 502, 530})
"""Refusals that make no sense inside TLS of a server that took EHLO before: it knows the command, and TLS is up."""

CONNECT_STATES: Mapping[str, State] = {
    "refused": State.REFUSED,
    "no_answer": State.NO_ANSWER,
    "unreachable": State.UNREACHABLE,
    "no_route": State.UNREACHABLE,
    "not_permitted": State.BLOCKED_HERE,
    "forbidden": State.FORBIDDEN,
    "not_finished": State.NOT_FINISHED,
    "not_begun": State.NOT_BEGUN,
    "held_up": State.HELD_UP,
    "not_heard": State.NOT_HEARD,
}


def _by_connection(reading: Reading) -> State | None:
    return CONNECT_STATES.get(reading.record.connect)


def _by_our_own_time(reading: Reading) -> State | None:
    """The dialogue ended because our time did, or in the middle of a pause of ours. What was dripped before counts."""
    step = reading.record.last
    if step is None or step.error not in UNJUDGED:
        return None
    return State.TARPIT if step.error == State.NOT_FINISHED and reading.is_dripped(step) else BY_NAME.get(step.error)


def _by_silence(reading: Reading) -> State | None:
    """Nothing came before the connection ended or our patience did."""
    step = reading.greeting
    if step is None or step.code is not None or reading.first_bytes or step.error in {"tls", "malformed", "too_long"}:
        return None
    if reading.record.mode == "implicit" and step.error == "timeout" and not reading.inside_tls:
        return State.TLS_FAILED
    if step.error in _ENDED or (step.error == "os" and reading.how_it_ended):
        return _ENDED[reading.how_it_ended or step.error]
    return State.TARPIT if reading.inside_tls and reading.is_dripped(step) else State.NO_GREETING


_ENDED: Mapping[str, State] = {
    "closed": State.CLOSED_BEFORE_GREETING,
    "reset": State.RESET_BEFORE_GREETING,
}


def _by_tls(reading: Reading) -> State | None:
    """A port for implicit TLS on which the handshake failed."""
    if reading.record.mode != "implicit" or reading.inside_tls:
        return None
    if reading.refusal_for_tls is not None:
        return _refused(reading, reading.refusal_for_tls, GREETING_REFUSALS)
    if reading.looks_like_smtp:
        return State.PLAIN_ON_TLS_PORT
    return State.NOT_SMTP if reading.protocol not in {"", "TLS"} else State.TLS_FAILED


def _by_first_bytes(reading: Reading) -> State | None:
    """Not a reply of RFC 5321 section 4.2, or one that never ended."""
    step = reading.greeting
    if step is None:
        return State.NO_GREETING
    if step.error == "too_long":
        return State.RESPONSE_TOO_LARGE
    went_on = reading.ehlo is not None and reading.ehlo.code == 250
    if reading.record.mode == "starttls" and not went_on and _cannot_be_reply(reading.first_bytes):
        return State.NOT_SMTP
    if step.error in {"timeout", "closed", "reset"}:
        return State.TARPIT if reading.is_dripped(step) else State.INCOMPLETE_GREETING
    if step.error == "malformed" and reading.looks_like_smtp:
        return State.UNEXPECTED_REPLY
    return State.NOT_SMTP if step.error else None


def _cannot_be_reply(first: bytes) -> bool:
    head = first.split(b"\n", 1)[0][:4]
    return (
        not (head[:3].isdigit() and head[:3].isascii() if len(head) >= 3 else head.isdigit())
        or head[3:4] not in b" -\r"
    )


def _by_client_certificate(reading: Reading) -> State | None:
    """Whoever wants a certificate of the client says so in words where the handshake went on without one."""
    return State.TLS_FAILED if reading.demands_certificate is not None else None


def _by_greeting(reading: Reading) -> State | None:
    if reading.meaning(reading.greeting) is Meaning.TLS_NEEDED:
        return State.TLS_REQUIRED
    return _refused(reading, reading.greeting, GREETING_REFUSALS)


def _refused(reading: Reading, step: Step | None, rows: Sequence[tuple[range, State]]) -> State | None:
    """What a reply stands for: what is said of our rate or our address first, then the code.

    421 alone may be anything that ends a session; where its words name another cause it is no matter of rate.
    """
    meaning, state = reading.meaning(step), by_code(step.code if step else None, rows)
    if meaning is None:
        return state
    if meaning.subject is Subject.RATE:
        return State.RATE_LIMITED
    if state is State.RATE_LIMITED and meaning is not Meaning.SERVICE_BUSY:
        return State.TEMP_REFUSED
    of_us = speaks_of_us(meaning) or meaning in OF_A_RULE
    return State.REFUSED_BY_POLICY if state is State.NO_MAIL_SERVICE and of_us else state


def _by_hello(reading: Reading) -> State | None:
    """EHLO before TLS, or inside it."""
    step = reading.record.step(EHLO_AFTER_TLS) or _answer_to_hello(reading)
    if step is None or step.code == 250 or reading.helo_works:
        return None
    if step.error:
        return _hello_error(reading, step)
    if reading.protocol in {"FTP", "LMTP"}:
        return State.NOT_SMTP
    meaning = reading.meaning(step)
    if step.name == EHLO_AFTER_TLS and step.code in DONE_ALREADY and meaning is not Meaning.EHLO_NAME:
        return State.UNEXPECTED_REPLY
    special = HELLO_MEANINGS.get(meaning) if meaning and step.code != BUSY else None
    state = special or _refused(reading, step, HELLO_REFUSALS)
    if reading.talks_early and state in {State.NOT_SMTP, State.UNEXPECTED_REPLY, State.EHLO_NOT_UNDERSTOOD}:
        return None  # it may be the answer to another question
    if state == State.NOT_SMTP and reading.hello_looks_like_smtp:
        return State.UNEXPECTED_REPLY  # aiosmtplib has read the code from the wrong place
    return state


def _answer_to_hello(reading: Reading) -> Step | None:
    """The answer to EHLO, or to HELO where a server that does not know EHLO refuses that for another reason."""
    helo = reading.record.step(HELO)
    if helo is None or helo.code is None or is_unknown(helo, reading.record.ehlo_name):
        return reading.ehlo
    return helo


REFUSED_IN_WORDS = frozenset({State.RATE_LIMITED, State.TEMP_REFUSED, State.REFUSED_BY_POLICY})


def refuses_our_address(reading: Reading, state: State) -> bool:
    """Whether a refusal, for good or for now, is about the address that we connect from."""
    return state in REFUSED_IN_WORDS and reading.refusal_meaning in OF_OUR_ADDRESS


def refuses_without_reason(reading: Reading, state: State) -> bool:
    """Whether a refusal shows that we are refused, and not whether others are."""
    return state is State.REFUSED_BY_POLICY and reading.refusal_meaning in {None, *OF_A_RULE}


def _hello_error(reading: Reading, step: Step) -> State:
    if step.error == "malformed" and (step.name == EHLO_AFTER_TLS or reading.hello_looks_like_smtp):
        return State.UNEXPECTED_REPLY
    if reading.broken_tls is not None:
        return State.TLS_FAILED
    if step.error in _HELLO_ERRORS:
        return _HELLO_ERRORS[step.error]
    if not reading.is_dripped(step):
        return State.NO_EHLO_REPLY
    pieces = reading.pieces(step)
    return State.TARPIT_SPAMD if sum(len(piece.data) for piece in pieces) < 3 * len(pieces) else State.TARPIT


def _by_starttls(reading: Reading) -> State | None:
    """A refusal at STARTTLS that says nothing of TLS: of our rate or our address, or a fault behind the server."""
    if reading.has_tls or reading.tls_state:
        return None
    code = reading.plain_code or (reading.starttls.code if reading.starttls else None)
    if code is None or code < 400:
        return None
    meaning = reading.refusal_meaning
    if (meaning and meaning.subject is Subject.RATE) or (code == BUSY and meaning in {None, Meaning.SERVICE_BUSY}):
        return State.RATE_LIMITED
    return State.TEMP_REFUSED if code < 500 else State.REFUSED_BY_POLICY


_HELLO_ERRORS: Mapping[str, State] = {"too_long": State.RESPONSE_TOO_LARGE, "malformed": State.NOT_SMTP}

STATES: tuple[Callable[[Reading], State | None], ...] = (
    _by_connection,
    _by_our_own_time,
    _by_silence,
    _by_tls,
    _by_first_bytes,
    _by_client_certificate,
    _by_greeting,
    _by_hello,
    _by_starttls,
)


def state_of(reading: Reading) -> State:
    return next((state for state in (rule(reading) for rule in STATES) if state), State.OPEN)
