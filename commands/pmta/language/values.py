"""Value forms: whether what follows a directive is what the catalogue says it takes.

A form lists the arguments between blanks. An argument is a kind or alternatives between `|`; `=word` is the word
itself, `?` at the end makes it optional, `*` makes it the rest of the line. `int:1..100` has bounds.

    duration|=never          cidr rate          path secret?          regex actions*
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from commands.pmta.language import quantities
from commands.pmta.language.lists import LISTS
from commands.pmta.language.patterns import is_domain_pattern
from commands.pmta.language.remembered import remembered
from commands.pmta.language.words import PATTERN_DIRECTIVES, SHORT, bare, first_words, is_pattern, texts

_HOST = re.compile(r"(?=.{1,253}\.?\Z)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.?")
_EMAIL = re.compile(r"[^\s@\[\]<>]{1,256}@[^\s@<>]{1,255}")
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_ONE_WORD = re.compile(r"[^\s\"]+")
_API_KEY = re.compile(r"\w{32,128}", re.ASCII)
_HEADER = re.compile(r"[!-9;-~]+:?")


def _is_host_port(text: str) -> bool:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    return bool(colon) and quantities.is_port(port) and (bool(_HOST.fullmatch(host)) or quantities.is_address(host))


def _is_identity(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text.removeprefix("@") if text.startswith("@") else text)) or bool(
        _HOST.fullmatch(text.removeprefix("@"))
    )


def _anything(text: str) -> bool:
    return bool(text)


@dataclass(frozen=True, slots=True)
class Kind:
    """What one argument may be: in words for people, and as a test of the word without its quotes."""

    says: str
    accepts: Callable[[str], bool]


_WHOLE_PATH = re.compile(r"/|[A-Za-z]:[\\/]|.*\\|\$")
"""On Windows a path may begin in the folder of the installation (3.3.1.47.2)."""

KINDS: dict[str, Kind] = {
    "anything": Kind("anything", _anything),
    "api-key": Kind(
        "32 to 128 letters, digits or underscores", lambda t: bool(re.fullmatch(r"\w{32,128}", t, re.ASCII))
    ),
    "bool": Kind("yes, no, true or false", lambda t: t.lower() in ("yes", "no", "true", "false")),
    "cidr": Kind("an address or network (10.0.0.1, 10/8)", quantities.is_network),
    "cidr-port": Kind("network:port (0/0:25)", lambda t: quantities.listener(t) is not None),
    "data-rate": Kind("unlimited, or a size over a time (10M/h)", quantities.is_data_rate),
    "domain": Kind("a domain", is_domain_pattern),
    "duration": Kind("a time with its unit (10m, 4h, 1d12h)", lambda t: quantities.seconds(t) is not None),
    "email": Kind("an e-mail address", lambda t: bool(_EMAIL.fullmatch(t)) or t.lower() == "postmaster"),
    "empty": Kind('"" for none', lambda t: t == ""),
    "header": Kind("the name of a header", lambda t: bool(_HEADER.fullmatch(t))),
    "hex-key": Kind("40 hexadecimal digits", lambda t: bool(re.fullmatch(r"[0-9A-Fa-f]{40}", t))),
    "host": Kind("a host name", lambda t: bool(_HOST.fullmatch(t))),
    "host-port": Kind("host:port", _is_host_port),
    "identity": Kind("an e-mail address, @domain or domain", _is_identity),
    "int": Kind("a whole number", lambda t: t.isascii() and t.isdigit()),
    "ip": Kind("an IP address", quantities.is_address),
    "ip-port": Kind("address:port", lambda t: quantities.listener(t) is not None and "/" not in t),
    "macro-name": Kind("letters, digits and underscores", lambda t: bool(re.fullmatch(r"\w+", t, re.ASCII))),
    "name": Kind("a name", _anything),
    "path": Kind("a path", _anything),
    "whole-path": Kind("a path from the root on", lambda t: bool(_WHOLE_PATH.match(t))),
    "pattern": Kind("a domain pattern (*, example.com, *.example.com, [*.]example.com)", is_domain_pattern),
    "port": Kind("a port from 0 to 65535", quantities.is_port),
    "queue": Kind("the name of a queue, as of a domain", is_domain_pattern),
    "rate": Kind("unlimited, or a number over a time (500/h)", lambda t: quantities.per_second(t) is not None),
    "record": Kind("a record type", LISTS["records"].accepts),
    "regex": Kind("a /pattern/", is_pattern),
    "secret": Kind("a password", _anything),
    "size": Kind("a size (250M, 50K)", lambda t: quantities.size(t) is not None),
    "source": Kind("source=NAME", lambda t: t.lower().startswith("source=") and len(t) > 7),
    "url": Kind("a URL that begins with http:// or https://", lambda t: bool(_URL.fullmatch(t))),
    "word": Kind("one word", _anything),
}


@dataclass(frozen=True, slots=True)
class Argument:
    kinds: tuple[str, ...]
    optional: bool
    rest: bool

    @property
    def says(self) -> str:
        return _any_of(self.kinds)

    def accepts(self, word: str) -> bool:
        return _test(self.kinds)(word)


@cache
def _any_of(kinds: tuple[str, ...]) -> str:
    return _either([_says(kind) for kind in kinds])


def _either(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _says(kind: str) -> str:
    if kind[0] == "=":
        return kind[1:]
    name, _, bounds = kind.partition(":")
    if bounds:
        return f"a number from {bounds.replace('..', ' to ')}"
    return LISTS[name].says if name in LISTS and name not in KINDS else KINDS[name].says


@cache
def _test(kinds: tuple[str, ...]) -> Callable[[str], bool]:
    """The test of an argument, made once: it is asked for every value of a config."""
    if len(kinds) == 1:
        return _test_of(kinds[0])
    return lambda word: any(_test_of(kind)(word) for kind in kinds)


@cache
def _test_of(kind: str) -> Callable[[str], bool]:
    """The test of a kind, with its word or its bounds."""
    if kind[0] == "=":
        return lambda word: word.lower() == kind[1:]
    name, _, bounds = kind.partition(":")
    if bounds:
        low, high = map(int, bounds.split(".."))
        return lambda word: word.isascii() and word.isdigit() and low <= int(word[:9]) <= high
    return LISTS[name].accepts if name in LISTS and name not in KINDS else KINDS[name].accepts


@cache
def arguments(form: str) -> tuple[Argument, ...]:
    """A form, taken apart."""
    parts = form.split()
    return tuple(
        Argument(tuple(part.rstrip("?*").split("|")), part.endswith(("?", "*?")), part.rstrip("?").endswith("*"))
        for part in parts
    )


@cache
def most_words(form: str) -> int | None:
    """How many arguments a form takes at most, None when the last takes the rest of the line."""
    taken = arguments(form)
    return None if taken[-1].rest else len(taken)


@cache
def says(form: str) -> str:
    """The form in words: `an address or network (10.0.0.1, 10/8), then a host name`."""
    return ", then ".join(f"{part.says} (optional)" if part.optional else part.says for part in arguments(form))


@dataclass(frozen=True, slots=True)
class Misfit:
    """How a value fails its form: `kind` is missing, extra or wrong; `index` counts the arguments from 0."""

    kind: str
    index: int
    expected: str


def misfit(key: str, form: str, value: str) -> Misfit | None:
    """What is wrong with a value, or None."""
    if _ONE_WORD.fullmatch(value) and (value[0] != "/" or key not in PATTERN_DIRECTIVES):
        taken = arguments(form)
        if len(taken) == 1:
            return None if taken[0].accepts(value) else _wrong(taken[0], 0)
    return _remembered(key, form, value) if len(value) <= SHORT else _misfit(key, form, value)


def _wrong(argument: Argument, index: int) -> Misfit:
    return Misfit("wrong", index, argument.says)


@remembered(16384)
def _remembered(key: str, form: str, value: str) -> Misfit | None:
    return _misfit(key, form, value)


def _misfit(key: str, form: str, value: str) -> Misfit | None:
    taken = arguments(form)
    words = texts(key, value) if len(value) <= SHORT else [one.text for one in first_words(key, value, len(taken) + 1)]
    for index, argument in enumerate(taken):
        if index >= len(words):
            return None if argument.optional else Misfit("missing", index, argument.says)
        if argument.rest:
            rest = value[first_words(key, value, index + 1)[index].at :]
            return None if argument.accepts(rest) else _wrong(argument, index)
        if not argument.accepts(bare(words[index])):
            return _wrong(argument, index)
    return Misfit("extra", len(taken), "") if len(words) > len(taken) else None
