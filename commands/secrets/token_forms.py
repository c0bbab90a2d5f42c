"""Tokens of known makers, by what they begin with.

Every pattern here is linear in the length of the text.
"""

import re
from collections.abc import Iterable

from commands.secrets.shapes import Span

_SCHEMES_OF_HASHES = (
    "SSHA", "SHA", "SMD5", "MD5", "CRYPT", "CRAM-MD5", "PLAIN", "CLEARTEXT", "BLF-CRYPT", "ARGON2", "PBKDF2", "SCRAM-",
    "DES-", "LDAP-", "NTLM", "LANMAN", "HMAC-", "DIGEST-MD5", "X-",
)  # fmt: skip
"""As LDAP and Dovecot write them before a password or its hash: `{CRYPT}X`."""

_TOKENS = {
    "xox": r"xox[a-z](?:\.xox[a-z])?-[\w-]{4,}",
    "xapp-": r"xapp-[\w-]{4,}",
    "xwfp-": r"xwfp-[\w-]{4,}",
    "ghp_": r"ghp_\w{4,}",
    "gho_": r"gho_\w{4,}",
    "ghu_": r"ghu_\w{4,}",
    "ghs_": r"ghs_\w{4,}",
    "ghr_": r"ghr_\w{4,}",
    "github_pat_": r"github_pat_\w{4,}",
    **{f"gl{kind}-": rf"gl{kind}-[\w.-]{{4,}}" for kind in ("pat", "rt", "cbt", "soat", "ft", "imt", "agent")},
    "gldt-": r"gldt-[\w-]{4,}",
    "glptt-": r"glptt-[\w-]{4,}",
    "SG.": r"SG\.[\w-]{4,}(?:\.[\w-]+)?",
    "AKIA": r"AKIA[A-Z0-9]{6,}",
    "ASIA": r"ASIA[A-Z0-9]{6,}",
    "ABIA": r"ABIA[A-Z0-9]{12,}",
    "ACCA": r"ACCA[A-Z0-9]{12,}",
    "AIza": r"AIza[\w-]{10,}",
    "ya29.": r"ya29\.[\w-]{4,}",
    "GOCSPX-": r"GOCSPX-[\w-]{4,}",
    "key-": r"key-[\w-]{12,}",
    "sk_": r"sk_(?:live|test)_\w{4,}",
    "rk_": r"rk_(?:live|test)_\w{4,}",
    "pk_live_": r"pk_live_\w{4,}",
    "whsec_": r"whsec_[\w+/=]{4,}",
    "re_": r"re_\w{8,}",
    "sk-": r"sk-[\w-]{12,}",
    "xkeysib-": r"xkeysib-[\w-]{4,}",
    "xsmtpsib-": r"xsmtpsib-[\w-]{4,}",
    "md-": r"md-[\w-]{20,}",
    "hvs.": r"hvs\.[\w-]{4,}",
    "hvb.": r"hvb\.[\w-]{4,}",
    "s.": r"s\.(?=\w*\d)(?=\w*[A-Z])\w{20,}",
    "dop_v1_": r"dop_v1_\w{4,}",
    "doo_v1_": r"doo_v1_\w{4,}",
    "npm_": r"npm_\w{16,}",
    "pypi-": r"pypi-[\w-]{16,}",
    **{f"shp{kind}_": rf"shp{kind}_\w{{4,}}" for kind in ("at", "ca", "pa", "ss")},
    "NRAK-": r"NRAK-\w{4,}",
    "PMAK-": r"PMAK-[\w-]{4,}",
    "lin_api_": r"lin_api_\w{4,}",
    "ntn_": r"ntn_\w{16,}",
    "secret_": r"secret_\w{8,}",
    "eyJ": r"eyJ[\w-]{6,}(?:\.[\w-]*){1,4}|eyJ[\w+/=-]{20,}",
    "AC": r"AC[0-9a-f]{32}",
    "SK": r"SK[0-9a-f]{32}",
    "EAA": r"EAA[A-Za-z0-9]{20,}",
    "sq0": r"sq0(?:atp|csp)-[\w-]{4,}",
    "AGE-": r"AGE-SECRET-KEY-\w+",
    "tfp_": r"tfp_\w{16,}",
    "nfp_": r"nfp_\w{16,}",
    "rnd_": r"rnd_\w{16,}",
    "fo1_": r"fo1_[\w-]{16,}",
    "dp.": r"dp\.\w{2,}\.\w{12,}",
    "v2.local.": r"v2\.local\.[\w-]+",
    "ATATT": r"ATATT[\w=-]{8,}",
    "mlsn.": r"mlsn\.\w{8,}",
    "bot": r"bot\d{6,}:[\w-]{16,}",
    "$": r"\$(?:2[abxy]|5|6|1|y|argon2id?|pbkdf2[\w-]*|scrypt|apr1)\$[^\s\"']+",
    **{f"{{{scheme}": rf"\{{{scheme}[\w.-]*\}}[^\s\"'<>]+" for scheme in _SCHEMES_OF_HASHES},
}
"""What tokens of known makers begin with, and their whole form."""

_NEEDS = {
    "key-": re.compile(r"\d"),
    "re_": re.compile(r"\d"),
    "sk-": re.compile(r"\d"),
    "md-": re.compile(r"[A-Z\d]"),
}
"""Signs that make a token of it: without one it is what somebody has named."""


_SAME_DIGITS = bytes.maketrans(b"123456789", b"000000000")


def form_of(text: str) -> str:
    """The text with 0 for each digit: most lines of a large config are like others but for that."""
    return text.encode("utf-8", "surrogatepass").translate(_SAME_DIGITS).decode("utf-8", "surrogatepass")


def branches(words: Iterable[str], *, longest: bool = False) -> str:
    """A pattern of any of the words that looks at each letter once: the shortest that stands there, or the longest."""
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[:1], []).append(word[1:])
    ends = by_letter.pop("", None) is not None
    if not by_letter or (ends and not longest):
        return ""
    made = "|".join(re.escape(letter) + branches(rest, longest=longest) for letter, rest in by_letter.items())
    return made if len(by_letter) == 1 and not ends else f"(?:{made}){'?' if ends else ''}"


def _forms() -> dict[str, re.Pattern[str]]:
    """The forms by what they begin with; `ACCA` is one of those that begin with `AC`."""
    short = [start for start in _TOKENS if not any(start != other and start.startswith(other) for other in _TOKENS)]
    return {start: re.compile("|".join(f for s, f in _TOKENS.items() if s.startswith(start))) for start in short}


_FORMS = _forms()
_BEGIN = re.compile(rf"(?<![A-Za-z0-9]){branches(_TOKENS)}")
_BEGIN_OF_FORM = re.compile(rf"(?<![A-Za-z0-9]){branches(map(form_of, _TOKENS))}")


def may_begin_token(form: str) -> bool:
    """Whether a token may begin in a line of that form."""
    return _BEGIN_OF_FORM.search(form) is not None


def tokens_in(line: str) -> list[Span]:
    """Tokens whose first letters name their maker, in order."""
    found: list[Span] = []
    barren: dict[str, int] = {}  # up to where a run of signs is known to hold none that makes a token of it
    begin = _BEGIN.search(line)
    while begin:
        start, at = begin[0], begin.end()
        token = _FORMS[start].match(line, begin.start()) if begin.start() >= barren.get(start, 0) else None
        if token and start in _NEEDS and not _NEEDS[start].search(line, at, token.end()):
            barren[start] = token.end()
        elif token:
            found.append(token.span())
            at = token.end()
        begin = _BEGIN.search(line, at)
    return found
