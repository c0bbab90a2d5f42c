"""The JSON of a check: exactly the shape of schema portero.check/2, whatever was seen."""

import json

import pytest

from bot.demo.lab.hosts import HOSTS
from bot.demo.lab.quirk import BANNER, HOST
from bot.demo.lab.scripts import dialogue, reply, well_behaved
from bot.demo.lab.steps import Close, Send
from commands.smtpcheck.stored.document import TRANSCRIPT_LINES, timestamp, transcript
from tests.smtpcheck.labs import AT, checked, in_words, probing
from tests.smtpcheck.speaking import STAGE, report_on

CHECK = (
    "schema", "id", "target", "kind", "vantage", "started_at", "elapsed_ms", "verdict", "summary", "recommended", "dns",
    "endpoints", "findings",
)  # fmt: skip
DNS = ("mx", "null_mx", "addresses", "findings")
ENDPOINT = (
    "host", "address", "port", "state", "greeting", "extensions", "auth", "tls", "timings_ms", "findings", "transcript",
)  # fmt: skip
TLS = ("mode", "state", "version", "cipher", "certificate")
CERTIFICATE = (
    "subject", "issuer", "names", "not_before", "not_after", "days_left", "key", "sha256", "trusted", "name_matches",
)  # fmt: skip
TIMINGS = {"connect", "greeting", "ehlo", "helo", "starttls", "tls", "ehlo_after_tls"}
FAST = [host for host in HOSTS if host.name != "slow.lab.example"]


async def documents(*names, **how):
    async with probing(**how) as (_, prober):
        return [in_words(await checked(prober, name)) for name in names]


@pytest.fixture
async def healthy():
    return (await documents("mail.lab.example"))[0]


def assert_shape(document):
    assert set(CHECK) <= set(document)
    assert set(DNS) <= set(document["dns"])
    for endpoint in document["endpoints"]:
        assert set(ENDPOINT) <= set(endpoint)
        assert set(endpoint["extensions"]) == set(endpoint["auth"]) == {"before_tls", "after_tls"}
        assert set(endpoint["timings_ms"]) <= TIMINGS
        assert endpoint["tls"] is None or set(TLS) <= set(endpoint["tls"])
        assert not (endpoint["tls"] or {}).get("certificate") or set(CERTIFICATE) <= set(endpoint["tls"]["certificate"])
        assert endpoint["greeting"] is None or set(endpoint["greeting"]) == {"code", "text", "delay_ms"}
        assert all(set(line) == {"at_ms", "from", "text"} for line in endpoint["transcript"])
        assert all({"code", "severity", "message"} <= set(finding) for finding in endpoint["findings"])


async def test_the_document_of_a_healthy_host_has_the_schemas_keys_and_nothing_but(healthy):
    assert tuple(healthy) == CHECK
    assert tuple(healthy["dns"]) == DNS
    assert healthy["schema"] == "portero.check/2"
    assert healthy["started_at"].endswith("Z")
    for endpoint in healthy["endpoints"]:
        assert tuple(endpoint) == ENDPOINT
        assert tuple(endpoint["tls"]) == TLS
        assert tuple(endpoint["tls"]["certificate"]) == CERTIFICATE


async def test_every_lab_host_has_a_document_that_json_keeps():
    for document in await documents(*(host.name for host in FAST), "lab.example", "null.lab.example", "no.lab.example"):
        assert_shape(document)
        assert json.loads(json.dumps(document)) == document


async def test_what_a_healthy_host_offers_stands_where_it_was_offered(healthy):
    by_port = {endpoint["port"]: endpoint for endpoint in healthy["endpoints"]}
    assert "STARTTLS" in by_port[587]["extensions"]["before_tls"]
    assert by_port[587]["auth"] == {"before_tls": [], "after_tls": ["PLAIN", "LOGIN"]}
    assert by_port[465]["extensions"]["before_tls"] == []
    assert [by_port[port]["tls"]["mode"] for port in (25, 465)] == ["starttls", "implicit"]
    assert by_port[25]["greeting"]["text"] == "mail.lab.example ESMTP lab"


async def test_the_times_of_the_steps_are_those_of_a_session(healthy):
    starttls, implicit = healthy["endpoints"][0]["timings_ms"], healthy["endpoints"][1]["timings_ms"]
    assert list(starttls) == ["connect", "greeting", "ehlo", "starttls", "tls", "ehlo_after_tls"]
    assert list(implicit) == ["connect", "tls", "greeting", "ehlo"]
    assert all(0 <= value < 5000 for value in (*starttls.values(), *implicit.values()))


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
async def test_the_transcript_has_every_line_of_both_sides_in_order(mode):
    script = well_behaved(HOST, context=STAGE.context, implicit=mode == "implicit")
    lines = transcript((await report_on(script, port=465 if mode == "implicit" else 25)).record)
    said = [(line["from"], line["text"].split()[0]) for line in lines]
    hello = [("client", "EHLO"), *[("server", f"250-{HOST}")]]
    assert said[0] == ("server", "220")
    assert said[1:3] == hello
    assert (("client", "STARTTLS") in said) == (mode == "starttls")
    assert [line["at_ms"] for line in lines] == sorted(line["at_ms"] for line in lines)


async def test_hostile_bytes_are_cleaned_and_bounded():
    hostile = b"220 x \x1b[31m\x00\x07 \xff\xfe " + b"y" * 3000 + b"\r\n"
    endpoint = (await report_on((Send(hostile), Close()))).record
    (line, *_) = transcript(endpoint)
    assert line["text"].startswith("220 x ")
    assert line["text"].isprintable()
    assert len(line["text"]) <= 300


async def test_a_long_session_is_cut_to_a_screenful():
    many = reply(250, "mail.example.com", *(f"X{n}" for n in range(500)))
    report = await report_on(dialogue({"EHLO": many}, banner=BANNER))
    assert len(transcript(report.record)) == TRANSCRIPT_LINES


def test_moments_are_written_in_utc_to_the_second():
    assert timestamp(AT) == "2026-11-24T10:00:00Z"


@pytest.mark.parametrize(
    ("target", "ports", "words"),
    [
        ("mail.lab.example", (25, 465, 587, 2525), "mail.lab.example works. Use port 465 with implicit TLS"),
        ("mail.lab.example", (25,), "mail.lab.example works. Port 25 answers other mail servers (STARTTLS)."),
        ("lab.example", (25, 587), "Use port 587 on mail.lab.example with STARTTLS"),
        ("busy.lab.example", (25, 587), "busy.lab.example could not be judged. 25, 587: turned away."),
        (
            "null.lab.example",
            (25,),
            "null.lab.example declares that it receives no mail",
        ),
        ("nosuch.lab.example", (25,), "nosuch.lab.example does not exist in DNS"),
        (
            "expired.lab.example",
            (587,),
            "Use port 587 with STARTTLS: nothing better answers",
        ),
    ],
)
async def test_the_summary_says_the_host_how_it_is_and_what_to_do(target, ports, words):
    async with probing() as (_, prober):
        assert words in in_words(await checked(prober, target, ports))["summary"]
