"""`portero demo --tour`: the real bot on a local Slack, checking lab hosts, step by step. It asks nobody outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from bot.demo.stage import ANA, CHANNEL, INTRO, Stage, stage
from commands.smtpcheck.wire.connection import Limits


@dataclass(frozen=True)
class Type:
    """Type a line in the channel."""

    line: str
    why: str
    who: str = ANA

    @property
    def does(self) -> str:
        return self.line

    async def play(self, here: Stage) -> None:
        await here.type(self.line)


@dataclass(frozen=True)
class Press:
    """Press a button of the last message that has it; fill the form that it opens, by the numbers of its inputs."""

    label: str
    why: str
    form: Mapping[int, str] = field(default_factory=dict)
    who: str = ANA

    @property
    def does(self) -> str:
        return f"presses [{self.label}]"

    async def play(self, here: Stage) -> None:
        await here.press(self.label)
        for number, text in self.form.items():
            here.fill(number, text)
        if self.form:
            await here.send()


@dataclass(frozen=True)
class Pass:
    """Let time pass, while a host is down or after it came back."""

    hours: float
    host: str
    down: bool
    why: str
    who: str = "then"

    @property
    def does(self) -> str:
        return f"{self.hours * 60:.0f} minutes pass"

    async def play(self, here: Stage) -> None:
        (here.lab.stop if self.down else here.lab.start)(self.host)
        await here.pass_by(self.hours)


@dataclass(frozen=True)
class Home:
    """Open the app's Home."""

    why: str
    who: str = ANA
    does: str = "opens Home"

    async def play(self, here: Stage) -> None:
        await here.open_home()


LIMITS = Limits(connect=2.0)
"""A filtered port is given up sooner than elsewhere: nobody waits for a tour."""

HOST = "mail.lab.example"
PASTE = (
    "/pmta <smtp-user foo> password barbaz authentication-method password</smtp-user>"
    "<source 0/0> always-allow-relaying yes</source>"
    "<virtual-mta mta1> smtp-source-host 192.0.2.1 mta1.example.com"
    " <domain gmail.com> max-smtp-out 5</domain></virtual-mta>"
    "<domain gmail.com> max-smtp-out 20</domain>"
)

TOUR: tuple[Type | Press | Pass | Home, ...] = (
    Type(f"/smtpcheck {HOST}", "A healthy relay. The answer is private."),
    Press("Share in channel", "Everybody in the channel sees the stored result."),
    Type(
        "/smtpcheck filtered.lab.example 25 587",
        "25 is filtered: whose side is it? The filter costs 2 s, from here and from elsewhere.",
    ),
    Type("/smtpcheck expired.lab.example 465", "An expired certificate; one port alone."),
    Type(
        f"/smtpcheck {HOST} 25 587 from all",
        "From three machines; the network of one lets nothing out on 25. Whose side is it?",
    ),
    Type("/smtpport sparkpost from google cloud", "Which port fits a provider and a network, and why."),
    Type(PASTE, "A PowerMTA config, pasted with its line breaks lost, a password and an open relay in it."),
    Press("Settings of a queue", "Which of its settings hold for one queue.", {1: "gmail.com", 2: "mta1"}),
    Type(f"/smtpwatch add {HOST} 25 every 5m", "A watch looks again and again."),
    Pass(0.25, HOST, down=True, why="The host goes down: two runs in a row say so before anybody is told."),
    Pass(0.25, HOST, down=False, why="It comes back."),
    Type(f"/smtphistory {HOST}", "What the team knows of a host."),
    Home("What is down, what ends soon, and what one asked last."),
)


async def tour(console: Console) -> int:
    """The fixed tour: every step printed as Slack would show it."""
    console.print(INTRO.format(user=ANA, channel=CHANNEL))
    async with stage(console, limits=LIMITS) as here:
        for step in TOUR:
            console.print(Rule(style="dim"), f"[dim]{escape(step.why)}[/]")
            console.print(f"[bold]{step.who}[/]  {escape(step.does)}", "")
            await step.play(here)
            await here.leave()
        console.print(Rule(style="dim"), "That was the tour. In a terminal, [bold]portero demo[/] gives a prompt.")
    return 0
