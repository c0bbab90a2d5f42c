"""How a deed reaches the app: over Socket Mode, or as a signed request when there is a request URL."""

from typing import Any

from bot.demo.workspace import functions, payloads
from bot.demo.workspace.delivery import Answer, HttpDelivery
from bot.demo.workspace.model import Payload, StepRun, User
from bot.demo.workspace.records import Interaction
from bot.demo.workspace.sockets import Sockets, accepts_payload
from bot.demo.workspace.state import State

RETRY_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}


class Carrier:
    """Delivers payloads. `http.url` decides how: by Socket Mode while it is empty."""

    def __init__(self, state: State, sockets: Sockets, http: HttpDelivery) -> None:
        self.state, self.sockets, self.http = state, sockets, http

    async def open_home(self, user: User | str, tab: str = "home") -> Interaction:
        """Opens the app: the event `app_home_opened`, with the view when one was published."""
        who = self.state.user(user)
        body: Payload = {"user": who.id, "channel": self.state.dm(self.state.bot.id, who.id).id, "tab": tab}
        if home := self.state.homes.get(who.id):
            body["view"] = payloads.view(self.state, home)
        return await self.event("app_home_opened", **body)

    async def event(self, type: str, *, retries: int = 0, **fields: Any) -> Interaction:  # noqa: A002 - Slack's word
        """An event, delivered again up to `retries` times while it is not acknowledged.

        Slack repeats it 3 times: at once, after 1 and after 5 minutes; here all come at once. A repetition has the
        same event id, and the number and the reason of the retry. `X-Slack-No-Retry: 1` ends it.
        """
        payload = payloads.event(self.state, {"type": type, **fields})
        done = await self.deliver("events_api", payload)
        while done.error and done.attempts <= retries and not done.no_retry:
            answer = await self._way.deliver("events_api", payload, done.attempts, RETRY_REASONS[done.error])
            done.attempts += 1
            _note(done, answer)
        return done

    async def step(self, callback: str, inputs: Payload, *, retries: int = 0) -> StepRun:
        """A workflow comes to a step of the app: its run, which the app has perhaps ended by now."""
        run, body = functions.begin(self.state, callback, inputs)
        await self.event("function_executed", retries=retries, **body)
        return run

    async def deliver(self, kind: str, payload: Payload) -> Interaction:
        """One delivery, and how the app took it. The kinds are those of Socket Mode envelopes."""
        done = Interaction(kind, payload)
        _note(done, await self._way.deliver(kind, payload))
        self.state.changed()
        return done

    @property
    def _way(self) -> HttpDelivery | Sockets:
        return self.http if self.http.url else self.sockets


def _note(done: Interaction, answer: Answer) -> None:
    """Takes the outcome of a delivery into the record; what Slack does not read is left out of `ack`."""
    done.error, done.status, done.no_retry = answer.error, answer.status, answer.no_retry
    done.ack_ms = None if answer.seconds is None else answer.seconds * 1000
    done.ack = answer.payload if not answer.error and accepts_payload(done.kind, done.payload) else {}
