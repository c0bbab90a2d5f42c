"""The lines of `/smtpport` for an app, read by the program that they are for: none of them is refused.

What can be had in Debian reads its own settings; the notations of others are read by their language.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.frameworks.reader import frameworks
from commands.smtpport.question.reader import read
from commands.smtpport.snippets import snippets
from tests.real.software import UNPACKED, program

QUESTIONS = ("mailgun starttls", "mailgun ssl", "direct to mx", "receive bounces", "pmta listener", "lmtp to dovecot")


def run(*command: str | Path, text: str = "", env: Mapping[str, str] | None = None) -> str:
    """What a program says; it has to be content."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def postfix(lines: str, folder: Path) -> None:
    """`postconf` knows every parameter and service, and `postfix check` finds no fault with them."""
    shutil.copytree("/etc/postfix", folder, dirs_exist_ok=True)
    settings = f"compatibility_level = 3.6\nqueue_directory = {folder}/spool\ndata_directory = {folder}/data\n"
    is_master = "master.cf" in lines
    (folder / "main.cf").write_text(settings if is_master else settings + lines)
    if is_master:
        (folder / "master.cf").write_text(lines)
    said = run("/usr/sbin/postconf", "-c", folder, "-n") + run("/usr/sbin/postconf", "-c", folder, "-Mf")
    assert "warning" not in said
    if "sasl_password_maps" in lines:
        assert re.search(
            r"= (hash|lmdb|cdb|btree):", run("/usr/sbin/postconf", "-c", folder, "-x", "smtp_sasl_password_maps")
        )
        login = next(line for line in lines.splitlines() if "YOUR-PASSWORD" in line).removeprefix("# ")
        (folder / "sasl_passwd").write_text(f"{login}\n")
        run("/usr/sbin/postmap", "-c", folder, folder / "sasl_passwd")
        key, value = login.split(maxsplit=1)
        assert run("/usr/sbin/postmap", "-c", folder, "-q", key, folder / "sasl_passwd").strip() == value


def exim(lines: str, folder: Path) -> None:
    """`exim -bV` reads the whole of a configuration with the three parts in their sections."""
    routers, transports, authenticators = re.split(r"# in the (?:transports|authenticators) section\n", lines)
    text = (
        f"exim_user = Debian-exim\nspool_directory = {folder}\ndomainlist local_domains = @\nbegin routers\n{routers}\n"
        f"begin transports\n{transports}\nbegin authenticators\n{authenticators}"
    )
    config = folder / "exim.conf"
    config.write_text(text)
    config.chmod(0o644)
    said = run(program("exim4-daemon-heavy"), "-C", config, "-bV")
    assert "Configuration file" in said


def opensmtpd(lines: str, folder: Path) -> None:
    """`smtpd -n`."""
    secrets = folder / "secrets"
    secrets.write_text(lines.splitlines()[0].removeprefix("# the file holds: ").replace(" ", "\t") + "\n")
    (folder / "smtpd.conf").write_text(lines.replace("/etc/mail/secrets", str(secrets)))
    assert "configuration OK" in run(program("opensmtpd"), "-n", "-f", folder / "smtpd.conf")


def msmtp(lines: str, folder: Path) -> None:
    """`msmtp --pretend` shows the settings that it would use."""
    config = folder / "msmtprc"
    config.write_text(lines)
    config.chmod(0o600)
    said = run("/usr/bin/msmtp", "-C", config, "--pretend", "you@example.com")
    wanted = dict(line.split(" ", 1) for line in lines.splitlines() if line.startswith("tls_starttls"))
    assert f"tls_starttls = {wanted['tls_starttls']}" in said
    assert re.search(r"\btls += on", said)


def swaks(lines: str, _folder: Path) -> None:
    """`swaks --dump` names the server, the port and the TLS mode."""
    command = lines.split()
    said = run(*(word.strip("'") for word in command), "--auth-password", "x", "--dump", "TRANSPORT,TLS")
    host, port = command[command.index("--server") + 1], command[command.index("--port") + 1]
    assert host in said
    assert port in said


def sendmail(lines: str, folder: Path) -> None:
    """m4 makes a sendmail.cf of it, with the port in its mailer."""
    source = folder / "sendmail.mc"
    cf = UNPACKED / "usr/share/sendmail/cf"
    head = f"include(`{cf}/m4/cf.m4')dnl\nOSTYPE(`linux')dnl\n"
    source.write_text(f"{head}{lines}MAILER(`smtp')dnl\n")
    made = run("m4", f"-D_CF_DIR_={cf}/", source)
    port = re.search(r"TCP \$h (\d+)", lines)
    assert port
    assert f"A=TCP $h {port[1]}" in made
    assert "authinfo" in made


def php(lines: str, folder: Path) -> None:
    """`php -l`; an array's lines stand in one."""
    text = f"<?php\n$CONFIG = [\n{lines}];\n" if "=>" in lines else f"<?php\n{lines}"
    (folder / "lines.php").write_text(text)
    assert "No syntax errors" in run("php", "-l", folder / "lines.php")


def ruby(lines: str, _folder: Path) -> None:
    assert "Syntax OK" in run("ruby", "-c", text=lines)


def javascript(lines: str, folder: Path) -> None:
    (folder / "lines.mjs").write_text(lines)
    run("node", "--check", folder / "lines.mjs")


READERS: Mapping[str, Callable[[str, Path], None]] = {
    "exim": exim,
    "javascript": javascript,
    "m4": sendmail,
    "msmtp": msmtp,
    "opensmtpd": opensmtpd,
    "php": php,
    "php-array": php,
    "postfix": postfix,
    "ruby": ruby,
    "shell": swaks,
}
"""By the notation of the lines; the others are read in `tests/smtpport/test_frameworks.py`."""

CASES = [
    (row.notation, key, text, lines)
    for text in QUESTIONS
    for key, lines in snippets(advise(read(text))).items()
    if (row := frameworks().get(key)) and row.notation in READERS
]


@pytest.mark.parametrize(
    ("notation", "lines"), [(row[0], row[3]) for row in CASES], ids=[f"{row[1]} {row[2]}" for row in CASES]
)
def test_the_program_takes_its_lines(notation: str, lines: str, tmp_path: Path) -> None:
    READERS[notation](lines, tmp_path)
