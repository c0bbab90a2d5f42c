"""Every experiment: which symptom calls for it, and what is known afterwards. Pure.

The connections are kept beside those of the endpoints (`Facts.experiments`), so a saved check is decided alike.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from commands.smtpcheck.experiments import common_keys, http_in_tls, proxy_header, segment_size
from commands.smtpcheck.experiments.second_try import answers_some
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Purpose, Record

MOST = 2
"""Experiments of one check without `deep`; a deep one makes as many as it has connections for."""


class Experiment(NamedTuple):
    """`called_for`: whether it can tell more of an endpoint. `decided`: the report with what its connection showed.

    `made`: the connection, where more than its purpose differs from the endpoint's own.
    """

    called_for: Callable[[EndpointReport], bool]
    decided: Callable[[EndpointReport, Record], EndpointReport]
    made: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint


EXPERIMENTS: Mapping[Purpose, Experiment] = {
    "proxy_v1": Experiment(proxy_header.calls_for_v1, proxy_header.decided),
    "proxy_v2": Experiment(proxy_header.calls_for_v2, proxy_header.decided),
    "http": Experiment(http_in_tls.called_for, http_in_tls.decided),
    "small_segments": Experiment(segment_size.called_for, segment_size.decided),
    "common_keys": Experiment(common_keys.called_for, common_keys.decided, common_keys.with_hello),
}
"""In the order in which they are made."""


def next_experiment(
    report: EndpointReport, made: Sequence[Record], begun: Collection[tuple[str, Purpose]] = ()
) -> Endpoint | None:
    """The connection that tells most of an endpoint now, or None: all is known, or nothing would tell more.

    A port that greeted one of them waits for nothing that they began with.

    What is `begun` on another port of the address comes last: ports that fail alike mostly have one cause.
    """
    report, done = decided(report, made), {record.purpose for record in on(report, made)}
    if answers_some(report, on(report, made)):
        return None
    record = report.record
    endpoint = Endpoint(record.host, record.address, record.port, record.mode, record.sni)
    wanted = [(purpose, one) for purpose, one in EXPERIMENTS.items() if purpose not in done and one.called_for(report)]
    wanted.sort(key=lambda each: (record.address, each[0]) in begun)
    return next((one.made(replace(endpoint, purpose=purpose)) for purpose, one in wanted), None)


def decided(report: EndpointReport, made: Sequence[Record]) -> EndpointReport:
    """The report with what the experiments on its endpoint showed."""
    for record in on(report, made):
        experiment = EXPERIMENTS.get(record.purpose)
        if experiment is not None and experiment.called_for(report):
            report = experiment.decided(report, record)
    return report


def on(report: EndpointReport, made: Sequence[Record]) -> list[Record]:
    """Those that were made to its endpoint."""
    return [record for record in made if _place(record) == _place(report.record)]


def _place(record: Record) -> tuple[str, str, int]:
    return record.host, record.address, record.port
