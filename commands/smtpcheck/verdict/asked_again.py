"""What a further connection says of a port that turned the first one away, or left it without a greeting. Pure.

Beside other connections of ours the host may count them. Beside none the port answers only some, as a load balancer
does that still sends clients to a server that is down: what is known of it is what the one that was answered showed.
"""

from collections.abc import Sequence
from dataclasses import replace

from commands.smtpcheck.experiments.second_try import answers_some, is_greeted
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import Code, Params
from commands.smtpcheck.result.states import State
from commands.smtpcheck.wire.record import GREETING, READY, Record
from commands.smtpcheck.wire.session_facts import Reading


def asked_again(reports: Sequence[EndpointReport], tried: Sequence[Record]) -> list[EndpointReport]:
    """The reports; who was let in alone that had been turned away before is told of, and who was not asked so.

    A limit on new connections in a second looks the same: the second one came later, too. Who turns us away alone as
    well may still have counted those that we had just closed.
    """
    before = {_place(record): record for record in tried if record.purpose == "beside"}
    done = {_place(record) for record in tried if record.purpose in {"beside", "alone"}}
    stood = [one for one in reports if _place(one.record) not in done and _was_greeted(one)]
    told = []
    for report in reports:
        place = _place(report.record)
        made = [record for record in tried if _place(record) == place]
        others = sum(one.record.host == report.record.host for one in stood)
        how = {_how(record) for record in before.values() if record.address == report.record.address}
        if place in before:
            told.append(_told(report, before[place], others))
        elif answers_some(report, made):
            told.append(_greeted_in_part(report, made))
        elif (others or place not in done) and not _was_greeted(report) and _how(report.record) in how:
            told.append(_not_asked_alone(report, others))
        else:
            told.append(report)
    return told


def _place(record: Record) -> tuple[str, str, int]:
    return record.host, record.address, record.port


def _was_greeted(report: EndpointReport) -> bool:
    step = report.record.step(GREETING)
    return step is not None and step.code == READY


def _told(report: EndpointReport, before: Record, others: int) -> EndpointReport:
    """That the host counts connections, where it had others of ours; without them, that it answers only some.

    Who is refused in words when he comes alone was not let in: nothing is known of a limit then.
    """
    if not others:
        return _with(report, _of_some(before, answered=1, of=2))
    if not _was_greeted(report):
        return report
    return _with(report, finding(Code.FEW_CONNECTIONS, _beside_others(before, others), before.port))


def _of_some(before: Record, answered: int, of: int) -> Finding:
    params: Params = {"port": before.port, "how": _how(before), "answered": answered, "of": of}
    return finding(Code.ANSWERS_SOME, params, before.port)


def _greeted_in_part(report: EndpointReport, made: Sequence[Record]) -> EndpointReport:
    """The report of a port that greeted none of the connections that would tell what it offers."""
    return replace(report, findings=(_of_some(report.record, sum(map(is_greeted, made)), 1 + len(made)),))


def _with(report: EndpointReport, found: Finding) -> EndpointReport:
    return replace(report, findings=tuple(sorted((*report.findings, found), key=lambda one: -one.severity)))


def _not_asked_alone(report: EndpointReport, others: int) -> EndpointReport:
    found = finding(Code.NOT_ASKED_ALONE, _beside_others(report.record, others), report.port)
    return replace(report, state=State.NOT_ASKED_ALONE, tls_state="", findings=(found,))


def _beside_others(record: Record, others: int) -> Params:
    how = _how(record)
    said = Reading(record).last_words if how == "in_words" else ""
    return {"port": record.port, "address": record.address, "how": how, "said": said, "others": others}


def _how(record: Record) -> str:
    """How a connection was turned away."""
    if record.connect != "connected":
        return {"unreachable": "rejected"}.get(record.connect, record.connect)
    if Reading(record).last_words:
        return "in_words"
    last = record.last
    silent = last is not None and last.name == GREETING and last.error == "timeout"
    return Reading(record).how_it_ended or ("silent" if silent else "closed")
