from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commands.contract import UserError
from commands.history.filters import Filters, described
from commands.history.fits import refuse_unused
from commands.history.having import has, is_bad
from commands.history.typed_filters import parse_filters
from tests.every import every

from .documents import document, endpoint

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")

TYPED = {
    "": Filters(),
    "mail.example.com": Filters(target="mail.example.com"),
    "MAIL.example.com.": Filters(target="mail.example.com"),
    "<http://mail.example.com|mail.example.com>": Filters(target="mail.example.com"),
    "mail.example.com:587": Filters(target="mail.example.com", port=587),
    "ana@example.com": Filters(target="example.com"),
    "[2001:db8::25]": Filters(target="2001:db8::25"),
    "2001:db8::25": Filters(target="2001:db8::25"),
    "since 7d": Filters(since="7d"),
    "last 24h failed": Filters(since="24h", failed=True),
    "since 2026-11-01": Filters(since="2026-11-01"),
    "failed 24h": Filters(since="24h", failed=True),
    "2026-11-01 587": Filters(since="2026-11-01", until="2026-11-01", port=587),
    "Nov 1 failed": Filters(since="11-01", until="11-01", failed=True),
    "1 nov 2025 port 25": Filters(since="2025-11-01", until="2025-11-01", port=25),
    "25 mail.example.com": Filters(target="mail.example.com", port=25),
    "today": Filters(since="today", until="today"),
    "failed on Monday": Filters(since="monday", until="monday", failed=True),
    "since monday until yesterday 14:00": Filters(since="monday", until="yesterdayT14:00"),
    "from monday to friday": Filters(since="monday", until="friday"),
    "from <@U123ABCDE>": Filters(by="U123ABCDE"),
    "failed within 7 days": Filters(since="7d", failed=True),
    "failed in the last 2 hours": Filters(since="2h", failed=True),
    "last week": Filters(since="1w"),
    "this month port 25": Filters(since="this-month", port=25),
    "past month advice": Filters(since="30d", kind="port"),
    "since 7 days mail.example.com": Filters(target="mail.example.com", since="7d"),
    "until 2026-11-01": Filters(until="2026-11-01"),
    "587 since 9am": Filters(since="09:00", port=587),
    "mail.example.com validations": Filters(target="mail.example.com", kind="pmta"),
    "since yesterday": Filters(since="yesterday"),
    "by <@U123ABCDE|ana>": Filters(by="U123ABCDE"),
    "by <@W123ABCDE>": Filters(by="W123ABCDE"),
    "by me": Filters(mine=True),
    "all failed checks": Filters(all=True, failed=True, kind="check"),
    "everything": Filters(all=True),
    "port 587": Filters(port=587),
    "587": Filters(port=587),
    "587 port 587": Filters(port=587),
    ":587 failed": Filters(port=587, failed=True),
    "watches": Filters(watches=True),
    "runs of watches by <@U123ABCDE>": Filters(by="U123ABCDE", watches=True),
    "my watches failed 7d": Filters(since="7d", mine=True, failed=True, watches=True),
    "until 1d": Filters(until="1d"),
    "since when is 465 refused on mail.example.com?": Filters(
        "mail.example.com", port=465, ask="since when", having="refused"
    ),
    "certificates until dec 31": Filters(until="12-31", ask="certificates"),
    "certificates that end within 30 days": Filters(since="30d", ask="certificates"),
    "hosts without STARTTLS": Filters(having="without starttls"),
    "since when is mail.example.com without logins": Filters(
        "mail.example.com", ask="since when", having="auth_not_offered"
    ),
    "TLSv1.0 587": Filters(having="tls 1.0", port=587),
    "tls 1.1 *.example.com": Filters("*.example.com", having="tls 1.1"),
    "cert-expired": Filters(having="cert_expired"),
    "421 since 7d": Filters(having="421", since="7d"),
    "reply 554 on port 25 of mail.example.com": Filters("mail.example.com", having="554", port=25),
    "since when does mail.example.com fail?": Filters("mail.example.com", ask="since when", having="down"),
    "since when is the cert expired on a.example.com": Filters(
        "a.example.com", ask="since when", having="cert_expired"
    ),
    "since when is 421 on mail.example.com": Filters("mail.example.com", ask="since when", having="421"),
    "last 421 hours 465": Filters(since="421h", port=465),
    "port 421": Filters(port=421),
    "who checked mail.example.com yesterday?": Filters(
        "mail.example.com", since="yesterday", until="yesterday", ask="who asked"
    ),
    "compare mail.example.com monday tuesday": Filters(
        "mail.example.com", since="monday", until="tuesday", ask="compare"
    ),
    "no answer on port 25": Filters(having="no_answer", port=25),
    "mail.example.com changes since nov 1": Filters("mail.example.com", since="11-01", ask="changes"),
    "what changed before tuesday?": Filters(until="|tuesday", ask="changes"),
    "2026-11-10 2026-11-12": Filters(since="2026-11-10", until="2026-11-12"),
    "2026-11-10..2026-11-12 failed": Filters(since="2026-11-10", until="2026-11-12", failed=True),
    "between nov 1 and nov 5": Filters(since="11-01", until="11-05"),
    "since nov 1 nov 5": Filters(since="11-01", until="11-05"),
    "nov 5 until nov 5": Filters(since="11-05", until="11-05"),
    "before monday": Filters(until="|monday"),
    "2026/11/1 2026.11.12": Filters(since="2026-11-01", until="2026-11-12"),
    "monday 14:30 failed": Filters(since="mondayT14:30", failed=True),
    "failed 9am": Filters(since="09:00", failed=True),
    "compare mail.example.com mon 9am 2026-11-20T14:30": Filters(
        "mail.example.com", since="mondayT09:00", until="2026-11-20T14:30", ask="compare"
    ),
    "provider google-workspace failed": Filters(provider="google-workspace", failed=True),
    "provider:ses": Filters(provider="ses"),
    "after nov 1 before nov 5": Filters(since="|11-01", until="|11-05"),
    "port": Filters(kind="port"),
    "network since 7d": Filters(kind="network", since="7d"),
    "advice": Filters(kind="port"),
    "pmta failed": Filters(kind="pmta", failed=True),
    "checks here": Filters(kind="check", here=True),
    "failed checks of mail.example.com on port 587 since 7d by <@U123ABCDE|ana>": Filters(
        "mail.example.com", "7d", by="U123ABCDE", port=587, failed=True, kind="check"
    ),
}


@every(TYPED)
def test_what_people_type_is_understood(text):
    assert parse_filters(text) == TYPED[text]


REFUSED = {
    "since": "When?",
    "since mondy": "Did you mean `monday`?",
    "since yesteday": "Did you mean `yesterday`?",
    "since 7 dyas": "Did you mean `days`?",
    "since 7": "Type since 7d",
    "yesteday": "Did you mean `/smtphistory yesterday`?",
    "without": "Did you mean `/smtphistory without starttls`?",
    "untill monday": "Did you mean `/smtphistory until monday`?",
    "2026-11-01 2026-11-05 2026-11-09": "One `since` at a time",
    "since nov 1 since nov 5": "`nov 1` or `nov 5`? Type a period as `nov 1 nov 5`",
    "since when tag:a tag:b": "One tag at a time",
    "provider": "Which provider?",
    "provider ses provider sendgrid": "One provider at a time",
    "10.11.2026": "day or the month first",
    "november": "from which day on",
    "2026-13-01": "in no calendar",
    "compare changes": "One question at a time",
    "refused without starttls": "One question at a time",
    "last week last month": "One `since` at a time",
    "until nov 9 until nov 8": "One `until` at a time",
    f"{'x' * 60}.example.com faild": "Did you mean `failed`?",
    "since 2026-13-01": "not a time",
    "since 01/11/2026": "2026-11-01",
    "until never": "not a time",
    "since 99999w": "further back",
    "by": "By whom?",
    "by ana": "mention alone",
    "by @ana": "mention alone",
    "port 99999": "not a port",
    "faild": "Did you mean `/smtphistory failed`?",
    "mail.example.com sinse 7d": "Did you mean `/smtphistory mail.example.com since 7d`?",
    "mail.example.com mx.example.com": "One target at a time",
    "mail.example.com flapping": "`flapping` is neither a filter nor a host. `/smtphistory help` has the words.",
    "delete mail.example.com": "A result is deleted by *Delete* in its details",
    "flapping mail.example.com": "`flapping` is neither a filter nor a host.",
    "incidents of mail.example.com since monday": "Type `/smtpwatch incidents mail.example.com since monday`.",
    "w-7k3fq.12": "`/smtpwatch w-7k3fq.12` opens it",
    "w-7k3fq.12.3": "`/smtpwatch w-7k3fq.12.3` opens it",
    "port 25 587": "One port at a time. Type `port 25` first, then `port 587`",
    "port 25,587": "One port at a time",
    "25/587": "One port at a time",
    "mail.example.com:25 port 587": "One port at a time",
    "ports 25, 587": "One port at a time",
    "mine by <@U123ABCDE>": "One person at a time",
    "by <@U123ABCDE> mine": "One person at a time",
    "by <@U123ABCDE> by <@U123ABCDF>": "One person at a time",
}


@every(REFUSED)
def test_what_is_not_understood_says_what_to_type(text):
    with pytest.raises(UserError) as caught:
        parse_filters(text)
    assert REFUSED[text] in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.hint


@pytest.mark.parametrize("text", ["help", "HELP", "?", "--help"])
def test_help_is_asked_for(text):
    assert parse_filters(text) is None


TIMES = (
    "30m",
    "7d",
    "2026-11-01",
    "11-01",
    "today",
    "saturdayT14:30",
    "09:00",
    "this-week",
    "2026-11-01T23:59",
    "|monday",
)
FILTERS = st.builds(
    Filters,
    target=st.sampled_from(["", "mail.example.com", "192.0.2.25", "2001:db8::25", "xn--bcher-kva.example"]),
    since=st.sampled_from(["", *TIMES]),
    until=st.sampled_from(["", *TIMES]),
    by=st.sampled_from(["", "U0123456789", "W0123456789"]),
    port=st.none() | st.integers(1, 65535),
    failed=st.booleans(),
    watches=st.booleans(),
    kind=st.sampled_from(["", "check", "port", "network", "pmta"]),
    mine=st.booleans(),
    here=st.booleans(),
    all=st.booleans(),
    ask=st.sampled_from(["", "changes", "since when", "certificates", "compare", "who asked"]),
    having=st.sampled_from(["", "without starttls", "tls 1.0", "refused", "cert_expired", "421"]),
    provider=st.sampled_from(["", "ses"]),
).filter(lambda filters: not (filters.mine and filters.by))


WATCHED = {
    "": False,
    "mine": False,
    "by <@U123ABCDE> since 7d": False,
    "mine watches": True,
    "watches": True,
    "mail.example.com": None,
    "here": None,
    "all": None,
    "failed since 7d": None,
}


@pytest.mark.parametrize("text", WATCHED)
def test_what_a_person_asked_is_not_what_their_watches_ran(text):
    filters = parse_filters(text)
    assert filters is not None
    assert filters.watched is WATCHED[text]


def test_a_reply_code_is_what_the_server_said():
    said = [("server", "220-mx.example.com"), ("client", "554"), ("server", "421 4.7.0 try later 550")]
    spoken = document(endpoint(25, transcript=[{"from": who, "text": text} for who, text in said]))
    assert [code for code in ("220", "421", "550", "554") if has(spoken, code)] == ["220", "421"]
    assert not has(spoken, "421", 587)
    assert has(document(endpoint(25, greeting={"code": 554}, transcript=[])), "554")
    assert is_bad("421")
    assert not is_bad("220")


@given(FILTERS)
def test_what_a_button_carries_is_read_as_the_same_filters(filters):
    assume(filters.having or not filters.failed or filters.ask != "since when")  # it is since when something is down
    assert parse_filters(filters.text) == filters
    assert all(described(filters))


PIECES = ("since", "until", "by", "port", "failed", "<@U1>", "<@U123456>", "@ana", "7d", "587", ":", "[", "]", "<")
PIECES += ("a.b:0", "monday", "14:00", "nov", "30", "2026-02-29", "11-31", "this", "week", "ago", "2999-12-31")


@given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_gives_filters_or_a_clear_word(text):
    try:
        found = parse_filters(text)
        start, end = (found or Filters()).span(NOW, MADRID)
    except UserError as error:
        assert error.hint
        return
    assert start is None or start <= NOW
    assert start is None or end is None or start < end


UNUSED = {
    "changes mine": "`mine` says nothing",
    "mail.example.com changes failed": "`/smtphistory mail.example.com failed`",
    "since when is 465 refused on mail.example.com failed": "`failed` says nothing to the question of since when",
    "certificates tag:prod": "`tag:prod`",
    "compare mail.example.com monday here": "`here`",
    "refused on mail.example.com watches": "`watches` says nothing to the question of one host",
    "without starttls pmta": "`pmta` says nothing to the question of what hosts are like",
    "mail.example.com tag:prod": "`tag:prod`",
}
USED = ("tag:prod by <@U123ABCDE> watches failed", "provider ses without starttls since 7d", "failed by <@U123ABCDE>")


def test_a_word_that_the_answer_would_leave_out_is_said():
    for text, words in UNUSED.items():
        with pytest.raises(UserError) as caught:
            refuse_unused(parse_filters(text))
        assert words in f"{caught.value.message} {caught.value.hint}"
        parse_filters(caught.value.hint.partition("/smtphistory ")[2].strip("`"))
    for text in USED:
        refuse_unused(parse_filters(text))
