"""What a check says of a watch on certificates: whether each port shows one that is in date and fits its host. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from commands.smtpcheck.result.document import codes_of
from commands.smtpcheck.result.health import OUT_OF_DATE
from commands.watch.state.baseline import ACCEPTED, FITTING, TARGET_KIND, name_of
from commands.watch.state.endpoints import findings_of, of_check, still_normal
from commands.watch.state.model import Watch
from commands.watch.state.observation import Egress, Observation, Outcome, endpoint_of
from commands.watch.state.port_health import FLAWS, Document, flaw_of


def of_certificates(watch: Watch, document: Document, egress: Mapping[int, Egress]) -> Observation:
    """For a watch on certificates a port is good when it shows one that is in date, also on 25, and fits as it once

    did. The rest is as in `of_check`.
    """
    seen = of_check(watch, document, egress)
    learned = {key: value for key, value in seen.learned.items() if key == TARGET_KIND}
    if not seen.certificates:
        bad: Outcome = "bad" if seen.outcome == "good" else seen.outcome
        return replace(seen, records={}, learned=learned, outcome=bad)
    flaws = _flaws(document)
    fitting = {*watch.state.baseline.get(FITTING, ()), *(place for place, flaw in flaws.items() if not flaw)}
    broken = {f"{flaw} {place}" for place, flaw in flaws.items() if flaw in OUT_OF_DATE or (flaw and place in fitting)}
    normal = broken & set(watch.state.baseline.get(ACCEPTED, ()))
    failing = sorted(broken - normal)
    outcome: Outcome = "bad" if failing else "good"
    return replace(
        seen,
        records={},
        learned=learned | {FITTING: sorted(fitting)} | still_normal(watch, normal, outcome),
        outcome=outcome,
        failing=tuple(failing),
        held=_out_of_sight(watch, seen, document),
        findings=findings_of(document, failing),
        places=tuple(sorted(seen.certificates)),
    )


def _flaws(document: Document) -> dict[str, str]:
    """Why mail programs refuse the certificate of each endpoint that shows one; "": they do not, on any address."""
    found: dict[str, str] = {}
    for each in document["endpoints"]:
        if (each["tls"] or {}).get("certificate"):
            found[name_of(each)] = found.get(name_of(each)) or flaw_of(codes_of(each))
    return found


def _out_of_sight(watch: Watch, seen: Observation, document: Document) -> tuple[str, ...]:
    """Whose certificate was refused, and is not shown now: nobody knows whether it was renewed."""
    before = {endpoint_of(code) for code in watch.state.failing if code.partition(" ")[0] in FLAWS}
    return tuple(sorted((before & set(map(name_of, document["endpoints"]))) - seen.certificates.keys()))
