"""Which words go with which question: what would not be looked at is said, never dropped."""

from collections.abc import Iterator, Mapping

from commands.contract import UserError
from commands.history.filters import ASK_WORDS, Filters
from commands.history.having import is_pattern

_TIME = frozenset({"target", "port", "since", "until", "all"})
_TAKEN: Mapping[str, frozenset[str]] = {
    "changes": _TIME | {"tag"},
    "since when": _TIME | {"having"},
    "certificates": _TIME,
    "compare": _TIME,
    "who asked": _TIME | {"here", "failed", "kind"},
}
_OF_ONE_HOST = _TIME | {"having", "failed"}
_OF_HOSTS = _OF_ONE_HOST | {"tag", "provider", "by", "mine", "here", "watches"}


def is_of_hosts(filters: Filters) -> bool:
    """Whether a question is about what hosts are like, and not about results."""
    return bool(filters.having or filters.tag or filters.provider) or is_pattern(filters.target)


def lists_results(filters: Filters) -> bool:
    """Whether a question about hosts is answered by the last result of each; one of a named host by times."""
    return not filters.ask and (not filters.target or is_pattern(filters.target))


def refuse_unused(filters: Filters) -> None:
    """Raises `UserError` for a word that the answer would leave out."""
    if not filters.ask and not is_of_hosts(filters):
        return
    named = bool(filters.target) and not is_pattern(filters.target)
    taken = _TAKEN.get(filters.ask) or (_OF_ONE_HOST if named else _OF_HOSTS)
    left = [word for name, word in _given(filters) if name not in taken]
    if left:
        question = ASK_WORDS.get(filters.ask) or ("one host" if named else "what hosts are like")
        raise UserError(
            f"`{left[0]}` says nothing to the question of {question}.",
            f"Leave it out, or ask for results: `/smtphistory {_without(filters)}`",
            _without(filters),
        )


def _given(filters: Filters) -> Iterator[tuple[str, str]]:
    """By the field, the word as it is typed."""
    words: Mapping[str, str] = {
        "having": filters.having,
        "tag": f"tag:{filters.tag}" if filters.tag else "",
        "provider": f"provider {filters.provider}" if filters.provider else "",
        "by": "by" if filters.by else "",
        "mine": "mine" if filters.mine else "",
        "here": "here" if filters.here else "",
        "watches": "watches" if filters.watches else "",
        "failed": "failed" if filters.failed else "",
        "kind": "" if filters.kind == "check" else {"port": "advice"}.get(filters.kind, filters.kind),
    }
    yield from ((name, word) for name, word in words.items() if word)


def _without(filters: Filters) -> str:
    """The same without the question."""
    target = "" if is_pattern(filters.target) else filters.target
    plain = Filters(target, filters.since, filters.until, failed=filters.failed, watches=filters.watches)
    return plain.text.replace("`", "")[:200] or "all"
