"""`/portero`: help for every command, the settings that apply to whoever asks, and how the bot is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from commands.blocks import Block, context, section
from commands.contract import Action, Actor, Command, Example, Modal, Reply, Request, Step, UserError
from commands.help_card import HELP
from commands.slack_text import escape, in_code, quoted, undo
from storage.queries import Viewer

LOG = "log"
CLOSE_ENOUGH = 60
"""Percent: how near a word must be to one that is meant."""


class About(Protocol):
    """What the application says of itself."""

    @property
    def commands(self) -> Sequence[Command[Any]]: ...

    def settings(self, actor: Actor) -> str:
        """What is set here and concerns this person: mrkdwn, a line each."""

    async def status(self, actor: Actor) -> str:
        """How the bot is: mrkdwn, a line each. It names nobody's hosts or channels; to admins what Portero lacks."""

    def needs(self) -> Sequence[str]:
        """What Portero lacks of what it needs, for admins: mrkdwn, a line each."""

    async def vantages(self) -> str:
        """The machines that check for it: mrkdwn, a line each."""

    async def health(self) -> Sequence[str]:
        """Of that what may need somebody: the history, alerts, what waits; mrkdwn."""

    async def log(self, text: str, request: Request, viewer: Viewer) -> Reply:
        """Who changed what, as far as the viewer may see it. Raises `UserError`."""

    async def log_page(self, request: Request, viewer: Viewer) -> Reply:
        """Another page of that, which the button's value names."""


class NotRunning:
    """Where there is no bot that could say anything of itself."""

    commands: Sequence[Command[Any]] = ()

    def settings(self, _actor: Actor) -> str:
        return "None: no bot is running."

    async def status(self, _actor: Actor) -> str:
        return "No bot is running."

    def needs(self) -> Sequence[str]:
        return ()

    async def vantages(self) -> str:
        return "No bot is running."

    async def health(self) -> Sequence[str]:
        return ()

    async def log(self, _text: str, _request: Request, _viewer: Viewer) -> Reply:
        return _answer("No bot is running.")

    async def log_page(self, _request: Request, _viewer: Viewer) -> Reply:
        return _answer("No bot is running.")


class Needs(Protocol):
    """What `/portero` needs of the application."""

    @property
    def about(self) -> About: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the log."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Nothing shows all commands; `help NAME` or a command's name shows one; `settings`; `status`; `log`; ..."""
    about = services.about
    first, _, rest = request.text.strip().partition(" ")
    typed = undo(request.text).split()
    words = [word.lower() for word in typed]
    named = words[:1] == ["help"] and len(words) > 1
    if first.lower() == LOG or (named and words[1] == LOG):
        yield await about.log("help" if named else rest, request, await services.viewer())
        return
    topic = words[1] if named else " ".join(words)
    name = topic.removeprefix("/")
    found = next((one for one in about.commands if one.name in {name, f"smtp{name}"}), None)  # `help watch`, too
    if not topic or topic in HELP or topic in COMMAND_WORDS:
        yield Reply("\n".join([*overview(about.commands), MORE]), _overview(about.commands))
    elif topic in STATUS:
        yield _answer("\n".join(filter(None, [await about.status(request.actor), STATUS[topic]])))
    elif page := PAGE_OF.get(topic.partition(" ")[0]):
        said = [await _told(page, about, request.actor), *([] if topic == page else [ELSEWHERE[page]])]
        yield _answer("\n".join(filter(None, said)))
    elif found is not None:
        async for step in found.handle(replace(request, command=found.name, text="help"), services):
            yield step
    else:
        raise _unknown(topic, typed[1] if named else " ".join(typed), about.commands)


async def _told(page: str, about: About, actor: Actor) -> str:
    if page == "settings":
        return f"*Settings that apply to you*\n{about.settings(actor)}"
    return await about.vantages() if page == "vantages" else ""


COMMAND_WORDS = frozenset({"commands", "comandos", "what can you do", "who are you"})
STATUS = {
    **dict.fromkeys(("status", "version", "health", "storage", "disk", "estado"), ""),
    "doctor": "`portero doctor`, in a terminal where Portero runs, looks at everything that it needs.",
}
"""What is asked about how the bot is, and what is said below that."""

_OF_SETTINGS = "settings setting set limits limit admins admin users access guests retention config ajustes limites"
_OF_MACHINES = "vantages vantage machines machine workers worker revoke rotate"
_OF_DELETING = "delete deleting forget remove purge prune borra borrar elimina eliminar olvida"
PAGE_OF = {
    **dict.fromkeys(_OF_SETTINGS.split(), "settings"),
    **dict.fromkeys(_OF_MACHINES.split(), "vantages"),
    **dict.fromkeys(_OF_DELETING.split(), "deletions"),
}
"""What an administrator looks for here, by its first word."""

ELSEWHERE = {
    "settings": "They are changed where Portero runs: `portero settings`, in a terminal there, has each by its name.",
    "vantages": (
        "Machines are let in and cut off in a terminal where Portero runs: `portero vantage add NAME --out FILE`, "
        "`portero vantage revoke NAME`."
    ),
    "deletions": (
        "A result is deleted by *Delete* in its details (`/smtphistory`, *Open*), a watch by "
        "`/smtpwatch delete mail.example.com`.\nIn a terminal where Portero runs, `portero history forget U0123456789` "
        "deletes what a person asked, `portero history prune --days 90` what is old."
    ),
}
"""What is not done here, and where it is."""

PAGES = ("help", "settings", "status", "vantages", LOG)


MORE = "A request id in an answer is for whoever runs Portero here."


def overview(commands: Sequence[Command[Any]]) -> list[str]:
    """A piece for every command, with a line that can be pasted. mrkdwn."""
    return [f"*/{one.name}* {escape(one.summary)}\n`/{one.name} {in_code(one.examples[0].text)}`" for one in commands]


def _overview(commands: Sequence[Command[Any]]) -> list[Block]:
    return [*map(section, overview(commands)), context(MORE)]


async def turn_log(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The buttons Newer and Older."""
    yield await services.about.log_page(request, await services.viewer())


async def show_settings(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in Home."""
    yield Modal("Settings", [section(services.about.settings(request.actor))])


async def show_help(_request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in Home."""
    yield Modal("Help", _overview(services.about.commands))


def _answer(text: str) -> Reply:
    return Reply(text, [section(text)])


def _unknown(topic: str, typed: str, commands: Sequence[Command[Any]]) -> UserError:
    known = [*PAGES, *(one.name for one in commands)]
    near = process.extractOne(topic[:80], [*known, *STATUS], scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    hint = f"Did you mean `/portero {near[0]}`?" if near else f"There are {', '.join(f'`{word}`' for word in known)}."
    return UserError(f"There is no help on `{quoted(typed)}`.", hint, near[0] if near else ())


def _label(text: str) -> str:
    is_page = text in {*PAGES, *STATUS} or text.startswith(f"{LOG} ")
    return f"Show {text}" if is_page else f"Help on {text.removeprefix('help ')}"


COMMAND: Command[Needs] = Command(
    name="portero",
    summary="Help for each command, the settings that apply to you, and Portero's own status.",
    usage="[help COMMAND | settings | status | vantages | log]",
    examples=(
        Example("help smtpcheck", "one command with all its examples"),
        Example("settings", "what is set here and concerns you"),
        Example("vantages", "the machines that check for Portero: who is connected, since when"),
        Example("status", "whether results are kept, alerts go out, and what waits"),
        Example(
            "log since monday", "who changed what: by @ana, mail.example.com, mutes, deletions, settings, here, mine"
        ),
    ),
    handle=handle,
    mentions=True,
    actions={
        "log": Action(turn_log),
        "older": Action(turn_log),
        "settings": Action(show_settings, modal=True),
        "help": Action(show_help, modal=True),
    },
    label=_label,
)
