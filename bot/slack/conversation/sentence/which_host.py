"""What is named as a host and is none: a provider ("is gmail down?"), a name without its domain. Pure, and total."""

import re
from collections.abc import Mapping, Sequence

from bot.slack.conversation.sentence import patterns
from bot.slack.conversation.sentence.hosts import hosts_in, ports_in
from bot.slack.conversation.sentence.phrasing import bare, has
from commands.smtpcheck.address.target import is_address, site
from commands.smtpport.question.reader import read
from commands.spanish import folded

MOST_WORDS = 8
"""Of what asks for the state of something and says no more."""


def provider_in(said: str) -> str:
    """The key of the provider that the words are about, where no host, network or error stands beside it."""
    if len(said.split()) > MOST_WORDS or hosts_in(said):
        return ""
    asked = read(said)
    is_more = asked.network or asked.symptom or asked.unread_report or asked.left_out or asked.role != "submission"
    return "" if is_more or not asked.provider else asked.provider


def asked_state(said: str) -> str:
    """The same of a question for its state: one that names a port is for the guide."""
    is_other = ports_in(said) or _WHICH_PORT.search(folded(said))
    return provider_in(said) if has(patterns.STATES, said) and not is_other else ""


_WHICH_PORT = re.compile(r"(?<!\w)(?:which|what|que|cual|why|por que)(?!\w)")


def lone_label(text: str) -> str:
    """A host's name without its domain that stands alone, and ports behind it (`mx1 587`); empty where it is none."""
    return _label(_ALONE, text)


def label_of_state(text: str) -> str:
    """The same where its state is asked for: `is mail up?`."""
    return _label(_STATE_OF, text)


def _label(pattern: re.Pattern[str], text: str) -> str:
    said = bare(text)
    match = pattern.fullmatch(said)
    if match is None or match["name"] in _NO_NAME:
        return ""
    return " ".join([match["name"], *map(str, ports_in(said))])


_PORTS = r"(?:(?:\s+(?:on|ports?|puertos?|en|el|and|y))*\s+\d{1,5}){0,4}"
_STEM = "mail|smtp|mx|mta|relay|mailserver|mailhost|mailgate|smtpout"
_ALONE = re.compile(rf"(?P<name>(?:{_STEM})(?:-?\d{{1,3}}|(?!\s)))(?:{_PORTS})")
_STATE_OF = re.compile(
    r"(?:is|are|esta|estan|funciona|responde|does)\s+(?:(?:the|our|my|el|la|nuestro)\s+)?"
    rf"(?P<name>[a-z][a-z0-9-]{{1,40}})(?:\s+(?:server|host|servidor))?(?:\s+(?:{patterns.STATES}))?{_PORTS}"
)


def in_full(text: str, targets: Sequence[str], *, guess: bool = False) -> str:
    """With the whole name where a text below an answer has the first label of a host alone: `why does mx2 fail?`.

    It is one of `targets`; with `guess` else one that is called as mail hosts are, in the domain of the first. A label
    that is a word, too (`mail`), is taken for a name where an order or a question is about it and little else is said.
    """
    said, names = folded(text), _by_label(targets)
    few = len(said.split()) <= MOST_WORDS

    def full(match: re.Match[str]) -> str:
        label, before = match[0], said[: match.start()]
        asked_of = few and _ASKED_OF.fullmatch(before) is not None and _HOW.match(said[match.end() :]) is not None
        if (label.isalpha() and not asked_of) or _FROM.search(before):
            return text[match.start() : match.end()]
        sibling = _sibling(label, targets) if guess and _SIBLING.fullmatch(label) else ""
        return names.get(label) or sibling or text[match.start() : match.end()]

    parts, at = [], 0
    for match in _LABEL.finditer(said):
        parts += [text[at : match.start()], full(match)]
        at = match.end()
    return "".join([*parts, text[at:]])


def _by_label(targets: Sequence[str]) -> Mapping[str, str]:
    """Hosts by their first label, where it is of one alone."""
    hosts = [name for name in targets if name.count(".") >= 2]
    labels = [name.partition(".")[0] for name in hosts]
    return {label: name for label, name in zip(labels, hosts, strict=True) if labels.count(label) == 1}


def _sibling(label: str, targets: Sequence[str]) -> str:
    """Of `mail.example.com` and of `example.com` the host of that label in example.com."""
    first = targets[0] if targets else ""
    if not first or is_address(first):
        return ""
    host, _, domain = first.partition(".")
    return f"{label}.{domain if host and site(first) in {domain, site(domain)} else first}"


_LABEL = re.compile(r"(?<![\w.@/:-])[a-z][a-z0-9-]{0,62}(?![\w.@/:-]|\.\w)")
_SIBLING = re.compile(r"(?:mail|smtp|mx|relay|out|pool|edge|gw)-?\d{1,3}|pool|relay|mailhost|smtpout")
_FROM = re.compile(r"(?:from|desde)\s+$")
_ASKED_OF = re.compile(
    r"[¿¡\s]*(?:(?:hey|ok|please|and|now|so|but|or|then|what about|how about|check|recheck|test|try|is|are|does|did|"
    r"why|why is|why does|history|history of|watch|mute|ack|run|since when is|y|ahora|pero|que tal|revisa|comprueba|"
    r"prueba|esta|funciona|responde|falla|por que|que pasa con|historial|historial de|vigila|silencia|"
    r"desde cuando esta)[\s,:¿]+)*¿?"
)
_HOW = re.compile(
    rf"\s*(?:[?!.,]|$|\d|(?:on|from|desde|port|ports|puerto|and|or|y|en|again|now|too|still|every|cada|fails?|falla|"
    rf"not|{patterns.STATES})(?!\w))"
)

_NO_NAME = frozenset(
    {"port", "ports", "it", "this", "that", "there", "they", "we", "you", "he", "she", "everything", "tls"}
    | {"starttls", "cert", "certificate", "certificado", "queue", "cola", "network", "red", "dns", "login"}
)
