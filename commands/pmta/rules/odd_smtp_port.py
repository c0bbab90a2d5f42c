"""Mail for other people's domains goes to a port where their servers do not listen.

Mail exchangers listen on port 25 only. 587 and 465 are for clients that log in; only a relay of your own,
named with smtp-hosts, may be reached there.

Bad:
    <domain *>
        default-smtp-port 587
    </domain>

Good:
    <domain relay.queue>
        smtp-hosts relay.example.com
        default-smtp-port 587
    </domain>

Source: RFC 5321, section 4.5.4.2; RFC 6409, section 3.1; PowerMTA 5.0 User's Guide, 3.3.10.89
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying, count
from commands.pmta.language.config import Config

CODE = "PMTA515"
NAME = "odd-smtp-port"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("Mail exchangers listen on port 25, not on {port}.", "25, or smtp-hosts for your relay")


def check(config: Config) -> Problems:
    for one in config.placed("default-smtp-port", "domain"):
        hosted = config.is_hosted(one.block)
        if one.value.isdigit() and one.value != "25" and not hosted and one.block.argument == "*":
            yield at_value(one, port=count(one.value[:5]))
