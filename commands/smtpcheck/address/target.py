"""What somebody typed as the thing to check: a host, a domain, an address or an e-mail address.

Names leave here as A-labels in lower case without the trailing dot, addresses in their canonical form. What is neither
is refused before anything is resolved, with the nearest form that is. An operating system takes decimal, octal,
hexadecimal, short and full-width forms for IPv4 addresses: `2130706433`, `0x7f.1` and a circled `127.0.0.1` all are the
loopback to getaddrinfo(). Here they are refused with the usual form. What stands around a target (quotes, formatting,
punctuation, the rest of a URL) is no part of it.

Sources: RFC 1123 section 2.1 (host names), RFC 5321 section 4.1.3 (address literals), UTS 46 and RFC 5891 (IDN);
inet_aton(3), RFC 4007 section 11 (scope ids), RFC 4291 section 2.2.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Literal, TypeAlias

import idna

from commands.contract import UserError
from commands.slack_text import clean, quoted, undo
from commands.smtpcheck.address import no_target

_NUMBER = re.compile(r"0x[0-9a-f]*|\d+")


@lru_cache(1024)  # one check asks this of the same few names dozens of times
def is_address(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address in one of its usual forms."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


ONE_OPERATOR = (
    frozenset({"google.com", "gmail.com", "googlemail.com"}),
    frozenset({"outlook.com", "office365.com", "hotmail.com", "live.com", "microsoft.com", "msn.com"}),
    frozenset({"yahoo.com", "yahoodns.net", "aol.com", "ymail.com"}),
    frozenset({"icloud.com", "me.com", "mac.com", "apple.com"}),
    frozenset({"fastmail.com", "messagingengine.com"}),
    frozenset({"gmx.net", "gmx.com", "web.de", "mail.com", "1and1.com", "ionos.com", "ionos.de", "kundenserver.de"}),
    frozenset({"sendgrid.net", "sendgrid.com", "twilio.com"}),
)
"""Domains of the same mail operator, of those that are known as control hosts."""

SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})
"""Below a country's two letters these are no owner's: `example.co.uk`."""


class NoFullNameError(UserError):
    """A name without a domain (`wrong`), which may be what a provider is called."""


@lru_cache(1024)
def site(name: str) -> str:
    """Roughly whose a name is: the domain that somebody registered, by one name for each operator that is known."""
    if is_address(name):
        return name
    labels = name.lower().rstrip(".").split(".")
    few = len(labels) < len(("example", "co", "uk")) or len(labels[-1]) != len("uk") or labels[-2] not in SECOND_LEVEL
    own = ".".join(labels[-2:] if few else labels[-3:])
    return next((min(operator) for operator in ONE_OPERATOR if own in operator), own)


def canonical_address(host: str) -> str:
    """The canonical form of an address, or nothing. Raises `UserError` for what only looks like one."""
    if "%" in host and ":" in host:
        plain = quoted(host.partition("%")[0])
        raise UserError("An address with a scope id reaches only this machine's own links.", f"Type `{plain}`.", plain)
    if ":" in host:
        try:
            address = IPv6Address(host if host.isascii() else "")
        except AddressValueError:
            return ""
        return str(address.ipv4_mapped or address)
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").lower().removesuffix(".")
    if not _NUMBER.fullmatch(plain.rpartition(".")[2]):
        return ""
    try:
        strict = str(IPv4Address(plain))
    except AddressValueError:
        strict = ""
    if strict and host.removesuffix(".") == strict:
        return strict
    raise _no_address(host, strict or _as_c_reads_it(plain))


def _no_address(host: str, meant: str) -> UserError:
    if meant:
        said = f"`{quoted(host)}` is an unusual way to write {meant}."
        return UserError(said, f"Type `{meant}` if you mean that.", () if is_checked_nowhere(meant) else meant)
    return UserError(
        f"`{quoted(host)}` is no IPv4 address.", "It has four numbers from 0 to 255, such as `198.51.100.25`."
    )


def is_checked_nowhere(address: str) -> bool:
    """This machine, and what is nobody's: no installation may allow them."""
    found = ip_address(address)
    return found.is_loopback or found.is_unspecified or found.is_multicast or found.is_link_local


def _as_c_reads_it(text: str) -> str:
    """The address that inet_aton() makes of one to four decimal, octal or hexadecimal numbers, or nothing."""
    try:
        *heads, last = [int(part, _base(part)) if part != "0x" else 0 for part in text.split(".")]
    except ValueError:
        return ""
    room = 4 - len(heads)
    if room < 1 or any(head > 255 for head in heads) or last >= 256**room:
        return ""
    return str(IPv4Address(int.from_bytes(bytes(heads), "big") * 256**room + last))


def _base(part: str) -> int:
    if part.startswith("0x"):
        return 16
    return 8 if len(part) > 1 and part.startswith("0") else 10


Kind: TypeAlias = Literal["name", "domain", "address"]

EXAMPLE = "mail.example.com"
MAX_NAME = 253
MAX_LABEL = 63
MAX_PORT = 65_535

SERVICES = {"smtp": 25, "smtps": 465, "submissions": 465, "submission": 587}
"""Names of ports that people type (IANA's service names; smtps is what 465 was called before RFC 8314)."""

_AROUND = " \t\n\"'`<>(),;"
_BEHIND = "!?…"
_DOTS = re.compile(r"[。．｡]")
_MARKED = re.compile(r"(?P<mark>[*_~]+)(?P<inside>.+)(?P=mark)", re.DOTALL)
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//|mailto:", re.IGNORECASE)
_PATH = re.compile(r"[/?#\\]")
_WITH_PORT = re.compile(r"(?P<host>[^:\[\]]*):(?P<port>[^:]*)")
_WITH_PORTS = re.compile(r"(?=[^:]*\.)(?P<host>[^:\[\]]*)(?P<ports>(?::\d{1,5}){2,})")
_BRACKETED = re.compile(r"\[(?:ipv6:)?(?P<host>[^\[\]]*)\](?::(?P<port>.*))?", re.IGNORECASE)
_LOGGED = re.compile(r"\A([^\s:\[\]]+)\[[0-9a-f.:]{2,45}\]((?::\d{1,5})?)\Z", re.IGNORECASE)
"""`mail.example.com[192.0.2.7]:25`, as Postfix logs it: the name is meant."""
_MAY_BE_NONE = re.compile(r"^[@#]|/\d|\d-\d")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Target:
    """What to check. `kind` is `address`, `domain` (from an e-mail address) or `name`: a host or a domain, DNS tells.

    `shown` is what was typed, cleaned (of an e-mail address the domain alone: nobody's name is kept).
    """

    name: str
    kind: Kind
    shown: str
    port: int | None = None

    @property
    def is_email_domain(self) -> bool:
        return self.kind == "domain"


VANTAGE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""The name of a machine to check from: one label of a host name, of 32 characters at most."""


def parse_target(text: str) -> Target:
    """The target that a text names, as Slack sent it. Raises `UserError` with the nearest valid form otherwise."""
    return target_in(undo(text))


def target_in(word: str) -> Target:
    """The same of a word of what was typed, of which Slack's own marks are undone already."""
    try:
        return _parsed(bare(word))
    except UserError as error:
        error.wrong = word
        raise


def bare(word: str) -> str:
    """The word without what people and clients put around it: quotes, brackets, `*bold*`, an exclamation mark."""
    before = ""
    while word != before:
        before = word
        word = word.strip(_AROUND).rstrip(_BEHIND)
        word = word.rstrip(".") if word.endswith("..") else word
        marked = _MARKED.fullmatch(word)
        word = marked["inside"] if marked else word
    return word


def _parsed(typed: str) -> Target:
    refuse_credentials(typed)
    if not typed:
        raise UserError("There is no target.", f"Type a host, such as `{EXAMPLE}`.")
    if _MAY_BE_NONE.search(typed):
        no_target.refuse(typed)
    typed = _without_scheme(typed)
    if typed.endswith("@"):
        raise UserError("The domain behind the @ is missing.", f"Type a host, such as `{EXAMPLE}`.")
    local_part, at, rest = typed.rpartition("@")
    rest = _LOGGED.sub(r"\1\2", _DOTS.sub(".", rest))
    several = _WITH_PORTS.fullmatch(rest)
    if several:
        meant = f"{quoted(several['host'])}{several['ports'].replace(':', ' ')}"
        raise UserError("Several ports stand one by one.", f"Type `{meant}`.", meant)
    literal = _BRACKETED.fullmatch(rest) or _WITH_PORT.fullmatch(rest)
    host, port = (literal["host"], literal["port"]) if literal else (rest, None)
    shown = clean(host, MAX_NAME)
    number = _port(port, host) if port else None
    try:
        address = canonical_address(host)
    except UserError as error:
        raise error.instead(lambda meant: f"{meant}:{number}" if number else meant) from None
    if address:
        return Target(address, "address", shown, number)
    if set("[]:") & set(rest if "[" in rest else host):
        raise UserError(f"`{quoted(rest)}` is no IPv6 address.", "Type it as `2001:db8::25` or `[2001:db8::25]:587`.")
    return Target(_name(host), "domain" if at and local_part else "name", shown, number)


def refuse_credentials(typed: str) -> None:
    """Raises `UserError` for `user:password@host`, which is never repeated, neither to the asker nor to a log."""
    if ":" in _SCHEME.sub("", typed).rpartition("@")[0]:
        raise UserError(
            "That looks like a login with a password. It was not used and not kept.",
            f"Change that password: others may have seen it. Then type the host alone, such as `{EXAMPLE}`.",
        )


def _without_scheme(typed: str) -> str:
    """A URL is the host in it: a path has no place in a mail check, nor has who logs in."""
    scheme = _SCHEME.match(typed)
    rest = typed[scheme.end() :] if scheme else typed
    host = _PATH.split(rest, maxsplit=1)[0]
    if scheme and scheme[0].lower() != "mailto:":
        return host.rpartition("@")[2]
    return host


def _port(text: str, host: str) -> int:
    if text.lower() in SERVICES:
        return SERVICES[text.lower()]
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MAX_PORT:
        return int(text)
    raise UserError(
        f"`{quoted(text)}` is not a port.",
        f"Ports are numbers from 1 to {MAX_PORT}: `{quoted(host)}:587`.",
        quoted(host),
    )


def _name(host: str) -> str:
    """The A-label form of a host name in lower case, checked label by label."""
    name = host.lower().removesuffix(".")
    if "_" in name:
        nearest = _nearest(name.replace("_", "-").split("."))
        raise _did_you_mean("A mail host's name has no underscore (RFC 1123).", nearest)
    if not name.isascii():
        name = _a_label(name)
    labels = name.split(".")
    if len(labels) == 1:
        if name == "localhost":
            raise UserError("`localhost` is this machine, which is not checked.", f"Type a host, such as `{EXAMPLE}`.")
        nearest = _nearest([name, "example", "com"]) or EXAMPLE
        hint = f"Type it with its domain, such as `{nearest}`."
        raise NoFullNameError(f"`{quoted(host)}` is not a full name.", hint, wrong=host)
    if len(name) > MAX_NAME or any(len(label) > MAX_LABEL for label in labels):
        raise UserError(
            f"`{quoted(host)}` is too long for a host name.",
            f"A name has at most {MAX_NAME} characters, and {MAX_LABEL} between two dots.",
        )
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise _did_you_mean(f"`{quoted(host)}` is not a host name.", _nearest(labels))
    canonical_address(name)  # full-width digits have become plain ones by now
    return name


def _a_label(name: str) -> str:
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise UserError(f"`{quoted(name)}` is not a valid international name (IDNA).", f"Try `{EXAMPLE}`.") from None


def _did_you_mean(message: str, nearest: str) -> UserError:
    if not nearest:
        return UserError(message, f"Type a host, such as `{EXAMPLE}`.")
    return UserError(message, f"Did you mean `{nearest}`?", nearest)


def _nearest(labels: list[str]) -> str:
    """What remains of the labels without the characters that a host name cannot hold; nothing where that is none."""
    kept = [re.sub(r"[^a-z0-9-]", "", label).strip("-") for label in labels]
    nearest = ".".join(label for label in kept if label)
    return nearest if "." in nearest and not _NUMBER.fullmatch(nearest.rpartition(".")[2]) else ""
