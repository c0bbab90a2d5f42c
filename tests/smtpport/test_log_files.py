"""Which files are mail logs, and what kinds of failures stand in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.smtpport.log_files import LONGEST, MOST, mail_log

BOUNCED = (
    "Nov 30 18:01:0{n} mx1 postfix/smtp[100{n}]: 4F1A2B3C4{n}: to=<user{n}@example.org>, "
    "relay=mx.example.org[192.0.2.{n}]:25, dsn=5.1.1, status=bounced (host mx.example.org said: 550 5.1.1 User unknown)"
)
TIMED_OUT = (
    "Nov 30 18:02:05 mx1 postfix/smtp[1009]: 4F1A2B3C49: to=<x@example.net>, relay=none, dsn=4.4.1, "
    "status=deferred (connect to mx.example.net[198.51.100.7]:25: Connection timed out)"
)
SENT = "Nov 30 18:03:05 mx1 postfix/smtp[1004]: 4F1A: to=<y@example.net>, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
EXIM = (
    "2026-11-30 10:00:03 1tHabc-000Abc-1X ** joe@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.3]: "
    "SMTP error from remote mail server after RCPT TO:<joe@example.org>: 550 5.1.1 User unknown"
)


def read(*lines):
    return mail_log("\n".join(lines).encode())


def test_failures_that_are_alike_are_counted_together_and_the_most_frequent_stands_first():
    log = read(TIMED_OUT, *(BOUNCED.format(n=n) for n in range(3)), SENT)
    assert log.lines == 5
    assert log.failures == ((3, BOUNCED.format(n=2)), (1, TIMED_OUT))


@pytest.mark.parametrize(
    "line",
    [
        EXIM,
        "2026-11-30T10:00:03.123+01:00 mx1 postfix/smtp[1]: 4F1A: status=deferred (Connection refused)",
        "<22>Nov  3 10:00:03 mx1 sm-mta[12]: stat=Deferred: Connection refused by mx.example.org.",
        'b,2026-11-30 10:00:00+0100,2026-11-30 09:59:59+0100,a@example.com,"b@example.org",failed,5.1.1',
    ],
)
def test_a_line_with_a_time_in_front_that_tells_of_a_failure_is_one(line):
    assert read(line).failures == ((1, line),)


def test_what_was_delivered_is_no_failure():
    assert read(SENT, SENT).failures == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<source 0/0>\n  always-allow-relaying yes\n</source>",
        "smtp-port 25\nNov 30 18:01:01 is a comment\nmax-smtp-out 20",
        "220 mail.example.com ESMTP\n250 ok\n550 5.1.1 no",
    ],
)
def test_what_has_no_times_in_front_is_no_log(text):
    assert mail_log(text.encode()) is None


def test_of_a_large_file_the_end_is_read_and_of_a_long_line_the_beginning():
    log = mail_log("\n".join([BOUNCED.format(n=1), *[SENT] * (MOST // len(SENT)), TIMED_OUT + "x" * LONGEST]).encode())
    assert log.is_cut
    assert [line for _, line in log.failures] == [(TIMED_OUT + "x" * LONGEST)[:LONGEST]]


@given(st.binary(max_size=2000))
def test_any_file_is_read_or_is_none(content):
    log = mail_log(content)
    assert log is None or log.lines >= len(log.failures)
