"""Certificates made with OpenSSL's own command."""

import secrets
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SETTINGS = """
[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
"""
"""Of `openssl ca`, which alone takes dates that have passed."""


@dataclass(frozen=True)
class Pair:
    """PEM files of a certificate (with what is sent behind it) and its key."""

    cert: Path
    key: Path


def openssl(*arguments: str, cwd: Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=cwd)


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder: `ca.pem` is its root."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        """A root that is older than everything it signs."""
        authority = cls(folder)
        (folder / "ca.conf").write_text(SETTINGS)
        asked = ("-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-subj", "/CN=Root of the real suite")
        openssl("req", "-new", *asked, "-out", "asked", cwd=folder)
        (folder / "extensions").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n")
        authority._sign("ca.pem", "20240101000000Z", "20400101000000Z", "-selfsign")
        return authority

    @property
    def root(self) -> Path:
        return self.folder / "ca.pem"

    def pair(self, *names: str, key: str = "rsa:2048", days: int = 80, with_root: bool = False) -> Pair:
        """For these names, ending in so many days (negative: so long ago). `key` is `rsa:2048` or a curve."""
        stem = f"{names[0].replace('*', '_')}.{key.replace(':', '')}.{days}.{with_root}"
        pair = Pair(self.folder / f"{stem}.pem", self.folder / f"{stem}.key")
        if pair.cert.exists():
            return pair
        kind = ["-newkey", key] if ":" in key else ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{key}"]
        asked = ("-nodes", "-keyout", pair.key.name, "-out", "asked", "-subj", f"/CN={names[0]}")
        openssl("req", "-new", *kind, *asked, cwd=self.folder)
        extensions = "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)
        (self.folder / "extensions").write_text(f"{extensions}\nextendedKeyUsage=serverAuth\n")
        end = datetime.now(UTC) + timedelta(days=days, hours=1)
        self._sign(pair.cert.name, "20250101000000Z", f"{end:%Y%m%d%H%M%SZ}", "-cert", "ca.pem")
        if with_root:
            pair.cert.write_text(pair.cert.read_text() + self.root.read_text())
        return pair

    def self_signed(self, name: str) -> Pair:
        """A certificate that issued itself."""
        pair = Pair(self.folder / "own.pem", self.folder / "own.key")
        if pair.cert.exists():
            return pair
        about = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "80")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", pair.key.name, *about, "-out", "own.pem",
                cwd=self.folder)  # fmt: skip
        return pair

    def _sign(self, out: str, start: str, end: str, *how: str) -> None:
        for name, text in (("index", ""), ("serial", f"{secrets.token_hex(8)}\n")):
            (self.folder / name).write_text(text)
        signing = ("-config", "ca.conf", "-batch", "-notext", "-keyfile", "ca.key", "-extfile", "extensions", *how)
        openssl("ca", *signing, "-startdate", start, "-enddate", end, "-in", "asked", "-out", out, cwd=self.folder)
