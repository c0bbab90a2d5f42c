"""Which event of Slack is served by what. Bolt acknowledges an event once its listener is done: the work is a task."""

import logging
import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.slack.conversation.conversation import Conversation
from bot.slack.dispatcher import Dispatcher
from bot.slack.manifest import LISTENED
from bot.slack.requests.payload import Payload

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*")
LEFT_BEHIND = (
    "Its token stands in SLACK_BOT_TOKEN alone, take it out there; "
    "the history stays in the file PORTERO_DATABASE until somebody deletes it."
)


@dataclass(frozen=True)
class Events:
    """What Bolt calls for the events of the manifest, and for any other: unanswered they count against us."""

    dispatcher: Dispatcher
    conversation: Conversation

    def listen(self, app: AsyncApp) -> None:
        listeners = {
            "app_home_opened": self.on_opened,
            **dict.fromkeys(("app_mention", "message"), self.on_message),
            "app_uninstalled": self.on_gone,
            **dict.fromkeys(("channel_unarchive", "group_unarchive"), self.on_return),
            "member_joined_channel": self.on_joined,
            "tokens_revoked": self.on_revoked,
        }
        for event in LISTENED:
            app.event(event)(listeners[event])
        app.event(ANYTHING)(self.on_anything)

    async def on_opened(self, body: Payload) -> None:
        if (body["event"].get("tab") or "home") == "home":
            self.dispatcher.start(self.dispatcher.publish_home(body))
        self.dispatcher.start(self.dispatcher.greet(body))

    async def on_message(self, body: Payload, context: AsyncBoltContext) -> None:
        self.conversation.hear(body, context.bot_user_id or "")

    async def on_joined(self, body: Payload, context: AsyncBoltContext) -> None:
        """Of those who join a channel only Portero itself is news."""
        if body["event"].get("user") == context.bot_user_id:
            self.dispatcher.start(self.dispatcher.greeter.invited(body["event"].get("channel")))
            await self.on_return(body)

    async def on_return(self, body: Payload) -> None:
        """Portero may post in a channel again, perhaps."""
        self.dispatcher.start(self.dispatcher.go_on_in(body["event"].get("channel"), body.get("event_id", "")))

    async def on_gone(self, event: Payload) -> None:
        """No token is stored, so there is none to delete: this installation's stands in the environment."""
        said = event["type"]
        log.warning("Slack reports %s: Portero cannot answer until it is installed again. %s", said, LEFT_BEHIND)
        self.dispatcher.start(self.dispatcher.try_token())

    async def on_revoked(self, event: Payload) -> None:
        """Tokens of people are no business of ours: Portero has none."""
        if (event.get("tokens") or {}).get("bot"):
            await self.on_gone(event)

    async def on_anything(self) -> None:
        """An event that we take note of by not failing."""
