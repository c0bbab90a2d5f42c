"""What Portero says of HAProxy and nginx in front of a mail server, where a PROXY header is expected or sent.

The server behind them is the suite's well-configured Postfix.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.real.keys import Authority, Pair
from tests.real.names import Names
from tests.real.running import CONTROL, check, codes, running, states, told
from tests.real.software import program

HAPROXY = "127.0.2.1"
NGINX = "127.0.2.2"

HAPROXY_SETTINGS = """
defaults
  mode tcp
  timeout connect 3s
  timeout client {patience}
  timeout server 30s
listen relay
  bind {address}:25 accept-proxy
  server mail {server}:25
listen submissions
  bind {address}:465 accept-proxy ssl crt {pem}
  server mail {server}:25
listen submission
  bind {address}:587
  server mail {server}:587
"""

NGINX_SETTINGS = """
daemon off;
master_process off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
mail {{
  server_name nginx.real.test;
  auth_http 127.0.0.1:9/auth;
  ssl_certificate {pair.cert};
  ssl_certificate_key {pair.key};
  server {{ listen {address}:25 proxy_protocol; protocol smtp; smtp_auth none; starttls on; }}
  server {{ listen {address}:465 ssl proxy_protocol; protocol smtp; smtp_auth none; }}
  server {{ listen {address}:587; protocol smtp; smtp_auth plain login; starttls on; }}
}}
"""


@contextmanager
def haproxy(folder: Path, pair: Pair, patience: str) -> Iterator[None]:
    pem, config = folder / "both.pem", folder / "haproxy.cfg"
    pem.write_text(pair.cert.read_text() + pair.key.read_text())
    config.write_text(HAPROXY_SETTINGS.format(address=HAPROXY, server=CONTROL[0], pem=pem, patience=patience))
    with running(program("haproxy"), "-f", str(config), "-db", listens=(HAPROXY, 25), cwd=folder):
        yield


@contextmanager
def nginx(folder: Path, pair: Pair) -> Iterator[None]:
    config = folder / "nginx.conf"
    config.write_text(_module() + NGINX_SETTINGS.format(address=NGINX, folder=folder, pair=pair))
    with running(program("nginx-light"), "-c", str(config), "-p", str(folder), listens=(NGINX, 25), cwd=folder):
        yield


def _module() -> str:
    """Debian has the mail proxy as a module of its own."""
    return f"load_module {program('libnginx-mod-mail')};\n"


@pytest.fixture(params=["4s", "60s"], ids=["closes", "waits"])
def proxied(request: pytest.FixtureRequest, tmp_path: Path, authority: Authority, names: Names) -> Iterator[str]:
    """A host behind HAProxy, which hangs up after some seconds or waits for longer than anybody does."""
    names.add("proxied", HAPROXY)
    with haproxy(tmp_path, authority.pair("*.real.test"), request.param):
        yield "proxied.real.test"


@pytest.mark.usefixtures("controls")
def test_haproxy_that_expects_a_proxy_header_is_told_from_a_broken_server(proxied: str, authority: Authority):
    document = check(proxied, "25", "465", ca=authority.root)

    assert document["verdict"] == "failed", told(document)
    assert set(states(document).values()) == {"proxy_header_expected"}, told(document)


@pytest.mark.usefixtures("controls")
def test_haproxy_that_expects_none_works(proxied: str, authority: Authority):
    document = check(proxied, "587", ca=authority.root)

    assert states(document) == {587: "open"}, told(document)
    assert "experiments" not in document
    assert "proxy_header_expected" not in codes(document)


@pytest.fixture
def fronted(tmp_path: Path, authority: Authority, names: Names) -> Iterator[str]:
    names.add("fronted", NGINX)
    with ExitStack() as running_now:
        running_now.enter_context(nginx(tmp_path, authority.pair("*.real.test")))
        yield "fronted.real.test"


def test_nginx_that_expects_a_proxy_header_is_told_from_a_silent_server(fronted: str, authority: Authority):
    document = check(fronted, "25", "465", ca=authority.root)

    assert document["verdict"] == "failed", told(document)
    assert set(states(document).values()) == {"proxy_header_expected"}, told(document)


def test_nginx_that_expects_none_works(fronted: str, authority: Authority):
    document = check(fronted, "587", ca=authority.root)

    assert states(document) == {587: "open"}, told(document)
