"""A channel takes posts again: the messages in it say what became of what they told."""

from types import SimpleNamespace

from bot.slack.alerts.channels import SlackChannels
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from commands.watch.verbs.returning import go_on_in
from storage.queries import OPERATOR

from .channels import refusal
from .lived import Rooms
from .room import Luck, room
from .samples import HOUR, NOON, a_watch, seen


class Refusing(Rooms):
    """So many edits are refused."""

    refused = 0

    async def chat_update(self, *, channel, **content):
        if self.refused:
            self.refused -= 1
            raise refusal("internal_error")
        return await super().chat_update(channel=channel, **content)


async def test_what_ended_in_an_archived_channel_is_said_to_be_over_also_where_slack_refuses_an_edit(tmp_path):
    """Nothing else would bring it up to date."""
    async with room(tmp_path, lambda watch, at: seen("bad" if HOUR <= at - NOON < 3 * HOUR else "good", watch)) as here:
        slack = Refusing(Luck(), here.clock, lambda: False)
        here.delivery = DeliveryLoop(here.store, [SlackAlerts(slack, here.clock)], here.clock)
        await here.add(a_watch())
        await here.until(NOON + 2 * HOUR)
        slack.closed["C1"] = "is_archived", here.clock.at
        await here.until(NOON + 4 * HOUR)
        [message] = slack.posts("C1")
        assert "25 no answer" in message["text"]
        slack.closed, slack.refused = {}, 2

        async def viewer():
            return OPERATOR

        parts = {"channel_posts": SlackChannels(slack, here.store, here.clock), "viewer": viewer, "now": here.clock}
        needs = SimpleNamespace(watches=here.store, watches_changed=lambda: None, **parts)
        assert await go_on_in("C1", here.clock.at, needs) == ""
        assert "recovered" in slack.posts("C1")[0]["text"]
