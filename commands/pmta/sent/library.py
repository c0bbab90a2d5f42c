"""What an include means among files that were sent: nothing else is ever looked for.

Somebody who sends `a.conf` and a config that includes `/etc/pmta/conf.d/*.conf` means that file: paths are compared
from their ends, as far as both go.
"""

import fnmatch
import posixpath
from collections.abc import Mapping, Sequence

from commands.pmta.configuration.assembly import UnreadError
from commands.pmta.configuration.candidates import is_config

NOT_SENT = "it was not sent along"
NO_CONFIG = "it is no PowerMTA configuration"


class Sent:
    """Texts by the path under which they were sent."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def found(self, pattern: str, includer: str) -> Sequence[str]:
        near = posixpath.normpath(posixpath.join(posixpath.dirname(includer), pattern))
        exact = [name for name in self.texts if _fits(name, near, whole=True)]
        names = exact or [name for name in self.texts if _fits(name, posixpath.normpath(pattern), whole=False)]
        if not names:
            raise UnreadError(NOT_SENT)
        return sorted(names)

    def identity(self, name: str) -> str:
        return name

    def text(self, name: str, *, included: bool) -> str:
        text = self.texts[name]
        if included and not is_config(text):
            raise UnreadError(NO_CONFIG)
        return text


def _fits(name: str, pattern: str, *, whole: bool) -> bool:
    parts, wanted = name.split("/"), pattern.strip("/").split("/")
    if whole and len(parts) != len(wanted):
        return False
    count = min(len(parts), len(wanted))
    return all(map(fnmatch.fnmatchcase, parts[-count:], wanted[-count:]))
