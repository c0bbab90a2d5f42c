"""Alerts by mail, on a real relay with real TLS and a login."""

import asyncio
import email
import logging
import ssl
from dataclasses import replace
from email import policy

import aiosmtplib
import pytest

from bot.demo.lab.certificates import Authority
from bot.watches.delivery import DELIVER_SECONDS
from bot.watches.notifiers import mail as watch_mail
from bot.watches.notifiers.failures import Noting
from bot.watches.notifiers.mail import MailAlerts, Relay
from commands.watch.state.events import Event
from commands.watch.state.notifier import Delivery, UndeliverableError
from storage.watches import trouble_key
from tests import moving
from tests.histories import history_at

from .relay import relay
from .samples import MINUTE, NOON, a_watch

AUTHORITY = Authority()
HERE = AUTHORITY.issue("127.0.0.1").context()
WATCH = a_watch(routes={"mail": ("ana@example.com", "ops@example.com")}, target="mail.example.com")
FAILING = {"failing": ["no_answer mail.example.com:25"], "summary": "25 does not answer"}
PASSWORD = "hunter2-secret"


def event(kind="opened", number=1, **changes):
    facts = FAILING | ({"seconds": 3600.0} if kind == "recovered" else {})
    values = {"watch": "w-1", "target": WATCH.target, "watch_kind": "check", "since": NOON, "facts": facts}
    return Event(f"w-1.1.{number}", kind, NOON + number * MINUTE, "w-1.1", "T1", "C1", **{**values, **changes})


@pytest.fixture
async def watches(tmp_path):
    history = await history_at(tmp_path / "portero.db")
    yield history.watches
    await history.close()


@pytest.fixture
def mail(watches):
    """The notifier for a relay on this port."""

    def made(port, *, pem=AUTHORITY.pem):
        context = ssl.create_default_context(cadata=pem)
        login = Relay("127.0.0.1", port, "portero@example.com", "portero", PASSWORD, "portero.example.com")
        return Noting(MailAlerts(login, context), watches, lambda: NOON)

    return made


async def conversation(notifier, *events):
    posted = None
    for one in events:
        posted = await notifier.deliver(Delivery(one, WATCH, posted)) or posted
    return posted


async def test_one_incident_is_one_conversation(mail):
    async with relay(HERE) as given:
        await conversation(mail(given.port), event(), event("refired", 2), event("recovered", 3))
    first, again, end = (email.message_from_string(text, policy=policy.default) for text in given.mails)
    assert first["Subject"] == "[Portero] mail.example.com: 25 no answer (w-1)"
    assert (again["Subject"], end["Subject"]) == (f"Re: {first['Subject']}",) * 2
    assert first["Message-ID"] == "<w-1.1.1@example.com>"
    assert (first["In-Reply-To"], first["References"]) == (None, None)
    assert (again["In-Reply-To"], again["References"]) == (first["Message-ID"], first["Message-ID"])
    assert end["In-Reply-To"] == again["Message-ID"]
    assert end["References"] == f"{first['Message-ID']} {again['Message-ID']}"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["To"] == "ana@example.com, ops@example.com"
    assert len(given.recipients) == 6


async def test_a_mail_that_is_sent_again_is_the_same_mail(mail):
    async with relay(HERE) as given:
        for unsure in (False, True):
            await mail(given.port).deliver(Delivery(event(), WATCH, None, unsure=unsure))
    first, again = given.mails
    assert first == again


async def test_it_reads_well_at_night(mail):
    async with relay(HERE) as given:
        await conversation(mail(given.port), event(), event("recovered", 2))
    first, end = (email.message_from_string(text, policy=policy.default).get_content() for text in given.mails)
    assert first == (
        "DOWN: mail.example.com: 25 no answer\n\n"
        "Since 2026-11-24 12:00 UTC, confirmed by 2 runs in a row\n"
        "The check said: 25 does not answer\n"
        "It is not our own network: other mail hosts answer on that port from here.\n\n"
        "-- \nWatch w-1 of Portero. In Slack, /smtpwatch edit w-1 mail none ends these mails."
    )
    down = "Down for 2m: from 2026-11-24 12:00 UTC to 2026-11-24 12:02 UTC"
    assert end.startswith(f"RECOVERED: mail.example.com recovered\n\n{down}\n")


@pytest.mark.parametrize("implicit", [False, True])
async def test_login_and_mail_go_over_tls_alone(mail, monkeypatch, implicit):
    async with relay(HERE, implicit=implicit) as given:
        monkeypatch.setattr(watch_mail, "IMPLICIT_TLS", given.port if implicit else 465)
        await conversation(mail(given.port), event())
    assert given.logins == [f"\0portero\0{PASSWORD}"]
    assert given.in_clear == []
    assert len(given.mails) == 1


async def test_a_relay_without_tls_gets_nothing(mail, caplog):
    caplog.set_level(logging.DEBUG)
    async with relay(HERE, starttls=False) as given:
        with pytest.raises(aiosmtplib.SMTPException):
            await conversation(mail(given.port), event())
    assert (given.logins, given.mails, given.in_clear) == ([], [], [])
    assert PASSWORD not in caplog.text


async def test_a_relay_whose_certificate_nobody_signed_gets_nothing(mail):
    async with relay(HERE) as given:
        with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError)):
            await conversation(mail(given.port, pem=Authority("Another CA").pem), event())
    assert (given.logins, given.mails) == ([], [])


@pytest.mark.parametrize(
    ("refuse", "why"),
    [({"RCPT": "550 5.1.1 nobody"}, "recipients_refused"), ({"MAIL": "553 5.1.8 not you"}, "refused_553")],
)
async def test_what_the_relay_refuses_for_good_is_given_up_and_noted(mail, watches, refuse, why):
    async with relay(HERE, refuse=refuse) as given:
        with pytest.raises(UndeliverableError, match=why):
            await conversation(mail(given.port), event())
    assert (await watches.notes(trouble_key("w-1")))[trouble_key("w-1", "mail")]["why"] == why


async def test_what_it_refuses_for_now_is_tried_again_and_the_note_goes_when_one_arrives(mail, watches):
    async with relay(HERE, refuse={"RCPT": "450 4.2.0 later"}) as given:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await conversation(mail(given.port), event())
    assert await watches.notes(trouble_key("w-1"))
    async with relay(HERE) as given:
        await conversation(mail(given.port), event())
    assert not await watches.notes(trouble_key("w-1"))


async def test_no_header_can_be_smuggled_in(mail):
    hostile = "mail.example.com\r\nBcc: eve@example.org\n\nhello"
    facts = {"failing": [f"no_answer {hostile}:25"], "summary": "x\r\n.\r\nMAIL FROM:<eve@example.org>"}
    async with relay(HERE) as given:
        await conversation(mail(given.port), event(target=hostile, facts=facts))
    [text] = given.mails
    message = email.message_from_string(text, policy=policy.default)
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert len(given.recipients) == 2


async def test_quiet_and_edits_send_no_mail(mail):
    async with relay(HERE) as given:
        await conversation(mail(given.port), event("changed"), replace(event("recovered"), quiet=True), event("closed"))
    assert given.mails == []


def test_the_password_does_not_show():
    assert PASSWORD not in repr(Relay("127.0.0.1", 25, "a@example.com", "u", PASSWORD))


def test_a_relay_that_takes_its_time_with_every_answer_is_given_up_before_the_delivery_is():
    async def play():
        async with relay(HERE, pause=watch_mail.SECONDS / 2) as given:
            login = Relay("127.0.0.1", given.port, "portero@example.com", "portero", PASSWORD, "portero.example.com")
            notifier = MailAlerts(login, ssl.create_default_context(cadata=AUTHORITY.pem))
            with pytest.raises(TimeoutError):
                await notifier.deliver(Delivery(event(), WATCH, None))
            return asyncio.get_running_loop().time()

    assert moving.run(play()) == pytest.approx(watch_mail.LONGEST, abs=1)
    assert watch_mail.LONGEST < DELIVER_SECONDS
