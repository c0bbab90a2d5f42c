"""Alerts in Microsoft Teams: a card in the chat or channel of a workflow that takes webhooks.

A workflow's URL comes from Teams ("Post to a channel when a webhook request is received") and holds its key: it is
typed behind a watch like that of a webhook, its host alone is shown. Cards do not change once they are there, so what
is told is what mail tells. Texts are runs of a `RichTextBlock`, which knows no Markdown: nothing in them is a link or a
mention. Where it may go, and what an answer means: `posting`.

Source: learn.microsoft.com, "Create incoming webhooks with Workflows" (a message with one attachment, 28 KB), and the
schema of Adaptive Cards 1.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.messages import TO, recipients_of, told_to
from bot.watches.notifiers.posting import Posting, as_json, posting_of
from bot.watches.notifiers.webhook import host_of, is_url
from commands.contract import UserError
from commands.slack_text import clean
from commands.watch.state.notifier import Delivery, Posted
from commands.watch.state.routes import Route
from commands.watch.view.alert_words import text_of
from commands.watch.view.event_text import GREEN, RED, YELLOW
from commands.watch.view.plain_text import STATES, plain

NAME = "teams"
HOSTS = (".logic.azure.com", ".api.powerplatform.com")
"""Where workflows have their URLs."""

COLOURS: Mapping[str, str] = {RED: "attention", GREEN: "good", YELLOW: "warning"}
LINES, CHARACTERS = 12, 500
"""Of a card, so that it stays below what Teams takes."""


@dataclass
class TeamsAlerts:
    """The notifier of the route `teams`."""

    posting: Posting
    route: str = NAME

    async def deliver(self, delivery: Delivery) -> Posted | None:
        recipients = recipients_of(delivery, self.route)
        for url in recipients:
            await self.posting.post(url, as_json(message(delivery)))
        return {TO: told_to(delivery, recipients)} if recipients else None


def message(delivery: Delivery) -> dict[str, Any]:
    event = delivery.event
    said = text_of(event, delivery.watch)
    state, colour = STATES[event.kind], COLOURS.get(said.icon, "default")
    below = [_text(line) for line in (*said.facts, *said.details)[:LINES]]
    body = [
        _text(state, weight="bolder", color=colour),
        _text(said.headline, weight="bolder", size="medium"),
        *below,
        _text(f"Watch {event.watch} of Portero", isSubtle=True, size="small"),
    ]
    fallback = clean(f"{state}: {plain(said.headline)}", CHARACTERS)
    card = {"$schema": SCHEMA, "type": "AdaptiveCard", "version": "1.4", "fallbackText": fallback, "body": body}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def _text(mrkdwn: str, **style: Any) -> dict[str, Any]:
    return {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": clean(plain(mrkdwn), CHARACTERS) or "-", **style}],
    }


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The URL of a workflow that the words begin with."""
    host = words[0].partition("://")[2].partition("/")[0].partition(":")[0].lower()
    if not is_url(words[0]) or not host.endswith(HOSTS):
        raise UserError(
            "That is no URL of a workflow in Teams.",
            "Teams has it in Workflows > Post to a channel when a webhook request is received: `teams https://...`.",
        )
    return (words[0],), 1


def shown(urls: tuple[str, ...]) -> str:
    return f"Microsoft Teams by {host_of(urls[0])}"


def make(setup: Setup) -> TeamsAlerts:
    return TeamsAlerts(posting_of(setup))


def is_set_up(settings: Settings) -> bool:
    return settings.teams


TEAMS = NotifierKind(
    Route(
        name=NAME,
        label="Also to Microsoft Teams",
        example="https://prod-1.westeurope.logic.azure.com/workflows/...",
        read=read,
        shown=shown,
        not_set_up="Alerts to Microsoft Teams are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_TEAMS=yes.",
    ),
    is_set_up,
    make,
)
