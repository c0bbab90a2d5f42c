"""A history in a dictionary, and requests to go with it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from commands.contract import Actor, Request
from storage.history import StorageError
from storage.queries import Viewer

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@dataclass
class FakeHistory:
    entries: dict = field(default_factory=dict)
    broken: bool = False

    async def add(self, entry, readings=()):
        if self.broken:
            raise StorageError("the disk is full")
        self.entries[entry.id] = entry

    async def get(self, id, _viewer):  # noqa: A002 - the name of the field
        return self.entries.get(id)


@dataclass
class FakeServices:
    history: FakeHistory = field(default_factory=FakeHistory)
    made: int = 0
    ports: tuple = (25, 465, 587, 2525)

    async def viewer(self):
        return Viewer("T1", admin=True)

    def new_id(self):
        self.made += 1
        return f"id{self.made}"


def request(text="", *, team="T1", user="U1", channel="C1", **more):
    return Request("smtpport", Actor(user, team), AT, text=text, channel=channel, **more)


async def run(handler, asked, services):
    return [step async for step in handler(asked, services)]
