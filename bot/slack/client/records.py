"""What Slack answers, read by type. What is missing or of another type is a fault of Slack's, `odd_answer`: a proxy or

somebody else may answer in its place, with JSON that is well-formed and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client.errors import OddAnswerError

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Record:
    """An object of an answer. Every reader raises OddAnswerError; null is as good as nothing."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Empty where there is none."""
        return self._read(name, str) or ""

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        found = self.text(name)
        if not found:
            raise OddAnswerError(f"there is no {name} in the answer")
        return found

    def flag(self, name: str) -> bool:
        return self._read(name, bool) or False

    def record(self, name: str) -> "Record":
        """Empty where there is none."""
        return Record(self._read(name, dict) or {})

    def records(self, name: str) -> list["Record"]:
        """A list that has to be there."""
        found = self._read(name, list)
        if found is None or not all(isinstance(one, dict) for one in found):
            raise OddAnswerError(f"{name} in the answer is no list of objects")
        return [Record(one) for one in found]

    def cursor(self) -> str:
        """Where the next page begins; empty on the last one."""
        return self.record("response_metadata").text("next_cursor")

    def _read(self, name: str, kind: type[Found]) -> Found | None:
        found = self.fields.get(name)
        if found is None or isinstance(found, kind):
            return found
        raise OddAnswerError(f"{name} in the answer is of another type")


def read(answer: AsyncSlackResponse) -> Record:
    """An answer of the Web API."""
    return Record(answer.data if isinstance(answer.data, dict) else {})
