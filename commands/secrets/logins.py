"""Logins as other programs and people write them, where the name of the secret stands elsewhere or nowhere.

Every pattern is bounded, so that a line is read in linear time, and looked for only where a sign of it stands.
"""

import re
from collections.abc import Iterator

from commands.secrets.programs import BLANK as _BLANK
from commands.secrets.programs import FORMS as _OF_PROGRAMS
from commands.secrets.programs import HOST as _HOST
from commands.secrets.programs import USER as _USER
from commands.secrets.programs import B as _B
from commands.secrets.shapes import Span
from commands.secrets.statements import is_harmless

_CALLED = r"(?:password|passwort|passwd|pwd|pw|pass|secret|token|kennwort|clave|contrase\u00f1a)"

_NO_VALUE = "(?:the|my|our|a|an|this|that|not|your|its|no|there|now|only|on|in|at|for|by|kept|stored)"
"""What a sentence goes on with that names no secret."""

_FORMS: tuple[tuple[str, str], ...] = (
    # Postfix, sasl_passwd
    (":", rf"^[\s#;]{{0,9}}{_HOST}(?::\w{{1,10}})?{_BLANK}{_USER}:(?!//|\d{{1,5}}\s*$)(?P<x>\S{{3,200}})\s*$"),
    ("]", rf"\[[\w.:-]{{1,80}}\](?::\w{{1,10}})?{_BLANK}{_USER}:(?!//|\d{{1,5}}\b)(?P<x>\S{{3,200}})"),
    # Exim, passwd.client
    ("@", rf"(?<!\w){_HOST}:[\w.+-]{{1,64}}@[\w.-]{{1,80}}:(?P<x>[^\s:]{{3,200}})"),
    # Dovecot, passwd-file
    (":{", r":\{[A-Z][\w.-]{2,20}\}(?P<x>[^\s:\"'{}$]{2,200})"),
    # curl
    ("-u", rf"(?<!\S)(?:-u{_B}=?|--(?:proxy-)?user(?:=|{_BLANK}))\"?{_USER}:(?P<x>[^\s\"']{{1,200}})"),
    ("'", rf"(?<!\S)(?:-u{_B}=?|--(?:proxy-)?user(?:=|{_BLANK}))'{_USER}:(?P<x>[^'\r\n]{{1,200}})"),
    ("chpasswd", rf"(?<![\w.@+-]){_USER}:(?P<x>[^\s\"'|]{{1,200}})[\"']?{_B}\|{_B}(?:sudo{_BLANK})?chpasswd"),
    # A password with blanks in a URL
    ("://", r"://[\w.%+-]{1,64}:(?P<x>[^\s/@:\"'<>]{1,60}(?: [^\s/@:\"'<>]{1,60}){1,4})@[\w\[]"),
    # smtp://bob:X, but not smtp://host:submission
    ("://", r"://[\w%+-]{1,64}:(?!\d{1,5}(?!\w)|smtps?\b|submissions?\b)(?P<x>[^\s/@\"'<>]{3,200})(?![^\s/\"'<>])"),
    # use X as password, X (password), X <- password, X = password
    ("as ", rf"\bus(?:e|ing|ar){_BLANK}(?P<x>\S{{3,200}}){_BLANK}as{_BLANK}(?:(?:the|a|my|our){_BLANK})?{_CALLED}\b"),
    ("password", rf"(?<!\S)(?P<x>[^\s()=<>#]{{3,200}}){_B}(?:\({_B}|<-{_BLANK}|{_BLANK}={_BLANK})password\)?\s*$"),
    # is X a good password, why does X not work as password, X as password, user bob pass X, pass is X
    ("pass", (rf"\b(?:is|was|are|does|did|do|will|would|can|could|has){_BLANK}(?!{_NO_VALUE}{_BLANK})(?P<x>\S{{3,200}})"
             rf"(?:{_BLANK}[\w']{{1,12}}){{0,5}}{_BLANK}(?:pass(?:word|wort|phrase|code|wd)?|pwd|pw)s?\b")),
    ("as", (rf"(?<!\S)(?P<x>[^\s#]{{3,200}}){_BLANK}(?:as|als|como|comme){_BLANK}"
           rf"(?:(?:the|a|my|our){_BLANK})?{_CALLED}\b")),
    ("pass", (rf"(?<!\S)(?:user|login|username|usr){_BLANK}{_USER}{_BLANK}(?:with{_BLANK})?(?:pass|pw|p){_B}[:=]?"
             rf"{_BLANK}(?P<x>\S{{2,200}})")),
    ("pass", rf"\bpass{_BLANK}(?:is|was|ist|es){_BLANK}(?!{_NO_VALUE}\b)(?P<x>\S{{2,200}})"),
    # p: X u: bob, l: bob p: X
    (":", rf"(?<![\w.])p:{_B}(?P<x>\S{{2,200}}){_BLANK}[ul]:"),
    (":", rf"(?<![\w.])[ul]:{_B}{_USER}{_BLANK}p:{_B}(?P<x>\S{{2,200}})"),
    ("wpa", rf"\bwpa[23]?{_B}[:=]?{_BLANK}[\"']?(?P<x>[^\s\"']{{1,200}})[\"']?\s*$"),
    # p a s s w o r d: X, and a picture of a key
    (" s", rf"(?<!\w)p a s s(?: w o r d)?{_B}[:=]?{_BLANK}(?P<x>\S[^\r\n]{{0,200}})"),
    *((key, rf"{key}\ufe0f?{_B}[:=]?{_B}(?P<x>\S[^\r\n]{{0,200}})") for key in "\U0001f511\U0001f510\U0001f5dd"),
    # user/pass: bob/X, user/pass bob/X, p/w: X, P@ss: X, p.w. X
    ("/", rf"(?<![\w/.-])(?:u|[a-z]{{4,20}})/(?:p|{_CALLED}){_B}[:= ]{_B}[\w.@+-]{{1,80}}{_B}/{_B}(?P<x>\S{{1,200}})"),
    ("/", rf"(?<![\w/.-])p/w{_B}[:=]?{_B}(?P<x>[^\s:=]{{2,200}})"),
    (".w.", rf"(?<![\w.])p\.w\.{_B}[:=]?{_B}(?P<x>[^\s:=]{{2,200}})"),
    ("@", rf"(?<!\w)p@s[s$]{_B}[:=]{_B}(?P<x>\S{{2,200}})"),
    # <input value="X" type="password">
    ("value", (rf"\bvalue{_B}={_B}[\"'](?P<x>[^\"'<>\r\n]{{1,200}})[\"']"
              rf"(?=[^<>\r\n]{{0,200}}[\"'][\w.-]{{0,30}}{_CALLED})")),
    # <user>bob</user><x>X</x>
    ("</", (rf"<(?:user\w{{0,8}}|login|account|u)>[^<\r\n]{{1,80}}</\w{{1,20}}>{_B}<\w{{1,20}}>{_B}"
           rf"(?P<x>[^\s<][^<\r\n]{{0,200}})")),
    # <td>Password</td><td>X</td>, <b>Password:</b> X
    ("</", (rf">{_B}[\w. -]{{0,30}}{_CALLED}{_B}:?{_B}</\w{{1,20}}>{_B}:?{_B}"
           rf"(?:<\w[^<>\r\n]{{0,100}}>)?{_B}(?P<x>[^\s<][^<\r\n]{{0,200}})")),
)  # fmt: skip
"""A sign that stands in whatever a pattern matches, in small letters, and the pattern; `x` is the secret."""

_PATTERNS = tuple((sign, re.compile(pattern, re.IGNORECASE)) for sign, pattern in (*_FORMS, *_OF_PROGRAMS))


def logins(line: str) -> Iterator[Span]:
    """Where the secrets of such logins stand."""
    lower = line.lower()
    for sign, pattern in _PATTERNS:
        for found in pattern.finditer(line) if sign in lower else ():
            if not is_harmless(found["x"]):
                yield found.span("x")
