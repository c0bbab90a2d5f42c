"""The foreign software: where its programs are, and how they get onto this machine.

Two mail servers of Debian cannot be installed side by side, so those that conflict are unpacked, not installed; what
they are linked with is installed. No package may start a service.
"""

import shutil
import subprocess
from pathlib import Path

UNPACKED = Path(__file__).resolve().parents[2] / "build" / "real"

INSTALLED = {
    "postfix": "/usr/sbin/postfix",
    "haproxy": "/usr/sbin/haproxy",
    "unbound": "/usr/sbin/unbound",
    "bind9": "/usr/sbin/named",
    "bind9-utils": "/usr/bin/dnssec-signzone",
    "dovecot-core": "/usr/sbin/dovecot",
    "dovecot-submissiond": "/usr/lib/dovecot/submission",
    "nginx-light": "/usr/sbin/nginx",
    "libnginx-mod-mail": "/usr/lib/nginx/modules/ngx_mail_module.so",
    "libnginx-mod-stream": "/usr/lib/nginx/modules/ngx_stream_module.so",
    "python3-aiosmtpd": "/usr/lib/python3/dist-packages/aiosmtpd/smtp.py",
    "stunnel4": "/usr/bin/stunnel4",
    "nftables": "/usr/sbin/nft",
    "iproute2": "/usr/bin/ip",
    "msmtp": "/usr/bin/msmtp",
    "swaks": "/usr/bin/swaks",
    "m4": "/usr/bin/m4",
    "php-cli": "/usr/bin/php",
    "ruby": "/usr/bin/ruby",
    "nodejs": "/usr/bin/node",
    "prometheus-alertmanager": "/usr/bin/prometheus-alertmanager",
}
"""Packages and the file by which one is known to be there."""

SIDE_BY_SIDE = {
    "exim4-daemon-heavy": "usr/sbin/exim4",
    "opensmtpd": "usr/sbin/smtpd",
    "sendmail-cf": "usr/share/sendmail/cf/m4/cf.m4",
}
"""Packages that are unpacked into `UNPACKED`, and their program there."""

USERS = ("Debian-exim", "opensmtpd", "opensmtpq")
"""Users whom those packages would have made."""

LIBRARIES = ("libidn12", "libldap-2.5-0", "libmariadb3", "libpq5", "libspf2-2", "libgnutls-dane0", "libevent-2.1-7")
LIBRARIES += ("libdb5.3", "libnsl2", "libperl5.36")


def program(package: str) -> str:
    """The path of a package's program."""
    return INSTALLED.get(package) or str(UNPACKED / SIDE_BY_SIDE[package])


def install() -> None:
    """Install and unpack what is missing. `CalledProcessError` where apt refuses."""
    missing = [package for package, file in INSTALLED.items() if not Path(file).exists()]
    apart = [package for package, file in SIDE_BY_SIDE.items() if not (UNPACKED / file).exists()]
    if missing or apart:
        with _no_service_starts():
            _apt("install", "--no-install-recommends", *missing, *(LIBRARIES if apart else ()))
    for package in apart:
        _unpack(package)
    for user in USERS:
        if subprocess.run(["id", user], capture_output=True, check=False).returncode:
            subprocess.run(["useradd", "--system", "--no-create-home", user], check=True)


def _apt(*arguments: str, folder: Path | None = None) -> None:
    environment = {"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run(["apt-get", "-qq", "-y", *arguments], check=True, env=environment, cwd=folder)


def _unpack(package: str) -> None:
    UNPACKED.mkdir(parents=True, exist_ok=True)
    _apt("download", package, folder=UNPACKED)
    for file in UNPACKED.glob(f"{package}_*.deb"):
        subprocess.run(["dpkg", "-x", file, UNPACKED], check=True)
        file.unlink()


class _no_service_starts:  # noqa: N801 - it is used as a verb
    """Debian asks this file whether a service may start."""

    FILE = Path("/usr/sbin/policy-rc.d")

    def __enter__(self) -> None:
        self.made = not self.FILE.exists()
        if self.made:
            self.FILE.write_text("#!/bin/sh\nexit 101\n")
            self.FILE.chmod(0o755)

    def __exit__(self, *_exception: object) -> None:
        if self.made:
            self.FILE.unlink()


def is_here() -> bool:
    """Whether all of it is installed and unpacked."""
    return (
        all(Path(file).exists() for file in INSTALLED.values())
        and all((UNPACKED / file).exists() for file in SIDE_BY_SIDE.values())
        and shutil.which("unshare") is not None
    )
