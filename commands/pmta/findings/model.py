"""What the validator answers: findings and the report that holds them, also as JSON (`portero.pmta/1`)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

SCHEMA = "portero.pmta/1"

ERROR = "error"  # PowerMTA would refuse it
DANGER = "danger"  # it works, and somebody can get hurt
WARNING = "warning"  # it works, probably not as meant
NOTICE = "notice"  # legacy, no effect, or worth knowing
SEVERITIES = (ERROR, DANGER, WARNING, NOTICE)

LOST = "lost-line-break"

NEW, UNCHANGED = "new", "unchanged"
"""Beside a baseline."""

DOCUMENTED = "documented"
INFERRED = "inferred"


class Place(NamedTuple):
    """A line, counted from 1, of a file; `file` is "" where there is only one."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Unread:
    """What an include names, or somebody gave, and nobody read. `why` is half a sentence; `line` is 0 without include.

    `circle` has the files of one that includes itself. `decides`: names may be defined in it that are not known then.
    """

    name: str
    why: str
    file: str = ""
    line: int = 0
    circle: tuple[str, ...] = ()
    decides: bool = True

    def __str__(self) -> str:
        """`conf.d/a.conf (config:6: no such file or directory)`."""
        where = f"{self.file}:{self.line}: " if self.line else ""
        circle = f": {' > '.join(self.circle)}" if self.circle else ""
        return f"{self.name} ({where}{self.why}{circle})"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from `start` to `stop` (offsets into the text that was checked)."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about one place. Lines and columns count from 1; `end_column` is behind the last character.

    `suggestion` is what to write instead, `basis` whether the vendor documents the fact or we infer it. `edits` mend
    it where that is safe. `quoted` is its line with secrets covered, or a stretch of a long one, and `marked` the place
    in it, as offsets from 0. `says` names the sentence among those of the rule; `params` are those of its parameters
    that may be stored: no words of the config. `file` is "" where there is only one. `state` is
    new or unchanged beside a baseline, else "". `stanza` is where the tag round it stands; `mark` tells it from others
    of its rule, wherever the line has moved: of what is covered it knows nothing, and of those that nobody reads it is
    "".
    """

    code: str
    rule: str
    severity: str
    line: int
    column: int
    end_column: int
    message: str
    suggestion: str | None
    basis: str
    edits: tuple[Edit, ...] = field(default=(), compare=False, repr=False)
    marked: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)
    quoted: str = field(default="", compare=False, repr=False)
    says: str = field(default="", compare=False)
    params: Mapping[str, str | int] = field(default_factory=dict, compare=False)
    file: str = ""
    state: str = field(default="", compare=False)
    stanza: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)
    mark: str = field(default="", compare=False, repr=False)

    @property
    def place(self) -> Place:
        return Place(self.file, self.line)

    def to_json(self) -> dict[str, Any]:
        names = ("code", "rule", "severity", "line", "column", "end_column", "message", "suggestion", "basis")
        found = {name: getattr(self, name) for name in names}
        return {name: getattr(self, name) for name in ("file", "state") if getattr(self, name)} | found


LISTED = 2000
"""Findings that are listed, of one report; of the others only how many there are."""

LONGEST = 1000
"""Characters of a message and of a suggestion, where findings leave the process that made them."""


def _clipped(one: Finding) -> Finding:
    if len(one.message) <= LONGEST and len(one.suggestion or "") <= LONGEST:
        return one
    return replace(one, message=one.message[:LONGEST], suggestion=(one.suggestion or "")[:LONGEST] or None)


def _place(one: Finding) -> tuple[str, int, int, str]:
    return one.file, one.line, one.column, one.code


def weight(one: Finding) -> tuple[int, bool, str, int, int]:
    return SEVERITIES.index(one.severity), one.rule == LOST, one.file, one.line, one.column


@dataclass(frozen=True, slots=True)
class More:
    """Findings of one rule that are counted and not listed; `endless` where counting was given up."""

    code: str
    rule: str
    severity: str
    count: int
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The findings by line, and how many `more` there are.

    Columns of findings are those of the text that was checked. `reflowed` is True where line breaks had been lost.
    `undone` names what Slack and its clients had done to the text, `whole_by` the settings by which it was taken for a
    whole config though nobody had said so. `version` is the release that it was checked for. `unread` is what was named
    and not read, `no_rules` what a `# portero: ignore` names that is no rule, with its place ("": not repeated).
    """

    findings: tuple[Finding, ...]
    secrets_masked: int = 0
    reflowed: bool = False
    settings: int = 0
    undone: tuple[str, ...] = ()
    muted: int = 0
    more: tuple[More, ...] = ()
    files: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    whole_by: tuple[str, ...] = ()
    version: str = "5.0"
    no_rules: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        """Findings, listed or not."""
        return len(self.findings) + sum(more.count for more in self.more)

    def cut(self, most: int) -> "Report":
        """The weightiest findings, words cut at `LONGEST`; those that go are counted in `more`."""
        if len(self.findings) <= most:
            return replace(self, findings=tuple(_clipped(one) for one in self.findings))
        kept = sorted(self.findings, key=weight)[:most]
        left = Counter((one.code, one.rule, one.severity) for one in self.findings)
        left.subtract((one.code, one.rule, one.severity) for one in kept)
        endless = {(more.code, more.rule, more.severity) for more in self.more if more.endless}
        for more in self.more:
            left[more.code, more.rule, more.severity] += more.count
        counted = tuple(More(*key, count, key in endless) for key, count in left.items() if count)
        return replace(self, findings=tuple(_clipped(one) for one in sorted(kept, key=_place)), more=counted)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity, in order of weight; severities without findings are left out."""
        found = Counter(finding.severity for finding in self.findings)
        for more in self.more:
            found[more.severity] += more.count
        return {severity: found[severity] for severity in SEVERITIES if found[severity]}

    @property
    def good(self) -> bool:
        """True without errors and dangers."""
        return not {ERROR, DANGER} & self.counts.keys()

    @property
    def weightiest(self) -> tuple[Finding, ...]:
        """The findings with the worst first, then by line; what was mended to read the text at all comes last of its

        kind, since nobody wants to hear of it first.
        """
        return tuple(sorted(self.findings, key=weight))

    def to_json(self) -> dict[str, Any]:
        more: dict[str, Any] = {"more": [asdict(more) for more in self.more]} if self.more else {}
        more |= {"files": list(self.files)} if len(self.files) > 1 else {}
        more |= {"unread": [asdict(one) for one in self.unread]} if self.unread else {}
        return {
            "schema": SCHEMA,
            "findings": [finding.to_json() for finding in self.findings],
            "secrets_masked": self.secrets_masked,
            "reflowed": self.reflowed,
            **more,
        }
