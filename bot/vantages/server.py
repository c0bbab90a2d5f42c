"""The configuration of the NATS server that Portero runs itself, and its certificate. Pure.

No JetStream, monitoring on loopback alone, every key with the permissions of its side (`subjects`) and no other user.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.vantages.subjects import Subjects, of_bot

CERTIFICATE, KEY, CONFIGURATION, PID, LOG = "server.pem", "server.key", "server.conf", "server.pid", "server.log"
LIFETIME = timedelta(days=3650)

LIMITS: Mapping[str, Any] = {
    "max_payload": 1024 * 1024,
    "max_connections": 2048,
    "max_subscriptions": 4096,
    "max_control_line": 4096,
    "max_pending": 16 * 1024 * 1024,
    "write_deadline": "5s",
    "ping_interval": "5s",
    "ping_max": 2,
    "logfile_size_limit": 1024 * 1024,
}
"""What one connection may take of the server; bytes.

`max_connections` counts also those that have said nothing yet. With 1,900 of these, opened anew whenever the server
ended one, workers came in, and it used 130 MB.
"""

SILENT_SECONDS = 3
"""For the handshake of TLS, and again for the key: a connection that says nothing takes its place for so long."""

OF_ONE_VANTAGE: Mapping[str, Any] = {"max_connections": 8, "max_subscriptions": 32, "max_payload": 1024 * 1024}
"""What all who have a vantage's keys may take together: two workers, each of which reconnects."""

BOT = "bot"
"""The account of the bot; each vantage has one of its own."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that may connect as a worker of this vantage."""

    space: str
    name: str
    public: str


def configuration(folder: Path, listen: tuple[str, int], bot: str, keys: Iterable[Key]) -> str:
    """The file, as JSON, which the server reads. `bot` is the bot's public key, `folder` where its files lie."""
    vantages: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        vantages.setdefault((key.space, key.name), []).append(key.public)
    accounts = {
        f"{space}.{name}": _account(Subjects(space, name), publics) for (space, name), publics in vantages.items()
    }
    services = [
        {"service": {"account": f"{space}.{name}", "subject": subject}}
        for space, name in vantages
        for subject in Subjects(space, name).all
    ]
    accounts[BOT] = {"users": [{"nkey": bot, "permissions": of_bot()}], "imports": services}
    host, port = listen
    return json.dumps(
        {
            "server_name": "portero",
            "host": host,
            "port": port,
            "http": "127.0.0.1:-1",
            "pid_file": str(folder / PID),
            "log_file": str(folder / LOG),
            **LIMITS,
            "tls": {"cert_file": str(folder / CERTIFICATE), "key_file": str(folder / KEY), "timeout": SILENT_SECONDS},
            "authorization": {"timeout": SILENT_SECONDS},
            "accounts": accounts,
        },
        indent=1,
    )


def _account(subjects: Subjects, publics: Iterable[str]) -> dict[str, Any]:
    """A vantage's: its keys, what the bot may ask it, and what they may take together."""
    permissions = subjects.of_worker()
    return {
        "users": [{"nkey": public, "permissions": permissions} for public in publics],
        "exports": [{"service": subject, "response_type": "stream", "accounts": [BOT]} for subject in subjects.all],
        "limits": dict(OF_ONE_VANTAGE),
    }


def stanza(key: Key) -> str:
    """What is to be added to the users of a server of one's own."""
    permissions = Subjects(key.space, key.name).of_worker()
    return json.dumps({"nkey": key.public, "permissions": permissions})


def bot_stanza(public: str) -> str:
    """The same for the bot itself."""
    return json.dumps({"nkey": public, "permissions": of_bot()})


def new_certificate(now: datetime) -> tuple[str, str]:
    """A certificate that stands for itself, and its key, in PEM: workers know it and take no other."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portero")])
    names = [x509.DNSName("portero"), x509.IPAddress(ip_address("127.0.0.1"))]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(identifier, critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM).decode(), private.decode()
