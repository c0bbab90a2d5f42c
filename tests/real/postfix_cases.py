"""The cases of Postfix and postscreen: what is set, and what Portero must say. Data only.

Each name is a host `NAME.real.test` with an address of its own. `must` are codes of findings that have to be there,
`never` words that must not be said; a verdict of another kind than `verdict` is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from tests.real.keys import Authority, Pair
from tests.real.postfix import Service

Settings = Mapping[str, str]
MAY: Settings = {"smtpd_tls_security_level": "may"}
MUST: Settings = {"smtpd_tls_security_level": "encrypt"}
WRAPPER: Settings = {"smtpd_tls_wrappermode": "yes", **MUST}
BROKEN: Settings = {"smtpd_tls_key_file": "/nonexistent.key"}
SASL: Settings = {"smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "cyrus"}
MODES: Mapping[int, Settings] = {25: MAY, 587: MUST, 465: WRAPPER, 2525: MAY}
_NUMBERS = count(1)


def _wildcard(authority: Authority) -> Pair:
    return authority.pair("*.real.test")


@dataclass(frozen=True)
class Case:
    """`ports` to their settings beside the mode of the port; a list of settings is for 25 alone."""

    ports: Mapping[int, Settings]
    verdict: str
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    daemon: str = "smtpd"
    pair: Callable[[Authority], Pair] = _wildcard
    address: str = field(default_factory=lambda: f"127.0.1.{next(_NUMBERS)}")

    def services(self, authority: Authority) -> tuple[Service, ...]:
        keys = keys_of(self.pair(authority))
        return tuple(
            Service(port, {**keys, **MODES[port], **settings}, self.daemon) for port, settings in self.ports.items()
        )


def keys_of(pair: Pair) -> Settings:
    return {"smtpd_tls_cert_file": str(pair.cert), "smtpd_tls_key_file": str(pair.key)}


def of_controls(authority: Authority) -> tuple[Service, ...]:
    return Case(dict.fromkeys(MODES, SASL), "ok").services(authority)


def refusing(reply: str) -> Settings:
    """A restriction at connect that answers every client with these words."""
    return {"smtpd_client_restrictions": f"check_client_access static:{{{reply}}}"}


TAKES = "answers other mail servers"
CASES: Mapping[str, Case] = {
    "plain": Case({25: {}, 587: SASL, 465: SASL}, "ok"),
    "receives": Case({25: {}}, "ok", said=(TAKES,)),
    "no-tls": Case(
        {25: {"smtpd_tls_security_level": "none"}, 587: {"smtpd_tls_security_level": "none"}},
        "degraded",
        must=("starttls_not_offered",),
    ),
    # TLS that is offered and fails
    "key-missing": Case({25: BROKEN}, "failed", must=("starttls_broken_temp",), never=(TAKES, "not offered")),
    "key-missing-must": Case({25: {**MUST, **BROKEN}}, "failed", must=("starttls_broken_temp",), never=(TAKES,)),
    "key-missing-all": Case(
        {25: BROKEN, 587: BROKEN, 465: BROKEN},
        "failed",
        never=(TAKES, "allow-list", "works"),
        said=("One cause is likely",),
    ),
    "milter-down": Case(
        {25: {"smtpd_milters": "inet:127.0.0.1:9", "milter_default_action": "tempfail"}},
        "unknown",
        never=(TAKES, "certificate"),
    ),
    "client-certificate": Case(
        {25: {**MUST, "smtpd_tls_req_ccert": "yes"}},
        "failed",
        must=("tls_wants_certificate",),
        never=("ask again", "busy", "Run it again"),
    ),
    "old-suites": Case(
        {25: {"smtpd_tls_protocols": "TLSv1.2", "tls_medium_cipherlist": "AES256-SHA:AES128-SHA"}},
        "ok",
        said=("forward secrecy",),
    ),
    "tls-1.0-and-1.1": Case(
        {25: {"smtpd_tls_protocols": ">=TLSv1, <=TLSv1.1", "tls_medium_cipherlist": "ALL:@SECLEVEL=0"}},
        "degraded",
        must=("legacy_tls",),
        never=("only TLS 1.1",),
    ),
    "rsa-1024": Case(
        {25: {"tls_medium_cipherlist": "ALL:@SECLEVEL=0"}},
        "ok",
        must=("cert_weak_key",),
        said=("replace",),
        pair=lambda authority: authority.pair("*.real.test", key="rsa:1024"),
    ),
    "root-sent": Case(
        {25: {}},
        "ok",
        must=("cert_root_sent",),
        pair=lambda authority: authority.pair("*.real.test", with_root=True),
    ),
    "expired": Case(
        {587: SASL, 465: SASL},
        "degraded",
        must=("cert_expired",),
        never=("does not verify",),
        pair=lambda authority: authority.pair("*.real.test", days=-1),
    ),
    # slow, and waiting for somebody else
    "slow-helo": Case({25: {"smtpd_helo_restrictions": "sleep 18, permit"}}, "unknown", said=("deep",)),
    "slow-connect": Case({25: {"smtpd_client_restrictions": "sleep 5, permit"}}, "ok", must=("slow_greeting",)),
    "proxy-expected": Case(
        {25: {"smtpd_upstream_proxy_protocol": "haproxy"}}, "failed", must=("proxy_header_expected",), never=("busy",)
    ),
    "proxy-on-all": Case(
        {port: {"smtpd_upstream_proxy_protocol": "haproxy"} for port in MODES},
        "failed",
        must=("proxy_header_expected", "same_proxy_header"),
        never=("busy",),
    ),
    "postscreen-proxy": Case(
        {25: {"postscreen_upstream_proxy_protocol": "haproxy"}},
        "failed",
        must=("proxy_header_expected",),
        never=("busy",),
        daemon="postscreen",
    ),
    # refusals in words
    "client-refused": Case({25: refusing("554 5.7.1 Access denied")}, "unknown", must=("refused_by_policy",)),
    "listed": Case(
        {25: refusing("554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org")},
        "unknown",
        must=("address_refused",),
        said=("zen.spamhaus.org",),
    ),
    "rdns-for-now": Case(
        {25: refusing("450 4.7.25 Client host rejected: cannot find your hostname, [127.0.0.1]")},
        "unknown",
        must=("address_refused",),
        said=("127.0.0.1 is probe.real.test there and that leads back to it", "failed for now is possible"),
    ),
    "rdns-and-helo": Case(
        {25: refusing("550 5.7.1 Your HELO name does not match your reverse DNS")},
        "unknown",
        said=("127.0.0.1 is probe.real.test there and that leads back to it", "the server's DNS sees it otherwise"),
        never=("fault is ours", "fault is likely ours"),
    ),
    "too-many": Case({25: refusing("550 Too many connections from your IP")}, "unknown", never=("blocklist",)),
    "busy": Case({25: refusing("421 4.3.2 All server ports are busy")}, "unknown", never=("blocklist",)),
    "client-rule": Case(
        {25: {"smtpd_client_restrictions": "check_client_access static:REJECT"}},
        "unknown",
        must=("refused_unexplained",),
        never=("blocklist entries", "reverse DNS and"),
        said=("A rule of the server's own",),
    ),
    "knows-helo-alone": Case(
        {25: {"smtpd_command_filter": "regexp:{{/^EHLO .*/ BOGUS}}"}}, "degraded", must=("legacy_helo_only",)
    ),
    "lists-xforward": Case(
        {25: {"smtpd_authorized_xforward_hosts": "127.0.0.0/8"}}, "ok", must=("xforward_offered",), never=("XCLIENT",)
    ),
    "slow-ehlo": Case({25: {"smtpd_helo_restrictions": "sleep 8, permit"}}, "ok", must=("slow_ehlo",)),
    "greylisted": Case({25: refusing("450 4.7.1 Greylisted, try again in 300 seconds")}, "unknown"),
    "name-not-found": Case(
        {25: {"smtpd_helo_restrictions": "check_helo_access static:{450 4.7.1 Helo command rejected: Host not found}"}},
        "unknown",
        must=("ehlo_name_rejected",),
        never=("PORTERO_EHLO_NAME",),
        said=("does resolve to 127.0.0.1",),
    ),
    # small things, and broken back ends
    "small-size": Case({25: {"message_size_limit": "1000"}}, "degraded", must=("size_too_small",)),
    "login-service-down": Case(
        {587: {"smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/none"}},
        "failed",
        must=("no_ehlo_reply",),
        said=("login service",),
    ),
}
