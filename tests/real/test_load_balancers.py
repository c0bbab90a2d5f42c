"""What Portero says of HAProxy and nginx that end TLS, have no server, or speak something else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import TAKES, Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.running import CONTROL, check, codes, running, told
from tests.real.software import program

DEFAULTS = "defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 40s\n  timeout server 40s\n  retries 0\n"
LOAD = "".join(f"load_module {program(f'libnginx-mod-{part}')};\n" for part in ("mail", "stream"))
FRONT = """
daemon off; master_process off; user root; pid {folder}/pid; error_log {folder}/errors;
events {{}}
mail {{ server_name nginx.real.test; auth_http 127.0.0.1:9/auth;
ssl_certificate {pair.cert}; ssl_certificate_key {pair.key};
{mail} }}
stream {{ {stream} }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
server {{ listen {web}:465 ssl; ssl_certificate {pair.cert}; ssl_certificate_key {pair.key}; return 200 hello; }} }}
"""
CLOSED = Expected("failed", said=("took our connection and closed it",), never=("Nothing listens",))
ENDS = Expected("ok", (465,), said=("Use port 465",))
HAPROXY: dict[str, tuple[str, Expected]] = {
    "ends-tls": ("bind {a}:465 ssl crt {pem}\n  server s {c}:25", ENDS),
    "ends-only-tls13": ("bind {a}:465 ssl crt {pem} ssl-min-ver TLSv1.3\n  server s {c}:25", ENDS),
    "strict-sni": ("bind {a}:465 ssl strict-sni crt {pem}\n  server s {c}:25", ENDS),
    "without-server": ("bind {a}:25\n  timeout queue 2s", CLOSED),
    "dead-server": ("bind {a}:25\n  server s {c}:9", CLOSED),
    "impatient": ("bind {a}:25\n  timeout server 50ms\n  tcp-request inspect-delay 1s\n  server s {c}:9", CLOSED),
    "one-of-two-dead": (
        "balance roundrobin\n  bind {a}:25\n  server dead {c}:9\n  server alive {c}:25",
        Expected(
            "degraded", must=("answers_some",), said=(TAKES, "answered 1 of 2 connections"), never=("not usable",)
        ),
    ),
    "one-of-two-dead-behind-tls": (
        "balance roundrobin\n  bind {a}:465 ssl crt {pem}\n  server dead {c}:9\n  server alive {c}:25",
        Expected("degraded", (465,), must=("answers_some",), said=("answered 1 of 2 connections",)),
    ),
    "inspects-first": (
        "bind {a}:25\n  server s {c}:25\n  tcp-request inspect-delay 5s\n  tcp-request content accept if WAIT_END",
        Expected("degraded", must=("slow_greeting",), said=(TAKES,)),
    ),
    "passes-465-to-587": (
        "bind {a}:465\n  server s {c}:587",
        Expected("failed", (465,), said=("Port 465 speaks plain SMTP",)),
    ),
    "sends-header-to-465": (
        "bind {a}:465\n  server s {c}:465 send-proxy",
        Expected("failed", (465,), said=("a header that nobody expects",)),
    ),
    "answers-http": (
        "mode http\n  timeout client 2s\n  bind {a}:25\n  server s {c}:25",
        Expected("failed", said=("does not speak SMTP but HTTP",)),
    ),
    "rejects-connections": (
        "bind {a}:25\n  tcp-request connection reject\n  server s {c}:25",
        Expected("failed", never=("Nothing listens", "refuses connections")),
    ),
}
NGINX: dict[str, tuple[str, Expected]] = {
    "nginx-only-tls": (
        "server {{ listen {a}:587; protocol smtp; smtp_auth plain; starttls only; }}",
        Expected("ok", (587,), never=("before TLS",)),
    ),
    "nginx-clear": (
        "server {{ listen {a}:587; protocol smtp; smtp_auth plain; starttls off; }}",
        Expected("failed", (587,), must=("starttls_not_offered",), said=("before TLS",)),
    ),
    "nginx-waits": (
        "server {{ listen {a}:25; protocol smtp; smtp_auth none; smtp_greeting_delay 5s; starttls on; }}",
        Expected("ok", must=("slow_greeting",)),
    ),
}
STREAM: dict[str, tuple[str, Expected]] = {
    "nginx-answers-before-it-is-asked": (
        r'server {{ listen {a}:25; return "220 nginx.real.test ESMTP\r\n250 nginx.real.test\r\n"; }}',
        Expected("unknown", must=("protocol_violation",), never=("very old", "HELO", "not offered", TAKES)),
    ),
    "nginx-says-one-line": (
        r'server {{ listen {a}:25; return "220 nginx.real.test ESMTP\r\n"; }}',
        Expected("failed", must=("no_ehlo_reply",), never=("header", "not offered", TAKES)),
    ),
}
WEB = {"nginx-web": Expected("failed", (465,), said=("speaks HTTP over TLS, not SMTP",), never=("slow on purpose",))}
EXPECTED = {name: expected for name, (_, expected) in (HAPROXY | NGINX | STREAM).items()} | WEB
NOT_YET: dict[str, str] = {}


@pytest.fixture(scope="module")
def addresses(names: Names) -> dict[str, str]:
    found = {name: f"127.0.17.{number}" for number, name in enumerate(EXPECTED, 1)}
    for name, address in found.items():
        names.add(name, address)
    return found


@pytest.fixture(scope="module")
def balancers(place: Path, authority: Authority, addresses: dict[str, str], controls: None) -> Iterator[None]:
    folder = place / "balancers"
    folder.mkdir()
    pair = authority.pair("*.real.test")
    pem, config = folder / "both.pem", folder / "conf"
    pem.write_text(pair.cert.read_text() + pair.key.read_text())
    blocks = [
        f"listen {name}\n  " + text.format(a=addresses[name], c=CONTROL[0], pem=pem)
        for name, (text, _) in HAPROXY.items()
    ]
    config.write_text(DEFAULTS + "\n".join(blocks) + "\n")
    command = (program("haproxy"), "-db", "-f", str(config))
    with running(*command, listens=(addresses["ends-tls"], 465), cwd=folder):
        yield


@pytest.fixture(scope="module")
def fronts(place: Path, authority: Authority, addresses: dict[str, str]) -> Iterator[None]:
    folder = place / "fronts"
    folder.mkdir()
    config = folder / "conf"
    mail, stream = (
        "\n".join(text.format(a=addresses[name]) for name, (text, _) in rows.items()) for rows in (NGINX, STREAM)
    )
    pair = authority.pair("*.real.test")
    config.write_text(
        LOAD + FRONT.format(folder=folder, pair=pair, mail=mail, stream=stream, web=addresses["nginx-web"])
    )
    command = (program("nginx-light"), "-c", str(config), "-p", str(folder))
    with running(*command, listens=(addresses["nginx-only-tls"], 587), cwd=folder):
        yield


@pytest.fixture(scope="module")
def documents(balancers: None, fronts: None, authority: Authority) -> dict[str, Any]:
    return ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_a_load_balancer_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])


@pytest.mark.usefixtures("balancers")
def test_an_address_has_no_name_for_a_server_that_wants_one(addresses: dict[str, str], authority: Authority):
    document = check(addresses["strict-sni"], "465", ca=authority.root)

    words = told(document)
    assert (document["verdict"], codes(document, 465)) == ("unknown", ["sni_missing"]), words
    assert "clients that name the host" not in words
