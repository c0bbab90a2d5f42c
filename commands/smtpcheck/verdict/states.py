"""What an endpoint is: `open`, or what was there instead. The first row of `STATES` that knows one decides.

What a refusal in words is about, the name in our EHLO or the address that we connect from, is told by wordings of
Postfix, Exim, Sendmail, Exchange, Haraka, qmail, PowerMTA, MDaemon, Courier and large receivers.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from commands.smtpcheck.result.states import BY_NAME, State
from commands.smtpcheck.wire.record import BUSY, EHLO_AFTER_TLS, Step
from commands.smtpcheck.wire.session_facts import Reading

OF_OUR_NAME = re.compile(
    r"helo|ehlo|\bfqdn|fully[- ]qualified|literal|(?<!reverse )host ?name|domain name|greeting name"
    r"|invalid domain|name invalid|use this name|mail loops back|domain must resolve",
    re.IGNORECASE,
)
"""What servers write where the name is at fault, in a refusal that could be about nothing but us."""

NAMES_NAME = re.compile(
    r"(?:helo|ehlo)[ /_-]?(?:helo|ehlo)?[ _-]?(?:name|host|domain|argument)|host ?name|domain name", re.IGNORECASE
)
"""The same in a reply that may speak of the command itself: `503 Send EHLO first` does not speak of a name."""

DISLIKED = re.compile(
    r"resolv|unknown|invalid|not (?:a )?valid|not (?:found|allowed|permitted|accepted)|\bbad\b|rejected|denied",
    re.IGNORECASE,
)
"""What is said of a name that such a reply quotes, where it is refused for it."""

OF_OUR_ADDRESS = re.compile(
    r"5\.7\.25\b|\br?dns\b|\bptr\b|reverse|block ?list|black ?list|blocked|\b(?:dns|r)bl\b|spamhaus|spamcop|barracuda"
    r"|sorbs|\bsbl\b|\bdul\b|dial-?up|dynamic(?:ally)?[ -]|\bbanned\b|reputation|client host|\bip=|sending ip"
    r"|your (?:ip|address|host|network|server|country)\b"
    r"|connections? (?:will )?not (?:be )?accepted from|(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])",
    re.IGNORECASE,
)
"""What servers write where the address that we come from is at fault; most name it."""


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
    (range(500, 501), State.EHLO_NOT_UNDERSTOOD),
    (range(502, 503), State.EHLO_NOT_UNDERSTOOD),
    (range(501, 502), State.EHLO_NAME_REJECTED),
    (range(503, 504), State.UNEXPECTED_REPLY),
    (range(504, 505), State.EHLO_NAME_REJECTED),
    (range(521, 522), State.NO_MAIL_SERVICE),
    (range(530, 531), State.TLS_REQUIRED),
    (range(500, 600), State.REFUSED_BY_POLICY),
    (range(200, 400), State.UNEXPECTED_REPLY),
    (range(1000), State.NOT_SMTP),
)
DONE_ALREADY = frozenset({500, 502, 530})
"""Refusals that make no sense inside TLS of a server that took EHLO before: it knows the command, and TLS is up."""

ABOUT_US = frozenset({State.TEMP_REFUSED, State.REFUSED_BY_POLICY})
"""Refusals at EHLO that can be about nothing but us: whoever refuses knows no more of us than name and address."""

ABOUT_THE_COMMAND = frozenset(
    {State.EHLO_NOT_UNDERSTOOD, State.UNEXPECTED_REPLY, State.TLS_REQUIRED, State.NO_MAIL_SERVICE}
)
"""Refusals that are about our name only where they say so."""


CONNECT_STATES: Mapping[str, State] = {
    "refused": State.REFUSED,
    "no_answer": State.NO_ANSWER,
    "unreachable": State.UNREACHABLE,
    "not_permitted": State.BLOCKED_HERE,
    "forbidden": State.FORBIDDEN,
    "not_finished": State.NOT_FINISHED,
    "held_up": State.HELD_UP,
}

OURS = frozenset({State.NOT_FINISHED, State.HELD_UP})
"""States that say nothing of the server: we did not listen long enough."""


def _by_connection(reading: Reading) -> State | None:
    return CONNECT_STATES.get(reading.record.connect)


def _by_our_own_time(reading: Reading) -> State | None:
    """The dialogue ended because our time did, or in the middle of a pause of ours. What was dripped before counts."""
    step = reading.record.last
    if step is None or step.error not in OURS:
        return None
    return State.TARPIT if step.error == State.NOT_FINISHED and reading.is_dripped(step) else BY_NAME.get(step.error)


def _by_silence(reading: Reading) -> State | None:
    """Nothing came before the connection ended or our patience did."""
    step = reading.greeting
    if step is None or step.code is not None or reading.first_bytes or step.error in {"tls", "malformed", "too_long"}:
        return None
    if reading.record.mode == "implicit" and step.error == "timeout" and not reading.inside_tls:
        return State.TLS_FAILED
    if step.error in {"closed", "reset"}:
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
    if reading.looks_like_smtp:
        busy = reading.first_bytes.startswith(b"%d" % BUSY)  # too busy for a handshake, perhaps
        return State.RATE_LIMITED if busy else State.PLAIN_ON_TLS_PORT
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


def _by_greeting(reading: Reading) -> State | None:
    return by_code(reading.greeting.code if reading.greeting else None, GREETING_REFUSALS)


def _by_hello(reading: Reading) -> State | None:
    """EHLO before TLS, or inside it."""
    step = reading.record.step(EHLO_AFTER_TLS) or reading.ehlo
    if step is None or step.code == 250 or reading.helo_works:
        return None
    if step.error:
        return _hello_error(reading, step)
    if reading.protocol == "FTP":
        return State.NOT_SMTP
    is_late = step.name == EHLO_AFTER_TLS and step.code in DONE_ALREADY
    state = State.UNEXPECTED_REPLY if is_late else by_code(step.code, HELLO_REFUSALS)
    if _is_of_our_name(state, step, reading.record.ehlo_name):
        return State.EHLO_NAME_REJECTED
    if is_late:
        return state
    if reading.talks_early and state in {State.NOT_SMTP, State.UNEXPECTED_REPLY, State.EHLO_NOT_UNDERSTOOD}:
        return None  # it may be the answer to another question
    if state == State.NOT_SMTP and reading.hello_looks_like_smtp:
        return State.UNEXPECTED_REPLY  # aiosmtplib has read the code from the wrong place
    return state


def _is_of_our_name(state: State | None, step: Step, name: str) -> bool:
    """Whether a refusal at EHLO is about the name that we gave."""
    quoted = len(name) > 1 and name.lower() in step.text.lower()
    if state in ABOUT_US:
        return quoted or bool(OF_OUR_NAME.search(step.text))
    if state not in ABOUT_THE_COMMAND:
        return False
    return bool(NAMES_NAME.search(step.text)) or (quoted and bool(DISLIKED.search(step.text)))


def refuses_our_address(reading: Reading, state: State) -> bool:
    """Whether a refusal, at the greeting or at EHLO, is about the address that we connect from."""
    step = reading.record.last
    return state is State.REFUSED_BY_POLICY and step is not None and bool(OF_OUR_ADDRESS.search(step.text))


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
    said = {reading.starttls.code if reading.starttls else None, reading.plain_code}
    return State.RATE_LIMITED if BUSY in said else None


_HELLO_ERRORS: Mapping[str, State] = {"too_long": State.RESPONSE_TOO_LARGE, "malformed": State.NOT_SMTP}

STATES: tuple[Callable[[Reading], State | None], ...] = (
    _by_connection,
    _by_our_own_time,
    _by_silence,
    _by_tls,
    _by_first_bytes,
    _by_greeting,
    _by_hello,
    _by_starttls,
)


def state_of(reading: Reading) -> State:
    return next((state for state in (rule(reading) for rule in STATES) if state), State.OPEN)
