"""A line of an smtp-pattern-list has an action that does not exist.

The actions are mode=normal, mode=backoff, backoff-to-normal-after=TIME, skip-mx, bounce-queue, bounce-rcpt,
disable-source-ip, reenable-after=TIME and defer-queue.

Bad:
    <smtp-pattern-list blocks>
        reply /too many connections/ backoff
    </smtp-pattern-list>

Good:
    <smtp-pattern-list blocks>
        reply /too many connections/ mode=backoff
    </smtp-pattern-list>

Source: PowerMTA 5.0 User's Guide, 3.3.15
"""

import re

from commands.pmta.config import Config
from commands.pmta.foreign import kind_of
from commands.pmta.lists import ACTIONS, TIMED_ACTIONS, actions, is_action
from commands.pmta.model import DOCUMENTED, ERROR, Edit
from commands.pmta.rule import Problems, at_word
from commands.pmta.words import is_pattern

CODE = "PMTA222"
NAME = "reply-action"
SEVERITY = ERROR
BASIS = DOCUMENTED

FLAGS = re.compile(r"[a-z]{1,4}", re.IGNORECASE)


def check(config: Config) -> Problems:
    for one in config.placed("reply", "smtp-pattern-list"):
        if len(one.words) < 2 or not is_pattern(one.word(0)) or kind_of(one):
            continue
        rest = " ".join(word.text for word in one.words[1:])
        flags = FLAGS.fullmatch(one.word(1)) if one.words[1].at == one.words[0].stop else None
        if flags:
            message = "There are no flags behind a pattern; patterns ignore case unless (?-i) stands in them."
            yield at_word(one, 1, message, f"{one.word(0)} ...", edits=(Edit(one.words[1].at, one.words[1].stop, ""),))
            continue
        wrong = [(name, value) for name, value in actions(rest) if not is_action(name, value)]
        if wrong:
            yield at_word(one, 1, *_says(*wrong[0]))


def _says(name: str, value: str) -> tuple[str, str]:
    if name in ("backoff", "normal") and not value:
        return f"{name} is written mode={name}.", f"mode={name}"
    if name in TIMED_ACTIONS:
        return f"{name} takes a time with its unit.", f"{name}=1h"
    if name == "mode":
        return "mode is normal or backoff.", "mode=backoff"
    if name in ACTIONS:
        return f"{name} takes no value.", name
    return f'"{name[:60]}" is not an action.', f"mode=backoff, {', '.join(sorted(ACTIONS))}"
