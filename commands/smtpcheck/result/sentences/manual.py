"""The tables of docs/verdicts.md: every state, every finding, and what a reply means, with what to do. Pure."""

import re
from collections.abc import Iterator, Mapping

from commands.manual_text import named, row
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Health, Severity, Side, Stage
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State, TlsState

SIDES: Mapping[Side, str] = {
    Side.TARGET: "theirs",
    Side.OURS: "ours",
    Side.BETWEEN: "in between",
    Side.UNKNOWN: "not known",
    Side.NOBODY: "",
}
HEALTHS: Mapping[Health, str] = {
    Health.UP: "works",
    Health.FAULTY: "works, with faults",
    Health.DOWN: "does not work",
    Health.AWAITED: "not known",
    Health.UNKNOWN: "not known",
    Health.BLOCKED_HERE: "blocked on our side",
}
STAGES: Mapping[Stage, str] = {
    Stage.DNS: "DNS, MX, reverse DNS, SRV",
    Stage.EGRESS: "Our own network",
    Stage.CONNECT: "The connection, and addresses beside each other",
    Stage.GREETING: "The greeting",
    Stage.EHLO: "EHLO, login",
    Stage.STARTTLS: "STARTTLS and TLS",
    Stage.CERTIFICATE: "The certificate",
    Stage.POLICY: "DANE, MTA-STS, TLS-RPT",
}
OPEN = "The dialogue went through to its end; TLS and login stand in columns of their own."


def states() -> Iterator[str]:
    """What stands in the column of a port."""
    yield "| In the table | Code | Side | It comes to | What it means, what to do |"
    yield "|---|---|---|---|---|"
    for state in State:
        meaning = OPEN if state is State.OPEN else told(state)
        yield row(WORDS.STATES[state], f"`{state}`", SIDES[state.side], HEALTHS[state.health], meaning)


def tls_states() -> Iterator[str]:
    """What stands in the column of TLS, and under which finding it is explained."""
    yield "| In the table | State | Finding |"
    yield "|---|---|---|"
    yield row("1.2, 1.3", f"`{TlsState.OK}`", "")
    for state in TlsState:
        if state is not TlsState.OK:
            codes = (code for code in (f"starttls_{state}", f"tls_{state}", str(state)) if code in list(Code))
            yield row(WORDS.TLS_STATES.get(state, str(state)), f"`{state}`", f"`{next(codes)}`")


def findings() -> Iterator[str]:
    """Each finding in the part of the way where it belongs."""
    for stage in Stage:
        yield f"\n### {STAGES[stage]}\n"
        yield "| Code | Side | Severity | What it means, what to do |"
        yield "|---|---|---|---|"
        for code in Code:
            if code.stage is stage:
                yield row(f"`{code}`", SIDES[code.side], _severity(code.clients, code.servers), told(code))


def replies() -> Iterator[str]:
    """What the words of a server mean."""
    yield "| Meaning | What to do |"
    yield "|---|---|"
    for meaning, text in WORDS.MEANINGS.items():
        yield row(f"`{meaning}`", text)


def _severity(clients: Severity, servers: Severity) -> str:
    return clients.name if clients == servers else f"{clients.name}; on 25 {servers.name}"


def told(code: str) -> str:
    """Its sentence, with the names of parameters; where every case has a sentence of its own, the first of them."""
    own = (text for key, text in WORDS.SENTENCES.items() if key.partition(".")[0] == code)
    text = WORDS.SENTENCES.get(code) or next(own)
    return named(text)


def meaning_of(words: str) -> str:
    """What a state of a port means whose words stand in tables (`no answer`), with … for what is seen; else empty."""
    state = _STATES.get(words.lower())
    if state is None:
        return ""
    return OPEN if state is State.OPEN else _PARAMETERS.sub("…", told(state))


_STATES = {name: state for state in State for name in (WORDS.STATES[state], str(state), str(state).replace("_", " "))}
_PARAMETERS = re.compile(r"\*[^*]+\*")
