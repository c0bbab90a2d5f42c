"""A key gives admin rights on the web monitor to whoever holds it, from any address.

http-api-key outranks http-access: the list of networks that may open the web monitor does not hold for it. Keep the
port closed to strangers in front of PowerMTA, and change the key when it was in other hands.

Bad:
    http-access 10.0.0.0/8 admin
    http-api-key 0123456789abcdef0123456789abcdef

Good:
    http-access 10.0.0.0/8 admin

Source: PowerMTA 5.0 User's Guide, 3.3.1.46.5 and 8.2
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA426"
NAME = "api-key-everywhere"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying(
    "Whoever has this key is admin of the web monitor, from any address: http-access does not hold for it.",
    "a firewall in front of the port, or no key",
)


def check(config: Config) -> Problems:
    for one in config.named("http-api-key"):
        if one.words:
            yield at_name(
                one,
            )
            return
