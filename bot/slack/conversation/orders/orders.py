"""What somebody is told to do with a host, in a sentence: as a command, or as what is asked back. Pure, and total.

A verb, what it is done to, a host and what stands behind it: the words are in `order_words`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.slack.conversation.orders.order_words import (
    ACTS,
    ASKED,
    ENDS,
    EVERYDAY,
    FILLERS,
    GROUPS,
    HOST,
    HOW,
    NO_MORE,
    NOUNS,
    OF_WATCHES,
    REQUESTS,
    SHAPES,
    WATCHED,
    Behind,
    Shape,
)
from bot.slack.conversation.sentence.hosts import MOST, marked
from bot.slack.conversation.sentence.patterns import STATES
from bot.slack.conversation.sentence.phrases import AFTERWARDS
from bot.slack.conversation.sentence.phrasing import has
from commands.other_words import translated
from commands.spanish import folded
from commands.spoken_times import is_length
from commands.words import as_typed

LONGEST = 240
"""Characters of an order: what is longer tells something."""

FEW = 4
"""Words of one that say nothing to us."""


UNCLEAR = "?unclear"


@dataclass(frozen=True, slots=True)
class Order:
    """A line as it is typed (`smtpwatch delete HOST`), or `?` and the name of what is asked back, and its hosts."""

    line: str
    hosts: Sequence[str]

    @property
    def is_asked_back(self) -> bool:
        return self.line.startswith("?")


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of an order. `odd` are words that say nothing to us; `hosts` by where they stand."""

    act: str
    nouns: Sequence[str]
    odd: Sequence[str]
    hosts: Sequence[Sequence[str]]
    behind: str
    asks_how: bool


def order_in(text: str) -> Order | None:
    """The order that a text is, or None: what it says is no order to do something with a host."""
    said, hosts = marked(as_typed(text[: 4 * LONGEST]), HOST)
    if not hosts or len(said) > LONGEST or "\n" in said.strip():
        return None
    said, groups = _together(" ".join(said.split()), hosts)
    whole = ordered(said, groups)
    moved = (order for one in _moved(said) if (order := ordered(one, groups[-1:])) and order.line != UNCLEAR)
    return whole or next(moved, None)


def question_in(text: str) -> Order | None:
    """A question about what was done, or what is watched: `who muted HOST`, `is HOST watched`."""
    said, hosts = marked(as_typed(text[:LONGEST]), HOST)
    said, groups = _together(" ".join(said.split()), hosts)
    known = folded(said).strip(" ?!.\u00bf\u00a1")
    if not hosts:
        match = _WHO_DID.fullmatch(known)
        group = GROUPS.get(_done(match["done"]), "") if match else ""
        return Order(f"portero log {group}", ()) if group else None
    for pattern, line in _ASKED:
        if match := pattern.fullmatch(known):
            act = _done(match["done"]) if "done" in pattern.groupindex else ""
            behind = match["behind"].strip() if "behind" in pattern.groupindex else ""
            behind = translated(_ended(_FROM_A_LIST.sub("", _MORNING.sub("today", behind)).strip()), "smtphistory")
            told = line.format(host=" ".join(groups[0]), group=GROUPS.get(act, ""), behind=behind)
            return Order(" ".join(told.split()), groups[0])
    return None


def names_what_is_watched(text: str) -> bool:
    """Whether a watch, an alert or an incident is spoken of, and not how a host is."""
    return not _tells_how_it_is(text) and any(has(NOUNS[noun], text) for noun in WATCHED)


def _tells_how_it_is(text: str) -> bool:
    return has(STATES, text) or has(_HAPPENED, text)


_HAPPENED = (
    "got|get|getting|received|saw|see|came|triggered|fired|fails?|failed|failing|time[sd]? out|timeouts?|rejects?|"
    "rejected|refuses?|refused|recibimos|recibi|llego|falla"
)
"""Beside a host, as its states: what is told of it is for a check to say."""


def _together(said: str, hosts: Sequence[str]) -> tuple[str, Sequence[Sequence[str]]]:
    """Hosts that are listed as one, and which those are."""
    groups: list[Sequence[str]] = []
    left = iter(hosts)

    def one(match: re.Match[str]) -> str:
        groups.append([next(left) for _ in range(match[0].count(HOST))])
        return HOST

    return _LIST.sub(one, said), groups


_LIST = re.compile(rf"{HOST}(?:(?:\s*[,&]\s*|\s+(?:and|y|e)\s+|\s+){HOST})*", re.IGNORECASE)


def _moved(said: str) -> Iterator[str]:
    """With the host behind the verb where it stands before that: `HOST mute 2h`, `HOST is noisy, mute it 2h`."""
    before, _, tail = said.rpartition(HOST)
    clause = _CLAUSES.split(tail)[-1]
    for part in [*([tail] if not before.strip() else []), *([clause] if _IT.search(clause) else [])]:
        order = _IT.sub("", part.strip(" :,;-"), count=1)
        verb = VERB.match(folded(order))
        if verb and verb.lastgroup in OF_WATCHES:
            yield f"{order[: verb.end()]} {HOST} {order[verb.end() :]}"


def ordered(said: str, hosts: Sequence[Sequence[str]]) -> Order | None:
    """The order in a text with marks for these hosts."""
    found = _parts(said, hosts)
    if found is None:
        return None
    shape = next((one for one in SHAPES if _fits(one, found)), None)
    line = _line(shape, found) if shape else ""
    if not line and (found.act in EVERYDAY or len(found.odd) > FEW or (not found.nouns and _tells_how_it_is(said))):
        return None
    line = line or UNCLEAR
    is_offered = found.asks_how and not line.startswith("?")
    return Order(f"?offer {line}" if is_offered else line, [name for group in hosts for name in group][:MOST])


def _parts(said: str, hosts: Sequence[Sequence[str]]) -> _Said | None:
    written = turned(said)
    known = folded(written)
    start = _LEAD.match(known)
    verb = VERB.match(known, lead_of(known))
    at = known.find(HOST)
    if verb is None or at < verb.end():
        return None
    behind = _ended(_PUNCTUATION.sub("", written[at + 1 :]).strip())
    nouns, odd = _named(known[verb.end() : at])
    beside = _FROM_A_LIST.match(folded(behind))
    if beside:
        behind, nouns = behind[beside.end() :].strip(), [*nouns, "watch"]
    elif noun := _NOUN_BEHIND.match(folded(behind)):  # `the HOST watch`
        behind, nouns = behind[noun.end() :].strip(), [*nouns, "watch"]
    asks_how = bool(start and start["how"])
    return _Said(str(verb.lastgroup), nouns, odd, hosts, _ended(behind), asks_how)


def lead_of(known: str) -> int:
    """Where what is only said before an order ends."""
    start = _LEAD.match(known)
    return start.end() if start else 0


def _named(between: str) -> tuple[list[str], list[str]]:
    """The kinds of nouns among the words between a verb and its host, and the words that are none."""
    nouns: list[str] = []
    odd: list[str] = []
    for word in re.findall(r"[^\s,;:]+", between):
        kind = next((noun for noun, known in _NOUNS if known.fullmatch(word)), "")
        if kind:
            nouns.append(kind)
        elif word not in FILLERS:
            odd.append(word)
    return nouns, odd


def _fits(shape: Shape, said: _Said) -> bool:
    if said.act not in shape.acts.split("|") or (shape.behind is Behind.HOST and HOST not in said.behind):
        return False
    if shape.behind is Behind.TIME and not _is_end(_end(said.behind)):
        return False
    if shape.behind is Behind.VALUE and not said.behind:
        return False
    if shape.behind is Behind.ROUTE and not _ROUTE.match(said.behind):
        return False
    if shape.nouns == "*":
        return True
    is_of_them = set(said.nouns or [""]) & set(shape.nouns.split("|"))
    return bool(is_of_them) and len(said.odd) == ("{name}" in shape.line)


def _is_end(behind: str) -> bool:
    return is_length(behind) or _UNTIL.fullmatch(folded(behind)) is not None


def _line(shape: Shape, said: _Said) -> str:
    """As it is typed; nothing where what stands behind the host says something else."""
    behind = _end(said.behind) if shape.behind is Behind.END else said.behind
    behind = translated(behind, "smtpwatch")
    value = _VALUE.sub("", behind, count=1)
    if shape.behind is Behind.NOTHING and not _PORTS.fullmatch(behind) and not shape.line.startswith("?"):
        return ""
    if shape.behind is Behind.VALUE and (not value or HOST in value):
        return ""
    route = {"#": "in", "@": "notify"}.get(value[:1], "")
    if "{route}" in shape.line and not route:
        return ""
    behind = behind if shape.behind is not Behind.NOTHING else " ".join(re.findall(r"\d+", behind))
    noun = next((noun for noun in said.nouns if noun in shape.nouns.split("|")), "")
    names = said.odd[0].upper() if said.odd and said.odd[0][:1] in "@#" else "".join(said.odd[:1])
    line = shape.line.format(
        host=" ".join(said.hosts[0]), behind=behind, value=value, noun=noun, name=names, route=route
    )
    return " ".join(line.split())


def _end(behind: str) -> str:
    """With ends in words of their own as the command knows them."""
    for pattern, known in _ENDS:
        match = pattern.match(folded(behind))
        if match:
            return f"{known}{behind[match.end() :]}"
    return behind


def _ended(behind: str) -> str:
    """Without what is only said behind an order."""
    match = _BEHIND.search(folded(behind))
    return behind[: match.start()].strip() if match else behind.strip()


def turned(said: str) -> str:
    """`turn the alerts off` as `disable the alerts`."""
    match = _TURN.match(folded(said))
    if match is None:
        return said
    verb = "disable" if match["how"] == "off" else "enable"
    return (
        f"{said[: match.start('turn')]}{verb}{said[match.end('turn') : match.start('part')]}{said[match.end('part') :]}"
    )


def _done(word: str) -> str:
    return next(act for act, pattern in _DONE if pattern.fullmatch(word))


_LEAD = re.compile(rf"[\s\u00bf\u00a1]*(?:(?:(?P<how>{HOW})|{REQUESTS})(?![\w.@/-])[\s,:!]+)*")
VERB = re.compile("|".join(rf"(?P<{name}>(?:{act.orders}))(?:l[aeo]s?)?(?![\w'-])" for name, act in ACTS.items()))
_NOUNS = [(noun, re.compile(pattern)) for noun, pattern in NOUNS.items()]
_DONE = [(act, re.compile(row.done)) for act, row in ACTS.items() if row.done]
_ALL_DONE = "|".join(row.done for row in ACTS.values() if row.done)
_ASKED = [(re.compile(pattern.replace("DONE", _ALL_DONE)), line) for pattern, line in ASKED]
_MORNING = re.compile(r"(?:this|esta) (?:morning|manana|afternoon|tarde)")
_WHO_DID = re.compile(rf"(?:who|quien)(?: has| has been| is| ha)? (?P<done>{_ALL_DONE})(?: .{{1,40}})?")
_ENDS = [(re.compile(pattern), known) for pattern, known in ENDS.items()]
_BEHIND = re.compile(rf"(?:[\s,]*(?<!\w)(?:{AFTERWARDS}|{NO_MORE}))*[\s.!?]*$")
_FROM_A_LIST = re.compile(
    r"(?:from|off|out of|to|in|into|de|a|en) (?:(?:the|my|our|your|list of|la|las|los|nuestras|mis|lista de) )*"
    rf"(?:{NOUNS['watch']}|list|lista)(?!\w)"
)
_NOUN_BEHIND = re.compile(rf"(?:'?s )?(?:{NOUNS['watch']})(?=\s|$)")
_TURN = re.compile(
    rf"(?:(?:{REQUESTS}|{HOW})[\s,]+)*(?P<turn>turn|switch) .{{0,120}}?(?P<part>(?<!\w)(?:back )?(?P<how>on|off))(?!\w)"
)
_ROUTE = re.compile(r"(?:to|a|al|en|in)\s+[#@]", re.IGNORECASE)
_VALUE = re.compile(r"(?:(?:to|a|as|with|como|con|is|=|:)\s+)?", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|hasta) .{2,40}")
_PORTS = re.compile(r"(?:(?:\s*(?:on|port|ports|puerto|puertos|and|,))*\s*\d{1,5})*", re.IGNORECASE)
_PUNCTUATION = re.compile(r"^[:,;]|[?!.]+$")
_IT = re.compile(r"(?<!\w)(?:it|them)(?!\w)|(?<=a)l[oa](?!\w)", re.IGNORECASE)
_CLAUSES = re.compile(r"[,;:.]\s+|\s(?:so|then|and|y|asi que)\s", re.IGNORECASE)
