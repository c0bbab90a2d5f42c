"""What is wrong with `PORTERO_NATS` and the other machines, and what to do: for `portero doctor`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import NamedTuple

from bot.settings import Settings
from bot.vantages.facts import Facts, Keys, Listening, Machine, Way, looked
from bot.vantages.managed import ANYWHERE
from bot.vantages.wording import moment, versions
from commands.plural import plural
from storage.watches import AdministerWatches


class Line(NamedTuple):
    """Whether something is as it has to be, what was seen, and what to do (empty: nothing)."""

    ok: bool
    text: str
    remedy: str = ""


async def diagnose(settings: Settings, notes: AdministerWatches, now: datetime) -> list[Line]:
    """Everything about them, the way to the machines first; nothing where `PORTERO_NATS` is not set.

    Takes 5 s at most, when nobody answers. `extra.diagnosed` is the same where the extra may not be installed.
    """
    return list(lines(await looked(settings, notes), now)) if settings.nats else []


def lines(facts: Facts, now: datetime) -> Iterator[Line]:
    """The facts in words. Pure but for the version of this program."""
    if facts.managed:
        yield Line(True, f"nats-server is {facts.program}.") if facts.program else Line(False, *NO_PROGRAM)
    if facts.keys is not Keys.THERE:
        said, remedy = KEYS[facts.keys]
        yield Line(False, said.format(folder=facts.folder), remedy)
    else:
        if facts.managed:
            yield _server(facts)
        yield _connection(facts)
    if not facts.machines:
        yield Line(True, "No machine may connect yet.", "`portero vantage add NAME --out FILE` lets one in.")
    yield from (_machine(each, facts, now) for each in facts.machines)
    for name in facts.strangers:
        yield Line(False, f"PORTERO_VANTAGES_ALLOW names {name}, and no machine is called so.", "Is the name misspelt?")


NO_PROGRAM = (
    "There is no program nats-server.",
    "pip install 'portero[vantages]' brings one; Debian and Ubuntu: apt install nats-server.",
)
KEYS: Mapping[Keys, tuple[str, str]] = {
    Keys.MISSING: (
        "There are no keys in {folder}: no bot has run with this PORTERO_DATABASE and PORTERO_NATS.",
        "`portero run` makes them.",
    ),
    Keys.UNREADABLE: ("The keys in {folder} cannot be read.", "Run this as the user whose bot it is."),
    Keys.DAMAGED: (
        "The bot's key in {folder} is damaged (bot.seed).",
        "Take that file away and start `portero run`: it makes another one. Workers keep theirs.",
    ),
}
RUNS = "It runs while `portero run` does, with the same PORTERO_DATABASE."
LISTENING: Mapping[Listening, tuple[str, str]] = {
    Listening.FREE: ("The NATS server does not run; {place} is free for it.", RUNS),
    Listening.TAKEN: (
        "The NATS server does not run: something else listens on {place}.",
        "Set PORTERO_NATS_LISTEN to another port.",
    ),
    Listening.FOREIGN: (
        "The NATS server cannot listen on {place}: that is no address of this machine.",
        "Set PORTERO_NATS_LISTEN to one that is.",
    ),
}


def _place(listen: tuple[str, int]) -> str:
    host, port = listen
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _server(facts: Facts) -> Line:
    """A managed one: whether it runs, and where it listens."""
    place, wanted = _place(facts.listen), _place(facts.wanted)
    if facts.listening is not Listening.RUNS:
        said, remedy = LISTENING[facts.listening]
        return Line(False, said.format(place=place), remedy)
    if place != wanted:
        text = f"The NATS server listens on {place}, and PORTERO_NATS_LISTEN says {wanted}."
        return Line(False, text, "Start `portero run` again, with the same settings as here.")
    if facts.listen[0].startswith("127.") or facts.listen[0] == "::1":
        remedy = "For others set PORTERO_NATS_LISTEN to an address that they reach, such as 192.0.2.1:4222."
        return Line(True, f"The NATS server listens on {place}: only workers on this machine reach it.", remedy)
    everywhere = ", which is every address of this machine" if facts.listen[0] in ANYWHERE else ""
    return Line(True, f"The NATS server listens on {place}{everywhere}.")


WAYS: Mapping[tuple[Way, bool], tuple[str, str]] = {
    (Way.UNREACHABLE, True): ("{address} cannot be reached: {why}.", RUNS),
    (Way.UNREACHABLE, False): ("{address} cannot be reached: {why}.", "Is it up, and does a firewall let us through?"),
    (Way.ANOTHER_SERVER, True): (
        "{address} shows another certificate than the one of this PORTERO_DATABASE.",
        "The server of another one runs there: set PORTERO_NATS_LISTEN to another port, or use that database.",
    ),
    (Way.ANOTHER_SERVER, False): (
        "{address} shows a certificate that this machine's authorities do not vouch for, or of another name.",
        "Give the server one that they do; without TLS write nats:// in PORTERO_NATS.",
    ),
    (Way.NO_SERVER, True): (
        "{address} is no NATS server with TLS.",
        "Look what listens there. Nothing was told to it.",
    ),
    (Way.NO_SERVER, False): ("{address} is no NATS server, or has no TLS.", "Is the address in PORTERO_NATS right?"),
    (Way.KEY_REFUSED, True): (
        "{address} does not know the bot's key.",
        "Start `portero run` again: it writes it anew.",
    ),
    (Way.KEY_REFUSED, False): ("{address} does not let the bot in.", "Add this to the users of the server: {stanza}"),
}
"""By whether the server is a managed one."""


def _connection(facts: Facts) -> Line:
    """The bot's own way to it, with its certificate and key."""
    if facts.way is Way.OPEN:
        by = "with its key, by the certificate that workers expect" if facts.managed else "with its key"
        return Line(True, f"The bot connects to {facts.address} {by}.")
    said, remedy = WAYS[facts.way, facts.managed]
    return Line(False, said.format(address=facts.address, why=facts.why), remedy.replace("{stanza}", facts.stanza))


def _machine(machine: Machine, facts: Facts, now: datetime) -> Line:
    """Who is there, and who was when."""
    if machine.workers:
        ours, running = version("portero"), sorted({one.version for one in machine.workers})
        workers = plural(len(machine.workers), "worker")
        text = f"{machine.name} is connected: {workers}, {versions(machine.workers, ours)}."
        return Line(True, text, "" if running == [ours] else f"Portero here is {ours}: update the older one.")
    before = f"it was here until {moment(machine.seen, now)}" if machine.seen else "it was never seen"
    if facts.way is not Way.OPEN:
        return Line(
            False, f"Whether {machine.name} is connected nobody knows; {before}.", "Mend the way to NATS first."
        )
    remedy = f"On {machine.name}: does `portero worker` run there, and what does its log say?"
    return Line(False, f"{machine.name} is not connected; {before}.", remedy)
