"""The prober of `/smtpcheck` as watches want it: without the mail policy, and patient with who was slow."""

import copy
from collections.abc import Mapping
from dataclasses import replace

from commands.smtpcheck.probe.prober import Prober
from commands.watch.state.model import Watch

CONTROL_SECONDS = 30.0
"""How long a watch believes the control hosts. They are asked again before an outage is confirmed a minute later."""

LONG_WAIT: Mapping[str, float] = {"greeting": 45.0, "command": 20.0, "reply": 50.0, "check": 75.0}
"""Seconds (`session.Limits`) for a server that was slow the last time. They end before a run does (`run.RUN_SECONDS`).

RFC 5321 section 4.5.3.2 lets a greeting take 300 s; postscreen and greet_pause delay it by up to 30.
"""


def without_policy(prober: Prober) -> Prober:
    """The same prober (its turns, its places), which leaves the mail policy alone and asks its own control hosts."""
    lean = copy.copy(prober)
    lean.examine = None
    lean.control = replace(prober.control, keep=CONTROL_SECONDS)
    return lean


def with_patience(prober: Prober) -> Prober:
    """The same prober, which waits longer for a word."""
    patient = copy.copy(prober)
    patient.limits = replace(prober.limits, **LONG_WAIT)
    return patient


def has_to_be_sure(watch: Watch) -> bool:
    """Whether this run may be the one that alerts of a silence: it follows one that took long, or the first alerts.

    So a slow server is never taken for a dead one, and a quick one is not waited for.
    """
    return watch.state.slow or watch.fail_after == 1
