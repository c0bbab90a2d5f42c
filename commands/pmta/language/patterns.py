"""Domain patterns (what each covers) and regular expressions (PCRE made readable for Python).

Forms (User's Guide, 3.2): `*`, `host`, `*.host` for its sub-domains, `[*.]host` for both, `[address/mask]` for domain
literals, `$macro` and `x.$macro`. `{sparkpost}` and the like are queues of PowerMTA itself.
"""

import re
import warnings

from commands.pmta.language.remembered import remembered

_PATTERN = re.compile(
    r"\*|\{[\w-]+\}|\[(?!\*\.\])[\da-f.:/]+\]|(?:\[\*\.\]|\*\.)?(?:\$?[\w-]*+\.)*+\$?[\w-]+\.?", re.IGNORECASE
)
LONGEST = 4000
_PCRE_ONLY = ((re.compile(r"\(\?<(?=[A-Za-z_])"), "(?P<"), (re.compile(r"\(\?-i\)"), ""), (re.compile(r"\\h"), r"\\s"))
_BEYOND = re.compile(r"\\[KRXGQEpP]|\(\?[|&R\d+-]|\(\*|\[\[:|\\g|\\k")


@remembered(4096)
def is_domain_pattern(text: str) -> bool:
    return bool(_PATTERN.fullmatch(text))


@remembered(4096)
def covers(general: str, special: str) -> bool:
    """True when the first pattern may cover everything that the second does. Macros may cover anything."""
    general, special = general.lower(), special.lower()
    if general in ("*", special) or "$" in general:
        return True
    host = special.removeprefix("[*.]").removeprefix("*.")
    if general.startswith("[*.]"):
        return host == general[4:] or host.endswith("." + general[4:])
    if general.startswith("*."):
        return host.endswith(general[1:]) or special == general
    return False


@remembered(4096)
def regex_problem(pattern: str) -> str:
    """Why a pattern (without its slashes) does not compile, or "".

    PCRE beyond Python's reach counts as fine, and so does a pattern that is longer than any in use.
    """
    if len(pattern) > LONGEST or _BEYOND.search(pattern):
        return ""
    try:
        _compiled(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as problem:
        return str(problem)
    return ""


def python_pattern(pattern: str) -> re.Pattern[str] | None:
    """What finds in a text what PowerMTA's pattern (without its slashes) finds; None where Python has no such thing."""
    bare = pattern.replace("(?-i)", "")
    if len(bare) > LONGEST or _BEYOND.search(bare):
        return None
    try:
        return _compiled(bare, re.IGNORECASE if bare == pattern else 0)
    except (re.error, RecursionError, OverflowError):
        return None


def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    for form, ours in _PCRE_ONLY:
        pattern = form.sub(ours, pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern, flags)
