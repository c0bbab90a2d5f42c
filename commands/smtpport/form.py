"""The question as a form: role, provider, network, what was tried. And back: the submitted form as a `Question`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commands.blocks import Block, grouped_input, select_input, text_input
from commands.contract import Modal
from commands.slack_text import undo
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import discreet, read
from commands.smtpport.wording import ROLES

OTHER = "other"
"""The choice for a provider or a network that is not in the list."""

PROVIDERS = {
    "relay": "Sending services",
    "mailbox": "Mailboxes and hosting",
    "exchanger": "Mail exchangers",
    "sink": "For tests",
}
NETWORKS = {
    "cloud": "Clouds",
    "hoster": "Servers for rent",
    "platform": "Platforms and functions",
    "isp": "Internet providers",
    "access": "Networks of others",
}


def form() -> Modal:
    """The dialogue behind `/smtpport` without a question."""
    blocks: list[Block] = [
        select_input("role", "What do you want to do?", _roles(), initial="submission"),
        grouped_input("provider", "Mail provider", _choices(providers(), PROVIDERS)),
        grouped_input("network", "Where you send from", _choices(networks(), NETWORKS)),
        text_input(
            "tried",
            "What you tried and what happened",
            optional=True,
            hint="For example: 587 times out, 465 is refused. Names that are not in the lists fit here too.",
        ),
    ]
    return Modal("Which SMTP port?", blocks, submit="Answer", form="ask")


def question_of(values: Mapping[str, Any]) -> Question:
    """The question in a submitted form. What the lists say counts more than what the text says."""
    tried = undo(str(values.get("tried") or ""))
    said = discreet(read(tried), tried)
    chosen = {slot: values.get(slot) for slot in ("role", "provider", "network")}
    known = {slot: value for slot, value in chosen.items() if isinstance(value, str) and value and value != OTHER}
    if "role" in known:
        said = replace(said, role=known["role"] if known["role"] in ROLES else said.role, stated=True)
    return replace(
        said,
        provider=_key(known.get("provider"), providers()) or said.provider,
        network=_key(known.get("network"), networks()) or said.network,
    )


def _key(value: str | None, rows: Mapping[str, object]) -> str | None:
    return value if value in rows else None


def _roles() -> list[tuple[str, str]]:
    return [(code, words[0].upper() + words[1:]) for code, words in ROLES.items()]


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1].lower()


def _choices(rows: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Every row under the label of its kind, by name."""
    listed = sorted(((key, row.name[0].upper() + row.name[1:]) for key, row in rows.items()), key=_by_name)
    groups = {label: [one for one in listed if rows[one[0]].kind == kind] for kind, label in labels.items()}
    return groups | {"Not listed": [(OTHER, "Another one")]}
