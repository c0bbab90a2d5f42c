"""Brackets are written as HTML entities.

`&lt;domain *&gt;` is what a web page or a chat made of `<domain *>`. PowerMTA reads it as a setting of that
odd name.

Bad:
    &lt;domain *&gt;
    max-smtp-out 20
    &lt;/domain&gt;

Good:
    <domain *>
        max-smtp-out 20
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

import re

from commands.pmta.findings.model import INFERRED, WARNING, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign

CODE = "PMTA114"
NAME = "html-entity"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("This line is written with HTML entities.", "Write < and > themselves.")

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " "}
_ENTITY = re.compile("|".join(_ENTITIES), re.IGNORECASE)


def check(config: Config) -> Problems:
    if "&" not in config.text:
        return
    for one in foreign(config, "entity"):
        edits = tuple(
            Edit(found.start(), found.end(), _ENTITIES[found[0].lower()])
            for found in _ENTITY.finditer(config.text, one.at, one.stop)
        )
        yield at_name(one, edits=edits)
