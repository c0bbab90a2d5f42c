"""Sentences about what is watched as what is typed: an order, a question about one, what is asked back. Pure."""

import re
from dataclasses import replace

from bot.slack.conversation.orders.about_deeds import about_deed
from bot.slack.conversation.orders.orders import UNCLEAR, Order, order_in, question_in
from bot.slack.conversation.orders.said_options import line_of, options_in, places_in, setting_in
from bot.slack.conversation.sentence import phrases
from bot.slack.conversation.sentence.understood import CHOICE, WHAT_TO_DO, Understood
from commands.slack_text import undo
from commands.smtpport.question.reader import MOST_TEXT, read
from commands.spanish import folded
from commands.words import as_typed

LONGEST = 4 * MOST_TEXT


def order(text: str) -> Understood | None:
    """What somebody is told to do with a host; what nobody can do, or is no shape of an order, is asked back."""
    found = order_in(text)
    if (found is None or found.line in NO_SHAPE) and (setting := setting_in(text)):
        line = f"edit {setting.host} {setting.line}"
        if setting.also:  # what is set takes the place of what was there
            return Understood(phrases.CONVERSATION, CHOICE, ordered=True, value=f"instead\n{line}")
        return Understood("smtpwatch", line, ordered=True)
    if found is None:
        return None
    if found.line.startswith("?move") and _ANOTHER_CHANNEL.search(folded(text)):
        return Understood("smtpwatch", f"edit {found.hosts[0]}", ordered=True)
    is_sure = not found.is_asked_back or found.line.split()[0] in SURE
    return of_order(found) if is_sure or not read(undo(text[:LONGEST])[:MOST_TEXT]).tells else None


_ANOTHER_CHANNEL = re.compile(r"(?<!\w)(?:another|other|different|otro) (?:channel|canal)(?!\w)")
NO_SHAPE = frozenset({UNCLEAR, "?move"})
SURE = frozenset({"?unnotify", "?tags"})
"""What is asked back and is no question about ports, whatever words stand there."""


def with_options(found: Understood) -> Understood:
    """A watch that is to be added or changed, with what is said of it as the command knows it."""
    if found.command != "smtpwatch":
        return found
    for pattern, line in _BESIDE:
        if beside := pattern.fullmatch(found.text):
            return replace(found, text=beside.expand(line))
    match = _SET_UP.fullmatch(found.text)
    if match is None:
        return found
    if places := places_in(match["tail"]):
        lines = [f"{match['of']} from {place}" for place in (*places, "any 2")]
        return Understood(phrases.CONVERSATION, CHOICE, ordered=True, value="\n".join(["places", *lines]))
    options = options_in(as_typed(match["tail"]))
    if not options or (match["verb"] == "edit" and "ports" in options):
        return found
    return replace(found, text=f"{match['of']} {line_of(options)}".strip())


_NO_CONDITION = r"(?!.*\b(?:but|except|if|when|until|only|pero|excepto|salvo|si|cuando|hasta|solo)\b)"
_REASON = r"(?:[,;:.]|\s[-\u2013\u2014]|(?=\s(?:because|porque|since|ya que)\s))\s"
BESIDE = {
    rf"(delete [^\s,;]+){_REASON}{_NO_CONDITION}[^\d@#]+": r"\1",
    r"(pause [^\s,;]+) (?:until further notice|(?:until|hasta) nuevo aviso|indefinitely)": r"\1",
    r"(mute [^\s,;]+) (?:until further notice|(?:until|hasta) nuevo aviso|indefinitely)": r"\1 forever",
}
_BESIDE = [(re.compile(pattern, re.IGNORECASE), line) for pattern, line in BESIDE.items()]
"""A reason of a deletion, which asks anyway; a pause that has no end; a mute that has none."""

_SET_UP = re.compile(r"(?P<of>(?P<verb>add|edit) (?:(?:certificate|dns) )?[^\s,;]+)(?P<tail>[\s,;:].+)", re.DOTALL)


def watch_question(text: str) -> Understood | None:
    """Who did something with a watch, whether there is one, why it alerted."""
    found = question_in(text)
    return of_order(found) if found else None


def deed_spoken_of(text: str) -> Understood | None:
    """That something was done to a host, that it shall not be, what would come of it."""
    found = about_deed(text)
    return of_order(found) if found else None


def of_order(order: Order) -> Understood:
    """As what is typed, or asked back: the name of the answer, the host, what it is about."""
    command, _, line = order.line.partition(" ")
    if not order.is_asked_back:
        return Understood(command, line, ordered=True)
    value = " ".join([command.removeprefix("?"), order.hosts[0], line or " ".join(order.hosts[1:])])
    return Understood(phrases.CONVERSATION, WHAT_TO_DO, value=value.strip())
