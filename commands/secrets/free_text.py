"""Free text that a person wrote: a comment, the reason of a mute, a remark.

Where it speaks of a secret, holds code, a pair or an assignment, only words stay that are evidently plain: which of the
others is the secret nobody can say.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice, pairwise
from typing import TypeAlias

from commands.secrets.common_words import words
from commands.secrets.logins import logins
from commands.secrets.masking import STARS, Mask, masked, starred
from commands.secrets.names import STRONG, besides, call_of, end_of_name, is_phrase
from commands.secrets.plain_words import is_plain
from commands.secrets.shapes import Span
from commands.secrets.spans import joined
from commands.secrets.statements import NAME, is_talk

IsPlain: TypeAlias = Callable[[str], bool]

_REFERENCE = re.compile(r"<(?:@[UW]|#C|![a-z]|!subteam\^S)[A-Z0-9a-z]{0,20}>")
"""Somebody, a channel or everybody, as Slack writes it."""

EDGES = "\"'`.,;:!?()[]{}|*_\\-=&<>"
NEAR = 3
"""Words behind an ordinary name (`key`, `auth`) among which the secret would stand."""

_CODE = re.compile(
    r"\w\([^()\r\n]{0,200}[\"',][^()\r\n]{0,200}\)|\w\((?=[\"'])"
    r"|(?<=\S)\s--?[A-Za-z][\w-]{0,40}(?=[\s='\"]|$)|\s/\w{1,20}:\S|<<|<!"
    r"|\$\w+\s{0,9}(?:->|=)|[{}]|&&|\|\s{0,9}\w|\w\||\\\w|\^\w"
    r"|\w\s{0,9}:?=>?\s{0,9}[\"']|;\s{0,9}$"
)
"""A call; options; variables, braces and pipes; a string that is assigned, a statement that ends."""

_ASSIGNED = (
    re.compile(r"[\w\])\"'.-]\s{0,9}(?::=|=>|->|={1,2})\s{0,9}([^\s=>][^\r\n]*)"),
    re.compile(r"(?<![\w\"'])[\"'`<]([^\s\"'`<>]{3,200})[\"'`>](?!\w)"),
)
"""What stands behind a sign of assignment, and between quotes."""

_WORD = re.compile(r"[^\s<>]+")
_PAIR = re.compile(r"(?<![^\s\"'(\[,;=|])[\w.@+/*-]{1,64}:(?!\d{1,5}(?![\w:])|//|[\\!])[^\s<>\"']{3,100}")
"""`bob:X`, `host:bob:X`"""

_TYPED_PAIR = re.compile(
    r"(?<!\S)(?!tag:[a-z0-9][a-z0-9_-]{0,29}(?!\S))(?:[\w.+-]{1,64}@[\w.-]{1,80}|[\w@+-]{1,64})[:|=](?!\d{1,5}(?!\w))(\S{3,100})"
)
"""What is typed behind `tag:` is how watches are sorted."""

MOST_TYPED = 4_000
"""Characters of what was typed that errors repeat words of."""

_SEPARATOR = re.compile(r"\s{0,9}(?:[:/|;,]|->|=>|(?<=\s)[-–](?=\s)|[(\[])\s{0,9}(?!//)")
_LABEL = re.compile(r"\s*([\w -]{1,40})\s*[:=]")
_OF_NO_LOGIN = words(
    "reason provider isp server dc region stage phase team brand name type pool vmta mta status ticket location rack"
    " carrier on-call oncall backup hub contact client customer owner author queue host city site env environment role"
    " group department tier list class kind zone office state version date priority motivo cliente kunde grund see note"
    " todo fixme campaign project account-manager purpose country source target"
)
"""What stands behind these as a label is no login."""

_SIGN = re.compile(r"[^\S\r\n]{0,4}(?:[:=|>]|->)")
_BREAKS_OFF = re.compile(
    r"(?:[:=>|(\\]|\b(?:is|was|are|ist|war|es|era|est|to|from)|->|<<-?\s{0,3}[\"']?\w{1,20}[\"']?|(?<!\w)[\"'`]{1,3})\s{0,9}$"
)
_OWNER = re.compile(
    r"\([^()\r\n]{0,80}\)|\b(?:of|for|de|du|del|von|para)\s(?:(?:the|our|la|le|el|den|die)\s)?[\w.-]{1,80}",
    re.IGNORECASE,
)
"""Whose secret it is."""
_BELOW = re.compile(r"\b(?:below|follows?|next line|under|abajo|unten|folgt|siguiente)\b", re.IGNORECASE)
_COLUMNS = re.compile(r"[\s,;|/:]+")
LAST = 40
"""Characters at the end of a line in which a sign stands that says that it goes on below."""

_LOGIN = re.compile(
    r"(?:[\w-]+-)?(?:user(?:s|name|id)?|logins?|log-?on|usr|uid|u|accounts?|usuario|usuário|benutzer|anmeldung|utilisateur"
    r"|gebruiker|utente|логин|sasl|access|acceso|zugriff|auth|authenticating|apop"
    r"|connect(?:ed|ing)?|sign(?:ed|ing)?|log(?:ged|ging)?|entrar?|sesi[oó]n|identifiants?|runas|su|kinit)",
    re.IGNORECASE,
)
_JOINING = words("in on and y und et e with mit con as als como p pass pw is : / - | =")
_ADDRESS = re.compile(r"\S+@\S+|\S+\(at\)\S+")
_HOST = re.compile(r"(?:\[[\w.:-]+\]|(?:[\w*-]+\.)+[A-Za-z]{2,24})(?::\w+)?")
_PERSON = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]{1,11}(?:['\u2019]s)?")
_OF_PERSONS = words("by for at ask von por para")
_LINKS = words("is was were are ist war es era est as als como comme de del - = : - <- # // ( <--")


def said(text: str) -> str:
    """A text as others may read it and as it is stored."""
    lines = masked(text).splitlines(keepends=True)
    written = [_REFERENCE.sub(lambda found: " " * len(found[0]), line) for line in lines]
    told = any(speaks(line, 0, is_plain) for line in written)
    hiding = (hidden(line, 0, is_plain, is_told=told) for line in written)
    return "".join(starred(line, spans) for line, spans in zip(lines, hiding, strict=True))


def without_secrets(typed: str, said: str) -> str:
    """Words that repeat some of what was typed, also run together, without the secrets in it."""
    mask = Mask(typed[:MOST_TYPED])
    said = mask.about(said)
    for secret in mask.plain:
        said = said.replace(secret, STARS)
    for word in _odd_parts(mask.text):
        said = re.sub(re.escape(word), STARS, said, flags=re.IGNORECASE)
    return said


def _odd_parts(typed: str) -> set[str]:
    """What may be a secret beside the name of one, and the second half of a pair."""
    whole = [(0, len(typed))] if names_secret(typed, 0, is_plain) else []
    values = whole or [pair.span(1) for pair in _TYPED_PAIR.finditer(typed)]
    odd = chain.from_iterable(odd_words(typed, *value, is_plain) for value in values)
    parts = {part for start, end in odd for part in _COLUMNS.split(typed[start:end])}
    return {part for part in parts if len(part) > NEAR and not is_plain(part)}


def hidden(line: str, at: int, is_plain: IsPlain, *, is_told: bool) -> list[Span]:
    """What of a free text that begins at a place is not to be shown. `is_told`: it speaks of a secret."""
    if is_told:
        return list(odd_words(line, at, len(line), is_plain))
    values = chain(_assigned(line, at), pairs(line, at, len(line), is_plain))
    return joined(sorted(chain.from_iterable(odd_words(line, *value, is_plain) for value in values)))


def odd_words(line: str, at: int, stop: int, is_plain: IsPlain) -> Iterator[Span]:
    """The words that may be a secret."""
    before = ""
    for start, end in _cores(line, at, stop):
        core = line[start:end]
        if is_odd(core, is_plain) and not _is_person(before, core):
            yield start, end
        before = core


def _is_person(before: str, word: str) -> bool:
    """`renewed by Ana`"""
    return before.lower() in _OF_PERSONS and _PERSON.fullmatch(word) is not None


def is_odd(word: str, is_plain: IsPlain) -> bool:
    """Whether a word may be a secret, or has one glued to a name: `password.X`."""
    first = NAME.match(word)
    if first and call_of(first[0].partition(".")[0]) == STRONG:
        return not is_name(word, is_plain)
    return not is_plain(word) and not is_name(word, is_plain)


def is_name(word: str, is_plain: IsPlain) -> bool:
    """Whether a word is the name of a secret, and nothing is glued to it."""
    return (
        bool(call_of(word))
        and not end_of_name(word)
        and sum(map(str.isdigit, word)) < NEAR
        and all(len(part) < NEAR or is_plain(part) for part in besides(word))
    )


def _cores(line: str, at: int, stop: int) -> Iterator[Span]:
    for word in _WORD.finditer(line, at, stop):
        if core := word[0].strip(EDGES):
            start = line.index(core, word.start())
            yield start, start + len(core)


def speaks(line: str, at: int, is_plain: IsPlain) -> bool:
    """Whether a text names a secret, or has code, a login or a pair."""
    return (
        is_code(line, at)
        or names_secret(line, at, is_plain)
        or any(start >= at for start, _ in logins(line))
        or _is_login(line, at, is_plain)
        or _is_chain(line, at, is_plain)
        or any(pairs(line, at, len(line), is_plain))
    )


def is_code(line: str, at: int) -> bool:
    """Whether the comment that begins at a place has something that no sentence has."""
    return _CODE.search(line, at) is not None


def names(line: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Where the names of secrets stand, and how sure that is."""
    found = list(NAME.finditer(line, at))
    calls = [call_of(name[0]) for name in found]
    phrase = -1
    for number, name in enumerate(found):
        if number == phrase:
            continue
        rest = found[number + 1 : number + 3]
        end = next((two.end() for two in rest if calls[number] != STRONG and _are_phrase(line, name, two)), 0)
        if end or calls[number]:
            yield name.start(), end or name.end(), STRONG if end else calls[number]


def _are_phrase(line: str, one: re.Match[str], two: re.Match[str]) -> bool:
    between = line[one.end() : two.start()].strip().lower()
    return between in ("", "-", "de", "of", "la", "di", "da", "do", "du", "del", "van") and is_phrase(one[0], two[0])


def names_secret(line: str, at: int, is_plain: IsPlain) -> bool:
    """Whether a text names a secret and does not only speak of it."""
    return any(_is_named(line, at, name, is_plain) for name in names(line, at)) or any(
        end_of_name(line[start:end].rpartition("-")[2]) for start, end in _cores(line, at, len(line))
    )


def _is_named(line: str, at: int, name: tuple[int, int, str], is_plain: IsPlain) -> bool:
    start, end, call = name
    if call == STRONG:
        return not is_talk(line, end) or any(_odd_things(line, at, start, is_plain))
    return any(islice(_are_odd(line, end, len(line), is_plain), NEAR))


def _are_odd(line: str, at: int, stop: int, is_plain: IsPlain) -> Iterator[bool]:
    """Of word after word whether it may be a secret: no common one, and not that of a person or a place."""
    before = ""
    for start, end in _cores(line, at, stop):
        core = line[start:end]
        yield is_odd(core, is_plain) and not _is_person(before, core)
        before = core


def _odd_things(line: str, at: int, stop: int, is_plain: IsPlain) -> Iterator[bool]:
    """Words in front of a name that may be what it names; people are not (`wait for Ana to change the password`)."""
    words = [line[start:end] for start, end in _cores(line, at, stop)]
    for one, following in pairwise([*words, line[stop - 2 : stop].strip() or "is"]):
        is_person = _PERSON.fullmatch(one) and following.lower() not in _LINKS
        yield is_odd(one, is_plain) and not is_person


def opens(line: str, at: int, is_plain: IsPlain) -> bool:
    """Whether a text names a secret that has to stand below: nothing behind its name is one, or it heads a table."""
    found = [name for name in names(line, at) if name[2] == STRONG or _SIGN.match(line, name[1])]
    if not found:
        return _heads_table(line, at)
    end = found[-1][1]
    line = line[:end] + _OWNER.sub("", line[end:])
    if _BREAKS_OFF.search(line, max(at, len(line) - LAST)):
        return True
    if any(islice(_are_odd(line, end, len(line), is_plain), len(line))):
        return _heads_table(line, at)
    return _SIGN.search(line, end) is not None or not is_talk(line, end) or _BELOW.search(line, end) is not None


def _heads_table(line: str, at: int) -> bool:
    """`user password`, `host;user;pw`"""
    words = [word for word in _COLUMNS.split(line[at:].strip(f"{EDGES} \t\r\n")) if word]
    if not 2 <= len(words) <= 6 or not all(word.isalpha() and len(word) <= 12 for word in words):
        return False
    return any(map(call_of, words)) and any(map(_LOGIN.fullmatch, words))


def _is_login(line: str, at: int, is_plain: IsPlain) -> bool:
    """`login bob X`, `user: bob X`, `bob@example.com X`, `host 587 bob X`"""
    words = [line[start:end] for start, end in _cores(line, at, len(line)) if line[start:end].lower() not in _JOINING]
    odd = [is_odd(word, is_plain) for word in words]
    if len(words) in (3, 4) and _HOST.fullmatch(words[0]) and odd[-1] and (odd[-2] or _ADDRESS.match(words[-2])):
        return True
    after_login = False
    for number in range(len(words) - 1):
        is_user = odd[number] and not (_PERSON.fullmatch(words[number]) and _PERSON.fullmatch(words[number + 1]))
        if odd[number + 1] and (_ADDRESS.match(words[number]) or (after_login and is_user)):
            return True
        after_login = _LOGIN.fullmatch(words[number]) is not None
    return False


def _is_chain(line: str, at: int, is_plain: IsPlain) -> bool:
    """A text that is nothing but short fields with signs between them, as logins are written: `relay: bob / X`."""
    label = _LABEL.match(line, at)
    if label and label[1].strip().lower().rpartition(" ")[2] in _OF_NO_LOGIN:
        return False
    fields = [field.strip(f"{EDGES} \t\r\n#") for field in _SEPARATOR.split(line[at : at + 200])]
    fields = [field for field in fields if field]
    if len(line) - at > 200 or "//" in line[at:] or not 2 <= len(fields) <= 8 or len(fields[0].split()) > 2:
        return False
    if any(len(field.split()) > 1 for field in fields[1:]):
        return False
    odd = [word for word in fields[1:] if is_odd(word, is_plain)]
    return any(not _PERSON.fullmatch(word) for word in odd)


def pairs(line: str, at: int, stop: int, is_plain: IsPlain) -> Iterator[Span]:
    """`bob:X`, in a setting, too."""
    for pair in _PAIR.finditer(line, at, stop):
        if not is_plain(pair[0].strip(EDGES)):
            yield pair.span()


def _assigned(line: str, at: int) -> Iterator[Span]:
    """Values by what stands before or around them."""
    for form in _ASSIGNED:
        yield from (value.span(1) for value in form.finditer(line, at))
