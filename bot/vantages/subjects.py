"""The subjects of a vantage, and what each side may do with them. Pure.

`portero.SPACE.NAME.errand`, `.hello`, `.cancel`: the bot publishes there, and listens on inboxes of its own. A worker
subscribes to those of its own name and publishes nothing but replies to what it was sent (`allow_responses`), so that a
stolen key hears and says nothing elsewhere.
"""

from dataclasses import dataclass
from typing import Any

INBOX = "_INBOX.portero"
"""What the bot's inboxes begin with."""

NO_SPACE = "-"
"""In the place of a workspace where no bot was started yet."""

MOST_REPLIES = 4_000
REPLY_SECONDS = 900
"""To one errand: a deep check waits 120 s and 300 s for its turn, and says twice a second that it is alive."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Those of one vantage of one workspace."""

    space: str
    name: str

    @property
    def errand(self) -> str:
        return self._of("errand")

    @property
    def hello(self) -> str:
        """Asks who is there: every worker of the name answers."""
        return self._of("hello")

    @property
    def cancel(self) -> str:
        return self._of("cancel")

    @property
    def all(self) -> tuple[str, str, str]:
        return self.errand, self.hello, self.cancel

    def _of(self, what: str) -> str:
        return f"portero.{self.space or NO_SPACE}.{self.name}.{what}"

    def of_worker(self) -> dict[str, Any]:
        """The permissions of its workers. Errands go to the queue group alone: nobody can read along."""
        return {
            "subscribe": [f"{self.errand} {self.name}", self.hello, self.cancel],
            "publish": {"deny": [">"]},
            "allow_responses": {"max": MOST_REPLIES, "expires": f"{REPLY_SECONDS}s"},
        }


def of_bot() -> dict[str, Any]:
    """The permissions of the bot."""
    places = [f"portero.*.*.{what}" for what in ("errand", "hello", "cancel")]
    return {"publish": places, "subscribe": [f"{INBOX}.>"]}
