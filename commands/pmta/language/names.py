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
    "smtp-host": "smtp-hosts",
    "log-level": "",
    "smtp-source-ip": "smtp-source-host",
    "bind-as": "smtp-source-host",
    "bind-to-source-ip": "smtp-source-host",
    "helo-domain": "smtp-source-host",
    "helo-name": "smtp-source-host",
    "ehlo-name": "smtp-source-host",
    "pmta-hostname": "host-name",
    "administrator": "postmaster",
    "max-messages-per-connection": "max-msg-per-connection",
    "max-message-rate": "max-msg-rate",
    "max-smtp-out-per-ip": "max-smtp-out-per-source-ip",
    "route-to": "smtp-hosts",
    "resolve-to": "smtp-hosts",
    "min-free-disk-space": "spool-min-free-space",
    "require-starttls-if-available": "use-starttls",
    "dkim-key": "domain-key",
    "dkim-private-key-file": "domain-key",
}

# Names that no guide and no running config has: they come from machine-written pages.
INVENTED = frozenset(
    {
        "require-tls", "smtp-auth-username", "smtp-auth-password", "max-msg-size", "default-virtual-mta-pool",
        "map-header-to-column", "http-listener", "enable-starttls", "dkim-sign-policy", "throttle-rules",
        "retry-upon-5xx", "virtual-mta-pool-map", "max-messages-per-connection", "max-message-rate", "route-to",
        "resolve-to", "max-smtp-out-per-ip", "min-free-disk-space", "bind-as", "bind-to-source-ip", "administrator",
        "require-starttls-if-available", "dkim-key", "dkim-private-key-file", "domain-throttling", "throttle",
        "max-data-errors", "smtp-pipelining", "smtp-pipeline-depth", "delivery-interval", "backoff-mode",
        "command-timeout", "delivery-mode", "record-all-bounces", "max-workers", "use-dkim", "attempt-interval",
    }
)  # fmt: skip

RELAYING = frozenset({"relay-domain", "relay-address", "always-allow-relaying", "always-allow-api-submission"})
"""Settings that open a door: nobody is led to them but by a slip of one key."""

TAGS_MEANT = {
    "vmta": "virtual-mta",
    "virtualmta": "virtual-mta",
    "virtual-mta-group": "virtual-mta-pool",
    "vmta-pool": "virtual-mta-pool",
    "pool": "virtual-mta-pool",
    "smtp-source": "source",
    "user": "smtp-user",
    "listener": "smtp-listener",
    "suppression-list": "address-list",
    "domains": "domain",
    "accounting": "acct-file",
    "acct": "acct-file",
    "account-file": "acct-file",
    "bounce-patterns": "bounce-category-patterns",
    "transmission-api-listener": "transmissions-api-listener",
}
INVENTED_TAGS = frozenset({"vmta", "limit", "smtp-source", "throttle", "queue"})

_CLOSE_ENOUGH = 78.0
SWAPPED = 2
_KNOWN = [known for known in DIRECTIVES if known[0] != "/" and known != "*"]


@remembered(2048)
def directives_like(name: str, scope: str = "") -> tuple[str, ...]:
    """At most three directives with a similar name: those of the scope, else those that are a slip of one key away."""
    if name in MEANT:
        return (MEANT[name],) if MEANT[name] else ()
    near = tuple(known for known in _near(name, _KNOWN) if known not in RELAYING or is_slip(name, known))
    here = names_in(scope) if scope else frozenset(near)
    return tuple(known for known in near if known in here) or tuple(known for known in near if is_slip(name, known))


@remembered(512)
def tags_like(name: str) -> tuple[str, ...]:
    """At most three tags with a similar name."""
    return (TAGS_MEANT[name],) if name in TAGS_MEANT else _near(name, list(TAGS))


def is_slip(written: str, known: str) -> bool:
    """One swap, or one letter more, less or other."""
    if len(written) == len(known):
        return sum(a != b for a, b in zip(written, known, strict=True)) <= SWAPPED
    shorter, longer = sorted((written, known), key=len)
    return len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


def like(name: str, known: tuple[str, ...]) -> str:
    """The one name among `known` that a reference most likely meant, or ""."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  as below

    found = process.extractOne(name[:80], known[:300], scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return found[0] if found else ""


def _near(name: str, known: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  needed for mistakes only, and costs 20 ms to import

    found = process.extract(name[:80], known, scorer=fuzz.ratio, limit=3, score_cutoff=_CLOSE_ENOUGH)
    return tuple(match for match, _, _ in found)
