"""What somebody may have meant by a name that PowerMTA does not know."""

from collections.abc import Sequence

from commands.pmta.language.catalogue import DIRECTIVES, TAGS, names_in
from commands.pmta.language.remembered import remembered

# Names that people (and machines) write, and what PowerMTA calls the thing. "" where there is none.
MEANT = {
    "require-tls": "require-starttls",
    "smtp-auth-username": "auth-username",
    "smtp-auth-password": "auth-password",
    "max-msg-size": "max-message-size",
    "max-rcpt-per-msg": "max-rcpt-per-message",
    "default-virtual-mta-pool": "default-virtual-mta",
    "map-header-to-column": "map-header-to-field",
    "smtp-tls-certificate": "smtp-server-tls-certificate",
    "smtp-source-address": "smtp-source-host",
    "max-conn-rate": "max-connect-rate",
    "http-listener": "http-mgmt-port",
    "enable-starttls": "use-starttls",
    "allow-relaying": "always-allow-relaying",
    "smtp-host": "smtp-hosts",
    "log-level": "",
}

# Names that no guide and no running config has: they come from machine-written pages.
INVENTED = frozenset(
    {
        "require-tls", "smtp-auth-username", "smtp-auth-password", "max-msg-size", "default-virtual-mta-pool",
        "map-header-to-column", "http-listener", "enable-starttls", "dkim-sign-policy", "throttle-rules",
        "retry-upon-5xx", "virtual-mta-pool-map",
    }
)  # fmt: skip

TAGS_MEANT = {
    "vmta": "virtual-mta",
    "virtualmta": "virtual-mta",
    "virtual-mta-group": "virtual-mta-pool",
    "vmta-pool": "virtual-mta-pool",
    "pool": "virtual-mta-pool",
    "smtp-source": "source",
    "user": "smtp-user",
    "listener": "smtp-listener",
    "domains": "domain",
    "accounting": "acct-file",
    "acct": "acct-file",
    "account-file": "acct-file",
    "bounce-patterns": "bounce-category-patterns",
    "transmission-api-listener": "transmissions-api-listener",
}
INVENTED_TAGS = frozenset({"vmta", "limit", "smtp-source", "throttle", "queue"})

_CLOSE_ENOUGH = 78.0
_KNOWN = [known for known in DIRECTIVES if known[0] != "/" and known != "*"]


@remembered(2048)
def directives_like(name: str, scope: str = "") -> tuple[str, ...]:
    """At most three directives with a similar name, the ones of the scope first."""
    if name in MEANT:
        return (MEANT[name],) if MEANT[name] else ()
    near = _near(name, _KNOWN)
    here = names_in(scope) if scope else frozenset()
    return tuple(sorted(near, key=lambda known: known not in here))[:3]


@remembered(512)
def tags_like(name: str) -> tuple[str, ...]:
    """At most three tags with a similar name."""
    return (TAGS_MEANT[name],) if name in TAGS_MEANT else _near(name, list(TAGS))


def like(name: str, known: tuple[str, ...]) -> str:
    """The one name among `known` that a reference most likely meant, or ""."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  as below

    found = process.extractOne(name[:80], known[:300], scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return found[0] if found else ""


def _near(name: str, known: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  needed for mistakes only, and costs 20 ms to import

    found = process.extract(name[:80], known, scorer=fuzz.ratio, limit=3, score_cutoff=_CLOSE_ENOUGH)
    return tuple(match for match, _, _ in found)
