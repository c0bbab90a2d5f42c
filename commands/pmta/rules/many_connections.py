"""A queue opens very many connections.

Large receivers limit them. More than 100 connections for one queue bring deferrals rather than speed, unless
the receiver agreed.

Bad:
    <domain gmail.com>
        max-smtp-out 500
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 20
        max-msg-per-connection 100
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.72 and 3.3.10.75 (the default is 20 connections)
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying, count
from commands.pmta.language.config import Config

CODE = "PMTA519"
NAME = "many-connections"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("{count} connections for one queue are more than receivers take.", "20 is the default")


def check(config: Config) -> Problems:
    for one in config.placed("max-smtp-out", "domain"):
        if one.value.isdigit() and int(one.value[:9]) > 100 and not config.is_hosted(one.block):
            yield at_value(one, count=count(one.value[:9]))
