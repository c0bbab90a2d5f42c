"""The guide does not know this tag.

PowerMTA refuses a stanza that it does not know. What stands in it is not looked at here.

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

from commands.pmta.catalogue import TAGS
from commands.pmta.config import Config
from commands.pmta.model import INFERRED, WARNING
from commands.pmta.names import INVENTED_TAGS, tags_like
from commands.pmta.rule import Problems, at_name

CODE = "PMTA203"
NAME = "unknown-tag"
SEVERITY = WARNING
BASIS = INFERRED


def check(config: Config) -> Problems:
    for one in config.openings:
        if one.key in TAGS:
            continue
        near = tags_like(one.key)
        meant = f" Did you mean <{near[0]}>?" if near else ""
        firm = "no release of PowerMTA has it" if one.key in INVENTED_TAGS else "it is not in the 5.0 guide"
        yield at_name(one, f"<{one.name[:60]}> is unknown: {firm}.{meant}", f"<{near[0]} ...>" if near else "")
