"""What Portero says of Dovecot's submission service."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.running import running
from tests.real.software import program

SETTINGS = """
protocols = submission
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/mail.log
listen = {address}
default_login_user = nobody
default_internal_user = nobody
submission_relay_host = 127.0.0.1
submission_relay_port = 9
hostname = {name}.real.test
haproxy_trusted_networks = 127.0.0.0/8
ssl_cert = <{pair.cert}
ssl_key = <{pair.key}
passdb {{
  driver = static
  args = password=none
}}
service submission-login {{
  inet_listener submission {{
    port = 587
    {listener}
  }}
  inet_listener submissions {{
    port = 465
    ssl = yes
  }}
}}
{main}
"""
CLEAR = Expected("failed", (587,), must=("starttls_not_offered",))
ROWS: dict[str, tuple[str, str, Expected]] = {
    "dovecot": ("ssl = yes", "", Expected("ok", (587, 465), never=("before TLS",))),
    "dovecot-clear": ("ssl = no\ndisable_plaintext_auth = no", "", CLEAR),
    "dovecot-clear-without-login": ("ssl = no\ndisable_plaintext_auth = yes", "", CLEAR),
    "dovecot-tries-certificate": (
        "ssl = yes\nssl_ca = <{root}\nssl_verify_client_cert = yes",
        "",
        Expected("ok", (587,)),
    ),
    "dovecot-challenges": (
        "ssl = yes\ndisable_plaintext_auth = no\nauth_mechanisms = cram-md5 scram-sha-256",
        "",
        Expected("ok", (587,), must=("login_before_tls",), never=("in the clear",)),
    ),
    "dovecot-certificates-alone": (
        (
            "ssl = yes\nauth_mechanisms = external\nssl_ca = <{root}\nssl_verify_client_cert = yes\n"
            "auth_ssl_username_from_cert = yes"
        ),
        "",
        Expected("ok", (587,), must=("external_login_only",), never=("in the clear",)),
    ),
    "dovecot-without-auth-process": (
        "ssl = yes\nservice auth {\n  executable = /bin/false\n}",
        "",
        Expected("unknown", (587,), said=("cannot check logins",), never=("busy", "slow look-up")),
    ),
    "dovecot-behind-proxy": (
        "ssl = yes",
        "haproxy = yes",
        Expected("failed", (587,), must=("proxy_header_expected",), never=("dies",)),
    ),
    "dovecot-key-of-another": (
        "ssl = yes\nssl_key = <{other}",
        "",
        Expected("failed", (587, 465), must=("starttls_broken_temp", "same_broken_tls"), never=("busy", "dies")),
    ),
}
EXPECTED = {name: expected for name, (_, _, expected) in ROWS.items()}
NOT_YET: dict[str, str] = {}


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, Any]]:
    pair, other = authority.pair("*.real.test"), authority.pair("another.real.test")
    with ExitStack() as stack:
        for number, (name, (main, listener, _)) in enumerate(ROWS.items(), 1):
            folder, address = place / name, f"127.0.15.{number}"
            folder.mkdir()
            names.add(name, address)
            own = main.replace("{root}", str(authority.root)).replace("{other}", str(other.key))
            text = SETTINGS.format(folder=folder, address=address, name=name, pair=pair, main=own, listener=listener)
            (folder / "conf").write_text(text)
            command = (program("dovecot-core"), "-F", "-c", str(folder / "conf"))
            stack.enter_context(running(*command, listens=(address, 587), cwd=folder))
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_dovecot_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
