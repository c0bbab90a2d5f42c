"""The facts of an event as they leave the house: with the words of the check beside its codes."""

from collections.abc import Mapping
from typing import Any

from commands.smtpcheck.result.words import summary_of, told


def facts_in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Findings with their messages, the summary as text. Facts of schema 1 are text already."""
    words = dict(facts)
    if "summary" in facts:
        words["summary"] = summary_of(facts)
    if "findings" in facts:
        words["findings"] = told([one if isinstance(one, Mapping) else said(one) for one in facts["findings"]])
    return words


def said(message: str) -> Mapping[str, Any]:
    """A finding of which only its sentence was kept."""
    return {"code": "", "message": str(message)}
