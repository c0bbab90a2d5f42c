"""The answers to plain questions: the row of `terms` or `topics`, with what this installation has set, and buttons."""

from collections.abc import Iterable, Mapping

from bot.services import Services
from bot.slack.conversation.questions.plain_questions import TOPICS, topic_of
from bot.slack.conversation.questions.terms import TERMS, Term
from bot.slack.conversation.words import WHO_SEES_WHAT
from bot.slack.home.home_view import configs_kept, retention
from commands.blocks import Block, actions, button, section
from commands.contract import Reply
from commands.slack_text import escape
from commands.smtpcheck.result.sentences.manual import meaning_of
from commands.times import shown

OFFERS: Mapping[str, tuple[str, str, str]] = {
    "check": ("Check a host", "smtpcheck.ask", ""),
    "certificates": ("Certificates", "smtphistory.instead", "certificates"),
    "config": ("Validate a config", "pmta.form", ""),
    "digest": ("Digest daily at 9", "smtpwatch.instead", "digest daily 09:00"),
    "file": ("Last 7 days as CSV", "smtphistory.instead", "since 7d csv"),
    "help": ("Help", "portero.help", ""),
    "incidents": ("Incidents", "smtpwatch.instead", "incidents"),
    "list": ("What is watched", "smtpwatch.instead", "list"),
    "log": ("Who changed what", "portero.instead", "log"),
    "mine": ("What I asked", "smtphistory.instead", "mine"),
    "mute": ("Mute all 2 h", "smtpwatch.instead", "mute all 2h"),
    "network": ("Which ports get out of our network?", "smtpcheck.check", "network"),
    "port": ("Which port?", "smtpport.form", ""),
    "settings": ("Settings", "portero.settings", ""),
    "status": ("Status", "portero.instead", "status"),
    "vantages": ("Machines", "portero.instead", "vantages"),
    "watch": ("Watch a host", "smtpwatch.new", ""),
}
"""The label, the action and the value of each button."""

OF_HOST: Mapping[str, tuple[str, str]] = {
    "check": ("Check {host}", "smtpcheck.check"),
    "history": ("History of {host}", "smtphistory.instead"),
}
"""Those of a host that was named, which is the value."""


def answer(value: str, services: Services) -> Reply:
    """`value` as `plain_questions` names what was asked."""
    if value.startswith("term "):
        return _of_terms(value.removeprefix("term ").split(" + "))
    return _of_topic(*topic_of(value), services)


def _of_terms(names: Iterable[str]) -> Reply:
    rows = [TERMS.get(name) or _of_state(name) for name in names]
    return _said("\n".join(row.said for row in rows), dict.fromkeys(one for row in rows for one in row.offers))


def _of_state(name: str) -> Term:
    return Term("", f"*{name.capitalize()}*: {escape(meaning_of(name))}")


def _of_topic(name: str, host: str, services: Services) -> Reply:
    row = TOPICS[name]
    facts = {
        "domain": escape(host) or "example.com",
        "host": f"*{escape(host)}*" if host else "a host",
        "ports": ", ".join(map(str, services.ports)),
        "shortest": shown(services.watch_rules.shortest),
        "retention": retention(services.retention_days),
        "configs": configs_kept(keep=services.keep_configs),
        "who_sees_what": WHO_SEES_WHAT,
    }
    return _said(row.said.format(**facts), row.offers, host)


def _said(text: str, offers: Iterable[str], host: str = "") -> Reply:
    row = [_button(one, host) for one in offers]
    return Reply(text, [section(text), *([actions(*row)] if row else [])])


def _button(offer: str, host: str) -> Block:
    if host and offer in OF_HOST:
        label, action = OF_HOST[offer]
        return button(label.format(host=host), action, host)
    return button(*OFFERS[offer])
