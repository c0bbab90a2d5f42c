"""What looks like a secret, whatever it is called: logins in URLs, keys, random words. Tokens: `token_forms`.

Every pattern here is linear in the length of the text. What is harmless and only looks odd (public keys, certificates,
fingerprints of a UUID's form, host names, paths) is left alone where that is evident.
"""

import re
from collections.abc import Iterator
from itertools import islice
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>`]*|//[^\s\"'<>`/@]+@[^\s\"'<>`]*")
_SLASHES = re.compile(r"//")
_USER = re.compile(r"[^\s]{0,300}@")
_USERINFO = re.compile(r"[^\s/?#]{0,300}@")
"""RFC 3986, section 3.2: it ends before the first `/`, `?` or `#`."""
_HOST = re.compile(r"[^\s/?#\"'<>`]*")
_TO_BLANK = re.compile(r"\S*+")
_AUTHORITY = re.compile(r"[\"'`<]?[A-Za-z][A-Za-z0-9+.-]{0,20}+://[\w.-]++(?::\d{1,5}+)?(?=[/?#\s\"'>`]|\Z)")
_QUERY = re.compile(r"[?&#;]([\w.-]+)=([^&#;\s]+)")
_LOGIN = re.compile(r"(?<![\w.+/:-])([\w.+%-]{1,100}):(?!//|!)([^\s@\"']{2,200})@(?=[\w-]+\.|\[|localhost)")
_NO_USER = frozenset(
    {"mailto", "smtp", "sip", "sips", "acct", "xmpp", "rfc822", "to", "from", "cc", "bcc", "source", "email"}
)
_SCHEMES = ("bearer", "basic", "digest", "negotiate", "ntlm", "geniekey", "apikey", "splunk")
_SCHEME = re.compile(rf"(?<![\w-])({'|'.join(_SCHEMES)})[\s:]+(?!\W)([^\s\"'<>,;]+)", re.IGNORECASE)
_SASL = re.compile(
    r"(?<![\w-])AUTH[\s=]+(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|NTLM|SCRAM-[\w-]+)\s+"
    r"(?!(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|NTLM|SCRAM)\b)([A-Za-z0-9+/=]{4,})"
)
_FLAG = re.compile(r"(?<!\S)(?:-p|-ap|--pass)[\s=]+([^\s\"'-][^\s]*|\"[^\"]*\"|'[^']*')|(?<!\S)-u\s+[^\s:]+:(\S+)")
_MYSQL = re.compile(r"\bmysql\w{0,20}\b.{0,300}?\s-p([^\s\"']{4,})")
_HOST_LOGIN = re.compile(r"(?<=[\w\]]):\d{1,5}:[\w.@+-]+:([^\s:]{3,})")
_AZURE = re.compile(r"(?<![\w~])([\w.~-]{3}\dQ~[\w.~-]{20,60})")
_TELEGRAM = re.compile(r"(?<!\w)(\d{8,10}:[\w-]{30,40})(?!\w)")
_SIGNED = (("AUTH", _SASL), (":", _HOST_LOGIN), ("mysql", _MYSQL), ("Q~", _AZURE), (":", _TELEGRAM))
"""Forms by a sign without which they do not stand."""
_RANDOM = re.compile(r"[A-Za-z0-9+/=_~-]{8,}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_PART = r"(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*[A-Z]{0,4}\d{0,4}|[A-Z]+\d{0,4}|\d+)"
_WORDS = re.compile(rf"{_PART}(?:[-_]{_PART})+|\d{{4}}-\d\d-\d\dT\d+")
"""Words with dashes between them: `smtp-421-means-mx-unavailable`."""
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])")
_HUMPS = re.compile(r"(?:[A-Z]{0,4}[a-z]{3,}|[A-Z][a-z]{2})+[A-Z]{0,4}\d{0,8}|[a-z]+\d{1,14}[a-z]*|[A-Z]+\d{1,14}")
"""Words in a row, the first letters large, perhaps a number behind them."""

_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_REST_OF_NAME = re.compile(r"(?:\.[\w-]++){0,9}")
_BEFORE_DOT = re.compile(r"[\w-][\w.-]*\.\Z")
LONGEST_PARTS = 100
LONGEST_KIND = 6
"""Signs of the kind of a file, and of most top-level domains, the dot included."""

_LAST_PART = re.compile(r"\.(?:[a-z]{2,12}|[A-Z]{2,8}|7z|bz2|gz|mp[34]|s?html?5?)\Z")
"""A top-level domain, or the kind of a file."""

_PUBLIC = re.compile(
    r"-----BEGIN (?:[A-Z0-9 ]*PUBLIC KEY(?: BLOCK)?|(?:TRUSTED |X509 )?CERTIFICATE(?: REQUEST)?|X509 CRL|DH PARAMETERS"
    r"|PGP SIGNATURE)-----(?:(?!-----)[\s\S])*+(?:-----END [A-Z0-9 ]+-----)?"
)
_SPEAKS_OF_KEYS = re.compile(r"\bv=DKIM1\b|\bk=(?:rsa|ed25519)\b|_domainkey\b", re.IGNORECASE)
_DKIM_KEY = re.compile(r"(?<![?&\w])p=[A-Za-z0-9+/]++={0,2}(?:\"[\s\\]{0,9}\"[A-Za-z0-9+/]++={0,2})*", re.IGNORECASE)
LONG_KEY = 40
_SSH_KEY = re.compile(r"\bssh-(?:rsa|ed25519) AAAA[A-Za-z0-9+/]++={0,2}")
_SECRET_FIELDS = re.compile(
    r"(?:sig|signature|sign|token|key|apikey|api_key|code|secret|auth|pass|passwd|password|pwd|pw|hmac|sv|sas|session|hash"
    r"|ticket|nonce|jwt|client_secret|[\w.-]*(?:token|secret|passw|signature|credential|apikey|api_key|[_-]key))",
    re.IGNORECASE,
)
_HOOK = re.compile(
    r"hook|/bot\d|/trigger/|/integration/|/workflows/|hooks\.|/services/T|/send/|/incoming/", re.IGNORECASE
)


def in_line(line: str) -> Iterator[Span]:
    """Secrets by their form within a line: logins in URLs, secret paths and queries, authorization, options.

    What a form cannot do without is looked for first, since that is quick.
    """
    if "//" in line:
        for url in _URL.finditer(line):
            yield from _in_url(line, *url.span())
    if "@" in line:
        yield from (one.span(2) for one in _LOGIN.finditer(line) if one[1].lower() not in _NO_USER)
    if not line.isascii() or any(map(line.lower().__contains__, _SCHEMES)):
        yield from (one.span(2) for one in _SCHEME.finditer(line) if _authorizes(one[1], one[2]))
    for sign, form in _SIGNED:
        if sign in line:
            yield from (one.span(1) for one in form.finditer(line))
    if "-p" in line or "-ap" in line or "-u" in line:
        yield from (one.span(one.lastindex or 0) for one in _FLAG.finditer(line) if not _is_number(one))


def _is_number(option: re.Match[str]) -> bool:
    """`-p 25` is a port, `-p /etc/x` a path."""
    return (option[1] or "").isdigit() or (option[1] or "").startswith("/")


def _authorizes(scheme: str, word: str) -> bool:
    """`Basic dXNlcjpw` and not `basic settings`."""
    if scheme[0].isupper() and scheme.lower() == "bearer":
        return word.lower() not in ("token", "tokens", "auth", "authentication", "of", "and")
    return len(word) >= 6 and not (word.isalpha() and (word.islower() or word.istitle() or word.isupper()))


def _in_url(text: str, start: int, stop: int) -> Iterator[Span]:
    logins = [login for mark in _SLASHES.finditer(text, start, stop) if (login := _login(text, mark.end()))]
    yield from ((login.start(), login.end() - 1) for login in logins)
    behind = _behind_host(text, start)
    stop = max(stop, behind)
    if _HOOK.search(text, start, stop) and stop - behind > 1:
        yield behind + 1, stop
        return
    yield from random_words(text, min(behind + 1, stop), stop, wary=True)
    for field in _QUERY.finditer(text, behind, stop):
        if _SECRET_FIELDS.fullmatch(field[1]):
            yield field.span(2)


def _login(text: str, at: int) -> re.Match[str] | None:
    """The login that begins behind two slashes: up to the last @ where what ends a URL stands in a password."""
    login = _USER.match(text, at)
    return login if login and _is_login(login[0]) else _USERINFO.match(text, at)


def _behind_host(text: str, start: int) -> int:
    """Where the host of the URL ends that begins at a place."""
    at = text.index("//", start) + 2
    login = _login(text, at)
    host = _HOST.match(text, login.end() if login else at)
    return host.end() if host else at


def behind_host(text: str, start: int) -> Iterator[Span]:
    """Path and query of the URLs in the rest of a line."""
    for url in _URL.finditer(text, start):
        behind = _behind_host(text, url.start())
        if url.end() - behind > 1:
            yield behind + 1, url.end()


def behind_authority(text: str, start: int) -> int:
    """Where path and query of a URL begin that may be shown up to there; without a URL the place itself."""
    url = _AUTHORITY.match(text, start)
    return min(url.end() + 1, len(text)) if url else start


def end_of_word(text: str, start: int) -> int:
    word = _TO_BLANK.match(text, start)
    return word.end() if word else start


def _is_login(part: str) -> bool:
    """Whether what stands before the last @ is a login: a slash in it has to stand in a password."""
    user, _, rest = part.partition(":")
    if "/" in user or {"<", ">"} & {*user} or ({"<", ">"} & {*part} and not rest):
        return False
    return "/" not in rest or not rest.split("/", 1)[0].isdigit()


def public(text: str) -> list[Span]:
    """Certificates and public keys, which are no secrets."""
    return [found.span() for found in _PUBLIC.finditer(text)] if "-----BEGIN " in text else []


def public_keys(line: str) -> list[Span]:
    """The keys of DKIM records and of SSH in a line: everybody may read these."""
    if "p=" not in line and "P=" not in line and "ssh-" not in line:
        return []
    speaks = _SPEAKS_OF_KEYS.search(line) is not None
    keys = [key.span() for key in _DKIM_KEY.finditer(line) if speaks or len(key[0]) > LONG_KEY]
    return sorted([*keys, *(key.span() for key in _SSH_KEY.finditer(line))])


def random_words(text: str, start: int, stop: int, *, wary: bool) -> Iterator[Span]:
    """Words that nobody would make up: long ones, or (`wary`) also shorter ones of mixed letters and digits."""
    for word in _RANDOM.finditer(text, start, stop):
        at, end = word.span()
        if "/" in word[0] and _LAST_PART.search(text[max(at - 1, start) : text.index("/", at)]):
            at = text.index("/", at) + 1  # behind a host
        if is_random(text[at:end], wary=wary) and not _is_in_name(text, at, end, start):
            yield _dotted(text, at, end, start)


def _dotted(text: str, at: int, end: int, line: int) -> Span:
    """A word with what stands before and behind it, dots between: a token may have parts."""
    rest = _REST_OF_NAME.match(text, end)
    before = _BEFORE_DOT.search(text, max(line, at - LONGEST_PARTS), at)
    return before.start() if before else at, rest.end() if rest else end


NEAR = 250
"""Characters behind a name in which the next words of a sentence are looked for."""

_MIXED = re.compile(r"[^\s\"'<>,;]{4,}")
_PLAIN = re.compile(
    r"[\w-]+(?:\.[\w-]+)+(?::\d+)?|\S+@\S+|\d[\d.:,%/-]*\w{0,3}|[^\W\d_]+(?:['-][^\W\d_]+)*[.,!?:]?|tls\S*|v\d\S*",
    re.IGNORECASE,
)


def mixed_words(text: str, start: int) -> Iterator[Span]:
    """Among the next words of a sentence those that are no words: letters with digits or signs among them."""
    for word in islice(_MIXED.finditer(text, start, start + NEAR), 4):
        if not _PLAIN.fullmatch(word[0]):
            yield word.span()


def _is_in_name(text: str, start: int, stop: int, line: int) -> bool:
    """Part of a host name or of a file's name, whose last part is a word of letters; what names a message."""
    before, behind = text[max(start - 1, line) : start], text[stop : stop + 1]
    if before == "<" and behind == "@":
        return True
    rest = _REST_OF_NAME.match(text, stop)
    last = _LAST_PART.search(rest[0]) if rest else None
    return last is not None and (len(last[0]) <= LONGEST_KIND or not _has_all_kinds(text[start:stop]))


def _has_all_kinds(word: str) -> bool:
    """Whether a word has large and small letters and digits, as no part of a host's name has."""
    return {"l", "u", "d"} <= {*word.translate(_KINDS)}


LONGEST_TOKEN = 8_192


def is_random(word: str, *, wary: bool = False) -> bool:
    """Whether a word looks drawn by lot: kinds of signs that change often, or long hexadecimal runs.

    Of what is longer than any token the beginning tells.
    """
    word = word[:LONGEST_TOKEN]
    if _UUID.fullmatch(word) or _WORDS.fullmatch(word):
        return False
    if "/" in word and not _is_base64(word):
        return any(len(part) >= 8 and is_random(part, wary=wary) for part in word.split("/"))
    if "=" in word.strip("="):
        return any(len(part) >= 8 and is_random(part, wary=wary) for part in word.split("="))
    return bool(_HEX.search(word)) or _is_mixed(word.strip("="), wary=wary)


def _is_base64(word: str) -> bool:
    return len(word) >= 40 and not word.startswith("/") and max(map(len, word.split("/"))) > 16


def _is_mixed(word: str, *, wary: bool) -> bool:
    kinds = word.translate(_KINDS)
    several = ("l" in kinds) + ("u" in kinds) + ("d" in kinds)
    if several < 2 or (len(word) < 20 and not wary):
        return False
    changes = len(_RUN.findall(kinds)) - 1
    if len(word) >= 18 and word.isalnum():
        return _is_lot(word, kinds, changes, several)
    if wary and several == 3:
        return changes >= 4 and changes * 5 >= len(word) * (2 if len(word) < 18 else 1.5)
    if several == 3 and changes * 3 >= len(word):
        return True
    if "d" not in kinds:
        return len(word) >= 32 and changes * 4 >= len(word)
    return len(word) >= (12 if wary else 20) and changes * 4 >= len(word) and kinds.count("d") >= 3


def _is_lot(word: str, kinds: str, changes: int, several: int) -> bool:
    """Whether a long word of letters and digits is none that somebody made up: `VirtualMtaForMadrid2026`."""
    if _HUMPS.fullmatch(word):
        return False
    if "d" not in kinds:
        return changes * 3 >= len(word)
    return changes * 4 >= len(word) or (several == 2 and changes >= 3) or _UNSPEAKABLE.search(word) is not None


_KINDS = {
    **{ord(sign): "d" for sign in digits},
    **{ord(sign): "l" for sign in ascii_lowercase},
    **{ord(sign): "u" for sign in ascii_uppercase},
}
_RUN = re.compile(r"l+|u+|d+|[^lud]+")
