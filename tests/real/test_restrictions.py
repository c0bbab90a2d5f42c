"""What Portero says of Postfix and postscreen with limits, restrictions and hidden extensions."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import TAKES, Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, MUST, SASL, WRAPPER, Settings, keys_of, refusing
from tests.real.running import check, greeted

MODES: Mapping[int, Settings] = {25: MAY, 587: {**MUST, **SASL}, 465: {**WRAPPER, **SASL}}
ENTERED = {"postscreen_greet_wait": "1s", "postscreen_tls_security_level": "may", "postscreen_cache_map": ""}
NO_EXTENSION = "pipelining,size,vrfy,etrn,starttls,auth,enhancedstatuscodes,8bitmime,dsn,smtputf8,chunking"
RATE = {"smtpd_client_new_tls_session_rate_limit": "1"}

Row = tuple[Mapping[int, Settings], Expected]
ROWS: dict[str, Row] = {
    # what is unusual and works
    "asks-certificate": ({587: {"smtpd_tls_ask_ccert": "yes"}}, Expected("ok", (587,), never=("certificate of the",))),
    "login-inside-tls": ({587: {"smtpd_tls_auth_only": "yes"}}, Expected("ok", (587,), never=("before TLS",))),
    "no-login": ({587: {"smtpd_sasl_auth_enable": "no"}}, Expected("ok", (587,), said=("no login",))),
    "one-error": ({25: {"smtpd_hard_error_limit": "1", "smtpd_soft_error_limit": "1"}}, Expected("ok")),
    "one-junk-command": ({25: {"smtpd_junk_command_limit": "1"}}, Expected("ok")),
    "no-pipelining": ({25: {"smtpd_helo_restrictions": "reject_unauth_pipelining"}}, Expected("ok")),
    "named-localhost": ({25: {"myhostname": "localhost.localdomain"}}, Expected("ok")),
    "no-name-in-banner": (
        {25: {"smtpd_banner": "ESMTP - no UCE. Blocked? http://postmaster.real.test/"}},
        Expected("ok", never=("blocklist",)),
    ),
    "sleeps-at-mail": ({25: {"smtpd_sender_restrictions": "sleep 30"}}, Expected("ok")),
    "only-tls13": ({25: {"smtpd_tls_protocols": ">=TLSv1.3"}}, Expected("ok", deep=True, never=("TLS 1.0",))),
    "only-tls12": ({25: {"smtpd_tls_protocols": "TLSv1.2"}}, Expected("ok", deep=True, never=("TLS 1.0",))),
    # extensions that are hidden, TLS of another kind
    "starttls-hidden": (
        {25: {"smtpd_discard_ehlo_keywords": "starttls"}},
        Expected("degraded", must=("starttls_not_offered",)),
    ),
    "all-hidden": (
        {25: {"smtpd_discard_ehlo_keywords": NO_EXTENSION}},
        Expected("degraded", must=("starttls_not_offered",), never=("HELO", "old")),
    ),
    "no-certificate": (
        {25: {"smtpd_tls_cert_file": "none", "smtpd_tls_key_file": ""}},
        Expected("failed", said=("none of the TLS settings",), never=(TAKES, "not offered")),
    ),
    "465-without-wrapper": (
        {465: {"smtpd_tls_wrappermode": "no"}, 587: {}},
        Expected("degraded", (465, 587), said=("Port 465 speaks plain SMTP", "Use port 587")),
    ),
    # refusals
    "policy-service-down": (
        {25: {"smtpd_client_restrictions": "check_policy_service inet:127.0.0.1:9"}},
        Expected("unknown", said=("temporary fault of the server",), never=(TAKES, "blocklist")),
    ),
    "map-missing": (
        {25: {"smtpd_client_restrictions": "check_client_access hash:/nonexistent/map"}},
        Expected("unknown", said=("temporary fault of the server",), never=(TAKES, "blocklist")),
    ),
    "helo-map-missing": (
        {25: {"smtpd_helo_restrictions": "check_helo_access hash:/nonexistent/map"}},
        Expected("unknown", said=("temporary fault of the server",), never=("does not accept our EHLO name",)),
    ),
    "no-reverse-dns": (
        {25: refusing("450 4.7.25 Client host rejected: cannot find your hostname, [127.0.0.1]")},
        Expected("unknown", said=("PTR record",)),
    ),
    "name-listed": (
        {25: refusing("554 5.7.1 Service unavailable; Helo command [probe.real.test] blocked using dbl.spamhaus.org")},
        Expected("unknown", said=("lists a name of ours",), never=("lists our address",)),
    ),
    "later-in-words-of-others": (
        {25: refusing("421 4.7.0 Try again later, closing connection")},
        Expected("unknown", never=("how much comes",)),
    ),
    "soft-bounce": (
        {25: {"soft_bounce": "yes", "smtpd_client_restrictions": "reject"}},
        Expected("unknown", said=("A rule of the server's own",), never=("again",)),
    ),
    "helo-of-a-network": (
        {
            25: {
                "smtpd_helo_restrictions": "check_helo_access static:{450 Service temporarily limited for your network}"
            }
        },
        Expected("unknown", never=("our EHLO name",)),
    ),
    "no-mail-here": ({25: refusing("521 5.3.2 no-mail-here.real.test does not accept mail")}, Expected("failed")),
    "going-down": ({25: refusing("421 4.3.2 System going down")}, Expected("unknown", never=("blocklist",))),
    # limits, once they are reached
    "one-connection": (
        {25: {"smtpd_client_connection_count_limit": "1"}},
        Expected("unknown", said=("how many connections",), never=("blocklist", TAKES)),
    ),
    "one-tls-session": (
        {25: RATE},
        Expected("unknown", said=("too many new TLS sessions",), never=("did not answer", "login service")),
    ),
    "no-tls-session-left": (
        {25: RATE},
        Expected("unknown", said=("too many new TLS sessions",), never=("certificate and key", "not offered")),
    ),
}
POSTSCREEN: dict[str, tuple[Settings, Expected]] = {
    "teaser": (
        {"postscreen_greet_wait": "4s", "postscreen_greet_banner": "teaser.real.test ESMTP"},
        Expected("ok", must=("slow_greeting",)),
    ),
    "protocol-tests": (
        {f"postscreen_{one}_enable": "yes" for one in ("non_smtp_command", "pipelining", "bare_newline")},
        Expected("ok", said=("STARTTLS",)),
    ),
    "screen-denies-later": (
        {"postscreen_access_list": "static:reject", "postscreen_denylist_action": "enforce"},
        Expected("ok", said=(TAKES,), never=("takes mail",)),  # it refuses at RCPT, which is never tried
    ),
    "screen-denies": (
        {"postscreen_access_list": "static:reject", "postscreen_denylist_action": "drop"},
        Expected("unknown", must=("refused_by_policy",), never=("takes no mail", "different codes")),
    ),
    "screen-allows": ({"postscreen_access_list": "static:permit"}, Expected("ok")),
}
EXPECTED = {name: row[1] for name, row in (ROWS | POSTSCREEN).items()}
HELD = "one-connection"
BEFORE = ("one-tls-session", "no-tls-session-left", "no-tls-session-left")
"""Checks that use up what a limit leaves."""

NOT_YET: dict[str, str] = {}


def _services(authority: Authority) -> dict[str, list[Service]]:
    keys = keys_of(authority.pair("*.real.test"))
    plain = {
        name: [Service(port, {**keys, **MODES[port], **own}) for port, own in ports.items()]
        for name, (ports, _) in ROWS.items()
    }
    screened = {name: [Service(25, {**ENTERED, **own}, "postscreen")] for name, (own, _) in POSTSCREEN.items()}
    return plain | screened


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names, controls: None) -> Iterator[dict[str, Any]]:
    folder = place / "restrictions"
    folder.mkdir()
    keys = authority.pair("*.real.test")
    cases = {name: (f"127.0.12.{n}", each) for n, (name, each) in enumerate(_services(authority).items(), 1)}
    for name, (address, _) in cases.items():
        names.add(name, address)
    with postfix(folder, cases, behind_screen=keys_of(keys)), ExitStack() as held:
        held.enter_context(greeted((cases[HELD][0], 25)))
        for name in BEFORE:
            check(f"{name}.real.test", "25", ca=authority.root)
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_a_restricted_postfix_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
