"""`/probe`: what Prometheus gets, whom it is for, and that its limits are those of people."""

import shutil
import subprocess
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.observability.probe_metrics import probe_page
from bot.operations.probe_page import ProbePage
from bot.rate_limits import PER_USER
from bot.slack.tasks import Tasks
from bot.slack.transports.http_server import Server
from storage.history import OPERATOR, Query

TOKEN = "zanahoria-zanahoria-zanahoria"


@asynccontextmanager
async def served(services, *, token="", has_proxy=False):
    """Asks the page for a query: status, text, and the samples by their names."""
    tasks = Tasks()
    page = ProbePage(services, token, has_proxy, tasks.start, lambda: "T1")
    server = Server(app=None, http_events=False, probe=page.show)
    async with server.listening("127.0.0.1", 0) as url, ClientSession() as session:

        async def ask(query, **headers):
            async with session.get(f"{url}/probe?{query}", headers=headers) as answer:
                text = await answer.text()
                found = list(text_string_to_metric_families(text)) if answer.status == 200 else ()
                return answer.status, text, {one.name: one for family in found for one in family.samples}

        assert (await ask("target=mail.lab.example"))[0] == 503  # nobody knows yet whose history it goes to
        server.open()
        yield ask
        await tasks.idle()


REFUSED = {
    "": "Target parameter is missing. /probe?target=mail.example.com&port=587",
    "target=": "Target parameter is missing.",
    "target=help": "Target parameter is missing.",
    "target=mail": "mail is not a full name",
    "target=mail.lab.example&prot=25": "Parameters are target, port and from.",
    "target=mail.lab.example&module=smtp": "Parameters are target, port and from.",
    "target=mail.lab.example&port=22": "Port 22 is not checked here",
    "target=mail.lab.example&port=smpt": "smpt is not a port",
    "target=mail.lab.example+here": "here is not a port or a word that I know. Behind the target stand ports",
    "target=mail.lab.example&target=mx.lab.example": "One target at a time.",
    "target=mail.lab.example&from=mta-03": "Portero checks from its own machine alone",
    "target=mail.lab.example&from=all": "A probe is from one place.",
    "target=%1b%5b31m%ff": "",
}


async def test_a_check_is_told_as_blackbox_does_and_is_what_people_ask_for(lab, caplog):
    caplog.set_level("INFO")
    async with served(lab) as ask:
        for query, words in REFUSED.items():
            status, text, _ = await ask(query)
            text = text.replace("`", "")
            assert (status, text[: len(words)]) == (400, words), query
            assert "\x1b" not in text
        _, text, sound = await ask("target=mail.lab.example&port=587")
        assert (sound["probe_success"].value, sound["portero_probe_port_up"].value) == (1, 1)
        place = {"host": "mail.lab.example", "address": "198.51.100.25", "port": "587"}
        assert sound["portero_probe_port_state"].labels == {**place, "state": "open", "side": "nobody"}
        assert sound["probe_ssl_earliest_cert_expiry"].value > sound["portero_probe_timestamp_seconds"].value
        assert 0 < sound["probe_duration_seconds"].value < 60
        linted(text)
        assert (await ask("target=mail.lab.example&port=587"))[1] == text  # it is left alone for a minute
        expired = (await ask("target=expired.lab.example:465"))[2]
        assert (expired["probe_success"].value, expired["portero_probe_port_up"].value) == (0, 0)
        inside = (await ask("target=10.0.0.5&port=25"))[2]
        assert "probe_success" not in inside
        rows = await lab.history.entries(Query(OPERATOR))
        assert [(row.actor, row.team, row.surface) for row in rows] == [("probe", "T1", "probe")] * 3
        for _ in range(PER_USER.times - 4):
            assert (await ask("target=mail.lab.example&port=587"))[0] == 200
        assert (await ask("target=mail.lab.example&port=587"))[:2] == (
            429,
            "These were a lot of probes within a minute. Scrape less often.",
        )
    assert caplog.text.count("/smtpcheck (probe) by probe in -: answered") == PER_USER.times
    assert "lab.example" not in caplog.text


def linted(text):
    if promtool := shutil.which("promtool"):
        done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_a_page_in_a_browser_of_this_machine_asks_in_vain(services):
    hosts = {
        "127.0.0.1:3000": 400,
        "localhost": 400,
        "[::1]:3000": 400,
        "evil.example:3000": 403,
        "127.0.0.1.evil": 403,
        "[": 403,
    }
    async with served(services) as ask:
        assert {host: (await ask("", Host=host))[0] for host in hosts} == hosts


@pytest.mark.parametrize(
    ("has_proxy", "token", "sent", "status"),
    [
        (False, "", "", 400),
        (True, "", "", 403),
        (True, "", f"Bearer {TOKEN}", 403),
        (False, TOKEN, "", 401),
        (False, TOKEN, "Bearer guess", 401),
        (False, TOKEN, f"Basic {TOKEN}", 401),
        (True, TOKEN, f"Bearer {TOKEN}", 400),
    ],
)
async def test_it_is_for_whoever_has_the_token_or_for_this_machine(services, caplog, has_proxy, token, sent, status):
    async with served(services, token=token, has_proxy=has_proxy) as ask:
        answered, text, _ = await ask("", **({"Authorization": sent} if sent else {}))
        assert answered == status
        assert TOKEN not in text + caplog.text


def endpoint(state, *codes, tls=None, port=25):
    """A stored one, as far as it is told."""
    findings = [{"code": code, "severity": "warning", "params": {}} for code in codes]
    place = {"host": 'mx".example\n', "address": "192.0.2.1", "port": port}
    return {**place, "state": state, "tls": tls, "findings": findings, "timings_ms": {"connect": 1.5}}


SUCCESS = {
    "1.0": ("degraded", endpoint("open", tls={"mode": "starttls", "state": "ok"}), endpoint("refused", port=587)),
    "0.0": ("failed", endpoint("refused")),
    "0.0 ": ("failed",),
    "0.0  ": ("failed", endpoint("no_answer", "no_answer_target")),
    "": ("unknown", endpoint("rate_limited")),
    " ": ("blocked_here", endpoint("blocked_here")),
    "  ": ("unknown", endpoint("no_answer")),
    "   ": ("unknown",),
}
"""`probe_success`, or that it is left out; the verdict and the endpoints."""


@pytest.mark.parametrize("told", SUCCESS)
def test_what_was_not_seen_is_no_failure(told):
    verdict, *endpoints = SUCCESS[told]
    page = probe_page(
        {"verdict": verdict, "started_at": "2026-11-24T10:00:00Z", "elapsed_ms": 12.0, "endpoints": endpoints}
    ).decode()
    success = [line.split()[1] for line in page.splitlines() if line.startswith("probe_success ")]
    assert success == told.split()
    assert f'portero_probe_verdict{{verdict="{verdict}"}} 1.0' in page
    assert all(r'host="mx\".example\n"' in line for line in page.splitlines() if line.startswith("portero_probe_port"))
