"""Too few files may be open: a sentence and exit status 2. The limits are the kernel's own, on a process of its own."""

import asyncio
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from bot.console.process import FEWEST, TOO_FEW

CHECK = ("check", "127.0.0.1", "--no-history")
SAID = f"{TOO_FEW.message}\n  {TOO_FEW.hint}\n"


PORTERO = (sys.executable, "-m", "bot.cli")
ENVIRONMENT = {"PORTERO_ALLOW_NETWORKS": "127.0.0.0/8", "PORTERO_NAMESERVERS": "127.0.0.1:9"}


def portero(limit, *words, **environment):
    return subprocess.run(
        [*PORTERO, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**ENVIRONMENT, **environment},
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_NOFILE, (limit, limit)),
    )


@pytest.mark.parametrize("limit", [6, 12, FEWEST])
def test_a_check_that_may_open_too_few_files_says_so_before_it_begins(limit):
    done = portero(limit, *CHECK)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", SAID)


def test_what_opens_the_history_says_so_too(tmp_path):
    done = portero(16, "history", PORTERO_DATABASE=str(tmp_path / "portero.db"))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2


class Shortening(asyncio.DatagramProtocol):
    """A name server that knows one address; once it is asked, whoever asks may open nothing more."""

    def __init__(self):
        self.asker = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        if self.asker is None:  # it asks again
            return
        soft, hard = resource.prlimit(self.asker, resource.RLIMIT_NOFILE)
        resource.prlimit(self.asker, resource.RLIMIT_NOFILE, (min(soft, number_of(self.asker, sender[1])), hard))
        answer = dns.message.make_response(dns.message.from_wire(data))
        [question] = answer.question
        if question.rdtype == dns.rdatatype.A:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", "127.0.0.1"))
        self.transport.sendto(answer.to_wire(), sender)


def number_of(process, udp_port):
    """The descriptor of the socket that a process asks from: the ones below it stay in use."""
    rows = [row.split() for row in Path("/proc/net/udp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if int(row[1].rpartition(":")[2], 16) == udp_port)
    links = Path(f"/proc/{process}/fd").iterdir()
    return next(int(link.name) for link in links if str(link.readlink()) == f"socket:[{inode}]")


async def test_a_check_that_runs_out_of_files_on_its_way_says_so():
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(Shortening, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    process = await asyncio.create_subprocess_exec(
        *PORTERO,
        *("check", "mail.lab.example", "--no-history"),
        env={**ENVIRONMENT, "PORTERO_NAMESERVERS": f"127.0.0.1:{port}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    server.asker = process.pid
    out, err = await process.communicate()
    transport.close()
    assert (process.returncode, out.decode(), err.decode()) == (2, "", SAID)
