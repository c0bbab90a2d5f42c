"""A record of a stranger: read when it fits the schema, else refused with the place that does not and why."""

import base64
import copy
import json

import pytest

from commands.smtpcheck.policy.mail_policy import CODES as POLICY
from commands.smtpcheck.record_file.reader import MOST_BYTES, read_record
from commands.smtpcheck.record_file.schema import DNS_CODES
from commands.smtpcheck.record_file.shapes import RecordError
from commands.smtpcheck.record_file.writer import save
from commands.smtpcheck.result.findings import Code, row_of
from commands.smtpcheck.result.sentences.choice import shown
from tests import moving
from tests.every import every
from tests.smtpcheck.labs import checked, probing
from tests.smtpcheck.saving import content


@pytest.fixture(scope="module")
def sound():
    """A saved check of a domain with two ports, as it stands in a file."""

    async def made():
        async with probing() as (_, prober):
            check = await checked(prober, "lab.example", (25, 587))
            return json.loads(content(save(check, store=prober.store)))

    return moving.run(made())


def changed(document, *path, to):
    """The document with another value at this place."""
    document = copy.deepcopy(document)
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = to
    return document


def refusal(data, **asked):
    with pytest.raises(RecordError) as refused:
        read_record(data if isinstance(data, bytes) else content(data), **asked)
    return refused.value.message


B64 = base64.b64encode(b"x" * 70_000).decode()
FIRST = ("records", 0)
ENDLESS = "schema: a number without end is no schema that this version of Portero knows."
WRONG = [
    (("schema",), "portero.record/9", "schema: 'portero.record/9' is no schema that this version of Portero knows."),
    (("schema",), None, "schema: null is no schema that this version of Portero knows."),
    (("id",), "../x", "id: '../x' is no id."),
    (("target",), "a\x1b[31mb", "target: 'ab' holds characters that cannot be shown."),
    (("target",), "a\nb", "target: 'a b' holds characters that cannot be shown."),
    (("target",), "a" * 256, "target: 256 characters are more than the 255 that may stand here."),
    (("started_at",), "2026-11-24T10:00:00", "started_at: '2026-11-24T10:00:00' is no time of a check, such as"),
    (("started_at",), "0001-01-01T00:00:00+00:00", "started_at: '0001-01-01T00:00:00+00:00' is no time of a check"),
    (("elapsed_ms",), -1, "elapsed_ms: -1 is no number of milliseconds of a check."),
    (("elapsed_ms",), True, "elapsed_ms: true is no number"),
    (("elapsed_ms",), float("nan"), "elapsed_ms: a number without end is no number"),
    (("elapsed_ms",), float("inf"), "elapsed_ms: a number without end is no number"),
    (("elapsed_ms",), 10**400, "elapsed_ms: a number without end is no number"),
    (("dns", "kind"), "planet", "dns.kind: 'planet' is no kind of target that this version of Portero knows."),
    (("dns", "mx", 0), [10], "dns.mx[0]: a list is no list of 2."),
    (("dns", "mx", 0, 0), "10", "dns.mx[0][0]: '10' is no preference."),
    (("dns", "hosts", 0, "addresses"), ["localhost"], "dns.hosts[0].addresses[0]: 'localhost' is no address."),
    (("dns", "findings"), [["made_up", {}]], "dns.findings[0][0]: 'made_up' is no code that this version"),
    (("dns", "findings"), [["dns_loop", {"x": 1}]], "dns.findings[0][1].x: this version of Portero knows nothing"),
    (("dns", "null_mx"), 1, "dns.null_mx: 1 is neither true nor false."),
    (("policy",), [["cert_expired", {}]], "policy[0][0]: 'cert_expired' is no code"),
    (("policy",), [["mta_sts_enforce", {"days": "7"}]], "policy[0][1].days: '7' is no number."),
    (("denied",), [{"host": "a.example", "reason": "x"}], "denied[0].reason: 'x' is no reason that"),
    (("controls",), {"99999": []}, "controls: 99999 is no port."),
    (("controls",), {"025": []}, "controls: '025' is no port."),
    (("controls",), {"25": [{}]}, "controls.25[0]: host is missing."),
    (("records",), {}, "records: an object is no list."),
    (("records",), [None] * 25, "records: 25 are more than the 24 that may stand here."),
    ((*FIRST, "port"), 70_000, "records[0].port: 70000 is no port."),
    ((*FIRST, "port"), 25.5, "records[0].port: 25.5 is no port."),
    ((*FIRST, "address"), "fe80::1%\x1b[31m", "records[0].address: 'fe80::1%' is no address."),
    ((*FIRST, "mode"), "telepathy", "records[0].mode: 'telepathy' is no TLS mode that"),
    ((*FIRST, "mode"), ["starttls"], "records[0].mode: a list is no TLS mode that"),
    ((*FIRST, "connect"), "lost", "records[0].connect: 'lost' is no outcome of a connect that"),
    ((*FIRST, "extra"), 1, "records[0].extra: this version of Portero knows nothing of that name."),
    ((*FIRST, "a\x1b[31m"), 1, "records[0].a: this version of Portero knows nothing of that name."),
    ((*FIRST, "\x1b[31m"), 1, "records[0].'\\x1b[31m': this version of Portero knows nothing of that name."),
    ((*FIRST, "steps", 0, "name"), "rcpt", "records[0].steps[0].name: 'rcpt' is no step that"),
    ((*FIRST, "steps", 0, "code"), 2200, "records[0].steps[0].code: 2200 is no reply code."),
    ((*FIRST, "steps", 0, "text"), "x" * 8001, "records[0].steps[0].text: 8,001 characters are more than the 8,000"),
    ((*FIRST, "chunks", 0, "data"), "", "records[0].chunks[0].data: 0 bytes are not 1 to 65,536."),
    ((*FIRST, "chunks", 0, "data"), "%%%", "records[0].chunks[0].data: '%%%' is no base64."),
    ((*FIRST, "chunks", 0, "data"), "\u00e9", "records[0].chunks[0].data: '\u00e9' is no base64."),
    ((*FIRST, "chunks", 0, "data"), B64, "records[0].chunks[0].data: 70,000 bytes are not 1 to 65,536."),
    ((*FIRST, "handshake"), [], "records[0].handshake: a list is no object."),
    ((*FIRST, "handshake", "version"), "TLSv9", "records[0].handshake.version: 'TLSv9' is no TLS version that"),
    (("roots",), 7, "roots: 7 is no list."),
    (("roots",), ["%"], "roots[0]: '%' is no base64."),
    (("further",), {"offerable": ["SSLv2"], "records": []}, "further.offerable[0]: 'SSLv2' is no TLS version that"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "words"), WRONG, ids=[f"{row[0][-1]} {row[1]!r:.20}" for row in WRONG])
def test_what_does_not_fit_is_refused_with_its_place(sound, path, value, words):
    assert refusal(changed(sound, *path, to=value)).startswith(words)


def test_a_sound_record_is_read_whole(sound):
    saved = read_record(content(sound), ports_asked={25, 587}, endpoints_asked=6)
    assert [record.port for record in saved.records] == [one["port"] for one in sound["records"]]
    assert saved.facts.dns.mx[0][1] == "mail.lab.example"
    assert len(saved.roots) == 1


@pytest.mark.parametrize("name", ["id", "dns", "records", "started_at", "controls", "denied"])
def test_what_is_missing_is_named(sound, name):
    left = {key: value for key, value in sound.items() if key != name}
    assert refusal(left) == f"{name} is missing."


@pytest.mark.parametrize("other", [{}, [], None, 7, "x", {"records": []}])
def test_what_is_no_saved_check_is_refused_with_how_to_make_one(other):
    with pytest.raises(RecordError, match="not a saved check") as refused:
        read_record(content(other))
    assert refused.value.hint == "Make one with: portero check HOST --record FILE"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1: from here on it is no JSON."),
        (b'{"schema":\n\n1 2}', "line 3, column 3: from here on it is no JSON."),
        (b"[" * 200_000, "Its lists and objects stand too deep in each other."),
        (b'{"a":' * 100_000, "Its lists and objects stand too deep in each other."),
        (b'{"schema"' + b" " * MOST_BYTES, "It is larger than 1 MiB, which no record is."),
        ('{"schema": 1}'.encode("utf-16"), "byte 0: this is no UTF-8, which JSON is written in."),
        (b'{"schema": "portero.record/1", "id": "\xff"}', "byte 38: this is no UTF-8, which JSON is written in."),
        (b'{"schema": 1, "schema": "portero.record/1"}', "schema: this stands there twice."),
        (
            b'{"schema": ' + b"9" * 10_000 + b"}",
            ENDLESS,
        ),
        (b'{"schema": 1e999}', ENDLESS),
        (b'{"schema": NaN}', ENDLESS),
    ],
    ids=range(11),
)
def test_what_is_no_json_or_two_readers_would_read_as_two_things_is_refused(data, words):
    assert refusal(data) == words


def test_a_member_that_stands_there_twice_deep_inside_is_refused_with_its_place(sound):
    text = content(sound).replace(b'"port": 25,', b'"port": 25, "port": 587,', 1)
    assert refusal(text) == "records[0].port: this stands there twice."


def test_a_byte_order_mark_does_no_harm(sound):
    assert read_record(b"\xef\xbb\xbf" + content(sound)).facts.id == sound["id"]


def test_a_port_that_was_not_asked_for_is_refused(sound):
    last = len(sound["records"]) - 1
    assert refusal(sound, ports_asked={25}) == "records[1].port: port 587 was not asked for."
    control = changed(sound, "controls", to={"2525": []})
    assert refusal(control, ports_asked={25, 587}) == "controls.2525: port 2525 was not asked for."
    further = changed(sound, "further", to={"offerable": [], "records": [{**sound["records"][last], "port": 465}]})
    assert refusal(further, ports_asked={25, 587}) == "further.records[0].port: port 465 was not asked for."


def test_more_connections_than_were_asked_for_are_refused(sound):
    assert refusal(sound, endpoints_asked=1) == "records: 3 connections are more than the 1 that were asked for."
    six = {"offerable": [], "records": [sound["records"][0]] * 22}
    assert refusal(changed(sound, "further", to=six)).startswith("records: 25 connections are more than the 24")


def test_one_endpoint_has_one_record(sound):
    twice = changed(sound, "records", to=[sound["records"][0]] * 2)
    assert refusal(twice) == "records[1]: port 25 of this host and address stands there twice."


ABOUT_ENDPOINTS = {"mx_not_probed", "mx_not_public", *POLICY}


def test_every_finding_on_dns_that_has_a_sentence_may_stand_in_a_record():
    told = {code for code in Code if code.startswith(("dns_", "mx_"))} - ABOUT_ENDPOINTS
    assert told <= DNS_CODES


@every(sorted(POLICY))
def test_every_parameter_that_a_sentence_on_policy_quotes_may_stand_in_a_record(code):
    assert shown(code) <= row_of(code).params.keys()


def test_of_a_later_version_what_is_known_is_read_and_nothing_that_is_wrong_is_forgiven(sound):
    later = changed(sound, "weather", to={"deep": [[1]]})
    for path in (("dns",), ("dns", "hosts", 0), FIRST, (*FIRST, "steps", 0), (*FIRST, "chunks", 0)):
        later = changed(later, *path, "of_later", to=[{"a": 1}])
    later["experiments"] = [{**sound["records"][0], "purpose": "of_later"}]
    read = read_record(content(later), may_be_later=True)
    assert read == read_record(content({**sound, "experiments": []}))
    assert refusal(later).endswith("this version of Portero knows nothing of that name.")
    for path, to in (
        (("elapsed_ms",), -1),
        (("schema",), "portero.record/9"),
        (("records",), [None] * 25),
        ((*FIRST, "purpose"), "of_later"),
        ((*FIRST, "steps"), [1]),
        (("experiments",), [None]),
        (("further",), {"records": 1}),
    ):
        assert refusal(changed(later, *path, to=to), may_be_later=True)
    twice = content(later).replace(b'"weather"', b'"id": "x", "weather"')
    assert "this stands there twice" in refusal(twice, may_be_later=True)
