"""`portero demo --tour`: the real bot on a local Slack, checking lab hosts, step by step. It asks nobody outside."""

from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from bot.demo.stage import ANA, CHANNEL, INTRO, stage


@dataclass(frozen=True)
class Type:
    """Type a line in the channel."""

    line: str
    why: str


@dataclass(frozen=True)
class Press:
    """Press a button of the last message that has it."""

    label: str
    why: str


PASTE = (
    "/pmta <smtp-user foo> password barbaz authentication-method password</smtp-user>"
    "<source 0/0> always-allow-relaying yes</source>"
)

TOUR: tuple[Type | Press, ...] = (
    Type("/smtpcheck", "Without a target it says what it takes."),
    Type("/smtpcheck mail.lab.example", "A healthy relay. The answer is private."),
    Press("Details", "Transcript, certificate and timings."),
    Press("Share in channel", "Everybody in the channel sees the stored result."),
    Type("/smtphistory mail.lab.example", "What the team knows of a host."),
    Type(
        "/smtpcheck filtered.lab.example",
        "25 is filtered, 465 refused: whose side is it? The filter costs 8 s.",
    ),
    Press("Run again", "A button edits its own message in place."),
    Type("/smtpcheck expired.lab.example 465 587", "An expired certificate; two ports alone."),
    Type("/smtpcheck plain.lab.example", "A host that hides STARTTLS."),
    Type("/smtpcheck hostile.lab.example 25", "A banner that tries to alert the channel: it stays text."),
    Type("/smtpcheck <http://lab.example|lab.example> 25 here", "A domain as Slack mangles it; a public answer."),
    Type(
        "/smtpcheck mail.lab.example 25 587 from all",
        "From three machines; the network of one lets nothing out on 25. Whose side is it?",
    ),
    Type("/smtpport sparkpost from google cloud", "Which port fits a provider and a network, and why."),
    Type(PASTE, "A PowerMTA stanza, pasted with its line breaks lost and a password in it."),
    Type("/smtpcheck 10.0.0.5", "An address inside: refused."),
    Type("/smtpcheck mail.lab.example 22", "A port that is none of a mail checker's business."),
)


async def tour(console: Console) -> int:
    """The fixed tour: every step printed as Slack would show it."""
    console.print(INTRO.format(user=ANA, channel=CHANNEL))
    async with stage(console) as here:
        for step in TOUR:
            console.print(Rule(style="dim"), f"[dim]{escape(step.why)}[/]")
            if isinstance(step, Type):
                console.print(f"[bold]ana[/]  {escape(step.line)}", "")
                await here.type(step.line)
            else:
                console.print(f"[bold]ana[/]  presses {escape('[' + step.label + ']')}", "")
                await here.press(step.label)
            await here.leave()
        console.print(Rule(style="dim"), "That was the tour. In a terminal, [bold]portero demo[/] gives a prompt.")
    return 0
