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

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problem, Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.lists import ACTIONS, TIMED_ACTIONS, actions, is_action
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import is_pattern

CODE = "PMTA222"
NAME = "reply-action"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "flags": Saying(
        "There are no flags behind a pattern; patterns ignore case unless (?-i) stands in them.", "{pattern} ..."
    ),
    "of_mode": Saying("{name} is written mode={name}.", "mode={name}"),
    "time": Saying("{name} takes a time with its unit.", "{name}=1h"),
    "mode": Saying("mode is normal or backoff.", "mode=backoff"),
    "value": Saying("{name} takes no value.", "{name}"),
    "unknown": Saying("{word|This} is not an action.", "mode=backoff, {actions}"),
}

FLAGS = re.compile(r"[a-z]{1,4}", re.IGNORECASE)


def check(config: Config) -> Problems:
    for one in config.placed("reply", "smtp-pattern-list"):
        if len(one.words) < 2 or not is_pattern(one.word(0)) or kind_of(one):
            continue
        rest = " ".join(word.text for word in one.words[1:])
        flags = FLAGS.fullmatch(one.word(1)) if one.words[1].at == one.words[0].stop else None
        if flags:
            edits = (Edit(one.words[1].at, one.words[1].stop, ""),)
            yield at_word(one, 1, "flags", pattern=one.word(0), edits=edits)
            continue
        wrong = [(name, value) for name, value in actions(rest) if not is_action(name, value)]
        if wrong:
            yield _wrong(one, *wrong[0])


def _wrong(one: Statement, name: str, value: str) -> Problem:
    if name in ("backoff", "normal") and not value:
        return at_word(one, 1, "of_mode", name=Own(name))
    if name in TIMED_ACTIONS:
        return at_word(one, 1, "time", name=Own(name))
    if name == "mode":
        return at_word(one, 1, "mode")
    if name in ACTIONS:
        return at_word(one, 1, "value", name=Own(name))
    return at_word(one, 1, "unknown", word=f'"{name}"', actions=Own(", ".join(sorted(ACTIONS))))
