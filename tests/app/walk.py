"""A walk over everything that somebody can reach: every listener of the app and every handler of the registry.

Both are found by looking, not by a list: what is registered tomorrow is walked to, or named as left out.
"""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import wraps

from bot.registry import COMMANDS
from bot.slack.manifest import LISTENED, manifest
from bot.slack.shortcuts import OPENING, READING
from bot.slack.steps.table import STEPS, WHERE, WHO
from bot.watches.loops import watching
from bot.watches.probe import ProbeResult
from commands.watch.state.observation import nothing_seen

from .stage import bot_on

AT_ONCE = 40
TEXTS = {
    "smtphistory": ("{host}", "check {host}", "failed", "yesterday", ""),
    "smtpwatch": ("list", "list all", "show {watch}", "history {watch}", "snooze {watch} 1h", "delete {watch}", ""),
}
WRITTEN = ("history of {host}", "what changed at {host}", "failed", "watches", "what is down", "show {watch}", "why?")
PHASES = {"smtpwatch.run": 0, "smtphistory.delete": 2, "smtpwatch.delete": 2}
"""What is pressed before the others (a paused watch does not run), and after them (what is gone shows nothing)."""


class Unlimited:
    """Nobody has to wait: a walk is faster than any person."""

    def wait(self, _key, _rate):
        return 0.0

    def wait_for_all(self, _uses):
        return 0.0


def blindly(services, _look, notifiers):
    """The loops, but a run sees nothing."""

    async def look(watch, _at):
        return ProbeResult(nothing_seen(watch))

    return watching(services, look, notifiers)


@dataclass
class Walk:
    """One person's walk. `stored` has the ids of results by kind, `watches` those of watches, a deleted one last."""

    ws: object
    stage: object
    stored: dict
    watches: tuple
    host: str
    reached: set = field(default_factory=set)

    @property
    def left_out(self):
        """Listeners of the app that were never run."""
        return sorted(listeners(self.stage.bot.server.app).keys() - self.reached)

    @property
    def handled(self):
        """The handlers that were entered."""
        return self.reached & handlers()

    async def go(self, user, channel="lobby"):
        """Everything, as this person, who is in this channel."""
        who = self.ws.user(user)
        self.ws.channel(channel).members.add(who.id)
        message = self.ws.say(user, channel, "smtp-listener 0/0:25")
        await self._all(self._commands(user, channel))
        first, middle, last = self._presses(who, channel)
        await self._all(first)
        await self._all([*middle, *self._forms(who, channel)])
        await self._all([self.ws.shortcut(each, user, message) for one in COMMANDS for each in one.shortcuts])
        await self._all(self._others(user, channel, message))
        await self._all(self._writes(user, channel))
        await self._all([self.ws.open_home(user, tab) for tab in ("home", "messages")])
        await self._all(last)
        await self._all([self.ws.event(event, user=who.id, tokens={"bot": ["B1"]}) for event in (*LISTENED, "unknown")])

    async def _all(self, doings):
        doings = list(doings)
        for start in range(0, len(doings), AT_ONCE):
            await asyncio.gather(*doings[start : start + AT_ONCE])
            await self.stage.bot.dispatcher.idle()

    def _commands(self, user, channel):
        for command in COMMANDS:
            for text in TEXTS.get(command.name, ("",)):
                line = f"/{command.name} {text.format(host=self.host, watch=self.watches[0])}"
                yield self.ws.command(user, channel, line)

    def _others(self, user, channel, message):
        """What stands in Slack's own menus, and the steps of a workflow that somebody made for them."""
        yield from (self.ws.shortcut(one.callback, user, message) for one in READING)
        yield from (self.ws.shortcut(one.callback, user) for one in OPENING)
        self.ws.state.functions = manifest(workflow=True)["functions"]
        known = {WHO: self.ws.user(user).id, WHERE: self.ws.channel(channel).id}
        for step in STEPS:
            wanted = [one.name for one in step.inputs if one.required or one.name in known]
            yield self.ws.step(step.callback, {name: known.get(name, "nowhere") for name in wanted})

    def _writes(self, user, channel):
        """What they ask in a channel and in their own messages; whoever reads the channel reads the answers, too."""
        for text in WRITTEN:
            said = text.format(host=self.host, watch=self.watches[0])
            yield self.ws.write(user, channel, f"@portero {said}")
            yield self.ws.write(user, self.ws.dm(user), said)

    def _presses(self, who, channel):
        phases = [], [self._press(who, channel, "unknown.action", "")], []
        for command in COMMANDS:
            for action in (*command.actions, "unknown"):
                key = f"{command.name}.{action}"
                for value in self._values(command):
                    phases[PHASES.get(key, 1)].append(self._press(who, channel, key, value))
        return phases

    def _press(self, who, channel, action, value):
        pressed = {"action_id": action, "value": value, "block_id": "b", "type": "button"}
        return self.ws.deliver("interactive", {**self._payload(who, channel), "actions": [pressed]})

    def _forms(self, who, channel):
        for command in COMMANDS:
            for form in (*command.forms, "unknown"):
                for number, value in enumerate(self._values(command)):
                    view = {"id": f"V{number}", "callback_id": f"{command.name}.{form}", "type": "modal"}
                    view["private_metadata"] = json.dumps({"channel": self.ws.channel(channel).id, "private": value})
                    view["state"] = {"values": {"until": {"until": {"value": "1h"}}}}
                    body = {**self._payload(who, channel), "type": "view_submission", "view": view}
                    yield self.ws.deliver("interactive", body)

    def _values(self, command):
        """What the buttons of a command carry, and what they do not."""
        if command.name == "smtpwatch":
            return (
                *self.watches,
                *(f"{verb} {self.watches[0]}" for verb in ("mute", "delete")),
                self.stored["check"],
                "",
            )
        pair = f"{self.stored['check']} {self.stored['check']}"
        return (*self.stored.values(), pair, self.host, json.dumps({"f": self.host, "n": 1, "t": []}), "")

    def _payload(self, who, channel):
        """What Slack sends when somebody presses a button in a channel."""
        where = self.ws.channel(channel)
        return {
            "type": "block_actions",
            "team": {"id": self.ws.state.team, "domain": "mailops"},
            "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": who.team or self.ws.state.team},
            "container": {"type": "message", "message_ts": "1.2", "channel_id": where.id},
            "channel": {"id": where.id, "name": channel},
            "response_url": "",
            "state": {"values": {}},
            "trigger_id": self.ws.state.triggers.issue(who.id),
        }


def handlers():
    """Every handler of the registry by a name."""
    found = set()
    for command in COMMANDS:
        found.add(f"command {command.name}")
        found |= {f"action {command.name}.{action}" for action in command.actions}
        found |= {f"form {command.name}.{form}" for form in command.forms}
        found |= {f"shortcut {shortcut}" for shortcut in command.shortcuts}
    return found


def listeners(app):
    """Those of Bolt, each by its place and the function that serves it."""
    found = enumerate(app._async_listeners)
    return {f"listener {number} {one.ack_function.__qualname__}": one for number, one in found}


def noting(command, reached):
    """The same command, but each of its handlers is noted when it is entered."""

    def noted(handle, key):
        async def handler(request, services):
            reached.add(key)
            async for step in handle(request, services):
                yield step

        return handler

    def each(kind, found):
        return {one: noted(handle, f"{kind}{one}") for one, handle in found.items()}

    actions = {
        one: replace(action, handle=noted(action.handle, f"action {command.name}.{one}"))
        for one, action in command.actions.items()
    }
    forms, shortcuts = each(f"form {command.name}.", command.forms), each("shortcut ", command.shortcuts)
    handle = noted(command.handle, f"command {command.name}")
    return replace(command, handle=handle, actions=actions, forms=forms, shortcuts=shortcuts)


def note_listeners(app, reached):
    """Each listener of Bolt is noted when it runs."""
    for key, listener in listeners(app).items():
        listener.ack_function = _noted(listener.ack_function, key, reached)


def _noted(function, key, reached):
    @wraps(function)
    async def run(**given):
        reached.add(key)
        return await function(**given)

    return run


@asynccontextmanager
async def walking(ws, services, stored, watches, host):
    """A bot that notes what is reached."""
    ws.clock.stop()
    reached = set()
    commands = tuple(noting(command, reached) for command in COMMANDS)
    async with bot_on(ws, replace(services, limiter=Unlimited()), commands=commands, pace=(), loops=blindly) as stage:
        note_listeners(stage.bot.server.app, reached)
        yield Walk(ws, stage, stored, watches, host, reached)
