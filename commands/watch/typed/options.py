"""What may stand behind a target: `every 15m in #channel notify @group after 2 failures`, in any order. Pure.

What stands behind one keyword is read in `option_readers`.
"""

from collections.abc import Mapping, Sequence

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.state.limits import Rules
from commands.watch.typed import option_readers
from commands.watch.typed.option_readers import EXAMPLES
from commands.watch.typed.said_options import Options, Reader


def read_options(words: Sequence[str], rules: Rules) -> Options:
    """Take every option out of the words. `UserError` for one that cannot be read, or that was said twice."""
    options, at = Options(), 0
    while at < len(words):
        reader = READERS.get(words[at].lower())
        if reader is None:
            options.rest.append(words[at])
            at += 1
            continue
        following = words[at + 1 :]
        if not following:
            raise UserError(f"Something is missing behind `{quoted(words[at])}`.", EXAMPLES[words[at].lower()])
        at += 1 + reader(following, options, rules)
    return options


READERS: Mapping[str, Reader] = {
    "every": option_readers.every,
    "in": option_readers.channel,
    "notify": option_readers.notify,
    "after": option_readers.after,
    "recover": option_readers.recover,
    "ports": option_readers.ports,
    "port": option_readers.ports,
    "mail": option_readers.mail,
    "webhook": option_readers.webhook,
    "maintenance": option_readers.maintenance,
}
