"""What PowerMTA's catalogue says of names, for whoever looks for secrets in a config.

The catalogue's column `secret` is the one list of settings that hold one.
"""

import re
from functools import cache
from itertools import takewhile

from commands.pmta.language.catalogue import DIRECTIVES, HYPHENATED, SECOND, TAGS, URL, VALUE, Directive
from commands.pmta.language.names import INVENTED_TAGS, MEANT, TAGS_MEANT, directives_like
from commands.pmta.language.values import arguments, misfit, most_words
from commands.secrets.names import latin
from commands.secrets.reading import is_setting
from commands.secrets.shapes import Span
from commands.secrets.spans import private_keys

ODD_NAMES = 2000
"""Names in one text that are compared with all of the catalogue; more have no typos that anybody would mend."""

MACRO = "macro-name"
ENOUGH = 3
"""Settings in a row that are no part of a password."""

_BLANKS = re.compile(r"[^\S\r\n]*+")
_ARGUMENTS_BEFORE = {VALUE: 0, SECOND: 1}
_SETTING = re.compile(r"([^\s<#\"=:]+)[^\S\r\n]+")
_ARGUMENT = re.compile(r'("[^"\r\n]*"?|[^\s<#"]+)[^\S\r\n]*')
_NAME_LIKE = re.compile(r"[a-z][a-z-]{3,49}")
_MOST_ARGUMENTS = 40
_STRICT = frozenset(
    {"bool", "cidr", "cidr-port", "data-rate", "duration", "durations", "int", "ip", "ip-port", "port", "rate", "size"}
)
"""Kinds of values that no part of a password is taken for."""
_FREE = frozenset({"anything", "text", "result", "actions"})


class Catalogue:
    """What PowerMTA knows of its own names, for one text."""

    prose = False

    def __init__(self) -> None:
        self._odd: dict[str, tuple[str, ...]] = {}
        self._plain: dict[str, int] = {}

    def arguments_before(self, name: str, *, near: bool) -> int | None:
        """How many arguments stand in front of the secret of a setting; None for no secret."""
        key = name.lower()
        if key in DIRECTIVES:
            return _before(key)
        found = [_before(meant) for meant in (self._meant(key) if near else ())]
        return min((count for count in found if count is not None), default=None)

    def knows(self, name: str, *, near: bool = True) -> bool:
        """Whether a name is that of a setting without a secret."""
        key = name.lower()
        if key in DIRECTIVES:
            return _before(key) is None
        return near and any(_before(meant) is None and _is_slip(key, meant) for meant in self._meant(key)[:1])

    def hides_path(self, name: str) -> bool:
        """Whether the URL behind a setting is a secret but for its host."""
        return any(row.secret == URL for row in DIRECTIVES.get(name.lower(), ()))

    def plain_words(self, name: str) -> int:
        """How many words a setting takes in which no secret and no name can stand; -1 for none such."""
        key = name.lower()
        if key not in DIRECTIVES:
            return -1
        if key not in self._plain:
            rows = DIRECTIVES[key]
            plain = not any(row.secret or row.form.startswith(MACRO) for row in rows)
            self._plain[key] = max(most_words(row.form) or 1 for row in rows) if plain else -1
        return self._plain[key]

    def is_tag(self, name: str) -> bool:
        """Whether `<name ...>` is a tag, or one that people write for one."""
        key = name.lower()
        return key in TAGS or key in INVENTED_TAGS or key in TAGS_MEANT

    def end_of(self, line: str, at: int) -> int:
        """Where a setting without a secret ends that begins at `at` and has a value of its form; -1 for none."""
        return _end_of(line, at, strict=False)

    def goes_on(self, line: str, at: int) -> bool:
        """Whether settings follow, of forms that a part of a password would hardly have: three, or to the end."""
        for _ in range(ENOUGH):
            end = _end_of(line, at, strict=True)
            if end < 0:
                return False
            blank = _BLANKS.match(line, end)
            at = blank.end() if blank else end
            if at >= len(line) or line[at] in "#<":
                return True
        return True

    def chosen(self, line: str, at: int) -> int:
        """Where the name of a macro stands in the setting at `at`; -1 for none."""
        setting = _SETTING.match(line, at)
        rows = DIRECTIVES.get(setting[1].lower(), ()) if setting else ()
        return setting.end() if setting and any(row.form.startswith(MACRO) for row in rows) else -1

    def _meant(self, key: str) -> tuple[str, ...]:
        """The settings that a misspelt name may stand for, as the typo finder has it."""
        if key not in self._odd and len(self._odd) < ODD_NAMES:
            self._odd[key] = _meant(key)
        return self._odd.get(key, ())


def _meant(key: str) -> tuple[str, ...]:
    written = latin(key).replace("_", "-")
    if written in DIRECTIVES:
        return (written,)
    if written in MEANT:
        return (MEANT[written],) if MEANT[written] else ()
    return directives_like(written) if _NAME_LIKE.fullmatch(written) else ()


def _is_slip(written: str, meant: str) -> bool:
    """A letter or two are wrong: what differs by more may be the name of something else."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415  needed for mistakes only, and costs 20 ms to import

    return OSA.distance(written, meant, score_cutoff=2) <= 2


def _before(key: str) -> int | None:
    found = [_ARGUMENTS_BEFORE[row.secret] for row in DIRECTIVES.get(key, ()) if row.secret in _ARGUMENTS_BEFORE]
    return min(found, default=None)


def _end_of(line: str, at: int, *, strict: bool) -> int:
    setting = _SETTING.match(line, at)
    rows = DIRECTIVES.get(setting[1].lower(), ()) if setting else ()
    if setting is None or not rows or _before(rows[0].name) is not None:
        return -1
    words = _arguments_in(line, setting.end())
    return max((_fit(row, line, words, strict=strict) for row in rows), default=-1)


def _arguments_in(line: str, at: int) -> list[Span]:
    found: list[Span] = []
    while len(found) < _MOST_ARGUMENTS and (word := _ARGUMENT.match(line, at)):
        found.append(word.span(1))
        at = word.end()
    return found


def _fit(row: Directive, line: str, words: list[Span], *, strict: bool) -> int:
    """Where the longest value ends that has the form of the row; -1 for none."""
    if not (_is_strict(row.form) if strict else _is_firm(row.form)):
        return -1
    most = most_words(row.form)
    if most is None:
        words = list(takewhile(lambda word: not _is_hyphenated(line[slice(*word)]), words))
        counts = [len(words)]
    else:
        counts = list(range(min(most, len(words)), 0, -1))
    for count in counts:
        if count and misfit(row.name, row.form, line[words[0][0] : words[count - 1][1]]) is None:
            return words[count - 1][1]
    return -1


def _is_hyphenated(word: str) -> bool:
    return word.lower() in HYPHENATED


@cache
def _is_firm(form: str) -> bool:
    """Whether a value of the form is told from other words."""
    return not any(_FREE & {*argument.kinds} for argument in arguments(form))


@cache
def _is_strict(form: str) -> bool:
    kinds = [kind for argument in arguments(form) for kind in argument.kinds]
    return _is_firm(form) and all(kind[0] == "=" or kind.partition(":")[0] in _STRICT for kind in kinds)


def key_spans(text: str) -> list[Span]:
    """Where private keys stand: their lines are no settings."""
    return private_keys(text, lambda line: is_setting(line, Catalogue()))
