"""What Portero says of OpenSMTPD 6.8.

Its TLS breaks off in Debian 12's build as it is unpacked here, which is a case of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.chains import Issuer, Wish
from tests.real.expected import TAKES, Expected, ask, named
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.running import running
from tests.real.software import program

SETTINGS = """
pki here cert "{cert}"
pki here key "{key}"
table all {{ "127.0.0.0/8" }}
filter gone phase connect match src <all> disconnect "550 go away"
filter later phase connect match src <all> disconnect "421 4.3.2 try later"
filter unwelcome phase ehlo match src <all> reject "550 5.7.1 not welcome"
{listeners}
action "relay" relay
match from any for any action "relay"
"""
FOLDERS = ("/var/lib/opensmtpd/empty", "/var/spool/smtpd")
"""What its package would have made: it locks itself into the first."""

ROWS: dict[str, tuple[str, Expected]] = {
    "smtpd": ("", Expected("degraded", must=("starttls_not_offered",))),
    "smtpd-tls-breaks": (
        "tls-require pki here",
        Expected("failed", said=("broke off the TLS handshake on port 25",), never=("not offered",)),
    ),
    "smtpd-refuses": ("filter gone", Expected("unknown", must=("refused_unexplained",), never=(TAKES,))),
    "smtpd-is-busy": ("filter later", Expected("unknown", never=("blocklist",))),
    "smtpd-refuses-ehlo": ("filter unwelcome", Expected("unknown", must=("refused_unexplained",))),
}
EXPECTED = {name: expected for name, (_, expected) in ROWS.items()}
NOT_YET: dict[str, str] = {}


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, Any]]:
    folder = place / "opensmtpd"
    folder.mkdir()
    for needed in FOLDERS:
        Path(needed).mkdir(parents=True, exist_ok=True, mode=0o711)
    pair = Issuer(authority).single(Wish("smtpd", ("*.real.test",)))
    pair.key.chmod(0o600)
    lines = []
    for number, (name, (options, _)) in enumerate(ROWS.items(), 1):
        names.add(name, f"127.0.14.{number}")
        lines.append(f'listen on 127.0.14.{number} port 25 {options} hostname "{name}.real.test"')
    config = folder / "conf"
    config.write_text(SETTINGS.format(cert=pair.cert, key=pair.key, listeners="\n".join(lines)))
    with running(program("opensmtpd"), "-d", "-f", str(config), listens=("127.0.14.1", 25), cwd=folder):
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_opensmtpd_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
