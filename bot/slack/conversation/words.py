"""What Portero says in a conversation beside the answers of its commands."""

from collections.abc import Mapping, Sequence

from bot.provider_hosts import hosts_meant
from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.slack_text import escape, in_code, undo
from commands.smtpport.catalogue.lookup import providers
from commands.watch.handler import label

NOT_UNDERSTOOD = "I did not understand that. Write a host, a pasted error or config, or *help*."
BUTTONS = (("Check a host", "smtpcheck.ask"), ("Which port?", "smtpport.form"), ("Validate a config", "pmta.form"))


def not_understood(area: str = "") -> Reply:
    """`area` of `AREAS` is what it may be about."""
    said, buttons = AREAS.get(area, (NOT_UNDERSTOOD, BUTTONS))
    return Reply(said, [section(said), actions(*(button(*each) for each in buttons))], good=False)


AREAS: Mapping[str, tuple[str, Sequence[tuple[str, ...]]]] = {
    "watches": (
        (
            "I did not understand that, and did nothing. Of watches and alerts I know `list`, `what is down`, `mute "
            "mail.example.com 2h`, `delete mail.example.com` and more."
        ),
        (
            ("What is watched", "smtpwatch.instead", "list"),
            ("What is down", "smtpwatch.instead", "list down"),
            ("Help with watches", "portero.instead", "help smtpwatch"),
        ),
    ),
    "history": (
        (
            "I did not understand that. Of what was I know `what did I check`, `what changed since yesterday`, "
            "`history of mail.example.com` and more."
        ),
        (
            ("What I asked", "smtphistory.instead", "mine"),
            ("What changed", "smtphistory.instead", "changes since yesterday"),
            ("Incidents", "smtpwatch.instead", "incidents"),
        ),
    ),
    "portero": (
        "I did not understand that. Of myself I know `status`, `settings`, `limits`, `who sees what` and more.",
        (
            ("Status", "portero.instead", "status"),
            ("Settings", "portero.settings", ""),
            ("Help", "portero.help", ""),
        ),
    ),
}


def offered(line: str) -> Reply:
    """An order that was understood but not given word for word: what would be done, and a button that does it."""
    shown = undo(line)
    said = OFFERED.format(line=in_code(f"smtpwatch {shown}"))
    return Reply(said, [section(said), actions(button(label(shown), "smtpwatch.instead", line), WATCHED)], good=False)


def choice(name: str, lines: Sequence[str]) -> Reply:
    """What cannot be done as it was said (`name` is a key of `CHOICES`), and what can, each behind `/smtpwatch`."""
    row = [button(label(undo(line)), "smtpwatch.instead", line) for line in lines]
    return Reply(CHOICES[name], [section(CHOICES[name]), actions(*row)], good=False)


CHOICES = {
    "instead": "Nothing is done yet: that takes the place of what is set there now.",
    "digest time": "Nothing is done yet. Which digest shall come then?",
    "certificates": "Every watch warns 21, 14, 7, 3 and 1 days before a certificate of its host ends, and one on "
    "certificates alone 30 days before, too: `watch the certificate of mail.example.com`.",
    "quiet hours": "Nothing is done: alerts go to a channel, so nobody has quiet hours of their own. A watch has: "
    "`edit mail.example.com maintenance 22:00-06:00`, each night or on some days.",
    "places": "Nothing is done yet: a watch looks from one machine, or from any two, which then have to agree.",
    "digest days": "Nothing is done: a digest comes daily, or on one day of the week, and leaves no day out.",
    "tag": "Nothing is done: a tag keeps its name. Give the new one to all that have it, then take the old one off.",
}
OFFERED = "Nothing is done yet. Shall it be `/{line}`?"
WATCHED = button("What is watched", "smtpwatch.instead", "list")


def which_host(provider: str, ports: str) -> Reply:
    """A provider was named (by its key) where a check needs a host. `ports` as they are typed."""
    row = providers()[provider]
    meant = hosts_meant(row, provider)
    if not meant:
        said = f"Which host of {escape(row.name)}? Each region or customer has its own, such as `{row.hosts[0]}`."
        return Reply(said, [section(said)], good=False)
    said = " ".join(
        [f"Which host of {escape(row.name)}? I check hosts, not whole services.", *(why for _, why in meant)]
    )
    checks = [button(f"Check {host}", "smtpcheck.check", f"{host} {ports}".strip()) for host, _ in meant]
    return Reply(said, [section(said), actions(*checks)], good=False)


def which_outlook() -> Reply:
    """Two services of Microsoft and a program have the same name."""
    services = ("microsoft 365", "Microsoft 365"), ("outlook.com", "Outlook.com, Hotmail")
    row = (button(label, "smtpport.instead", typed) for typed, label in services)
    return Reply(WHICH_OUTLOOK, [section(WHICH_OUTLOOK), actions(*row)])


WHICH_OUTLOOK = (
    "Whose mail does Outlook send: of a company at Microsoft 365, or of Outlook.com? Of any other provider write its "
    "name, such as `which port for gmail`, or your own server, such as `mail.example.com`."
)


def not_sending() -> Reply:
    """To whoever says that no mail goes out, and no more."""
    row = (OUR_NETWORK, button("Which port?", "smtpport.form"), CHECK)
    return Reply(NOT_SENDING, [section(NOT_SENDING), actions(*row)])


NOT_SENDING = (
    "Paste the error that your program shows: I say what it means and what to do. Or write the host and the port that "
    "it uses, such as `mail.example.com 587`, and I check them."
)


def below_alert() -> Reply:
    return Reply(BELOW_ALERT, [section(BELOW_ALERT)], good=False)


BELOW_ALERT = (
    "I did not understand that, and noted nothing. Ask `why?`, `since when?`, `who has it?` or `what else is down?`; "
    "what is no question becomes a note for the channel."
)
HELP = button("Help", "portero.help")
CHECK = button("Check a host", "smtpcheck.ask")
OUR_NETWORK = button("Which ports get out of our network?", "smtpcheck.check", "network")
TRY = button("Try it: which ports get out of our network?", "smtpcheck.check", "network", style="primary")


def welcome() -> Reply:
    return Reply("You're welcome.")


def hello() -> Reply:
    """What can be written, in words that can be."""
    return Reply(CAN_BE_WRITTEN, [section(CAN_BE_WRITTEN), actions(TRY, CHECK, HELP)])


EXAMPLES = (
    "`mail.example.com 587`: its ports are checked; then `and 465?`, `why?`, `again`, `watch it`",
    "`which port for ses from hetzner`, or an error as your program says it",
    "a PowerMTA config, or a file with one; `explain PMTA401`",
    "`history of mail.example.com`, `what changed at mail.example.com`",
    "`watch mail.example.com every 15m`, `what is down`",
)
CAN_BE_WRITTEN = "\n• ".join(["Hello. Write, for example:", *EXAMPLES])


def invited() -> Reply:
    """To a channel that Portero has been invited to."""
    text = (
        "Hello. Mention me with a host and I check its mail ports here, for all to read: `@portero mail.example.com`. "
        "I read only what mentions me, in threads, too. "
        "Commands such as `/smtpcheck` answer whoever types them, alone."
    )
    return Reply(text, [section(text), actions(CHECK, button("Watch a host here", "smtpwatch.new"))])


def opened() -> Reply:
    """To somebody who opens the messages for the first time."""
    text = (
        "Hello. Write a host here and I check its mail ports: `mail.example.com`. A pasted error, a PowerMTA config or "
        "file, and questions such as `which port for ses from hetzner` are answered, too. Only you read it."
    )
    return Reply(text, [section(text), actions(TRY, CHECK, HELP)])


def installed() -> Reply:
    """To whoever installed Portero."""
    return Reply("\n".join(INSTALLED), [*map(section, INSTALLED), actions(TRY, CHECK, HELP)])


WHAT_IT_DOES = (
    "*Portero is here.* It checks the mail ports of hosts, says which port to use and why, validates PowerMTA configs, "
    "watches hosts and alerts when something changes."
)
WHO_SEES_WHAT = (
    "*Who sees what*: a command or a direct message is answered for you alone, until you share it; a mention is "
    "answered for the channel. Everybody finds their own results in the history and those of their channels; admins "
    "find all."
)


INSTALLED = (
    WHAT_IT_DOES,
    "*Type first*: `/smtpcheck mail.example.com` in any channel, or write a host to me, here.",
    WHO_SEES_WHAT,
    "*Next*: `/invite @portero` where alerts shall go; `/portero status` says how it is.",
)
