"""What is heard of one errand, message by message: progress, the connections so far, the record of the whole. Pure.

Of what a worker says only the observations count, each read with the closed schema of records (`may_be_later`: a newer
worker may say more than we know). Whatever the worker
calls itself or the check is overwritten by who asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import get_args

from bot.vantages.errand import MOST_ANSWERED, Answer, Pieces, Word, read_answer
from commands.smtpcheck.probe.concurrent_connections import Heard, Waiting
from commands.smtpcheck.probe.connection_plan import plan
from commands.smtpcheck.record_file.reader import MOST_BYTES, Saved, read_record
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.report.model import Facts, permitted
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.endpoint_checks import judge
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Purpose, Record

PURPOSES: Mapping[str, Purpose] = {purpose: purpose for purpose in get_args(Purpose)}


class RefusedError(Exception):
    """The worker does not do it: why (`errand.Refusal`, or a word that this version does not know), and a detail."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(" ".join(words))
        self.why = words[0] if words else ""
        self.detail = words[1] if len(words) > 1 else ""


@dataclass
class Hearing:
    """What has been heard so far. `heard` is told the ports as they come, judged by our roots as of `at`."""

    ports: tuple[int, ...]
    store: TrustStore
    at: datetime
    heard: Heard
    worker: str = ""
    size: int = 0
    waited: bool = False
    facts: Facts | None = None
    records: dict[tuple[str, str, int], Record] = field(default_factory=dict)
    _pieces: Pieces = field(default_factory=lambda: Pieces.of(MOST_BYTES))

    def hear(self, data: bytes) -> Saved | None:
        """The record of the whole, when this ends it. Raises `RefusedError`; `RecordError` for what is no answer."""
        self.size += len(data)
        answer = read_answer(data)
        if answer is None or self.size > MOST_ANSWERED:
            raise RecordError("", "That is no answer to an errand")
        if answer.worker != self.worker:  # another one took it over: pieces of both fit nothing
            self.worker, self._pieces = answer.worker, Pieces.of(MOST_BYTES)
        if answer.word is Word.REFUSED:
            raise RefusedError(answer.arguments)
        if answer.word is Word.PART:
            whole = self._pieces.add(answer)
            return None if whole is None else read_record(whole, ports_asked=self.ports, may_be_later=True)
        if answer.word in _PROGRESS:
            _PROGRESS[answer.word](self, answer)
        return None

    def so_far(self) -> Saved | None:
        """What was heard, with what was planned and not heard as such; None before anything was."""
        if self.facts is None:
            return None
        endpoints = plan(permitted(self.facts.dns, self.facts.denied), self.ports)
        missing = [_not_heard(one) for one in endpoints if (one.host, one.address, one.port) not in self.records]
        return Saved(self.facts, (*self.records.values(), *missing), None)

    def ports_heard(self) -> list[int]:
        return sorted({port for _, _, port in self.records})


def _not_heard(endpoint: Endpoint) -> Record:
    return Record(endpoint.host, endpoint.address, endpoint.port, endpoint.mode, "not_heard", 0.0)


def _waiting(hearing: Hearing, answer: Answer) -> None:
    numbers = answer.numbers()
    if len(numbers) == len(("port", "ahead")):
        hearing.waited = True
        hearing.heard(Waiting(("", numbers[0]), numbers[1]))


def _deeper(hearing: Hearing, answer: Answer) -> None:
    ports, purpose = answer.numbers(), PURPOSES.get(answer.arguments[-1]) if answer.arguments else None
    if ports and purpose:
        hearing.heard(Endpoint("", "", ports[0], "starttls", purpose=purpose))


def _heard(hearing: Hearing, answer: Answer) -> None:
    saved = read_record(answer.body, ports_asked=hearing.ports, endpoints_asked=1, may_be_later=True)
    hearing.facts = replace(saved.facts, started_at=hearing.at)
    for record in saved.records:
        place = (record.host, record.address, record.port)
        if place not in hearing.records:
            hearing.heard(judge(record, at=hearing.at, store=hearing.store))
        hearing.records[place] = record


_PROGRESS: Mapping[Word, Callable[[Hearing, Answer], None]] = {
    Word.WAITING: _waiting,
    Word.DEEPER: _deeper,
    Word.HEARD: _heard,
}
