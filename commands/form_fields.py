"""What is wrong with the fields of a submitted form, gathered as they are read."""

from collections.abc import Mapping
from typing import Any

from commands.contract import FormErrors, UserError
from commands.slack_text import undo


class WrongFields:
    """By the name of the field: the words at it, and what was probably meant. `values` are as they were submitted."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.errors: dict[str, str] = {}
        self._values = values
        self._corrected: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self.errors)

    def add(self, name: str, error: UserError, option: str = "", *, of_one_word: bool = False) -> None:
        """`option` is typed before what stands in the field; without it the field takes what a whole line has."""
        self.errors[name] = words_of_error(error, option)
        meant = error.lines(undo(str(self._values.get(name) or ""))) if error.wrong or not option else ()
        if meant and not meant[0].startswith("/") and not (of_one_word and " " in meant[0]):
            self._corrected[name] = meant[0]

    @property
    def found(self) -> FormErrors:
        return FormErrors(self.errors, self._corrected)


def words_of_error(error: UserError, option: str = "") -> str:
    """As plain text. The examples of an option come without its name: that is the label of the field."""
    return f"{error.message} {error.hint}".replace(f"`{option}", "`").replace("`", "").strip()
