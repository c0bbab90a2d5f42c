"""What Portero says of stunnel in front of a Postfix, also with its protocol set wrongly."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, SASL, keys_of
from tests.real.running import running
from tests.real.software import program

BEHIND = "127.0.16.99"
PLAIN, OFFERS = 25, 26
SUBMISSIONS = Expected("ok", (465,), said=("Use port 465",))
ROWS: dict[str, tuple[int, int, str, Expected]] = {
    "stunnel-starttls": (587, PLAIN, "protocol = smtp", Expected("ok", (587,), said=("Use port 587",))),
    "stunnel-submissions": (465, PLAIN, "", SUBMISSIONS),
    "stunnel-starttls-inside": (465, OFFERS, "", SUBMISSIONS),
    "stunnel-reads-either": (465, PLAIN, "protocol = smtp", SUBMISSIONS),
    "stunnel-on-25": (25, PLAIN, "", Expected("failed", said=("speaks TLS from the first byte",))),
    "stunnel-of-nobody": (587, 9, "protocol = smtp", Expected("failed", (587,), said=("a proxy has no server",))),
    "stunnel-wants-certificate": (
        465, PLAIN, "verifyChain = yes\nCAfile = {root}",
        Expected("failed", (465,), said=("want of a certificate of the client",)),
    ),
    "stunnel-sends-header": (
        465, PLAIN, "protocol = proxy",
        Expected("unknown", (465,), must=("protocol_violation",), never=("Use port 465",)),
    ),
    "stunnel-old": (
        465, PLAIN, "sslVersionMin = TLSv1\nsslVersionMax = TLSv1.1\nciphers = ALL:@SECLEVEL=0\nsecurityLevel = 0",
        Expected("degraded", (465,), said=("newest TLS that the server speaks is 1.1",)),
    ),
}  # fmt: skip
EXPECTED = {name: row[-1] for name, row in ROWS.items()}
NOT_YET: dict[str, str] = {}


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, Any]]:
    folder = place / "stunnel"
    folder.mkdir()
    pair = authority.pair("*.real.test")
    lines = [f"foreground = yes\npid =\ncert = {pair.cert}\nkey = {pair.key}"]
    for number, (name, (port, to, options, _)) in enumerate(ROWS.items(), 1):
        names.add(name, f"127.0.16.{number}")
        lines.append(f"[{name}]\naccept = 127.0.16.{number}:{port}\nconnect = {BEHIND}:{to}\n{options}")
    config = folder / "stunnel.conf"
    config.write_text("\n".join(lines).replace("{root}", str(authority.root)) + "\n")
    offers = Service(OFFERS, {**keys_of(pair), **MAY, **SASL})
    server = {"behind": (BEHIND, [Service(PLAIN, {"smtpd_tls_security_level": "none", **SASL}), offers])}
    with postfix(folder, server), running(program("stunnel4"), str(config), listens=("127.0.16.1", 587), cwd=folder):
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_stunnel_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
