"""A setting stands in a stanza that does not take it.

PowerMTA looks for each setting in certain stanzas only. In another one it is refused or does nothing.

Bad:
    <smtp-listener 0/0:25>
        process-x-virtual-mta yes
    </smtp-listener>

Good:
    <source 10.0.0.0/8>
        process-x-virtual-mta yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

from commands.pmta.findings.model import DOCUMENTED, INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES, GLOBAL, TAGS, directive, place, scopes_of
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign, kind_of

CODE = "PMTA202"
NAME = "misplaced-directive"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "setting": Saying("{name|This setting} does not belong in {scope}: its place is {homes}."),
    "instead": Saying(
        "{name|This setting} does not belong in {scope}: its place is {homes}. {meant} does that here.", "{meant}"
    ),
    "pattern": Saying("A pattern without a keyword does not belong in {scope}: its place is {homes}."),
}


MEANT_IN = {
    ("require-starttls", "source"): "require-starttls-before-auth",
    ("use-starttls", "source"): "allow-starttls",
    ("allow-starttls", "domain"): "use-starttls",
    ("require-starttls-before-auth", "domain"): "require-starttls",
    ("max-smtp-in", "domain"): "max-smtp-out",
}
"""What the thing is called where it was written."""


def check(config: Config) -> Problems:
    if config.bare_settings:
        return
    unclear = _is_unclear(config)
    for name in config.names:
        scopes = scopes_of(name)
        for one in config.named(name) if scopes else ():
            if one.block.tag in scopes:
                continue
            if (
                not _is_known(one.scope)
                or (unclear and one.block is config.root)
                or kind_of(one)
                or directive(name, one.scope)
            ):
                continue
            scope, homes = Own(place(one.scope)), Own(_either([place(home) for home in scopes]))
            meant = MEANT_IN.get((name, one.scope), "")
            which = "pattern" if name == "/regex/" else "instead" if meant else "setting"
            basis = "" if any(row.is_documented for row in DIRECTIVES[name]) else INFERRED
            yield at_name(one, which, name=one.name, scope=scope, homes=homes, meant=Own(meant), basis=basis)


def _is_unclear(config: Config) -> bool:
    """True when a tag was not understood, so that what stands at the top level may not belong there."""
    stray = any(fault.kind != "unclosed" for fault in config.tree.faults)
    return stray or bool(foreign(config, "brace", "entity", "no-bracket"))


def _is_known(scope: str) -> bool:
    return scope in TAGS or scope == GLOBAL


def _either(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
