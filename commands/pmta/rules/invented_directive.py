"""No release of PowerMTA has this setting.

Pages that were written by machines are full of settings that sound right and never existed. PowerMTA refuses
them.

Bad:
    <domain gmail.com>
        require-tls yes
    </domain>

Good:
    <domain gmail.com>
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3 (which lists every setting)
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, WARNING
from commands.pmta.findings.rule import Problems, at_name, renamed
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import directive
from commands.pmta.language.config import Config
from commands.pmta.language.names import INVENTED, MEANT, RELAYING
from commands.pmta.language.values import misfit

CODE = "PMTA210"
NAME = "invented-directive"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "alone": Saying("{name} is made up."),
    "meant": Saying("{name} is made up. The real one is {meant}.", "{meant}"),
}


def check(config: Config) -> Problems:
    for name in config.names:
        for one in config.named(name) if name in INVENTED else ():
            meant = MEANT.get(name, "")
            row = directive(meant, one.scope)
            fits = row and meant not in RELAYING and misfit(meant, row.form, one.value) is None
            which, edits = "meant" if meant else "alone", renamed(one, meant) if fits else ()
            severity = WARNING if config.is_newer else ""
            yield at_name(one, which, name=Own(one.name), meant=Own(meant), edits=edits, severity=severity)
