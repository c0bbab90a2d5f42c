"""What the addresses of a host say beside each other: which are down or unlike the others, and which we have no way to.

Pure. An address that is silent while another of its family answers on the same port is the host's matter: the port gets
out of our network. Of a family that nothing came back from in this check nobody knows whose matter it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.document import BESIDE, Place, Service, Shown, service, usual_of, what_differs
from commands.smtpcheck.result.findings import RELAY, Code, Params
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.states import NO_FAMILY, UNJUDGED, State
from commands.smtpcheck.tls.certificate_findings import described
from commands.smtpcheck.wire.record import Record

TWO = 2
AT_ONCE_MS = 500.0
"""Who has no route knows at once; what takes longer was sent."""

FLAPPING = frozenset({Code.STARTTLS_FLAPPING, Code.TLS_FLAPPING})
"""TLS that comes and goes at one address is no difference between addresses."""


def family(address: str) -> str:
    return "IPv6" if ":" in address else "IPv4"


def without_a_way(reports: Sequence[EndpointReport]) -> list[EndpointReport]:
    """The reports, with `no_ipv4_here` or `no_ipv6_here` where this machine has no way to any address of the family."""
    lacking = {family(it.record.address) for it in reports} - {
        family(it.record.address) for it in reports if not _lacks_way(it.record)
    }
    return [_unreached(report) if family(report.record.address) in lacking else report for report in reports]


def _lacks_way(record: Record) -> bool:
    """Records from before `no_route` was told apart say so of IPv6 alone."""
    if record.icmp is not None:
        return False
    early = record.connect == "unreachable" and ":" in record.address and record.connect_ms < AT_ONCE_MS
    return early or record.connect == "no_route"


def _unreached(report: EndpointReport) -> EndpointReport:
    six = ":" in report.record.address
    code, state = (Code.NO_IPV6_HERE, State.NO_IPV6_HERE) if six else (Code.NO_IPV4_HERE, State.NO_IPV4_HERE)
    params: Params = {"port": report.port, "address": report.record.address}
    params = report.findings[0].params if report.findings else params
    return replace(report, state=state, findings=(finding(code, params, report.port),))


def beside_each_other(
    reports: Sequence[EndpointReport], target: str
) -> tuple[tuple[EndpointReport, ...], list[Finding]]:
    """The reports as the addresses beside them show them, and what is to be said of the addresses."""
    unlike = [one for members in _places(reports).values() for one in _unlike(members)]
    told = {id(one.report) for one in unlike}
    shown = (_with_certificate(report, reports) for report in reports)
    quiet = tuple(_quiet(now) if id(report) in told else now for report, now in zip(reports, shown, strict=True))
    return tuple(_beside(report, reports) for report in quiet), list(_said(unlike, reports, target))


def not_probed(dns: Dns, reports: Sequence[EndpointReport]) -> list[Finding]:
    """The hosts of which a port was not asked at all addresses."""
    found = []
    for host in dns.hosts:
        asked: dict[int, int] = {}
        for report in reports:
            if report.record.host == host.name:
                asked[report.port] = asked.get(report.port, 0) + 1
        ports = [str(port) for port, count in asked.items() if count < len(host.addresses)]
        if ports:
            said: Params = {"host": host.name, "of": len(host.addresses), "ports": ports}
            found.append(finding(Code.ADDRESSES_NOT_PROBED, said))
    return found


def _places(reports: Iterable[EndpointReport]) -> dict[Place, list[EndpointReport]]:
    """The addresses of each host and port that this machine has a way to."""
    found: dict[Place, list[EndpointReport]] = {}
    for report in reports:
        if report.state not in NO_FAMILY:
            found.setdefault((report.record.host, report.port), []).append(report)
    return found


def silences(reports: Sequence[EndpointReport]) -> list[EndpointReport]:
    """The reports, with a silence that is the host's marked as such."""
    return [_silent(report, reports) for report in reports]


def _silent(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """A silence that is the host's, since others of the same family answer on the port, or the family is known to work.

    The latter only where the port of the host gets out at all.
    """
    record = report.record
    if report.state != State.NO_ANSWER or not report.findings:
        return report
    alike = [one.record for one in reports if one.port == record.port and one.record.host == record.host]
    if not is_family_heard(record, reports) or not any(one.connect == "connected" for one in alike):
        return report
    found = finding(Code.SILENT_BESIDE, _known(report.findings[0].params), report.port)
    return replace(report, findings=(found, *report.findings[1:]))


def _known(params: Params) -> Params:
    return {name: params[name] for name in ("port", "address", "seconds") if name in params}


def is_family_heard(record: Record, reports: Sequence[EndpointReport]) -> bool:
    """Whether something came back over the family of this address: it works on the way."""
    alike = (one.record for one in reports if family(one.record.address) == family(record.address))
    return any(one.connect in {"connected", "refused"} for one in alike)


@dataclass(frozen=True, slots=True)
class Unlike:
    """An address of a host and port that is not as most are: what it counts for; what it has that others have not."""

    report: EndpointReport
    code: Code
    apart: str

    @property
    def address(self) -> str:
        return self.report.record.address


def _unlike(members: Sequence[EndpointReport]) -> Iterator[Unlike]:
    seen = [(service_of(report), report.health) for report in members]
    usual = usual_of(seen)
    if len(members) < TWO or usual is None:
        return
    flaps = any(one.code in FLAPPING for report in members for one in report.findings)
    for report, (own, comes_to) in zip(members, seen, strict=True):
        if own != usual and report.state not in UNJUDGED and not (flaps and own.tls != usual.tls):
            apart = what_differs(own, usual) if report.state == State.OPEN else ""
            yield Unlike(report, BESIDE[comes_to], apart)


def service_of(report: EndpointReport) -> Service:
    shown, agreed = report.certificate, report.record.handshake
    logins = [*report.after_tls.auth, *(f"clear {one}" for one in report.before_tls.auth)]
    own = Shown(shown.days_left, shown.name_matches, shown.trusted) if shown else None
    return service(report.state, report.tls_state, agreed.version if agreed else "", logins, own, report.record.mode)


QUIET = frozenset({State.REFUSED, State.NO_ANSWER, State.UNREACHABLE, State.REJECTED})
"""States of which the sentence on the address says all that is known."""


def _quiet(report: EndpointReport) -> EndpointReport:
    if report.state not in QUIET:
        return report
    return replace(report, findings=tuple(replace(one, severity=Severity.info) for one in report.findings))


def _beside(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """That we have no way to an address is no news where others of the host were asked."""
    others = (one for one in reports if one.record.host == report.record.host and one.state not in NO_FAMILY)
    if report.state not in NO_FAMILY or not any(others):
        return report
    return replace(report, findings=tuple(replace(one, severity=Severity.info) for one in report.findings))


def _with_certificate(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """The report, with a word where its certificate is as good as that of the other addresses, but not the same."""
    beside = _places(reports).get((report.record.host, report.port), ())
    shown = [leaf for one in beside if service_of(one) == service_of(report) and (leaf := _leaf(one.record))]
    own, usual = _leaf(report.record), max(shown, key=shown.count, default=b"")
    lonely = shown.count(usual) < TWO and len(shown) > TWO  # each of them has its own
    if own in {b"", usual} or lonely:
        return report
    where: Params = {"port": report.port, "address": report.record.address, "family": family(report.record.address)}
    found = finding(Code.CERT_DIFFERS, {**where, "how": "address", **described(own)}, report.port)
    return replace(report, findings=tuple(sorted((*report.findings, found), key=lambda one: -one.severity)))


def _leaf(record: Record) -> bytes:
    return record.handshake.chain[0] if record.handshake and record.handshake.chain else b""


ORDER = (Code.ADDRESS_DOWN, Code.ADDRESS_DIFFERS, Code.ADDRESS_UNKNOWN)
"""What addresses count for, the worst first."""


def _said(unlike: Sequence[Unlike], reports: Sequence[EndpointReport], target: str) -> Iterator[Finding]:
    """A finding for each host and what addresses of it count for on the same ports, the worst first.

    What an address is down for on one port is not said of its others again, where it counts for less.
    """
    down = {(one.address, one.apart) for one in unlike if one.code is Code.ADDRESS_DOWN}
    said = [one for one in unlike if one.code is Code.ADDRESS_DOWN or (one.address, one.apart or None) not in down]
    found: dict[tuple[Code, str, frozenset[int]], list[Unlike]] = {}
    for one in said:
        ports = frozenset(it.report.port for it in said if (it.code, it.address) == (one.code, one.address))
        found.setdefault((one.code, one.report.record.host, ports), []).append(one)
    for (code, host, _), seen in sorted(found.items(), key=lambda item: ORDER.index(item[0][0])):
        yield _finding(code, seen, [one for one in reports if one.record.host == host], target)


def _finding(code: Code, seen: Sequence[Unlike], of_host: Sequence[EndpointReport], target: str) -> Finding:
    host = of_host[0].record.host
    tried = {one.record.address for one in of_host if one.state not in NO_FAMILY}
    addresses = list(dict.fromkeys(one.address for one in seen))
    mine = family(addresses[0])
    whole = set(addresses) == {address for address in tried if family(address) == mine} and tried > set(addresses)
    params: Params = {
        "host": "" if host == target else host,
        "addresses": _listed(addresses),
        "count": len(addresses),
        "of": len(tried),
        "how": _how(seen),
        "family": mine if whole else "",
        "other": ({"IPv4", "IPv6"} - {mine}).pop(),
    }
    ports = {one.report.port for one in seen}
    return finding(code, params, RELAY if ports == {RELAY} else None)


def _listed(addresses: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(addresses[:-1]), addresses[-1])))


def _how(seen: Sequence[Unlike]) -> list[Mapping[str, str | float]]:
    """What they are on which ports."""
    kinds: dict[tuple[str, str], dict[str, None]] = {}
    for one in seen:
        kinds.setdefault((str(one.report.state), one.apart), {})[str(one.report.port)] = None
    return [{"ports": ", ".join(ports), "state": state, "apart": apart} for (state, apart), ports in kinds.items()]
