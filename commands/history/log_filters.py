"""What stands behind `/portero log`: who, what, when and where, as in the history, and what kind of change.

`[HOST | WATCH] [by @ana] [since monday] [until ...] [mine] [here] [watches|mutes|tags|...]`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import tzinfo

from commands.audited import GROUPS
from commands.contract import Request, UserError
from commands.history.filter_words import WORDS
from commands.history.filters import Filters, described
from commands.history.listing import filed_host
from commands.history.typed_filters import LIKE_A_TARGET, parse_filters
from commands.slack_text import escape, quoted
from commands.words import nearest
from storage.audit import AuditQuery
from storage.queries import Viewer

COMMAND = "/portero log"
LOG = "log"
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "watches": ("watch",),
    "mutes": ("mute", "muted", "unmuted", "snooze", "snoozes", "snoozed"),
    "acknowledgements": ("acknowledgments", "acknowledged", "ack", "acks", "acked"),
    "tags": ("tag", "tagged"),
    "digests": ("digest",),
    "deletions": ("deletion", "deleted", "deletes"),
    "vantages": ("vantage", "machine", "machines"),
    "settings": ("setting",),
}
GROUP_OF = {word: group for group in GROUPS for word in (group, *_ALIASES[group])}
_ASKING = frozenset({"who", "what", "changed"})
"""Every line says who changed what: `who muted mail.example.com`."""
_KNOWN = frozenset({"target", "since", "until", "by", "mine", "here", "all"})
SETTINGS = ("portero_", "slack_", "https_", "no_")


@dataclass(frozen=True, slots=True)
class LogFilters:
    groups: tuple[str, ...]
    rest: Filters

    @property
    def text(self) -> str:
        """As it is read back: buttons carry it."""
        return " ".join(filter(None, (*self.groups, self.rest.text)))

    @property
    def heading(self) -> str:
        """In words, for a headline. mrkdwn."""
        return ", ".join(filter(None, (escape(self.rest.target, 120), *self.groups, *described(self.rest))))


def parse_log(text: str) -> LogFilters | None:
    """None: help is asked for. Raises `UserError`."""
    words = [word for word in text.split() if word.lower() not in _ASKING]
    groups = dict.fromkeys(GROUP_OF[word.lower()] for word in words if word.lower() in GROUP_OF)
    try:
        _refuse_misspelt(words)
        rest = parse_filters(" ".join(word for word in words if word.lower() not in GROUP_OF))
        return None if rest is None else LogFilters(tuple(groups), _only_known(rest))
    except UserError as error:
        raise _of_log(error, groups) from error


def _refuse_misspelt(words: Iterable[str]) -> None:
    """A kind of change that is nearly right would be taken for a host otherwise."""
    for word in words:
        known = word.lower() in GROUP_OF or word.lower() in WORDS or not word.isalpha()
        near = "" if known else nearest(word, (*WORDS, *GROUP_OF))
        if near in GROUP_OF:
            raise UserError(f"There is no `{quoted(word)}`.", f"Did you mean `{near}`?", near, wrong=word)


def _of_log(error: UserError, groups: Iterable[str]) -> UserError:
    """What is typed behind `/smtphistory`, as it is typed here."""
    message, hint = (said.replace("/smtphistory", COMMAND) for said in (error.message, error.hint))
    before = () if error.wrong else (LOG, *groups)
    return UserError(message, hint, [" ".join((*before, line)) for line in error.try_instead], wrong=error.wrong)


def _only_known(filters: Filters) -> Filters:
    plain = Filters()
    odd = [
        field.name
        for field in fields(Filters)
        if field.name not in _KNOWN and getattr(filters, field.name) != getattr(plain, field.name)
    ]
    if odd:
        said = next(described(Filters(**{odd[0]: getattr(filters, odd[0])})), odd[0])
        raise UserError(f"The log of changes knows nothing of `{quoted(said)}`.", f"It knows {', '.join(GROUPS)}.")
    return filters


def refuse_a_mere_word(filters: LogFilters) -> None:
    """`UserError` for what is neither a kind of change nor, as far as can be seen, the name of anything."""
    word = filters.rest.target
    if word and not LIKE_A_TARGET.search(word) and not word.lower().startswith(SETTINGS):
        hint = f"Kinds of changes: {', '.join(GROUPS)}."
        raise UserError(f"`{quoted(word)}` was not changed, and is no kind of change.", hint, (LOG, f"{LOG} help"))


def query_of(filters: LogFilters, request: Request, viewer: Viewer, zone: tzinfo | None) -> AuditQuery:
    """The question behind the filters, with days of this time zone (None: this machine's)."""
    rest = filters.rest
    try:
        since, until = rest.span(request.at, zone)
    except UserError as error:
        raise _of_log(error, filters.groups) from error
    return AuditQuery(
        viewer,
        actor=rest.by or (request.actor.user if rest.mine else None),
        target=_target(rest.target) or None,
        channel=request.channel if rest.here else None,
        actions=tuple(deed for group in filters.groups for deed in GROUPS[group]),
        since=since,
        until=until,
    )


def _target(name: str) -> str:
    """Settings are called in capitals."""
    return name.upper() if name.startswith(SETTINGS) else filed_host(name)
