"""An everyday sentence in words that are understood, in English and Spanish. Pure, and total.

Each word is a sign of something (`signs`), says little, or is odd. What is meant is the row of `everyday_sentences`
whose signs all stand there while nothing else is left; a sentence that nobody understands may leave a word or two.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bot.slack.conversation.everyday.everyday_sentences import SENTENCES, Sentence
from bot.slack.conversation.everyday.signs import AREAS, FREE, LITTLE, OFTEN, SIGNS, TIMES
from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.sentence.hosts import marked
from commands.secrets.masking import masked
from commands.slack_text import undo
from commands.spanish import folded
from commands.words import nearest

LONGEST, MOST_WORDS = 200, 26
"""Characters and words of such a sentence: what is longer tells something."""

MOST_ODD, SIGNS_FOR_EACH = 2, 2
"""Words that may be left over where nothing is understood, each beside so many signs of the row."""

SHORTEST, CLOSE = 4, 85
"""Letters of a word that may be misspelt, and how alike the two have to be."""

FORGIVEN = frozenset({"posted", "until", "at", *FREE})


def in_known_words(text: str) -> str:
    """What is read in its place; empty where it is none of `everyday_sentences`, whole."""
    return _meant(signs_in(text), most_odd=0)


def asks(text: str) -> bool:
    """It is one of them, and a question by the word that it begins with."""
    return next(iter(signs_in(text)), "") in ASKING and bool(in_known_words(text))


ASKING = frozenset(
    {"who", "what", "when", "where", "from where", "how", "how many", "how often", "how long", "since when"}
)


def nearly_in_known_words(text: str) -> str:
    """The same of a sentence that nobody understands: one of its parts is known, or it has a word more."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    known = [found for part in parts if (found := in_known_words(part)) and found not in COURTESIES]
    return (known or [""])[-1] or _meant(signs_in(text), most_odd=MOST_ODD)


COURTESIES = frozenset({"hello", "thanks", "never mind"})
_PARTS = re.compile(r"[.;!?]+\s+|,\s+|\s+(?:because|porque)\s+")


def area_of(text: str) -> str:
    """What a sentence that nobody understands may be about: its first sign that tells; empty for none."""
    return next((area for sign in signs_in(text) for area, signs in AREAS.items() if sign in signs), "")


def signs_in(text: str) -> Mapping[str, str]:
    """The signs that stand there, with what was said; an odd word by itself behind a question mark."""
    if len(text) > LONGEST or "\n" in text.strip():
        return {}
    written = undo(text)
    said, hosts = marked(written, HOST)
    known, until, at = folded(said), _UNTIL.search(folded(said)), _CLOCK.search(folded(said))
    words = _WORD.findall(known)
    found = dict(_signs(words)) if len(words) <= MOST_WORDS else {}
    if until and not {"quiet", "stop all"}.isdisjoint(found):
        rest = _WORD.findall(f"{known[: until.start()]} {known[until.end() :]}")
        found = {**dict(_signs(rest)), "until": until[1] or until[2]}
    elif at and "digest" in found:
        found = {**dict(_signs(_WORD.findall(_CLOCK.sub(" ", known)))), "at": _clock(at)}
    if found and (channel := _CHANNEL.search(text)):
        found = {name: word for name, word in found.items() if word not in undo(channel[0])}
        found["channel"] = f"in {channel[0]}"
    if found and hosts:
        found["host"] = next((host for host in hosts if f"@{host}" not in written), hosts[0])
    if found and _holds_secret(said):
        found["posted"] = ""
    return found


def _holds_secret(said: str) -> bool:
    """What is covered in it is more than mere words behind `password`, or said to be one."""
    covered = set(said.replace(HOST, "").split()) - set(masked(said).split())
    return _POSTED.search(folded(said)) is not None or any(not word.strip(".,;:!?¿").isalpha() for word in covered)


_NONE = "in |on |en |not |no |wrong|right|invalid|incorrect|rejected|refused|required|expired"
"""What stands behind `password is` and is none."""

_POSTED = re.compile(rf"(?:password|passwd|pwd|contrasena|clave)(?: (?:is|es)|\s?[:=]) ?(?!{_NONE})\w")

_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_UNTIL = re.compile(
    r"(?:until|till|til|hasta) (?:the |el |la )?(\w+)|(?:for |por |durante )?((?:\d{1,3}|an?|one|una?) ?(?:h|hours?|"
    r"horas?|days?|dias?|min(?:utes?|utos?)?))(?!\w)"
)
_CHANNEL = re.compile(r"<#[^<>\s]{3,120}>|#[\w-]{1,80}")
_CLOCK = re.compile(r"(?:at|a las) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)?(?!\w)")


def _clock(at: re.Match[str]) -> str:
    hour = int(at["hour"]) + 12 * (at["half"] == "pm" and int(at["hour"]) < 12)
    return f"{hour:02}:{at['minute'] or '00'}"


def _signs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(words):
        sign, said, taken = _sign_at(words, at)
        if sign:
            yield sign, said
        at += taken


def _sign_at(words: Sequence[str], at: int) -> tuple[str, str, int]:
    """Of the most words that stand there: the sign, what is said, and how many they are. A word may say little."""
    for count in range(min(_most(), len(words) - at), 0, -1):
        if found := _known().get(" ".join(words[at : at + count])):
            return *found, count
    word = words[at]
    if word in LITTLE:
        return "", word, 1
    if word.isdigit():
        return "number", word, 1
    near = nearest(word, _long(), CLOSE) if len(word) >= SHORTEST else ""
    return (*_known()[near], 1) if near else (f"?{word}", word, 1)


def _meant(found: Mapping[str, str], *, most_odd: int) -> str:
    fits = [
        (left, -len(row.signs.split()), at)
        for at, row in enumerate(SENTENCES)
        if (left := _left(row, found)) is not None
    ]
    best = min(fits, default=None)
    if best is None or best[0] > min(most_odd, -best[1] // SIGNS_FOR_EACH):
        return ""
    return _told(SENTENCES[best[2]], found)


def _left(row: Sentence, found: Mapping[str, str]) -> int | None:
    """How many things are said beside those of the row; None where it is not meant."""
    asked = [one.replace("_", " ") for one in row.signs.split() if one != "+"]
    wanted = [set(one.split("/")) for one in asked if one[0] != "-"]
    unwanted = {one[1:] for one in asked if one[0] == "-"}
    odd = {"?" for name in found if name[0] == "?"}
    if unwanted & (set(found) | odd) or not all(one & set(found) for one in wanted):
        return None
    if "+" in row.signs:
        return 0
    told = {name for name in ("host", "time", "often", "channel") if f"{{{name}}}" in row.means}
    return len(set(found) - FORGIVEN - told - set().union(*wanted))


def _told(row: Sentence, found: Mapping[str, str]) -> str:
    means = row.without if row.without and "time" not in found else row.means
    said = {"host": "it", "time": "", "often": "daily", "at": "09:00", "until": "2h", "channel": "", **found}
    posted = "posted " * ("posted" in found)
    return means.format(**{**said, "posted": posted, "until": _end(said["until"])}).strip()


def _end(said: str) -> str:
    """As it is typed behind `mute`: `until tomorrow`, `1h`."""
    length = _LENGTH.fullmatch(said)
    if length is None:
        return f"until {'tomorrow' if said == 'manana' else said}"
    return f"{length[1] if length[1].isdigit() else 1}{length[2][0]}"


_LENGTH = re.compile(r"(\d{1,3}|an?|one|una?) ?([a-z]+)")


@cache
def _known() -> Mapping[str, tuple[str, str]]:
    """By words their sign, and what is said by them."""
    signs = {word: (sign, word) for sign, words in SIGNS.items() for word in words}
    times = {word: ("time", time) for time, words in TIMES.items() for word in words}
    return signs | times | {word: ("often", often) for often, words in OFTEN.items() for word in words}


@cache
def _long() -> tuple[str, ...]:
    return tuple(word for word in _known() if len(word) >= SHORTEST and " " not in word)


@cache
def _most() -> int:
    return max(len(word.split()) for word in _known())
