"""One index over all words that a question may hold: phrase -> what it can mean. Typos are resolved here too."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.evidence.formatting import plain
from commands.smtpport.frameworks.names import called
from commands.smtpport.frameworks.reader import frameworks
from commands.smtpport.question import vocabulary as v
from commands.smtpport.question.fillers import FILLERS
from commands.smtpport.question.suffixes import is_suffix

LONGEST = 5
"""Words in the longest phrase that is looked for."""

_TOKEN = re.compile(r"[a-z0-9]+(?:[.&@_/+-]+[a-z0-9]+)*")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z]{2,}")


class Meaning(NamedTuple):
    """What a phrase stands for: a slot (role, provider, network, tls, topic, ...) and its value.

    A `weak` meaning counts only when the words before it point that way.
    """

    slot: str
    value: str
    weak: bool = False


def tokens(text: str) -> list[str]:
    """The words of a plain text. Hosts and addresses stay whole, other words are split at hyphens and slashes."""
    found: list[str] = []
    for word in _TOKEN.findall(text):
        if is_host(word):
            found.append(word)
        elif "@" not in word:  # `root@mx` is a prompt
            found += [part for part in re.split(r"[-/_+]+", word) if part]
    return found


def is_host(word: str) -> bool:
    """Whether a word is a host name or an address at one: by its suffix, or because it is called as hosts of mail are.

    None of a file, a product, a class or a setting is.
    """
    name = word.rpartition("@")[2]
    if _HOST.fullmatch(name) is None or _FILE.fullmatch(name) is not None:
        return False
    return is_suffix(name.rpartition(".")[2]) or _OF_MAIL.match(name) is not None


_OF_MAIL = re.compile(r"(?!mail\.smtps?\.)(?:smtp|mail|relay|mx|imap|pop)\d{0,2}\.[\w-]+\.[a-z]+$")

_FILE = re.compile(
    r"[\w-]+\.(?:py|js|mjs|cjs|ts|tsx|jsx|php|rb|yml|yaml|json|conf|cf|cnf|cfg|ini|toml|env|sh|log|txt|md|xml|html|css|cs"
    r"|jar|java|properties|csv|service|pem|crt|key|sock|exs?|lua|sql|zip|exe|dll|tf)"
    r"|(?:asp|system|vb|paint)\.net|(?:socket|draw)\.io|node\.js\.org"
)
"""Names of files, and of what is called like a host: `settings.py`, `node.js`, `asp.net`."""


@cache
def lexicon() -> dict[str, tuple[Meaning, ...]]:
    """Every known phrase, as its words joined by one blank."""
    index: dict[str, list[Meaning]] = {}
    for phrase, meaning in _entries():
        meanings = index.setdefault(_key(phrase), [])
        if meaning not in meanings:
            meanings.append(meaning)
    return {phrase: tuple(meanings) for phrase, meanings in index.items()}


def _key(phrase: str) -> str:
    """A phrase as questions are looked up; most are that already."""
    simple = phrase.isascii() and phrase.replace(" ", "").isalnum()
    return phrase if simple else " ".join(tokens(plain(phrase)))


def _entries() -> list[tuple[str, Meaning]]:
    mail, nets = providers().values(), networks().values()
    entries = [(name, Meaning("provider", row.key)) for row in mail for name in row.names + row.hosts]
    entries += [(name, Meaning("provider", row.key, weak=True)) for row in mail for name in row.weak_names]
    entries += [(name, Meaning("network", row.key)) for row in nets for name in row.names]
    entries += [(name, Meaning("network", row.key, weak=True)) for row in nets for name in row.weak_names]
    entries += [(name.lower(), Meaning("software", row.key)) for row in frameworks().values() for name in called(row)]
    for slot, table in (("role", v.ROLES), ("tls", v.TLS), ("topic", v.TOPICS), ("software", v.SOFTWARE)):
        entries += [(name, Meaning(slot, code)) for code, text in table.items() for name in v.phrases(text)]
    for slot, text in _LISTS:
        entries += [(name, Meaning(slot, name)) for name in v.phrases(text)]
    return entries


_LISTS = (
    ("weak_relay", v.WEAK_RELAY),
    ("failed", v.FAILED),
    ("login_failed", v.LOGIN_FAILED),
    ("from", v.FROM),
    ("to", v.TO),
    ("moved", v.MOVED),
    ("break", v.BREAKS),
    ("general", v.GENERAL),
    ("barred", v.BARRED),
    ("only", v.ONLY),
    ("web_ports", v.WEB_PORTS),
    ("wanted", v.WANTED),
    ("all_ports", v.ALL_PORTS),
    ("connector", v.CONNECTOR),
    ("asking", v.ASKING),
    ("anonymous", v.ANONYMOUS),
    ("mail_server", v.MAIL_SERVER),
    ("place", v.PLACES),
    ("product", v.PRODUCTS),
    ("works", v.WORKS),
    ("lifted", v.LIFTED),
    ("no_trouble", v.NO_TROUBLE),
    ("send_as", v.SEND_AS),
    ("unrecorded", v.UNRECORDED),
    ("filler", FILLERS),
)


@lru_cache(maxsize=4096)
def corrected(phrase: str) -> str | None:
    """The known phrase that a misspelt one most likely means: one slip in five to nine letters, two in more.

    Two words are never made of one, unless only the blank is missing. Of five letters a name is repaired only where
    two stand the wrong way round ("gmial"): most short words are others in their own right, such as "never" and Naver.
    """
    if len(phrase) < 5 or phrase.isdigit():
        return None
    # Loaded at the first misspelt word: the import takes 40 ms, and most questions have none.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    slips = 1 if len(phrase) <= 9 else 2
    found = process.extractOne(phrase, _by_initial().get(phrase[0], ()), scorer=OSA.distance, score_cutoff=slips)
    if found is None or (found[0].count(" ") != phrase.count(" ") and not _glued(found[0], phrase)):
        return None
    if not _differs_in_long_words(found[0], phrase):
        return None
    return found[0] if len(phrase) > 5 or _same_letters(found[0], phrase) or not _is_name(found[0]) else None


def _differs_in_long_words(known: str, phrase: str) -> bool:
    """Whether no short word of a phrase is repaired: "ombi email" is none of "oci email"."""
    pairs = zip(known.split(), phrase.split(), strict=False)
    return " " not in phrase or _glued(known, phrase) or all(a == b or len(b) >= SHORTEST for a, b in pairs)


SHORTEST = 5
"""Letters of a word that may be misspelt."""


def _same_letters(known: str, phrase: str) -> bool:
    return sorted(known) == sorted(phrase)


def _is_name(phrase: str) -> bool:
    return any(meaning.slot in _PLACES for meaning in lexicon()[phrase])


_PLACES = frozenset({"provider", "network", "software"})


def _glued(known: str, phrase: str) -> bool:
    return known.replace(" ", "") == phrase.replace(" ", "")


def suggested(words: Sequence[str]) -> list[str]:
    """Up to three names of providers and networks that unknown words resemble, the likeliest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    found = [
        it for word in words[:5] for it in process.extract(word[:40], _names(), scorer=fuzz.ratio, score_cutoff=70)
    ]
    ranked = sorted(found, key=lambda it: -it[1])
    return list(dict.fromkeys(_names()[phrase] for _, _, phrase in ranked))[:3]


def likely(words: Sequence[str]) -> tuple[str, ...]:
    """The keys of up to two providers that a single unknown word may be meant for: to be asked, not assumed."""
    if len(words) != 1 or not 4 <= len(words[0]) <= 20 or not words[0].isalpha():
        return ()
    from rapidfuzz import process  # noqa: PLC0415 - as above
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    close = process.extract(words[0], _keys(), scorer=OSA.distance, score_cutoff=1, limit=4)
    same = [_keys()[name] for name, *_ in close if name[0] == words[0][0]]
    return tuple(dict.fromkeys(same))[:2]


@cache
def _keys() -> dict[str, str]:
    """What providers are called, with their keys."""
    return {_key(name): row.key for row in providers().values() for name in row.names if len(name) >= 4}


@cache
def _names() -> dict[str, str]:
    """What providers and networks are called, by phrase."""
    called = [row.names for row in networks().values()] + [row.names for row in providers().values()]
    return {_key(name): names[0] for names in called for name in names if len(name) >= 4}


@cache
def _by_initial() -> dict[str, tuple[str, ...]]:
    """Known phrases of four letters or more by their first letter: people seldom mistype that one.

    None of those that say nothing: a word that nobody knows is told as such.
    """
    index: dict[str, list[str]] = {}
    for phrase, meanings in lexicon().items():
        if len(phrase) >= 4 and meanings[0].slot not in {"filler", "unrecorded"}:
            index.setdefault(phrase[0], []).append(phrase)
    return {initial: tuple(found) for initial, found in index.items()}
