"""Words that people write beside the name of a secret and that are none: whoever asks looks for signs as well."""

import re

from commands.secrets.common_words import PLAIN_WORDS, words
from commands.secrets.names import folded
from commands.secrets.shapes import is_random

_NUMBERED = re.compile(
    r"(?:v?mtas?|pools?|hubs?|nodes?|mx|dc|ips?|relays?|routes?|servers?|hosts?|smtp|mail|out|trans|bulk|queues?|ports?"
    r"|days?|tls|v|q|kw|rack)-?\d{1,4}|\d{1,4}(?:st|nd|rd|th|h|d|m|s|k|am|pm|%|x)?|\d{1,2}:\d\d|\d{4}-\d\d-\d\d"
    r"|[A-Z]{2,10}-\d{1,6}|(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}(?::\d{1,5})?|[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}"
)
"""Numbered things of a network, times, tickets, hosts and addresses."""

_SEPARATORS = re.compile(r"[=,;|&()\[\]{}\"']+")
_MARKS = re.compile(r"[:/@.\\^$*+?-]+")
_PATTERN = re.compile(r"/@?(?:[\w-]+\\?\.)+[a-z]{2,24}\$?/?")
_HARMLESS = re.compile(
    r"[+-]?\d{1,15}(?:[.,:/x-]\d{1,12})*(?:ms|[kmgt]?b?|%)(?:/(?:\d{1,4})?[a-z]{1,6})?|(?:\d{1,6}(?:ms|[smhdw]))+"
    r"|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*(?:/\d{1,3})?"
    r"|(?:\*\.|@|\*)?(?:[\w-]{1,63}\.)+[a-z]{2,24}\.?(?::\d{1,5})?|[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[a-z]{2,24}"
    r"|(?:\.{0,2}/|[a-z]:\\)[\w./\\-]*|\$\w{0,40}|.|\.{2,3}",
    re.IGNORECASE,
)
"""What evidently holds no secret, whatever stands beside it."""

LONGEST_WORD = 80
"""Characters: no harmless word is longer."""

_EDGES = "\"'`.,;:!?()[]…–—-"
_STATES = words(
    "abgelaufen above below broken caducada caducado change changed changes correct disabled done down due empty"
    " enabled expired expires expiry failed failure failures falsch falta fine freeze gone here invalid known locked"
    " lost mandatory missing needed new next nueva obligatoria obligatorio off ok old on policies policy public"
    " recovery refused rejected required reset resets rotated rotation safe set shared there unknown unused up used"
    " valid wrong"
)
"""What is said of a password with one word: `the password is expired`."""
_IS = words("is are was were ist war sind es esta era son est")
LONGEST, MOST = 400, 30
"""Characters and words of a sentence behind a name that are read: what is longer is no remark."""

_NOTHING_SAID = re.compile(
    r"[^\S\r\n]{0,4}[:=][^\S\r\n]+"
    r"(?=(?:see|siehe|ver|not|no|none|never|ninguna|keine|expires?|in|ask|kept|stored|lives)\b)",
    re.IGNORECASE,
)
"""`password: see the wiki` has none."""

_SIGNS = re.compile(r"[=<>\"'`{}\[\]#|\\$*&^~@]|[:/](?!\d)|->")


def is_plain_word(word: str) -> bool:
    """Whether a word is a common one, a number, a host or a ticket."""
    return folded(word) in PLAIN_WORDS or _NUMBERED.fullmatch(word) is not None


def is_plain(word: str, common: frozenset[str] = PLAIN_WORDS) -> bool:
    """Whether a word evidently holds no secret; `common` are those of a language."""
    if len(word) > LONGEST_WORD:
        return False
    if not word or folded(word) in common or _NUMBERED.fullmatch(word):
        return True
    if (made_up := _made_of(word, _SEPARATORS)) != [word]:
        return all(is_plain(part, common) for part in made_up)
    if is_random(word, wary=True):
        return False
    if _HARMLESS.fullmatch(word) or _PATTERN.fullmatch(word):
        return True
    parts = _made_of(word, _MARKS)
    return parts != [word] and all(is_plain(part, common) for part in parts)


def _made_of(word: str, signs: re.Pattern[str]) -> list[str]:
    return [part for part in signs.split(word.replace("\\.", ".")) if part]


def is_prose(line: str, at: int, *, least: int = 2) -> bool:
    """Whether what stands behind a name are common words to the end, and none of them is what the name names.

    Fewer than `least` have to be said of a secret: `password expired`.
    """
    nothing = _NOTHING_SAID.match(line, at)
    at, least = (nothing.end() - 1, 1) if nothing else (at, least)
    rest = line[at : at + LONGEST + 1].lstrip(",;.").rstrip(" \t\r\n:=>-")
    words = rest.split(None, MOST)
    if not rest[:1].isspace() or not words or len(rest) > LONGEST or len(words) > MOST or _SIGNS.search(rest):
        return False
    bare = [folded(word.strip(_EDGES)) for word in words]
    if bare[0] not in PLAIN_WORDS or not all(not word or is_plain_word(word) for word in bare):
        return False
    said = bare[1:] if bare[0] in _IS else bare
    least = max(least, 2) if bare[0] in _IS else least
    return len(said) >= least or {*said} <= _STATES
