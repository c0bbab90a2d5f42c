"""What happened: calls of the app, and deeds of people with the app's answer."""

from dataclasses import dataclass, field

from bot.demo.workspace.model import Payload


@dataclass(slots=True)
class Call:
    """A Web API call (or a post to a response URL, method `response_url`) and what was answered.

    `warnings` are things that Slack lets pass and that a reader would miss, such as blocks without a text.
    """

    method: str
    args: Payload
    at: float
    answer: Payload = field(default_factory=dict)
    status: int = 200
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass(slots=True)
class Interaction:
    """Something a person did and how the app took it.

    `ack` is the payload that came with the acknowledgement, `ack_ms` how long it took (None: none came in time),
    `error` Slack's code for a failed delivery (`operation_timeout`, `dispatch_failed`), `errors` a modal's field
    errors by block id, `status` the HTTP status (0 in Socket Mode), `attempts` how often it was delivered, `problems`
    what is wrong with blocks or a view in the ack (then `error` is set too).
    """

    kind: str
    payload: Payload
    ack: Payload = field(default_factory=dict)
    ack_ms: float | None = None
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 0
    attempts: int = 1
    no_retry: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What the user reads when the app did not answer; empty when it did."""
        if not self.error:
            return ""
        if self.kind == "slash_commands":
            return f'{self.payload["command"]} failed with the error "{self.error}"'
        return "We had some trouble connecting. Try again?"

    @property
    def response_url(self) -> str:
        return str(self.payload.get("response_url", ""))

    @property
    def trigger_id(self) -> str:
        return str(self.payload.get("trigger_id", ""))
