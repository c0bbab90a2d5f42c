"""What the validator answers: findings and the report that holds them, also as JSON (`portero.pmta/1`)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCHEMA = "portero.pmta/1"

ERROR = "error"  # PowerMTA would refuse it
DANGER = "danger"  # it works, and somebody can get hurt
WARNING = "warning"  # it works, probably not as meant
NOTICE = "notice"  # legacy, no effect, or worth knowing
SEVERITIES = (ERROR, DANGER, WARNING, NOTICE)

LOST = "lost-line-break"

DOCUMENTED = "documented"
INFERRED = "inferred"


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
    it where that is safe. `marked` is the place in the masked line, as offsets from 0. `says` names the sentence among
    those of the rule; `params` are those of its parameters that may be stored: no words of the config.
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
    says: str = field(default="", compare=False)
    params: Mapping[str, str | int] = field(default_factory=dict, compare=False)

    def to_json(self) -> dict[str, Any]:
        names = ("code", "rule", "severity", "line", "column", "end_column", "message", "suggestion", "basis")
        return {name: getattr(self, name) for name in names}


def _weight(one: Finding) -> tuple[int, bool, int, int]:
    return SEVERITIES.index(one.severity), one.rule == LOST, one.line, one.column


@dataclass(frozen=True, slots=True)
class Report:
    """The findings by line, and the text they are about with its secrets covered.

    `lines` is the masked text by lines; columns of findings are those of the text that was checked. `formatted` is
    the config as PowerMTA wants it (masked), "" unless line breaks had been lost. `undone` names what Slack and its
    clients had done to the text.
    """

    findings: tuple[Finding, ...]
    secrets_masked: int = 0
    reflowed: bool = False
    lines: tuple[str, ...] = ()
    formatted: str = ""
    settings: int = 0
    undone: tuple[str, ...] = ()
    muted: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity, in order of weight; severities without findings are left out."""
        found = Counter(finding.severity for finding in self.findings)
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
        return tuple(sorted(self.findings, key=_weight))

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "findings": [finding.to_json() for finding in self.findings],
            "secrets_masked": self.secrets_masked,
            "reflowed": self.reflowed,
        }
