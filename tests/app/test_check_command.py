"""`portero check` on loopback: the lab's name server, and the lab's ports as the ports that may be probed."""

import asyncio
import csv
import fcntl
import getpass
import io
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from bot.cli import main
from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.lab import Lab
from bot.demo.lab.peer import Peer, RefusedPort
from bot.demo.lab.steps import Close, Send
from bot.rate_limits import Rate
from bot.terminal import check, check_file
from bot.terminal.history_lists import WRITERS
from storage.sqlite.history import open_history

from .stage import AUTHORITY

NAME = "here.lab.example"
BROUGHT = "Certificates are judged by the record's roots alone ({}): you trust it."


@pytest.fixture
async def lab():
    async with Lab(HOSTS[:1], zone={NAME: {"A": ["127.0.0.1"]}}, authority=AUTHORITY) as running:
        yield running


@pytest.fixture
def open_port(lab):
    return lab.endpoints["198.51.100.25", 587][1]


@pytest.fixture
async def closed_port():
    async with RefusedPort() as refused:
        yield refused.address[1]


@pytest.fixture
def environ(lab, open_port, closed_port, tmp_path, monkeypatch):
    """The settings of a terminal that knows nothing but the lab."""
    values = {
        "PORTERO_NAMESERVERS": f"{lab.nameserver[0]}:{lab.nameserver[1]}",
        "PORTERO_ALLOW_NETWORKS": "127.0.0.0/8",
        "PORTERO_PORTS": f"{open_port},{closed_port}",
        "PORTERO_DATABASE": str(tmp_path / "portero.db"),
        "PORTERO_EHLO_NAME": "probe.example",
        "PORTERO_CONTROL_HOSTS": "nowhere.lab.example",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
async def portero(environ, capsys):
    """Runs one command line on a history that there is; (status, what it printed, what it complained)."""
    await (await open_history(environ["PORTERO_DATABASE"])).close()

    async def run(*argv):
        status = await asyncio.to_thread(main, argv)
        return (status, *capsys.readouterr())

    return run


async def test_it_prints_the_answer(portero, open_port):
    status, out, err = await portero("check", NAME, str(open_port))
    assert (status, err) == (0, "")
    assert f"{open_port}" in out
    assert "PLAIN LOGIN" in out
    assert "\x1b" not in out


async def test_json_has_the_promised_shape(portero, open_port):
    status, out, _ = await portero("check", NAME, "--port", str(open_port), "--json")
    document = json.loads(out)
    assert status == 0
    assert document["schema"] == "portero.check/2"
    assert set(document) >= {
        "id", "target", "kind", "vantage", "started_at", "elapsed_ms", "verdict", "summary", "recommended", "dns",
        "endpoints", "findings",
    }  # fmt: skip
    [endpoint] = document["endpoints"]
    assert (endpoint["address"], endpoint["port"], endpoint["state"]) == ("127.0.0.1", open_port, "open")
    assert set(endpoint) >= {"greeting", "extensions", "auth", "tls", "timings_ms", "findings", "transcript"}
    assert endpoint["transcript"][0]["from"] == "server"


async def test_a_transcript_shows_what_was_said(portero, open_port):
    _, out, _ = await portero("check", NAME, str(open_port), "--transcript")
    assert "C: EHLO probe.example" in out


async def test_bad_news_is_status_1(portero, closed_port):
    status, out, _ = await portero("check", NAME, str(closed_port))
    assert status == 1
    assert "refused" in out


async def test_without_ports_all_allowed_ones_are_checked(portero, open_port, closed_port):
    _, out, _ = await portero("check", NAME, "--json")
    assert {endpoint["port"] for endpoint in json.loads(out)["endpoints"]} == {open_port, closed_port}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["check"], "Which host?"),
        (["check", "help"], "Which host?"),
        (["check", NAME, "22"], "Port 22 is not checked here"),
        (["check", "not..a..host"], ""),
        (["check", NAME, "here"], "here"),
    ],
)
async def test_wrong_input_is_status_2(portero, argv, words):
    status, out, err = await portero(*argv)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize("argv", [["check", NAME, "--fast"], ["nonsense"], [], ["check", NAME, "--port", "x"]])
async def test_wrong_options_are_status_2(portero, argv):
    with pytest.raises(SystemExit) as ended:
        await portero(*argv)
    assert ended.value.code == 2


async def test_wrong_settings_are_status_2(portero, monkeypatch):
    monkeypatch.setenv("PORTERO_PORT", "x")
    monkeypatch.setenv("PORTERO_TYPO", "x")
    status, _, err = await portero("check", NAME)
    assert status == 2
    assert "PORTERO_PORT: " in err
    assert "PORTERO_TYPO" not in err  # whatever else is called so: only `run` is strict


async def test_a_history_that_cannot_be_written_does_not_cost_the_answer(portero, open_port, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "file" / "portero.db"))
    status, out, err = await portero("check", NAME, str(open_port))
    assert status == 0
    assert "PLAIN LOGIN" in out
    assert err.startswith("Not logged: ")


async def test_a_result_is_kept_for_whoever_is_logged_in_whatever_the_environment_says(portero, open_port, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    me = getpass.getuser()
    await portero("check", NAME, str(open_port))
    _, listed, err = await portero("history", "--by", me)
    assert (NAME in listed, err.count("Nothing")) == (True, 0)
    _, listed, _ = await portero("history", "by", "nobody-else")
    assert NAME not in listed


async def test_no_history_writes_none(portero, open_port, tmp_path):
    (tmp_path / "portero.db").unlink()
    await portero("check", NAME, str(open_port), "--no-history")
    assert not (tmp_path / "portero.db").exists()


async def test_it_does_not_import_slack(environ, open_port):
    program = (
        "import sys; from bot.cli import main; status = main(sys.argv[1:]);"
        "print(status, [name for name in sys.modules if name.startswith(('slack', 'prometheus', 'bot.demo'))])"
    )
    command = [sys.executable, "-c", program, "check", NAME, str(open_port)]
    run = await asyncio.to_thread(
        subprocess.run, command, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )
    assert run.stderr == f"A new history begins at {environ['PORTERO_DATABASE']}.\n"
    assert run.stdout.splitlines()[-1] == "0 []"


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert re.fullmatch(r"portero \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


async def test_a_deep_check_prints_the_tls_versions_and_is_judged_anew_from_its_file(portero, open_port, tmp_path):
    saved = str(tmp_path / "saved.json")
    status, out, err = await portero("check", NAME, str(open_port), "--deep", "--record", saved)
    assert (status, err) == (0, "")
    assert f"Port {open_port}: TLS 1.2, 1.3 accepted; 1.0, 1.1, SSL 3.0 refused." in out
    again = await portero("check", "--replay", saved, "--trust-record")
    assert again == (status, f"{out}{BROUGHT.format(0)}\n", "")


async def test_a_saved_check_that_is_trusted_is_judged_by_what_was_trusted_where_it_was_made(
    portero, open_port, tmp_path, monkeypatch
):
    saved, roots, none = str(tmp_path / "saved.json"), tmp_path / "roots.pem", tmp_path / "none.pem"
    roots.write_text(AUTHORITY.pem)
    none.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))
    told = await portero("check", NAME, str(open_port), "--record", saved)
    assert "not publicly trusted" not in told[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(none))
    assert (await portero("check", "--replay", saved, "--trust-record"))[1] == f"{told[1]}{BROUGHT.format(1)}\n"


async def test_the_roots_in_a_record_do_not_count_for_whoever_did_not_say_so(portero, open_port, tmp_path, monkeypatch):
    saved, roots, none = str(tmp_path / "saved.json"), tmp_path / "roots.pem", tmp_path / "none.pem"
    roots.write_text(AUTHORITY.pem)
    none.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))
    await portero("check", NAME, str(open_port), "--record", saved)
    monkeypatch.setenv("SSL_CERT_FILE", str(none))
    _, out, _ = await portero("check", "--replay", saved)
    assert "which is no trusted authority" in " ".join(out.split())
    assert out.endswith("the record's (1) do not count without --trust-record.\n")
    assert json.loads((await portero("check", "--replay", saved, "--json"))[1])["roots"] == "this machine"
    assert json.loads((await portero("check", "--replay", saved, "--json", "--trust-record"))[1])["roots"] == "record"


REFUSAL = b"554 5.7.1 no service for strangers\r\n"


@pytest.fixture
async def refusing(environ, monkeypatch):
    async with Peer((Send(REFUSAL), Close())) as peer:
        monkeypatch.setenv("PORTERO_PORTS", str(peer.address[1]))
        yield peer


async def test_a_port_that_refused_us_is_left_alone_in_the_terminal_too(portero, refusing):
    first = await portero("check", NAME, "--json")
    second = await portero("check", NAME, "--json")
    assert (first[:2], first[2]) == (second[:2], "")
    said = f"This is the result of .* ago: {NAME} refused us on port {refusing.address[1]}, which is left alone for "
    assert re.match(said, second[2])
    assert "--again connects all the same" in second[2]
    assert refusing.connections == 1


async def test_a_record_that_cannot_be_written_costs_no_answer(portero, open_port):
    status, out, err = await portero("check", NAME, str(open_port), "--record", "/dev/full")
    assert status == 2
    assert NAME in out
    assert err.endswith("/dev/full cannot be written: No space left on device.\n")


@pytest.mark.parametrize("option", ["--again", "--no-history"])
async def test_whoever_mended_the_server_can_look_at_once(portero, refusing, option):
    await portero("check", NAME)
    assert (await portero("check", NAME, option))[2] == ""
    assert refusing.connections == 2


async def test_what_is_not_connected_to_makes_no_record(portero, refusing, tmp_path):
    await portero("check", NAME)
    status, out, err = await portero("check", NAME, "--record", str(tmp_path / "saved.json"))
    assert (status, out) == (2, "")
    assert "--again" in err
    assert not (tmp_path / "saved.json").exists()


@pytest.mark.parametrize("argv", [["--network"], ["network"]])
async def test_our_own_network_is_looked_at_and_kept(portero, open_port, argv):
    status, out, err = await portero("check", *argv, str(open_port), "--json")
    document = json.loads(out)
    assert (status, err, document["schema"]) == (0, "", "portero.network/2")
    assert [(port["port"], port["state"]) for port in document["ports"]] == [(open_port, "unknown")]
    _, words, _ = await portero("check", *argv, str(open_port))
    assert f"{open_port}  unknown" in words
    _, listed, _ = await portero("history", "network")
    assert listed.count("Nothing can be said of our network") == 2


@pytest.fixture
def hosts(environ, open_port, closed_port, tmp_path, monkeypatch):
    """A file with three checks on three of its lines, and what cannot be read on two others."""
    monkeypatch.setattr(check_file, "PACE", Rate(1000, 1.0))
    file = tmp_path / "hosts.txt"
    lines = "# ours", "", f"{NAME} {open_port}  # submission", f"{NAME},{closed_port}", f"{NAME}:{open_port}/tls"
    file.write_text("\n".join([*lines, "nosuch.lab.example", f"{NAME} depe", "network"]))
    return file


def typed_hosts(open_port, closed_port):
    return [f"{NAME} {open_port}", f"{NAME} {closed_port}", "nosuch.lab.example"]


async def test_the_hosts_of_a_file_are_one_table_and_lines_that_name_none_say_what_to_write(
    portero, hosts, open_port, closed_port
):
    status, out, err = await portero("check", "--file", str(hosts))
    first, *table = out.splitlines()
    assert (status, first) == (
        1,
        f"1 of 3 hosts work. Not usable: {NAME} {closed_port}, nosuch.lab.example. With faults: {NAME} {open_port}.",
    )
    assert [re.split("  +", line) for line in table[:4]] == [
        ["Host", "Result", "Ports"],
        [f"{NAME} {open_port}", "! with faults", f"✓ {open_port}"],
        [f"{NAME} {closed_port}", "✗ not usable", f"✗ {closed_port} refused"],
        ["nosuch.lab.example", "✗ not usable", "nosuch.lab.example does not exist in DNS: check the spelling."],
    ]
    assert err.splitlines() == [
        f"{hosts}, line 7: `depe` is not a word that I know.",
        f"  Write instead: {NAME} deep",
        f"{hosts}, line 8: Our own network is not a host.",
        "  portero check --network",
    ]
    _, kept, _ = await portero("history", "--format", "jsonl")
    assert len(kept.splitlines()) == 3


@pytest.mark.parametrize("form", ["json", *check.OF_FILES])
async def test_the_hosts_of_a_file_are_printed_as_the_history_is(portero, hosts, form, open_port, closed_port):
    assert {"json", *check.OF_FILES} == set(WRITERS)
    hosts.write_text("\n".join(typed_hosts(open_port, closed_port)))
    status, out, err = await portero("check", "--file", str(hosts), "--format", form, "--at-once", "1")
    rows = {
        "csv": lambda: list(csv.DictReader(io.StringIO(out))),
        "json": lambda: json.loads(out)["results"],
        "jsonl": lambda: list(map(json.loads, out.splitlines())),
    }[form]()
    assert (status, err) == (1, "")
    assert [row["target"] for row in rows] == [NAME, NAME, "nosuch.lab.example"]
    if form != "csv":
        assert [row["asked"] for row in rows] == typed_hosts(open_port, closed_port)


async def test_what_stands_in_the_output_is_not_checked_again(portero, hosts, open_port, closed_port, tmp_path):
    seen = tmp_path / "results.jsonl"
    command = "check", "--file", str(hosts), "--output", str(seen)
    hosts.write_text(f"{NAME} {open_port}")
    assert (await portero(*command))[::2] == (0, "")
    (first,) = seen.read_text().splitlines()
    seen.write_text(f'{first}\n{{"asked": "nosuch.lab.ex')  # as a killed one leaves it
    hosts.write_text("\n".join(typed_hosts(open_port, closed_port)))
    status, out, err = await portero(*command)
    assert (status, err) == (1, f"{seen} has 1 of 3 checks already.\n")
    assert out.startswith("1 of 3 hosts work.")
    assert seen.read_text().splitlines()[0] == first
    asked = [json.loads(line)["asked"] for line in seen.read_text().splitlines()]
    assert sorted(asked) == sorted(typed_hosts(open_port, closed_port))
    with seen.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert await portero(*command) == (
            2,
            "",
            f"{seen}: another process writes to it.\n  Let it end, or name another file.\n",
        )
    for other in ("{}", "[1", first.replace('"started_at": "', '"started_at": "x')):
        seen.write_text(f"{other}\n")
        status, _, err = await portero(*command)
        said = f"{seen}, line 1: this is not a result of `portero check --file`."
        assert (status, err.splitlines()[0], seen.read_text()) == (2, said, f"{other}\n")


class Silence:
    """A script's step that says that it has begun, and ends with the peer."""

    def __init__(self):
        self.begun = asyncio.Event()

    async def play(self, _wire):
        self.begun.set()
        await asyncio.Event().wait()


async def test_who_stops_a_file_has_what_was_heard_and_is_told_how_to_go_on(portero, hosts, open_port, environ):
    silence = Silence()
    async with Peer((silence,)) as silent:
        ports = f"{open_port},{silent.address[1]}"
        hosts.write_text(f"{NAME} {open_port}\n{NAME} {silent.address[1]}")
        options = "--at-once", "1", "--output", f"{hosts}.jsonl"
        command = sys.executable, "-m", "bot", "check", "--file", str(hosts), *options
        running = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, "PORTERO_PORTS": ports}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        await silence.begun.wait()
        running.send_signal(signal.SIGINT)
        out, err = await running.communicate()
    assert running.returncode == 130
    assert f"{NAME} {open_port}  ! with faults" in out.decode()
    assert err.decode().splitlines()[-2:] == ["Stopped: 1 of 2 checks done.", "  Go on with the same command."]


async def test_a_file_of_which_no_host_can_be_checked_from_where_it_was_asked_for_is_status_2(
    portero, hosts, open_port
):
    hosts.write_text(f"{NAME} {open_port}")
    said = "PORTERO_NATS is not set, so no other machine can be asked.\n  Leave --from out.\n"
    assert await portero("check", "--file", str(hosts), "--from", "mta-03") == (2, "", said)
    hosts.write_text(f"{NAME} {open_port}\n{NAME} {open_port} from mta-03")
    status, out, err = await portero("check", "--file", str(hosts))
    assert (status, err) == (1, "")
    assert f"Not checked: {NAME} {open_port} from mta-03." in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--file", "/nowhere/hosts.txt"], "/nowhere/hosts.txt: No such file or directory."),
        (["--file", os.devnull], f"{os.devnull}: it is no regular file."),
        (["mail.example.com", "--file", "-"], "The file names the hosts: leave mail.example.com out."),
        (["--file", "-", "--record", "x"], "--record is for one host."),
        (["--file", "-", "--output", "x", "--json"], "leave json out."),
        (["--file", __file__, "--from", "all"], "From all places one host is checked at a time."),
        (["mail.example.com", "--format", "csv"], "csv goes with --file."),
    ],
)
async def test_what_does_not_go_with_a_file_is_status_2(portero, argv, words):
    status, out, err = await portero("check", *argv)
    assert (status, out) == (2, "")
    assert words in err
