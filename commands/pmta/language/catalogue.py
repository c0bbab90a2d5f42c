"""What PowerMTA knows: the rows of `directives` and `tags`, and the questions that are asked about them.

Names are matched without regard to case: the guide does not say how PowerMTA does it, and configs in use mix both.
"""

from dataclasses import dataclass

from commands.pmta.language import directives, tags

GLOBAL = "global"
REGEX_NAME = "/regex/"
PER_HOUR = frozenset({"max-msg-per-hour", "backoff-max-msg-per-hour"})
"""The guide names them and what has taken their place, and no longer what they take."""

HOSTS = ("smtp-hosts", "route")
"""What says where a queue's mail goes instead of to its MX: the second is the name of before 4.5."""

GUIDE = "PowerMTA 5.0 User's Guide"

VALUE, SECOND, URL = "value", "second", "url"
"""What of a directive is a secret: all of its value, what follows its first argument, path and query of its URL."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive in the scopes that give it one form. `form` is read by `commands.pmta.language.values`.

    `secret` says what of its value is one, "" for nothing: what is covered follows from it.
    """

    name: str
    scopes: tuple[str, ...]
    form: str
    default: str
    since: str
    status: str
    instead: str
    secret: str
    note: str
    section: str

    @property
    def source(self) -> str:
        return f"{GUIDE}, {self.section}" if self.section else "seen in public configs"

    @property
    def is_documented(self) -> bool:
        """Whether the guide prints its form: what else is known comes from configs in use."""
        return bool(self.section) and self.name not in PER_HOUR


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    argument: str  # none, one, optional
    argument_is: str
    parents: tuple[str, ...]
    status: str
    note: str
    section: str


def _key(name: str) -> str:
    return REGEX_NAME if name == "/REGEX/" else name.lower()


def _directives() -> dict[str, tuple[Directive, ...]]:
    made: dict[str, tuple[Directive, ...]] = {}
    for name, scopes, *rest in directives.ROWS:
        row = Directive(_key(name), tuple(scopes.split()), *rest)
        made[row.name] = (*made.get(row.name, ()), row)
    return made


DIRECTIVES: dict[str, tuple[Directive, ...]] = _directives()
TAGS: dict[str, Tag] = {
    name: Tag(name, kind, what, tuple(up.split()), *rest) for name, kind, what, up, *rest in tags.ROWS
}
ALIAS_SCOPES = {"sparkpost-analytics": "signals"}
HYPHENATED = frozenset(name for name in DIRECTIVES if "-" in name)


# Nothing is remembered of names that a config made up: they would stay for as long as the process lives.
_PLACED = {(name, scope): row for name, rows in DIRECTIVES.items() for row in rows[::-1] for scope in row.scopes}
_PLACED |= {
    (name, alias): row for alias, scope in ALIAS_SCOPES.items() for (name, at), row in _PLACED.items() if at == scope
}
_SCOPES = {
    name: tuple(dict.fromkeys(scope for row in rows for scope in row.scopes)) for name, rows in DIRECTIVES.items()
}
_NAMES = {scope: frozenset(name for name, at in _PLACED if at == scope) for scope in {at for _, at in _PLACED}}


def directive(name: str, scope: str) -> Directive | None:
    """The row of a directive (lower case) in a scope, or None when it is unknown or stands elsewhere."""
    return _PLACED.get((name, scope))


def scopes_of(name: str) -> tuple[str, ...]:
    """Where a directive may stand, in catalogue order."""
    return _SCOPES.get(name, ())


def names_in(scope: str) -> frozenset[str]:
    return _NAMES.get(scope, frozenset())


def names_of_secrets(kind: str) -> tuple[str, ...]:
    """The directives whose secret is of that kind: value, second or url."""
    return tuple(name for name, rows in DIRECTIVES.items() if any(row.secret == kind for row in rows))


def place(scope: str) -> str:
    """`<source>`, or "the top level"."""
    return "the top level" if scope == GLOBAL else f"<{scope}>"
