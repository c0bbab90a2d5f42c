"""What Portero says of Exim 4.96 in settings that people have."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.real.chains import Issuer, Wish
from tests.real.expected import TAKES, Expected, ask, named
from tests.real.keys import Authority, Pair
from tests.real.names import Names
from tests.real.running import greeted, running
from tests.real.software import program

SETTINGS = """
exim_user = Debian-exim
exim_group = Debian-exim
exim_path = {program}
keep_environment =
spool_directory = {folder}
log_file_path = {folder}/%slog
primary_hostname = {name}.real.test
local_interfaces = {address}
daemon_smtp_ports = {ports}
tls_on_connect_ports = 465
rfc1413_query_timeout = 0s
{keys}
{main}
begin acl
here:
  {acl}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = no
  server_advertise_condition = {login}
"""
CONNECT, HELO, STARTTLS = (f"acl_smtp_{stage} = here" for stage in ("connect", "helo", "starttls"))
LOGIN_INSIDE_TLS = "${if def:tls_in_cipher}"


@dataclass(frozen=True)
class Exim:
    """Lines of the main part and of its one access list; `keys` False leaves the certificate to `main`."""

    expected: Expected
    main: str = ""
    acl: str = "accept"
    login: str = LOGIN_INSIDE_TLS
    keys: bool = True

    def config(self, name: str, address: str, folder: Path, pair: Pair) -> str:
        keys = f"tls_certificate = {pair.cert}\ntls_privatekey = {pair.key}" if self.keys else ""
        ports = " : ".join(map(str, self.expected.ports))
        return SETTINGS.format(
            program=program("exim4-daemon-heavy"), folder=folder, name=name, address=address, ports=ports, keys=keys,
            main=self.main, acl=self.acl, login=self.login,
        )  # fmt: skip


NOWHERE = "tls_certificate = /nonexistent.pem\ntls_privatekey = /nonexistent.key"
UNEXPLAINED = ("refused_by_policy", "refused_unexplained")
BUSY = "421 Too many concurrent SMTP connections"
ROWS: dict[str, Exim] = {
    "exim": Exim(Expected("ok", (25, 587, 465), never=("before TLS",))),
    "exim-without-tls": Exim(
        Expected("degraded", must=("starttls_not_offered",)), "tls_advertise_hosts =", login="false"
    ),
    "exim-bare-login": Exim(Expected("degraded", (587,), said=("before TLS",)), login="true"),
    "exim-keyless": Exim(
        Expected("failed", (25, 465), must=("starttls_broken_temp",), never=("within 0.0 s", "slow on purpose")),
        NOWHERE, keys=False,
    ),
    "exim-denies": Exim(Expected("unknown", must=UNEXPLAINED, never=(TAKES,)), CONNECT, "deny"),
    "exim-defers": Exim(Expected("unknown", said=("temporary fault",), never=("blocklist",)), CONNECT, "defer"),
    "exim-lists": Exim(
        Expected("unknown", said=("SpamCop, a blocklist, lists our address",)),
        CONNECT, "drop message = Rejected: 127.0.0.1 is listed at bl.spamcop.net",
    ),
    "exim-counts": Exim(
        Expected("unknown", said=("slow down",), never=("blocklist",)),
        CONNECT, "defer message = Your message rate is too high (ratelimit 20 / 1h)",
    ),
    "exim-denies-helo": Exim(Expected("unknown", must=UNEXPLAINED), HELO, "deny"),
    "exim-delays": Exim(Expected("ok", must=("slow_greeting",)), CONNECT, "accept delay = 5s"),
    "exim-is-full": Exim(
        Expected("unknown", never=("from this address", "blocklist")), "smtp_accept_max = 1"
    ),
    "exim-has-enough-of-us": Exim(Expected("unknown", said=("from this address",)), "smtp_accept_max_per_host = 1"),
    "exim-behind-proxy": Exim(
        Expected("failed", said=("PROXY header",), never=("writes into the session", "slow look-up")),
        "hosts_proxy = *",
    ),
    "exim-rejects-hosts": Exim(
        Expected("unknown", must=UNEXPLAINED, never=(TAKES,)), "host_reject_connection = *"
    ),
    "exim-wants-certificate": Exim(
        Expected("failed", said=("want of a certificate of the client",)),
        "tls_verify_hosts = *\ntls_verify_certificates = {root}",
    ),
    "exim-tries-certificate": Exim(Expected("ok"), "tls_try_verify_hosts = *\ntls_verify_certificates = {root}"),
    "exim-warns": Exim(Expected("ok"), r'smtp_banner = "$smtp_active_hostname ESMTP\nNo bulk mail,\nplease."'),
    "exim-verifies-helo": Exim(Expected("ok"), "helo_try_verify_hosts = *"),
    "exim-only-tls13": Exim(
        Expected("ok", deep=True, never=("TLS 1.0",)), "tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.3"
    ),
    "exim-access-list": Exim(
        Expected("unknown", must=UNEXPLAINED, never=("blocklist",)),
        CONNECT, "deny message = You are not on our access list",
    ),
    "exim-region": Exim(
        Expected("unknown", must=UNEXPLAINED, never=("country",)),
        CONNECT, "deny message = The region server for this customer was moved",
    ),
    "exim-names-a-list": Exim(
        Expected("unknown", must=UNEXPLAINED, never=("blocklist",)),
        CONNECT, "deny message = Partners only on this host. Listings at Spamhaus do not matter here",
    ),
    "exim-look-up-fails": Exim(
        Expected("unknown", said=("temporary fault of the server",), never=("does not accept the reverse DNS",)),
        CONNECT, "defer message = Internal error: reverse lookup service is not available",
    ),
    "exim-dynamic-helo": Exim(
        Expected("unknown", said=("does not accept our EHLO name",), never=("home connection",)),
        HELO, "drop message = HELO $sender_helo_name looks like a dynamic IP",
    ),
    "exim-busy-for-tls": Exim(
        Expected("unknown", said=("it is busy",), never=("certificate or key",)),
        STARTTLS, "defer message = Too busy for TLS right now",
    ),
    "exim-refuses-tls": Exim(
        Expected("failed", must=("starttls_refused",), never=(TAKES, "device", "not offered")),
        STARTTLS, "deny message = TLS not for you",
    ),
    "exim-late-for-tls": Exim(
        Expected("unknown", said=("whether TLS works is unknown",), never=("TLS that fails",)),
        STARTTLS, "accept delay = 18s",
    ),
    "exim-two-keys": Exim(
        Expected("degraded", (587,), said=("RSA 2048", "and it has expired", "do not take EC P-256"), deep=True),
        "tls_certificate = {good}.pem : {stale}.pem\ntls_privatekey = {good}.key : {stale}.key",
        keys=False,
    ),
}  # fmt: skip
HELD = ("exim-is-full", "exim-has-enough-of-us")
NOT_YET: dict[str, str] = {}
EXPECTED = {name: row.expected for name, row in ROWS.items()}


@contextmanager
def exim(folder: Path, row: Exim, name: str, address: str, pair: Pair, root: Path) -> Iterator[None]:
    folder.mkdir()
    folder.chmod(0o777)
    config = folder / "conf"
    config.write_text(row.config(name, address, folder, pair).replace("{root}", str(root)))
    config.chmod(0o644)
    command = (program("exim4-daemon-heavy"), "-C", str(config), "-bdf", "-oP", str(folder / "pid"))
    with running(*command, listens=(address, row.expected.ports[0]), cwd=folder):
        yield


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, Any]]:
    issuer, every = Issuer(authority), ("*.real.test",)
    pair = issuer.single(Wish("exim", every))
    good, stale = (issuer.single(it).cert for it in (Wish("g", every, key="p256"), Wish("s", every, (-90, -3))))
    with ExitStack() as stack:
        for number, (name, row) in enumerate(ROWS.items(), 1):
            names.add(name, f"127.0.13.{number}")
            main = row.main.replace("{good}", str(good.with_suffix(""))).replace("{stale}", str(stale.with_suffix("")))
            there = replace(row, main=main)
            stack.enter_context(exim(place / name, there, name, f"127.0.13.{number}", pair, authority.root))
            if name in HELD:
                stack.enter_context(greeted((f"127.0.13.{number}", 25)))
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_exim_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
