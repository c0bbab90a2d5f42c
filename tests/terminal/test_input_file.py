"""Whatever somebody names as a file ends with its content or with a sentence, in bounded time and memory."""

import io
import json
import os
import resource
import socket
import subprocess
import sys
import tracemalloc

import pytest

from bot.cli import main
from bot.console import files
from bot.console.files import UnreadableError, content_of
from bot.terminal.key_files import HostKeyFiles
from commands.smtpcheck.tls.trust import TrustStore

MB = 1024 * 1024
GOOD = b"<source 10.0.5.20>\n    always-allow-relaying yes\n</source>\n"


@pytest.fixture
def odd(tmp_path):
    """Files that are none, and why they are not read; each is made when it is asked for."""

    def pipe():
        os.mkfifo(tmp_path / "pipe")
        return tmp_path / "pipe"

    def listening():
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(str(tmp_path / "socket"))
        return tmp_path / "socket"

    def forbidden():
        path = tmp_path / "forbidden"
        path.write_bytes(GOOD)
        path.chmod(0)
        return path

    def large():
        path = tmp_path / "large"
        with path.open("wb") as file:
            file.truncate(100 * MB)
        return path

    def looped():
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        return tmp_path / "loop"

    return {
        "endless": (lambda: "/dev/zero", "it is no regular file"),
        "null": (lambda: "/dev/null", "it is no regular file"),
        "pipe": (pipe, "it is no regular file"),
        "folder": (lambda: tmp_path, "Is a directory"),
        "memory": (lambda: "/proc/self/mem", "Input/output error"),
        "pages": (lambda: "/proc/self/pagemap", ""),
        "socket": (listening, "No such device or address"),
        "missing": (lambda: tmp_path / "missing", "No such file or directory"),
        "large": (large, "it is larger than"),
        "forbidden": (forbidden, "Permission denied"),
        "loop": (looped, "Too many levels of symbolic links"),
        "no path": (lambda: "a\0b", "that is no path"),
        "long": (lambda: "x" * 5000, "File name too long"),
        "none": (lambda: "", "No such file or directory"),
    }


NAMES = [
    "endless", "null", "pipe", "folder", "memory", "pages", "socket", "missing", "large", "forbidden", "loop",
    "no path", "long", "none",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("argv", [["pmta"], ["pmta", "--fix"], ["pmta", "--format", "json"], ["check", "--replay"]])
def test_a_name_that_leads_to_no_file_ends_with_a_sentence(odd, capsys, name, argv):
    make, words = odd[name]
    if name == "forbidden" and os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = str(make())
    tracemalloc.start()
    try:
        assert main([*argv, path]) == 2
        assert tracemalloc.get_traced_memory()[1] < 60 * MB
    finally:
        tracemalloc.stop()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"no path", "long", "none"}])
def test_a_key_file_that_is_none_has_a_reason(odd, name):
    make, words = odd[name]
    if name == "forbidden" and os.geteuid() == 0:
        pytest.skip("root may read everything")
    read = HostKeyFiles().read(str(make()))
    assert read.failure or name == "pages"
    assert words in read.failure


@pytest.mark.parametrize("path", ["/dev/fd/0", "/dev/stdin", "/proc/self/fd/0", "relative", "-"])
def test_a_key_file_is_no_stream(path):
    assert HostKeyFiles().read(path).failure == "it is no absolute path of a file"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + bytes(range(256)) * 9, "is no text"),
        (b"\x7fELF\x02\x01\x00\x00" + bytes(range(256)) * 9, "is no text"),
    ],
)
def test_what_is_no_text_is_said_to_be_none(tmp_path, capsys, content, words):
    path = tmp_path / "config"
    path.write_bytes(content)
    assert main(["pmta", str(path)]) == 2
    assert words in capsys.readouterr().err
    assert main(["check", "--replay", str(path)]) == 2
    assert "this is no UTF-8" in capsys.readouterr().err


def portero(line, **how):
    """A line of bash; (status, output, complaints)."""
    shell = f'portero() {{ "{sys.executable}" -m bot.cli "$@"; }}; {line}'
    run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False, timeout=120, **how)
    return run.returncode, run.stdout, run.stderr


def test_endless_standard_input_is_cut_off():
    for line in ("yes smtp-port 25 | portero pmta -", "portero pmta - < /dev/zero", "yes | portero check --replay -"):
        status, out, err = portero(line)
        assert (status, out) == (2, "")
        assert err.startswith("-: it is larger than ")


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input_is_read_under_each_of_its_names(name):
    assert portero(f"portero pmta {name}", input=GOOD.decode())[0] == 0
    assert portero(f"portero pmta {name} <&-")[0] == 2


def test_what_a_shell_puts_in_for_a_command_is_read_and_cut_off():
    assert portero("portero pmta <(printf 'smtp-port 25\\n')")[0] in {0, 1}
    status, _, err = portero("portero pmta <(yes smtp-port 25)")
    assert status == 2
    assert "it is larger than 10 MB" in err


def test_a_fix_of_what_a_shell_puts_in_is_printed():
    status, out, _ = portero("portero pmta --fix <(printf '<source 10.0.5.20> always-allow-relaying yes </source>\\n')")
    assert (status, out.count("\n")) == (0, 3)


def test_a_command_that_says_nothing_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(files, "SILENCE_S", 0.0)
    receiving, sending = os.pipe()
    try:
        with pytest.raises(UnreadableError, match="nothing came from it for 0 seconds"):
            content_of(f"/dev/fd/{receiving}", MB)
    finally:
        os.close(receiving)
        os.close(sending)


def test_a_file_that_loses_its_end_while_it_is_read_is_not_read_as_half_of_it(tmp_path, monkeypatch):
    path = tmp_path / "config"
    path.write_bytes(GOOD * 1000)
    read = os.read

    def shrinking(handle, size):
        os.truncate(path, 100)
        return read(handle, size)

    monkeypatch.setattr(os, "read", shrinking)
    with pytest.raises(UnreadableError, match="it was changed while it was read"):
        content_of(str(path), MB)


def test_a_file_of_the_size_that_may_be_is_read_and_one_byte_more_is_not(tmp_path):
    path = tmp_path / "config"
    path.write_bytes(b"x" * 1000)
    assert content_of(str(path), 1000) == b"x" * 1000
    with pytest.raises(UnreadableError, match="larger than"):
        content_of(str(path), 999)


def test_standard_input_without_a_file_behind_it_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    assert content_of("-", MB) == GOOD


def test_trusted_roots_that_cannot_be_read_are_said_to_be(monkeypatch, tmp_path, capsys):
    record = tmp_path / "saved.json"
    record.write_text("{}")
    for roots in ("/proc/self/mem", "/proc/self/pagemap"):
        monkeypatch.setenv("SSL_CERT_FILE", roots)
        with pytest.raises(Exception, match="trusted roots"):
            TrustStore.from_system()


def test_a_record_is_not_written_into_what_nobody_reads(odd, tmp_path, capsys):
    from bot.console.files import write_output  # noqa: PLC0415
    from commands.contract import UserError  # noqa: PLC0415

    make, _ = odd["pipe"]
    for path in (str(make()), str(tmp_path), str(tmp_path / "no" / "file"), "a\0b", "/dev/full"):
        with pytest.raises(UserError, match="cannot be written"):
            write_output(path, b"x" * 100)
    write_output(str(tmp_path / "saved.json"), b"{}")
    assert (tmp_path / "saved.json").read_bytes() == b"{}"


def test_of_a_record_that_could_not_be_written_no_half_is_left(tmp_path, monkeypatch):
    from bot.console.files import write_output  # noqa: PLC0415
    from commands.contract import UserError  # noqa: PLC0415

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))  # Python ignores the signal
    try:
        with pytest.raises(UserError, match=r"cannot be written: File too large"):
            write_output(str(tmp_path / "saved.json"), b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert not (tmp_path / "saved.json").exists()


@pytest.mark.parametrize(
    "more", [["host"], ["host", "25"], ["--network"], ["--deep"], ["--port", "25"], ["--again"], ["--record", "x"]]
)
def test_what_a_replay_would_overlook_is_refused(tmp_path, capsys, more):
    assert main(["check", *more, "--replay", str(tmp_path / "saved.json")]) == 2
    assert f"--replay looks at the file alone: leave out {more[0]}" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["-"]])
def test_a_log_that_is_piped_to_port_is_the_question(words, tmp_path):
    log = tmp_path / "log"
    log.write_text("MAIL_PORT=587\nMAIL_HOST=smtp.gmail.com\n535-5.7.8 Username and Password not accepted\n")
    with log.open() as piped:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "port", "--json", *words],
            stdin=piped, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert json.loads(done.stdout)["diagnosis"]["code"] == "app_password_wanted"
    assert (done.returncode, done.stderr) == (1, "")


def test_a_log_that_is_too_long_for_a_question_is_said_to_be_cut(tmp_path):
    log = tmp_path / "log"
    log.write_text("nothing of note\n" * 200 + "535-5.7.8 Username and Password not accepted\n")
    with log.open() as piped:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "port", "--json"], stdin=piped, capture_output=True, text=True, check=False
        )
    assert "Only the first 2,000 characters are read" in done.stderr
    assert (done.returncode, done.stdout) == (2, "")
