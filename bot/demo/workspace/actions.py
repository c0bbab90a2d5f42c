"""What people do in Slack: type commands, press buttons, fill in modals, use shortcuts.

Each deed reaches the app as Slack would deliver it, over Socket Mode or as a signed request, and returns an
`Interaction`.
"""

from collections.abc import Mapping

from bot.demo.workspace import forms, modals, payloads, responses
from bot.demo.workspace.buttons import NumberedButton, component
from bot.demo.workspace.carrier import Carrier
from bot.demo.workspace.forms import Value
from bot.demo.workspace.model import Channel, Impossible, Message, Payload, Refusal, User, View
from bot.demo.workspace.presence import present, viewer
from bot.demo.workspace.records import Interaction
from bot.demo.workspace.tickets import ResponseUrl


class Actions(Carrier):
    """Commands, buttons, modals and shortcuts."""

    async def command(self, user: User | str, channel: Channel | str, line: str) -> Interaction:
        """Types `/name text` in a channel. What the ack says is shown to the user, or to all for `in_channel`."""
        who, where = present(self.state, user, channel)
        name, *text = line.strip().split(None, 1)
        payload = payloads.command(self.state, who, where, name, *text)
        url = ResponseUrl(where.id, who.id, self.state.clock.now())
        payload["response_url"] = responses.issue(self.state, "commands", url)
        payload["trigger_id"] = self.state.triggers.issue(who.id)
        done = await self.deliver("slash_commands", payload)
        if done.ack:
            self._show_ack(done, url, line)
        return done

    async def click(
        self,
        shown: Message | View,
        action: str | int | NumberedButton,
        *,
        user: User | str = "",
        value: str = "",
        choice: Value = None,
        form: Mapping[str, Value] | None = None,
    ) -> Interaction:
        """Uses a component, by action id, by the number that `render` shows or by `NumberedButton`.

        `value` tells buttons with the same action id apart, `choice` is what is chosen in a menu, `form` what stands
        in the inputs beside it. A confirmation dialogue counts as accepted.
        """
        who = viewer(self.state, shown, user)
        block, element = component(shown, action, value)
        payload = payloads.interaction(self.state, "block_actions", who)
        chosen = {element["action_id"]: choice} if element in forms.fields(block) else {}
        entered = forms.values(self.state, shown.blocks, {**(form or {}), **chosen}, who.id)
        if isinstance(shown, View):
            payload |= payloads.from_view(self.state, shown, entered)
        else:
            payload |= payloads.from_message(self.state, shown, entered)
            url = ResponseUrl(shown.channel, who.id, self.state.clock.now(), original=shown.ts)
            payload["response_url"] = responses.issue(self.state, "actions", url)
        payload["trigger_id"] = self.state.triggers.issue(who.id, shown.id if isinstance(shown, View) else "")
        payload["actions"] = [self._action(block, element, choice, who)]
        return await self.deliver("interactive", payload)

    async def submit(
        self, view: View, values: Mapping[str, Value] | None = None, *, user: User | str = ""
    ) -> Interaction:
        """Fills in a modal (values by block id) and submits it; `errors` of the record are what the user sees.

        What the client itself refuses (a required field, a length) is never sent: then `attempts` is 0.
        """
        who = viewer(self.state, view, user)
        if "submit" not in view.body or view not in self.state.stacks.get(who.id, [])[-1:]:
            raise Impossible("only the modal on top can be submitted, and only when it has a submit button")
        entered = forms.values(self.state, view.blocks, values or {}, who.id)
        payload = payloads.interaction(self.state, "view_submission", who)
        payload |= {"view": payloads.view(self.state, view, entered), "response_urls": []}
        if not forms.local_errors(view.blocks, entered):
            payload["response_urls"] = self._response_urls(view, entered, who)
        payload["trigger_id"] = self.state.triggers.issue(who.id, view.id)
        if errors := forms.local_errors(view.blocks, entered):
            return Interaction("interactive", payload, errors=errors, attempts=0)
        done = await self.deliver("interactive", payload)
        if not done.error:
            self._take_view_ack(done, view)
        return done

    def _response_urls(self, view: View, entered: Payload, who: User) -> list[Payload]:
        """For each menu of conversations with `response_url_enabled`: a URL that posts there as a command's would."""
        made = []
        for block in view.blocks:
            element = block.get("element", {})
            if block["type"] != "input" or not element.get("response_url_enabled"):
                continue
            value = entered[block["block_id"]][element["action_id"]]
            where = value.get("selected_conversation") or value.get("selected_channel")
            if where:
                url = responses.issue(self.state, "app", ResponseUrl(where, who.id, self.state.clock.now()))
                about = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": where}
                made.append({**about, "response_url": url})
        return made

    async def close(self, view: View) -> Interaction | None:
        """Closes a modal; the app hears of it when the view has `notify_on_close`."""
        modals.close(self.state, view)
        if not view.body.get("notify_on_close"):
            return None
        payload = payloads.interaction(self.state, "view_closed", self.state.users[view.user])
        payload |= {"view": payloads.view(self.state, view), "is_cleared": False}
        return await self.deliver("interactive", payload)

    async def shortcut(self, callback_id: str, user: User | str, message: Message | None = None) -> Interaction:
        """A shortcut on a message (not on ephemerals, where Slack does not offer it), or a global one."""
        kind = "message_action" if message else "shortcut"
        who = viewer(self.state, message, user) if message else self.state.user(user)
        if message and message.ephemeral_to:
            raise Impossible("ephemeral messages have no shortcuts")
        payload = payloads.interaction(self.state, kind, who)
        payload |= {"callback_id": callback_id, "action_ts": self.state.new_ts()}
        payload["trigger_id"] = self.state.triggers.issue(who.id)
        if message:
            url = ResponseUrl(message.channel, who.id, self.state.clock.now())
            payload["response_url"] = responses.issue(self.state, "app", url)
            payload["channel"] = payloads.channel(self.state.channels[message.channel])
            payload |= {"message_ts": message.ts, "message": payloads.message(self.state, message)}
        return await self.deliver("interactive", payload)

    def _show_ack(self, done: Interaction, url: ResponseUrl, line: str) -> None:
        """The message in an ack. An `in_channel` answer shows everybody what was typed, too."""
        if done.ack.get("response_type") == "in_channel":
            self.state.messages.append(Message(self.state.new_ts(), url.channel, url.user, line))
        try:
            if set(done.ack) - {"response_type"}:
                responses.answer(self.state, url, done.ack)
        except Refusal as refusal:
            done.error, done.problems = refusal.error, list(refusal.details)
        self.state.changed()

    def _take_view_ack(self, done: Interaction, view: View) -> None:
        try:
            modals.take_ack(self.state, view, done.ack)
            done.errors = dict(view.errors)
        except Refusal as refusal:
            done.error, done.problems = refusal.error, list(refusal.details)

    def _action(self, block: Payload, element: Payload, choice: Value, who: User) -> Payload:
        kind = element["type"]
        made = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
        made["action_ts"] = self.state.new_ts()
        if kind in forms.FIELDS:
            return made | forms.entry(self.state, element, choice, who.id)
        return made | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
