"""What `/smtphistory` answers in words, in a terminal: changes, since when, certificates, which hosts, one result."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import say_json, say_text
from bot.entry_sentences import line_with_words, with_sentences
from commands.contract import Actor, Reply, Request, UserError
from storage.history import FAILED, Entry, History, Line, Viewer
from storage.watches import Watches

SCHEMA = "portero.history.answer/1"


@dataclass(frozen=True)
class Services:
    """What `/smtphistory` needs, for whoever runs Portero."""

    history: History
    watches: Watches
    asker: Viewer

    async def viewer(self) -> Viewer:
        return self.asker

    async def tagged(self, tag: str) -> list[str]:
        return await self.watches.tagged(tag, self.asker)

    def provider_hosts(self, name: str) -> Callable[[str], bool]:
        from commands.smtpport.catalogue.lookup import hosts_called  # noqa: PLC0415 - only this question reads it

        return hosts_called(name)

    def with_sentences(self, entry: Entry) -> Entry:
        return with_sentences(entry)

    def line_with_words(self, line: Line) -> Line:
        return line_with_words(line)


async def answer(text: str, services: Services, *, as_json: bool) -> int:
    """Print what Slack would show."""
    from commands.history.handler import handle  # noqa: PLC0415
    from commands.watch.view.plain_text import plain  # noqa: PLC0415

    actor = Actor("", "", admin=True, zone_name=zone_of_machine())
    request = Request("smtphistory", actor, datetime.now(UTC), text=text, surface="terminal")
    async for step in handle(request, services):
        if isinstance(step, Reply):
            said = of_terminal(plain(step.text)).rstrip()
            say_json({"schema": SCHEMA, "text": said}) if as_json else say_text(said)
    return FINE


def zone_of_machine() -> str:
    """The IANA name of this machine's time zone; "" where it is not known."""
    return Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]


def of_terminal(text: str) -> str:
    """What is typed in Slack, as it is typed here."""
    return re.sub(r"/smtp(history|check)", lambda found: f"portero {found[1]}", text)


def in_terminal(error: UserError) -> UserError:
    return UserError(of_terminal(error.message), of_terminal(error.hint))


def show(entry: Entry, writer: Any) -> int:
    """One result, opened by its id."""
    writer.write(entry)
    writer.close()
    return BAD_NEWS if entry.verdict in FAILED else FINE
