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

from commands.pmta.catalogue import scopes_of
from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, ERROR
from commands.pmta.names import INVENTED, MEANT
from commands.pmta.rule import Problems, at_name, renamed

CODE = "PMTA210"
NAME = "invented-directive"
SEVERITY = ERROR
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    for name in config.names:
        for one in config.named(name) if name in INVENTED else ():
            meant = MEANT.get(name, "")
            hint = f" The real one is {meant}." if meant else ""
            fits = meant and one.scope in scopes_of(meant)
            yield at_name(one, f"{one.name} is made up.{hint}", meant, edits=renamed(one, meant) if fits else ())
