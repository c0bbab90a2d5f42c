"""What comes of what is written below an answer: its subject, and what the words left over, as an order. Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import dropwhile
from typing import TypeAlias

from bot.slack.conversation.sentence.hosts import hosts_in, ports_in
from bot.slack.conversation.sentence.phrasing import has
from bot.slack.conversation.sentence.understood import Understood
from bot.slack.conversation.understanding.understanding import EVERYWHERE
from commands.contract import Subject
from commands.smtpcheck.address.target import MAX_PORT, is_address, site
from commands.smtpcheck.arguments import NETWORK
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.question.reader import read
from commands.spanish import VERBS, folded
from storage.entries import LOCAL

Reading: TypeAlias = Callable[[Subject, str], Understood | None]
"""Of the subject and of what the row's pattern left over."""

IT = frozenset({"it", "this", "that", "them", "lo", "la", "los", "esto", "eso", "host", "the"})
"""Words for what was spoken of."""

SPANISH = r"(silencia|pospon|pausa|reanuda|borra|elimina)(?:lo|la)?"
"""Verbs, with what they are about at their end."""

_ALL = frozenset({"all", "everything", "every", "todo", "todos", "todas"})
_ENDING = frozenset({"delete", "remove"})
"""Verbs behind which nothing can stand but what they are about."""
_OF_ALL = frozenset({"mute", "unmute", "snooze", "unsnooze", "pause", "resume"})
"""Of an alert of several watches each is meant; `ack` and `accept` reach the others by themselves."""


def other_ports(subject: Subject, rest: str) -> Understood | None:
    ports = tuple(port for port in map(int, re.findall(r"\d+", rest)) if 0 < port <= MAX_PORT)
    if subject.command == "smtpport" and ports and (_question(subject) or not subject.targets):
        return Understood("smtpport", f"{_question(subject)} {' '.join(map(str, ports))}".strip(), ordered=True)
    return _check(replace(subject, ports=ports, every=False)) if ports else None


def other_hosts(subject: Subject, rest: str) -> Understood | None:
    """Another host, and the same of it."""
    targets = tuple(target.name for target in hosts_in(rest))
    named = tuple(ports_in(rest))
    same = replace(subject, targets=targets, ports=named or subject.ports, every=subject.every and not named)
    return _check(same) if targets and subject.command == "smtpcheck" else None


def again(subject: Subject, _rest: str) -> Understood | None:
    if subject.command == "smtpport" and _question(subject):
        return Understood("smtpport", _question(subject), ordered=True)
    return _check(subject, "again")


def from_place(subject: Subject, rest: str) -> Understood | None:
    if subject.command == "smtpport":
        asked = _question(replace(subject, network=""))
        return Understood("smtpport", f"{asked} from {rest}".strip(), ordered=True)
    named = _TOO.sub("", rest)
    if EVERYWHERE.fullmatch(f"from {folded(named)}"):
        return _check(replace(subject, place="all"))
    place = "all" if _PLACES.fullmatch(folded(named)) else HERE.get(folded(named), named.lower())
    return _check(replace(subject, place=place)) if len(place.split()) == 1 else None


_TOO = re.compile(r"\s+(?:too|also|as well|tambien|también)$", re.IGNORECASE)
HERE = dict.fromkeys(("here", "aqui", "our side", "our network"), LOCAL)


def from_everywhere(subject: Subject, _rest: str) -> Understood | None:
    return None if subject.command == "smtpport" else _check(replace(subject, place="all"))


def from_there(subject: Subject, _rest: str) -> Understood | None:
    """From the place that was named last; where none was, the command says what stands behind `from`."""
    if subject.command == "smtpport":
        return None
    line = _check(replace(subject, place=""))
    place = subject.place or subject.there
    return replace(line, text=f"{line.text} from {place}".strip()) if line else None


_PLACES = re.compile(r"[\w./:-]+(?:(?:\s*[,&]\s*|\s+(?:and|y|e)\s+)(?:from\s+|desde\s+)?[\w./:-]+)+")
"""Two places and more: there is a table of one, or of all of them."""


def for_provider(subject: Subject, rest: str) -> Understood | None:
    """Another provider, asked the same."""
    if subject.command != "smtpport" or hosts_in(rest):
        return None
    network = networks().get(subject.network)
    place = f" from {network.names[0]}" if network and not read(rest).network else ""
    return Understood("smtpport", f"{rest}{place}", ordered=True)


def provider_alone(subject: Subject, rest: str) -> Understood | None:
    """`and mailgun?`, and nothing else than the name of a provider, with its network or without."""
    question = read(rest)
    is_named = question.provider is not None and not (question.tells or question.port or has(IS_ASKED, rest))
    return for_provider(subject, rest) if is_named else None


IS_ASKED = "is|are|does|do|can|why|how|when|esta|es|puede|por que|cuando"


def which_port(subject: Subject, _rest: str) -> Understood | None:
    """Of a provider the guide knows it; of any other host a check does."""
    asked = _question(subject) or " ".join(host for host in subject.targets if read(host).provider)
    return Understood("smtpport", f"which port for {asked}", ordered=True) if asked else _check(subject)


def applies(subject: Subject, rest: str) -> Understood | None:
    """Which settings of a config hold for a queue."""
    if subject.command != "pmta" or not subject.entry:
        return None
    return Understood("pmta", ordered=True, action="applies", value=f"{subject.entry} {rest}")


def deep(subject: Subject, _rest: str) -> Understood | None:
    return _check(subject, "deep")


def once_more(subject: Subject, _rest: str) -> Understood | None:
    return _check(subject)


def shown(action: str) -> Reading:
    """What a button of the answer shows."""

    def shown(subject: Subject, _rest: str) -> Understood | None:
        name = SHOWS.get((subject.command, action))
        if name is not None and subject.entry:
            return Understood(subject.command, ordered=True, action=name, value=subject.entry)
        if subject.command not in OF_HOSTS or action not in OF_HOSTS[subject.command] or not _hosts(subject):
            return None
        return Understood("smtpcheck", ordered=True, action=action, value=" ".join(subject.targets))

    return shown


def why(subject: Subject, rest: str) -> Understood | None:
    """Why a port is as it is: the answer knows, or a check does where it left that port out."""
    if subject.command != "smtpcheck":
        return None
    is_told = not rest or not subject.ports or int(rest) in subject.ports
    return shown("why")(subject, "") if is_told else other_ports(subject, rest)


def why_host(subject: Subject, rest: str) -> Understood | None:
    """Why a host that is named is as it is: its own check knows, of several its table says too little."""
    named = tuple(target.name for target in hosts_in(rest))
    if len(named) != 1 or subject.command != "smtpcheck":
        return None
    of_it = replace(subject, targets=named)
    return (shown("why")(subject, "") if subject.targets == named else None) or _check(of_it)


OF_HOSTS = {"smtpcheck": ("why",), "smtphistory": ("why", "details"), "smtpwatch": ("why", "details")}
"""By command what is asked of the last results of its hosts, where the answer was about no single result."""


def _hosts(subject: Subject) -> tuple[str, ...]:
    return () if subject.targets == (NETWORK,) else subject.targets


SHOWS = {
    ("smtpcheck", "why"): "why",
    ("smtpcheck", "details"): "details",
    ("smtpport", "why"): "why",
    ("smtpport", "details"): "why",
    ("smtpport", "sources"): "sources",
    ("pmta", "why"): "details",
    ("pmta", "details"): "details",
}
"""By command and what is asked, the action that answers."""


def of_target(command: str, head: str = "") -> Reading:
    """Another command about the same host."""

    def asked(subject: Subject, rest: str) -> Understood | None:
        if len(subject.targets) != 1:
            return None
        ports = " ".join(map(str, _named(subject))) if head == "add" and not ports_in(rest) else ""
        line = " ".join(filter(None, (head, subject.targets[0], ports, rest)))
        return Understood(command, line, ordered=True)

    return asked


def all_down(_subject: Subject, _rest: str) -> Understood | None:
    return Understood("smtpwatch", "list down", ordered=True)


def show_watch(subject: Subject, _rest: str) -> Understood | None:
    """How it is with the watch that alerted; below anything else such words ask for something else."""
    first = subject.watch.partition(" ")[0]
    return Understood("smtpwatch", f"show {first}", ordered=True) if first else None


def aspect(name: str) -> Reading:
    """A question for one thing of a check: its answer begins with that."""

    def asked(subject: Subject, _rest: str) -> Understood | None:
        line = _check(subject) if _hosts(subject) and subject.command in OF_HOSTS else None
        return Understood("smtpcheck", ordered=True, action="aspect", value=f"{name} {line.text}") if line else None

    return asked


def its_exchangers(subject: Subject, _rest: str) -> Understood | None:
    """Of the domain of a host: whoever checks one of its hosts seldom names it."""
    domains = tuple(dict.fromkeys(site(one) for one in _hosts(subject) if not is_address(one)))
    return _check(replace(subject, targets=domains, ports=(25,), every=False)) if domains else None


def compared_with(subject: Subject, rest: str) -> Understood | None:
    """Another host that is named."""
    named = tuple(target.name for target in hosts_in(rest))
    return compared(replace(subject, targets=(*subject.targets[:1], *named)), "") if len(named) == 1 else None


def compared(subject: Subject, _rest: str) -> Understood | None:
    """Two hosts with each other, one with how it was the day before."""
    if len(_hosts(subject)) == BOTH:
        line = _check(subject)
        return replace(line, text=f"compare {line.text}") if line else None
    found = of_target("smtphistory", "compare")(subject, "yesterday today")
    return found if subject.command == "smtpcheck" else None


BOTH = 2


def watch(subject: Subject, rest: str) -> Understood | None:
    words = [{"cada": "every", "en": "in"}.get(folded(word), word) for word in rest.split()]
    return of_target("smtpwatch", "add")(subject, " ".join(words))


def verb(subject: Subject, rest: str) -> Understood | None:
    """`mute it 2h`: the verb is the first word of the rest. `delete everything` means more than the host."""
    first, *words = rest.split()
    order = _in_english(first).lower()
    if order == "show" and words:
        return None
    more = list(dropwhile(lambda word: folded(word) in IT, words))
    is_more = bool(more) and (order in _ENDING or folded(more[0]) in _ALL)
    if len(subject.targets) != 1 or is_more or hosts_in(" ".join(more)):
        return None
    named = subject.watch if order in _OF_ALL else subject.watch.partition(" ")[0]
    return Understood("smtpwatch", " ".join([order, named or subject.targets[0], *more]), ordered=True)


def _in_english(verb: str) -> str:
    spanish = re.fullmatch(SPANISH, folded(verb))
    return VERBS["smtpwatch"][spanish[1]] if spanish else verb


def run(subject: Subject, _rest: str) -> Understood | None:
    """The watch that alerted, else the check."""
    run = Understood("smtpwatch", f"run {subject.watch}", ordered=True)
    return run if subject.watch else _check(subject, "again")


def _check(subject: Subject, *words: str) -> Understood | None:
    if not subject.targets:
        return None
    place = ("from", subject.place) if subject.place else ()
    line = " ".join([*subject.targets, *map(str, _named(subject)), *words, *place])
    return Understood("smtpcheck", line, ordered=True)


def _named(subject: Subject) -> tuple[int, ...]:
    """The ports that somebody means. Of those that are checked anyway a watch would expect each to answer."""
    return () if subject.every else subject.ports


def _question(subject: Subject) -> str:
    """The provider and the network, as `/smtpport` reads them."""
    rows = (providers().get(subject.provider), networks().get(subject.network))
    names = [row.names[0] if row else "" for row in rows]
    return f"{names[0]} from {names[1]}" if names[1] else names[0]
