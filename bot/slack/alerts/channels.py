"""What `/smtpwatch` posts beside its answers: the first line of a watch, a test alert, an alert brought up to date."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.alerts.notifier import BEFORE
from bot.slack.alerts.posts import post, rewrite
from bot.slack.client.web_client import FAULTS, read, word_of
from commands.contract import Reply
from commands.slack_text import clean
from commands.watch.state.certificates import CERTIFICATES, incident_of
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.routes import SLACK
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import in_full
from commands.watch.view.alert import alert
from storage.queries import Viewer
from storage.watches import Watches

log = logging.getLogger(__name__)

TRIES = 3
LAST_INCIDENTS = 3
"""Of each watch, among which one that is over is looked for."""

GROUP_SECONDS = 5.0
"""A dialogue waits for the list no longer."""

NAME_SECONDS, MOST_NAMES, LONGEST_NAME = 5.0, 40, 80
"""How long a file waits for names, how many are asked for, and their characters."""


@dataclass
class SlackChannels:
    """`watches` holds all of them: what may be seen was decided before."""

    client: AsyncWebClient
    watches: Watches
    now: Callable[[], datetime]

    async def announce(self, channel: str, text: str) -> str:
        return await self._post(channel, Reply(text))

    async def rehearse(self, watch: Watch, event: Event) -> str:
        return await self._post(watch.channel, alert(event, watch, self.now()))

    async def refresh(self, watch: Watch, since: datetime | None = None) -> None:
        """What stands in the message of each open incident, with the watch as it is.

        `since`: of those, too, of which something was told since then, and perhaps could not be posted. They may be
        over, and nothing else will bring them up to date: what fails is tried again.
        """
        viewer = Viewer(watch.team, admin=True)
        told = await self.watches.events(viewer, watch=watch.id, since=since) if since else []
        late = (row.incident for row in told if since and row.at >= since)
        for incident in dict.fromkeys((*open_incidents(watch), *late)):
            posted = await self.watches.posted(incident, SLACK)
            rows = await self.watches.events(viewer, incident=incident)
            if not posted or not rows:
                continue
            event = in_full(of_event_row(rows[-1]), map(of_event_row, rows))
            reply = alert(event, watch, self.now())
            for _ in range(TRIES if since else 1):
                if await self._rewritten(posted, reply):
                    break

    async def _rewritten(self, posted: Mapping[str, Any], reply: Reply) -> bool:
        try:
            await rewrite(self.client, posted["channel"], posted["ts"], reply)
        except FAULTS as error:
            log.warning("an alert could not be brought up to date: %s", word_of(error))
            return False
        return True

    async def told_in(self, channel: str, ts: str, watches: Sequence[Watch]) -> list[Watch]:
        """Of these watches those whose open incidents stand in a message, or did before a newer one; oldest first."""
        open_ones = [(watch, watch.state.incident) for watch in watches if watch.state.incident is not None]
        messages = dict.fromkeys(name for _, incident in open_ones for name in (incident.told_in, incident.id))
        for name in messages:
            if await self._stands_in(name, channel, ts):
                meant = {incident.told_in for _, incident in open_ones if name in {incident.told_in, incident.id}}
                found = [
                    (incident.since, watch.id, watch) for watch, incident in open_ones if incident.told_in in meant
                ]
                return [watch for *_, watch in sorted(found, key=lambda one: one[:2])]
        return []

    async def was_told_in(self, channel: str, ts: str, watches: Sequence[Watch]) -> tuple[Watch, str] | None:
        """Of these watches the one whose incident stood in a message and is over, and its id: of the last ones."""
        for watch in (watch for watch in watches if watch.channel == channel):
            for number in range(watch.state.serial, max(0, watch.state.serial - LAST_INCIDENTS), -1):
                if await self._stands_in(name := f"{watch.id}.{number}", channel, ts):
                    return watch, name
        return None

    async def _stands_in(self, incident: str, channel: str, ts: str) -> bool:
        """Or did, before a newer message."""
        posted = await self.watches.posted(incident, SLACK)
        if not posted or posted["channel"] != channel:
            return False
        return ts in {posted["ts"], *posted.get(BEFORE, "").split()}

    async def groups(self) -> dict[str, str]:
        """Needs the scope `usergroups:read`; free workspaces have no groups."""
        try:
            async with asyncio.timeout(GROUP_SECONDS):
                found = read(await self.client.usergroups_list()).records("usergroups")
                return {group.needed("id"): group.needed("handle") for group in found}
        except FAULTS as error:
            log.info("user groups could not be looked up: %s", word_of(error))
            return {}

    async def names(self, ids: Collection[str]) -> dict[str, str]:
        """Of the first so many that are wanted, as far as Slack says them in time."""
        wanted = sorted(ids)[:MOST_NAMES]
        asked = {asyncio.ensure_future(self._name(one)): one for one in wanted}
        if not asked:
            return {}
        done, late = await asyncio.wait(asked, timeout=NAME_SECONDS)
        for task in late:
            task.cancel()
        return {asked[task]: name for task in done if (name := task.result())}

    async def _name(self, id: str) -> str:  # noqa: A002
        """Nothing where Slack does not say it."""
        try:
            if id[:1] in {"U", "W"}:
                user = read(await self.client.users_info(user=id)).record("user")
                shown = user.text("real_name") or user.record("profile").text("display_name") or user.text("name")
            else:
                shown = read(await self.client.conversations_info(channel=id)).record("channel").text("name")
        except FAULTS as error:
            log.info("a name could not be looked up: %s", word_of(error))
            return ""
        return clean(shown, LONGEST_NAME)

    async def _post(self, channel: str, reply: Reply) -> str:
        try:
            await post(self.client, channel, reply)
        except FAULTS as error:
            return word_of(error)
        return ""


def open_incidents(watch: Watch) -> list[str]:
    """The ids of the incidents that go on: that of its state, and that of its certificates."""
    ending = incident_of(watch.state.baseline.get(CERTIFICATES, {}))
    found = [watch.state.incident.told_in] if watch.state.incident is not None else []
    return [*found, *([ending.told_in] if ending is not None else [])]
