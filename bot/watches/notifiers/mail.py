"""Alerts by mail, through the relay of the settings: TLS or nothing, and one conversation for each incident.

A mail has a route of its own in the outbox, so that a relay that is down delays nothing in Slack. The Message-ID is
made from the event: a mail that is sent once more after a lost answer is the same mail.

Policy: the host and port of PORTERO_MAIL_RELAY alone, found by the system's resolver (it may lie inside: the operator
names it, nobody else), within 20 s for each answer and 45 s for all. TLS or nothing, its certificate verified for its
name before the login. Carries that login, and alerts.

Sources: RFC 5322 sections 3.6.4 (Message-ID, In-Reply-To, References), RFC 3834 section 5 (Auto-Submitted),
RFC 8314 section 3.3 (implicit TLS on 465).
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib

from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.messages import TO, recipients_of, told_to
from commands.contract import UserError
from commands.slack_text import escape, quoted
from commands.watch.state.notifier import Delivery, Posted, UndeliverableError
from commands.watch.state.routes import Route
from commands.watch.view.plain_text import body, subject

SECONDS, LONGEST = 20.0, 45.0
"""For one answer of the relay, and for all of them."""

IMPLICIT_TLS = 465

MOST = 5
"""Addresses of one watch."""

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_NO_ATOM = re.compile(r"[^A-Za-z0-9.-]")


@dataclass(frozen=True)
class Relay:
    """Where mail goes, as whom. The password does not show in its repr."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    local_hostname: str = ""


@dataclass
class MailAlerts:
    """The notifier of the route `mail`. `context` verifies the relay's certificate and its name."""

    relay: Relay
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    route: str = "mail"

    async def deliver(self, delivery: Delivery) -> Posted | None:
        recipients = recipients_of(delivery, self.route)
        if not recipients:
            return None
        message, posted = self._message(delivery, recipients)
        await self._send(message)
        return posted

    def _message(self, delivery: Delivery, recipients: tuple[str, ...]) -> tuple[EmailMessage, Posted]:
        """The mail, and what the next one of the incident has to know. ValueError: a header has line breaks."""
        event, before = delivery.event, delivery.posted or {}
        own = self._message_id(event.id)
        root, title = before.get("root", own), before.get("subject") or subject(event, delivery.watch)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.relay.sender
        message["To"] = ", ".join(recipients)
        message["Subject"] = f"Re: {title}" if before else title
        message["Date"] = format_datetime(event.at)
        message["Message-ID"] = own
        message["Auto-Submitted"] = "auto-generated"
        if before:
            last = before.get("last", root)
            message["In-Reply-To"] = last
            message["References"] = root if last == root else f"{root} {last}"
        message.set_content(body(event, delivery.watch))
        return message, {"root": root, "last": own, "subject": title, TO: told_to(delivery, recipients)}

    def _message_id(self, event_id: str) -> str:
        return f"<{_NO_ATOM.sub('_', event_id)}@{self.relay.sender.rpartition('@')[2]}>"

    async def _send(self, message: EmailMessage) -> None:
        """One session. What the relay refuses for good is given up; everything else is tried again."""
        relay, implicit = self.relay, self.relay.port == IMPLICIT_TLS
        try:
            async with asyncio.timeout(LONGEST):
                await aiosmtplib.send(
                    message,
                    sender=relay.sender,
                    hostname=relay.host,
                    port=relay.port,
                    username=relay.user or None,
                    password=relay.password or None,
                    local_hostname=relay.local_hostname or None,
                    use_tls=implicit,
                    start_tls=not implicit,
                    tls_context=self.context,
                    timeout=SECONDS,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(500 <= refused.code < 600 for refused in error.recipients):
                raise UndeliverableError("recipients_refused") from error
            raise
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            if 500 <= error.code < 600:
                raise UndeliverableError(f"refused_{error.code}") from error
            raise


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The addresses that the words begin with, and how many words they took."""
    used = next((at for at, word in enumerate(words) if "@" not in word), len(words))
    addresses = tuple(dict.fromkeys(words[:used]))
    wrong = next((one for one in addresses or words[:1] if not _ADDRESS.fullmatch(one) or len(one) > 254), None)
    if wrong is not None or len(addresses) > MOST:
        message = f"`{quoted(wrong)}` is not a mail address." if wrong else f"At most {MOST} addresses are possible."
        raise UserError(message, "Type `mail ops@example.com`.")
    return addresses, used


def shown(addresses: tuple[str, ...]) -> str:
    return f"Mail to {escape(', '.join(addresses), 400)}"


def make(setup: Setup) -> MailAlerts:
    settings = setup.settings
    assert settings.mail_relay is not None  # noqa: S101 - `is_set_up` was asked
    host, port = settings.mail_relay
    return MailAlerts(
        Relay(host, port, settings.mail_from, settings.mail_user, settings.mail_password, setup.prober.ehlo_name)
    )


def is_set_up(settings: Settings) -> bool:
    return settings.mail_relay is not None


MAIL = NotifierKind(
    Route(
        name="mail",
        label="Also by mail to",
        example="ops@example.com",
        read=read,
        shown=shown,
        not_set_up="Alerts by mail are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_MAIL_RELAY.",
    ),
    is_set_up,
    make,
)
