"""Where a lost line break stood: what web pages and chat do to a config is undone by what the catalogue knows.

`<source 0/0> require-auth true</source>` and `use-starttls true require-starttls true retry-after 10m` come from pages
that dropped the line breaks. A cut is made only where the catalogue leaves no doubt: a directive has all the arguments
that it takes and the next word is the name of another one that may stand in the same place.
"""

import re
from itertools import pairwise

from commands.pmta.language.catalogue import DIRECTIVES, HYPHENATED, REGEX_NAME, TAGS, directive, scopes_of
from commands.pmta.language.remembered import remembered
from commands.pmta.language.values import arguments, most_words
from commands.pmta.language.words import PATTERN_DIRECTIVES, SHORT

_NAMES = "|".join(sorted(map(re.escape, TAGS), key=len, reverse=True))
TAG = re.compile(rf"</?(?:{_NAMES})(?=[\s>])", re.IGNORECASE)
_OPENING_IN_COMMENT = re.compile(rf"(?<=[^\s#])[^\S\r\n]*<({_NAMES})(?:\s[^<>]*)?>\s*([\w.-]+)", re.IGNORECASE)
_PATTERN = re.compile(r"(?<!\S)/(?:[^/\\]|\\.?)*+/")
_FREE_TEXT = frozenset({"text*", "anything*", "result*", "actions*", "regex"})
_WORD = re.compile(r"\S+")
LONGEST = 4000  # longer stretches of a line are left alone, which keeps the work linear


@remembered(4096)
def _limit(name: str, scope: str) -> int | None:
    """How many arguments a directive takes, None for any number."""
    row = directive(name, scope) or next(iter(DIRECTIVES.get(name, ())), None)
    return most_words(row.form) if row else None


@remembered(4096)
def _is_free(name: str) -> bool:
    """True when a value may hold words that look like directives."""
    forms = [row.form for row in DIRECTIVES.get(name, ())]
    return not forms or any(form.rpartition(" ")[2] in _FREE_TEXT for form in forms)


def cut_value(name: str, value: str, scope: str) -> int | None:
    """Offset into `name + value` where another statement begins, or None."""
    if value[-1:].strip() and len(value.split(None, 1)) == 1 and "<" not in value and "<" not in name:
        return None  # one word and nothing behind it
    if len(name) + len(value) > SHORT:
        return None if len(name) + len(value) > LONGEST else _cut(name, value, scope)
    return _remembered(name, value, scope)


@remembered(16384)
def _remembered(name: str, value: str, scope: str) -> int | None:
    return _cut(name, value, scope)


_PATTERN_LINE = re.compile(
    r"(?<=\s)(?:(?:reply|mail-from|rcpt-to)\s+/|header\s+[\w-]+\s+/|\*\s+(?:virtual-mta|recipient-priority)=)"
)
"""Where the next line of a list of patterns begins."""
_CATEGORY_LINE = re.compile(r"(?<=\s)/(?:[^/\\\s]|\\.)(?:[^/\\]|\\.)*/\s*[a-z][\w-]*", re.IGNORECASE)


def _pattern_cut(name: str, value: str, scope: str) -> int | None:
    """Where the next line of a list of patterns begins behind this one, which is whole."""
    written, offset = (f"{name} {value}", 0) if name[0] == "/" else (value, len(name))
    found = _PATTERN.search(written)
    if found is None or scope not in _LISTS:
        return None
    wanted = _CATEGORY_LINE if scope == "bounce-category-patterns" else _PATTERN_LINE
    following = wanted.search(written, found.end() + 1)
    blank = 1 if name[0] == "/" and following else 0  # `value` follows the name at once in what is counted
    return following.start() + offset - blank if following else None


_LISTS = frozenset({"smtp-pattern-list", "pattern-list", "bounce-category-patterns"})


def _cut(name: str, value: str, scope: str) -> int | None:
    cut = _one_cut(name, value, scope)
    if name[0] != "/" and name.lower() not in PATTERN_DIRECTIVES:
        return cut
    line = _pattern_cut(name, value, scope)
    return line if line is not None and (cut is None or line < cut) else cut


def _one_cut(name: str, value: str, scope: str) -> int | None:
    if "<" in name or "<" in value:
        found = _tag_cut(name, value)
        if found is not None:
            inner = cut_value(name, value[: max(0, found - len(name))], scope) if found > len(name) else None
            return found if inner is None else inner
    if not value:
        return None
    key = name.lower()
    limit = _limit(key, scope)
    if limit is not None and len(value.split(None, limit)) <= limit:
        return None
    return _name_cut(key, value, scope, limit, len(name))


def _tag_cut(name: str, value: str) -> int | None:
    found = TAG.search(name, 1)
    if found and name[0] != "/":
        return found.start()
    key = REGEX_NAME if name[0] == "/" else name.lower()
    begin = 0
    if key in PATTERN_DIRECTIVES and (pattern := _PATTERN.search(value)):
        begin = pattern.end()
    for found in TAG.finditer(value, begin):
        if value.count('"', 0, found.start()) % 2 == 0:
            return len(name) + found.start()
    return None


def _name_cut(key: str, value: str, scope: str, limit: int | None, offset: int) -> int | None:
    if _is_free(key) or '"' in value:
        return None
    names = HYPHENATED if limit is None else DIRECTIVES
    begin = 0
    if key in PATTERN_DIRECTIVES and (pattern := _PATTERN.search(value)):
        begin = pattern.end()
    for count, found in enumerate(_WORD.finditer(value, begin)):
        word = found[0].lower()
        if count and word in names and found.end() < len(value) and _may_follow(key, word, scope):
            return offset + found.start()
        glued = _glued(word) if found.end() < len(value) else 0
        if glued:
            return offset + found.start() + glued
    return None


@remembered(4096)
def _may_follow(key: str, word: str, scope: str) -> bool:
    """True when two settings may stand in one stanza: the open one, or one that both know when none is open."""
    if directive(word, scope):
        return True
    return directive(key, scope) is None and bool({*scopes_of(key)} & {*scopes_of(word)})


def _glued(word: str) -> int:
    """Where a directive's name begins at the end of a longer word: `some.domainrelay-address`. 0 when nowhere."""
    if "-" not in word or word in DIRECTIVES or len(word) > 200:
        return 0
    starts = (at for at in range(1, len(word) - 5) if word[at - 1].isalnum() and word[at:] in HYPHENATED)
    return next(starts, 0)


def cut_comment(comment: str, tag: str, *, opened_here: bool) -> int | None:
    """Offset into a comment where the config goes on, or None. `opened_here`: `tag` was opened on this very line."""
    if len(comment) > LONGEST:
        return None
    if "<" in comment:
        lower = comment.lower()
        if opened_here and (closing := lower.find(f"</{tag}", 1)) > 0:
            return _setting_in_comment(lower[:closing], tag) or closing
        for found in _OPENING_IN_COMMENT.finditer(lower):
            if f"</{found[1]}" in lower[found.end() :] and directive(found[2], found[1]):
                return comment.index("<", found.start())
    return _glued_in_comment(comment) if comment.count("-") > 1 else None


def _setting_in_comment(comment: str, tag: str) -> int | None:
    """Offset of a setting of `tag` with a value of its form, at word ends: `# wildcard use-starttls true`."""
    words = list(_WORD.finditer(comment))
    for word, following in pairwise(words[1:]):
        row = directive(word[0], tag) if "-" in word[0] else None
        if row and arguments(row.form)[0].accepts(following[0]):
            return word.start()
    return None


def _glued_in_comment(comment: str) -> int | None:
    found = [word.start() + at for word in _WORD.finditer(comment) if (at := _glued(word[0].lower()))]
    return found[0] if len(found) > 1 else None
