"""Which topic a text is most like, by example phrasings of each: a scorer over words and pairs of words. Pure.

An example and a text come to the same features: words without their endings, pairs of words that stand near each other,
and a word behind a negation once more as that. Words may stand for others (`correo`: mail) and for classes (`hetzner`:
NETWORK hetzner), so that few examples in two languages reach far. A feature that few topics have weighs more than one
that many have. What the examples have is weighed when the table is built; to score a text costs a look-up for each of
its features.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, log, sqrt

from commands.spanish import folded

MOST_TEXT, MOST_WORDS = 2000, 120
"""Characters of a text that are read, and words of them that count."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much speaks for a topic: `score` is what the features weigh that a text shares with its examples.

    One phrase in common comes to some 8. `margin` is the part of it by which the topic leads the next one, from 0 to 1.
    """

    topic: str
    score: float
    margin: float


class Examples:
    """Topics with their examples, ready to be compared with."""

    def __init__(self, topics: Mapping[str, Sequence[str]], words: Mapping[str, str] | None = None) -> None:
        """`topics` has the examples of each by its name, `words` what a word or a phrase stands for: one word or more.

        A word of the table counts with other endings, too, where the table has none of its own for them.
        """
        known = {folded(word).replace(" ", "_"): tuple(meant.split()) for word, meant in (words or {}).items()}
        phrases = sorted((folded(word) for word in words or {} if " " in word), key=len, reverse=True)
        self._phrases = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b") if phrases else None
        self._words = {**{_stem(word): meant for word, meant in known.items()}, **known}
        groups = [(name, group) for name, texts in topics.items() for group in _groups(texts)]
        self._topics = [name for name, _ in groups]
        counts = [Counter(it for text in texts for it in self.features(text)) for _, texts in groups]
        self._weights = _weights(counts, [len(texts) for _, texts in groups])

    @property
    def topics(self) -> frozenset[str]:
        """The names of all topics."""
        return frozenset(self._topics)

    def ranked(self, text: str, most: int = 3) -> list[Likeness]:
        """The topics that a text is most like, the likest first; none of which it has no feature."""
        scores: defaultdict[int, float] = defaultdict(float)
        for feature in self.features(text):
            for place, weight in self._weights.get(feature, ()):
                scores[place] += weight
        by_topic: dict[str, float] = {}
        for place in sorted(scores, key=scores.__getitem__, reverse=True):  # numbers alone are compared fast
            by_topic.setdefault(self._topics[place], scores[place])
            if len(by_topic) > most:
                break
        following = [*islice(by_topic.values(), 1, None), 0.0]
        told = zip(by_topic.items(), following, strict=False)
        return [Likeness(topic, score, 1 - behind / score) for (topic, score), behind in told][:most]

    def most_like(self, text: str) -> Likeness | None:
        """The topic that a text is most like."""
        return next(iter(self.ranked(text, 1)), None)

    def features(self, text: str) -> frozenset[str]:
        """What a text is compared by: `block`, `NOT block`, `block port`."""
        said = list(islice(self._said(text), MOST_WORDS))
        firsts = [meant[0] for meant, _ in said]
        return frozenset(
            (
                *(word for meant, _ in said for word in meant),
                *(f"NOT {meant[0]}" for meant, is_denied in said if is_denied),
                *(
                    f"{one} {other}" if one < other else f"{other} {one}"
                    for place, one in enumerate(firsts)
                    for other in firsts[place + 1 : place + 1 + _NEAR]
                ),
            )
        )

    def _said(self, text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Each word that says something as what it stands for, and whether it is denied."""
        denied = 0
        text = folded(text[:MOST_TEXT])
        if self._phrases:
            text = self._phrases.sub(lambda found: found[0].replace(" ", "_"), text)
        for token in _TOKEN.findall(text):
            if token in _NEGATIONS:
                denied = _REACH + 1
            elif token in _ENDS:
                denied = 0
            says = token not in _EMPTY and token not in _ENDS and (token in self._words or token not in _COURTESIES)
            if says and (meant := self._meant(token)):
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


_TOKEN = re.compile(r"[a-z0-9]+(?:[_.'-][a-z0-9]+)*|[.,;:!?()\n]")
_ENDS = frozenset(".,;:!?()\n")
_REACH, _NEAR = 3, 3
"""Words behind a negation that it denies, and behind a word that make a pair with it."""

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

_COURTESIES = frozenset(
    {"please", "hi", "hello", "hola", "thanks", "gracias", "help", "ayuda", "good", "idea", "buena", "just", "then"}
)
"""Words that say nothing where the table has no meaning for them."""

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


MOST_TOGETHER = 10
"""Examples that are weighed together: a topic with more is as like a text as the group of them that is most like it."""


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Neighbours among the examples of a topic, in groups of about one size."""
    size = ceil(len(texts) / max(1, round(len(texts) / MOST_TOGETHER)))
    yield from (texts[start : start + size] for start in range(0, len(texts), max(1, size)))


_COMMON, _FEW = 0.3, 20
"""The part of all groups that may have a feature: with more of them it tells nothing, unless the groups are few."""

_OF_PAIRS = 0.6
"""What a pair weighs beside a word that is as rare."""

_OF_SIZE = 0.6
"""How much of its size a topic of many words has to bear: with 1 they weigh as a cosine has them, with 0 not at all."""


def _weights(counts: Sequence[Counter[str]], sizes: Sequence[int]) -> Mapping[str, Sequence[tuple[int, float]]]:
    """For each feature the topics that have it, with what it adds to their score."""
    having = Counter(feature for seen in counts for feature in seen)
    rarity = {
        it: log(1 + len(counts) / many) * (_OF_PAIRS if " " in it else 1)
        for it, many in having.items()
        if many <= len(counts) * _COMMON or len(counts) < _FEW
    }
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, (seen, size) in enumerate(zip(counts, sizes, strict=True)):
        parts = {it: rarity[it] * sqrt(many / size) for it, many in seen.items() if it in rarity}
        length = sqrt(sum(part**2 for part in parts.values())) ** _OF_SIZE
        for feature, part in parts.items():
            found[feature].append((place, part * rarity[feature] / length))
    return dict(found)
