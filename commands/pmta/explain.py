"""`explain RULE-OR-DIRECTIVE`: the manual of a rule, and what the catalogue knows of a setting or tag."""

import textwrap

from commands.pmta.findings.rule import Rule
from commands.pmta.language.catalogue import DIRECTIVES, GUIDE, SECOND, TAGS, URL, VALUE, Directive, Tag, place
from commands.pmta.language.names import INVENTED, MEANT, directives_like, tags_like
from commands.pmta.language.values import says
from commands.pmta.rules import RULES
from commands.words import nearest

WIDTH = 84
"""Characters in a line of prose: what a code block in Slack shows without a break."""

_STATUS = {
    "deprecated": "deprecated",
    "removed": "removed in 5.0",
    "legacy": "from before 5.0, not in its guide",
    "unlisted": "seen in public configs, not in the guide",
}

_SECRET = {
    VALUE: "its value; covered in all that Portero shows or keeps",
    SECOND: "what follows its first argument; covered in all that Portero shows or keeps",
    URL: "path and query; covered in all that Portero shows or keeps",
}


def explain(name: str) -> str | None:
    """The manual of a rule (code or name), setting or <tag>, as plain text. None for what is none of them."""
    wanted = name.strip().strip("`\"'?!.,;").removeprefix("/").lower()
    rule = next((rule for rule in RULES if wanted in (rule.code.lower(), rule.name)), None)
    if rule:
        return rule_manual(rule)
    key = wanted.strip("<>").split(" ")[0]
    is_tag = key in TAGS and (wanted.startswith("<") or key not in DIRECTIVES)
    parts = [] if wanted.startswith("<") else [_setting(row) for row in DIRECTIVES.get(key, ())]
    if is_tag or key in TAGS:
        parts.append(_tag(TAGS[key]))
    if key in INVENTED and not parts:
        parts.append(f"{key} is made up: no release of PowerMTA has it. {_meant(MEANT.get(key, ''))}".strip())
    return "\n\n".join([*parts, *_related(key)]) if parts else None


def suggestions(name: str) -> tuple[str, ...]:
    """What may have been meant by a name that nothing has."""
    key = name.strip().strip("<>").lower()
    return (*_rules_like(key), *directives_like(key), *tags_like(key))[:3]


def _rules_like(key: str) -> list[str]:
    """A code with letters for digits (`PMTA4O1`), or a rule by its name."""
    code = key.upper()[:4] + key.upper()[4:].translate(_DIGITS)
    if any(rule.code == code for rule in RULES):
        return [code]
    near = nearest(key, (rule.name for rule in RULES), NEAR)
    return [near] if near else []


NEAR = 80
_DIGITS = str.maketrans("OIL", "011")


def rule_manual(rule: Rule) -> str:
    manual = rule.manual
    return "\n".join(
        [
            f"{rule.code} {rule.name} ({rule.severity}, {rule.basis})",
            "",
            manual.summary,
            "",
            textwrap.fill(manual.why, WIDTH),
            "",
            "Bad:",
            _indented(manual.bad),
            "Good:",
            _indented(manual.good),
            f"Source: {manual.source}",
        ]
    )


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _setting(row: Directive) -> str:
    lines = [f"{row.name} in {', '.join(place(scope) for scope in row.scopes)}"]
    facts = {
        "value": says(row.form),
        "default": row.default,
        "since": row.since,
        "status": _STATUS.get(row.status, ""),
        "instead": row.instead,
        "secret": _SECRET.get(row.secret, ""),
        "note": row.note,
        "source": row.source,
    }
    return "\n".join([*lines, *(f"  {label}: {fact}" for label, fact in facts.items() if fact)])


def _tag(tag: Tag) -> str:
    head = f"<{tag.name} ...>" if tag.argument != "none" else f"<{tag.name}>"
    facts = {
        "argument": tag.argument_is,
        "stands in": ", ".join(place(scope) for scope in tag.parents),
        "status": tag.status,
        "note": tag.note,
        "source": f"{GUIDE}, {tag.section}",
    }
    return "\n".join([head, *(f"  {label}: {fact}" for label, fact in facts.items() if fact)])


def _meant(name: str) -> str:
    return f"The real one is {name}." if name else ""


def _related(key: str) -> list[str]:
    """The rules whose manual speaks of the name."""
    found = [rule for rule in RULES if key in f"{rule.manual.summary} {rule.manual.why} {rule.manual.bad}".split()]
    shown = [f"  {rule.code} {rule.name}: {rule.manual.summary}" for rule in found[:6]]
    return ["\n".join(["Rules about it:", *shown])] if shown else []
