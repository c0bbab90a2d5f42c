"""What the asker reads when there is no answer. Words only."""

from collections.abc import Sequence
from typing import Any

from bot.slack.client.web_client import passes
from bot.slack.replies import instead
from commands.blocks import actions, section
from commands.contract import Command, DeclinedError, FormErrors, NotServedError, Reply, UserError, usage_line
from commands.secrets.free_text import without_secrets
from commands.slack_text import in_mrkdwn
from commands.words import as_typed
from storage.errors import CorruptError, DiskFullError, LockedError, ReadOnlyError, ReplacedError, StorageError

TOO_LATE = Reply(":grey_exclamation: Slack did not open the dialogue in time. Please try again.", good=False)
NOT_SHOWN = Reply(
    ":warning: Slack did not take what the dialogue was to show. That is Slack's side; please try again in a minute.",
    good=False,
)
TRIGGER_ERRORS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
NOT_NOW = frozenset({"hash_conflict", "not_found", "push_limit_reached"})
"""A dialogue that somebody changed, closed or stacked meanwhile."""

OUT_OF_FILES = Reply(
    ":warning: Portero has no free file descriptors, so it cannot open connections: this was not done, and it says "
    "nothing of what you asked about. Try again in a minute, and tell whoever runs Portero: `LimitNOFILE` is too low.",
    good=False,
)
UNREADABLE = Reply(":warning: The history cannot be read right now. Please try again in a minute.", good=False)
UNWRITABLE = Reply(
    ":warning: Nothing was changed: it cannot be kept right now. Please try again in a minute.", good=False
)
LOST = Reply(
    ":warning: The history is not where it was: nothing is kept or found until whoever runs Portero starts it again.",
    good=False,
)
DAMAGED = Reply(
    ":warning: The history is damaged, and this cannot be read: whoever runs Portero has to move it away and restore a "
    "backup. Checks still work.",
    good=False,
)
CUT_SHORT = Reply(":warning: This was cut short: Portero is restarting. Please run it again in a minute.", good=False)

LASTING = {ReplacedError: LOST, CorruptError: DAMAGED}
"""What does not pass by itself."""


def storage_failed(error: StorageError) -> Reply:
    """The storage failed: what is only full, locked or read-only can still be read, so something was to be written."""
    for kind, reply in LASTING.items():
        if isinstance(error, kind):
            return reply
    return UNWRITABLE if isinstance(error, DiskFullError | LockedError | ReadOnlyError) else UNREADABLE


def not_opened(word: str) -> Reply:
    """A dialogue that Slack refuses: too late, for a while, or because of what the app may do. `word` is Slack's."""
    if word in TRIGGER_ERRORS:
        return TOO_LATE
    if word in NOT_NOW or passes(word):
        return NOT_SHOWN
    return Reply(
        f":warning: Slack does not let Portero show dialogues: `{word}`. Tell whoever runs Portero; nothing was done.",
        good=False,
    )


def explain(error: UserError, command: Command[Any], typed: str = "", commands: Sequence[Command[Any]] = ()) -> Reply:
    """Input that cannot be acted on: what is wrong, what to type instead, the usage where that may help.

    What was probably meant has a button: then there is no need of the usage. Messages repeat words of what was typed,
    which may hold a secret.
    """
    buttons = instead.buttons(error.lines(as_typed(typed)), command, commands)
    is_helped = bool(buttons) or isinstance(error, DeclinedError)
    usage = "" if is_helped else f"`{error.usage or usage_line(command)}`"
    said = (without_secrets(typed, error.message), without_secrets(typed, error.hint), usage)
    text = "\n".join(filter(None, [f":grey_exclamation: {in_mrkdwn(said[0])}", *map(in_mrkdwn, said[1:])]))
    blocks = [section(text), *([actions(*buttons)] if buttons else [])]
    return Reply(text, blocks, good=False, private=isinstance(error, NotServedError))


def list_errors(found: FormErrors) -> Reply:
    """Errors of a form that was already acknowledged, and so closed."""
    return Reply("\n".join(f":grey_exclamation: {in_mrkdwn(words)}" for words in found.errors.values()), good=False)


def unexpected_error(request_id: str) -> Reply:
    """A bug: the id leads whoever runs Portero to the log."""
    return Reply(
        f":boom: Something went wrong on our side. Tell whoever runs Portero this request id: `{request_id}`",
        good=False,
    )
