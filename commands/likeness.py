"""Which topic a text is most like, by example phrasings of each: a scorer over words and pairs of words. Pure.

An example and a text come to the same features: words without their endings, pairs of neighbours, and a word behind a
negation once more as that. Words may stand for others (`correo`: mail) and for classes (`hetzner`: NETWORK hetzner),
so that few examples in two languages reach far. A feature that few topics have weighs more than one that many have.
What an example has is counted when the table is built; to score a text costs a look-up for each of its features.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import log, sqrt

from commands.spanish import folded

MOST_TEXT = 2000
"""Characters of a text that are read."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a text is like the examples of a topic: `score` from 0 to 1, `margin` by how much more than the next."""

    topic: str
    score: float
    margin: float


class Examples:
    """Topics with their examples, ready to be compared with."""

    def __init__(self, topics: Mapping[str, Sequence[str]], words: Mapping[str, str] | None = None) -> None:
        """`topics` has the examples of each by its name, `words` what a word stands for, one word or several.

        A word of the table counts with other endings, too, where the table has none of its own for them.
        """
        known = {folded(word): tuple(meant.split()) for word, meant in (words or {}).items()}
        self._words = {**{_stem(word): meant for word, meant in known.items()}, **known}
        self._topics = tuple(topics)
        examples = [(place, set(self.features(text))) for place, texts in enumerate(topics.values()) for text in texts]
        self._rarity = _rarity(len(topics), examples)
        self._weights = _weights(self._rarity, examples)

    def ranked(self, text: str, most: int = 3) -> list[Likeness]:
        """The topics that a text is most like, the likest first; none of which it has no feature."""
        features = {it for it in self.features(text) if it in self._rarity}
        scores: defaultdict[int, float] = defaultdict(float)
        for feature in features:
            for place, weight in self._weights[feature]:
                scores[place] += weight
        length = sqrt(sum(self._rarity[it] ** 2 for it in features))
        best = nlargest(most + 1, ((score / length, -place) for place, score in scores.items()))
        following = [score for score, _ in best[1:]] + [0.0]
        found = [(self._topics[-place], score) for score, place in best]
        told = zip(found, following, strict=True) if found else ()
        return [Likeness(topic, score, score - behind) for (topic, score), behind in told][:most]

    def most_like(self, text: str) -> Likeness | None:
        """The topic that a text is most like."""
        return next(iter(self.ranked(text, 1)), None)

    def features(self, text: str) -> Iterator[str]:
        """What a text is compared by: `block`, `NOT block`, `port block`."""
        said = list(self._said(text))
        yield from (word for meant, _ in said for word in meant)
        yield from (f"NOT {meant[0]}" for meant, is_denied in said if is_denied)
        yield from (f"{one[0]} {other[0]}" for (one, _), (other, _) in pairwise(said))

    def _said(self, text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Each word that says something as what it stands for, and whether it is denied."""
        denied = 0
        for token in _TOKEN.findall(folded(text[:MOST_TEXT])):
            if token in _NEGATIONS:
                denied = _REACH + 1
            elif token in _ENDS:
                denied = 0
            if token not in _EMPTY and token not in _ENDS and (meant := self._meant(token)):
                yield meant, denied > 0 and token not in _NEGATIONS
            denied = max(denied - 1, 0)

    def _meant(self, token: str) -> tuple[str, ...]:
        """What a word stands for: as the table has it, else HOST or ADDRESS, else itself without its ending."""
        if known := self._words.get(token):
            return known
        if token.replace(".", "").isdigit():
            return ("ADDRESS",) if token.count(".") == 3 else (token,)
        if "." not in token:
            stem = _stem(token)
            return self._words.get(stem, (stem,))
        named = next((meant for label in token.split(".") if (meant := self._words.get(label))), ())
        return ("HOST", *named)


_TOKEN = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*|[.,;:!?()\n]")
_ENDS = frozenset(".,;:!?()\n")
_REACH = 3
"""Words behind a negation that it denies."""

_NEGATIONS = frozenset(
    {"not", "no", "never", "without", "cannot", "can't", "won't", "don't", "doesn't", "isn't", "didn't", "nothing"}
    | {"aren't", "cant", "wont", "dont", "doesnt", "isnt", "didnt", "neither", "nor", "sin", "nunca", "nada", "ni"}
)
_EMPTY = frozenset(
    {"the", "a", "an", "of", "to", "in", "on", "at", "and", "is", "are", "it", "its", "that", "this", "be", "i", "we"}
    | {"my", "our", "with", "for", "el", "la", "los", "las", "un", "una", "de", "del", "en", "y", "es", "que", "mi"}
    | {"con", "al", "lo", "su", "nuestro", "nuestra", "me", "us", "you", "your", "have", "has", "se", "so", "there"}
)
"""Words that are everywhere."""

_ENDINGS = (
    *("aciones", "acion", "amente", "ations", "ation", "iendo", "ando", "mente", "ments", "ment", "ings", "ing"),
    *("ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida", "ers", "ies", "ied", "ed", "es", "er", "ar", "ir"),
    *("ly", "an", "en", "s", "e", "o", "a", "y"),
)
_SHORTEST, _LONGEST = 3, 7
"""Letters of a word that stay at least, and at most."""


def _stem(word: str) -> str:
    """A word without its ending in English or Spanish."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)][:_LONGEST]
    return word[:_LONGEST]


def _rarity(topics: int, examples: Iterable[tuple[int, set[str]]]) -> dict[str, float]:
    """How much each feature tells: more, the fewer topics have it."""
    having = Counter(feature for feature, _ in {(it, place) for place, features in examples for it in features})
    return {feature: log(1 + topics / count) for feature, count in having.items()}


def _weights(
    rarity: Mapping[str, float], examples: Iterable[tuple[int, set[str]]]
) -> Mapping[str, Sequence[tuple[int, float]]]:
    """For each feature the topics that have it, with what it adds to the cosine."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for place, features in examples:
        counts[place].update(features)
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, seen in counts.items():
        parts = {feature: rarity[feature] * (1 + log(count)) for feature, count in seen.items()}
        length = sqrt(sum(part**2 for part in parts.values()))
        for feature, part in parts.items():
            found[feature].append((place, part * rarity[feature] / length))
    return dict(found)
