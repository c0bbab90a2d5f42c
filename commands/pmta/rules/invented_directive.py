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

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name, renamed
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import scopes_of
from commands.pmta.language.config import Config
from commands.pmta.language.names import INVENTED, MEANT

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
            fits = meant and one.scope in scopes_of(meant)
            which, edits = "meant" if meant else "alone", renamed(one, meant) if fits else ()
            yield at_name(one, which, name=Own(one.name), meant=Own(meant), edits=edits)
