"""What somebody typed as the thing to check: a host, a domain, an address or an e-mail address.

Names leave here as A-labels in lower case without the trailing dot, addresses in their canonical form. What is neither
is refused before anything is resolved, with the nearest form that is.

Sources: RFC 1123 section 2.1 (host names), RFC 5321 section 4.1.3 (address literals), UTS 46 and RFC 5891 (IDN).
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

import idna

from commands.contract import UserError
from commands.slack_text import clean, quoted, undo
from commands.smtpcheck.address.literal import canonical_address

Kind: TypeAlias = Literal["name", "domain", "address"]

EXAMPLE = "mail.example.com"
MAX_NAME = 253
MAX_LABEL = 63
MAX_PORT = 65_535

SERVICES = {"smtp": 25, "smtps": 465, "submissions": 465, "submission": 587}
"""Names of ports that people type (IANA's service names; smtps is what 465 was called before RFC 8314)."""

_AROUND = " \t\n\"'`<>(),;"
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|mailto:", re.IGNORECASE)
_PATH = re.compile(r"[/?#\\]")
_WITH_PORT = re.compile(r"(?P<host>[^:\[\]]*):(?P<port>[^:]*)")
_WITH_PORTS = re.compile(r"(?P<host>[^:\[\]]*\.[^:\[\]]*)(?P<ports>(?::\d{1,5}){2,})")
_BRACKETED = re.compile(r"\[(?:ipv6:)?(?P<host>[^\[\]]*)\](?::(?P<port>.*))?", re.IGNORECASE)
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


def parse_target(text: str) -> Target:
    """The target that a text names. Raises `UserError` with the nearest valid form for everything else."""
    typed = undo(text).strip(_AROUND)
    refuse_credentials(typed)
    if not typed:
        raise UserError("There is no target.", f"Type a host, such as `{EXAMPLE}`.")
    typed = _without_scheme(typed)
    if typed.endswith("@"):
        raise UserError("The domain behind the @ is missing.", f"Type a host, such as `{EXAMPLE}`.")
    local_part, at, rest = typed.rpartition("@")
    literal = _BRACKETED.fullmatch(rest) or _WITH_PORT.fullmatch(rest)
    host, port = (literal["host"], literal["port"]) if literal else (rest, None)
    shown = clean(host, MAX_NAME)
    number = _port(port, host) if port is not None else None
    address = canonical_address(host)
    if address:
        return Target(address, "address", shown, number)
    several = _WITH_PORTS.fullmatch(rest)
    if several:
        listed = several["ports"].replace(":", " ")
        raise UserError("Several ports stand one by one.", f"Type `{quoted(several['host'])}{listed}`.")
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
    """A URL of a bare host is that host; a path has no place in a mail check."""
    scheme = _SCHEME.match(typed)
    rest = typed[scheme.end() :] if scheme else typed
    host, *path = _PATH.split(rest, maxsplit=1)
    if path and path[0]:
        nearest = quoted(host) if ":" in host else _nearest(host.lower().split("."))
        raise UserError("A path cannot be checked, only a host.", f"Type `{nearest}`.")
    if scheme and scheme[0].lower() != "mailto:":
        return host.rpartition("@")[2]
    return host


def _port(text: str, host: str) -> int:
    if text.lower() in SERVICES:
        return SERVICES[text.lower()]
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MAX_PORT:
        return int(text)
    raise UserError(
        f"`{quoted(text) or ':'}` is no port.", f"Ports are numbers from 1 to {MAX_PORT}: `{quoted(host)}:587`."
    )


def _name(host: str) -> str:
    """The A-label form of a host name in lower case, checked label by label."""
    name = host.lower().removesuffix(".")
    if "_" in name:
        nearest = _nearest(name.replace("_", "-").split("."))
        raise UserError("A mail host's name has no underscore (RFC 1123).", f"Did you mean `{nearest}`?")
    if not name.isascii():
        name = _a_label(name)
    labels = name.split(".")
    if len(labels) == 1:
        if name == "localhost":
            raise UserError("`localhost` is this machine, which is not checked.", f"Type a host, such as `{EXAMPLE}`.")
        nearest = _nearest([name, "example", "com"])
        raise UserError(f"`{quoted(name)}` is not a full name.", f"Type it with its domain, such as `{nearest}`.")
    if len(name) > MAX_NAME or any(len(label) > MAX_LABEL for label in labels):
        raise UserError(
            f"`{quoted(name)}` is too long for a host name.",
            f"A name has at most {MAX_NAME} characters, and {MAX_LABEL} between two dots.",
        )
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise UserError(f"`{quoted(host)}` is no host name.", f"Did you mean `{_nearest(labels)}`?")
    canonical_address(name)  # full-width digits have become plain ones by now
    return name


def _a_label(name: str) -> str:
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise UserError(f"`{quoted(name)}` is no valid international name (IDNA).", f"Try `{EXAMPLE}`.") from None


def _nearest(labels: list[str]) -> str:
    """What remains of the labels without the characters that a host name cannot hold."""
    kept = [re.sub(r"[^a-z0-9-]", "", label).strip("-") for label in labels]
    nearest = ".".join(label for label in kept if label)
    return nearest if "." in nearest else EXAMPLE
