"""What Portero says of servers that are made of a library: aiosmtpd, and smtp-server of nodemailer where npm is there.

Both can be told to expect a PROXY header: they wait for it without a word.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.expected import Expected, ask
from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.running import check, greeted, running, states, told
from tests.real.software import UNPACKED, program

HEADER = Expected("failed", must=("proxy_header_expected",), said=("waits for a PROXY header",))
AIOSMTPD = """
import asyncio
from aiosmtpd.controller import Controller
class Handler:
    async def handle_PROXY(self, server, session, envelope, proxy_data):
        return True
for address, options in {rows!r}.items():
    Controller(Handler(), hostname=address, port=25, **options).start()
asyncio.new_event_loop().run_forever()
"""
ROWS: dict[str, tuple[dict[str, Any], Expected]] = {
    "aiosmtpd": ({}, Expected("degraded", must=("starttls_not_offered",))),
    "aiosmtpd-waits-for-header": ({"proxy_protocol_timeout": 5.0}, HEADER),
    "aiosmtpd-waits-long": ({"proxy_protocol_timeout": 60.0}, HEADER),
}
NODE = """
const {{ SMTPServer }} = require("smtp-server");
const fs = require("fs");
const keys = {{ key: fs.readFileSync("{key}"), cert: fs.readFileSync("{cert}") }};
const run = (port, more) => new SMTPServer({{ ...keys, authOptional: true, ...more }}).listen(port, "{address}");
run(25, {{ useProxy: true }});
run(465, {{ useProxy: true, secure: true }});
run(587, {{}});
run(2525, {{ maxClients: 1 }});
"""
NODE_ADDRESS = "127.0.23.9"


@pytest.fixture(scope="module")
def documents(place: Path, names: Names, authority: Authority, controls: None) -> Iterator[dict[str, Any]]:
    folder = place / "aiosmtpd"
    folder.mkdir()
    addresses = {name: f"127.0.23.{number}" for number, name in enumerate(ROWS, 1)}
    for name, address in addresses.items():
        names.add(name, address)
    script = folder / "served.py"
    script.write_text(AIOSMTPD.format(rows={addresses[name]: options for name, (options, _) in ROWS.items()}))
    last = list(addresses.values())[-1]
    with running("/usr/bin/python3", str(script), listens=(last, 25), cwd=folder):
        yield ask({name: expected for name, (_, expected) in ROWS.items()}, authority.root)


@pytest.mark.parametrize("name", ROWS)
def test_aiosmtpd_is_judged_by_what_was_seen(name: str, documents: dict[str, Any]):
    ROWS[name][1].holds(documents[name])


@pytest.fixture
def library(place: Path) -> Path:
    """The folder with smtp-server, which no distribution has."""
    npm, folder = shutil.which("npm"), UNPACKED / "npm"
    if npm is None:
        pytest.skip("no npm here")
    if not (folder / "node_modules" / "smtp-server").exists():
        command = (
            npm,
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            str(folder),
            "smtp-server@3",
        )
        subprocess.run(command, check=True, capture_output=True)
    return folder


def test_smtp_server_that_expects_a_proxy_header_or_is_full_is_named(
    library: Path, place: Path, authority: Authority, names: Names, controls: None
):
    folder = place / "smtp-server"
    folder.mkdir()
    pair = authority.pair("smtp-server.real.test")
    names.add("smtp-server", NODE_ADDRESS)
    script = folder / "served.cjs"
    script.write_text(NODE.format(key=pair.key, cert=pair.cert, address=NODE_ADDRESS))
    found = {"NODE_PATH": str(library / "node_modules")}
    with running(program("nodejs"), str(script), listens=(NODE_ADDRESS, 587), cwd=folder, env=found):
        document = check("smtp-server.real.test", "25", "465", "587", ca=authority.root)
        with greeted((NODE_ADDRESS, 2525)):
            full = check("smtp-server.real.test", "2525", ca=authority.root)
    waiting = "proxy_header_expected"
    assert document["verdict"] in {"ok", "degraded"}, told(document)
    assert states(document)[587] == "open", told(document)
    assert states(document)[25] == waiting, told(document)
    assert "PROXY header" in told(document)
    assert full["verdict"] == "unknown", told(full)
    assert "Too many connected clients" in told(full)
