"""A # stuck to a value cuts it off.

A # begins a comment anywhere on a line, also in the middle of a word. A password with a # in it is therefore
cut at that place, and logins fail for a reason that is hard to see.

Bad:
    <domain relay.example.com>
        auth-username portero
        auth-password s3cret#2026
    </domain>

Good:
    <domain relay.example.com>
        auth-username portero
        auth-password s3cret-2026
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.1 and 3.3.10.56
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA109"
NAME = "hash-in-value"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("The # cuts {name} off: the rest of the line is a comment.", "Choose one without a #.")

_SECRETS = ("password", "auth-password", "api-key", "http-api-key", "access-token")


def check(config: Config) -> Problems:
    for one in config.named(*_SECRETS):
        if one.value and one.comment_at == one.stop and not config.tree.reflowed:
            yield at_name(one, name=one.name)
