"""The guide does not know this tag.

PowerMTA does not load a stanza that it does not know. What stands in it is not looked at here. With
--target-version 5.5 or 6.0, of which no guide is public, this is a warning.

Bad:
    <virtualmta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtualmta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import TAGS
from commands.pmta.language.config import Config
from commands.pmta.language.names import INVENTED_TAGS, tags_like

CODE = "PMTA203"
NAME = "unknown-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "alone": Saying("{tag|This tag} is unknown: it is not in the 5.0 guide."),
    "near": Saying("{tag|This tag} is unknown: it is not in the 5.0 guide. Did you mean <{near}>?", "<{near} ...>"),
    "invented": Saying("{tag|This tag} is unknown: no release of PowerMTA has it."),
    "invented_near": Saying(
        "{tag|This tag} is unknown: no release of PowerMTA has it. Did you mean <{near}>?", "<{near} ...>"
    ),
}

IN_AN_EXAMPLE = frozenset({"suppression-list"})
"""What an example of the guide has (3.3.7.38) and no entry: what PowerMTA makes of it is not known."""
_SENTENCES = {
    (False, False): "alone",
    (False, True): "near",
    (True, False): "invented",
    (True, True): "invented_near",
}
"""By whether we know that the tag is made up, and whether one is spelled almost alike."""


def check(config: Config) -> Problems:
    for one in config.openings:
        if one.key in TAGS:
            continue
        near = tags_like(one.key)
        which = _SENTENCES[one.key in INVENTED_TAGS, bool(near)]
        severity = WARNING if config.is_newer or one.key in IN_AN_EXAMPLE else ""
        yield at_name(one, which, severity=severity, tag=f"<{one.name}>", near=Own(near[0] if near else ""))
