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

from commands.pmta.catalogue import DIRECTIVES
from commands.pmta.config import Config
from commands.pmta.model import INFERRED, NOTICE
from commands.pmta.rule import Problems, at_name

CODE = "PMTA603"
NAME = "legacy-setting"
SEVERITY = NOTICE
BASIS = INFERRED


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
            hint = f" {successor} is set beside it." if here else f" Today it is {successor}." if successor else ""
            message = f"{one.name} is from before 5.0 and not in its guide.{hint}"
            yield at_name(one, message, successor if successor and not here else "Remove the line.")
