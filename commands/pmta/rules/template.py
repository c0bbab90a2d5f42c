"""This is a template: something in it is still to be filled in.

Generators (Jinja, Handlebars, ERB, envsubst) and how-to pages leave places open. PowerMTA would take them as they
stand. Nothing on such a line is judged here: check the config that comes of it.

Bad:
    <virtual-mta {{name}}>
        smtp-source-host {{ip}} {{host}}
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.1 (which has domain macros and no other variables)
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.placeholders import placeholders

CODE = "PMTA121"
NAME = "template"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "one": Saying("This line is of a template: it is not judged until it is filled in."),
    "many": Saying("This is a template: {count} lines are not judged until they are filled in."),
}


def check(config: Config) -> Problems:
    found = placeholders(config)
    if found:
        yield at_name(found[0], "many" if len(found) > 1 else "one", count=len(found))
