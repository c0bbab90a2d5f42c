"""How a run of a step is answered: the whole answer as a message, and its outputs, or an error, to the workflow.

The run's own token is good for it alone and may be taken back while it runs (bolt-python issue 1305); then ours ends
the run. What is posted is posted with ours.
"""

import logging
import re
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, read, word_of
from bot.slack.replies.error_messages import list_errors
from bot.slack.replies.messages import CONTENT_ERRORS, QUIET, Outcome, fallbacks
from bot.slack.replies.spoken import for_all
from bot.slack.steps.table import WorkflowStep, outputs_of
from commands.blocks import context
from commands.contract import FormErrors, Modal, Progress, Reply, Request, Shown
from commands.slack_text import clean, undo

log = logging.getLogger(__name__)

SPENT = frozenset({"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"})
LONGEST = 1000
"""Characters of an error, and of a text among the outputs."""

NO_ANSWER = "That is no question that this step answers."
NOT_TAKEN = "Slack did not take the result. That is Slack's side; what was found is in the history."
_EMOJI = re.compile(r":[a-z_]+: ?")


class StepSurface:
    """One run. It is ended once, whatever happens: a workflow waits for that."""

    def __init__(self, client: AsyncWebClient, step: WorkflowStep, request: Request, run: str, token: str) -> None:
        self._client = client
        self._step = step
        self._request = request
        self._run = run
        self._token = token

    async def open(self) -> Reply | None:
        return None

    async def deliver(self, step: Shown) -> None:
        if isinstance(step, Progress):
            return
        if isinstance(step, FormErrors):
            step = list_errors(step)
        if isinstance(step, Modal) or not step.facts:
            await self._fail(NO_ANSWER if isinstance(step, Modal) else step.text)
            return
        outputs = outputs_of(self._step, step.facts[0], await self._post(step))
        short = {name: clean(value, LONGEST) if isinstance(value, str) else value for name, value in outputs.items()}
        if not await self._end(outputs=short):
            await self._end(error=NOT_TAKEN)

    async def post(self, _reply: Reply) -> tuple[Outcome, str]:
        """Nothing is shared by a workflow."""
        return Outcome.CLOSED, ""

    async def revise(self, _copy: Reply | None, otherwise: Reply) -> None:
        await self.deliver(otherwise)

    async def settle(self) -> None:
        """Nothing is under way."""

    async def _post(self, reply: Reply) -> str:
        """The address of the whole answer; nothing where it could not be posted."""
        user, channel = self._request.actor.user, self._request.channel
        note = context(f"Asked by a workflow, for <@{user}>")
        blocks = [*(for_all(reply.blocks) if channel else reply.blocks), note]
        for body in fallbacks(reply.text, blocks):
            try:
                posted = read(await self._client.chat_postMessage(channel=channel or user, **body, **QUIET))
                place, ts = posted.needed("channel"), posted.needed("ts")
                told = await self._client.chat_getPermalink(channel=place, message_ts=ts)
                return read(told).needed("permalink")
            except FAULTS as error:
                log.warning("the answer of a step was not posted, or has no link: %s", word_of(error))
                if word_of(error) not in CONTENT_ERRORS:
                    return ""
        return ""

    async def _fail(self, text: str) -> None:
        said = " ".join(_EMOJI.sub("", undo(text)).replace("`", "'").split())
        await self._end(error=clean(said, LONGEST) or NO_ANSWER)

    async def _end(self, **how: Any) -> bool:
        """With `outputs` or an `error`."""
        end = self._client.functions_completeSuccess if "outputs" in how else self._client.functions_completeError
        for token in filter(None, (self._token, self._client.token)):
            try:
                await end(function_execution_id=self._run, token=token, **how)
            except FAULTS as error:
                log.warning("%s: %s", end.__name__, word_of(error))
                if word_of(error) not in SPENT:
                    return False
            else:
                return True
        return False
