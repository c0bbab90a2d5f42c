"""A named source is defined and never named.

A source with a name applies only where a listener or user names it. Its settings, also those that protect, do
nothing.

Bad:
    # whole file
    <source clients>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Good:
    # whole file
    smtp-server-tls-certificate /etc/pmta/mail.pem
    smtp-listener 0/0:587 source=clients
    <source clients>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.references import defined, used
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network

CODE = "PMTA712"
NAME = "unused-source"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Nothing here names this source, so it never applies.", "source={name} at a listener")

_RESERVED = frozenset({"{auth}", "{pickup}", "{transmissions-api}"})


def check(config: Config) -> Problems:
    if config.partial:
        return
    names = used(config, "source")
    for name, opening in defined(config)["source"].items():
        if name not in names and name not in _RESERVED and network(name) is None:
            yield at_name(opening, name=name)
