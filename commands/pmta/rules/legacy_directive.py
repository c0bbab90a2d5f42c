"""A setting belongs to an older release.

It stands in samples for 3.x and 4.x and in configs that were copied from them, and the 5.0 guide does not
have it. What 5.0 does with it is not documented.

Bad:
    <domain *>
        dk-sign yes
    </domain>

Good:
    <domain *>
        dkim-sign yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3 (which does not list it); seen in public configs
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config

CODE = "PMTA603"
NAME = "legacy-setting"
SEVERITY = NOTICE
BASIS = INFERRED
ONCE = True
SAYS = {
    "alone": Saying("{name|This setting} is from before 5.0 and not in its guide.{also|}", "Remove the line."),
    "beside": Saying(
        "{name|This setting} is from before 5.0 and not in its guide. {successor} is set beside it.{also|}",
        "Remove the line.",
    ),
    "today": Saying(
        "{name|This setting} is from before 5.0 and not in its guide. Today it is {successor}.{also|}", "{successor}"
    ),
}


def check(config: Config) -> Problems:
    if config.version < "5.0":
        return
    for name in config.names:
        rows = [row for row in DIRECTIVES.get(name, ()) if row.status == "legacy"]
        for one in (
            config.named(name) if rows and name not in ("sync-msg-create", "sync-msg-update", "log-messages") else ()
        ):
            successor = rows[0].instead
            here = bool(successor) and bool(one.block.all(successor))
            which = "beside" if here else "today" if successor else "alone"
            yield at_name(one, which, name=one.name, successor=Own(successor))
