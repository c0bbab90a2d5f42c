"""smtp-max-auth-failure-rate is ignored, because logins are not required.

The limit on failed logins is effective with require-auth only.

Bad:
    <source 0/0>
        smtp-max-auth-failure-rate 10/min
    </source>

Good:
    <source 0/0>
        require-auth yes
        smtp-max-auth-failure-rate 10/min
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.7
"""

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, NOTICE
from commands.pmta.rule import Problems, at_name
from commands.pmta.tree import Block

CODE = "PMTA305"
NAME = "auth-failure-rate-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    for one in config.placed("smtp-max-auth-failure-rate", "source"):
        if config.effective(one.block, "require-auth", "no") in ("no", "false") and not _is_elsewhere(
            config, one.block
        ):
            yield at_name(one, "Ignored because require-auth is not on here.", "require-auth yes")


def _is_elsewhere(config: Config, block: Block) -> bool:
    """A more specific source may require logins and inherit the limit."""
    return any(one.block is not block and one.block.is_on("require-auth") for one in config.named("require-auth"))
