"""Which of the ports that answered a client should use. Pure.

RFC 8314 section 3.3 recommends implicit TLS on 465 beside STARTTLS on 587; 2525 is custom, 25 is for relay alone.
"""

from collections.abc import Sequence

from commands.smtpcheck.model import EndpointReport, Recommendation, Severity

PREFERENCE = (465, 587, 2525, 2465, 2587, 2526, 8465, 8025)
REASONS = {465: "implicit_tls", 587: "starttls", 2525: "alternate"}


def recommend(endpoints: Sequence[EndpointReport]) -> Recommendation | None:
    """The best port for submission; failing that, 25 for relay; None where nothing is usable.

    A port with an error (an expired certificate, say) comes behind every sound one, and the reason says so.
    """
    usable = [endpoint for endpoint in endpoints if endpoint.usable]
    if not usable:
        return None
    best = min(usable, key=_rank)
    return Recommendation(best.port, best.tls_mode, _reason(best), best.record.host)


def _rank(endpoint: EndpointReport) -> tuple[bool, bool, bool, int]:
    place = PREFERENCE.index(endpoint.port) if endpoint.port in PREFERENCE else len(PREFERENCE)
    return endpoint.port == 25, endpoint.worst >= Severity.error, not endpoint.after_tls.auth, place


def _reason(endpoint: EndpointReport) -> str:
    if endpoint.port == 25:
        return "relay_only"
    if endpoint.worst >= Severity.error:
        return "least_bad"
    return REASONS.get(endpoint.port, "alternate") if endpoint.after_tls.auth else "no_login"
