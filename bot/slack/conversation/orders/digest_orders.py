"""A summary that is to come again, or no more, in words of one's own: as the digest that is offered. Pure, and total.

It is offered by a button, never set at once; what no digest can do says which there are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrases import CONVERSATION
from bot.slack.conversation.sentence.phrasing import bare
from bot.slack.conversation.sentence.understood import CHOICE, OFFER, Understood
from commands.slack_text import undo
from commands.spanish import DAYS
from commands.spoken_times import read_time_of_day
from commands.times import WEEKDAYS, city_zone

LONGEST = 160
"""Characters of such a sentence."""

_NOUN = re.compile(
    r"(?<!\w)(?:digests?|summar(?:y|ies)|round-?ups?|recaps?|overviews?|reports?|resumen(?:es)?|informes?)(?!\w)"
)
_OFF = re.compile(
    r"(?<!\w)(?:off|no more|unsubscribe)(?!\w)|"
    r"^(?:stop|cancel|end|disable|remove|delete|kill|do ?n[o']t|(?:ya )?no|sin|deja de|"
    r"(?:quita|cancela|para|desactiva|elimina|borra)[rd]?)(?!\w)"
)
"""`para` stands for another word, too, where it does not begin the sentence."""
_OTHER = re.compile(
    r"^(?:is|are|does|do|did|who|what|when|how|which|where|why|quien|que|cuando|como|cual|donde|hay)(?!\w)|"
    r"(?<!\w)(?:yesterday|last|(?:the|this) past|since|ayer|anoche|pasad[oa]|ultim[oa]|of the|incident|outage)(?!\w)"
)
"""What asks, or is of something that was."""

_DAY = "|".join((*WEEKDAYS, *DAYS))
_EXCEPT = re.compile(
    r"(?:except|but not|excluding|salvo|menos|excepto|not|no)(?: (?:on|the|for|los|el|las))* "
    rf"(?:weekends?|(?:{_DAY})s?|fin(?:es)? de semana|findes?)"
)
_WEEKDAYS = re.compile(
    rf"(?:week|work|working |business )-?days?|(?:{_DAY}) ?(?:to|through|thru|till|-|a) ?(?:{_DAY})|entre semana|"
    r"dias? (?:laborables?|habiles)"
)
_RHYTHMS: Mapping[str, re.Pattern[str]] = {
    "": re.compile(
        rf"(?<!\w)(?:(?:every|each|cada|todos los|los) (?P<day>{_DAY})s?|(?P<days>{'|'.join(WEEKDAYS)})s)(?!\w)"
    ),
    "weekly": re.compile(r"(?<!\w)(?:weekly|(?:every|each|per|a|cada|por|todas las) (?:week|semanas?)|semanal)(?!\w)"),
    "daily": re.compile(
        r"(?<!\w)(?:daily|(?:every|each|per) ?(?:day|morning)|(?:cada|todos los|todas las|al) (?:dias?|mananas?)|"
        r"diari[oa])(?!\w)"
    ),
}
_ZONE = re.compile(
    r"(?:hora de|horario de) (?P<es>[a-z_]+(?: [a-z]+)?)|(?P<en>[a-z_]+(?: [a-z]+)?) time|"
    r"(?P<name>[a-z]+/[a-z_]+|utc|gmt)"
)
_CHANNEL = re.compile(r"<#[^<>\s]{3,120}>|#[\w-]{1,80}")


def digest_wanted(text: str) -> Understood | None:
    """What is offered; None where nothing is said of a summary that comes again. `digest ...` is the command's own."""
    said = " ".join(bare(undo(text[:LONGEST])).replace(",", " ").split())
    if len(text) > LONGEST or not _NOUN.search(said) or said.startswith("digest ") or _OTHER.search(said):
        return None
    if hosts_in(undo(text)):
        return None
    often = _often(said)
    is_denied, channel = _EXCEPT.search(said), _CHANNEL.search(text)
    where = f"in {channel[0]}" if channel else ""
    when = " ".join(filter(None, (_clock(said), _zone(said))))
    if is_denied or _WEEKDAYS.search(said):
        lines = [" ".join(filter(None, ("digest", one, when or "09:00", where))) for one in ("daily", "monday")]
        return Understood(CONVERSATION, CHOICE, ordered=True, value="\n".join(["digest days", *lines]))
    if not often:
        return _which(said, when, where)
    if _OFF.search(said):
        return _offered("digest off", where)
    is_one = when or where or said.split()[0] not in {"daily", "weekly"}  # `weekly summary` may ask for one
    return _offered("digest", often, when or "09:00", where) if is_one else None


def _which(said: str, when: str, where: str) -> Understood | None:
    """`post the digest at 8 instead of 9`: of which of them is not said."""
    if not when or not _SETS.match(said):
        return None
    lines = [" ".join(filter(None, ("digest", often, when, where))) for often in ("daily", "weekly")]
    return Understood(CONVERSATION, CHOICE, ordered=True, value="\n".join(["digest time", *lines]))


_SETS = re.compile(
    r"(?:post|send|move|change|set|make|put|shift|publish|pon(?:er)?|manda(?:r)?|envia(?:r)?|cambia(?:r)?|mueve|publica(?:r)?)(?!\w)"
)


def _offered(*words: str) -> Understood:
    return Understood(CONVERSATION, OFFER, ordered=True, value=" ".join(filter(None, words)))


def _often(said: str) -> str:
    """The day, `weekly` or `daily`; empty where nothing is said of it."""
    matches = ((often, pattern.search(said)) for often, pattern in _RHYTHMS.items())
    return next((often or _day(match) for often, match in matches if match), "")


def _day(match: re.Match[str]) -> str:
    day = match["day"] or match["days"]
    return DAYS.get(day, day)


def _clock(said: str) -> str:
    """In the morning where nobody says which half of the day."""
    words = said.split()
    clocks = (read_time_of_day(words[at:]) for at in range(len(words)))
    found = next((clock for clock in clocks if clock), None)
    return f"{found[0].at:%H:%M}" if found else ""


def _zone(said: str) -> str:
    return next(_zones(said), "")


def _zones(said: str) -> Iterator[str]:
    for match in _ZONE.finditer(said):
        name = next(filter(None, match.groups()))
        for words in _shorter(name.split()):
            if zone := city_zone(words):
                yield zone


def _shorter(words: Sequence[str]) -> Iterator[str]:
    """`new york`, and of `9 madrid` the last word."""
    yield "_".join(words)
    yield words[-1]
    yield words[0]
