"""Whether Slack takes our tokens, by what it said last; and calls, counted by what Slack said of them.

A token that was revoked, or an app that was removed, shows only when something is asked: then nothing can be answered
any more, whoever runs Portero is told why, and every minute it is asked once more, since a workspace may come back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from slack_sdk.web.async_client import AsyncWebClient

from bot.observability import metrics

log = logging.getLogger(__name__)

REFUSALS = frozenset(
    {"account_inactive", "app_uninstalled", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""What Slack says of a token that it does not take (docs.slack.dev, reference/methods/auth.test)."""

NAMED = REFUSALS | {
    "ClientConnectorError",
    "TimeoutError",
    "channel_not_found",
    "fatal_error",
    "internal_error",
    "invalid_blocks",
    "is_archived",
    "missing_scope",
    "not_allowed_token_type",
    "not_in_channel",
    "ratelimited",
    "user_not_found",
}
"""Codes, and failures of the connection, that are counted by name; of others there may be no end: `other`."""

ASK_AGAIN_SECONDS = 60.0


NEITHER = frozenset({"apps.manifest.export", "blocks.validate"})
"""Methods that are called with another token, or with none."""


@dataclass
class Token:
    """One of our tokens. `refused` is Slack's word while it does not take it, else empty."""

    kind: Literal["bot", "app"]
    refused: str = ""
    turned: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def setting(self) -> str:
        return f"SLACK_{self.kind.upper()}_TOKEN"

    def heard(self, code: str) -> None:
        """What a call with it came to: the code of an error, or empty."""
        name = self.setting
        if code in REFUSALS and not self.refused:
            log.error("Slack refuses %s (%s): %s", name, code, COSTS[self.kind])
            self._turn(code)
        elif not code and self.refused:
            log.warning("Slack takes %s again", name)
            self._turn("")

    def _turn(self, refused: str) -> None:
        self.refused = refused
        metrics.token_refused.labels(self.kind).set(bool(refused))
        self.turned.set()


COSTS = {
    "bot": "nothing can be answered until the app is installed again and its token is set",
    "app": "nothing new is heard of Slack until there is a new one (Basic Information > App-Level Tokens)",
}


@dataclass
class Tokens:
    """Both of them, as they stand."""

    bot: Token = field(default_factory=lambda: Token("bot"))
    app: Token = field(default_factory=lambda: Token("app"))

    @property
    def refused(self) -> str:
        return self.bot.refused or self.app.refused

    def heard(self, method: str, code: str) -> None:
        """What a call came to."""
        if method not in NEITHER:
            (self.app if method == "apps.connections.open" else self.bot).heard(code)

    async def ask_again(self, client: AsyncWebClient) -> None:
        """For ever: while the bot's is refused, ask whether it still is. Of the app's the socket asks by itself."""
        while True:
            self.bot.turned.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN_SECONDS if self.bot.refused else None):
                    await self.bot.turned.wait()
            if self.bot.refused:
                with suppress(Exception):  # what it says is heard; that it says nothing is no news
                    await client.auth_test()


def counted(method: str, code: str) -> None:
    """Count a call; `code` is empty where it came to what it should."""
    if code:
        metrics.slack_errors.labels(method, code if code in NAMED else "other").inc()


@asynccontextmanager
async def asked_again(tokens: Tokens, client: AsyncWebClient) -> AsyncIterator[None]:
    """Asks while it is entered."""
    task = asyncio.ensure_future(tokens.ask_again(client))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
