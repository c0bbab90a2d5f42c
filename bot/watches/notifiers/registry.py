"""The routes that alerts take, as the settings have them: Slack always, mail and webhooks when they are set up."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.own_name import default_ehlo_name
from bot.services import Services
from bot.settings import Settings
from bot.watches.notifiers.failures import Trouble
from bot.watches.notifiers.mail import MailAlerts, Relay
from bot.watches.notifiers.slack_alerts import SlackAlerts
from bot.watches.notifiers.webhook import WebhookAlerts
from commands.smtpcheck.https.client import HttpsClient
from commands.smtpcheck.lookup.dnssec import SecureResolver
from commands.watch.state.events import Notifier


def make_notifiers(client: AsyncWebClient, settings: Settings, services: Services) -> tuple[Notifier, ...]:
    trouble = Trouble(services.watches, services.now)
    made: list[Notifier] = [SlackAlerts(client, services.now, settings.admins)]
    if settings.mail_relay is not None:
        host, port = settings.mail_relay
        name = settings.ehlo_name or default_ehlo_name()
        relay = Relay(host, port, settings.mail_from, settings.mail_user, settings.mail_password, name)
        made.append(MailAlerts(relay, trouble, services.now))
    if settings.webhook_secret:
        prober = services.prober
        ask = SecureResolver(settings.nameservers or None).ask
        https = HttpsClient(ask, prober.guard, prober.store, prober.route)
        made.append(WebhookAlerts(settings.webhook_secret, https, trouble, services.now))
    return tuple(made)
