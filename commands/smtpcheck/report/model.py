"""What a check found: findings, endpoints, the whole. `stored/document.py` makes the JSON that is kept and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from commands.smtpcheck.address.public_addresses import DENIED_BY_OWNER
from commands.smtpcheck.egress.control_hosts import Attempt, Greeting
from commands.smtpcheck.egress.own_name import OwnName
from commands.smtpcheck.lookup.question import Reverse
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.result.findings import Code, Found, Params
from commands.smtpcheck.result.health import Evidence, TlsMode, carries_mail, health
from commands.smtpcheck.result.scales import Health, Severity
from commands.smtpcheck.result.states import NotSeen, State, TlsState
from commands.smtpcheck.tls.certificate_findings import CertificateReport
from commands.smtpcheck.wire.record import Extensions, Further, Record

Verdict = Literal["ok", "degraded", "failed", "blocked_here", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that matters: a code and its parameters. Its sentence stands in `result/sentences/english.py`."""

    code: Code
    severity: Severity
    params: Params = field(default_factory=dict)


def finding(code: Code, params: Params, port: int | None = None) -> Finding:
    """A finding, weighed by its row of the table: on this port, or without one for the whole target."""
    return Finding(code, code.severity(port), params)


@dataclass(frozen=True, slots=True)
class EndpointReport:
    """One endpoint, judged. `state` is `open` or the name of what was there instead.

    `versions` are TLS versions, `suites` groups of older cipher suites, with yes, no or unknown; only a deep check asks
    for them.
    """

    record: Record
    state: State
    tls_state: TlsState | NotSeen
    greeting_ms: float | None
    before_tls: Extensions
    after_tls: Extensions
    certificate: CertificateReport | None
    findings: tuple[Finding, ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    suites: Mapping[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.record.port

    @property
    def tls_mode(self) -> TlsMode:
        return self.record.mode if self.tls_state == TlsState.OK else "none"

    @property
    def seen(self) -> Evidence:
        """What its health follows from."""
        codes = {finding.code for finding in self.findings}
        return Evidence(self.state, self.port, self.record.mode, self.tls_state, self.record.address, codes)

    @property
    def usable(self) -> bool:
        """Mail can go in here."""
        return carries_mail(self.seen)

    @property
    def health(self) -> Health:
        """What it comes to, as far as this check can tell."""
        return health(self.seen)

    @property
    def worst(self) -> Severity:
        return max((finding.severity for finding in self.findings), default=Severity.info)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The port to use, the TLS mode to set, and why (a code of `Language.CHOICES`)."""

    port: int
    tls: TlsMode
    reason: str
    host: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check saw beside its connections. `elapsed_ms` runs from the first look-up to the last answer.

    `denied` are the guard's findings; `controls` maps ports to what came of them on the control hosts, `greetings` to
    what these greet with; `policy` is
    what the mail policy of the domain came to; `further` is what a deep check saw, None for a normal one;
    `experiments` are the connections that were made to decide what a symptom means. `own_name` is what our name in EHLO
    leads to, `own_addresses` what our addresses are in reverse DNS, where a server did not accept them.
    """

    id: str
    target: str
    vantage: str
    started_at: datetime
    elapsed_ms: float
    dns: Dns
    denied: tuple[Finding, ...] = ()
    controls: Mapping[int, tuple[Attempt, ...]] = field(default_factory=dict)
    policy: tuple[Found, ...] = ()
    greetings: Mapping[int, tuple[Greeting, ...]] = field(default_factory=dict)
    further: Further | None = None
    experiments: tuple[Record, ...] = ()
    own_name: OwnName | None = None
    own_addresses: tuple[Reverse, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One `/smtpcheck`, whole: what was seen, and what follows."""

    facts: Facts
    verdict: Verdict
    recommended: Recommendation | None
    endpoints: tuple[EndpointReport, ...]
    findings: tuple[Finding, ...]

    @property
    def kind(self) -> Literal["host", "domain", "address"]:
        return "domain" if self.facts.dns.mx or self.facts.dns.null_mx else self.facts.dns.kind


DENIED = frozenset({Code.FORBIDDEN, Code.DENIED_BY_OWNER})
"""What the guard finds: nobody may connect there."""


def permitted(dns: Dns, denied: Sequence[Finding]) -> Dns:
    """The look-up without the hosts that are denied; without any where an owner objected."""
    objected = any(finding.code == DENIED_BY_OWNER for finding in denied)
    shut = {finding.params["host"] for finding in denied}
    return replace(dns, hosts=tuple(host for host in dns.hosts if not objected and host.name not in shut))
