"""Phrases that are looked for in a text, all at once: which signs are seen in it.

A phrase is words. `word*` is any word that begins so (four letters at least), `..` up to five words of the same clause,
`{name}` one of the words of a list, `|` the end of a clause. A text has each of its words looked up once, whatever the
number of phrases.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from commands.smtpport.evidence.formatting import plain

_WORD = re.compile(r"[a-z0-9]+(?:[.@][a-z0-9]+)*|[,;:!?\n(){}\"]|\.(?=\s|$)")
_KEY = 4
"""Letters by which the phrases are found that begin with the beginning of a word."""

_GAP = r"(?: (?!(?:but|pero|aber|while|although|aunque) )[^ |]+){0,5}"
"""Up to five words, none of which turns the sentence round."""

_DENYING = frozenset(
    {"no", "not", "never", "nothing", "none", "cannot", "cant", "neither", "dont", "doesnt", "didnt", "isnt", "wont"}
    | {"nor", "does", "do", "did", "is", "are", "should", "can", "could", "sin", "ningun", "ninguna", "nunca", "nada"}
    | {"ni", "kein", "keine", "nicht", "why"}
)
"""Near before a claim: it is denied or asked."""

_CONDITIONS = frozenset({"if", "unless", "until", "only", "without", "whether", "when", "hasta", "si", "ohne", "once"})
"""Before or right behind a claim: it is true on a condition alone."""

_NEAR, _BEHIND = 5, 2


def words_of(text: str) -> str:
    """A text in any case as words with a blank on both sides: `e-mail` is one, the end of a clause is `|`."""
    found = " ".join("|" if not word[0].isalnum() else word for word in _WORD.findall(plain(text)))
    return f" {found} ".replace(" e mail", " email")


class _Phrase(NamedTuple):
    """`needed` stands in every text that has it: to look for that is a fifth of a match."""

    pattern: str
    needed: str
    sign: str


def _needed(words: Iterable[str]) -> str:
    """The longest of the words that are no list and no gap."""
    return max((word.removesuffix("*") for word in words if word != ".." and word[0] != "{"), key=len, default="")


class Phrases:
    """The phrases of some signs, ready to be looked for."""

    def __init__(
        self, signs: Mapping[str, Iterable[str]], lists: Mapping[str, str], claims: Iterable[str] = ()
    ) -> None:
        """`signs` has the phrases of each, `lists` the words that stand for a name in braces.

        Those of `claims` are seen only where they are told, and not denied, asked or put on a condition.
        """
        self._claims = frozenset(claims)
        self._lists = {name: words.split() for name, words in lists.items()}
        self._by_word: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._by_beginning: defaultdict[str, list[_Phrase]] = defaultdict(list)
        for sign, phrases in signs.items():
            for phrase in phrases:
                self._add(sign, phrase.split())

    def places_in(self, text: str) -> dict[str, list[int]]:
        """The signs of which a text of `words_of` has a phrase, with the places where one begins."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for sign, place in self._seen(text):
            found[sign].append(place)
        return dict(found)

    def _seen(self, text: str) -> Iterator[tuple[str, int]]:
        place = 0
        for word in text.split():
            for pattern, needed, sign in (*self._by_word.get(word, ()), *self._by_beginning.get(word[:_KEY], ())):
                found = _compiled(pattern).match(text, place) if needed in text else None
                if found and not (sign in self._claims and _is_unsaid(text, place, found.end())):
                    yield sign, place
            place += len(word) + 1

    def _add(self, sign: str, words: list[str]) -> None:
        pattern = "".join(self._part(word) for word in words) + "(?= )"
        known = _Phrase(pattern, _needed(words[1:]), sign)
        for first in self._any_of(words[0]):
            letters = first.removesuffix("*")
            if first == letters:
                self._by_word[first].append(known)
            elif len(letters) < _KEY:
                raise ValueError(f"{sign}: {first} begins with less than {_KEY} letters")
            else:
                self._by_beginning[letters[:_KEY]].append(known)

    def _any_of(self, word: str) -> list[str]:
        return list(chain(*(self._any_of(it) for it in self._lists[word[1:-1]]))) if word[0] == "{" else [word]

    def _part(self, word: str) -> str:
        if word == "..":
            return _GAP
        either = "|".join(re.escape(it).replace(r"\*", "[^ |]*") for it in self._any_of(word))
        return f" (?:{either})"


def _is_unsaid(text: str, place: int, end: int) -> bool:
    """Whether what stands at a place is denied, asked, or true on a condition: `no mail is sent`."""
    before = text[max(0, place - 80) : place].rpartition("|")[2].split()
    behind = text[end : end + 40].partition("|")[0].split()[:_BEHIND]
    return not (_DENYING.isdisjoint(before[-_NEAR:]) and _CONDITIONS.isdisjoint((*before, *behind)))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When a text has its first word: few are ever needed, and all of them take a tenth of a second."""
    return re.compile(pattern)
