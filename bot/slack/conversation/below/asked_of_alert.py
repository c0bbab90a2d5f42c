"""What is asked below an alert and its incident itself knows: who looks after it, who was told, what broke first.

`likely` says which topic of `alert_examples` a text is about, `alert_answers` has a function for each. Why, since when
and what else: `follow_ups`. Pure.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.slack.conversation.below.alert_answers import ANSWERS
from bot.slack.conversation.examples import likely
from bot.slack.conversation.examples.alert_examples import TOPICS
from bot.slack.conversation.examples.incident_examples import REACH, SO_FAR
from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrasing import bare
from bot.slack.conversation.sentence.said_times import time_in
from bot.slack.conversation.sentence.understood import Understood
from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.view.wording import name_of
from commands.words import as_typed


def asked_of_alert(text: str, alert: Sequence[Watch], now: datetime, *, asks: bool) -> Reply | Understood | str | None:
    """The answer, or a line that says the same in known words; None: something else is written.

    `alert`: the watches that it tells, some of which may be named. `asks`: it is a question by its form.
    """
    hosts = {target.name for target in hosts_in(as_typed(text))}
    named = [watch for watch in alert if watch.target in hosts]
    topic = likely.below_alert(text, asks=asks) if len(named) == len(hosts) and not _of_others(text, alert) else ""
    if not topic:
        return None
    if topic in ANSWERS:
        return ANSWERS[topic](named or alert, now)
    row, time = TOPICS[topic], time_in(text, now)
    means = row.otherwise if row.otherwise and not time else row.means
    return means.format(it=(named or alert)[0].target, time=time)


def _of_others(text: str, alert: Sequence[Watch]) -> bool:
    """Whether a host is named by its first label that the message does not tell."""
    labels = {watch.target.partition(".")[0] for watch in alert}
    return any(label not in labels for label in _LABEL.findall(folded(text)))


_LABEL = re.compile(r"(?<![\w.@-])(?:mx|mail|smtp|relay|mta|out|gw|node|web|host|srv)-?\d{1,3}(?![\w@-]|\.\w)")


def composed(text: str, *, asks: bool) -> str:
    """The questions that it comes to; the text itself where it is one."""
    return IN_PARTS.get(likely.below_alert(text, asks=asks), text)


IN_PARTS = {REACH: "is it us or them? from all?", SO_FAR: "what is broken? since when? who has it?"}


def of_ended(text: str, watch: Watch, incident: str, *, asks: bool) -> Reply | Understood | None:
    """Below an alert whose incident is over: its story, or that nothing is noted any more; None: neither is meant."""
    known = bare(as_typed(text)[:LONGEST])
    if likely.below_alert(text, asks=asks) in OF_STORY or _STORY.fullmatch(known):
        return Understood("smtpwatch", f"incidents {incident}", ordered=True)
    return over(watch, incident) if _NOTES.match(known) else None


OF_STORY = frozenset({"summary", "timeline", "care", "told", "ends", "first", "how long", "downtime", "what failed"})
"""Topics that the story of an incident answers when it is over."""


def over(watch: Watch, incident: str) -> Reply:
    """To whoever writes what is neither a question nor an order there."""
    text = OVER.format(host=name_of(watch))
    row = [
        button("Its story", "smtpwatch.instead", f"incidents {incident}"),
        button("As Markdown", "smtpwatch.instead", f"incidents {incident} as markdown"),
    ]
    return Reply(text, [section(text), actions(*row)], private=True)


OVER = "The incident of *{host}* is over, so nothing is noted any more: this thread keeps your words."
_STORY = re.compile(
    r"(?:but )?why(?: was it down)?|what happened|what was (?:it|wrong|the (?:problem|cause|reason))|timeline|"
    r"(?:the )?story|(?:total )?down ?time|how long(?: (?:was|were|did) .{1,30})?|since when|when did (?:it|"
    r"this) .{1,20}|when was (?:it|this) .{1,20}|(?:the )?(?:post-?mortem|incident|summary|report)|(?:give|get|need|"
    r"make|write|show)(?: .{1,40})? (?:post-?mortem|report)|who (?:had|fixed|acked|took|looked).{0,30}|"
    r"(?:por ?)?que paso|desde cuando|cuanto (?:duro|estuvo).{0,20}|informe|resumen|cronologia|quien (?:lo )?(?:tuvo|"
    r"arreglo|llevo|reconocio)"
)
_NOTES = re.compile(r"(?:note|nota)(?!\w)|root cause|cause[ :]|causa(?: raiz)?[ :]")

LONGEST = 160
