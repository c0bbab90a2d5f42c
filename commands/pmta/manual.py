"""docs/pmta-rules.md: the tables of rules, from their manuals. Pure."""

from commands.manual_text import row
from commands.pmta.findings.rule import Rule
from commands.pmta.rules import RULES

FAMILIES = {
    "1": "Syntax",
    "2": "Names, places and values",
    "3": "No effect, or a surprising one",
    "4": "Security",
    "5": "Deliverability",
    "6": "Releases",
    "7": "Cross references",
}

_HEAD = """\
# PowerMTA rules

Generated from the rules' own manuals by `make docs`; a test keeps it true.

- **error**: PowerMTA would refuse it. **danger**: it works, and somebody can get hurt. **warning**: it works,
  probably not as meant. **notice**: legacy, without effect, or worth knowing.
- *documented*: the vendor's guide or an RFC says so. *inferred*: we conclude it; nothing that is inferred is an error.
- A comment `# portero: ignore=PMTA204` on the line or on the line above mutes a finding.
- `/pmta explain PMTA204` shows the manual of a rule, with a bad and a good example.
"""


_COLUMNS = "| Code | Name | Severity | Basis | What it finds |\n|---|---|---|---|---|"


def page() -> str:
    """The page, as Markdown."""
    parts = [_HEAD, f"{len(RULES)} rules.\n"]
    for digit, family in FAMILIES.items():
        rules = [rule for rule in RULES if rule.code[4] == digit]
        rows = "\n".join(_row(rule) for rule in rules)
        parts.append(f"## {digit}xx {family} ({len(rules)})\n\n{_COLUMNS}\n{rows}\n")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    return row(rule.code, rule.name, str(rule.severity), str(rule.basis), rule.manual.summary)
