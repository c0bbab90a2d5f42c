"""What is asked about a config beside its faults: what applies to a queue, and what is different in another one."""

from dataclasses import dataclass

from commands.contract import UserError
from commands.pmta.comparison.compare import compared
from commands.pmta.comparison.compare import listing as differences
from commands.pmta.comparison.side import Side
from commands.pmta.language.config import Config
from commands.pmta.masking import Mask
from commands.pmta.queues.answer import answered
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.questions import asked
from commands.pmta.queues.wording import Words, lines
from commands.pmta.reading import Given, Together, read

SHOW, DIFF = "show", "diff"
SIDES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """`kind` is show (of a queue) or diff (of the two files that were given, the old one first)."""

    kind: str
    queue: str = ""


def answer_to(question: Question, given: Given) -> tuple[str, ...]:
    """Lines, secrets covered. Raises UserError for what is no queue, and for other than two files to compare."""
    return tuple(_different(given) if question.kind == DIFF else _shown(question.queue, given))


def _shown(queue: str, given: Given) -> list[str]:
    pasted = read(given)
    stanzas = Stanzas(Config(pasted.text, complete=pasted.origin.is_complete))
    return lines(answered(stanzas, asked(queue, stanzas)), Words(pasted.text, pasted.origin, Mask(pasted.text)))


def _different(given: Given) -> list[str]:
    if not isinstance(given, Together) or len(given.files) != SIDES:
        raise UserError("Two files are compared: the old one, then the new one.", "Send exactly two.")
    old, new = (Side(one.text, one.origin, Mask(one.text)) for one in map(read, given.files))
    return differences(compared(old, new))
