"""What an order, and an alert, is about: for who asks on below it. Pure, and total."""

from collections.abc import Sequence

from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.understood import Understood
from bot.slack.conversation.understanding.understanding import EVERY_PORT
from commands.allowed_ports import DEFAULT_PORTS
from commands.contract import Subject, UserError
from commands.history.typed_filters import parse_filters
from commands.slack_text import undo
from commands.smtpcheck.arguments import parse_compared, parse_several
from commands.watch.state.model import Watch
from storage.entries import LOCAL


def of_order(meant: Understood) -> Subject | None:
    """The hosts that it names, where its answer does not say; of a follow-up by a button its thread knows already."""
    if meant.action or meant.command not in READ:
        return None
    try:
        return READ[meant.command](meant.text)
    except UserError:
        return None


def of_alert(watches: Sequence[Watch]) -> Subject:
    """The host that broke first; what is done is done to all that the message tells."""
    watch = watches[0]
    entry = watch.state.incident.entry if watch.state.incident else ""
    entry = entry or watch.state.last_entry
    return Subject(
        "smtpcheck", (watch.target,), tuple(watch.ports), entry=entry, watch=" ".join(one.id for one in watches)
    )


def _of_check(text: str) -> Subject | None:
    found = parse_compared(text, EVERY_PORT) or parse_several(text, EVERY_PORT)
    if not found:
        return None
    first = found[0]
    place = "" if first.vantage == LOCAL else first.vantage
    ports = tuple(port for port in first.ports if port in DEFAULT_PORTS)  # one that is refused sticks to nothing
    return Subject("smtpcheck", tuple(one.target.name for one in found), ports, place)


def _of_history(text: str) -> Subject | None:
    found = parse_filters(text)
    return Subject("smtphistory", (found.target,)) if found and found.target else None


def _of_watches(text: str) -> Subject | None:
    hosts = hosts_in(undo(text))
    return Subject("smtpwatch", (hosts[0].name,)) if hosts else None


READ = {"smtpcheck": _of_check, "smtphistory": _of_history, "smtpwatch": _of_watches}
