"""A check in the terminal: all of it, and nothing that a server could do to the terminal."""

import io
import re

from rich.console import Console

from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.view.terminal import show
from tests.smtpcheck.labs import checked, in_words, probing


async def shown(name, *ports, transcripts=False, colour=False, width=200):
    async with probing() as (_, prober):
        document = to_document(await checked(prober, name, ports or (25, 465, 587, 2525)))
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    show(document, console, transcripts=transcripts)
    return out.getvalue()


async def test_verdict_ports_and_findings_are_printed():
    text = await shown("expired.lab.example")
    assert text.startswith("expired.lab.example works, with faults.")
    assert re.search(r"^! 465 +open +1.3 +expired +PLAIN LOGIN +\d+ ms$", text, re.MULTILINE)
    assert re.search(r"^ *error 25, 465, 587, 2525: The certificate expired \d+ days ago", text, re.MULTILINE)
    assert text.index("error 25") < text.index(" info ")


async def test_a_sentence_that_names_its_port_is_not_headed_by_it_again():
    assert re.search(r"^warning Port 25 offers no STARTTLS", await shown("plain.lab.example", 25), re.MULTILINE)


async def test_in_a_pipe_every_sentence_is_one_line_without_padding():
    lines = (await shown("expired.lab.example", width=10_000, transcripts=True)).splitlines()
    assert all(line == line.rstrip() for line in lines)
    assert sum("The certificate expired" in line for line in lines) == 1


async def test_what_several_ports_have_in_common_is_said_once_with_its_ports():
    text = await shown("plain.lab.example")
    assert text.count("refuses connections") == 1
    assert "The same on 2525." in text


async def test_the_transcript_is_printed_when_it_is_asked_for():
    assert "S: 220 mail.lab.example ESMTP lab" in await shown("mail.lab.example", 25, transcripts=True)
    assert "S: 220" not in await shown("mail.lab.example", 25)


async def test_a_servers_terminal_codes_do_not_reach_the_terminal():
    text = await shown("hostile.lab.example", 25, transcripts=True)
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "<!channel>" in text or "!channel" in text


async def test_there_is_colour_on_a_terminal_alone():
    assert "\x1b[" in await shown("mail.lab.example", 25, colour=True)
    assert "\x1b[" not in await shown("mail.lab.example", 25)


async def test_a_name_that_does_not_exist_needs_no_table():
    text = await shown("nosuch.lab.example")
    assert "does not exist in DNS" in text
    assert "Port" not in text


async def test_what_the_first_line_says_is_not_said_again():
    async with probing() as (_, prober):
        document = to_document(await checked(prober, "masked.lab.example", (25,)))
    said = {"code": "srv_denied", "params": {"name": "example.com", "service": "_submission._tcp"}}
    document["summary"].append(said)
    document["endpoints"][0]["findings"] = [{**said, "severity": "notice"}]
    out = io.StringIO()
    show(document, Console(file=out, width=200))
    assert out.getvalue().count("offers no _submission._tcp") == 1


async def test_a_result_of_the_first_schema_is_shown_in_the_words_of_its_time():
    async with probing() as (_, prober):
        document = in_words(await checked(prober, "masked.lab.example", (25,)))
    said = "Something of port 25 that is in the first line, too."
    document["schema"], document["summary"] = "portero.check/1", f"{document['summary']} {said}"
    document["endpoints"][0]["findings"] = [{"code": "x", "severity": "notice", "message": said}]
    out = io.StringIO()
    show(document, Console(file=out, width=200))
    assert out.getvalue().count(said) == 1
