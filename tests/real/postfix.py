"""One Postfix with a service for every case: each on an address of its own, with settings of its own."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.running import wait_for
from tests.real.software import program

INNER = """
smtpd pass - - n - - smtpd
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
cleanup unix n - n - 0 cleanup
postlog unix-dgram n - n - 1 postlogd
tlsproxy unix - - n - 0 tlsproxy
dnsblog unix - - n - 0 dnsblog
qmgr unix n - n 300 1 qmgr
"""


@dataclass(frozen=True)
class Service:
    """A port of a case: the daemon's settings, and which daemon it is."""

    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    daemon: str = "smtpd"
    processes: str = "-"


def line(address: str, service: Service) -> str:
    """Its line of master.cf (master(5))."""
    settings = "".join(f"\n  -o {{ {name} = {value} }}" for name, value in service.settings.items())
    kind = "1" if service.daemon == "postscreen" else service.processes
    return f"{address}:{service.port} inet n - n - {kind} {service.daemon}{settings}\n"


@contextmanager
def postfix(
    folder: Path,
    cases: Mapping[str, tuple[str, Sequence[Service]]],
    within: Sequence[str] = (),
    behind_screen: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run it. `cases` are address and services by name; `within` is the command that enters another network.

    `behind_screen` are the key and certificate of postscreen and of the smtpd behind it.
    """
    conf, queue, data = folder / "conf", folder / "queue", folder / "data"
    for made in (conf, queue, data):
        made.mkdir()
    os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": str(queue),
        "data_directory": str(data),
        "command_directory": "/usr/sbin",
        "daemon_directory": "/usr/lib/postfix/sbin",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "myhostname": "mail.real.test",
        "inet_interfaces": "all",
        "mynetworks": "127.0.0.99/32",
        "maillog_file": str(folder / "mail.log"),
        "maillog_file_prefixes": str(folder),
        "alias_maps": "",
        "smtpd_delay_reject": "no",
        "smtpd_client_connection_count_limit": "0",
        "anvil_rate_time_unit": "1h",
    }
    if behind_screen:
        settings |= {**behind_screen, "smtpd_tls_security_level": "may"}
    (conf / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    lines = [line(address, service) for address, services in cases.values() for service in services]
    (conf / "master.cf").write_text("".join(lines) + INNER)
    control = [*within, program("postfix"), "-c", str(conf)]
    started = subprocess.run([*control, "start"], capture_output=True, text=True, check=False)
    assert not started.returncode, started.stderr
    try:
        for address, services in cases.values():
            for service in services[:1]:
                wait_for((address.strip("[]"), service.port), log=folder / "mail.log")
        yield
    finally:
        subprocess.run([*control, "stop"], capture_output=True, check=False)
