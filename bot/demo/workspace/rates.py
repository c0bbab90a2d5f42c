"""Slack's documented rates, kept by the workspace where a test or a measurement wants that: who is too fast gets a 429.

One message a second in each channel, without the short bursts that Slack lets pass, and so many calls a minute of
some other methods. Source: docs.slack.dev, apis/web-api/rate-limits and the page of each method.
"""

import math
from collections import defaultdict, deque
from collections.abc import Mapping

from bot.demo.workspace.clock import Clock
from bot.demo.workspace.model import Payload, Refusal

MINUTE = 60.0
PER_CHANNEL: Mapping[str, tuple[int, float]] = {"chat.postMessage": (1, 1.0)}
PER_METHOD: Mapping[str, tuple[int, float]] = {
    "chat.startStream": (20, MINUTE),
    "chat.stopStream": (20, MINUTE),
    "chat.update": (50, MINUTE),
    "chat.appendStream": (100, MINUTE),
    "chat.postEphemeral": (100, MINUTE),
}
"""How many calls in how many seconds."""


class Rates:
    """Counts calls by the workspace's clock. Until it is `kept`, nothing is refused."""

    def __init__(self, clock: Clock) -> None:
        self.kept = False
        self._clock = clock
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)

    def meet(self, method: str, args: Payload) -> None:
        """Counts the call, or refuses it and says when the next one is taken."""
        most, seconds = PER_CHANNEL.get(method) or PER_METHOD.get(method, (0, 0.0))
        if not self.kept or not most:
            return
        taken = self._taken[f"{method} {args.get('channel')}" if method in PER_CHANNEL else method]
        now = self._clock.now()
        while taken and now - taken[0] >= seconds:
            taken.popleft()
        if len(taken) >= most:
            raise Refusal("ratelimited", status=429, retry_after=max(1, math.ceil(seconds - (now - taken[0]))))
        taken.append(now)
