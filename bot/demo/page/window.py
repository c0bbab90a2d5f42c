"""One window of a browser: who looks at what, and what they see, as parts by region."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.demo.page import surfaces
from bot.demo.page.markup import html, tag
from bot.demo.workspace.model import Channel, Message, User
from bot.demo.workspace.workspace import Workspace

HOME, DIRECT = "home", "dm"
"""Places that are no channels: the app's Home, and the direct messages with it."""
MOST_SHOWN = 200
"""Messages of a channel that a window shows: the newest."""


class Part(NamedTuple):
    """A piece of a region: by its key the page knows it again."""

    key: str
    html: str


@dataclass
class Window:
    """`shortcuts` are those of messages, by callback id; `escapes` the commands to which Slack sends names as links."""

    workspace: Workspace
    shortcuts: Mapping[str, str]
    escapes: Collection[str] = ()
    who: str = "ana"
    place: str = "mailops"
    thread: str = ""
    _drawn: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    @property
    def viewer(self) -> User:
        return self.workspace.user(self.who)

    @property
    def channel(self) -> Channel | None:
        """The place that is looked at; None when that is Home."""
        if self.place == HOME:
            return None
        return self.workspace.dm(self.viewer) if self.place == DIRECT else self.workspace.channel(self.place)

    def regions(self) -> dict[str, list[Part]]:
        return {
            "places": list(self._places()),
            "messages": list(self._messages()),
            "thread": list(self._thread()),
            "modal": list(self._modal()),
        }

    def title(self) -> str:
        where = self.channel
        if where is None:
            return "Portero: Home"
        return "Portero: messages" if where.kind == "dm" else f"# {where.name}"

    def _places(self) -> Iterator[Part]:
        seen = [one for one in self.workspace.channels.values() if one.kind != "dm" and self.viewer.id in one.members]
        names = {one.name: f"# {one.name}{'' if one.kind == 'public' else ' (private)'}" for one in seen}
        for place, words in {**names, DIRECT: "Portero", HOME: "Portero: Home"}.items():
            here = "page" if place == self.place else None
            button = tag("button", words, type="button", data_act="look", data_place=place, aria_current=here)
            yield Part(place, html(tag("li", button)))

    def _messages(self) -> Iterator[Part]:
        where = self.channel
        if where is None:
            yield Part(
                HOME, html(surfaces.home(self.workspace.state, self.workspace.home_of(self.viewer), self.viewer))
            )
            return
        seen = self.workspace.messages(where, viewer=self.viewer)
        replies: dict[str, int] = {}
        for one in seen:
            if _is_reply(one):
                replies[one.thread_ts] = replies.get(one.thread_ts, 0) + 1
        for one in [one for one in seen if not _is_reply(one)][-MOST_SHOWN:]:
            yield self._message(one, replies.get(one.ts, 0))

    def _thread(self) -> Iterator[Part]:
        where = self.channel
        if where is None or not self.thread:
            return
        for one in self.workspace.messages(where, viewer=self.viewer):
            if self.thread in {one.ts, one.thread_ts}:
                yield self._message(one, 0)

    def _message(self, one: Message, replies: int) -> Part:
        """Drawn once for each state that it is in."""
        key, state = f"{self.who} {one.ts} {replies > 0}", (len(one.versions), replies, len(one.blocks))
        known = self._drawn.get(key)
        if known is None or known[0] != state:
            shortcuts = dict(self.shortcuts)
            drawn = surfaces.message(self.workspace.state, one, self.viewer, replies=replies, shortcuts=shortcuts)
            known = self._drawn[key] = state, html(drawn)
        return Part(one.ts, known[1])

    def _modal(self) -> Iterator[Part]:
        view = self.workspace.view_of(self.viewer)
        if view is not None:
            wrong = sorted(view.errors.items())
            here = self.channel.id if self.channel else ""
            yield Part(f"{view.id} {view.hash} {wrong}", html(surfaces.modal(self.workspace.state, view, here)))


def _is_reply(one: Message) -> bool:
    return bool(one.thread_ts) and one.thread_ts != one.ts
