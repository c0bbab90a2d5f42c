"""A tag is written as in XML.

PowerMTA's tags have no attributes and none closes itself: behind the tag's name stands its argument, and what belongs
to it stands in lines of its own.

Bad:
    <virtual-mta-pool name="bulk">
        <virtual-mta name="mta1" />
    </virtual-mta-pool>

Good:
    <virtual-mta-pool bulk>
        virtual-mta mta1
    </virtual-mta-pool>

Source: PowerMTA 5.0 User's Guide, 3.1 and 3.3.13
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import directive
from commands.pmta.language.config import Config
from commands.pmta.language.xml import is_xml

CODE = "PMTA122"
NAME = "xml-tag"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "tag": Saying("This is the notation of XML.", "<{tag} {argument|...}>"),
    "line": Saying("This is the notation of XML.", "{tag} {argument|...}"),
}

_ARGUMENT = re.compile(r"""=\s*["']?([^"'>/]+)""")


def check(config: Config) -> Problems:
    for one in config.openings:
        if not is_xml(one.key, one.value):
            continue
        found = _ARGUMENT.search(one.value)
        which = "line" if directive(one.key, one.block.tag) else "tag"
        yield at_name(one, which, tag=one.key, argument=found[1].strip() if found else "")
