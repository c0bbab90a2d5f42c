"""A setting is newer than the release that the config is for.

An older PowerMTA refuses a setting that it does not know.

Bad:
    # for 4.0
    <domain relay.queue>
        smtp-hosts relay.example.com
    </domain>

Good:
    # for 4.5
    <domain relay.queue>
        smtp-hosts relay.example.com
    </domain>

Source: PowerMTA 5.0 User's Guide and the release notes of 4.5
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import directive
from commands.pmta.language.config import Config

CODE = "PMTA605"
NAME = "newer-setting"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{name|This setting} came with {since}; this config is for {release}.")


def check(config: Config) -> Problems:
    if config.version >= "5.0":
        return
    for name in config.names:
        for one in config.named(name):
            row = directive(name, one.scope)
            if row and row.since and row.since[:3] > config.version:
                yield at_name(one, name=one.name, since=Own(row.since), release=Own(config.version))
