"""What a worker, or the bot, connects with: where to, which certificate to expect, and its key. One file, 0600.

Keys are NATS's nkeys: Ed25519, of which the server knows the public half alone.
"""

import json
import os
import re
import ssl
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from bot.console.files import read_input
from bot.vantages.keys import public_key
from commands.contract import UserError
from commands.smtpcheck.address.target import VANTAGE_NAME
from commands.smtpcheck.record_file.reader import parsed
from commands.smtpcheck.record_file.shapes import Members, OneOf, RecordError, Text

SCHEMA = "portero.credentials/1"
MOST_BYTES = 64 * 1024
ADDRESS = re.compile(r"(?:nats|tls)://[0-9A-Za-z.\-\[\]:]{1,255}")
SEED = re.compile(r"SU[A-Z2-7]{56}")
SPACE = re.compile(r"-|[A-Z0-9]{2,32}")

_FILE = Members(
    {
        "schema": OneOf((SCHEMA,), "schema"),
        "address": Text(300, ADDRESS, "address such as tls://192.0.2.1:4222"),
        "certificate": Text(20_000),
        "seed": Text(58, SEED, "seed of a key"),
        "space": Text(32, SPACE, "workspace"),
        "name": Text(32, VANTAGE_NAME, "name of a vantage"),
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """`certificate` is the PEM text of the only one that counts; empty: the system's authorities."""

    address: str
    certificate: str
    space: str
    name: str
    seed: str = field(repr=False)

    def to_text(self) -> str:
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1) + "\n"

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Those in a file. Raises `RecordError`."""
        members = _FILE.read(parsed(data), "")
        del members["schema"]
        try:
            public_key(members["seed"])
        except ValueError as error:
            raise RecordError("seed", "its checksum does not fit: a letter is wrong") from error
        return cls(**members)

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How the server is told from others; None without TLS."""
        if not self.address.startswith("tls://"):
            return None
        if not self.certificate:
            return ssl.create_default_context()
        context = ssl.create_default_context(cadata=self.certificate)
        context.check_hostname = False  # there is one certificate, and whoever has its key is the server
        return context


def read_credentials(name: str) -> Credentials:
    """Those in the file of this name. Raises `UserError`."""
    try:
        return Credentials.read(read_input(name, MOST_BYTES, "portero worker --credentials FILE"))
    except RecordError as error:
        hint = "`portero vantage add NAME --out FILE`, where the bot runs, writes one."
        raise UserError(f"{name} is no file of credentials: {error.message}", hint) from error


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
