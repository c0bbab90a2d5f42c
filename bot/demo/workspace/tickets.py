"""What Slack hands out for a short time: trigger ids, response URLs.

A trigger opens one modal within 3 seconds (docs.slack.dev, interactivity/handling-user-interaction); a response URL
takes 5 posts in 30 minutes (the same page).
"""

import secrets
from dataclasses import dataclass, field

from bot.demo.workspace.clock import Clock
from bot.demo.workspace.model import Refusal

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 1800.0


@dataclass(slots=True)
class Trigger:
    user: str
    at: float
    view_id: str = ""
    used: bool = False


class Triggers:
    """Trigger ids by value."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str = "") -> str:
        value = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self._known[value] = Trigger(user, self._clock.now(), view_id)
        return value

    def redeem(self, value: str) -> Trigger:
        """The trigger, used up; refused as `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`."""
        trigger = self._known.get(value)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._clock.now() - trigger.at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer one interaction. `original` is the ts of the message whose component was used.

    A slash command and a message shortcut have no original: there is nothing that `replace_original` could replace.
    """

    channel: str
    user: str
    at: float
    original: str = ""
    uses: int = 0
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    def spend(self, now: float) -> None:
        """One use; refused with 404 `expired_url` after 5 uses or 30 minutes."""
        if self.uses >= RESPONSE_URL_USES or now - self.at > RESPONSE_URL_SECONDS:
            raise Refusal("expired_url", status=404)
        self.uses += 1
