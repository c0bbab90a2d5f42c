"""What was said on a connection and how long each part took, as it stands in a stored check."""

from collections.abc import Iterator
from typing import Any

from commands.slack_text import clean
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, STARTTLS, Record, Step
from commands.smtpcheck.wire.session_facts import Reading

TEXT_LIMIT = 300
TRANSCRIPT_LINES = 60


def timings(record: Record) -> dict[str, float]:
    """Milliseconds of every part of a session that was come to."""
    parts = {"connect": ms(record.connect_ms)}
    for step in record.steps:
        if step.name == STARTTLS:
            agreed = _agreed_ms(record, step)
            parts["starttls"] = ms(agreed - step.started_ms)
            parts["tls"] = ms(step.ended_ms - agreed)
        elif step.name == GREETING and record.handshake is not None and record.mode == "implicit":
            shaken = _shaken_ms(record, step)
            parts["tls"] = ms(shaken - step.started_ms)
            parts["greeting"] = ms(step.ended_ms - shaken)
        else:
            parts[step.name] = ms(step.elapsed_ms)
    return parts


def _agreed_ms(record: Record, step: Step) -> float:
    """When the server's answer to STARTTLS came: the first chunk of the server's in that step."""
    came = (chunk.at_ms for chunk in record.chunks if chunk.sender == "server" and chunk.at_ms >= step.started_ms)
    return next(came, step.ended_ms)


def _shaken_ms(record: Record, step: Step) -> float:
    """When the client sent its last flight of an implicit handshake: it is silent from there to the greeting."""
    sent = [chunk.at_ms for chunk in record.chunks if chunk.sender == "client" and chunk.at_ms <= step.ended_ms]
    return sent[-1] if sent else step.started_ms


def transcript(record: Record) -> list[dict[str, Any]]:
    """The session line by line: the wire's own bytes in the clear, the replies inside TLS as they were read."""
    return [
        {"at_ms": ms(at_ms), "from": sender, "text": clean(text, TEXT_LIMIT)}
        for at_ms, sender, text in list(_spoken(record))[:TRANSCRIPT_LINES]
    ]


def _spoken(record: Record) -> Iterator[tuple[float, str, str]]:
    if record.mode == "starttls":
        for chunk in Reading(record).clear:
            for line in chunk.data.decode("utf-8", "replace").splitlines():
                yield chunk.at_ms, chunk.sender, line
    for step in record.steps:
        if step.name == EHLO_AFTER_TLS or (record.mode == "implicit" and step.name in {GREETING, EHLO}):
            if step.name != GREETING:
                yield step.started_ms, "client", f"EHLO {record.ehlo_name}"
            yield from _reply(step)


def _reply(step: Step) -> Iterator[tuple[float, str, str]]:
    if step.code is None:
        yield step.ended_ms, "server", f"({step.error}{': ' if step.detail else ''}{step.detail})"
        return
    lines = step.text.split("\n")
    for number, line in enumerate(lines):
        yield step.ended_ms, "server", f"{step.code}{' ' if number == len(lines) - 1 else '-'}{line}"


def ms(value: float) -> float:
    """Tenths are enough."""
    return round(value, 1)
