"""Secrets are covered before anything is echoed, logged or stored.

Covered are the values of everything that is called password, passwd, secret, token or API key, whatever the spelling
and also inside comments, the password of a key behind `...tls-certificate FILE`, keys of `privacy-policy`, users and
passwords in URLs, and private keys. Covering once more changes nothing. Better too much than too little.
"""

import re
from bisect import bisect_right

from commands.pmta.catalogue import DIRECTIVES

STARS = "********"
MANY = 50
"""Secrets in one line: beyond that they are looked for word by word, which stays linear."""

CUTS = (20, 40, 60, 80, 150, 200)
"""Lengths at which messages cut what they quote: the beginning of a secret is a secret."""

HOLDERS = frozenset({"password", "auth-password", "api-key", "http-api-key", "access-token", "volume-audit-api-key"})
"""Settings whose value is a secret; every other known setting with such a word in its name is none."""

_CALLED = r"(?=[\w.-]*?(?:password|passwd|passphrase|secret|token|api[_-]?key))[\w.-]++"
_CERTIFICATE = (
    r'(?=[\w-]*?certificate\s)(?:[\w-]*tls-|smtp-client-|http-webhook-)certificate[^\S\r\n]+(?:"[^"\r\n]*"|[^\s"#<]++)'
)
_HASH_KEY = r"privacy-policy[^\S\r\n]+(?:siphash|hmac)[\w-]*"
_NAME = re.compile(
    rf"(?<![\w.-])(?:{_CALLED}|{_CERTIFICATE}|{_HASH_KEY})(?:[^\S\r\n]*[:=][^\S\r\n]*|[^\S\r\n]+|(?=\"))",
    re.IGNORECASE,
)
_USER_IN_URL = re.compile(r"(?<=://)[^\s/@\"<>]+(?=@)")
PRIVATE_KEY = re.compile(
    r"-----BEGIN[^\r\n-]{0,40}PRIVATE KEY-----(?:(?!-----(?:BEGIN|END))[\s\S])*+(?:-----END[^\r\n-]{0,40}-----)?"
)
_WORD = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"?|[^\s<"]+')
_HINT = re.compile(
    r"[pPsStTaAcC:](?:(?<=[pP])(?i:assw|assphrase|rivacy-policy|rivate key)|(?<=[sS])(?i:ecret)|(?<=[tT])(?i:oken)"
    r"|(?<=[aA])(?i:pi[_-]?key)|(?<=[cC])(?i:ertificate)|(?<=:)//[^\s/]*@)"
)
"""Words that every secret has beside it. Written so that `re` looks for the first letter alone, which is three times as
quick as ignoring case."""

_LINE = re.compile(r"[^\r\n]+")
_BARE = re.compile(r"[^\s\"]+")


def spans(text: str) -> list[tuple[int, int]]:
    """Where the secrets stand, in order and without overlap."""
    found = [key.span() for key in PRIVATE_KEY.finditer(text)] if "PRIVATE KEY" in text else []
    for line in _hinted_lines(text):
        found += [url.span() for url in _USER_IN_URL.finditer(text, *line)]
        found += _named(text, *line)
    return _joined(sorted(found))


def _hinted_lines(text: str) -> list[tuple[int, int]]:
    lines, stop = [], 0
    while hint := _HINT.search(text, stop):
        start = max(text.rfind("\n", stop, hint.start()), text.rfind("\r", stop, hint.start())) + 1
        line = _LINE.match(text, max(start, stop))
        stop = line.end() if line else hint.end()
        lines.append((max(start, 0), stop))
    return lines


def _named(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The words behind the name of a secret, up to the next tag, setting or comment."""
    found, position = [], start
    while name := _NAME.search(text, position, stop):
        position = name.end()
        called = name[0].split()[0].rstrip("=:").lower()
        if called in DIRECTIVES and called not in HOLDERS and len(name[0].split()) == 1:
            continue
        while (word := _WORD.match(text, position, stop)) and not _ends_secret(word[0], text, position):
            if word[0] not in ("\\", '""'):
                found.append(word.span())
            position = word.end()
            blank = re.compile(r"[^\S\r\n]+").match(text, position, stop)
            position = blank.end() if blank else position
    return found


def _ends_secret(word: str, text: str, at: int) -> bool:
    """A comment behind a blank, or the name of another setting; a `#` stuck to the secret may be a part of it."""
    return text[at - 1].isspace() and (word[0] == "#" or word.lower() in DIRECTIVES)


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, stop in found:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(stop, made[-1][1]))
        elif start < stop:
            made.append((start, stop))
    return made


def masked(text: str) -> str:
    """The text with every secret covered by eight stars, whatever its length."""
    return Mask(text).apply(0, len(text))


class Mask:
    """The secrets of one text, and pieces of it without them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = spans(text)
        self._starts = [start for start, _ in self.spans]
        self._known: dict[tuple[int, int], frozenset[str]] = {}

    @property
    def count(self) -> int:
        """How many secrets there are that nobody has covered yet."""
        return sum(self.text[start:stop].strip('"') != STARS for start, stop in self.spans)

    def within(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The secrets that touch a stretch of the text."""
        first = bisect_right(self._starts, start)
        if first and self.spans[first - 1][1] > start:
            first -= 1
        last = bisect_right(self._starts, stop - 1)
        return self.spans[first:last]

    def apply(self, start: int, stop: int) -> str:
        """A stretch of the text, secrets covered."""
        made, position = [], start
        for low, high in self.within(start, stop):
            made += [self.text[position : max(low, position)], STARS]
            position = high
        return "".join([*made, self.text[position:stop]])

    def clean(self, message: str, start: int, stop: int) -> str:
        """A message about a stretch of the text, without the secrets of that stretch."""
        found = self.within(start, stop)
        if len(found) > MANY:
            return _without_words(message, self._words(found[0][0], found[-1][1]))
        longest = max(len(message), CUTS[-1]) + 2  # what is longer can be quoted in part only
        for low, high in found:
            for form in _forms(self.text[low : min(high, low + longest)]):
                message = _word_or_part(form).sub(STARS, message)
        return message

    def _words(self, start: int, stop: int) -> frozenset[str]:
        """Every word of the secrets in a stretch, worked out once."""
        if (start, stop) not in self._known:
            forms = (form for low, high in self.within(start, stop) for form in _forms(self.text[low:high]))
            self._known = {(start, stop): frozenset(word for form in forms for word in _BARE.findall(form))}
        return self._known[start, stop]


def _without_words(message: str, words: frozenset[str]) -> str:
    """A message about a line full of secrets: whatever word of it is one in a secret, is covered."""
    return _BARE.sub(lambda word: STARS if words & {word[0], word[0].strip(".,:;()<>=")} else word[0], message)


def _word_or_part(form: str) -> re.Pattern[str]:
    """A short secret may be a syllable of ordinary words, so it counts as a whole word only."""
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)" if len(form) < 8 else re.escape(form))


def _forms(secret: str) -> list[str]:
    """A secret as messages may quote it: whole, without quotes, or cut. The longest first."""
    whole = (secret, secret.strip('"'))
    cut = {form[:length] for form in whole for length in CUTS if len(form) > length}
    return sorted({form for form in (*whole, *cut) if form and form != STARS}, key=len, reverse=True)
