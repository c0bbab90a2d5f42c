"""Listens to the runs of steps and hands each on, once, as a request of whoever the workflow names."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.dispatcher import Dispatcher
from bot.slack.requests import payload
from bot.slack.requests.job import Job
from bot.slack.requests.payload import Payload
from bot.slack.steps.surface import StepSurface
from bot.slack.steps.table import STEPS, WorkflowStep
from commands.contract import Command, DeclinedError, Handler, Request, Step, UserError

NOT_THERE = "Who asks is not in that channel, as far as Slack tells."
INVITE = "Name a channel that they are in, or none: then the answer goes to them directly."


@dataclass(frozen=True)
class Steps:
    """The steps of the commands that there are. Bolt acknowledges an event once its listener is done."""

    dispatcher: Dispatcher
    client: AsyncWebClient
    commands: Sequence[Command[Services]]

    def listen(self, app: AsyncApp) -> None:
        for step in STEPS:
            if any(command.name == step.command for command in self.commands):
                app.function(step.callback)(self.on_run)

    async def on_run(self, body: Payload) -> None:
        event = body["event"]
        step = next(one for one in STEPS if one.callback == event["function"]["callback_id"])
        command = next(one for one in self.commands if one.name == step.command)
        request, origin = payload.step(body, command.name, **self.dispatcher.stamp())
        run, token = event["function_execution_id"], event.get("bot_access_token") or ""
        surface = StepSurface(self.client, step, request, run, token)
        self.dispatcher.accept(Job(command, self._within(step), request, origin), surface)

    def _within(self, step: WorkflowStep) -> Handler[Services]:
        """What the step does, where whoever it runs for may make Portero speak."""

        async def serve(request: Request, services: Services) -> AsyncIterator[Step]:
            viewer = await self.dispatcher.access.viewing(services, request.actor.user).viewer()
            if request.channel and not viewer.may_post_in(request.actor.team, request.channel):
                raise DeclinedError(NOT_THERE, INVITE)
            try:
                async for made in step.handle(request, services):
                    yield made
            except UserError as error:  # how the command is typed is no help in a workflow
                raise DeclinedError(error.message, error.hint) from error

        return serve
