"""Who names whom: settings whose value is the name of a stanza, and the stanzas there are."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts
from commands.pmta.language.names import like
from commands.pmta.language.quantities import network
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

MTA = "virtual-mta"
_DIGITS = re.compile(r"\d+")

# Setting: the kind of stanza it names, the scopes where it does ("" for all), and whether it holds a list.
REFERRING: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "default-virtual-mta": (MTA, (), False),
    "reroute-to-virtual-mta": (MTA, (), False),
    "backoff-reroute-to-virtual-mta": (MTA, (), False),
    "invalid-virtual-mta-fallback": (MTA, (), False),
    "virtual-mta": (MTA, ("virtual-mta-pool",), False),
    "cold-virtual-mta": (MTA, (), False),
    "pattern-list": ("pattern-list", ("source",), False),
    "smtp-pattern-list": ("smtp-pattern-list", ("domain",), False),
    "rewrite-list": ("rewrite-list", (), False),
    "source": ("source", ("smtp-listener", "smtp-user"), False),
    "source-group": ("source-group", ("source",), False),
    "use-proxy": ("proxy", (), True),
    "suppression-lists": ("address-list", ("source",), True),
}
RESULTS = ("mail-from", "rcpt-to", "header", "*")
RESERVED = frozenset({"by-smtp-source-ip", "{default}", "{auth}", "{pickup}", "{transmissions-api}", "none", ""})


MISSING = {
    "alone": Saying("There is no {label} {name|of this name} here."),
    "near": Saying(
        "There is no {label} {name|of this name} here. Did you mean {near|one that is spelled almost alike}?",
        "{better}",
    ),
}
"""What `missing_names` says."""


class Reference(NamedTuple):
    """`word` is the argument that holds the name."""

    kind: str
    name: str
    at: Statement
    word: int


def references(config: Config) -> list[Reference]:
    """Every use of a stanza's name, reserved names left out."""
    if "references" not in config.memo:
        config.memo["references"] = [found for found in _all(config) if found.name.lower() not in RESERVED]
    found: list[Reference] = config.memo["references"]
    return found


def _all(config: Config) -> Iterator[Reference]:
    for name, (kind, scopes, is_list) in REFERRING.items():
        for one in config.named(name):
            if not scopes or one.scope in scopes:
                yield from _names(one, kind, is_list=is_list)
    for one in config.named("smtp-listener"):
        if one.word(1).lower().startswith("source="):
            yield Reference("source", one.word(1)[7:], one, 1)
    for one in config.named(*RESULTS):
        for index, word in enumerate(one.words):
            if word.text.lower().startswith("virtual-mta=") and one.scope == "pattern-list":
                yield Reference(MTA, bare(word.text[12:].rstrip(",")), one, index)


def _names(one: Statement, kind: str, *, is_list: bool) -> Iterator[Reference]:
    if is_list:
        yield from (Reference(kind, bare(name), one, 0) for name in parts(one.value) if name)
    elif one.words:
        yield Reference(kind, bare(one.word(0)), one, 0)


def defined(config: Config) -> dict[str, dict[str, Statement]]:
    """The stanzas by kind and lower-case name; pools count as VirtualMTAs, since they share a name space."""
    if "defined" not in config.memo:
        config.memo["defined"] = _defined(config)
    found: dict[str, dict[str, Statement]] = config.memo["defined"]
    return found


def _defined(config: Config) -> dict[str, dict[str, Statement]]:
    found: dict[str, dict[str, Statement]] = defaultdict(dict)
    for block in config.blocks:
        if block.opening and block.argument:
            kind = MTA if block.tag == "virtual-mta-pool" else block.tag
            found[kind].setdefault(bare(block.argument).lower(), block.opening)
    return found


def used(config: Config, kind: str) -> set[str]:
    """The lower-case names of that kind that something refers to."""
    return {one.name.lower() for one in references(config) if one.kind == kind}


def missing_names(config: Config, kind: str, label: str) -> Problems:
    """References to stanzas that are not there. In a part of a config only those that look like typing mistakes."""
    known = defined(config)[kind]
    if config.partial and not known:
        return
    names = tuple(sorted(known)[:300])
    for found in references(config):
        if found.kind != kind or found.name.lower() in known or _is_no_name(found):
            continue
        near = like(found.name.lower(), names)
        if near and (_is_numbered(found.name.lower(), near) or near == _owner(found)):
            near = ""
        if near or not config.partial:
            which, name = "near" if near else "alone", found.name
            yield at_word(found.at, found.word, which, label=Own(label), name=name, near=near, better=near)


def _owner(found: Reference) -> str:
    """The VirtualMTA or pool that the reference stands in: nobody means to send on to where the mail is."""
    outer = found.at.block.parent if "reroute" in found.at.key else found.at.block
    return bare(outer.argument).lower() if outer else ""


def _is_no_name(found: Reference) -> bool:
    """`cold-virtual-mta ADDRESS HOST` is an old form, `a,b` is no form; a <source> may be named by its network."""
    return (
        "," in found.name
        or network(found.name) is not None
        or (len(found.at.words) > 1 and found.at.key == "cold-virtual-mta")
    )


def _is_numbered(name: str, near: str) -> bool:
    """mta1 and mta2 are neighbours, not a typing mistake."""
    return name != near and _DIGITS.sub("", name) == _DIGITS.sub("", near)
