"""Which hosts a message is about: a table of messages as people paste them."""

import pytest

from bot.slack.conversation.sentence.message_hosts import LONGEST, hosts_of
from bot.slack.requests.message_text import written

GMAIL = """>Received: from mail-wm1-f42.google.com (mail-wm1-f42.google.com. [209.85.128.42])
>        by mx.example.net (Postfix) with ESMTPS id 4ABC
>        for <bruno@example.net>; Sun, 29 Nov 2026 10:00:00 +0000 (UTC)
>DKIM-Signature: v=1; a=rsa-sha256; d=gmail.com; s=2023
>Received: by 2002:a05:6402:520d:: with SMTP id x
"""

POSTFIX = (
    "Nov 29 10:00:00 mta1.example.net postfix/smtp[123]: 4ABC12: to=<user@rcpt.example>, "
    "relay=mx.rcpt.example[192.0.2.5]:25, delay=30, status=deferred "
    "(connect to mx2.rcpt.example[192.0.2.6]:25: Connection timed out)"
)
EXIM = (
    "2026-11-29 10:00:00 1abcde-000abc-XX == user@rcpt.example R=dnslookup T=remote_smtp defer (110): "
    "Connection timed out H=mx.rcpt.example [192.0.2.5]"
)

CASES = {
    "who handed over and who took it, of headers": (GMAIL, ["mail-wm1-f42.google.com", "mx.example.net"]),
    "qmail's form": (
        "Received: from unknown (HELO smtp.foo.example) (192.0.2.1)\n  by mx.foo.example with SMTP",
        ["smtp.foo.example", "mx.foo.example"],
    ),
    "no name but an address that is public": (
        "Received: from [8.8.8.8] (helo=box.lan) by mx1.b.example",
        ["8.8.8.8", "mx1.b.example"],
    ),
    "Exchange's form": (
        "Received: from AM0.prod.example.com (2603:10a6::1) by AS8.prod.example.com (2603::2) with Microsoft SMTP",
        ["am0.prod.example.com", "as8.prod.example.com"],
    ),
    "whom Postfix was delivering to, and not whose mail, nor the machine that wrote it": (
        POSTFIX,
        ["mx.rcpt.example", "mx2.rcpt.example"],
    ),
    "whom Exim was delivering to": (EXIM, ["mx.rcpt.example"]),
    "an address whose name nobody knows": ("connect from unknown[198.51.100.7]", ["198.51.100.7"]),
    "hosts, and neither files nor pages": (
        "look at mail.example.com and smtp.example.org, see https://status.example.com/x and settings.py",
        ["mail.example.com", "smtp.example.org"],
    ),
    "the domain of a mail address, where nothing else is named": ("ana@example.com gets bounces", ["example.com"]),
    "the host of a page, where nothing else is named": ("see https://example.com/page", ["example.com"]),
    "nothing": ("who brings cake on Friday?", []),
    "names that are of no public DNS": (
        "Received: from app.corp.test (app.corp.test [198.51.100.7]) by mx2.example.com with ESMTPS",
        ["mx2.example.com"],
    ),
    "a machine of one's own": ("localhost and printer.local", []),
}


@pytest.mark.parametrize(("text", "hosts"), CASES.values(), ids=CASES)
def test_the_hosts_of_a_message(text, hosts):
    assert hosts_of(text) == hosts


@pytest.mark.parametrize("piece", ["(", "received:\n ", "a-", "1.", "from (a)", "by ", ":", "[", "\ud800", "a.b "])
def test_no_text_is_too_much_for_it(piece):
    assert len(hosts_of(f"Received: from {piece * LONGEST}")) <= 50
    assert len(hosts_of(piece * LONGEST)) <= 50


def test_a_persons_blocks_repeat_the_text_and_are_left_out():
    blocks = [{"type": "rich_text", "elements": [{"type": "text", "text": "mail.example.com"}]}]
    assert written({"text": "see mail.example.com", "blocks": blocks}) == "see mail.example.com"
    assert written({"text": "", "blocks": blocks}) == "mail.example.com"


def test_what_an_apps_message_says_more_in_blocks_and_attachments_is_read():
    shown = written(
        {
            "text": "Alert",
            "bot_id": "B1",
            "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "mx.example.com"}]]}],
            "attachments": [{"fallback": "down", "fields": [{"title": "Port", "value": "25"}], "pretext": None}],
        }
    )
    assert shown.splitlines() == ["Alert", "mx.example.com", "down", "Port", "25"]


def test_blocks_that_have_no_end_are_read_to_some_depth():
    block = {"text": "deep"}
    for _ in range(500):
        block = {"elements": [block]}
    assert written({"text": "top", "bot_id": "B1", "blocks": [block]}) == "top"
