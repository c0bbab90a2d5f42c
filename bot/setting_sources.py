"""Where the value of a setting comes from, and which names of the environment are none.

In this order: the variable; for a secret the file that `NAME_FILE` names; for a secret the credential `NAME` that
systemd lays into `$CREDENTIALS_DIRECTORY` (LoadCredential=, LoadCredentialEncrypted=).

Kubernetes gives every container variables for each Service: one called `portero` yields `PORTERO_PORT=tcp://10.0.0.1:80`.
They are no settings of ours. Docker and systemd take what stands behind a value in an env file for a part of it.

Sources: systemd.exec(5), "Credentials"; kubernetes.io, "Accessing the Service", environment variables.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from bot.console.files import UnreadableError, content_of

Source: TypeAlias = Literal["default", "environment", "file", "credential"]

OURS = "PORTERO_"
FILE = "_FILE"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
MOST_BYTES = 65_536
NEAR = 60
"""Percent: how much a name has to be like one that there is."""

_LINK = re.compile(
    r"PORTERO_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?"
    r"|PORT_[0-9]{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)"
)
_LINK_TO = re.compile(r"(?:tcp|udp|sctp)://")
_COMMENT = re.compile(r"(?:^|\s)#.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Given:
    """A value, where it comes from, and the path of the file that it stands in."""

    value: str = ""
    source: Source = "default"
    path: str = ""


class SourceError(ValueError):
    """A secret that should stand in a file and cannot be had; says which variable, and what is wrong."""


def is_service_link(name: str, value: str) -> bool:
    """Whether a variable is one of Kubernetes' for a Service whose name begins with `portero`."""
    return bool(_LINK.fullmatch(name)) or (name.endswith("_PORT") and bool(_LINK_TO.match(value)))


def without_comment(value: str) -> str:
    """What stands before a `#` that begins a word."""
    return _COMMENT.sub("", value).strip()


def given(name: str, environ: Mapping[str, str]) -> Given:
    """What the variable itself says, as it stands there."""
    value = environ.get(name, "").strip()
    return Given(value, "environment") if value and not is_service_link(name, value) else Given()


def secret_given(name: str, environ: Mapping[str, str]) -> Given:
    """A secret, from wherever it stands. Raises SourceError."""
    own, file = given(name, environ), environ.get(name + FILE, "").strip()
    if own.value and file:
        raise SourceError(f"{name} and {name}{FILE} are both set: leave one of them out")
    if own.value:
        return own
    if file:
        return Given(_secret_in(file, name + FILE), "file", file)
    folder = environ.get(CREDENTIALS, "")
    place = Path(folder, name)
    if folder and place.exists():
        return Given(_secret_in(str(place), f"the credential {name}"), "credential", str(place))
    return Given()


def _secret_in(path: str, what: str) -> str:
    """The one line of a file."""
    try:
        text = content_of(path, MOST_BYTES).decode("utf-8").strip()
    except UnreadableError as error:
        raise SourceError(f"{what}: {path}: {error}") from error
    except UnicodeDecodeError:
        raise SourceError(f"{what}: {path}: it is no UTF-8 text") from None
    if not text or "\n" in text:
        raise SourceError(f"{what}: {path}: {'it has more than one line' if text else 'it is empty'}")
    return text


@dataclass(frozen=True, slots=True)
class Stray:
    """A name that looks like a setting of ours and is none; `meant` is the one that it is like, or empty."""

    name: str
    meant: str = ""

    def __str__(self) -> str:
        more = f"did you mean {self.meant}?" if self.meant else "`portero settings` lists all"
        return f"{self.name}: there is no such setting; {more}"


def strays(environ: Mapping[str, str], known: Collection[str]) -> list[Stray]:
    """Those of an environment, by name."""
    ours = [name for name in environ if name.startswith(OURS) and name not in known]
    return [Stray(name, nearest(name, known)) for name in sorted(ours) if not is_service_link(name, environ[name])]


def nearest(name: str, known: Collection[str]) -> str:
    """The setting that a misspelt name means; empty where none is like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a name that is none needs it

    ours = {one: one.removeprefix(OURS) for one in known if one.startswith(OURS)}
    found = process.extractOne(name.removeprefix(OURS), ours, scorer=fuzz.ratio, score_cutoff=NEAR)
    return str(found[2]) if found else ""
