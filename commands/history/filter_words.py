"""The words that are filters by themselves, and those that mean nothing: data, for `typed_filters`."""

from collections.abc import Iterable, Mapping
from typing import Any

from commands.times import WEEKDAYS

ME = frozenset({"me", "mine", "my"})
EMPTY = frozenset(
    {
        "and",
        "between",
        "-",
        "–",
        "for",
        "of",
        "on",
        "in",
        "within",
        "during",
        "the",
        "kind",
        "run",
        "runs",
        "what",
        "which",
        "when",
        "go",
        "went",
        "been",
        "has",
        "have",
        "with",
        "is",
        "was",
        "are",
        "were",
        "does",
        "did",
        "do",
        "it",
        "host",
        "hosts",
        "that",
        "end",
        "ends",
        "ending",
        "history",
        "result",
        "results",
        "show",
        "asked",
        "checked",
        "tested",
        "validated",
        "looked",
        "at",
        "about",
        "reply",
        "replies",
        "code",
    }
)
DAYS = frozenset({"today", "yesterday", *WEEKDAYS})

_MEANINGS: tuple[tuple[Mapping[str, Any], Iterable[str]], ...] = (
    ({}, EMPTY),
    ({"ask": "changes"}, ("changes", "changed", "change")),
    ({"ask": "certificates"}, ("certificates", "certificate", "certs", "expiring", "expires", "expire")),
    ({"ask": "who asked"}, ("who",)),
    ({"ask": "compare"}, ("compare", "compared", "differences", "diff")),
    (
        {"failed": True},
        ("failed", "fail", "fails", "failing", "failures", "failure", "error", "errors", "bad", "broken"),
    ),
    ({"mine": True}, ME),
    ({"here": True}, ("here",)),
    ({"all": True}, ("all", "everything", "everybody", "everyone")),
    ({"watches": True}, ("watches", "watch", "watched", "smtpwatch")),
    ({"kind": "check"}, ("check", "checks", "smtpcheck")),
    ({"kind": "port"}, ("port", "ports", "advice", "smtpport")),
    ({"kind": "network"}, ("network", "networks")),
    ({"kind": "pmta"}, ("pmta", "config", "configs", "validation", "validations")),
)
PLAIN: Mapping[str, Mapping[str, Any]] = {word: meaning for meaning, words in _MEANINGS for word in words}
"""By the word, what it sets in `Filters`."""

INCIDENTS = frozenset({"incident", "incidents", "outage", "outages", "postmortem"})
"""Words that are asked of watches."""

READ = (
    "changes",
    "certificates",
    "compare",
    "provider",
    "without",
    "since",
    "until",
    "before",
    "after",
    "by",
    "port",
    "failed",
    "mine",
    "here",
    "all",
    "watches",
    "check",
    "network",
    "pmta",
    "help",
)
WORDS = (*READ, *sorted(DAYS))
"""What a misspelt word is compared with."""
